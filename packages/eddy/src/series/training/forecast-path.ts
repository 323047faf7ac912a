/** The choice of a forecast's path: what the model corrects, and in which units, is validated on the blocks. */
import type { Frame } from "../data/frame.ts";
import type { Rows } from "../data/rows.ts";
import { derive } from "../forecast/derived-columns.ts";
import { original } from "../forecast/own-past.ts";
import { derivedInputs, type ForecastPlan, judgedSteps, judgedTargets, stepName } from "../forecast/plan.ts";
import { networkOptions } from "../network/sizes.ts";
import type { Paced } from "../pace.ts";
import { autocorrelation } from "../scores/metrics.ts";
import type { TrainOptions } from "../settings/options.ts";
import { foldNetworks, meanOf, predictHeldOut } from "./combination.ts";
import { resolveModelOptions } from "./defaults.ts";
import { prepare } from "./preparation.ts";

/** The longest season that is looked for, and the share of the rows that it may take. */
const longestSeason = 400;
const seasonShare = 1 / 3;
/** Autocorrelation of the changes from row to row, above which a lag is a season. */
const minCorrelation = 0.2;

/**
 * The season of a series: the lag at which the changes from row to row resemble themselves most. Of several multiples, which are
 * about as good, the first; undefined if there is none.
 */
export function findSeason(values: Float64Array): number | undefined {
  const changes = values.subarray(1).map((value, i) => value - values[i]);
  const lags = Math.min(longestSeason, Math.floor(changes.length * seasonShare));
  if (lags < 3) return undefined;
  const correlation = autocorrelation(changes, lags);
  const peaks = Array.from({ length: lags - 2 }, (_, i) => i + 2).filter(
    (lag) =>
      correlation[lag] > minCorrelation &&
      correlation[lag] >= correlation[lag - 1] &&
      (lag === lags || correlation[lag] >= correlation[lag + 1]),
  );
  const highest = Math.max(...peaks.map((lag) => correlation[lag]));
  return peaks.find((lag) => correlation[lag] >= 0.85 * highest);
}

/** A path, and the mean of the logarithms of its mean squared errors over blocks and targets. */
export interface JudgedPath extends Pick<ForecastPlan, "path" | "transform"> {
  error: number;
}

/**
 * Compares plans by the linear filter alone, with the calendar left out, and returns them in order of their errors.
 *
 * @param plans differ in path and transformation.
 */
export function* judgePaths(
  frame: Frame,
  plans: readonly ForecastPlan[],
  options: Omit<TrainOptions, "inputs" | "targets" | "forecast">,
): Paced<JudgedPath[]> {
  const judged: (JudgedPath & { errors: number[] })[] = [];
  for (const { calendar: _, ...rest } of plans) {
    const plan: ForecastPlan = { ...rest, calendar: [] };
    const { path, transform } = plan;
    judged.push({ path, transform, error: 0, errors: yield* errorsOf(frame, plan, options) });
    yield;
  }
  // Every plan is judged by the blocks that all of them could forecast.
  const known = judged[0].errors.flatMap((_, i) => (judged.every(({ errors }) => !Number.isNaN(errors[i])) ? [i] : []));
  return judged
    .map(({ errors, ...rest }) => ({ ...rest, error: meanOf(known.map((i) => errors[i])).mean }))
    .sort((a, b) => a.error - b.error);
}

/** For each block and judged target, the logarithm of the mean squared error in the data's units. */
function* errorsOf(
  frame: Frame,
  plan: ForecastPlan,
  options: Omit<TrainOptions, "inputs" | "targets" | "forecast">,
): Paced<number[]> {
  const { frame: derived, anchors } = derive(frame, plan, true);
  const settings = { ...options, inputs: derivedInputs(plan), targets: judgedTargets(plan), forecast: plan };
  const resolved = resolveModelOptions(settings, 0);
  const { folds, validationData } = yield* prepare(resolved, derived, options, undefined, true);
  const sizes = networkOptions(resolved);
  const { filter } = yield* predictHeldOut(validationData, foldNetworks(folds, sizes, []));
  const { center, scale } = validationData.targetScaler;
  const judged = plan.targets.flatMap((target, j) => judgedSteps(plan).map((step) => ({ target, j, step })));
  const meanError = (rows: readonly Rows[], place: number) => {
    const { target, j, step } = judged[place];
    const measured = frame.column(target);
    const names = derived.column(stepName(target, step));
    let [sum, count] = [0, 0];
    for (const { start, end } of rows) {
      for (let row = start; row < end; row++) {
        if (Number.isNaN(names[row])) continue;
        const change = filter[row * judged.length + place] * scale[place] + center[place];
        const anchor = anchors[(row * plan.targets.length + j) * plan.horizon + step - 1];
        const error = original(anchor + change, plan) - measured[row + step];
        if (Number.isNaN(error)) continue;
        sum += error * error;
        count++;
      }
    }
    return count === 0 ? Number.NaN : Math.log(Math.max(sum / count, Number.MIN_VALUE));
  };
  return folds.flatMap(({ validated }) => judged.map((_, place) => meanError(validated, place)));
}
