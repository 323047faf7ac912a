/** The schema of the record of a training in a model file. */
import {
  belowOne,
  finite,
  integer,
  nonNegative,
  oneOf,
  positive,
  type Rule,
  text,
  wholeNumber,
} from "../../nn/options.ts";
import type { Baselines } from "../baselines/baselines.ts";
import type { LinearFilter } from "../baselines/linear-filter.ts";
import { dataError } from "../data/words.ts";
import { asRefusal } from "../file/model-file.ts";
import type { ModelParts } from "../file/model-parts.ts";
import { columnRange, resolvedOptions } from "../file/model-schema.ts";
import { type Comparison, comparisonOf } from "../scores/comparison.ts";
import type { ErrorSizes, GroupErrors } from "../scores/error-sizes.ts";
import type { Scores, TargetScores } from "../scores/metrics.ts";
import type { ResolvedModelOptions, ResolvedTrainingOptions } from "../settings/options.ts";
import { columns, list, nullable, numberOrNaN, object, optional } from "../settings/schema.ts";
import { rulesOf, trainingSettings } from "../settings/settings.ts";
import { mergedParts, notes, refitNote } from "./note-schema.ts";
import type { CurvePoint, SkippedRows, StopReason, TrainingSummary } from "./report.ts";

/** `epochs` may be a fraction: a budget may end within the first epoch. */
export const resolvedFit = object<ResolvedTrainingOptions>({ ...rulesOf(trainingSettings), epochs: positive });

const errorFields = { typical: numberOrNaN, within95: numberOrNaN, largest: numberOrNaN, largestRow: wholeNumber };
const targetFields = {
  rmse: numberOrNaN,
  mae: numberOrNaN,
  r2: numberOrNaN,
  fit: numberOrNaN,
  rows: wholeNumber,
  skipped: wholeNumber,
  // Files of earlier versions have no sizes of errors.
  errors: optional(object<ErrorSizes>(errorFields)),
  groups: optional(list(object<GroupErrors>({ group: text, rows: wholeNumber, ...errorFields }))),
};
/** Scores, with an entry for each target if there are several. */
export const scoresOf = (targets: readonly string[]): Rule<Scores> =>
  object<Scores>({
    ...targetFields,
    perTarget: targets.length === 1 ? () => undefined : columns(targets, object<TargetScores>(targetFields)),
  });

const linearScores =
  (targets: readonly string[]): Rule<Comparison["baselines"]["linear"]> =>
  (value, path) => ({
    ...scoresOf(targets)(value, path),
    ...object<{ taps: number; ridge: number }>({ taps: wholeNumber, ridge: nonNegative })(value, path),
  });

/** Skill scores and winners are derived from the scores, not read. */
const comparison =
  (targets: readonly string[]): Rule<Comparison> =>
  (value, path) => {
    const { model, baselines } = object<Pick<Comparison, "model" | "baselines">>({
      model: scoresOf(targets),
      baselines: object<Comparison["baselines"]>({ mean: scoresOf(targets), linear: linearScores(targets) }),
    })(value, path);
    return { model, baselines, ...comparisonOf(targets, { model, ...baselines }) };
  };

export const stopReason: Rule<StopReason> = oneOf("epochs", "patience", "budget", "signal", "divergence");

export const curve: Rule<CurvePoint[]> = list(
  object<CurvePoint>({ epoch: wholeNumber, loss: numberOrNaN, validation: finite }),
);

export const trainings: Rule<TrainingSummary["trainings"]> = list(
  object<TrainingSummary["trainings"][number]>({
    seed: integer,
    epochs: wholeNumber,
    bestEpoch: wholeNumber,
    rmse: nullable(finite),
    stopped: stopReason,
  }),
);

const shareOrFrame: Rule<number | "frame"> = (value, path) => (value === "frame" ? value : belowOne(value, path));

const settings: Rule<TrainingSummary["settings"]> = (value, path) => ({
  ...resolvedOptions(value, path),
  ...resolvedFit(value, path),
  ...object<{ validation: number | "frame"; test: number | "frame" }>({ validation: shareOrFrame, test: shareOrFrame })(
    value,
    path,
  ),
});

const summarySchema = ({ inputs, targets }: ResolvedModelOptions): Rule<TrainingSummary> =>
  object<TrainingSummary>({
    rows: object<TrainingSummary["rows"]>({
      train: wholeNumber,
      validation: wholeNumber,
      test: wholeNumber,
      merged: optional(mergedParts),
    }),
    skipped: object<SkippedRows>({
      missingInputs: wholeNumber,
      missingTargets: wholeNumber,
      timeGaps: wholeNumber,
      washout: wholeNumber,
    }),
    validation: comparison(targets),
    test: optional(comparison(targets)),
    curve,
    epochs: wholeNumber,
    bestEpoch: wholeNumber,
    trainings,
    restarts: wholeNumber,
    elapsedMs: nonNegative,
    notes,
    stopped: stopReason,
    settings,
    refit: optional(object({ rows: wholeNumber, epochs: wholeNumber, seed: integer, note: refitNote })),
    inputsRange: columns(inputs, columnRange),
    targetsRange: columns(targets, columnRange),
  });

const baselines = (inputs: number, targets: number): Rule<Baselines> => {
  const filter: Rule<LinearFilter> = (value, path) => {
    const { taps } = object<{ taps: number }>({ taps: wholeNumber })(value, path);
    return object<LinearFilter>({
      taps: wholeNumber,
      ridge: nonNegative,
      weights: list(list(finite, 1 + taps * inputs), targets),
    })(value, path);
  };
  return object<Baselines>({ mean: list(finite, targets), linear: filter });
};

/** The baselines of a model, checked. */
export function baselinesOf({ options, record }: ModelParts, where: string): Baselines {
  return checked(where, () =>
    baselines(options.inputs.length, options.targets.length)(record.baselines, "eddy.baselines"),
  );
}

/** The summary of a model's training, checked; undefined if the training was interrupted. */
export function recordedSummary({ options, record }: ModelParts, where: string): TrainingSummary | undefined {
  return checked(where, () => optional(summarySchema(options))(record.summary, "eddy.summary"));
}

function checked<Value>(where: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw dataError("damaged-model", asRefusal(error), where);
  }
}
