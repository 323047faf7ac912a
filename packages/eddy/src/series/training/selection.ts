/** The selection: one of the variants, the length of their training, and the share of the networks; and the scores of that model. */
import { bounded } from "../data/bounds.ts";
import { featureNames } from "../data/features.ts";
import { Frame } from "../data/frame.ts";
import { scaled, unscaledColumn } from "../data/scaler.ts";
import type { ModelParts, WrittenRecord } from "../file/model-parts.ts";
import { calibrated, defaultLevel } from "../intervals/intervals.ts";
import { predictedColumns } from "../intervals/predicted-columns.ts";
import { Ensemble } from "../network/ensemble.ts";
import { knownStates } from "../network/initial-state.ts";
import { networkOptions } from "../network/sizes.ts";
import type { Paced } from "../pace.ts";
import type { CurvePoint, StopReason, TrainingSummary } from "../record/report.ts";
import { type Comparison, compare, comparePredictions } from "../scores/comparison.ts";
import { coverageOf } from "../scores/coverage.ts";
import { rivalryOf } from "../scores/rivalry.ts";
import type { Subset } from "../scores/subset.ts";
import type { ResolvedModelOptions, TrainingOptions } from "../settings/options.ts";
import { validationShare } from "../settings/settings.ts";
import {
  calibrationErrors,
  combinationErrors,
  commonLength,
  foldNetworks,
  type HeldOutPredictions,
  predictFromNewStates,
  predictHeldOut,
  predictorWith,
  sharesOf,
  type ValidatedNetwork,
  validationAt,
  weightsAt,
} from "./combination.ts";
import { meanOf } from "./mean.ts";
import type { Prepared } from "./preparation.ts";
import { type NetworkState, type StartedJob, type TrainingState, validatedProgress } from "./training-state.ts";

/** The networks of a variant, combined with the filter. */
interface Combination {
  variant: number;
  networks: ValidatedNetwork[];
  /** The common length of training. */
  epoch: number;
  /** For each target. */
  share: number[];
  /** What the networks and the filters of each block predicted for it. */
  heldOut: HeldOutPredictions;
  /** The logarithms of the mean squared errors of each block and target, by which variants are compared. */
  errors: number[];
  model: ModelParts;
}

/** The model that a training selects, with its summary. */
export interface Selected extends Combination {
  summary: TrainingSummary;
}

/** The networks of a variant that have been validated. */
export function validatedNetworks({ networks }: TrainingState, variant: number): ValidatedNetwork[] {
  return networks.flatMap((own) => {
    const { index: network, half } = own;
    const progress = validatedProgress(own);
    return own.variant === variant && half === undefined && progress !== undefined ? [{ network, progress }] : [];
  });
}

/**
 * The best variant. Another one than the first must be better by more than the standard error of the difference, since the best of
 * several is lucky, too. Of an unfinished training, only variants with the most networks are compared.
 */
export function* selectedModel(prepared: Prepared, state: TrainingState): Paced<Combination> {
  const networks = state.variants.map((_, variant) => validatedNetworks(state, variant));
  const most = Math.max(...networks.map(({ length }) => length));
  const combinations: Combination[] = [];
  for (const [variant, own] of networks.entries()) {
    if (own.length === most) combinations.push(yield* combinationOf(prepared, state, variant, own));
  }
  const [first] = combinations;
  let [best, smallest] = [first, 0];
  for (const combination of combinations) {
    const { mean, standardError } = meanOf(combination.errors.map((error, i) => error - first.errors[i]));
    if (mean < smallest && mean < -standardError) [best, smallest] = [combination, mean];
  }
  return best;
}

/** The filter and the networks of the first variant with their latest weights, for a look at what has been learned so far. */
export function draftOf(prepared: Prepared, state: TrainingState): ModelParts | undefined {
  const [{ options }] = state.variants;
  const networks = validatedNetworks(state, 0);
  if (networks.length === 0) return undefined;
  const predictors = networks.map(({ progress }) =>
    predictorWith(networkOptions(options), progress.snapshots[progress.snapshots.length - 1].weights),
  );
  const share = options.targets.map(() => 1);
  const ensemble = ensembleOf(prepared, options, predictors, share);
  return modelParts(prepared, options, { ensemble, intervals: undefined, known: undefined }, undefined);
}

function* combinationOf(
  prepared: Prepared,
  { variants }: TrainingState,
  variant: number,
  networks: ValidatedNetwork[],
): Paced<Combination> {
  const { options } = variants[variant];
  const { folds, validationData } = prepared;
  const sizes = networkOptions(options);
  const epoch = commonLength(networks);
  const predictors = networks.map(({ network, progress }) => ({
    network,
    predictor: predictorWith(sizes, weightsAt(progress, epoch)),
  }));
  const byFold = foldNetworks(folds, sizes, predictors);
  const { data, segments } = prepared;
  const heldOut = yield* predictHeldOut(validationData, byFold);
  const rows = options.initialWindow;
  const inference = rows === 0 ? undefined : { rows, segments, x: data.x, carried: heldOut };
  const both = [heldOut, yield* predictFromNewStates(validationData, byFold, inference)];
  // A new state is an exception: once in a file, not in each block.
  const share = sharesOf(validationData, byFold, heldOut, options.forecast?.horizon);
  const errors = combinationErrors(validationData, byFold, both, share);
  const ensemble = ensembleOf(
    prepared,
    options,
    predictors.map(({ predictor }) => predictor),
    share,
  );
  const intervals = calibrated(yield* calibrationErrors(validationData, byFold, both, ensemble), ensemble.range!);
  const known = rows === 0 ? undefined : yield* knownStates(ensemble, data.x, segments);
  const model = modelParts(prepared, options, { ensemble, intervals, known }, undefined);
  return { variant, networks, epoch, share, heldOut, errors, model };
}

/** An ensemble of the filter and the networks; where the networks add nothing, the model is the filter. */
export function ensembleOf(
  { baselines, inputsRange, inputScaler }: Pick<Prepared, "baselines" | "inputsRange" | "inputScaler">,
  options: ResolvedModelOptions,
  predictors: Ensemble["networks"],
  share: readonly number[],
): Ensemble {
  const kept = share.some((own) => own > 0) ? predictors : [];
  const bound = (of: "min" | "max") =>
    featureNames(options).map((name, i) => Math.fround(scaled(inputsRange[name][of], inputScaler, i)));
  const range = { min: bound("min"), max: bound("max") };
  return new Ensemble(networkOptions(options), baselines.linear, kept, share, range);
}

export function modelParts(
  {
    inputScaler,
    targetScaler,
    origin,
    baselines,
  }: Pick<Prepared, "inputScaler" | "targetScaler" | "origin" | "baselines">,
  options: ResolvedModelOptions,
  { ensemble, intervals, known }: Pick<ModelParts, "ensemble" | "intervals" | "known">,
  summary: TrainingSummary | undefined,
): ModelParts {
  const { mean, linear } = baselines;
  const record: WrittenRecord = JSON.parse(JSON.stringify({ baselines: { mean, ridge: linear.ridge }, summary }));
  return { options, inputScaler, targetScaler, ensemble, intervals, known, origin, record };
}

/** Combines the networks; the test part is scored only here. */
export function* combine({ options, from, prepared, state }: StartedJob): Paced<Selected> {
  const { train, folds, validation, test, baselines, merged, skipped, inputsRange, targetsRange } = prepared;
  const selected = yield* selectedModel(prepared, state);
  const { variant, networks, epoch, share, heldOut, model } = selected;
  const { options: modelOptions, settings } = state.variants[variant];
  const own = state.networks.filter((network) => network.variant === variant && network.half === undefined);
  const gain = yield* gainFromTwiceTheData(prepared, state, selected);
  const summary: TrainingSummary = {
    rows: {
      train: train.rows,
      validation: validation.rows,
      test: test?.rows ?? 0,
      ...(merged.length > 0 && { merged }),
    },
    skipped,
    validation: yield* scoreHeldOut(prepared, modelOptions, heldOut, share),
    ...(test && (yield* testScores(test, model, baselines))),
    ...(from && { previous: yield* comparedWith(from, prepared, selected, modelOptions) }),
    curve: curveOf(networks),
    bestEpoch: epoch,
    networks: own.map((network) => {
      const { seed, progress, stopped = "signal" } = network;
      const validated = validatedProgress(network);
      const rmse = validated === undefined ? null : validationAt(validated, epoch).rmse;
      return { seed, epochs: progress?.trainer.epoch ?? 0, rmse, stopped };
    }),
    trained: state.networks.filter(({ progress }) => progress !== undefined).length,
    ...(gain !== undefined && { gainFromTwiceTheData: gain }),
    share: Object.fromEntries(modelOptions.targets.map((target, j) => [target, share[j]])),
    elapsedMs: state.elapsedMs,
    notes: [...state.notes],
    stopped: options.signal?.aborted ? "signal" : stopReasonOf(own),
    settings: {
      ...modelOptions,
      ...settings,
      validation: validationOf(options.validation, folds.length),
      test: options.test instanceof Frame ? "frame" : (options.test ?? 0),
    },
    inputsRange,
    targetsRange,
  };
  return { ...selected, model: modelParts(prepared, modelOptions, model, summary), summary };
}

/** How much smaller the RMSE was for networks and filters that learned from all remaining blocks than from half of them. */
function* gainFromTwiceTheData(
  { halfFolds, folds, validationData }: Prepared,
  state: TrainingState,
  { epoch, share }: Combination,
): Paced<number | undefined> {
  const { options } = state.variants[0];
  const sizes = networkOptions(options);
  const logRatios: number[] = [];
  for (const [position, fold] of halfFolds.entries()) {
    const errors: number[][] = [];
    for (const [half, own] of [
      [undefined, folds[fold.of]],
      [position, fold],
    ] as const) {
      const network = state.networks.find((one) => one.variant === 0 && one.index === fold.of && one.half === half);
      const progress = network && validatedProgress(network);
      if (progress === undefined) return undefined;
      const predictor = predictorWith(sizes, weightsAt(progress, epoch));
      const ensemble = new Ensemble(sizes, own.filter, [predictor], Array(sizes.targetSize).fill(1));
      const byFold = [{ fold: own, ensemble }];
      errors.push(combinationErrors(validationData, byFold, [yield* predictHeldOut(validationData, byFold)], share));
    }
    logRatios.push(...errors[0].map((error, i) => (error - errors[1][i]) / 2));
  }
  return logRatios.length === 0 ? undefined : 1 - Math.exp(meanOf(logRatios).mean);
}

function* testScores(
  test: Subset,
  model: ModelParts,
  baselines: Prepared["baselines"],
): Paced<Pick<TrainingSummary, "test" | "testFromZero" | "coverage">> {
  const { ensemble, options } = model;
  const windows = test.windowsFrom(model);
  const predictions = yield* test.predict(ensemble, windows);
  const [, spread] = predictions;
  const columns = predictedColumns(model, ...predictions, defaultLevel);
  const columnOf = (name: string) => columns.get(name)!;
  const scores = yield* test.scoreColumns(options.targets.map(columnOf));
  const comparison = yield* compare(test, ensemble, baselines, scores);
  return {
    test: comparison,
    ...(options.initialWindow > 0 && { testFromZero: yield* compare(test, ensemble, baselines) }),
    coverage: coverageOf(test, defaultLevel, columnOf, spread, model.targetScaler),
  };
}

/** The new model compared with the one that its training continued, on rows that neither has learned from. */
function* comparedWith(
  from: ModelParts,
  prepared: Prepared,
  { model, heldOut, share }: Combination,
  options: ResolvedModelOptions,
): Paced<NonNullable<TrainingSummary["previous"]>> {
  const { test, validation, targetScaler, keptFilter } = prepared;
  const part = test === undefined ? "validation" : "test";
  const rows = test ?? validation;
  const predictedBy = function* (parts: ModelParts) {
    return (yield* rows.predict(parts.ensemble, rows.windowsFrom(parts)))[0];
  };
  const inUnits = (scaled: Float32Array) =>
    options.targets.map((name, j) => bounded(unscaledColumn(targetScaler, scaled, j), options.bounds, name));
  const deployed = inUnits(yield* predictedBy(from));
  const candidate =
    test === undefined
      ? inUnits(combined(heldOut, share)).map((values) => values.subarray(validation.firstRow))
      : inUnits(yield* predictedBy(model));
  const measured = rows.scoredColumns();
  const columns = options.targets.map(
    (name, j) => [name, { measured: measured[j], deployed: deployed[j], candidate: candidate[j] }] as const,
  );
  return { ...(yield* rivalryOf(new Map(columns))), part, keptFilter };
}

/** Filter and networks, each with its share. */
const combined = ({ networks, filter }: HeldOutPredictions, share: readonly number[]): Float32Array =>
  filter.map((value, i) => {
    const ofNetworks = share[i % share.length];
    return ofNetworks === 0 ? value : (1 - ofNetworks) * value + ofNetworks * networks[i];
  });

/** The scores of what was predicted for the validation rows by networks and filters that had not seen them. */
function* scoreHeldOut(
  { validation, validationData, baselines }: Prepared,
  options: ResolvedModelOptions,
  heldOut: HeldOutPredictions,
  share: readonly number[],
): Paced<Comparison> {
  const { targetScaler } = validationData;
  const columns = (scaled: Float32Array) =>
    options.targets.map((_, j) => unscaledColumn(targetScaler, scaled, j).subarray(validation.firstRow));
  return yield* comparePredictions(
    validation,
    networkOptions(options),
    {
      model: columns(combined(heldOut, share)).map((values, j) => bounded(values, options.bounds, options.targets[j])),
      linear: columns(heldOut.filter),
    },
    baselines,
  );
}

/** The learning curve: means over the networks that were validated after an epoch. */
function curveOf(networks: readonly ValidatedNetwork[]): CurvePoint[] {
  const byEpoch = new Map<number, { losses: number[]; squares: number[] }>();
  for (const { epoch, loss, rmse } of networks.flatMap(({ progress }) => progress.validations)) {
    const point = byEpoch.get(epoch) ?? { losses: [], squares: [] };
    point.losses.push(loss);
    point.squares.push(rmse ** 2);
    byEpoch.set(epoch, point);
  }
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return [...byEpoch]
    .sort(([a], [b]) => a - b)
    .map(([epoch, { losses, squares }]) => ({ epoch, loss: mean(losses), validation: Math.sqrt(mean(squares)) }));
}

/** The reason that ended most networks; of several, the one that ended the first of them. */
function stopReasonOf(networks: readonly NetworkState[]): StopReason {
  const reasons = networks.flatMap(({ stopped }) => stopped ?? []);
  const count = (reason: StopReason) => reasons.filter((other) => other === reason).length;
  return reasons.reduce((most, reason) => (count(reason) > count(most) ? reason : most), reasons[0]);
}

function validationOf(validation: TrainingOptions["validation"], folds: number): number | "frame" | "blocks" {
  if (validation instanceof Frame) return "frame";
  return validation ?? (folds > 1 ? "blocks" : validationShare);
}
