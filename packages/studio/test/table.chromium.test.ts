// A person's own table in a real browser: drop a file, read what is wrong with it, train, play, take the model along.
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import AxeBuilder from "@axe-core/playwright";
import { Model } from "eddy/series";
import { type Browser, chromium, type Download, type Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { args, executablePath, noChromium } from "../../../ci/chromium.ts";
import { longTest } from "../../../ci/long-test.ts";
import { readFile } from "../src/table/reading/read-file.ts";
import { frameOf } from "../src/table/reading/table.ts";

const built = fileURLToPath(new URL("../dist", import.meta.url));
const weather = fileURLToPath(
  new URL("../../../node_modules/vega-datasets/data/seattle-weather-hourly-normals.csv", import.meta.url),
);
const types: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

const file = (name: string, content: string) => ({ name, mimeType: "text/csv", buffer: Buffer.from(content) });
const contentOf = async (download: Download) => readFileSync(await download.path());

describe("a table in Chromium", () => {
  let browser: Browser | undefined;
  let server: Server;
  beforeAll(async () => {
    server = createServer(({ url = "/" }, response) => {
      const path = join(built, url === "/" ? "index.html" : url.replace(/[?#].*/, ""));
      response.setHeader("content-type", types[extname(path)] ?? "application/octet-stream");
      try {
        response.end(readFileSync(path));
      } catch {
        response.writeHead(404).end();
      }
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    if (executablePath) browser = await chromium.launch({ executablePath, args });
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    server.close();
  });
  beforeEach((context) => context.skip(!executablePath, noChromium));

  /** The table view. Any error of the page, and any request to another host, fails the test. */
  async function open(language: "en" | "zh"): Promise<Page> {
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const context = await browser!.newContext({ viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(origin)) complaints.push(request.url());
    });
    onTestFinished(async () => {
      await context.close();
      expect(complaints).toEqual([]);
    });
    await page.addInitScript((choice) => localStorage.setItem("eddy-studio", choice), JSON.stringify({ language }));
    await page.goto(`${origin}/#view=table`);
    await page.locator(".drop").waitFor();
    return page;
  }

  const chooser = (page: Page) => page.locator(".file-button input").first();

  async function seriousFaults(page: Page): Promise<string[]> {
    const { violations } = await new AxeBuilder({ page }).analyze();
    return violations.filter(({ impact }) => impact === "serious" || impact === "critical").map(({ id }) => id);
  }

  test.each([
    ["en", "row 3, column “y”: expected a number, received “x”", "line 3: expected 2 fields"],
    ["zh", "第 3 行，列“y”：应为数值", "第 3 行：应与表头一样有 2 个字段"],
  ] as const)("says in words what is wrong with a file (%s)", async (language, value, ragged) => {
    const page = await open(language);
    await chooser(page).setInputFiles(file("a.csv", "u,y\n1,2\n2,3\n3,x\n4,5\n5,6\n"));
    await page.locator(".problem").waitFor();
    expect(await page.locator(".problem").textContent()).toContain(value);
    expect(await seriousFaults(page)).toEqual([]);
    await chooser(page).setInputFiles(file("b.csv", "u,y\n1,2\n3,4,5\n6,7\n"));
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("alert").textContent()).toContain(ragged);
  });

  test("the chosen columns survive a reload, the data does not", async () => {
    const page = await open("en");
    const content = file(
      "c.csv",
      `a,b,c\n${Array.from({ length: 50 }, (_, i) => `${i % 7},${i % 5},${i % 3}`).join("\n")}\n`,
    );
    await chooser(page).setInputFiles(content);
    await page.getByLabel("Use of a", { exact: true }).selectOption("target");
    await page.getByLabel("Use of c", { exact: true }).selectOption("none");
    await page.reload();
    await page.locator(".drop").getByText("c.csv").waitFor();
    expect(await page.locator(".columns-card").count()).toBe(0);
    await chooser(page).setInputFiles(content);
    await page.locator(".columns-card").waitFor();
    const uses = await page
      .locator(".column select")
      .evaluateAll((all) => all.map((one) => (one as HTMLSelectElement).value));
    expect(uses).toEqual(["target", "input", "none"]);
  });

  longTest(
    "trains on a dropped CSV, plays, and takes along a model that predicts the same in Node",
    async () => {
      const page = await open("en");
      await chooser(page).setInputFiles(weather);
      await page.getByLabel("Use of temperature", { exact: true }).selectOption("target");
      await page.getByLabel("Use of wind", { exact: true }).selectOption("input");
      await page.locator(".train-choices select").nth(1).selectOption("10");
      await page.getByRole("button", { name: "Train", exact: true }).click();
      await page.locator("[data-verdict]").waitFor({ timeout: 200_000 });
      expect(await page.locator("[data-verdict]").textContent()).toContain("test (1,752 rows)");
      expect(await page.locator(".scores tbody tr").count()).toBe(3);

      const answer = page.locator("[data-answer]");
      await expect.poll(() => answer.textContent(), { timeout: 30_000 }).toMatch(/\d/);
      const before = await answer.textContent();
      await page.locator(".input-canvas").scrollIntoViewIfNeeded();
      const box = (await page.locator(".input-canvas").boundingBox())!;
      await page.mouse.move(box.x + 0.9 * box.width, box.y + 10);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width - 21, box.y + 10, { steps: 8 });
      await page.mouse.up();
      await expect.poll(() => answer.textContent(), { timeout: 30_000 }).not.toBe(before);
      expect(await seriousFaults(page)).toEqual([]);

      const taken = async (name: string) => {
        const download = page.waitForEvent("download");
        await page.getByRole("button", { name }).click();
        return contentOf(await download);
      };
      const model = Model.fromBytes(new Uint8Array(await taken("Model (.safetensors)")));
      const roles = { time: "date", inputs: ["pressure", "wind"], targets: ["temperature"] };
      const { frame } = frameOf(await readFile(new Blob([readFileSync(weather)])), roles);
      const inNode = model.predict(frame).column("temperature");
      const lines = (await taken("Predictions (.csv)")).toString().trim().split("\n");
      expect(lines[0]).toBe("date,temperature predicted,temperature lower,temperature upper");
      const inPage = lines.slice(1).map((line) => Number(line.split(",")[1]));
      expect(inPage).toHaveLength(frame.length);
      const largest = inPage.reduce((most, value, row) => Math.max(most, Math.abs(value - inNode[row]!)), 0);
      expect(largest).toBeLessThan(1e-6);
      expect((await taken("Chart (.png)")).subarray(1, 4).toString()).toBe("PNG");
      expect((await taken("Model (.onnx)")).length).toBeGreaterThan(500);

      await page.reload();
      await chooser(page).setInputFiles({ name: "m.safetensors", mimeType: "", buffer: Buffer.from(model.toBytes()) });
      await page.getByText("The model was loaded from a file").waitFor();
      await page.locator(".data-card .file-button input").setInputFiles(weather);
      await page.getByText("Scores on seattle-weather-hourly-normals.csv").waitFor({ timeout: 60_000 });
    },
    300_000,
  );
});
