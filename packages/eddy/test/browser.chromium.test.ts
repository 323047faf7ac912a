// The library in a real browser: an import is enough, and the numbers equal Node's.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { expect, test } from "vitest";
import { args, executablePath, noChromium } from "../../../ci/chromium.ts";
import { run } from "./browser-program.ts";

declare const program: { run: typeof run };

test("Chromium computes what Node computes, bit for bit", async ({ skip }) => {
  skip(!executablePath, noChromium);
  const bundle = await build({
    entryPoints: [fileURLToPath(new URL("browser-program.ts", import.meta.url))],
    alias: { eddy: fileURLToPath(new URL("../src/index.ts", import.meta.url)) },
    bundle: true,
    write: false,
    format: "iife",
    globalName: "program",
  });
  const browser = await chromium.launch({ executablePath, args });
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ content: bundle.outputFiles[0].text });
    expect(await page.evaluate(() => program.run())).toEqual(run());
  } finally {
    await browser.close();
  }
});
