/** The rules for a model's JSON. */
import {
  belowOne,
  finite,
  integer,
  nonNegative,
  oneOf,
  positive,
  type Rule,
  refuse,
  text,
  wholeNumber,
} from "../nn/options.ts";
import type { LinearFilter } from "./linear-filter.ts";
import type { Scores, TargetScores } from "./metrics.ts";
import { type Baselines, comparisonOf, type Model } from "./model.ts";
import { mergedParts, notes, refitNote } from "./note-schema.ts";
import type { ResolvedFit, ResolvedOptions } from "./options.ts";
import type { DataSource, Origin } from "./origin.ts";
import type { Comparison, CurvePoint, FitSummary, SkippedRows, StopReason } from "./report.ts";
import type { ColumnRange, Scaler } from "./scaler.ts";
import {
  columns,
  list,
  nullable,
  numberOrNaN,
  object,
  optional,
  optionalFields,
  plainValue,
  record,
} from "./schema.ts";
import { modelSettings, rulesOf, trainingSettings } from "./settings.ts";

const names: Rule<string[]> = (value, path) => {
  const found = list(text)(value, path);
  if (found.length === 0) refuse(path, "at least one column", value);
  if (found.includes("") || new Set(found).size < found.length) refuse(path, "names of columns, each once", value);
  return found;
};

export const resolvedOptions: Rule<ResolvedOptions> = (value, path) => {
  const options = object<ResolvedOptions>({ inputs: names, targets: names, ...rulesOf(modelSettings) })(value, path);
  const both = options.inputs.find((name) => options.targets.includes(name));
  if (both !== undefined) refuse(`${path}.targets`, "targets that are not inputs", both);
  return options;
};

/** A budget may end within the first epoch. */
export const resolvedFit = object<ResolvedFit>({ ...rulesOf(trainingSettings), epochs: positive });

const targetFields = {
  rmse: numberOrNaN,
  mae: numberOrNaN,
  r2: numberOrNaN,
  fit: numberOrNaN,
  rows: wholeNumber,
  skipped: wholeNumber,
};
/** With several targets, one entry for each. */
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

/** Skills and winners follow from the scores, so they are not read. */
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

export const trainings: Rule<FitSummary["trainings"]> = list(
  object<FitSummary["trainings"][number]>({
    seed: integer,
    epochs: wholeNumber,
    bestEpoch: wholeNumber,
    rmse: nullable(finite),
    stopped: stopReason,
  }),
);

const range: Rule<ColumnRange> = (value, path) => {
  const found = object<ColumnRange>({ min: finite, max: finite, mean: finite })(value, path);
  // The mean of many equal values may differ from them by a few ulps.
  const slack = 1e-9 * Math.max(Math.abs(found.min), Math.abs(found.max));
  if (found.min > found.max || found.mean < found.min - slack || found.mean > found.max + slack) {
    refuse(path, "min ≤ mean ≤ max", `${found.min}, ${found.mean}, ${found.max}`);
  }
  return found;
};
const shareOrFrame: Rule<number | "frame"> = (value, path) => (value === "frame" ? value : belowOne(value, path));

const settings: Rule<FitSummary["settings"]> = (value, path) => ({
  ...resolvedOptions(value, path),
  ...resolvedFit(value, path),
  ...object<{ validation: number | "frame"; test: number | "frame" }>({ validation: shareOrFrame, test: shareOrFrame })(
    value,
    path,
  ),
});

const summaryOf = ({ inputs, targets }: ResolvedOptions): Rule<FitSummary> =>
  object<FitSummary>({
    rows: object<FitSummary["rows"]>({
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
    inputsRange: columns(inputs, range),
    targetsRange: columns(targets, range),
  });

const scaler = (width: number): Rule<Scaler> =>
  object<Scaler>({
    kind: modelSettings.scaler.rule,
    center: list(finite, width),
    scale: list(nonNegative, width),
  });

/** The smallest possible ratio of a scale to its column's range, for example with an extreme outlier. */
const smallestScale = 1e-12;

/** The largest distance of a center from its column, in ranges: beyond it, float32 has no digits left for the column's changes. */
const farthestCenter = 1000;

/** Refuses scales and centers that the training rows cannot have given. */
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

/** How the data's file was read. */
export const sourceRules = {
  time: text,
  timeFormat: text,
  group: text,
  sql: text,
  decimal: oneOf("point", "comma"),
  repairTime: oneOf("first", "last", "mean"),
  missing: list(text),
  units: record(text),
  other: record(plainValue),
};

/** Models of format 1 have no origin. */
const origin: Rule<Origin> = (value, path) =>
  value === undefined
    ? {}
    : object<Origin>({ stepMs: optional(positive), source: optional(object<DataSource>(optionalFields(sourceRules))) })(
        value,
        path,
      );

/** The record of a model, without the network, whose weights are tensors of the file. */
export const validModel: Rule<Omit<Model, "network">> = (value, path) => {
  object<{ format: number; kind: string }>({ format: oneOf(1, 2), kind: oneOf("regressor") })(value, path);
  const { options } = object<{ options: ResolvedOptions }>({ options: resolvedOptions })(value, path);
  const [inputs, targets] = [options.inputs.length, options.targets.length];
  const filter: Rule<LinearFilter> = (given, where) => {
    const { taps } = object<{ taps: number }>({ taps: wholeNumber })(given, where);
    return object<LinearFilter>({
      taps: wholeNumber,
      ridge: nonNegative,
      weights: list(list(finite, 1 + taps * inputs), targets),
    })(given, where);
  };
  const model = object<Omit<Model, "network">>({
    options: resolvedOptions,
    inputScaler: scaler(inputs),
    targetScaler: scaler(targets),
    baselines: object<Baselines>({ mean: list(finite, targets), linear: filter }),
    origin,
    summary: optional(summaryOf(options)),
  })(value, path);
  const { inputScaler, targetScaler, summary } = model;
  const constant = targetScaler.scale.indexOf(0);
  if (constant >= 0) refuse(`${path}.targetScaler.scale[${constant}]`, "a number > 0", 0);
  // After a final training on all rows, the ranges belong to all rows, but the scalers to the training part.
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
