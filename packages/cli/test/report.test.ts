// Parts of the report: the rows to draw, the autocorrelation of residuals, and formatted numbers.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { count, duration, fixed, moment, number, percent, roughDuration, unitOf } from "../src/format.ts";
import { correlogram } from "../src/report/residuals.ts";
import { rowsToDraw, stretchesOf } from "../src/report/rows-to-draw.ts";
import { texts } from "../src/texts/languages.ts";

describe("rows to draw", () => {
  test("all rows if they are few; otherwise a few in ascending order, with every extreme", () => {
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

  test("the worst stretch has the largest residuals", () => {
    const measured = new Float64Array(5000);
    const predicted = new Float64Array(5000);
    predicted.fill(3, 3100, 3400);
    measured.fill(Number.NaN, 4000, 4100);
    const { first, last, worst } = stretchesOf(measured, predicted, [[1000, 5000]]);
    expect([first, last]).toEqual([
      [1000, 1400],
      [4600, 5000],
    ]);
    expect(worst[0]).toBeLessThanOrEqual(3100);
    expect(worst[1]).toBeGreaterThanOrEqual(3400);
  });

  test.each([20, 60, 1440, 5000])(
    "if only every %dth row is measured, it contains several measured values",
    (every) => {
      const rows = 20 * every;
      const measured = new Float64Array(rows).fill(Number.NaN);
      const predicted = new Float64Array(rows);
      for (let row = 7; row < rows; row += every) measured[row] = row > 11 * every && row < 15 * every ? 5 : 0.1;
      const { worst } = stretchesOf(measured, predicted, [[0, rows]]);
      const inside = measured.subarray(...worst).filter((value) => !Number.isNaN(value));
      expect(inside.length).toBeGreaterThanOrEqual(7);
      expect(inside.filter((value) => value === 5).length).toBe(4);
    },
  );

  test("it is within one range, even if that is the last, short one", () => {
    const measured = new Float64Array(1000);
    const predicted = new Float64Array(1000);
    predicted.fill(2, 480, 520); // between the ranges
    predicted.fill(1, 970);
    expect(
      stretchesOf(measured, predicted, [
        [0, 480],
        [520, 800],
        [960, 1000],
      ]),
    ).toEqual({
      first: [0, 80],
      last: [960, 1000],
      worst: [960, 1000],
    });
  });

  test("without measured values, it is the first stretch", () => {
    const none = new Float64Array(300).fill(Number.NaN);
    expect(stretchesOf(none, none, [[0, 300]]).worst).toEqual([0, 60]);
  });

  test("downsamples a stretch of very many rows", () => {
    const line = Float64Array.from({ length: 100_000 }, (_, i) => i % 7);
    expect(rowsToDraw([line], [[10_000, 60_000]], 1000).length).toBeLessThan(4000);
  });
});

describe("the autocorrelation of residuals", () => {
  // A first-order autoregressive process has the autocorrelation φ^k.
  const autoregressive = (length: number, phi: number) => {
    let [seed, e] = [1, 0];
    return Float64Array.from({ length }, () => {
      let noise = -6;
      for (let i = 0; i < 12; i++) {
        seed = (seed * 16807) % 2147483647;
        noise += seed / 2147483647;
      }
      e = phi * e + noise;
      return e;
    });
  };

  test("of a sparse target has lags from one measured value to the next", () => {
    const values = autoregressive(4000, 0.8);
    const sparse = new Float64Array(4000 * 60).fill(Number.NaN);
    for (const [i, value] of values.entries()) sparse[60 * i + 7] = value;
    const dense = correlogram([values]);
    expect(correlogram([sparse])).toEqual({ ...dense, rowsApart: 60 });
    expect(dense.rowsApart).toBe(1);
    expect(dense.values[0]).toBeCloseTo(0.8, 1);
    expect(dense.values[1]).toBeCloseTo(0.64, 1);
  });

  test("never compares the end of one series with the start of the next", () => {
    const [before, behind] = [new Float64Array(300), new Float64Array(300)];
    [before[299], behind[0]] = [100, 100]; // as neighbours, they would give a correlation of 0.5
    expect(correlogram([before, behind]).values[0]).toBeCloseTo(0, 1);
    expect(correlogram([Float64Array.of(1, 2), Float64Array.of(3, 4)]).values).toHaveLength(1);
  });

  test("of constant, single or no residuals is empty", () => {
    expect(correlogram([new Float64Array(50)]).values.every((value) => value === null)).toBe(true);
    expect(correlogram([Float64Array.of(1)]).values).toEqual([]);
    expect(correlogram([]).values).toEqual([]);
  });
});

test("formats numbers, counts, durations and times for readers", () => {
  expect([0, 0.123456, 1234.56, 1e7, 1e-7, Number.NaN].map((value) => number(value))).toEqual([
    "0",
    "0.1235",
    "1235",
    "1e+7",
    "1e-7",
    "–",
  ]);
  expect([fixed(-0.0001, 3), fixed(0.5, 3), count(1234567), percent(0.004), percent(0.16)]).toEqual([
    "0.000",
    "0.500",
    "1,234,567",
    "0.4 %",
    "16 %",
  ]);
  expect([250, 4000, 5_400_000, 86_400_000].map((ms) => duration(ms, texts.en))).toEqual([
    "250 ms",
    "4 s",
    "1.5 h",
    "1 day",
  ]);
  expect(duration(4000, texts.zh)).toBe("4 秒");
  // A duration that rounds up to the next unit is written in that unit.
  expect([999.9, 59_999, 3_599_990, 86_399_999, 61_000, Number.NaN].map((ms) => duration(ms, texts.en))).toEqual([
    "1 s",
    "1 min",
    "1 h",
    "1 day",
    "1.02 min",
    "–",
  ]);
  expect([0.4, 655, 1400, 59_400, 61_000, 200_000, 5e6].map((ms) => roughDuration(ms, texts.en))).toEqual([
    "1 s",
    "1 s",
    "1 s",
    "59 s",
    "1 min",
    "3.3 min",
    "1.4 h",
  ]);
  expect([Infinity, -Infinity, Number.NaN, -0].map((value) => number(value))).toEqual(["∞", "-∞", "–", "0"]);
  expect([Infinity, -9142.18, -0].map((value) => fixed(value, 3))).toEqual(["∞", "-9142", "0.000"]);
  expect([0, 1e-7, 0.0961, 0.0996, 0.999, 1].map(percent)).toEqual([
    "0 %",
    "< 0.01 %",
    "10 %",
    "10 %",
    "> 99.5 %",
    "100 %",
  ]);
  const start = Date.UTC(2024, 4, 31);
  expect([0, 60_000, 1000, 1].map((ms) => moment(start + ms))).toEqual([
    "2024-05-31",
    "2024-05-31 00:01",
    "2024-05-31 00:00:01",
    "2024-05-31 00:00:00.001",
  ]);
  expect(["level [V]", "T (°C)", "u", "f(x) of y"].map(unitOf)).toEqual(["V", "°C", undefined, undefined]);
  const units = [
    "V",
    "km/h",
    "m/s²",
    "µg/m^3",
    "kWh",
    "%",
    "MW",
    "ppm",
    "kg m-3",
    "l/min",
    "mm",
    "W/m2",
    "rpm",
    "mbar",
    "1/min",
  ];
  expect(units.map((unit) => unitOf(`x(${unit})`))).toEqual(units);
  const remarks = ["CO(GT)", "PT08.S1(CO)", "T (mean)", "T (raw)", "y (filtered)", "p (set)", "pump (1)", "x (2)"];
  expect(remarks.filter((name) => unitOf(name) !== undefined)).toEqual([]);
});
