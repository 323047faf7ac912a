/** What a model's JSON must look like. */
import type { LinearFilter } from "../baselines/linear-filter.ts";
import type { DataSource, Origin } from "../data/origin.ts";
import {
  columns,
  count,
  flag,
  integer,
  list,
  nonNegative,
  nullable,
  number,
  numberOrNaN,
  object,
  oneOf,
  optional,
  plainValue,
  positive,
  positiveCount,
  record,
  refuse,
  type Schema,
  text,
} from "../file/schema.ts";
import { type Baselines, comparisonOf, type Model } from "../scores/comparison.ts";
import type { Scores, TargetScores } from "../scores/metrics.ts";
import type { ResolvedFit, ResolvedOptions } from "../settings/options.ts";
import type { ColumnRange, Scaler } from "../training/fit-scaler.ts";
import { mergedParts, notes, refitNote } from "./note-schema.ts";
import type { Comparison, CurvePoint, FitSummary, SkippedRows, StopReason } from "./report.ts";

const names: Schema<string[]> = (value, path) => {
  const found = list(text)(value, path);
  if (found.length === 0) refuse(path, "at least one column", value);
  if (found.includes("") || new Set(found).size < found.length) refuse(path, "names of columns, each once", value);
  return found;
};

const anyOptions: Schema<ResolvedOptions> = object<ResolvedOptions>({
  inputs: names,
  targets: names,
  task: oneOf("simulate"),
  cell: oneOf("rnn", "gru", "lstm"),
  hiddenSize: positiveCount,
  numLayers: positiveCount,
  linear: flag,
  initialState: oneOf("zero", "learned"),
  washout: count,
  scaler: oneOf("standard", "minMax", "robust"),
  seed: integer,
});

export const resolvedOptions: Schema<ResolvedOptions> = (value, path) => {
  const options = anyOptions(value, path);
  const both = options.inputs.find((name) => options.targets.includes(name));
  if (both !== undefined) refuse(`${path}.targets`, "targets that are no inputs", both);
  return options;
};

const belowOne: Schema<number> = (value, path) =>
  nonNegative(value, path) < 1 ? (value as number) : refuse(path, "a number from 0 up to but without 1", value);

const fitFields = {
  epochs: positive,
  validateEvery: positiveCount,
  patience: positiveCount,
  budgetMs: optional(positive),
  learningRate: positive,
  clip: positive,
  weightDecay: nonNegative,
  average: belowOne,
  restarts: count,
  chunk: positiveCount,
  lanes: positiveCount,
  refit: flag,
};
export const resolvedFit: Schema<ResolvedFit> = object<ResolvedFit>(fitFields);

const targetFields = {
  rmse: numberOrNaN,
  mae: numberOrNaN,
  r2: numberOrNaN,
  fit: numberOrNaN,
  rows: count,
  skipped: count,
};
/** One entry for each target where there are several. */
export const scoresOf = (targets: readonly string[]): Schema<Scores> =>
  object<Scores>({
    ...targetFields,
    perTarget: targets.length === 1 ? () => undefined : columns(targets, object<TargetScores>(targetFields)),
  } as never);

const linearScores =
  (targets: readonly string[]): Schema<Comparison["baselines"]["linear"]> =>
  (value, path) => ({
    ...scoresOf(targets)(value, path),
    ...object<{ taps: number; ridge: number }>({ taps: count, ridge: nonNegative })(value, path),
  });

/** Skills and winners follow from the scores, so that they are not read. */
const comparison =
  (targets: readonly string[]): Schema<Comparison> =>
  (value, path) => {
    const { model, baselines } = object<Pick<Comparison, "model" | "baselines">>({
      model: scoresOf(targets),
      baselines: object<Comparison["baselines"]>({ mean: scoresOf(targets), linear: linearScores(targets) }),
    })(value, path);
    return { model, baselines, ...comparisonOf(targets, { model, ...baselines }) };
  };

export const stopReason: Schema<StopReason> = oneOf("epochs", "patience", "budget", "signal", "divergence");

export const curve: Schema<CurvePoint[]> = list(
  object<CurvePoint>({ epoch: count, loss: numberOrNaN, validation: number }),
);

export const trainings: Schema<FitSummary["trainings"]> = list(
  object<FitSummary["trainings"][number]>({
    seed: integer,
    epochs: count,
    bestEpoch: count,
    rmse: nullable(number),
    stopped: stopReason,
  }),
);

const range: Schema<ColumnRange> = (value, path) => {
  const found = object<ColumnRange>({ min: number, max: number, mean: number })(value, path);
  // A mean of many equal values may lie an ulp or some beside them.
  const slack = 1e-9 * Math.max(Math.abs(found.min), Math.abs(found.max));
  if (found.min > found.max || found.mean < found.min - slack || found.mean > found.max + slack) {
    refuse(path, "min ≤ mean ≤ max", `${found.min}, ${found.mean}, ${found.max}`);
  }
  return found;
};
const shareOrFrame: Schema<number | "frame"> = (value, path) => (value === "frame" ? value : belowOne(value, path));

const settings: Schema<FitSummary["settings"]> = (value, path) => ({
  ...resolvedOptions(value, path),
  ...resolvedFit(value, path),
  ...object<{ validation: number | "frame"; test: number | "frame" }>({ validation: shareOrFrame, test: shareOrFrame })(
    value,
    path,
  ),
});

const summaryOf = ({ inputs, targets }: ResolvedOptions): Schema<FitSummary> =>
  object<FitSummary>({
    rows: object<FitSummary["rows"]>({
      train: count,
      validation: count,
      test: count,
      merged: optional(mergedParts),
    } as never),
    skipped: object<SkippedRows>({ missingInputs: count, missingTargets: count, timeGaps: count, washout: count }),
    validation: comparison(targets),
    test: optional(comparison(targets)) as never,
    curve,
    epochs: count,
    bestEpoch: count,
    trainings,
    restarts: count,
    elapsedMs: nonNegative,
    notes,
    stopped: stopReason,
    settings,
    refit: optional(object({ rows: count, epochs: count, seed: integer, note: refitNote })) as never,
    inputsRange: columns(inputs, range),
    targetsRange: columns(targets, range),
  });

const scaler = (width: number): Schema<Scaler> =>
  object<Scaler>({
    kind: oneOf("standard", "minMax", "robust"),
    center: list(number, width),
    scale: list(nonNegative, width),
  });

/** The smallest scale beside a column's range: a deviation of 10¹² rows, or a quartile range beside the farthest outlier. */
const smallestScale = 1e-12;

/** In ranges, how far from its column a center may lie: farther, float32 has no digits left for the column's own changes. */
const farthestCenter = 1000;

/** Refuses scales and centers that the rows of the training cannot have had. */
function checkScaler(
  { center, scale }: Scaler,
  path: string,
  ranges: readonly ColumnRange[] | undefined,
  all: boolean,
) {
  for (const [j, own] of scale.entries()) {
    if (own === 0 && (all || ranges === undefined)) continue;
    const { min, max } = ranges?.[j] ?? { min: -Number.MAX_VALUE, max: Number.MAX_VALUE };
    const slack = farthestCenter * (max - min) + 1e-9 * Math.max(Math.abs(min), Math.abs(max));
    if (center[j] < min - slack || center[j] > max + slack) {
      refuse(`${path}.center[${j}]`, `a value near those from ${min} to ${max}`, center[j]);
    }
    if (min === max ? own !== 0 : own > max - min || own < (max - min) * (all ? 0 : smallestScale)) {
      refuse(`${path}.scale[${j}]`, `a scale of values from ${min} to ${max}`, own);
    }
  }
}

const source: Schema<DataSource> = object<DataSource>({
  time: optional(text),
  timeFormat: optional(text),
  group: optional(text),
  sql: optional(text),
  decimal: optional(oneOf("point", "comma")),
  repairTime: optional(oneOf("first", "last", "mean")),
  missing: optional(list(text)),
  units: optional(record(text)),
  other: optional(record(plainValue)),
} as never);

/** Models of format 1 have none. */
const origin: Schema<Origin> = (value, path) =>
  value === undefined
    ? {}
    : object<Origin>({ stepMs: optional(positive), source: optional(source) } as never)(value, path);

/** The record without its network, whose weights stand beside it. */
export const validModel: Schema<Omit<Model, "network">> = (value, path) => {
  object<{ format: number; kind: string }>({ format: oneOf(1, 2), kind: oneOf("regressor") })(value, path);
  const { options } = object<{ options: ResolvedOptions }>({ options: resolvedOptions })(value, path);
  const [inputs, targets] = [options.inputs.length, options.targets.length];
  const filter: Schema<LinearFilter> = (given, where) => {
    const { taps } = object<{ taps: number }>({ taps: count })(given, where);
    return object<LinearFilter>({
      taps: count,
      ridge: nonNegative,
      weights: list(list(number, 1 + taps * inputs), targets),
    })(given, where);
  };
  const model = object<Omit<Model, "network">>({
    options: resolvedOptions,
    inputScaler: scaler(inputs),
    targetScaler: scaler(targets),
    baselines: object<Baselines>({ mean: list(number, targets), linear: filter }),
    origin,
    summary: optional(summaryOf(options)) as never,
  })(value, path);
  const { inputScaler, targetScaler, summary } = model;
  const constant = targetScaler.scale.indexOf(0);
  if (constant >= 0) refuse(`${path}.targetScaler.scale[${constant}]`, "a number > 0", 0);
  // After a final training on all rows, the ranges are those of all rows, the scalers those of the training part.
  const all = summary?.refit !== undefined;
  checkScaler(
    inputScaler,
    `${path}.inputScaler`,
    summary && options.inputs.map((name) => summary.inputsRange[name]),
    all,
  );
  checkScaler(
    targetScaler,
    `${path}.targetScaler`,
    summary && options.targets.map((name) => summary.targetsRange[name]),
    all,
  );
  return model;
};
