/** The baselines of a regression, with which every model is compared. The task `classify` will add its own next to this file. */
import type { FilterRows, LinearFilter } from "./linear-filter.ts";

/** Fitted on the same rows as the networks. */
export interface Baselines {
  /** The mean of each target, in scaled units. */
  mean: number[];
  linear: LinearFilter;
}

/** Each target's mean over the training rows that are scored, in scaled units. */
export function meanTargets(train: FilterRows, width: number): number[] {
  const { y } = train;
  return Array.from({ length: width }, (_, target) => {
    let [sum, count] = [0, 0];
    for (const { start, end } of train.windowsWith([target])) {
      for (let row = start; row < end; row++) sum += y[row * width + target];
      count += end - start;
    }
    return count === 0 ? 0 : sum / count;
  });
}
