// Series in a real browser: the same training, bit for bit, with the event loop served, and files that go both ways.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { expect, test } from "vitest";
import { args, executablePath, noChromium } from "../../../ci/chromium.ts";
import { predictedBy, run } from "./series-browser-program.ts";

declare const program: { run: typeof run; predictedBy: typeof predictedBy };

test("a model trained in Chromium predicts the same in Node, and vice versa", async ({ skip }) => {
  skip(!executablePath, noChromium);
  const bundle = await build({
    entryPoints: [fileURLToPath(new URL("series-browser-program.ts", import.meta.url))],
    alias: { "eddy/series": fileURLToPath(new URL("../src/series/index.ts", import.meta.url)) },
    bundle: true,
    write: false,
    format: "iife",
    globalName: "program",
  });
  const browser = await chromium.launch({ executablePath, args });
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ content: bundle.outputFiles[0].text });
    const [there, here] = [await page.evaluate(() => program.run()), await run()];
    expect(there.curve).toEqual(here.curve);
    expect(there.predicted).toEqual(here.predicted);
    expect(predictedBy(there.file)).toEqual(here.predicted);
    expect(await page.evaluate((file) => program.predictedBy(file), here.file)).toEqual(here.predicted);
    expect(there.turns).toBeGreaterThan(5);
    expect(here.turns).toBeGreaterThan(5);
  } finally {
    await browser.close();
  }
});
