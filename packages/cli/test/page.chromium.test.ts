// The replay page in a real browser, opened from a file as a friend would open it.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { args, executablePath, noChromium } from "../../../ci/chromium.ts";
import { eddy, emptyFolder } from "./command.ts";

describe("the demo page in Chromium", () => {
  let browser: Browser | undefined;
  beforeAll(async () => {
    if (executablePath) browser = await chromium.launch({ executablePath, args });
  });
  afterAll(() => browser?.close());
  beforeEach((context) => context.skip(!executablePath, noChromium));

  /** Writes a run of ten steps and opens its page; whatever the page complains of or asks for fails the test. */
  async function open(options: BrowserContextOptions, ...words: string[]): Promise<Page> {
    const folder = emptyFolder();
    const { code, stderr } = await eddy(["demo", "--steps", "10", "--out", folder, ...words]);
    expect([code, stderr]).toEqual([0, expect.any(String)]);
    const page = await browser!.newPage({ viewport: { width: 1200, height: 800 }, ...options });
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
    await page.goto(pathToFileURL(join(folder, "sin2cos.html")).href);
    return page;
  }
  const shownStep = async (page: Page) => Number(await page.locator("#step").textContent());

  test("plays by itself, stops at the last step, and plays again", async () => {
    const page = await open({});
    expect(await page.locator("#play").textContent()).toBe("Pause");
    await page.getByRole("button", { name: "Replay" }).waitFor();
    expect(await shownStep(page)).toBe(10);
    await page.getByLabel("Speed").selectOption("fast");
    await page.getByRole("button", { name: "Replay" }).click();
    await page.getByRole("button", { name: "Pause" }).waitFor();
    await page.getByRole("button", { name: "Replay" }).waitFor();
  });

  test("moves by button, slider, keyboard and loss curve, and says where it is", async () => {
    const page = await open({ reducedMotion: "reduce" });
    expect(await shownStep(page)).toBe(10); // where less motion is wanted it stands still, finished
    const slider = page.getByRole("slider", { name: "Step" });
    await slider.fill("4");
    expect(await shownStep(page)).toBe(4);
    const status = await page.getByRole("status").textContent();
    expect(status).toMatch(/^step 4 of 10, loss \d\.\d{6}$/);
    expect(await slider.getAttribute("aria-valuetext")).toBe(status);
    expect(await page.locator("#signal").getAttribute("aria-label")).toBe(`Target and prediction over time: ${status}`);
    await slider.press("ArrowRight");
    expect(await shownStep(page)).toBe(5);

    await page.locator("h1").click();
    await slider.blur();
    for (const [key, step] of [
      ["ArrowLeft", 4],
      ["End", 10],
      ["Home", 1],
      ["ArrowLeft", 1],
    ] as const) {
      await page.keyboard.press(key);
      expect(await shownStep(page)).toBe(step);
    }
    await page.keyboard.press("Space");
    expect(await page.locator("#play").textContent()).toBe("Pause");
    await page.keyboard.press("Space");
    expect(await page.locator("#play").textContent()).toMatch(/^(Play|Replay)$/);

    await page.locator("#losses .u-over").click({ position: { x: 1, y: 40 } });
    expect(await shownStep(page)).toBe(1);
    await page.getByText("all windows").click();
    expect(await page.getByRole("radio", { name: "all windows" }).isChecked()).toBe(true);
  });

  test("draws red target and blue prediction", async () => {
    const page = await open({ reducedMotion: "reduce" });
    const [red, blue] = await page.evaluate<[number, number]>(`(() => {
      const canvas = document.querySelector("#signal canvas");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      const count = (r, g, b) => {
        let found = 0;
        for (let i = 0; i < data.length; i += 4) {
          if (data[i] === r && data[i + 1] === g && data[i + 2] === b && data[i + 3] === 255) found++;
        }
        return found;
      };
      return [count(0xd1, 0x2f, 0x28), count(0x1f, 0x62, 0xd6)];
    })()`);
    expect(red).toBeGreaterThan(300);
    expect(blue).toBeGreaterThan(300);
    await expectTexts(page, ["target cos t", "prediction", "Loss", "The network", "eddy demo --seed 1"]);
  });

  test("fits a phone, dark and in Chinese, without scrolling sideways", async () => {
    const page = await open({ viewport: { width: 400, height: 800 }, colorScheme: "dark" }, "--lang", "zh");
    expect(await page.evaluate("[document.documentElement.scrollWidth, document.documentElement.lang]")).toEqual([
      400,
      "zh-CN",
    ]);
    await expectTexts(page, ["目标 cos t", "预测", "损失", "网络结构"]);
    await page.getByRole("button", { name: "重播" }).waitFor();
    await page.setViewportSize({ width: 320, height: 700 });
    await page.waitForTimeout(100);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(320);
  });

  async function expectTexts(page: Page, expected: string[]): Promise<void> {
    const text = await page.locator("main").textContent();
    for (const one of expected) expect(text).toContain(one);
  }
});
