/** The combination of the trained networks and the linear filter: the common length of training, and the networks' share. */
import { countRows, intersect, type Rows } from "../data/rows.ts";
import type { ScaledFrame } from "../data/scaled-frame.ts";
import type { CalibrationErrors } from "../intervals/intervals.ts";
import { Ensemble } from "../network/ensemble.ts";
import { knownStates, withInferredStates } from "../network/initial-state.ts";
import { drawNetwork } from "../network/network.ts";
import { predictWindows } from "../network/predict-windows.ts";
import type { Predictor } from "../network/predictor.ts";
import type { NetworkOptions } from "../network/sizes.ts";
import type { Paced } from "../pace.ts";
import { windowsIn } from "../scores/subset.ts";
import { cutBlocks } from "./blocks.ts";
import { minRows } from "./defaults.ts";
import { meanOf } from "./mean.ts";
import { unpackWeights } from "./packed.ts";
import type { Fold } from "./preparation.ts";
import type { TrainingProgress } from "./training-loop.ts";

/** A network that has been validated at least once. */
export interface ValidatedNetwork {
  /** From 0. */
  network: number;
  progress: TrainingProgress;
}

/**
 * The length of training for all networks: the epoch at which the product of their validation errors is smallest, if it is smaller
 * than at the end by more than the standard error; otherwise the end, for which the learning rate was planned.
 *
 * Blocks differ in difficulty, so that ratios of errors matter, and one network's luck on its own block does not.
 */
export function commonLength(networks: readonly ValidatedNetwork[]): number {
  const epochs = networks.flatMap(({ progress }) => progress.snapshots.map(({ epoch }) => epoch));
  const end = Math.max(0, ...epochs);
  const logErrors = (epoch: number) => networks.map(({ progress }) => Math.log(validationAt(progress, epoch).error));
  const atEnd = logErrors(end);
  let [best, smallest] = [end, 0];
  for (const epoch of [...new Set(epochs)].sort((a, b) => a - b)) {
    const { mean, standardError } = meanOf(logErrors(epoch).map((error, k) => error - atEnd[k]));
    if (mean < smallest && mean < -standardError) [best, smallest] = [epoch, mean];
  }
  return best;
}

/** The last kept snapshot of a network up to an epoch, or its first one. */
function snapshotAt({ snapshots }: TrainingProgress, epoch: number) {
  return snapshots.findLast((snapshot) => snapshot.epoch <= epoch) ?? snapshots[0];
}

/** The validation of a network's snapshot at an epoch. */
export function validationAt(progress: TrainingProgress, epoch: number) {
  const snapshot = snapshotAt(progress, epoch);
  return progress.validations.find((validation) => validation.epoch === snapshot.epoch)!;
}

/** The weights of a network at an epoch. */
export function weightsAt(progress: TrainingProgress, epoch: number): Float32Array {
  return snapshotAt(progress, epoch).weights;
}

/** A network for predictions. */
export function predictorWith(options: NetworkOptions, weights: Float32Array): Predictor {
  const network = drawNetwork(options, 0);
  unpackWeights(network, weights);
  return network.predictor;
}

/** What was predicted for validation rows by networks and filters that had not seen them, in scaled units; NaN elsewhere. */
export interface HeldOutPredictions {
  /** (rows of the frame, targets) */
  networks: Float32Array;
  filter: Float32Array;
}

/** The networks of one fold, as an ensemble of the networks alone. */
interface FoldNetworks {
  fold: Fold;
  ensemble: Ensemble;
}

/** Predicts the validation rows of each fold by its networks and by its filter, with the state carried from the rows before. */
export function* predictHeldOut(data: ScaledFrame, folds: readonly FoldNetworks[]): Paced<HeldOutPredictions> {
  const out = noPredictions(data, folds);
  for (const { fold, ensemble } of folds) {
    const windows = checksOf(fold, data.segments).flatMap((rows) => windowsIn(data.segments, rows));
    yield* predictWindows(new Ensemble(ensemble.options, fold.filter), data.x, windows, out.filter);
    yield* predictWindows(ensemble, data.x, windows, out.networks);
  }
  return out;
}

/** How a state is inferred: from the first rows of each part, with the errors that were made with a carried state. */
export interface Inference {
  rows: number;
  /** The training rows. */
  segments: readonly Rows[];
  x: Float32Array;
  carried: HeldOutPredictions;
}

/** The same with a new state at the start of each part, as for another file. */
export function* predictFromNewStates(
  data: ScaledFrame,
  folds: readonly FoldNetworks[],
  inference: Inference | undefined,
): Paced<HeldOutPredictions> {
  const out = noPredictions(data, folds);
  for (const { fold, ensemble } of folds) {
    const windows = checksOf(fold, data.segments).flatMap((rows) =>
      windowsIn(data.segments, rows).map((window) => ({ ...window, warmUpStart: window.start })),
    );
    for (const [name, own] of [
      ["filter", new Ensemble(ensemble.options, fold.filter)],
      ["networks", ensemble],
    ] as const) {
      if (inference === undefined) {
        yield* predictWindows(own, data.x, windows, out[name]);
        continue;
      }
      const { rows, segments, x, carried } = inference;
      const known = yield* knownStates(own, x, segments);
      const first = {
        x: data.x,
        y: data.measured,
        rows,
        typical: typicalErrors(data, carried[name], ensemble.options),
      };
      yield* predictWindows(own, data.x, withInferredStates(own, known, first, windows), out[name]);
      // These rows have seen their targets.
      const width = ensemble.options.targetSize;
      for (const { start, end } of windows)
        out[name].fill(Number.NaN, start * width, Math.min(end, start + rows) * width);
    }
  }
  return out;
}

function noPredictions({ frame }: ScaledFrame, folds: readonly FoldNetworks[]): HeldOutPredictions {
  const empty = () => new Float32Array(frame.length * folds[0].ensemble.options.targetSize).fill(Number.NaN);
  return { networks: empty(), filter: empty() };
}

/** The root mean square of each target's errors. */
function typicalErrors({ y }: ScaledFrame, predicted: Float32Array, { targetSize }: NetworkOptions): number[] {
  return Array.from({ length: targetSize }, (_, target) => {
    let [sum, count] = [0, 0];
    for (let at = target; at < y.length; at += targetSize) {
      const error = predicted[at] - y[at];
      if (Number.isNaN(error)) continue;
      sum += error * error;
      count++;
    }
    return count === 0 ? 1 : Math.sqrt(sum / count);
  });
}

/** The networks of each fold that has any, as an ensemble of the networks alone; without networks, the filters alone. */
export function foldNetworks(
  folds: readonly Fold[],
  options: NetworkOptions,
  networks: readonly { network: number; predictor: Predictor }[],
): FoldNetworks[] {
  if (networks.length === 0) return folds.map((fold) => ({ fold, ensemble: new Ensemble(options, fold.filter) }));
  return folds.flatMap((fold, k) => {
    const own = networks.filter(({ network }) => network % folds.length === k).map(({ predictor }) => predictor);
    if (own.length === 0) return [];
    return [{ fold, ensemble: new Ensemble(options, fold.filter, own, Array(options.targetSize).fill(1)) }];
  });
}

/** Parts of the only validation that are checked separately. */
const checkCount = 4;

/** The parts of a fold's validation rows for each of which a share is determined. */
function checksOf({ validated, divided }: Fold, segments: readonly Rows[]): (readonly Rows[])[] {
  if (!divided) return [validated];
  const rows = intersect(segments, validated);
  return cutBlocks(rows, Math.max(1, Math.min(checkCount, Math.floor(countRows(rows) / minRows))), () => true);
}

/** The predictions of one check with one kind of start. */
interface Check {
  rows: readonly Rows[];
  predictions: HeldOutPredictions;
}

const checksIn = (
  data: ScaledFrame,
  folds: readonly FoldNetworks[],
  predictions: readonly HeldOutPredictions[],
): Check[] =>
  folds.flatMap(({ fold }) =>
    checksOf(fold, data.segments).flatMap((rows) => predictions.map((own) => ({ rows, predictions: own }))),
  );

/** Sums over the rows of a check that have a target: of squared errors of the filter, of corrections, and of their products. */
interface Sums {
  count: number;
  errors: number;
  products: number;
  corrections: number;
}

function sumsOf(data: ScaledFrame, { rows, predictions }: Check, target: number, width: number): Sums {
  const { networks, filter } = predictions;
  const sums: Sums = { count: 0, errors: 0, products: 0, corrections: 0 };
  for (const { start, end } of rows) {
    for (let at = start * width + target; at < end * width; at += width) {
      const correction = networks[at] - filter[at];
      const error = data.y[at] - filter[at];
      if (Number.isNaN(correction * error)) continue;
      sums.count++;
      sums.errors += error * error;
      sums.products += correction * error;
      sums.corrections += correction * correction;
    }
  }
  return sums;
}

/** The logarithm of the mean squared error with a share of the networks. */
function logError({ count, errors, products, corrections }: Sums, share: number): number {
  const squares = errors - 2 * share * products + share * share * corrections;
  return Math.log(Math.max(squares / count, minError));
}

/** Smaller mean squared errors are rounding. */
const minError = 1e-12;

/**
 * Networks that reduce the logarithm of the squared error by less, 1 % of the RMSE, add nothing. Most of a forecast's error is what
 * nothing could predict, in common with the filter.
 */
const minGain = 0.02;
const minForecastGain = 0.01;

/**
 * The share of the networks for each target, from 0 (the filter alone) to 1. The larger of two cautious choices, by blocks:
 *
 * - the mean of the shares that minimise the squared error of each block, less c standard errors: where the blocks disagree, the
 *   filter is preferred;
 * - the smallest share whose mean logarithm of the error is within c standard errors of the best: where the networks are much
 *   better, the rest of the filter would be most of the error.
 *
 * c is 2 for networks that are no better than the filter, and less in the ratio by which the best share reduces the blocks' errors.
 * The share is 0 if it gains too little. The steps of a forecast have one share. The idea of the simplest choice within standard errors of
 * the best: Breiman, Friedman, Olshen and Stone, Classification and Regression Trees (1984).
 *
 * @param horizon steps of each target of a forecast; 1 for other models.
 */
export function sharesOf(
  data: ScaledFrame,
  folds: readonly FoldNetworks[],
  predictions: HeldOutPredictions,
  horizon = 1,
): number[] {
  const width = folds[0].ensemble.options.targetSize;
  const checks = checksIn(data, folds, [predictions]);
  return Array.from({ length: width / horizon }, (_, target) => {
    const steps = Array.from({ length: horizon }, (_, step) => target * horizon + step);
    const sums = checks.map((check) =>
      steps.map((step) => sumsOf(data, check, step, width)).filter(({ corrections }) => corrections > 0),
    );
    const present = sums.filter(({ length }) => length > 0);
    return Array<number>(horizon).fill(cautiousShare(present, horizon > 1 ? minForecastGain : minGain));
  }).flat();
}

/** Standard errors by which the filter is preferred, where the networks are no better. */
const maxCaution = 2;

/** Shares that are compared, from 0 to 1. */
const comparedShares = Array.from({ length: 101 }, (_, k) => k / 100);

/** @param checks for each check, the sums of each step. */
function cautiousShare(checks: readonly (readonly Sums[])[], leastGain: number): number {
  if (checks.length === 0) return 0;
  const errorOf = (steps: readonly Sums[], share: number) => meanOf(steps.map((own) => logError(own, share))).mean;
  const errors = comparedShares.map((share) => checks.map((steps) => errorOf(steps, share)));
  const means = errors.map((own) => meanOf(own).mean);
  const best = errors[means.indexOf(Math.min(...means))];
  const ratio = meanOf(best.map((error, i) => Math.exp((error - errors[0][i]) / 2))).mean;
  const caution = maxCaution * Math.min(1, ratio);
  const good = errors.findIndex((own) => {
    const { mean, standardError } = meanOf(own.map((error, i) => error - best[i]));
    return mean <= caution * standardError;
  });
  const { mean, standardError } = meanOf(checks.map(bestShare));
  const share = Math.max(0, mean - caution * standardError, comparedShares[good]);
  const gain = means[0] - meanOf(checks.map((steps) => errorOf(steps, share))).mean;
  return gain >= leastGain ? share : 0;
}

/** The share from 0 to 1 that minimises the squared errors of all steps, each relative to the filter's. */
function bestShare(steps: readonly Sums[]): number {
  let [products, corrections] = [0, 0];
  for (const own of steps) {
    const weight = steps.length === 1 ? 1 : 1 / Math.max(own.errors, own.count * minError);
    products += own.products * weight;
    corrections += own.corrections * weight;
  }
  return Math.max(0, Math.min(1, products / corrections));
}

/** For each check and target, the logarithm of the mean squared error with these shares, in scaled units; NaN without a value. */
export function combinationErrors(
  data: ScaledFrame,
  folds: readonly FoldNetworks[],
  predictions: readonly HeldOutPredictions[],
  shares: readonly number[],
): number[] {
  return checksIn(data, folds, predictions).flatMap((check) =>
    shares.map((share, target) => {
      const sums = sumsOf(data, check, target, shares.length);
      return sums.count === 0 ? Number.NaN : logError(sums, share);
    }),
  );
}

/** Rows by which intervals are calibrated at most, and how they are taken: pieces, each after a warm-up. */
const calibration = { maxRows: 20_000, pieceRows: 1000, warmUpRows: 500 };

/** The errors of the combination on rows that it had not seen, with carried and with new states. */
export function* calibrationErrors(
  data: ScaledFrame,
  folds: readonly FoldNetworks[],
  predictions: readonly HeldOutPredictions[],
  ensemble: Ensemble,
): Paced<CalibrationErrors> {
  const { share } = ensemble;
  const { maxRows, pieceRows, warmUpRows } = calibration;
  const windows = windowsIn(
    data.segments,
    folds.flatMap(({ fold }) => fold.validated).sort((a, b) => a.start - b.start),
  ).flatMap(({ warmUpStart, start, end }) =>
    Array.from({ length: Math.ceil((end - start) / pieceRows) }, (_, piece) => {
      const from = start + piece * pieceRows;
      return {
        warmUpStart: Math.max(warmUpStart, from - warmUpRows),
        start: from,
        end: Math.min(end, from + pieceRows),
      };
    }),
  );
  const step = Math.max(1, Math.ceil(countRows(windows) / maxRows));
  const taken = windows.filter((_, k) => k % step === 0);
  const numbers = (width: number) => new Float32Array(data.frame.length * width);
  const [out, spread, outside] = [numbers(share.length), numbers(share.length), numbers(1)];
  yield* predictWindows(ensemble, data.x, taken, out, 0, [spread, outside]);
  const byTarget = () => share.map((): number[] => []);
  const result: CalibrationErrors = { errors: byTarget(), spreads: byTarget(), outsides: byTarget() };
  for (const { networks, filter } of predictions) {
    for (const { start, end } of taken) {
      for (let row = start; row < end; row++) {
        for (const [target, ofNetworks] of share.entries()) {
          const at = row * share.length + target;
          const error = (1 - ofNetworks) * filter[at] + ofNetworks * networks[at] - data.y[at];
          if (Number.isNaN(error)) continue;
          result.errors[target].push(error);
          result.spreads[target].push(spread[at]);
          result.outsides[target].push(outside[row]);
        }
      }
    }
  }
  return result;
}
