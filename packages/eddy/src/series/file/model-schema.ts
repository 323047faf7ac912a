/** What the JSON of a model must look like before the model may predict; the record of its training is not read here. */
import { finite, flag, nonNegative, oneOf, positive, type Rule, refuse, text, wholeNumber } from "../../nn/options.ts";
import { boundsRule } from "../data/bounds.ts";
import { type Feature, featureNames, plainFeatures } from "../data/features.ts";
import { gapsRule } from "../data/gaps.ts";
import type { DataSource, Origin } from "../data/origin.ts";
import type { ColumnRange, Scaler } from "../data/scaler.ts";
import { derivedInputs, derivedTargets, forecastPlan } from "../forecast/plan.ts";
import { type Intervals, quantileCount } from "../intervals/intervals.ts";
import type { ResolvedModelOptions } from "../settings/options.ts";
import { columns, list, object, optional, optionalFields } from "../settings/schema.ts";
import { modelSettings, rulesOf } from "../settings/settings.ts";
import { sourceRules } from "../settings/source.ts";
import type { ModelParts, WrittenRecord } from "./model-parts.ts";

const names: Rule<string[]> = (value, path) => {
  const found = list(text)(value, path);
  if (found.length === 0) refuse(path, "at least one column", value);
  if (found.includes("") || new Set(found).size < found.length) refuse(path, "distinct column names", value);
  return found;
};

/** A setting that older files do not have. */
const missingAs =
  <Value>(before: Value, accept: Rule<Value>): Rule<Value> =>
  (value, path) =>
    value === undefined ? before : accept(value, path);

export const resolvedOptions: Rule<ResolvedModelOptions> = (value, path) => {
  const columns = object<{ inputs: string[]; targets: string[] }>({ inputs: names, targets: names })(value, path);
  const both = columns.inputs.find((name) => columns.targets.includes(name));
  if (both !== undefined) refuse(`${path}.targets`, "targets that are not inputs", both);
  const options = {
    ...columns,
    ...object<Omit<ResolvedModelOptions, "inputs" | "targets">>({
      ...rulesOf(modelSettings),
      initialWindow: missingAs(0, wholeNumber),
      gaps: missingAs("restart", gapsRule),
      missing: missingAs<number[]>([], list(finite)),
      bounds: missingAs({}, boundsRule),
      features: missingAs(plainFeatures(columns.inputs), features(columns)),
      forecast: optional(forecastPlan),
    })(value, path),
  };
  const unbounded = Object.keys(options.bounds).find((name) => !options.targets.includes(name));
  if (unbounded !== undefined) refuse(`${path}.bounds`, "bounds of targets", unbounded);
  const { forecast, inputs, targets } = options;
  if (forecast !== undefined) {
    const derived = JSON.stringify([derivedInputs(forecast), derivedTargets(forecast)]);
    if (JSON.stringify([inputs, targets]) !== derived) refuse(`${path}.inputs`, "the columns of the forecast", inputs);
  }
  return options;
};

/** At least one feature for each input, in the order of the inputs, with names of their own. */
const features =
  ({ inputs, targets }: { inputs: readonly string[]; targets: readonly string[] }): Rule<Feature[]> =>
  (value, path) => {
    const found = list(object<Feature>({ name: text, input: text, filled: optional(flag), label: optional(text) }))(
      value,
      path,
    );
    const own = new Set(found.map(({ name }) => name));
    if (own.size < found.length || targets.some((name) => own.has(name))) refuse(path, "distinct names", value);
    const order = found.map(({ input }) => inputs.indexOf(input));
    const unordered = order.findIndex((at, i) => at < 0 || (i > 0 && at < order[i - 1]));
    if (unordered >= 0) refuse(`${path}[${unordered}].input`, "an input, in order", found[unordered].input);
    const without = inputs.find((name) => !found.some(({ input, filled }) => input === name && !filled));
    if (without !== undefined) refuse(path, `a feature of "${without}"`, value);
    return found;
  };

export const columnRange: Rule<ColumnRange> = (value, path) => {
  const found = object<ColumnRange>({ min: finite, max: finite, mean: finite })(value, path);
  // The mean of many equal values may differ from them by rounding.
  const slack = 1e-9 * Math.max(Math.abs(found.min), Math.abs(found.max));
  if (found.min > found.max || found.mean < found.min - slack || found.mean > found.max + slack) {
    refuse(path, "min ≤ mean ≤ max", `${found.min}, ${found.mean}, ${found.max}`);
  }
  return found;
};

const scaler = (width: number): Rule<Scaler> =>
  object<Scaler>({
    kind: modelSettings.scaler.rule,
    center: list(finite, width),
    scale: list(nonNegative, width),
  });

/** The smallest scale relative to a column's range: the deviation of 10¹² rows, or an interquartile range next to the farthest outlier. */
const smallestScale = 1e-12;

/** Maximum distance of a center from its column, in ranges: beyond it, float32 cannot resolve the column's own changes. */
const farthestCenter = 1000;

/** Refuses scales and centers that training rows with these ranges cannot have had. */
function checkScaler({ center, scale }: Scaler, path: string, ranges: readonly ColumnRange[], all: boolean): void {
  for (const [j, own] of scale.entries()) {
    if (own === 0 && all) continue;
    const { min, max } = ranges[j];
    const slack = farthestCenter * (max - min) + 1e-9 * Math.max(Math.abs(min), Math.abs(max));
    if (center[j] < min - slack || center[j] > max + slack) {
      refuse(`${path}.center[${j}]`, `a value near those from ${min} to ${max}`, center[j]);
    }
    if (min === max ? own !== 0 : own > max - min || own < (max - min) * (all ? 0 : smallestScale)) {
      refuse(`${path}.scale[${j}]`, `a scale of values from ${min} to ${max}`, own);
    }
  }
}

const source: Rule<DataSource> = object<DataSource>(optionalFields(sourceRules));

/** Missing in models of format 1. */
const origin: Rule<Origin> = (value, path) =>
  value === undefined ? {} : object<Origin>({ stepMs: optional(positive), source: optional(source) })(value, path);

const intervals =
  (inputs: number, targets: number): Rule<Intervals> =>
  (value, path) => {
    const found = object<Intervals>({
      typical: list(nonNegative, targets),
      scores: list(list(nonNegative, quantileCount), targets),
      range: object<Intervals["range"]>({ min: list(finite, inputs), max: list(finite, inputs) }),
    })(value, path);
    const falling = found.scores.findIndex((scores) => scores.some((score, k) => k > 0 && score < scores[k - 1]));
    if (falling >= 0) refuse(`${path}.scores[${falling}]`, "quantiles in ascending order", found.scores[falling]);
    const empty = found.range.min.findIndex((min, i) => min > found.range.max[i]);
    if (empty >= 0) refuse(`${path}.range.min[${empty}]`, "a number up to the maximum", found.range.min[empty]);
    return found;
  };

/** The ranges of the training rows; they bound the scalers. */
interface Ranges {
  inputsRange: Record<string, ColumnRange>;
  targetsRange: Record<string, ColumnRange>;
  /** There after a final training on all rows. */
  refit?: unknown;
}

/** Grows when an older reader would misread a newer file. */
export const formatVersion = 3;

/** A model without its ensemble, whose weights are stored as tensors. */
export const validModel: Rule<Omit<ModelParts, "ensemble" | "known"> & { format: number }> = (value, path) => {
  const { format } = object<{ format: number; kind: string }>({
    format: oneOf(1, 2, formatVersion),
    kind: oneOf("regressor", "forecaster"),
  })(value, path);
  const { options } = object<{ options: ResolvedModelOptions }>({ options: resolvedOptions })(value, path);
  const { targets } = options;
  const inputs = featureNames(options);
  const ranges = object<Ranges>({
    inputsRange: columns(inputs, columnRange),
    targetsRange: columns(targets, columnRange),
    refit: (given: unknown) => given,
  });
  const model = object<Omit<ModelParts, "ensemble" | "known" | "record">>({
    options: resolvedOptions,
    intervals: optional(intervals(inputs.length, targets.length)),
    inputScaler: scaler(inputs.length),
    targetScaler: scaler(targets.length),
    origin,
  })(value, path);
  const { inputScaler, targetScaler } = model;
  const constant = targetScaler.scale.indexOf(0);
  if (constant >= 0 && model.options.forecast === undefined)
    refuse(`${path}.targetScaler.scale[${constant}]`, "a number > 0", 0);
  const { summary, baselines } = value as WrittenRecord;
  const known = optional(ranges)(summary, `${path}.summary`);
  // A training that was left early has no summary, and its model no ranges to compare with.
  if (known !== undefined) {
    // After a final training on all rows, the ranges are those of all rows, and the scalers those of the training part.
    const all = known.refit !== undefined;
    checkScaler(
      inputScaler,
      `${path}.inputScaler`,
      inputs.map((name) => known.inputsRange[name]),
      all,
    );
    checkScaler(
      targetScaler,
      `${path}.targetScaler`,
      targets.map((name) => known.targetsRange[name]),
      all,
    );
  }
  // A record that is nested too deeply to be written again throws here.
  JSON.stringify([baselines, summary]);
  return { format, ...model, record: { baselines, summary } };
};
