/** Blocks, pieces, shares and the filters of the blocks, for any rows: against their definitions. */
import { Frame } from "eddy/series";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fitLinearFilter } from "../src/series/baselines/linear-filter.ts";
import { plainFeatures } from "../src/series/data/features.ts";
import { countRows, type Rows } from "../src/series/data/rows.ts";
import { scaleFrame } from "../src/series/data/scaled-frame.ts";
import { Ensemble } from "../src/series/network/ensemble.ts";
import type { NetworkOptions } from "../src/series/network/sizes.ts";
import { finish } from "../src/series/pace.ts";
import { Subset } from "../src/series/scores/subset.ts";
import { cutBlocks } from "../src/series/training/blocks.ts";
import { sharesOf } from "../src/series/training/combination.ts";
import { piecesOf } from "../src/series/training/lanes.ts";
import { noise } from "./series-data.ts";

/** Segments with gaps between them. */
const segments = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 3 })), { minLength: 1, maxLength: 6 })
  .map((lengths) => {
    let at = 0;
    return lengths.map(([rows, gap]): Rows => {
      const start = at + gap;
      at = start + rows;
      return { start, end: at };
    });
  });
const rowsOf = (ranges: readonly Rows[]) =>
  ranges.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, i) => start + i));

test("blocks contain every row once, in order, and equally many usable ones", () => {
  const modulus = fc.integer({ min: 1, max: 5 });
  fc.assert(
    fc.property(segments, fc.integer({ min: 1, max: 9 }), modulus, fc.nat(4), (ranges, count, every, offset) => {
      const isUsable = (row: number) => (row + offset) % every === 0;
      const blocks = cutBlocks(ranges, count, isUsable);
      expect(rowsOf(blocks.flat())).toEqual(rowsOf(ranges));
      const usable = blocks.map((block) => rowsOf(block).filter(isUsable).length);
      const total = usable.reduce((sum, own) => sum + own, 0);
      expect(blocks.length).toBeLessThanOrEqual(count);
      if (total >= count) {
        expect(blocks.length).toBe(count);
        for (const own of usable) expect(Math.abs(own - total / count)).toBeLessThan(1);
      }
    }),
  );
});

/** The part of a range before a row. */
const clipped = ({ start, end }: Rows, before: number): Rows => ({
  start,
  end: Math.max(start, Math.min(end, before)),
});

test("pieces contain every row once, keep to their segments and have equal lengths, apart from the ends of segments", () => {
  fc.assert(
    fc.property(segments, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (ranges, share) => {
      const pieces = piecesOf(ranges, share);
      expect(pieces.map((own) => rowsOf(own))).toEqual(ranges.map((range) => rowsOf([range])));
      const length = Math.ceil(countRows(ranges) / 4);
      const first = Math.max(1, Math.round(share * length));
      // Counted over all segments, the cuts are one length apart.
      const cuts = pieces.flat().map((own) => countRows(ranges.map((range) => clipped(range, own.end))));
      for (let cut = first; cut < countRows(ranges); cut += length) expect(cuts).toContain(cut);
      const ends = ranges.map(({ end }) => countRows(ranges.map((range) => clipped(range, end))));
      expect(cuts.filter((cut) => (cut - first) % length !== 0 && !ends.includes(cut))).toEqual([]);
    }),
  );
});

const unit = (width: number) => ({
  kind: "standard" as const,
  center: Array<number>(width).fill(0),
  scale: Array<number>(width).fill(1),
});

/** Rows of a frame with `inputs` inputs, whose scaled units are the data's. */
function dataOf(y: Float64Array, inputs: number, segmentStarts: readonly number[] = []) {
  const names = Array.from({ length: inputs }, (_, i) => `u${i}`);
  const columns = Object.fromEntries(names.map((name, i) => [name, noise(y.length, 20 + i)]));
  for (const row of segmentStarts) columns.u0[row] = Number.NaN;
  const options = { features: plainFeatures(names), targets: ["y"], washout: 0 };
  const scalers = { inputScaler: unit(inputs), targetScaler: unit(1) };
  return finish(scaleFrame(new Frame({ ...columns, y }), options, scalers));
}

describe("the share", () => {
  const sizes: NetworkOptions = {
    ...{ cell: "rnn", inputSize: 1, hiddenSize: 1, numLayers: 1, targetSize: 1 },
    ...{ linear: false, initialState: "zero" },
  };
  const filter = { taps: 1, ridge: 1, weights: [[0, 0]] };
  const ensemble = new Ensemble(sizes, filter);
  const [rows, blockRows] = [80, 20];
  const folds = Array.from({ length: rows / blockRows }, (_, k) => {
    const validated = [{ start: k * blockRows, end: (k + 1) * blockRows }];
    return { fold: { heldOut: validated, validated, divided: false, filter }, ensemble };
  });
  /** The share of networks that predict the truth divided by a number for each block, next to a filter that predicts 0. */
  const shareFor = (optimal: readonly number[], scatter = 0) => {
    const y = Float64Array.from(noise(rows), (value) => value + 2);
    const networks = Float32Array.from(y, (value, row) => value / optimal[Math.floor(row / blockRows)]);
    for (const [row, own] of noise(rows, 9).entries()) networks[row] += scatter * own;
    const predictions = { networks, filter: new Float32Array(rows) };
    return sharesOf(dataOf(y, 1), folds, predictions)[0];
  };

  test("is the best one where all blocks agree, within 0 and 1", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.2, max: 3, noNaN: true }), (optimal) => {
        const share = shareFor([optimal, optimal, optimal, optimal]);
        expect(Math.abs(share - Math.min(1, optimal))).toBeLessThanOrEqual(0.0051); // compared in steps of 0.01
      }),
    );
    expect(shareFor([-1, -1, -1, -1])).toBe(0);
  });

  test("is at least the mean less two standard errors where they disagree, and at most the largest", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.3, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }), (optimal) => {
        const mean = optimal.reduce((sum, own) => sum + own, 0) / 4;
        const error = Math.sqrt(optimal.reduce((sum, own) => sum + (own - mean) ** 2, 0) / 3 / 4);
        const share = shareFor(optimal);
        expect(share).toBeGreaterThanOrEqual(mean - 2 * error - 1e-5);
        expect(share).toBeLessThanOrEqual(Math.max(...optimal) + 0.01); // compared in steps of 0.01
      }),
    );
  });

  test("is 0 where the networks help in one block only, or gain too little", () => {
    expect(shareFor([1, -1, -1, -1])).toBe(0);
    expect(shareFor([0.2, 0.2, 0.2, 0.2])).toBeGreaterThan(0);
    // A twentieth of the truth, in noise.
    expect(shareFor([20, 20, 20, 20], 0.3)).toBeGreaterThan(0);
    expect(shareFor([20, 20, 20, 20], 3)).toBe(0);
  });

  test("is 0 without any value, and never beyond 0 and 1", () => {
    const missing = new Float64Array(rows).fill(Number.NaN);
    const predictions = { networks: Float32Array.from(noise(rows)), filter: new Float32Array(rows) };
    expect(sharesOf(dataOf(missing, 1), folds, predictions)).toEqual([0]);
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (a, b) => {
        const random = { networks: Float32Array.from(noise(rows, a)), filter: Float32Array.from(noise(rows, b)) };
        const [share] = sharesOf(dataOf(noise(rows, 3), 1), folds, random);
        expect(share >= 0 && share <= 1).toBe(true);
      }),
    );
  });
});

describe("the filters of the blocks", () => {
  /** Least squares by Gaussian elimination with pivoting of the normal equations of an explicit design matrix. */
  function direct(design: number[][], y: number[], penalties: number[]): number[] {
    const size = penalties.length;
    const a = penalties.map((penalty, i) => [
      ...penalties.map((_, j) => design.reduce((sum, row) => sum + row[i] * row[j], i === j ? penalty : 0)),
      design.reduce((sum, row, t) => sum + row[i] * y[t], 0),
    ]);
    for (let i = 0; i < size; i++) {
      const pivot = a.slice(i).reduce((best, row, k) => (Math.abs(row[i]) > Math.abs(a[best][i]) ? i + k : best), i);
      [a[i], a[pivot]] = [a[pivot], a[i]];
      for (let k = 0; k < size; k++) {
        if (k === i) continue;
        const factor = a[k][i] / a[i][i];
        for (let j = i; j <= size; j++) a[k][j] -= factor * a[i][j];
      }
    }
    return a.map((row, i) => row[size] / row[i]);
  }

  test.each([
    [1, 1],
    [3, 1],
    [2, 2],
    [4, 3],
  ])("%i taps of %i inputs equal a direct solution on the other blocks", (taps, inputs) => {
    const rows = 120;
    const y = noise(rows, 4).map((value, row) => (row % 11 === 3 ? Number.NaN : value));
    const data = dataOf(y, inputs, [0, 50]);
    const blocks = cutBlocks(data.segments, 3, (row) => !Number.isNaN(y[row]));
    const parts = blocks.map((block) => new Subset(data, block, ["y"], 0));
    const folds = [0, 1, 2].map((k) => ({ fitted: [0, 1, 2].filter((other) => other !== k), validated: [k] }));
    const ridge = 0.01;
    const fitted = finish(fitLinearFilter(parts, folds, inputs, 1, { choices: [{ taps, ridge }] }));

    /** The current row, then earlier ones; those before the start of a segment are 0. */
    const lagsOf = (row: number) => {
      const { start } = data.segments.find((segment) => segment.start <= row && row < segment.end)!;
      return Array.from({ length: taps * inputs }, (_, place) => {
        const from = row - Math.floor(place / inputs);
        return from < start ? 0 : data.x[from * inputs + (place % inputs)];
      });
    };
    const expected = (positions: readonly number[]) => {
      const used = rowsOf(positions.flatMap((at) => blocks[at])).filter((row) => !Number.isNaN(y[row]));
      const design = used.map((row) => [1, ...lagsOf(row)]);
      const squares = design.reduce((sum, [, ...lags]) => sum + lags.reduce((own, lag) => own + lag * lag, 0), 0);
      const penalty = (ridge * squares) / (taps * inputs);
      const measured = used.map((row) => data.y[row]);
      return direct(design, measured, [0, ...Array<number>(taps * inputs).fill(penalty)]);
    };
    for (const [k, { weights }] of fitted.folds.entries()) {
      for (const [i, weight] of expected(folds[k].fitted).entries()) expect(weights[0][i]).toBeCloseTo(weight, 6);
    }
    for (const [i, weight] of expected([0, 1, 2]).entries()) expect(fitted.filter.weights[0][i]).toBeCloseTo(weight, 6);
  });

  test("length and strength have the smallest error over all blocks", () => {
    const u = noise(600, 20);
    const y = u.map((own, t) => own - 0.7 * (u[t - 1] ?? 0) + 0.4 * (u[t - 2] ?? 0) + 0.05 * noise(600, 6)[t]);
    const data = dataOf(y, 1);
    const parts = cutBlocks(data.segments, 4, () => true).map((block) => new Subset(data, block, ["y"], 0));
    const folds = [0, 1, 2, 3].map((k) => ({ fitted: [0, 1, 2, 3].filter((other) => other !== k), validated: [k] }));
    const { filter } = finish(fitLinearFilter(parts, folds, 1, 1));
    expect([filter.taps, filter.ridge < 0.01]).toEqual([3, true]);
    expect(Array.from(filter.weights[0])).toEqual([0, 1, -0.7, 0.4].map((weight) => expect.closeTo(weight, 1)));
  });
});
