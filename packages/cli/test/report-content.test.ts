// Reports of malicious names, sparse targets, groups, and very many columns; checked in a browser if there is one.

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Frame } from "eddy/series";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { args, executablePath, noChromium } from "../../../ci/chromium.ts";
import { longTest } from "../../../ci/long-test.ts";
import type { ReportData } from "../page/report-data.js";
import { newDocument, place, svgOf, text, toPng } from "../src/drawing/svg.ts";
import { correlogram } from "../src/report/residuals.ts";
import { allSignals } from "../src/report/signals.ts";
import { eddy } from "./command.ts";

const quick = ["--budget", "none", "--epochs", "2", "--hidden", "3", "--networks", "1", "--test", "25%"];
const cell = (value: string) => `"${value.replaceAll('"', '""')}"`;

/** A first-order system, driven by steps. */
function system(rows: number, seed: number): [u: number, y: number][] {
  const random = () => {
    seed = (seed * 16807) % 2147483647;
    return seed / 2147483647;
  };
  let [u, y] = [0, 0];
  return Array.from({ length: rows }, () => {
    if (random() < 0.05) u = random();
    y = 0.9 * y + 0.1 * u;
    return [u, y];
  });
}

const minute = (i: number) => new Date(Date.UTC(2024, 0, 1) + 60_000 * i).toISOString();

describe("a report", () => {
  let browser: Browser | undefined;
  let cwd: string;
  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), "eddy-content-"));
    if (executablePath) browser = await chromium.launch({ executablePath, args });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(cwd, { recursive: true, force: true });
  });

  async function train(name: string, lines: string[], words: string[]): Promise<{ html: string; data: ReportData }> {
    writeFileSync(join(cwd, `${name}.csv`), `${lines.join("\n")}\n`);
    const out = `${name}.safetensors`;
    const { code, stderr } = await eddy(["train", `${name}.csv`, ...words, ...quick, "--out", out], cwd);
    expect(code, stderr).toBe(0);
    const html = readFileSync(join(cwd, `${name}-report/report.html`), "utf8");
    const json = /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(html)![1]!;
    return { html, data: JSON.parse(json) };
  }

  /** Any error of the page fails the test. */
  async function open(name: string): Promise<Page> {
    const page = await browser!.newPage({ viewport: { width: 1100, height: 900 } });
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("dialog", (dialog) => complaints.push(dialog.message()));
    onTestFinished(async () => {
      await page.close();
      expect(complaints).toEqual([]);
    });
    await page.goto(pathToFileURL(join(cwd, `${name}-report/report.html`)).href);
    return page;
  }

  const red = (page: Page) =>
    page.evaluate<number>(`(() => {
      const canvas = document.querySelector("#signal canvas");
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
      copy.drawImage(canvas, 0, 0);
      const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
      let found = 0;
      for (let i = 0; i < data.length; i += 4) if (data[i] === 0xd1 && data[i + 1] === 0x2f && data[i + 2] === 0x28) found++;
      return found;
    })()`);

  test("shows names, cells and groups of any content as text", async (context) => {
    const input = "</script><script>alert(1)</script>%verdict%";
    const target = `<img src=x onerror=alert(2)> \u2028\u202e"'&amp; [%]`;
    const groups = ["<b>a</b>\x1b[31m", "]]>--><!--%data%"];
    const rows = groups.flatMap((group, g) => system(120, g + 1).map(([u, y]) => `${u},${y},${cell(group)}`));
    const columns = [input, target].map((name) => cell(cell(name)));
    const words = [
      "--input",
      columns[0]!.slice(1, -1).replaceAll('""', '"'),
      "--target",
      columns[1]!.slice(1, -1).replaceAll('""', '"'),
    ];
    const { html } = await train(
      "hostile",
      [`${cell(input)},${cell(target)},group`, ...rows],
      [...words, "--group", "group"],
    );
    expect(html.match(/<script/g)).toHaveLength(3); // the page's own
    for (const raw of ["<img", "<b>", "\u2028", "\u202e", "\x1b"]) expect(html).not.toContain(raw);
    for (const name of ["prediction.png", "checks.png", "learned.png"]) {
      expect(
        readFileSync(join(cwd, "hostile-report", name))
          .subarray(1, 4)
          .toString(),
      ).toBe("PNG");
    }
    if (!executablePath) return context.skip(true, noChromium);
    const page = await open("hostile");
    expect(await page.title()).toContain("<img src=x onerror=alert(2)>");
    expect(await page.locator("#series option").allTextContents()).toEqual([
      "hostile.csv",
      "hostile.csv: <b>a</b>\\x1b[31m",
      "hostile.csv: ]]>--><!--%data%",
    ]);
    expect(await page.locator("img, b").count()).toBe(0);
  });

  longTest("of a sparse target draws every measured value and has residuals", async (context) => {
    const lines = system(6000, 3).map(([u, y], i) => `${minute(i)},${u},${i % 60 === 7 ? y : ""}`);
    const { data } = await train("sparse", ["time,u,y", ...lines], ["--input", "u", "--target", "y", "--time", "time"]);
    const [{ targets, parts }] = data.signals as [ReportData["signals"][number]];
    const { x, measured, predicted, stretches } = targets[0]!;
    const known = measured.filter((value) => value !== null).length;
    expect(known).toBe(100);
    expect(measured.filter((value, i) => value !== null && predicted[i] !== null).length).toBe(known);
    const [from, to] = stretches.worst;
    expect(measured.filter((value, i) => value !== null && x[i]! >= from && x[i]! <= to).length).toBeGreaterThanOrEqual(
      7,
    );
    const scored = parts.find((part) => part.scored)!;
    expect([from >= scored.from, to <= scored.to]).toEqual([true, true]);
    expect(data.autocorrelation[0]).toMatchObject({ rowsApart: 60 });
    if (!executablePath) return context.skip(true, noChromium);
    const page = await open("sparse");
    expect(await red(page)).toBeGreaterThan(300); // dots of 8 pixels
    await page.getByText("worst", { exact: true }).click();
    expect(await red(page)).toBeGreaterThan(100);
  });

  test("of groups has the parts and borders of each group, and a time axis for each", async (context) => {
    const sizes = { ann: 200, bo: 120, cy: 160 };
    const lines = Object.entries(sizes).flatMap(([name, rows], g) =>
      system(rows, g + 1).map(([u, y], i) => `${minute(5000 * g + i)},${name},${u},${y}`),
    );
    const words = ["--input", "u", "--target", "y", "--time", "time", "--group", "unit"];
    const { html, data } = await train("groups", ["time,unit,u,y", ...lines], words);
    const [all, ...each] = data.signals;
    expect(all!.borders).toEqual([
      { label: "ann", at: 1 },
      { label: "bo", at: 201 },
      { label: "cy", at: 321 },
    ]);
    // The library splits each series: the last quarter is for test, the quarter before it for validation.
    expect(all!.parts).toEqual([
      { name: "training", from: 1, to: 101, scored: false },
      { name: "validation", from: 101, to: 151, scored: false },
      { name: "test", from: 151, to: 201, scored: true },
      { name: "training", from: 201, to: 261, scored: false },
      { name: "validation", from: 261, to: 291, scored: false },
      { name: "test", from: 291, to: 321, scored: true },
      { name: "training", from: 321, to: 401, scored: false },
      { name: "validation", from: 401, to: 441, scored: false },
      { name: "test", from: 441, to: 480, scored: true },
    ]);
    expect(each.map(({ title, xIs }) => [title, xIs])).toEqual([
      ["groups.csv: ann", "date"],
      ["groups.csv: bo", "date"],
      ["groups.csv: cy", "date"],
    ]);
    expect(each[1]!.targets[0]!.x[0]).toBe(Date.parse(minute(5000)));
    expect(each[1]!.parts.map(({ name }) => name)).toEqual(["training", "validation", "test"]);
    const { x, measured } = all!.targets[0]!;
    expect(measured[x.indexOf(200.5)]).toBeNull(); // no line from one series to the next
    expect(html).toContain("2024-01-01 – 2024-01-08");
    const byGroup = /<h2>Errors by group<\/h2>.*?<\/section>/s.exec(html)![0];
    expect([...byGroup.matchAll(/<th scope="row">(\w+)<\/th><td>(\d+)</g)].map(([, ...cells]) => cells).sort()).toEqual(
      [
        ["ann", "50"],
        ["bo", "30"],
        ["cy", "40"],
      ],
    );
    expect(byGroup).toMatch(/<td>at 2024-01-\d\d \d\d:\d\d<\/td>/);
    if (!executablePath) return context.skip(true, noChromium);
    const page = await open("groups");
    await page.locator("#series").selectOption("2");
    expect(await page.getByRole("status").textContent()).toMatch(
      /^y, from 2024-01-04 11:20:00 to 2024-01-04 13:19:00$/,
    );
  });

  longTest("of 200 inputs and 20 targets stays small, and every target can be chosen", async (context) => {
    const inputs = Array.from({ length: 200 }, (_, i) => `input ${i}`);
    const targets = Array.from({ length: 20 }, (_, i) => `target ${i} [u${i}]`);
    const inSql = [
      ...inputs.map((name, j) => `sin(i * ${1 + j} / 50) AS "${name}"`),
      ...targets.map((name, j) => `cos(i / 50) + ${j} AS "${name}"`),
    ];
    const sql = `select ${inSql.join(", ")} from range(300) t(i)`;
    const words = ["--sql", sql, "--input", inputs.join(","), "--target", targets.join(",")];
    const { html, data } = await train("many", ["u"], words);
    expect(data.learned.inputs).toHaveLength(6);
    expect(data.inputs).toHaveLength(12);
    expect(data.inputs.slice(0, 6)).toEqual(data.learned.inputs);
    expect(html.length).toBeLessThan(4e6);
    expect(statSync(join(cwd, "many-report/learned.png")).size).toBeLessThan(2e6);
    expect(/<h1>(.*?)<\/h1>/.exec(html)![1]!.length).toBeLessThan(200);
    if (!executablePath) return context.skip(true, noChromium);
    const page = await open("many");
    await page.getByLabel("Target", { exact: true }).selectOption("19");
    expect(await page.getByRole("status").textContent()).toContain("target 19 [u19]");
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(1100);
    expect(await page.locator(".targets li").count()).toBe(20);
    expect(await page.locator(".importance").count()).toBe(20);
    expect(await page.locator(".importance:visible").getAttribute("data-target")).toBe("19");
    expect(await page.locator(".importance:visible tbody tr").count()).toBe(12);
    expect(await page.locator(".strip:visible").count()).toBe(4);
    await page.getByText("8 more").click();
    expect(await page.locator(".strip:visible").count()).toBe(12);
    expect((await page.locator("#input11 canvas").boundingBox())!.width).toBeGreaterThan(900);
    expect(await page.locator(".verdict tbody tr").count()).toBe(20);
  });
});

test("the chart of very many series has no names and borders", () => {
  const groups = 3000;
  const values = Float64Array.from({ length: 2 * groups }, (_, i) => i % 5);
  const group = Array.from(values, (_, i) => Math.floor(i / 2));
  const frame = new Frame({ y: values }, { group });
  const focus = frame.series().map(({ start, end }): [number, number] => [start, end]);
  const parts = focus.map((range) => ({ name: "this file", range, scored: true }));
  const [all, ...each] = allSignals(
    [{ title: "x", frame, timeKind: undefined, offset: 0, predicted: frame, parts, focus }],
    ["y"],
    [],
    {},
  );
  expect([all!.borders, all!.parts, each.length]).toEqual([[], [], 24]);
  expect(all!.targets[0]!.x.length).toBeLessThan(13_000);
  expect(correlogram(focus.map(([start, end]) => values.slice(start, end))).values.length).toBe(1);
});

test("x is a date, a plain number or a row; values close together and far from 0 stay distinct", () => {
  const y = Float64Array.from({ length: 50 }, (_, i) => 101_325 + i / 1000);
  const time = Float64Array.from(y, (_, i) => i / 10_000);
  const signals = (frame: Frame, timeKind?: "date" | "number") =>
    allSignals(
      [{ title: "x", frame, timeKind, offset: 0, predicted: frame, parts: [], focus: [[0, 50]] }],
      ["y"],
      ["y"],
      {},
    )[0]!;
  const timed = signals(new Frame({ y }, { time }), "number");
  expect(timed.inputs).toEqual({ x: timed.targets[0]!.x, values: [timed.targets[0]!.measured] });
  expect([timed.xIs, timed.targets[0]!.x[3]]).toEqual(["number", 0.0003]);
  expect(timed.targets[0]!.measured).toEqual(Array.from(y));
  expect(signals(new Frame({ y }, { time }), "date").xIs).toBe("date");
  const rows = signals(new Frame({ y }));
  expect([rows.xIs, rows.targets[0]!.x[3]]).toEqual(["row", 4]);
  const third = signals(new Frame({ y: y.map((_, i) => i / 3) }));
  expect(third.targets[0]!.measured[1]).toBe(0.333333); // six digits keep the page small
});

test("draws a figure with any text, even characters that XML forbids", () => {
  const hostile = "a\x00b\x0b\ufffe\ud800<&>\"'\u202e";
  const plain = toPng([text(0, 20, 12, "x", "black")], 50, 30);
  const drawn = toPng([text(0, 20, 12, hostile, "black"), place(`<svg ><text>\x01</text></svg>`, 0, 0)], 50, 30);
  for (const png of [plain, drawn]) expect(Buffer.from(png.subarray(1, 4)).toString()).toBe("PNG");
  expect(Buffer.compare(plain, drawn)).not.toBe(0);
  expect(svgOf(newDocument().createElement("p"))).toBe("<p></p>");
});
