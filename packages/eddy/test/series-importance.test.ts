/** Permutation importance: on a system with a strong, a weak and an irrelevant input, of which the true importance is known. */
import {
  type DataError,
  Frame,
  type FrameOptions,
  type Importance,
  importance,
  importanceAsync,
  type Model,
} from "eddy/series";
import { beforeAll, describe, expect, test } from "vitest";
import { noise, short, trained } from "./series-data.ts";

const rows = 1200;
const gaugeNoise = 0.3;

/** A signal that jumps now and then. */
function steps(seed: number, length = rows): Float64Array {
  const random = noise(2 * length, seed);
  const values = new Float64Array(length);
  for (let t = 0; t < length; t++) values[t] = t === 0 || random[2 * t] > 0.7 ? random[2 * t + 1] : values[t - 1];
  return values;
}

/** c_t = 0.8 c_{t−1} + gain · u_t: the share of one input in the target. */
function lagged(u: Float64Array, gain: number): Float64Array {
  let state = 0;
  return u.map((value) => (state = 0.8 * state + gain * value));
}

/** Columns whose target is the sum of both shares and of the gauge's noise. */
function columnsOf(seed: number, length = rows) {
  const strong = steps(seed, length);
  const weak = steps(seed + 1, length);
  const [a, b, error] = [lagged(strong, 1), lagged(weak, 0.2), noise(length, seed + 2)];
  const y = a.map((value, t) => value + b[t] + gaugeNoise * error[t]);
  return { irrelevant: steps(seed + 3, length), strong, weak, y };
}

const frameOf = (seed: number, options: FrameOptions = {}, length = rows) =>
  new Frame(columnsOf(seed, length), options);
const inputs = ["irrelevant", "weak", "strong"];
const settings = { inputs, targets: ["y"], cell: "gru" as const, hiddenSize: 8, epochs: 40, restarts: 0, chunk: 50 };

const namesOf = ({ perTarget }: Importance, target = "y") => perTarget[target].inputs.map(({ input }) => input);
const ratiosOf = ({ perTarget }: Importance, target = "y") =>
  Object.fromEntries(perTarget[target].inputs.map(({ input, ratio }) => [input, ratio.mean]));

describe("the importance of a strong, a weak and an irrelevant input", () => {
  let model: Model;
  beforeAll(async () => {
    ({ model } = await trained({ ...settings, seed: 1 }, frameOf(10)));
  }, 60_000);

  test.each([1, 2, 3])(
    "is ranked right by the model of seed %i",
    async (seed) => {
      const { model: other } = await trained({ ...settings, seed }, frameOf(20 * seed));
      for (const shuffled of [1, 2, 3, 4]) {
        const measured = importance(other, frameOf(500), { seed: shuffled });
        expect(namesOf(measured)).toEqual(["strong", "weak", "irrelevant"]);
        const { strong, weak, irrelevant } = ratiosOf(measured);
        expect(strong).toBeGreaterThan(3);
        expect(weak).toBeGreaterThan(1.1);
        expect(Math.abs(irrelevant - 1)).toBeLessThan(0.05);
      }
    },
    60_000,
  );

  test("agrees with the variance of each share: MSE + 2 Var(share)", () => {
    const { strong, weak } = columnsOf(500);
    const { perTarget } = importance(model, frameOf(500), { shuffles: 40 });
    const { rmse, inputs: found } = perTarget.y;
    for (const [name, share] of [
      ["strong", lagged(strong, 1)],
      ["weak", lagged(weak, 0.2)],
    ] as const) {
      const mean = share.reduce((sum, value) => sum + value, 0) / rows;
      const variance = share.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rows;
      const expected = Math.sqrt(rmse ** 2 + 2 * variance) / rmse;
      const { ratio, increase } = found.find(({ input }) => input === name)!;
      expect(Math.abs(ratio.mean / expected - 1)).toBeLessThan(0.1);
      expect(increase.mean).toBeCloseTo((ratio.mean - 1) * rmse, 10);
      expect(increase.standardError).toBeCloseTo(ratio.standardError * rmse, 10);
      expect(ratio.standardError).toBeLessThan(0.05 * ratio.mean);
    }
  });

  test("is the same for the same seed, also in turns, and another for another seed", async () => {
    const frame = frameOf(500);
    const first = importance(model, frame, { seed: 5 });
    expect(importance(model, frame, { seed: 5 })).toEqual(first);
    expect(await importanceAsync(model, frame, { seed: 5 })).toEqual(first);
    expect(importance(model, frame, { seed: 6 })).not.toEqual(first);
    await expect(importanceAsync(model, frame, { signal: { aborted: true, reason: "enough" } })).rejects.toBe("enough");
  });

  test("is measured on blocks of four memory horizons, without the first one", () => {
    const { blocks, blockRows, settlingRows, scoredRows } = importance(model, frameOf(500));
    expect(blockRows).toBe(Math.min(4 * settlingRows, rows / 10));
    expect(blocks).toBe(Math.floor(rows / blockRows));
    expect(scoredRows).toBe(blocks * (blockRows - settlingRows));
  });

  test("of a long frame predicts a bounded number of rows", () => {
    const { scoredRows, blocks, blockRows, perTarget } = importance(model, frameOf(500, {}, 100_000));
    expect(blocks * blockRows).toBeLessThanOrEqual(2 ** 19 / inputs.length / 10);
    expect(scoredRows).toBeGreaterThan(10_000);
    const { mean, standardError } = perTarget.y.inputs[0].ratio;
    expect(standardError).toBeLessThan(0.05 * mean);
  });

  test("uses only the given rows, and shorter blocks if they are few", () => {
    const frame = frameOf(500);
    const part = importance(model, frame, { rows: [{ start: 900, end: 1100 }] });
    expect(part.blockRows * part.blocks).toBeLessThanOrEqual(200);
    expect(part.blocks).toBeGreaterThanOrEqual(5);
    expect(namesOf(part)).toEqual(["strong", "weak", "irrelevant"]);
    const spoiled = frame.with({ y: frame.column("y").map((value, t) => (t < 900 || t >= 1100 ? 1e9 : value)) });
    expect(importance(model, spoiled, { rows: [{ start: 900, end: 1100 }] })).toEqual(part);
  });

  test("exchanges values only within a series", () => {
    const { strong, ...columns } = columnsOf(500);
    const raised = strong.map((value, t) => (t < rows / 2 ? value : value + 1000));
    const group = Array.from(raised, (_, t) => (t < rows / 2 ? "a" : "b"));
    // A value of the other series would be far outside the range, and the error with it.
    const constant = new Frame({ ...columns, strong: raised.map((_, t) => (t < rows / 2 ? 0 : 1000)) }, { group });
    const measured = importance(model, constant).perTarget.y.inputs.find(({ input }) => input === "strong")!;
    expect(measured.ratio).toEqual({ mean: 1, standardError: 0 });
    const ungrouped = importance(model, new Frame({ ...columns, strong: constant.column("strong") }));
    expect(ratiosOf(ungrouped).strong).not.toBe(1);
  });

  test("skips missing inputs and targets", () => {
    const { strong, y, ...columns } = columnsOf(500);
    const frame = new Frame({
      ...columns,
      strong: strong.map((value, t) => (t % 300 === 299 ? Number.NaN : value)),
      y: y.map((value, t) => (t % 5 === 0 ? value : Number.NaN)),
    });
    const measured = importance(model, frame);
    expect(namesOf(measured)).toEqual(["strong", "weak", "irrelevant"]);
    expect(measured.perTarget.y.rmse).toBeLessThan(0.5);
  });

  test("cannot be measured without the target, on too few rows, or without measured values", () => {
    const { y, ...columns } = columnsOf(500);
    const codeOf = (call: () => unknown) => {
      try {
        call();
      } catch (error) {
        return (error as DataError).code;
      }
      return undefined;
    };
    expect(codeOf(() => importance(model, new Frame(columns)))).toBe("missing-columns");
    expect(codeOf(() => importance(model, frameOf(500).slice(0, 39)))).toBe("short-segments");
    expect(codeOf(() => importance(model, frameOf(500), { rows: [{ start: 5, end: 40 }] }))).toBe("short-segments");
    expect(codeOf(() => importance(model, frameOf(500), { rows: [] }))).toBe("short-segments");
    const unmeasured = new Frame({ ...columns, y: y.map(() => Number.NaN) });
    expect(codeOf(() => importance(model, unmeasured))).toBe("nothing-to-score");
    for (const wrong of [{ shuffles: 1 }, { seed: 0.5 }, { rows: [{ start: 5, end: 4 }] }, { blocks: 3 }]) {
      expect(() => importance(model, frameOf(500), wrong as object)).toThrow(/^importance: expected/);
    }
  });

  test("of one input, and of several targets of which one is not measured", async () => {
    const { strong, weak, y } = columnsOf(10);
    const targets = { 2: y, 1: lagged(weak, 1) };
    const two = await trained(
      { ...settings, inputs: ["strong", "weak"], targets: ["2", "1"] },
      new Frame({ strong, weak, ...targets }),
    );
    const measured = importance(two.model, new Frame({ strong, weak, ...targets }));
    expect([namesOf(measured, "2")[0], namesOf(measured, "1")[0]]).toEqual(["strong", "weak"]);
    const half = importance(two.model, new Frame({ strong, weak, 2: y, 1: y.map(() => Number.NaN) }));
    expect(half.perTarget["2"]).toEqual(measured.perTarget["2"]);
    expect(half.perTarget["1"].rmse).toBeNaN();
    const one = await trained({ ...settings, ...short, inputs: ["strong"] }, frameOf(10));
    expect(namesOf(importance(one.model, frameOf(500)))).toEqual(["strong"]);
  }, 30_000);
});
