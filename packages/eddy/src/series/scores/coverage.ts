/** The coverage of prediction intervals on a subset. */
import type { Scaler } from "../data/scaler.ts";
import { boundNames } from "../intervals/intervals.ts";
import type { Coverage, Subset } from "./subset.ts";

/**
 * For each target; all values start at the subset's first row.
 *
 * @param columnOf returns the bounds by name. @param spread of the networks (rows, targets), scaled.
 */
export function coverageOf(
  subset: Subset,
  level: number,
  columnOf: (name: string) => Float64Array,
  spread: Float32Array,
  { scale }: Pick<Scaler, "scale">,
): Record<string, Coverage> {
  const { targets } = subset;
  return Object.fromEntries(
    targets.map((target, j) => {
      const [low, high] = boundNames(target, targets).map(columnOf);
      const ownSpread = Float64Array.from(low, (_, row) => scale[j] * spread[row * targets.length + j]);
      return [target, { level, ...subset.coverage(target, low, high, ownSpread) }];
    }),
  );
}
