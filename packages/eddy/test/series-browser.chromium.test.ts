// Series in a real browser: the same training, bit for bit, with the event loop served, and files that go both ways.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";
import { chromium, type Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { args, executablePath, noChromium } from "../../../ci/chromium.ts";
import { longTest } from "../../../ci/long-test.ts";
import { completed, interrupted, type Outcome, predictedBy, run, threaded } from "./series-browser-program.ts";

declare const program: {
  run: typeof run;
  predictedBy: typeof predictedBy;
  interrupted: typeof interrupted;
  completed: typeof completed;
};

const bundled = async (options: BuildOptions) => {
  const entryPoints = [fileURLToPath(new URL("series-browser-program.ts", import.meta.url))];
  const { outputFiles } = await build({ entryPoints, bundle: true, write: false, logLevel: "error", ...options });
  return outputFiles![0].text;
};

/** A classic script that sets the variable `program`. */
const classicScript = () => {
  const alias = { "eddy/series": fileURLToPath(new URL("../src/series/index.ts", import.meta.url)) };
  return bundled({ alias, format: "iife", globalName: "program" });
};

/** Runs something in a new page. */
async function inPage<Result>(use: (page: Page) => Promise<Result>): Promise<Result> {
  const browser = await chromium.launch({ executablePath, args });
  try {
    return await use(await browser.newPage());
  } finally {
    await browser.close();
  }
}

test("a model trained in Chromium predicts the same in Node, and vice versa", async ({ skip }) => {
  skip(!executablePath, noChromium);
  const content = await classicScript();
  await inPage(async (page) => {
    await page.addScriptTag({ content });
    const [there, here] = [await page.evaluate(() => program.run()), await run()];
    expect(there.curve).toEqual(here.curve);
    expect(there.predicted).toEqual(here.predicted);
    expect(predictedBy(there.file)).toEqual(here.predicted);
    expect(await page.evaluate((file) => program.predictedBy(file), here.file)).toEqual(here.predicted);
    expect(there.turns).toBeGreaterThan(5);
    expect(here.turns).toBeGreaterThan(5);
  });
});

test("a training that was interrupted in Chromium is completed in Node to the same bits, and vice versa", async ({
  skip,
}) => {
  skip(!executablePath, noChromium);
  const content = await classicScript();
  await inPage(async (page) => {
    await page.addScriptTag({ content });
    const { predicted } = await run();
    expect(await completed(await page.evaluate(() => program.interrupted()))).toEqual(predicted);
    const checkpoint = await interrupted();
    expect(await page.evaluate((bytes) => program.completed(bytes), checkpoint)).toEqual(predicted);
  });
});

describe("threads", () => {
  const built = (name: string) => readFileSync(new URL(`../dist/${name}`, import.meta.url), "utf8");
  const html = `<script type="importmap">{ "imports": { "eddy/series": "/eddy.js" } }</script>`;

  /** Trains in a page that loads the built files, served under a security policy; also returns the number of threads. */
  async function trainedInPage(policy: string): Promise<Outcome & { threads: number }> {
    const files: Record<string, string> = {
      "/program.js": await bundled({ format: "esm", external: ["eddy/series"] }),
      "/eddy.js": built("eddy.js"),
      "/worker.js": built("worker.js"),
    };
    const server = createServer(({ url = "/" }, response) => {
      const type = url in files ? "text/javascript" : "text/html";
      response.writeHead(200, { "content-type": type, "content-security-policy": policy }).end(files[url] ?? html);
    });
    await new Promise<void>((resolve) => server.listen(0, resolve));
    try {
      return await inPage(async (page) => {
        let threads = 0;
        page.on("worker", () => threads++);
        await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
        const outcome = await page.evaluate<Outcome>(
          `import("/program.js").then(({ run, threaded }) => run(threaded))`,
        );
        return { ...outcome, threads };
      });
    } finally {
      server.close();
    }
  }

  longTest(
    "are used, or not where they are forbidden or a classic script trains, with the bits of Node",
    async ({ skip }) => {
      skip(!executablePath, noChromium);
      const here = await run(threaded);
      for (const [policy, threads] of [
        ["default-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'", 2],
        ["default-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; worker-src 'none'", 0],
      ] as const) {
        const there = await trainedInPage(policy);
        expect(there.threads).toBe(threads);
        expect(there.curve).toEqual(here.curve);
        expect(there.predicted).toEqual(here.predicted);
        expect(there.turns).toBeGreaterThan(5);
      }
      const content = await classicScript();
      const { predicted } = await inPage(async (page) => {
        await page.addScriptTag({ content });
        return page.evaluate((settings) => program.run(settings), threaded);
      });
      expect(predicted).toEqual(here.predicted);
    },
  );
});
