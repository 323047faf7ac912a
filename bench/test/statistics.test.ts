// The statistics of measurements: medians, spreads, ratios, agreement and bends.
import { expect, test } from "vitest";
import { bendOf, disagreement, median, quantile, ratio, summarize } from "../harness/statistics.ts";

test("the median is the middle value, or the mean of the two middle values", () => {
  expect(median([30, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 30])).toBe(3);
  expect(median([10, 9, 100])).toBe(10); // by number, not by spelling
  expect(() => median([])).toThrow("received none");
});

test("a percentile is between its neighbours, and the input is not reordered", () => {
  const values = [5, 4, 3, 2, 1];
  expect(quantile(values, 0.99)).toBeCloseTo(4.96);
  expect(quantile(values, 0)).toBe(1);
  expect(values).toEqual([5, 4, 3, 2, 1]);
});

test("a summary has the median, and the lowest and highest round", () => {
  expect(summarize([3, 9, 2])).toEqual({ median: 3, lowest: 2, highest: 9 });
});

test("a ratio is taken within rounds, so that a slow round cancels out", () => {
  expect(ratio([10, 1000, 20], [1, 100, 2])).toBe(10);
  expect(ratio([10], [2, 100, 100])).toBe(5); // who ran one round is compared in that round
  expect(ratio([6, 8, 10], [2])).toBe(3);
});

test("values agree relative to the largest of them, and NaN agrees with nothing", () => {
  expect(disagreement([1, 0.001], [1, 0.002])).toBeCloseTo(0.001);
  expect(disagreement([2], [2, 3, 4])).toBe(0);
  expect(disagreement([1, Number.NaN], [1, 1])).toBeNaN();
});

test("a curve bends where constant overhead turns into proportional cost", () => {
  const sizes = [1, 2, 4, 8, 16, 32, 64];
  const bend = bendOf(
    sizes,
    sizes.map((size) => (size <= 8 ? 5 : (5 * size) / 8)),
  );
  expect(bend.at).toBe(8);
  expect(bend.before).toBeCloseTo(0);
  expect(bend.after).toBeCloseTo(1);
  expect(() => bendOf([1, 2], [1, 2])).toThrow("received 2");
});
