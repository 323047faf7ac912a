// Which input matters: the conclusion in both languages, the bars, and where the importance is measured.
import { Frame, type Importance, type InputImportance, train } from "eddy/series";
import { expect, test } from "vitest";
import { importanceCharts, inputsByImportance, measureImportance } from "../src/report/importance.ts";
import { texts } from "../src/texts/languages.ts";

/** The importance of some inputs, from the ratio and its standard error; the RMSE is 2. */
function importanceOf(found: Record<string, [mean: number, standardError: number]>): InputImportance[] {
  return Object.entries(found).map(([input, [mean, standardError]]) => ({
    input,
    ratio: { mean, standardError },
    increase: { mean: 2 * (mean - 1), standardError: 2 * standardError },
  }));
}

const measured = (perTarget: Record<string, InputImportance[]>): Importance => ({
  perTarget: Object.fromEntries(Object.entries(perTarget).map(([name, inputs]) => [name, { rmse: 2, inputs }])),
  ...{ blocks: 10, blockRows: 40, settlingRows: 10, scoredRows: 300 },
});

function conclusion(found: Record<string, [number, number]>, language: "en" | "zh" = "en"): string {
  const importance = measured({ y: importanceOf(found) });
  return importanceCharts(importance, ["y"], Object.keys(found), texts[language])[0]!.conclusion;
}

test("names the most important input and those that can be left out", () => {
  const found: Record<string, [number, number]> = { flow: [4.12, 0.1], u1: [1.2, 0.05], u2: [1.1, 0.06], u3: [1, 0] };
  expect(conclusion(found)).toBe(
    "flow matters most: without it the error is 4.1 times as large. u2, u3 can probably be left out.",
  );
  expect(conclusion(found, "zh")).toBe("flow 最重要：没有它，误差是原来的 4.1 倍。u2, u3 多半可以去掉。");
  expect(conclusion({ u: [1.25, 0.01] })).toBe(
    "u carries the prediction: without it the error is 1.25 times as large.",
  );
  expect(conclusion({ u: [1.005, 0.001], v: [0.99, 0.02] })).toBe(texts.en.importance.none);
});

test("bars begin at 1 and share an axis that chance does not fill", () => {
  const [chart] = importanceCharts(
    measured({ "y [cm]": importanceOf({ a: [3, 0.25], b: [1, 0.1], c: [0.9, 0] }) }),
    ["y [cm]"],
    ["c", "a", "b"],
    texts.en,
  );
  const { bars } = chart!;
  const shares = bars.map(({ from, to, low, high }) => [from, to, low, high].map((share) => Number(share.toFixed(3))));
  expect(shares).toEqual([
    [0.074, 0.815, 0.63, 1],
    [0.074, 0.074, 0, 0.148],
    [0.037, 0.074, 0.037, 0.037],
  ]);
  expect(bars[0]).toMatchObject({ input: "a", rank: 1, ratio: "3.00 ×", increase: "+4 cm" });
  expect(bars[2]).toMatchObject({ input: "c", rank: 0, ratio: "0.90 ×", increase: "−0.2 cm" });
});

test("a target without measured values has no chart, and several targets are named", () => {
  const importance = measured({
    y: importanceOf({ u: [2, 0], v: [1, 0] }),
    z: importanceOf({ u: [Number.NaN, Number.NaN], v: [Number.NaN, Number.NaN] }),
    w: importanceOf({ v: [5, 0], u: [1, 0] }),
  });
  const charts = importanceCharts(importance, ["y", "z", "w"], ["v", "u"], texts.en);
  expect(charts.map(({ target, conclusion: text }) => [target, text.slice(0, 9)])).toEqual([
    [0, "y: u matt"],
    [2, "w: v matt"],
  ]);
  expect(inputsByImportance(["u", "v"], importance)).toEqual(["v", "u"]);
  expect(inputsByImportance(["u", "v"], undefined)).toEqual(["u", "v"]);
});

test("is measured on the first part with enough rows, and on none if all are too short", async () => {
  const u = Float64Array.from({ length: 300 }, (_, i) => Math.sin(i / 3) + Math.sin(i));
  const frame = new Frame({ u, y: u.map((value) => 2 * value) });
  const training = train(frame, { inputs: ["u"], targets: ["y"], hiddenSize: 3, epochs: 2, networks: 1 });
  for await (const _ of training);
  const short = { part: "test" as const, frame, rows: [{ start: 270, end: 300 }] };
  const measuredOn = await measureImportance(training.model, [short, { part: "data", frame }]);
  expect(measuredOn).toMatchObject({ part: "data", perTarget: { y: { inputs: [{ input: "u" }] } } });
  expect(await measureImportance(training.model, [short])).toBeUndefined();
  const other = { part: "data" as const, frame: new Frame({ u }) };
  await expect(measureImportance(training.model, [other])).rejects.toThrow('without "y"');
});
