/** The settings of a Regressor and of its fit, and their checks. */

import { type CellName, cellNames } from "../../nn/cells.ts";
import {
  belowOne,
  checkOptions,
  flag,
  nonNegative,
  oneOf,
  positive,
  positiveInteger,
  type Rule,
} from "../../nn/options.ts";
import { Frame } from "../data/frame.ts";
import type { DataSource } from "../data/origin.ts";
import type { ScalerKind } from "../data/scaler.ts";
import { networkOptions, parameterCount } from "../network/network.ts";
import { settingsError } from "./words.ts";

/** What is learnt: today, targets from inputs alone, without the targets' own past. */
export type Task = "simulate";

/** Settings of a Regressor. */
export interface RegressorOptions {
  /** Names of the columns that are known. */
  inputs: readonly string[];
  /** Names of the columns to be learnt from them. */
  targets: readonly string[];
  task?: Task;
  cell?: CellName;
  hiddenSize?: number;
  numLayers?: number;
  /** A straight linear path from the inputs of a row to its targets, beside the recurrent one. */
  linear?: boolean;
  /** The state with which every series begins. */
  initialState?: "zero" | "learned";
  /** Rows after each start of a state (of a series, or behind a gap) that loss and scores leave out. */
  washout?: number;
  scaler?: ScalerKind;
  /** Equal seeds, data and settings give equal bits. */
  seed?: number;
}

/** Settings of a fit. */
export interface FitOptions {
  /** Share of each series that stops and chooses, behind the training part; or a frame of its own. 0.25 by default. */
  validation?: number | Frame;
  /** Share of each series that is scored once, at the very end; or a frame of its own. None by default. */
  test?: number | Frame;
  /** Most passes over the training part; the learning rate falls towards the last. */
  epochs?: number;
  /** Epochs from one validation to the next; a report comes with each. */
  validateEvery?: number;
  /** Epochs without a better validation score after which training stops. */
  patience?: number;
  /** Wall-clock time. A rehearsal tells how many epochs fit into it; it ends the training in any case. */
  budgetMs?: number;
  /** At the beginning; it falls as half a cosine. */
  learningRate?: number;
  /** Share of each weight that joins its gradient (L2); the default is small, and the smaller the more rows there are. */
  weightDecay?: number;
  /** Decay of a running average of the weights that is validated beside them; 0 for none. */
  average?: number;
  /** Largest norm of the gradient. */
  clip?: number;
  /** Further trainings from other initial weights; the best by validation is kept. */
  restarts?: number;
  /** Steps through which gradients flow back; the state is carried beyond them. */
  chunk?: number;
  /** Stretches of the training part that are learnt side by side. */
  lanes?: number;
  /** Trains the chosen model on with all rows, gently; the scores belong to the model before it. */
  refit?: boolean;
  /** Stops at the next report and keeps the best model so far. */
  signal?: { readonly aborted: boolean };
  /** What `checkpoint()` gave: goes on from there, bit for bit. */
  resume?: Uint8Array;
  /** How the frame's file was read, kept with the model as `source`. */
  source?: DataSource;
}

export type ResolvedOptions = Required<RegressorOptions>;

/** The fit's settings after all defaults. */
export interface ResolvedFit {
  /** Below 1 where a budget ends within the first. */
  epochs: number;
  validateEvery: number;
  patience: number;
  budgetMs: number | undefined;
  learningRate: number;
  weightDecay: number;
  average: number;
  clip: number;
  restarts: number;
  chunk: number;
  lanes: number;
  refit: boolean;
}

export const wholeNumber: Rule = [
  "a whole number ≥ 0",
  (value) => Number.isSafeInteger(value) && (value as number) >= 0,
];
const seedRule: Rule = ["a whole number", (value) => Number.isSafeInteger(value)];
const names: Rule = [
  "an array of at least one column name",
  (value) => Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === "string" && name !== ""),
];
const shareOrFrame: Rule = [
  "a share from 0 up to but without 1, or a Frame",
  (value) => value instanceof Frame || (typeof value === "number" && value >= 0 && value < 1),
];

/** Four times 1 GB: weights, gradients and the optimiser's two averages. */
const mostParameters = 2 ** 28;

/** Throws for settings that are unknown or wrong. */
export function checkRegressorOptions(options: RegressorOptions): void {
  checkOptions(
    "train",
    options,
    {
      inputs: names,
      targets: names,
      task: oneOf("simulate"),
      cell: oneOf(...cellNames),
      hiddenSize: positiveInteger,
      numLayers: positiveInteger,
      linear: flag,
      initialState: oneOf("zero", "learned"),
      washout: wholeNumber,
      scaler: oneOf("standard", "minMax", "robust"),
      seed: seedRule,
    },
    ["inputs", "targets"],
  );
  for (const role of ["inputs", "targets"] as const) {
    const twice = options[role].find((name, i) => options[role].indexOf(name) < i);
    if (twice !== undefined) throw settingsError("duplicate-name", { column: twice, role }, "train");
  }
  const both = options.inputs.find((name) => options.targets.includes(name));
  if (both !== undefined) throw settingsError("input-and-target", { column: both }, "train");
}

/** Throws for a network that no memory holds, before anything of its size is allocated. */
export function checkSize(options: ResolvedOptions): void {
  const received = parameterCount(networkOptions(options));
  if (received > mostParameters) throw settingsError("too-many-weights", { received, most: mostParameters }, "train");
}

const text: Rule = ["text", (value) => typeof value === "string"];
const plainRecord: Rule = [
  "an object of texts, numbers and flags",
  (value) =>
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every((one) => ["string", "boolean"].includes(typeof one) || Number.isFinite(one)),
];

function checkSource(source: DataSource): void {
  checkOptions("train, source", source, {
    time: text,
    timeFormat: text,
    group: text,
    sql: text,
    decimal: oneOf("point", "comma"),
    repairTime: oneOf("first", "last", "mean"),
    missing: ["an array of texts", (value) => Array.isArray(value) && value.every((one) => typeof one === "string")],
    units: [
      "an object of texts",
      (value) => plainRecord[1](value) && Object.values(value as object).every((one) => typeof one === "string"),
    ],
    other: plainRecord,
  });
}

/** Throws a TypeError for settings of a fit that are unknown or wrong. */
export function checkFitOptions(options: FitOptions): void {
  checkOptions("train", options, {
    validation: shareOrFrame,
    test: shareOrFrame,
    epochs: positiveInteger,
    validateEvery: positiveInteger,
    patience: positiveInteger,
    budgetMs: positive,
    learningRate: positive,
    weightDecay: nonNegative,
    average: belowOne,
    clip: positive,
    restarts: wholeNumber,
    chunk: positiveInteger,
    lanes: positiveInteger,
    refit: flag,
    signal: ["an AbortSignal", (value) => typeof value === "object" && value !== null && "aborted" in value],
    source: ["an object such as { time, group }", (value) => typeof value === "object" && value !== null],
    resume: ["the bytes of a checkpoint", (value) => value instanceof Uint8Array],
  });
  if (options.source !== undefined) checkSource(options.source);
  const share = (part: number | Frame | undefined) => (typeof part === "number" ? part : 0);
  if (share(options.validation) + share(options.test) >= 1) {
    const values = { validation: share(options.validation), test: share(options.test) };
    throw settingsError("no-training-share", values, "train");
  }
}
