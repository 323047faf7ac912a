// Forecasts in a real browser: the sample at once, a file that is trained on, the fan that is moved, and what is taken along.
import { readFileSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import { Forecaster } from "eddy/series";
import type { Download, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { executablePath, noChromium } from "../../../ci/chromium.ts";
import { longTest } from "../../../ci/long-test.ts";
import { readFile } from "../src/table/reading/read-file.ts";
import { frameOf } from "../src/table/reading/table.ts";
import { Studio } from "./studio-page.ts";

const studio = new Studio();
const hourMs = 3_600_000;

/** Thirty days of hours with a daily season. */
function hourly(): string {
  const lines = Array.from({ length: 720 }, (_, row) => {
    const load = 50 + 8 * Math.sin((2 * Math.PI * row) / 24) + 2 * Math.sin(row / 50) + Math.sin(row * row);
    return `${new Date(Date.UTC(2024, 0, 1) + row * hourMs).toISOString()},${load}`;
  });
  return `time,load\n${lines.join("\n")}\n`;
}

async function seriousFaults(page: Page): Promise<unknown[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  return serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
}

const scrollsSideways = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

describe("a forecast in Chromium", () => {
  beforeAll(() => studio.start());
  afterAll(() => studio.stop());
  beforeEach((context) => context.skip(!executablePath, noChromium));

  test("the sample opens with its task, horizon and roles; the other task keeps its columns", async () => {
    const page = await studio.open("#view=table");
    await page.getByRole("button", { name: "Try a sample" }).click();
    await page.locator(".columns-card").waitFor();
    expect(await page.getByRole("radio", { name: "Forecast the next rows" }).isChecked()).toBe(true);
    const uses = () =>
      page.locator(".column select").evaluateAll((all) => all.map((one) => (one as HTMLSelectElement).value));
    expect(await uses()).toEqual(["time", "input", "known", "target"]);
    expect(await page.getByText("= 24 rows").isVisible()).toBe(true);
    expect(await page.getByRole("button", { name: "Train", exact: true }).isEnabled()).toBe(true);
    expect(await seriousFaults(page)).toEqual([]);

    const horizon = page.getByLabel("Horizon", { exact: true });
    await page.getByLabel("Unit of the horizon").selectOption("rows");
    await horizon.fill("0");
    expect(await horizon.getAttribute("aria-invalid")).toBe("true");
    await horizon.fill("12");
    await page.getByRole("radio", { name: "Estimate from inputs" }).check({ force: true });
    expect(await uses()).toEqual(["time", "input", "input", "target"]);
  });

  longTest(
    "a table is forecast, the fan is moved, and the next rows are those of Node",
    async () => {
      const page = await studio.open("#view=table");
      const file = { name: "load.csv", mimeType: "text/csv", buffer: Buffer.from(hourly()) };
      await page.locator(".file-button input").first().setInputFiles(file);
      // A single column can only be forecast.
      await page.getByText("= 24 rows").waitFor();
      await page.getByLabel("Horizon", { exact: true }).fill("6");
      await page.locator(".train-choices select").nth(1).selectOption("10");
      await page.getByRole("button", { name: "Train", exact: true }).click();
      await page.locator("[data-verdict]").waitFor({ timeout: 200_000 });
      expect(await page.locator("[data-verdict]").textContent()).toMatch(/^load: .* has the smallest RMSE/);
      expect(await page.locator(".scores tbody tr").count()).toBe(5);
      expect(await page.locator(".step-chart").count()).toBe(4);

      const fan = page.locator("[data-fan]");
      await expect.poll(() => fan.textContent()).toContain("The next rows, from 2024-01-30 23:00");
      const slider = page.getByRole("slider", { name: "Row from which the forecast is made" });
      await slider.press("Home");
      await expect
        .poll(() => fan.textContent())
        .toMatch(/^From 2024-01-24 23:00. \d of 6 values lie inside the 90 % band/);
      await slider.press("ArrowRight");
      await expect.poll(() => fan.textContent()).toContain("From 2024-01-25.");
      await page.locator(".fan-chart").scrollIntoViewIfNeeded();
      const box = (await page.locator(".fan-chart").boundingBox())!;
      await page.mouse.move(box.x + box.width / 2, box.y + 100);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width / 2 - 200, box.y + 100, { steps: 10 });
      await page.mouse.up();
      await expect.poll(() => fan.textContent()).not.toContain("From 2024-01-25.");
      await page.getByRole("combobox", { name: /^Band/ }).selectOption("0.5");
      await expect.poll(() => fan.textContent(), { timeout: 60_000 }).toContain("50 % band");
      expect(await seriousFaults(page)).toEqual([]);

      const contentOf = async (download: Download) => readFileSync(await download.path());
      const taken = async (name: string) => {
        const download = page.waitForEvent("download");
        await page.getByRole("button", { name }).click();
        return contentOf(await download);
      };
      const bytes = new Uint8Array(await taken("Model (.safetensors)"));
      const { frame } = frameOf(await readFile(new Blob([hourly()])), { time: "time", inputs: [], targets: ["load"] });
      const inNode = Forecaster.fromBytes(bytes).forecast(frame, { level: 0.5 });
      const [head, ...lines] = (await taken("Next rows (.csv)")).toString().trim().split("\n");
      expect(head).toBe("time,load,load_low,load_high");
      expect(lines).toHaveLength(6);
      for (const [row, line] of lines.entries()) {
        const cells = line.split(",").slice(1).map(Number);
        for (const [i, name] of ["load", "load_low", "load_high"].entries()) {
          expect(Math.abs(cells[i]! - inNode.column(name)[row]!)).toBeLessThan(1e-6);
        }
      }
      expect((await taken("Chart (.png)")).subarray(1, 4).toString()).toBe("PNG");
      expect((await taken("Model (.onnx)")).length).toBeGreaterThan(500);

      // The same model, loaded on a small screen, in Chinese and in the dark.
      const small = await studio.open("#view=table", { viewport: { width: 390, height: 800 }, colorScheme: "dark" });
      await small.locator("header select").first().selectOption("zh");
      const model = { name: "m.safetensors", mimeType: "", buffer: Buffer.from(bytes) };
      await small.locator(".file-button input").first().setInputFiles(model);
      await small.getByText("预测模型来自文件").waitFor();
      expect(await seriousFaults(small)).toEqual([]);
      // A table that is opened is forecast, if it has the model's columns; so is one that is fed to the model.
      await small.locator(".file-bar .file-button input").setInputFiles(file);
      await small.locator("[data-verdict]").waitFor({ timeout: 60_000 });
      await small.getByText("load.csv 的每一行都参与评分").waitFor();
      await small.locator(".fan-card .file-button input").setInputFiles({ ...file, name: "again.csv" });
      await small.getByText("again.csv 的每一行都参与评分").waitFor({ timeout: 60_000 });
      await small.getByText("接下来的行，起点：2024-01-30 23:00").waitFor();
      expect(await scrollsSideways(small)).toBe(false);
      expect(await seriousFaults(small)).toEqual([]);
    },
    400_000,
  );
});
