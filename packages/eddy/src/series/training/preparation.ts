/** Preparation of a training: split, scalers, scaled rows and baselines, and notes on merged and excluded data. */
import { type Baselines, meanTargets } from "../baselines/baselines.ts";
import {
  type FilterChoice,
  type FilterFold,
  type FilterSearch,
  fitLinearFilter,
  type LinearFilter,
} from "../baselines/linear-filter.ts";
import { checkFrame } from "../data/check-frame.ts";
import { featureNames, featureRows } from "../data/features.ts";
import { concatenated, Frame } from "../data/frame.ts";
import { copyOfSource, type Origin } from "../data/origin.ts";
import { intersect, type Rows } from "../data/rows.ts";
import { columnsOf, hasTarget, type ScaledFrame, type Scalers, scaleFrame } from "../data/scaled-frame.ts";
import type { ColumnRange } from "../data/scaler.ts";
import type { ModelParts } from "../file/model-parts.ts";
import { comparedRows } from "../forecast/own-past.ts";
import { filterLimits, judgedTargets } from "../forecast/plan.ts";
import { Ensemble } from "../network/ensemble.ts";
import { networkOptions } from "../network/sizes.ts";
import type { Paced } from "../pace.ts";
import type { Note, NoteOf } from "../record/notes.ts";
import { baselinesOf } from "../record/record-schema.ts";
import type { SkippedRows } from "../record/report.ts";
import { countsOf, notesOnBounds, notesOnRows } from "../record/row-notes.ts";
import { Subset } from "../scores/subset.ts";
import type { ResolvedModelOptions, TrainingOptions } from "../settings/options.ts";
import { defaultOf, trainingSettings, validationShare } from "../settings/settings.ts";
import { type Block, commonPeriods, cutBlocks, cutBlocksInTime, withReach } from "./blocks.ts";
import { minRows, type PlannedOptions, resolveModelOptions } from "./defaults.ts";
import { type Fingerprints, fingerprintOf, splitFingerprint, weightsFingerprint } from "./fingerprint.ts";
import { fitScaler } from "./fit-scaler.ts";
import { meanOf } from "./mean.ts";
import { planFeatures } from "./plan-features.ts";
import { chronologicalSplit, mergingSplit, trainableRows } from "./split.ts";
import { trainingError } from "./words.ts";

/** One division of the rows into those that networks learn from and those that validate them. */
export interface Fold {
  /** Training rows whose targets are excluded from the loss; empty if the validation rows are no training rows. */
  heldOut: readonly Rows[];
  validated: readonly Rows[];
  /** Whether it is the only fold, whose validation rows are divided into parts. */
  divided: boolean;
  /** The linear filter, fitted without the validation rows. */
  filter: LinearFilter;
}

/** A fold in which only every other of the remaining blocks is learned from, to see how much the amount of data matters. */
interface HalfFold extends Fold {
  /** The position of the whole fold. */
  of: number;
}

/** The data of a training, and what its summary reports about the data. */
export interface Prepared extends Scalers {
  /** What the settings of the model could not say before the data was seen. */
  planned: Pick<ResolvedModelOptions, "features" | "gaps">;
  /** Whether the filter is that of the model from which the training continues. */
  keptFilter: boolean;
  data: ScaledFrame;
  /** The uninterrupted training rows. */
  segments: Rows[];
  train: Subset;
  folds: Fold[];
  /** Empty with fewer than four blocks. */
  halfFolds: HalfFold[];
  /** The frame of the validation rows, and all of these rows. */
  validationData: ScaledFrame;
  validation: Subset;
  test: Subset | undefined;
  baselines: Baselines;
  /** The filters whose mean the linear baseline is. */
  averaged: readonly FilterChoice[];
  origin: Origin;
  fingerprints: Fingerprints;
  merged: Note[];
  skipped: SkippedRows;
  notes: Note[];
  inputsRange: Record<string, ColumnRange>;
  targetsRange: Record<string, ColumnRange>;
}

/**
 * Splits and scales the data and fits the linear filter; the scalers use training rows only.
 *
 * @param given the options of the model without defaults.
 * @param resumedFolds the number of folds of the resumed training, whose number of networks need not be given again.
 * @param quick fits only short filters, to compare paths of a forecast.
 */
export function* prepare(
  given: PlannedOptions,
  frame: Frame,
  training: TrainingOptions,
  from?: ModelParts,
  resumedFolds?: number,
  quick = false,
): Paced<Prepared> {
  const resolved = resolveModelOptions(given, 0);
  const { inputs, targets, washout, initialWindow } = resolved;
  const columns = [...inputs, ...targets];
  const separate = {
    validation: training.validation instanceof Frame ? training.validation : undefined,
    test: training.test instanceof Frame ? training.test : undefined,
  };
  const interval = checkFrame("train", frame, columns);
  const origin: Origin = { ...interval, ...(training.source && { source: copyOfSource(training.source) }) };
  for (const [part, other] of Object.entries(separate)) {
    if (other !== undefined) checkFrame(`train, ${part}`, other, columns, origin);
  }

  const testShare = training.test instanceof Frame ? 0 : (training.test ?? 0);
  const planned =
    from === undefined
      ? yield* planFeatures(frame, resolved, given, chronologicalSplit(frame, { test: testShare }).train)
      : { features: from.options.features, gaps: from.options.gaps };
  const options = { ...resolved, ...planned };
  const rows = yield* featureRows("train", frame, options, targets);
  const networks =
    resumedFolds ??
    training.networks ??
    (from?.ensemble.networks.length || undefined) ??
    defaultOf(trainingSettings.networks, { trainRows: frame.length * (1 - testShare) });
  /** Rows by which the targets of a row reach ahead. */
  const reach = options.forecast?.horizon ?? 0;
  const minBlockRows = Math.max(minRows, Math.ceil(1.5 * reach));
  const periodOf = reach === 0 ? undefined : commonPeriods(rows.frame, interval.stepMs);
  const blockCount =
    training.validation === undefined && networks > 1
      ? Math.min(networks, Math.floor((yield* trainableRows(rows.frame, options, testShare, periodOf)) / minBlockRows))
      : 0;
  const { parts: split, merged } = yield* mergingSplit(rows.frame, options, {
    validation:
      blockCount > 1 || separate.validation
        ? undefined
        : ((training.validation as number | undefined) ?? validationShare),
    test: testShare,
  });

  const fit = (names: readonly string[]) => fitScaler(options.scaler, columnsOf(rows.frame, names), split.train);
  const features = featureNames(options);
  const { scaler: inputScaler, ranges: inputsRange } = yield* fit(features);
  const { scaler: targetScaler, ranges: targetsRange } = yield* fit(targets);
  const fitted = { inputScaler, targetScaler };
  const notes: Note[] = checkConstants(features, targets, fitted, options.forecast !== undefined);
  // Trained weights belong to the scalers that they were trained with.
  const scalers = from === undefined ? fitted : { inputScaler: from.inputScaler, targetScaler: from.targetScaler };

  const scale = function* (other: Frame) {
    return yield* scaleFrame((yield* featureRows("train", other, options, targets)).frame, options, scalers);
  };
  const data = yield* scaleFrame(rows.frame, options, scalers);
  notes.push(...notesOnRows(frame, rows, data, options), ...notesOnBounds(rows.frame, options));
  if (blockCount < 2) hideReaching(data, split.train, reach, targets.length);
  const subset = (of: ScaledFrame, ranges: readonly Rows[], cut = false) =>
    new Subset(of, ranges, targets, washout, cut);
  const train = subset(data, split.train);
  const segments = intersect(data.segments, split.train);
  const validationData = separate.validation ? yield* scale(separate.validation) : data;
  const isUsable = (row: number) => hasTarget(data.y, row, targets.length);
  const cut = () =>
    periodOf ? cutBlocksInTime(segments, blockCount, isUsable, periodOf) : cutBlocks(segments, blockCount, isUsable);
  const blocks = blockCount > 1 ? withReach(cut(), reach) : undefined;
  const validatedRows = separate.validation?.series() ?? (blocks === undefined ? split.validation : segments);
  const validation = subset(validationData, validatedRows, true);
  // Rows whose targets the model has seen are not scored.
  const tested = (of: ScaledFrame, ranges: readonly Rows[]) =>
    new Subset(of, ranges, targets, Math.max(washout, initialWindow));
  const test = separate.test
    ? tested(yield* scale(separate.test), separate.test.series())
    : split.test.length > 0
      ? tested(data, split.test)
      : undefined;
  for (const [name, scored] of [
    ["training", train],
    ["validation", validation],
    ["test", test],
  ] as const) {
    const minScoredRows = 2;
    if (scored === undefined || scored.scoredRows >= minScoredRows) continue;
    const values = { part: name, least: minScoredRows, received: scored.scoredRows, rows: scored.rows, washout };
    throw trainingError("few-scored-rows", values, "train");
  }
  const isMerged = split.validation === split.train;
  const parts =
    blocks === undefined
      ? isMerged
        ? [train]
        : [train, validation]
      : [...blocks.map(({ inner }) => inner), ...reachingOf(blocks)].map((rows) => subset(data, rows));
  const filterFolds: FilterFold[] = blocks?.map((_, k) => ({ fitted: partsWithout(blocks, k), validated: [k] })) ?? [
    { fitted: [0], validated: [isMerged ? 0 : 1] },
  ];
  const refitted = yield* fitLinearFilter(parts, filterFolds, features.length, targets.length, {
    ...filterSearch(options),
    quick,
  });
  const checks = blocks === undefined ? [validation] : parts;
  const keptFilter = from && (yield* betterFilter(from, refitted.folds, checks));
  const filters =
    keptFilter === undefined
      ? refitted
      : { ...refitted, filter: keptFilter, folds: refitted.folds.map(() => keptFilter) };
  const folds = filters.folds.map((filter, k): Fold => {
    if (blocks === undefined) return { heldOut: [], validated: validatedRows, divided: true, filter };
    const heldOut = [...(blocks[k - 1]?.reaching ?? []), ...blocks[k].rows];
    return { heldOut, validated: blocks[k].inner, divided: false, filter };
  });
  const halfFolds =
    blocks === undefined || reach > 0
      ? []
      : yield* halvesOf(
          parts,
          blocks.map(({ rows }) => rows),
          filters.averaged,
          options,
        );
  const fingerprints: Fingerprints = {
    training: yield* fingerprintOf(frame, options),
    ...(separate.validation && { validation: yield* fingerprintOf(separate.validation, options) }),
    ...(separate.test && { test: yield* fingerprintOf(separate.test, options) }),
    split: splitFingerprint([split.train, split.validation, split.test, ...folds.map(({ validated }) => validated)]),
    ...(from && { from: weightsFingerprint(from.ensemble) }),
  };
  return {
    ...scalers,
    planned,
    keptFilter: keptFilter !== undefined,
    data,
    segments,
    train,
    folds,
    halfFolds,
    validationData,
    validation,
    test,
    baselines: { mean: meanTargets(train, targets.length), linear: filters.filter },
    averaged: filters.averaged,
    origin,
    fingerprints,
    merged,
    skipped: {
      missingInputs: data.missingInputs,
      missingTargets: missingRows(rows.frame, targets),
      timeGaps: data.timeGaps,
      ...countsOf(frame, rows),
      washout: train.washout + (blocks === undefined ? validation.washout : 0) + (test?.washout ?? 0),
    },
    notes,
    inputsRange,
    targetsRange,
  };
}

/**
 * The filter of a model, if one that is fitted to the new data is not better on the blocks that it was fitted without, by more than the
 * standard error: few new rows say less than many old ones.
 */
function* betterFilter(
  from: ModelParts,
  fitted: readonly LinearFilter[],
  checks: readonly Subset[],
): Paced<LinearFilter | undefined> {
  const { linear } = baselinesOf(from, "train, from");
  const sizes = networkOptions(from.options);
  const logRatios: number[] = [];
  for (const [k, filter] of fitted.entries()) {
    const errors: number[] = [];
    for (const one of [filter, linear]) errors.push((yield* checks[k].score(new Ensemble(sizes, one), [])).error);
    logRatios.push(Math.log(errors[0] / errors[1]));
  }
  const { mean, standardError } = meanOf(logRatios.filter(Number.isFinite));
  return mean < 0 && mean < -standardError ? undefined : linear;
}

/** How the filter of a forecast is searched for. */
function filterSearch({ forecast, targets }: ResolvedModelOptions): FilterSearch {
  if (forecast === undefined) return {};
  const judged = judgedTargets(forecast).map((name) => targets.indexOf(name));
  const changes = forecast.path === "last" ? forecast.targets.length : 0;
  return { limits: filterLimits(forecast), judged, average: true, changes, fading: comparedRows(forecast).short };
}

/** The rows of each block that reach into the next one, where there are any. */
const reachingOf = (blocks: readonly Block[]): Rows[][] =>
  blocks.flatMap(({ reaching }) => (reaching.length > 0 ? [reaching] : []));

/** The parts that a fold is fitted to: the inner rows of the other blocks, and those that reach neither into block k nor out of it. */
function partsWithout(blocks: readonly Block[], k: number): number[] {
  const own = [blocks[k - 1]?.reaching, blocks[k].reaching];
  return [
    ...[...blocks.keys()].filter((other) => other !== k),
    ...reachingOf(blocks).flatMap((rows, i) => (own.includes(rows) ? [] : [blocks.length + i])),
  ];
}

/** Hides the targets of the last training rows of each series, which reach into the next part. */
function hideReaching({ y, measured }: ScaledFrame, train: readonly Rows[], reach: number, width: number): void {
  for (const { start, end } of reach === 0 ? [] : train) {
    for (const values of new Set([y, measured])) {
      values.fill(Number.NaN, Math.max(start, end - reach) * width, end * width);
    }
  }
}

/** Two folds with half of the data; their filters have the length and the ridge parameter of the whole. */
function* halvesOf(
  parts: readonly Subset[],
  blocks: readonly Rows[][],
  choices: readonly FilterChoice[],
  { features, targets }: ResolvedModelOptions,
): Paced<HalfFold[]> {
  const count = blocks.length;
  if (count < 4) return [];
  const positions = [Math.floor(count / 4), Math.floor((3 * count) / 4)];
  const fitted = positions.map((of) => [...blocks.keys()].filter((k) => k !== of && (k - of) % 2 === 0));
  const filterFolds = positions.map((of, i) => ({ fitted: fitted[i], validated: [of] }));
  const { folds } = yield* fitLinearFilter(parts, filterFolds, features.length, targets.length, { choices });
  return positions.map((of, i) => ({
    of,
    heldOut: blocks.flatMap((rows, k) => (fitted[i].includes(k) ? [] : rows)),
    validated: blocks[of],
    divided: false,
    filter: folds[i],
  }));
}

/** All rows, for the final training: scaled like the training part; the linear filter keeps its length and ridge parameter. */
export function* prepareAll(
  options: ResolvedModelOptions,
  frames: readonly Frame[],
  scalers: Scalers,
  choices: readonly FilterChoice[],
): Paced<Pick<Prepared, "data" | "segments" | "baselines" | "inputsRange" | "targetsRange">> {
  const { targets, washout } = options;
  const parts: Frame[] = [];
  for (const part of frames) parts.push((yield* featureRows("train", part, options, targets)).frame);
  const frame = parts.length === 1 ? parts[0] : concatenated(parts);
  const features = featureNames(options);
  const series = frame.series();
  const data = yield* scaleFrame(frame, options, scalers);
  const train = new Subset(data, series, targets, washout);
  const folds = [{ fitted: [0], validated: [0] }];
  const { filter } = yield* fitLinearFilter([train], folds, features.length, targets.length, {
    ...filterSearch(options),
    choices,
  });
  return {
    data,
    segments: data.segments,
    baselines: { mean: meanTargets(train, targets.length), linear: filter },
    inputsRange: (yield* fitScaler(options.scaler, columnsOf(frame, features), series)).ranges,
    targetsRange: (yield* fitScaler(options.scaler, columnsOf(frame, targets), series)).ranges,
  };
}

function missingRows(frame: Frame, targets: readonly string[]): number {
  const columns = targets.map((name) => frame.column(name));
  let count = 0;
  for (let row = 0; row < frame.length; row++) {
    let missing = false;
    for (let j = 0; j < columns.length; j++) missing ||= Number.isNaN(columns[j][row]);
    if (missing && !frame.excluded?.[row]) count++;
  }
  return count;
}

function checkConstants(
  inputs: readonly string[],
  targets: readonly string[],
  { inputScaler, targetScaler }: Scalers,
  isForecast: boolean,
): NoteOf<"constant-input">[] {
  for (const [j, column] of targets.entries()) {
    // The target of a forecast may change by the same amount in each row, or not at all from season to season.
    if (targetScaler.scale[j] !== 0 || isForecast) continue;
    throw trainingError("constant-target", { column, value: targetScaler.center[j] }, "train");
  }
  const constant = inputs.filter((_, j) => inputScaler.scale[j] === 0);
  if (constant.length === inputs.length && !isForecast) {
    throw trainingError("constant-inputs", { column: constant[0], columns: constant }, "train");
  }
  return constant.map((column) => ({
    code: "constant-input",
    column,
    value: inputScaler.center[inputs.indexOf(column)],
  }));
}
