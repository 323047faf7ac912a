// The report in a real browser, opened as a file: on a desktop, on a phone, on paper.
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { args, executablePath, noChromium } from "../../../ci/chromium.ts";
import { longTest } from "../../../ci/long-test.ts";
import { eddy } from "./command.ts";
import { writeTank } from "./tank.ts";

describe("the report in Chromium", () => {
  let browser: Browser | undefined;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "eddy-report-"));
    if (!executablePath) return;
    browser = await chromium.launch({ executablePath, args });
    writeTank(folder, 3000);
    copyFileSync(join(folder, "tank.csv"), join(folder, "other.csv"));
    const words = [
      "--input",
      "pump [V],valve",
      "--target",
      "level [cm]",
      "--time",
      "time",
      "--epochs",
      "6",
      "--budget",
      "none",
      "--networks",
      "1",
    ];
    const train = (out: string, ...more: string[]) =>
      eddy(["train", "tank.csv", ...words, "--hidden", "8", "--out", out, ...more], folder);
    const ended = await Promise.all([
      train("en.safetensors", "--test", "20%"),
      train("zh.safetensors", "--test", "other.csv", "--lang", "zh"),
    ]);
    expect(ended.map(({ code }) => code)).toEqual([0, 0]);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach((context) => context.skip(!executablePath, noChromium));

  /** Any error or network request of the page fails the test. */
  async function open(language: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await browser!.newPage({ viewport: { width: 1200, height: 900 }, ...options });
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => {
      if (!/^(file|data):/.test(request.url())) complaints.push(`asked for ${request.url()}`);
    });
    onTestFinished(async () => {
      await page.close();
      expect(complaints).toEqual([]);
    });
    await page.goto(pathToFileURL(join(folder, `${language}-report/report.html`)).href);
    return page;
  }

  const colored = (page: Page, chart: string, color: [number, number, number]) =>
    page.evaluate<number>(`(() => {
      const canvas = document.querySelector("#${chart} canvas");
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
      copy.drawImage(canvas, 0, 0);
      const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
      let found = 0;
      for (let i = 0; i < data.length; i += 4) {
        if (data[i] === ${color[0]} && data[i + 1] === ${color[1]} && data[i + 2] === ${color[2]}) found++;
      }
      return found;
    })()`);

  test("shows the verdict first, then scores, charts, what the model learned and the facts", async () => {
    const page = await open("en");
    const text = (await page.locator("main").textContent())!.replace(/\s+/g, " ");
    const order = ["level [cm] predicted from pump [V], valve", "On test (", "typical error", "largest error"];
    order.push("What to do next", "Scores", "root of the mean squared error, in cm", "Predicted and measured");
    order.push(
      "Autocorrelation",
      "Learning curve",
      "What the model learned",
      "Data and settings",
      "Command to reproduce this report",
    );
    const places = order.map((words) => text.indexOf(words));
    expect(places.every((place, i) => place >= 0 && (i === 0 || place > places[i - 1]!))).toBe(true);
    expect(text).toContain("2024-03-01");
    for (const chart of [
      "signal",
      "input0",
      "input1",
      "residual",
      "autocorrelation",
      "curve",
      "influence",
      "step",
      "impulse",
      "gain0",
      "gain1",
    ]) {
      expect(await page.locator(`#${chart} canvas`).count()).toBe(1);
    }
    expect(await colored(page, "signal", [0xd1, 0x2f, 0x28])).toBeGreaterThan(200);
    expect(await colored(page, "signal", [0x1f, 0x62, 0xd6])).toBeGreaterThan(200);
    for (const head of await page.locator("th").all()) expect(await head.getAttribute("scope")).toMatch(/^(col|row)$/);
    expect(statSync(join(folder, "en-report/report.html")).size).toBeLessThan(1e6);
  });

  test("says which input matters, and shows the inputs in that order, with the same time axis", async () => {
    const page = await open("en");
    const bars = page.locator(".importance tbody tr");
    const [first] = await bars.locator("th").allTextContents();
    await expect(page.locator(".conclusion").textContent()).resolves.toMatch(
      new RegExp(`^${first!.replace(/[[\]]/g, "\\$&")} matters most: without it the error is [\\d.]+ times as large`),
    );
    const ratios = (await bars.locator("td:nth-child(3)").allTextContents()).map(Number.parseFloat);
    expect(ratios).toEqual([...ratios].sort((a, b) => b - a));
    const widths = await page.evaluate<number[]>(
      "[...document.querySelectorAll('.bar')].map((bar) => Number.parseFloat(getComputedStyle(bar, '::before').width))",
    );
    expect(widths).toHaveLength(2);
    expect(widths[0]).toBeGreaterThan(widths[1]!);
    expect((await page.locator(".strip").all()).length).toBe(2);
    expect(await page.locator("#input0").getAttribute("aria-label")).toBe(first);
    const picture = () => page.evaluate<string>("document.querySelector('#input0 canvas').toDataURL()");
    const whole = await picture();
    await page.getByText("worst", { exact: true }).click();
    await page.waitForTimeout(50);
    expect(await picture()).not.toBe(whole);
    await page.locator("#input0 .u-over").dblclick();
    await page.waitForTimeout(50);
    expect(await picture()).toBe(whole);
  });

  test("buttons select stretches, zoom and move; dragging zooms; the visible range is announced", async () => {
    const page = await open("en");
    const shown = () => page.getByRole("status").textContent();
    const whole = await shown();
    expect(whole).toMatch(/^level \[cm\], from 2024-03-01 00:00:00 to 2024-03-01 08:19:50$/);
    await page.getByText("worst", { exact: true }).click();
    const worst = await shown();
    expect(worst).not.toBe(whole);
    expect(await page.locator("#signal").getAttribute("aria-label")).toBe(worst);
    await page.getByText("last", { exact: true }).click();
    expect(await shown()).toMatch(/to 2024-03-01 08:19:50$/);
    await page.getByRole("button", { name: "Zoom in" }).click();
    await page.getByRole("button", { name: "Earlier" }).click();
    expect(await page.locator("input[name=stretch]:checked").count()).toBe(0);
    await page.locator("#signal .u-over").dblclick();
    expect(await shown()).toBe(whole);
    const box = (await page.locator("#signal .u-over").boundingBox())!;
    await page.mouse.move(box.x + 100, box.y + 50);
    await page.mouse.down();
    await page.mouse.move(box.x + 300, box.y + 50, { steps: 5 });
    await page.mouse.up();
    expect(await shown()).not.toBe(whole);
    expect(await page.locator("#readout").textContent()).toMatch(/^2024-03-01 .* measured .* predicted /);
  });

  test("fits a phone, in the dark theme and in Chinese, with a choice of series", async () => {
    const page = await open("zh", { viewport: { width: 400, height: 800 }, colorScheme: "dark" });
    expect(await page.evaluate("[document.documentElement.scrollWidth, document.documentElement.lang]")).toEqual([
      400,
      "zh-CN",
    ]);
    expect(await colored(page, "signal", [0xff, 0x70, 0x67])).toBeGreaterThan(100);
    const before = await page.getByRole("status").textContent();
    await page.locator("#series").selectOption("1");
    expect(await page.getByRole("status").textContent()).toBe(before); // the same file, with its parts
    await page.setViewportSize({ width: 320, height: 700 });
    await page.waitForTimeout(100);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(320);
  });

  longTest("prints completely, in the light theme", async () => {
    const page = await open("en", { colorScheme: "dark" });
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    expect(await colored(page, "signal", [0xd1, 0x2f, 0x28])).toBeGreaterThan(100);
    const widths =
      "[...document.querySelectorAll('.chart')].every((e) => e.scrollWidth <= e.clientWidth && e.clientWidth < 700)";
    expect(await page.evaluate(widths)).toBe(true);
    await page.evaluate("dispatchEvent(new Event('afterprint'))");
    expect(await colored(page, "signal", [0xff, 0x70, 0x67])).toBeGreaterThan(100);
    const pdf = await page.pdf({ format: "A4" });
    expect(pdf.length).toBeGreaterThan(20_000);
  });

  test("its figures are PNGs of the nominal size", () => {
    for (const [name, width] of [
      ["prediction.png", 2400],
      ["checks.png", 2400],
      ["learned.png", 2400],
    ] as const) {
      const png = readFileSync(join(folder, "en-report", name));
      expect([png.subarray(1, 4).toString(), png.readUInt32BE(16)]).toEqual(["PNG", width]);
    }
  });
});
