/** The baselines of a regression, with which every model is compared. The task `classify` will add its own next to this file. */
import type { Paced } from "../pace.ts";
import { type FilterRows, fitLinearFilter, type LinearFilter } from "./linear-filter.ts";

/** Fitted on the same rows as the network. */
export interface Baselines {
  /** The mean of each target, in scaled units. */
  mean: number[];
  linear: LinearFilter;
}

/**
 * Fits the mean and the linear filter on training rows.
 *
 * @param choices restricts the search for the filter, to fit a selected one to other rows.
 */
export function* fitBaselines(
  train: FilterRows,
  validation: FilterRows,
  inputs: number,
  targets: number,
  choices: { taps?: number; ridge?: number } = {},
): Paced<Baselines> {
  return {
    mean: meanTargets(train, targets),
    linear: yield* fitLinearFilter(train, validation, inputs, targets, choices),
  };
}

/** Each target's mean over the training rows that are scored, in scaled units. */
function meanTargets(train: FilterRows, width: number): number[] {
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
