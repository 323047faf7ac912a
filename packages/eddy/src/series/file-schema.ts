/** What a model's JSON must look like. */
import type { LinearFilter } from "./linear-filter.ts";
import type { Scores, TargetScores } from "./metrics.ts";
import type { Baselines, Model } from "./model.ts";
import { mergedParts, notes, refitNote } from "./note-schema.ts";
import type { ResolvedFit, ResolvedOptions } from "./options.ts";
import type { Comparison, CurvePoint, FitSummary, SkippedRows, StopReason } from "./report.ts";
import type { ColumnRange, Scaler } from "./scaler.ts";
import {
  count,
  flag,
  list,
  nullable,
  number,
  numberOrNaN,
  object,
  oneOf,
  optional,
  positive,
  positiveCount,
  record,
  type Schema,
  text,
} from "./schema.ts";

export const resolvedOptions: Schema<ResolvedOptions> = object<ResolvedOptions>({
  inputs: list(text),
  targets: list(text),
  task: oneOf("simulate"),
  cell: oneOf("rnn", "gru", "lstm"),
  hiddenSize: positiveCount,
  numLayers: positiveCount,
  linear: flag,
  initialState: oneOf("zero", "learned"),
  washout: count,
  scaler: oneOf("standard", "minMax", "robust"),
  seed: number,
});

const fitFields = {
  epochs: positive,
  validateEvery: positiveCount,
  patience: positiveCount,
  budgetMs: optional(positive),
  learningRate: positive,
  clip: positive,
  weightDecay: number,
  average: number,
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
export const scores: Schema<Scores> = object<Scores>({
  ...targetFields,
  perTarget: optional(record(object<TargetScores>(targetFields))),
} as never);

const linearScores: Schema<Comparison["baselines"]["linear"]> = (value, path) => ({
  ...scores(value, path),
  ...object<{ taps: number; ridge: number }>({ taps: count, ridge: number })(value, path),
});

const comparison: Schema<Comparison> = object<Comparison>({
  model: scores,
  baselines: object<Comparison["baselines"]>({ mean: scores, linear: linearScores }),
  skill: object({ mean: numberOrNaN, linear: numberOrNaN }),
  winner: oneOf("model", "linear", "mean"),
});

export const stopReason: Schema<StopReason> = oneOf("epochs", "patience", "budget", "signal", "divergence");

export const curve: Schema<CurvePoint[]> = list(
  object<CurvePoint>({ epoch: count, loss: numberOrNaN, validation: number }),
);

export const trainings: Schema<FitSummary["trainings"]> = list(
  object<FitSummary["trainings"][number]>({
    seed: number,
    epochs: count,
    bestEpoch: count,
    rmse: nullable(number),
    stopped: stopReason,
  }),
);

const range: Schema<ColumnRange> = object<ColumnRange>({ min: number, max: number, mean: number });
const shareOrFrame: Schema<number | "frame"> = (value, path) => (value === "frame" ? value : number(value, path));

const settings: Schema<FitSummary["settings"]> = (value, path) => ({
  ...resolvedOptions(value, path),
  ...resolvedFit(value, path),
  ...object<{ validation: number | "frame"; test: number | "frame" }>({ validation: shareOrFrame, test: shareOrFrame })(
    value,
    path,
  ),
});

const summary: Schema<FitSummary> = object<FitSummary>({
  rows: object<FitSummary["rows"]>({
    train: count,
    validation: count,
    test: count,
    merged: optional(mergedParts),
  } as never),
  skipped: object<SkippedRows>({ missingInputs: count, missingTargets: count, timeGaps: count, washout: count }),
  validation: comparison,
  test: optional(comparison) as never,
  curve,
  epochs: count,
  bestEpoch: count,
  trainings,
  restarts: count,
  elapsedMs: number,
  notes,
  stopped: stopReason,
  settings,
  refit: optional(object({ rows: count, epochs: count, seed: number, note: refitNote })) as never,
  inputsRange: record(range),
  targetsRange: record(range),
});

const scaler = (columns: number): Schema<Scaler> =>
  object<Scaler>({
    kind: oneOf("standard", "minMax", "robust"),
    center: list(number, columns),
    scale: list(number, columns),
  });

/** The record without its network, whose weights stand beside it. */
export const validModel: Schema<Omit<Model, "network">> = (value, path) => {
  object<{ format: number; kind: string }>({ format: oneOf(1, 2), kind: oneOf("regressor") })(value, path);
  const { options } = object<{ options: ResolvedOptions }>({ options: resolvedOptions })(value, path);
  const [inputs, targets] = [options.inputs.length, options.targets.length];
  const filter: Schema<LinearFilter> = (given, where) => {
    const { taps } = object<{ taps: number }>({ taps: count })(given, where);
    return object<LinearFilter>({
      taps: count,
      ridge: number,
      weights: list(list(number, 1 + taps * inputs), targets),
    })(given, where);
  };
  return object<Omit<Model, "network">>({
    options: resolvedOptions,
    inputScaler: scaler(inputs),
    targetScaler: scaler(targets),
    baselines: object<Baselines>({ mean: list(number, targets), linear: filter }),
    summary: optional(summary) as never,
  })(value, path);
};
