/** The columns of a prediction in the data's units: each target, and the bounds of its interval. */
import { rule } from "../../nn/options.ts";
import { type Bounds, bounded } from "../data/bounds.ts";
import { type Scaler, unscaled } from "../data/scaler.ts";
import { boundNames, type Intervals, maxLevel, minLevel, scoreAt, widthOf } from "./intervals.ts";

/** The rule for a `level` option. */
export const levelRule = rule<number | false>(
  `a number from ${minLevel} to ${maxLevel}, or false for no intervals`,
  (value) => value === false || (typeof value === "number" && value >= minLevel && value <= maxLevel),
);

/** What a prediction needs to know of its model. */
interface Predicting {
  options: { targets: readonly string[]; bounds: Bounds };
  targetScaler: Scaler;
  intervals?: Intervals | undefined;
}

/**
 * The columns of scaled predictions (rows, targets), by name, within the bounds of their targets.
 *
 * @param spread (rows, targets). @param outside (rows).
 * @param level the probability of the intervals; false for none.
 */
export function predictedColumns(
  { options: { targets, bounds }, targetScaler, intervals }: Predicting,
  predicted: Float32Array,
  spread: Float32Array,
  outside: Float32Array,
  level: number | false,
): Map<string, Float64Array> {
  const columns = new Map<string, Float64Array>();
  const scores = intervals && level !== false ? scoreAt(intervals, level) : undefined;
  const rows = outside.length;
  for (const [j, target] of targets.entries()) {
    const values = Float64Array.from({ length: rows }, (_, row) =>
      unscaled(predicted[row * targets.length + j], targetScaler, j),
    );
    const limited = (column: Float64Array) => bounded(column, bounds, target);
    columns.set(target, limited(values));
    if (scores === undefined) continue;
    const [low, high] = boundNames(target, targets);
    const typical = intervals!.typical[j];
    const half = Float64Array.from({ length: rows }, (_, row) => {
      const width = widthOf(typical, spread[row * targets.length + j], outside[row]);
      return scores[j] * width * targetScaler.scale[j];
    });
    columns.set(low, limited(values.map((value, row) => value - half[row])));
    columns.set(high, limited(values.map((value, row) => value + half[row])));
  }
  return columns;
}
