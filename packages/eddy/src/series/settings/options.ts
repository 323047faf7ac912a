/** The options of `train`, and their checks. */
import { checkOptions, rule } from "../../nn/options.ts";
import type { Feature } from "../data/features.ts";
import type { Frame } from "../data/frame.ts";
import type { DataSource } from "../data/origin.ts";
import { type ForecastPlan, forecastPlan } from "../forecast/plan.ts";
import { networkOptions, parameterCount } from "../network/sizes.ts";
import { signalRule } from "../pace.ts";
import { computingSettings, modelSettings, partSettings, rulesOf, trainingSettings, type Values } from "./settings.ts";
import { sourceRules } from "./source.ts";
import { settingsError } from "./words.ts";

interface Columns {
  /** Names of the input columns. */
  inputs: readonly string[];
  /** Names of the target columns, which are learned from the inputs. */
  targets: readonly string[];
}

type ModelSettings = Values<typeof modelSettings>;
type PartSettings = Values<typeof partSettings>;
type TrainingSettings = Values<typeof trainingSettings>;
type ComputingSettings = Values<typeof computingSettings>;

/** Options of the model. */
export interface ModelOptions extends Columns, Partial<ModelSettings> {
  /** @internal The columns are those that `derive` makes by this plan; use `trainForecast`. */
  forecast?: ForecastPlan | undefined;
}

/** Options of the training. */
export interface TrainingOptions extends Partial<PartSettings>, Partial<TrainingSettings>, Partial<ComputingSettings> {
  /** Stops at the next report and keeps the best model so far. */
  signal?: { readonly aborted: boolean };
  /** Bytes returned by `checkpoint()`, from which the training continues bit for bit. */
  resume?: Uint8Array;
  /** How the frame's file was read, kept with the model as `source`. */
  source?: DataSource;
}

/** Options of `train`. */
export type TrainOptions = ModelOptions & TrainingOptions;

/** The model's settings, defaults included. */
export interface ResolvedModelOptions extends Columns, ModelSettings {
  /** The numbers that the networks receive for each row, in order. */
  features: readonly Feature[];
  /** The plan of a forecast, whose columns are derived ones. */
  forecast?: ForecastPlan | undefined;
}

/** The settings of the training, defaults included. `epochs` is below 1 if a budget ends within the first epoch. */
export interface ResolvedTrainingOptions extends TrainingSettings {}

const names = rule<readonly string[]>(
  "an array of at least one column name",
  (value) => Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === "string" && name !== ""),
);

/** At this size, weights, gradients and the optimiser's two averages take 1 GB each. */
const maxParameters = 2 ** 28;

/** Throws for options that are unknown or wrong. */
export function checkTrainOptions(options: TrainOptions): void {
  const rules = {
    inputs: names,
    targets: names,
    forecast: forecastPlan,
    ...rulesOf(modelSettings),
    ...rulesOf(partSettings),
    ...rulesOf(trainingSettings),
    ...rulesOf(computingSettings),
    signal: signalRule,
    source: rule("an object such as { time, group }", (value) => typeof value === "object" && value !== null),
    resume: rule("the bytes of a checkpoint", (value) => value instanceof Uint8Array),
  };
  checkOptions("train", options, rules, ["inputs", "targets"]);
  if (options.source !== undefined) checkOptions("train, source", options.source, sourceRules);
  for (const role of ["inputs", "targets"] as const) {
    const duplicate = options[role].find((name, i) => options[role].indexOf(name) < i);
    if (duplicate !== undefined) throw settingsError("duplicate-name", { column: duplicate, role }, "train");
  }
  const inputAndTarget = options.inputs.find((name) => options.targets.includes(name));
  if (inputAndTarget !== undefined) throw settingsError("input-and-target", { column: inputAndTarget }, "train");
  const unknown = Object.keys(options.bounds ?? {}).find((name) => !options.targets.includes(name));
  if (unknown !== undefined) {
    throw settingsError("bounds-without-target", { column: unknown, targets: options.targets }, "train");
  }
  const share = (part: number | Frame | undefined) => (typeof part === "number" ? part : 0);
  if (share(options.validation) + share(options.test) >= 1) {
    const values = { validation: share(options.validation), test: share(options.test) };
    throw settingsError("no-training-share", values, "train");
  }
}

/** Throws for a network that would not fit in memory, before it is allocated. */
export function checkSize(options: ResolvedModelOptions): void {
  const received = parameterCount(networkOptions(options));
  if (received > maxParameters) throw settingsError("too-many-weights", { received, most: maxParameters }, "train");
}
