/** The choice of a forecast's path: what the model corrects, and in which units, is validated on the blocks. */
import type { Frame } from "../data/frame.ts";
import { derive } from "../forecast/derived-columns.ts";
import { original } from "../forecast/own-past.ts";
import { derivedInputs, type ForecastPlan, judgedSteps, judgedTargets, stepName } from "../forecast/plan.ts";
import { networkOptions } from "../network/sizes.ts";
import type { Paced } from "../pace.ts";
import { autocorrelation } from "../scores/metrics.ts";
import type { TrainOptions } from "../settings/options.ts";
import { foldNetworks, predictHeldOut } from "./combination.ts";
import { resolveModelOptions } from "./defaults.ts";
import { meanOf } from "./mean.ts";
import { prepare } from "./preparation.ts";

/** The longest season that is looked for, and the share of the rows that it may take. */
const longestSeason = 400;
const seasonShare = 1 / 3;
/**
 * The autocorrelation of a season at least, and by how much it must exceed that of some smaller lag: this, or four standard errors of
 * white noise if that is more.
 */
const minCorrelation = 0.1;
const minStandardErrors = 4;
/** The autocorrelation of values that are mostly their season. */
const clearCorrelation = 0.5;

/**
 * The season of a series: the lag at which the values without their straight trend clearly resemble themselves, or else, where slow
 * drift hides it, the changes from row to row. Of several multiples, which are about as good, the first; undefined if there is none.
 */
export function findSeason(values: Float64Array): number | undefined {
  const changes = values.subarray(1).map((value, i) => value - values[i]);
  const level = withoutTrend(values);
  return repetitionOf(level, clearCorrelation) ?? repetitionOf(changes) ?? repetitionOf(level);
}

function repetitionOf(values: Float64Array, minimum = minCorrelation): number | undefined {
  const lags = Math.min(longestSeason, Math.floor(values.length * seasonShare));
  if (lags < 3) return undefined;
  const correlation = autocorrelation(values, lags);
  const least = Math.max(minimum, minStandardErrors / Math.sqrt(values.length));
  let smallest = correlation[1];
  const peaks: number[] = [];
  for (let lag = 2; lag < lags; lag++) {
    const own = correlation[lag];
    smallest = Math.min(smallest, own);
    const isPeak = own >= correlation[lag - 1] && own >= correlation[lag + 1];
    if (isPeak && own > least && own - smallest > least) peaks.push(lag);
  }
  const highest = Math.max(...peaks.map((lag) => correlation[lag]));
  return peaks.find((lag) => correlation[lag] >= 0.85 * highest);
}

/** Values minus the straight line through them, by least squares. */
function withoutTrend(values: Float64Array): Float64Array {
  let [count, t1, y1, t2, ty] = [0, 0, 0, 0, 0];
  for (const [t, y] of values.entries()) {
    if (Number.isNaN(y)) continue;
    count++;
    t1 += t;
    y1 += y;
    t2 += t * t;
    ty += t * y;
  }
  const slope = (count * ty - t1 * y1) / (count * t2 - t1 * t1);
  return values.map((y, t) => y - slope * t);
}

/** Parts of the rows in which paths are compared; rougher parts count no more than calmer ones. */
const comparedParts = 8;
/** The mean squared error of a part, relative to that of the first path on all rows, that counts as none. */
const exactError = 1e-6;

/** A path, and the mean of the logarithms of its mean squared errors over parts of the rows and targets. */
export interface JudgedPath extends Pick<ForecastPlan, "path" | "transform"> {
  error: number;
}

/**
 * Compares plans by the linear filter alone, with the calendar left out, and returns the chosen one and then the others in order of
 * their errors. Another plan than the first must be better by more than the standard error of the difference, since the best of
 * several is lucky, too.
 *
 * @param plans differ in path and transformation; the simplest first.
 */
export function* judgePaths(
  frame: Frame,
  plans: readonly ForecastPlan[],
  options: Omit<TrainOptions, "inputs" | "targets" | "forecast">,
): Paced<JudgedPath[]> {
  const judged: { plan: ForecastPlan; squares: Float64Array }[] = [];
  for (const { calendar: _, ...rest } of plans) {
    const plan: ForecastPlan = { ...rest, calendar: [] };
    judged.push({ plan, squares: yield* squaresOf(frame, plan, options) });
    yield;
  }
  const width = judged[0].squares.length / frame.length;
  // The paths are compared on the rows that all of them could forecast; they differ in how much of the past they need.
  const common = [...judged[0].squares.keys()].filter((at) =>
    judged.every(({ squares }) => !Number.isNaN(squares[at])),
  );
  const parts = Array.from({ length: comparedParts * width }, (): number[] => []);
  for (const at of common) {
    const part = Math.floor((comparedParts * Math.floor(at / width)) / frame.length);
    parts[part * width + (at % width)].push(at);
  }
  const stepsOf = Array.from({ length: comparedParts }, (_, part) =>
    parts.slice(part * width, (part + 1) * width).filter((places) => places.length > 0),
  ).filter((steps) => steps.length > 0);
  const all = meanOf(common.map((at) => judged[0].squares[at])).mean;
  /** Smaller errors are no better: a part that is forecast exactly, such as nights without sun, must not decide alone. */
  const floor = Math.max(exactError * all, Number.MIN_VALUE);
  /** For each part, the mean over the steps, whose errors are much alike. */
  const logErrors = judged.map(({ squares }) =>
    stepsOf.map((steps) => {
      const logs = steps.map((places) => {
        const sum = places.reduce((total, at) => total + squares[at], 0);
        return Math.log(Math.max(sum / places.length, floor));
      });
      return meanOf(logs).mean;
    }),
  );
  const [first] = logErrors;
  let [chosen, smallest] = [0, 0];
  for (const [i, own] of logErrors.entries()) {
    const { mean, standardError } = meanOf(own.map((error, part) => error - first[part]));
    if (mean < smallest && mean < -standardError) [chosen, smallest] = [i, mean];
  }
  const paths = judged.map(
    ({ plan: { path, transform } }, i): JudgedPath => ({ path, transform, error: meanOf(logErrors[i]).mean }),
  );
  const others = paths.filter((_, i) => i !== chosen).sort((one, other) => one.error - other.error);
  return [paths[chosen], ...others];
}

/** (rows, judged targets): the squared errors in the data's units; NaN where nothing was predicted from other blocks. */
function* squaresOf(
  frame: Frame,
  plan: ForecastPlan,
  options: Omit<TrainOptions, "inputs" | "targets" | "forecast">,
): Paced<Float64Array> {
  const { frame: derived, anchors } = derive(frame, plan, true);
  const settings = { ...options, inputs: derivedInputs(plan), targets: judgedTargets(plan), forecast: plan };
  const resolved = resolveModelOptions(settings, 0);
  const { folds, validationData } = yield* prepare(resolved, derived, options, undefined, undefined, true);
  const sizes = networkOptions(resolved);
  const { filter } = yield* predictHeldOut(validationData, foldNetworks(folds, sizes, []));
  const { center, scale } = validationData.targetScaler;
  const judged = plan.targets.flatMap((target, j) => judgedSteps(plan).map((step) => ({ target, j, step })));
  const changes = judged.map(({ target, step }) => derived.column(stepName(target, step)));
  const width = judged.length;
  const squares = new Float64Array(frame.length * width).fill(Number.NaN);
  for (const { start, end } of folds.flatMap(({ validated }) => validated)) {
    for (let row = start; row < end; row++) {
      for (const [place, { target, j, step }] of judged.entries()) {
        // Where the horizon ends or the past is missing, there is no change.
        if (Number.isNaN(changes[place][row])) continue;
        const change = filter[row * width + place] * scale[place] + center[place];
        const anchor = anchors[(row * plan.targets.length + j) * plan.horizon + step - 1];
        squares[row * width + place] = (original(anchor + change, plan) - frame.column(target)[row + step]) ** 2;
      }
    }
    yield;
  }
  return squares;
}
