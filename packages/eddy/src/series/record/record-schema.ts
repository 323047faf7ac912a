/** The schema of the record of a training in a model file. */
import {
  belowOne,
  finite,
  flag,
  integer,
  nonNegative,
  numberThat,
  oneOf,
  positive,
  type Rule,
  text,
  wholeNumber,
} from "../../nn/options.ts";
import type { Baselines } from "../baselines/baselines.ts";
import { featureNames } from "../data/features.ts";
import { dataError } from "../data/words.ts";
import { asRefusal } from "../file/model-file.ts";
import type { ModelParts } from "../file/model-parts.ts";
import { columnRange, resolvedOptions } from "../file/model-schema.ts";
import { type Comparison, comparisonOf } from "../scores/comparison.ts";
import type { ErrorSizes, GroupErrors } from "../scores/error-sizes.ts";
import type { Scores, TargetScores } from "../scores/metrics.ts";
import type { TargetRivalry } from "../scores/rivalry.ts";
import type { Coverage } from "../scores/subset.ts";
import type { ResolvedModelOptions, ResolvedTrainingOptions } from "../settings/options.ts";
import { columns, list, nullable, numberOrNaN, object, optional } from "../settings/schema.ts";
import { rulesOf, trainingSettings } from "../settings/settings.ts";
import { mergedParts, notes, refitNote } from "./note-schema.ts";
import type { CurvePoint, SkippedRows, StopReason, TrainingSummary } from "./report.ts";

const fitFields = object<ResolvedTrainingOptions>({ ...rulesOf(trainingSettings), epochs: positive });

/** `epochs` may be a fraction: a budget may end within the first epoch. Models of formats 1 and 2 are of one network. */
export const resolvedFit: Rule<ResolvedTrainingOptions> = (value, path) =>
  fitFields(isPlain(value) ? { networks: 1, variants: 1, randomStarts: 0, ...value } : value, path);

const isPlain = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);

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
const scoresOf = (targets: readonly string[]): Rule<Scores> =>
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

const curve: Rule<CurvePoint[]> = list(
  object<CurvePoint>({ epoch: wholeNumber, loss: numberOrNaN, validation: finite }),
);

const networks: Rule<TrainingSummary["networks"]> = list(
  object<TrainingSummary["networks"][number]>({
    seed: integer,
    epochs: wholeNumber,
    rmse: nullable(finite),
    stopped: stopReason,
  }),
);

const coverage = object<Coverage>({
  level: finite,
  coverage: numberOrNaN,
  width: numberOrNaN,
  spread: numberOrNaN,
  rows: wholeNumber,
});

const better = oneOf("candidate", "deployed", "none");
const rivalry = object<TargetRivalry>({
  rows: wholeNumber,
  deployed: nonNegative,
  candidate: nonNegative,
  blocks: wholeNumber,
  change: finite,
  range: optional(object({ low: finite, high: finite })),
  better,
});

const share = numberThat("a number from 0 to 1", (value) => value >= 0 && value <= 1);

const shareOrFrame: Rule<number | "frame"> = (value, path) => (value === "frame" ? value : belowOne(value, path));
const validationPart: Rule<number | "frame" | "blocks"> = (value, path) =>
  value === "blocks" ? value : shareOrFrame(value, path);

const settings: Rule<TrainingSummary["settings"]> = (value, path) => ({
  ...resolvedOptions(value, path),
  ...resolvedFit(value, path),
  ...object<Pick<TrainingSummary["settings"], "validation" | "test">>({
    validation: validationPart,
    test: shareOrFrame,
  })(value, path),
});

const summarySchema = ({ features, targets }: ResolvedModelOptions): Rule<TrainingSummary> => {
  const fields = object<TrainingSummary>({
    rows: object<TrainingSummary["rows"]>({
      train: wholeNumber,
      validation: wholeNumber,
      test: wholeNumber,
      merged: optional(mergedParts),
    }),
    skipped: object<SkippedRows>({
      missingInputs: wholeNumber,
      filledInputs: optional(wholeNumber),
      excluded: optional(wholeNumber),
      missingTargets: wholeNumber,
      timeGaps: wholeNumber,
      washout: wholeNumber,
    }),
    validation: comparison(targets),
    test: optional(comparison(targets)),
    testFromZero: optional(comparison(targets)),
    coverage: optional(columns(targets, coverage)),
    curve,
    bestEpoch: wholeNumber,
    networks,
    trained: wholeNumber,
    gainFromTwiceTheData: optional(finite),
    share: columns(targets, share),
    previous: optional(
      object<NonNullable<TrainingSummary["previous"]>>({
        perTarget: columns(targets, rivalry),
        better,
        part: oneOf("validation", "test"),
        keptFilter: flag,
      }),
    ),
    elapsedMs: nonNegative,
    notes,
    stopped: stopReason,
    settings,
    refit: optional(object({ rows: wholeNumber, epochs: wholeNumber, note: refitNote })),
    inputsRange: columns(featureNames({ features }), columnRange),
    targetsRange: columns(targets, columnRange),
  });
  return (value, path) => fields(isPlain(value) ? upgradedSummary(value, targets) : value, path);
};

/** A summary of formats 1 and 2 had `trainings`, of which the best one was the model. */
function upgradedSummary(value: { trainings?: unknown }, targets: readonly string[]): object {
  if (!Array.isArray(value.trainings)) return value;
  const errors = value.trainings.map((training) => training?.rmse ?? Number.POSITIVE_INFINITY);
  const best = value.trainings[errors.indexOf(Math.min(...errors))];
  const share = Object.fromEntries(targets.map((target) => [target, 1]));
  return { ...value, share, trained: value.trainings.length, networks: [best] };
}

/** The baselines of a model: the recorded mean, and the model's own filter. */
export function baselinesOf({ options, ensemble, record }: ModelParts, where: string): Baselines {
  const recorded = object<{ mean: number[]; ridge: number }>({
    mean: list(finite, options.targets.length),
    ridge: nonNegative,
  });
  const { mean, ridge } = checked(where, () => recorded(record.baselines, "eddy.baselines"));
  return { mean, linear: { ...ensemble.filter, ridge } };
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
