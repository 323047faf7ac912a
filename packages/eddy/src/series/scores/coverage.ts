/** The coverage of prediction intervals on a subset. */
import { boundNames } from "../intervals/intervals.ts";
import type { Coverage, Subset } from "./subset.ts";

/** For each target; `columnOf` returns the bounds by name, from the subset's first row. */
export function coverageOf(
  subset: Subset,
  level: number,
  columnOf: (name: string) => Float64Array,
): Record<string, Coverage> {
  const { targets } = subset;
  return Object.fromEntries(
    targets.map((target) => {
      const [low, high] = boundNames(target, targets).map(columnOf);
      return [target, { level, ...subset.coverage(target, low, high) }];
    }),
  );
}
