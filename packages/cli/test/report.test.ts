// What the report is made of: the rows that are drawn, the verdict, and numbers as people read them.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { languages, texts } from "../src/language.ts";
import { rowsToDraw, stretchesOf } from "../src/report/rows-to-draw.ts";
import { verdictOf } from "../src/report/verdict.ts";
import { count, duration, fixed, moment, number, percent, unitOf } from "../src/report/written.ts";

describe("rows to draw", () => {
  test("all where they are few; else ascending, few, and with every extreme", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.double({ noNaN: true }), fc.constant(Number.NaN)), { minLength: 1, maxLength: 400 }),
        (line) => {
          const values = Float64Array.from(line);
          const rows = rowsToDraw([values], [[0, 3]], 60);
          expect(rows).toEqual([...new Set(rows)].sort((a, b) => a - b));
          expect(rows.length).toBeLessThanOrEqual(65);
          const known = line.filter((value) => !Number.isNaN(value));
          const drawn = rows.map((row) => line[row]!).filter((value) => !Number.isNaN(value));
          expect([Math.min(...drawn), Math.max(...drawn)]).toEqual([Math.min(...known), Math.max(...known)]);
          expect([rows[0], rows.at(-1)]).toEqual([0, line.length - 1]);
        },
      ),
    );
  });

  test("the worst stretch is where the residual is largest", () => {
    const measured = new Float64Array(5000);
    const predicted = new Float64Array(5000);
    predicted.fill(3, 3100, 3400);
    measured.fill(Number.NaN, 4000, 4100);
    const { first, last, worst } = stretchesOf(measured, predicted, [1000, 5000]);
    expect([first, last]).toEqual([
      [1000, 1400],
      [4600, 5000],
    ]);
    expect(worst[0]).toBeLessThanOrEqual(3100);
    expect(worst[1]).toBeGreaterThanOrEqual(3400);
  });
});

describe("the verdict", () => {
  const scores = (rmse: number) => ({ rmse, mae: rmse, r2: 0, fit: 0, rows: 1234, skipped: 0 });
  const of = (model: number, linear: number, mean: number, language: (typeof languages)[number] = "en") => {
    const least = Math.min(model, linear, mean);
    const comparison = {
      model: scores(model),
      baselines: { linear: { ...scores(linear), taps: 8, ridge: 1 }, mean: scores(mean) },
      skill: { linear: 1 - (model / linear) ** 2, mean: 1 - (model / mean) ** 2 },
      winner: least === mean ? ("mean" as const) : least === linear ? ("linear" as const) : ("model" as const),
      perTarget: {},
    };
    return verdictOf({ part: "test", comparison }, ["level [V]"], texts[language]);
  };

  test("says first what wins, with units", () => {
    expect(of(0.3, 1, 2)).toEqual({
      tone: "good",
      text: "The model beats both baselines. On test (1,234 rows) its RMSE is 0.3 V: 3.3 times smaller than the linear filter's 1 V, 6.7 times smaller than the mean's 2 V.",
    });
    expect(of(1, 0.3, 2)).toMatchObject({
      tone: "bad",
      text: expect.stringMatching(/^A linear filter is better than the model\./),
    });
    expect(of(2, 1.5, 1)).toMatchObject({
      tone: "bad",
      text: expect.stringMatching(/^The mean is better than the model\./),
    });
    expect(of(0.99, 1, 2)).toMatchObject({ tone: "even", text: expect.stringMatching(/^The model is hardly better/) });
    for (const language of languages) expect(of(0.3, 1, 2, language).text).toContain("0.3 V");
  });
});

test("numbers, counts, spans and moments as people read them", () => {
  expect([0, 0.123456, 1234.56, 1e7, 1e-7, Number.NaN].map((value) => number(value))).toEqual([
    "0",
    "0.1235",
    "1235",
    "1.00e+7",
    "1.00e-7",
    "–",
  ]);
  expect([fixed(-0.0001, 3), fixed(0.5, 3), count(1234567), percent(0.004), percent(0.16)]).toEqual([
    "0.000",
    "0.500",
    "1,234,567",
    "0.4 %",
    "16 %",
  ]);
  expect([250, 4000, 5_400_000, 86_400_000].map((ms) => duration(ms, "en"))).toEqual([
    "250 ms",
    "4 s",
    "1.5 h",
    "1 day",
  ]);
  expect(duration(4000, "zh")).toBe("4 秒");
  const start = Date.UTC(2024, 4, 31);
  expect([0, 60_000, 1000, 1].map((ms) => moment(start + ms))).toEqual([
    "2024-05-31",
    "2024-05-31 00:01",
    "2024-05-31 00:00:01",
    "2024-05-31 00:00:00.001",
  ]);
  expect(["level [V]", "T (°C)", "u", "f(x) of y"].map(unitOf)).toEqual(["V", "°C", undefined, undefined]);
});
