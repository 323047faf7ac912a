/** The options of a Regressor and of its fit, and their checks. */
import { checkOptions, rule } from "../nn/options.ts";
import { DataError } from "./data-error.ts";
import { resolveOptions } from "./defaults.ts";
import { sourceRules } from "./file-schema.ts";
import type { Frame } from "./frame.ts";
import { networkOptions } from "./model.ts";
import { parameterCount } from "./network.ts";
import type { DataSource } from "./origin.ts";
import { modelSettings, partSettings, rulesOf, trainingSettings, type Values } from "./settings.ts";

interface Columns {
  /** Names of the input columns, whose values are known. */
  inputs: readonly string[];
  /** Names of the columns that are learned from the inputs. */
  targets: readonly string[];
}

type ModelSettings = Values<typeof modelSettings>;
type PartSettings = Values<typeof partSettings>;
type TrainingSettings = Values<typeof trainingSettings>;

/** Options of a Regressor. */
export interface RegressorOptions extends Columns, Partial<ModelSettings> {}

/** Options of a fit. */
export interface FitOptions extends Partial<PartSettings>, Partial<TrainingSettings> {
  /** Stops at the next report and keeps the best model so far. */
  signal?: { readonly aborted: boolean };
  /** What `checkpoint()` returned: the fit continues from there, bit for bit. */
  resume?: Uint8Array;
  /** How the frame's file was read, kept with the model as `source`. */
  source?: DataSource;
}

/** The model's settings, defaults included. */
export interface ResolvedOptions extends Columns, ModelSettings {}

/** The settings of the training, defaults included. `epochs` is below 1 if a budget ends within the first epoch. */
export interface ResolvedFit extends TrainingSettings {}

const names = rule<readonly string[]>(
  "an array of at least one column name",
  (value) => Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === "string" && name !== ""),
);

/** Four times 1 GB: weights, gradients and the optimiser's two averages. */
const mostParameters = 2 ** 28;

/** Throws for options that are unknown or wrong. */
export function checkRegressorOptions(options: RegressorOptions): void {
  checkOptions("Regressor", options, { inputs: names, targets: names, ...rulesOf(modelSettings) }, [
    "inputs",
    "targets",
  ]);
  for (const role of ["inputs", "targets"] as const) {
    const duplicate = options[role].find((name, i) => options[role].indexOf(name) < i);
    if (duplicate !== undefined) throw new DataError("duplicate-name", { column: duplicate, role }, "Regressor");
  }
  const both = options.inputs.find((name) => options.targets.includes(name));
  if (both !== undefined) throw new DataError("input-and-target", { column: both }, "Regressor");
}

/** Throws for a network that exceeds any memory, before anything of its size is allocated. */
export function checkSize(options: RegressorOptions): void {
  const received = parameterCount(networkOptions(resolveOptions(options, 0)));
  if (received > mostParameters)
    throw new DataError("too-many-weights", { received, most: mostParameters }, "Regressor");
}

/** Throws a TypeError for options of a fit that are unknown or wrong. */
export function checkFitOptions(options: FitOptions): void {
  checkOptions("Regressor.fit", options, {
    ...rulesOf(partSettings),
    ...rulesOf(trainingSettings),
    signal: rule("an AbortSignal", (value) => typeof value === "object" && value !== null && "aborted" in value),
    source: rule("an object such as { time, group }", (value) => typeof value === "object" && value !== null),
    resume: rule("the bytes of a checkpoint", (value) => value instanceof Uint8Array),
  });
  if (options.source !== undefined) checkOptions("Regressor.fit, source", options.source, sourceRules);
  const share = (part: number | Frame | undefined) => (typeof part === "number" ? part : 0);
  if (share(options.validation) + share(options.test) >= 1) {
    const values = { validation: share(options.validation), test: share(options.test) };
    throw new DataError("no-training-share", values, "Regressor.fit");
  }
}
