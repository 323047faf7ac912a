// Axe on each view of the studio, in the light and in the dark; and the size of its first download.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import AxeBuilder from "@axe-core/playwright";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { executablePath, noChromium } from "../../../ci/chromium.ts";
import { longTest } from "../../../ci/long-test.ts";
import { studioFolder } from "../index.js";
import { Studio } from "./studio-page.ts";

const studio = new Studio();

describe("the studio in Chromium", () => {
  beforeAll(() => studio.start());
  afterAll(() => studio.stop());
  beforeEach((context) => context.skip(!executablePath, noChromium));

  longTest.each(["light", "dark"] as const)(
    "axe finds nothing serious in any view, %s",
    async (colorScheme) => {
      const page = await studio.open("#v=1&cell=lstm&pinned=true", { colorScheme, reducedMotion: "reduce" });
      await page.waitForFunction(() => document.querySelector("[data-step]")!.textContent === "100");
      for (const view of ["Learn", "Inside the cell", "Play", "Take along", "Your table", "Questions"]) {
        await page.getByRole("navigation").getByRole("button", { name: view }).click();
        await page.waitForTimeout(300); // charts are drawn in the next frames
        const { violations } = await new AxeBuilder({ page }).analyze();
        const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
        expect(serious.map(({ id, nodes }) => [view, id, nodes.map(({ html }) => html)])).toEqual([]);
      }
    },
    180_000,
  );
});

test("the first download has at most 150 kB, compressed", () => {
  const html = readFileSync(join(studioFolder, "index.html"), "utf8");
  const assets = readdirSync(join(studioFolder, "assets"));
  const main = assets.find((name) => html.includes(name) && name.endsWith(".js"))!;
  const code = readFileSync(join(studioFolder, "assets", main), "utf8");
  // The page asks for what its HTML names, and for the worker that runs the program, before anything is clicked.
  const workers = assets.filter((name) => /^worker-/.test(name) && code.includes(name));
  const first = [...assets.filter((name) => html.includes(name)), ...workers];
  const size = first.reduce(
    (sum, name) => sum + gzipSync(readFileSync(join(studioFolder, "assets", name))).length,
    gzipSync(html).length,
  );
  expect(workers.length).toBeGreaterThan(0);
  expect(size).toBeLessThanOrEqual(150_000);
});
