// The studio in a real browser: a learner's journeys.
import { readFileSync } from "node:fs";
import { Program, tutorialSettings } from "@eddy/ui/program";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { executablePath, noChromium } from "../../../ci/chromium.ts";
import { longTest } from "../../../ci/long-test.ts";
import { finish, lossOf, Studio } from "./studio-page.ts";

const studio = new Studio();

async function download(page: Page, name: string): Promise<Buffer> {
  const started = page.waitForEvent("download");
  await page.locator(`[data-file="${name}"]`).click();
  return readFileSync(await (await started).path());
}

describe("the studio in Chromium", () => {
  beforeAll(() => studio.start());
  afterAll(() => studio.stop());
  beforeEach((context) => context.skip(!executablePath, noChromium));

  test("starts at once, and learns with the losses of the program in Node, bit for bit", async () => {
    const page = await studio.open();
    await page.waitForFunction(() => document.querySelector("output[data-loss]")!.textContent !== "–");
    await finish(page);
    expect(await lossOf(page)).toBeLessThan(0.02);
    await page.getByRole("button", { name: "Take along" }).click();
    const losses = String(await download(page, "losses.csv"))
      .trim()
      .split("\n")
      .slice(1);
    const expected = [...new Program(tutorialSettings).learn()].map(({ step, loss }) => [step, loss]);
    expect(
      losses.map((line) => line.split(",").map((value, i) => (i === 1 ? Math.fround(Number(value)) : Number(value)))),
    ).toEqual(expected);
    const gif = await download(page, "eddy.gif");
    expect(gif.subarray(0, 6).toString()).toBe("GIF89a");
    expect((await download(page, "eddy.png")).subarray(1, 4).toString()).toBe("PNG");
    const model = await download(page, "eddy.safetensors");
    expect(model.toString("latin1")).toContain("rnn.weight_ih_l0");
    for (const language of ["TypeScript", "PyTorch"]) {
      expect(await page.locator(`[data-program="${language}"]`).textContent()).toMatch(/manual_?seed/i);
    }
  });

  test("without carrying the state the loss stays near 0.1, beside the run as it was", async () => {
    const page = await studio.open();
    await page.locator("[data-trap=carry]").click();
    await finish(page);
    const loss = await lossOf(page);
    expect(loss).toBeGreaterThan(0.08);
    expect(loss).toBeLessThan(0.12);
    expect(await lossOf(page, "pinned-loss")).toBeLessThan(0.02);
    await page.getByRole("button", { name: "Unpin" }).click();
    expect(await page.locator("output[data-pinned-loss]").count()).toBe(0);
  });

  test("without detaching, the learner reads the library's error and its remedy, and can take it", async () => {
    const page = await studio.open();
    await page.locator("[data-trap=detach]").click();
    const error = page.locator("[data-failure]");
    await error.waitFor();
    expect(await error.textContent()).toMatch(/expected a graph that has not been freed.*state\.detach\(\)/s);
    await page.getByRole("button", { name: "Detach the state again" }).click();
    await finish(page);
    expect(await error.count()).toBe(0);
    expect(await lossOf(page)).toBeLessThan(0.02);
  });

  longTest("a learning rate that explodes is named, and clipping helps", async () => {
    const page = await studio.open();
    await page.locator("[data-trap=lr]").click();
    await finish(page);
    await page.getByText("the loss is not a number").waitFor();
    await page.getByRole("button", { name: "Clip the gradients at 0.1" }).click();
    await finish(page);
    expect(await lossOf(page)).toBeLessThan(0.1);
  });

  longTest("the address is a link to the state; a reload and a later visit restore it", async () => {
    const context = await studio.context();
    const page = await studio.openIn(context);
    await page.locator("[data-knob=cell]").selectOption("gru");
    await page.getByLabel(/^Hidden units/).fill("16");
    await page.getByLabel(/^Hidden units/).press("Tab");
    await page.getByRole("button", { name: "Inside the cell" }).click();
    await page.getByLabel("Language").selectOption("zh");
    const { hash } = new URL(page.url());
    expect(hash).toContain("cell=gru");
    await page.reload();
    await page.getByRole("heading", { name: "沿时间展开的单元" }).waitFor();
    expect(new URL(page.url()).hash).toBe(hash);

    const later = await studio.openIn(context); // without a link: the last session
    await later.getByRole("heading", { name: "沿时间展开的单元" }).waitFor();
    expect(new URL(later.url()).hash).toBe(hash);

    const friend = await studio.open(`${hash}&hidden=much`); // someone else, with a link that is not quite right
    await friend.getByRole("heading", { name: "The cell, unrolled over the window" }).waitFor();
    await friend.getByText("they are ignored: hidden=much").waitFor();
    await friend.getByRole("button", { name: "Learn", exact: true }).click();
    expect(await friend.locator("[data-knob=cell]").inputValue()).toBe("gru");
    expect(await friend.getByLabel(/^Hidden units/).inputValue()).toBe("16");
  });

  longTest("each answer opens the studio in the state that shows it", async () => {
    const page = await studio.open("#view=questions");
    const links = page.getByRole("link", { name: "See it in the studio" });
    expect(await links.count()).toBe(8);
    await links.first().click();
    expect(await page.locator("[data-failure]").textContent()).toContain("state.detach()");
  });

  longTest("in Chinese, in the dark and on a phone, no view scrolls sideways", async () => {
    const page = await studio.open("", {
      viewport: { width: 390, height: 844 },
      locale: "zh-CN",
      colorScheme: "dark",
      reducedMotion: "reduce",
    });
    await page.getByText("已完成").first().waitFor({ state: "attached" }); // with reduced motion, the finished run at once
    for (const name of ["训练", "单元内部", "试一试", "带走", "你的表格", "常见问题"]) {
      await page.getByRole("button", { name, exact: true }).click();
      const [width, shown] = await page.evaluate(() => [document.documentElement.scrollWidth, document.title]);
      expect([name, width, shown]).toEqual([name, 390, "Eddy 演示台"]);
    }
  });

  test("works offline after the first load", async () => {
    const context = await studio.context();
    const page = await studio.openIn(context);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await context.setOffline(true);
    await page.reload();
    await finish(page);
    expect(await lossOf(page)).toBeLessThan(0.02);
  });

  longTest("keyboard: space pauses, n takes a step; the input of Play follows the arrow keys", async () => {
    const page = await studio.open();
    await page.waitForFunction(() => document.querySelector("[data-step]")!.textContent !== "0");
    await page.keyboard.press("Space");
    await page.getByRole("button", { name: "Play", exact: true }).first().waitFor();
    const step = Number(await page.locator("[data-step]").textContent());
    await page.keyboard.press("n");
    await page.waitForFunction((next) => document.querySelector("[data-step]")!.textContent === String(next), step + 1);
    await page.getByRole("navigation").getByRole("button", { name: "Play" }).click();
    const input = page.getByRole("slider", { name: /Input that you can drag/ });
    const before = Number(await input.getAttribute("aria-valuenow"));
    await input.press("ArrowUp");
    expect(Number(await input.getAttribute("aria-valuenow"))).toBeGreaterThan(before);
  });

  longTest("a target that is drawn with the pointer is learned", async () => {
    const page = await studio.open();
    await page.getByRole("button", { name: "Draw your own" }).click();
    const box = (await page.locator(".drawing .u-over").boundingBox())!;
    const at = (x: number, y: number) => [box.x + x * box.width, box.y + y * box.height] as const;
    await page.mouse.move(...at(0, 0.2));
    await page.mouse.down();
    await page.mouse.move(...at(0.5, 0.8), { steps: 10 });
    await page.mouse.move(...at(1, 0.2), { steps: 10 });
    await page.mouse.up();
    await page.getByRole("button", { name: "Learn this" }).click();
    expect(new URL(page.url()).hash).toContain("target=0.6");
    await finish(page);
    expect(await lossOf(page)).toBeLessThan(0.02); // its variance is above 0.1
  });
});
