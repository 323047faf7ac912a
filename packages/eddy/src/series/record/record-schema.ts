/** What the record of a training in a model file must look like before anything reads it. */
import type { Baselines } from "../baselines/baselines.ts";
import type { LinearFilter } from "../baselines/linear-filter.ts";
import { dataError } from "../data/words.ts";
import { asRefusal } from "../file/model-file.ts";
import type { ModelParts } from "../file/model-parts.ts";
import { columnRange, resolvedOptions } from "../file/model-schema.ts";
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
  positive,
  positiveCount,
  refuse,
  type Schema,
} from "../file/schema.ts";
import { type Comparison, comparisonOf } from "../scores/comparison.ts";
import type { Scores, TargetScores } from "../scores/metrics.ts";
import type { ResolvedFit, ResolvedOptions } from "../settings/options.ts";
import { mergedParts, notes, refitNote } from "./note-schema.ts";
import type { CurvePoint, FitSummary, SkippedRows, StopReason } from "./report.ts";

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
/** With an entry for each target if there are several. */
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

/** Skills and winners are computed from the scores, not read. */
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

const shareOrFrame: Schema<number | "frame"> = (value, path) => (value === "frame" ? value : belowOne(value, path));

const settings: Schema<FitSummary["settings"]> = (value, path) => ({
  ...resolvedOptions(value, path),
  ...resolvedFit(value, path),
  ...object<{ validation: number | "frame"; test: number | "frame" }>({ validation: shareOrFrame, test: shareOrFrame })(
    value,
    path,
  ),
});

const summarySchema = ({ inputs, targets }: ResolvedOptions): Schema<FitSummary> =>
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
    inputsRange: columns(inputs, columnRange),
    targetsRange: columns(targets, columnRange),
  });

const baselines = (inputs: number, targets: number): Schema<Baselines> => {
  const filter: Schema<LinearFilter> = (value, path) => {
    const { taps } = object<{ taps: number }>({ taps: count })(value, path);
    return object<LinearFilter>({
      taps: count,
      ridge: nonNegative,
      weights: list(list(number, 1 + taps * inputs), targets),
    })(value, path);
  };
  return object<Baselines>({ mean: list(number, targets), linear: filter });
};

/** The baselines of a model, checked. */
export function baselinesOf({ options, record }: ModelParts, owner: string): Baselines {
  return checked(owner, () =>
    baselines(options.inputs.length, options.targets.length)(record.baselines, "eddy.baselines"),
  );
}

/** The summary of a model's training, checked; undefined where the training was left early. */
export function recordedSummary({ options, record }: ModelParts, owner: string): FitSummary | undefined {
  return checked(owner, () => optional(summarySchema(options))(record.summary, "eddy.summary"));
}

function checked<Value>(owner: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw dataError("damaged-model", asRefusal(error), owner);
  }
}
