/** Preparation of a training: split, scalers, scaled rows and baselines, and notes on merged and excluded data. */
import { type Baselines, fitBaselines } from "../baselines/baselines.ts";
import { checkFrame } from "../data/check-frame.ts";
import { Frame } from "../data/frame.ts";
import { copyOfSource, type Origin } from "../data/origin.ts";
import { intersect, type Rows } from "../data/rows.ts";
import { columnsOf, type ScaledFrame, type Scalers, scaleFrame } from "../data/scaled-frame.ts";
import type { ColumnRange } from "../data/scaler.ts";
import type { Paced } from "../pace.ts";
import type { Note, NoteOf } from "../record/notes.ts";
import type { SkippedRows } from "../record/report.ts";
import { Subset } from "../scores/subset.ts";
import type { ResolvedModelOptions, TrainingOptions } from "../settings/options.ts";
import { validationShare } from "../settings/settings.ts";
import { type Fingerprints, fingerprintOf, splitFingerprint } from "./fingerprint.ts";
import { fitScaler } from "./fit-scaler.ts";
import { mergingSplit } from "./split.ts";
import { trainingError } from "./words.ts";

/** The data of a training, and what its summary reports about the data. */
export interface Prepared extends Scalers {
  data: ScaledFrame;
  /** The uninterrupted training rows. */
  segments: Rows[];
  train: Subset;
  validation: Subset;
  test: Subset | undefined;
  baselines: Baselines;
  origin: Origin;
  fingerprints: Fingerprints;
  merged: Note[];
  skipped: SkippedRows;
  notes: Note[];
  inputsRange: Record<string, ColumnRange>;
  targetsRange: Record<string, ColumnRange>;
}

/** Splits and scales the data and fits the baselines; the scalers use training rows only. */
export function* prepare(options: ResolvedModelOptions, frame: Frame, training: TrainingOptions): Paced<Prepared> {
  const { inputs, targets, washout } = options;
  const columns = [...inputs, ...targets];
  const separate = {
    validation: training.validation instanceof Frame ? training.validation : undefined,
    test: training.test instanceof Frame ? training.test : undefined,
  };
  const interval = checkFrame("train", frame, columns);
  const origin: Origin = { ...interval, ...(training.source && { source: copyOfSource(training.source) }) };
  for (const [part, other] of Object.entries(separate)) {
    if (other !== undefined) checkFrame(`train, ${part}`, other, columns, origin);
  }

  const share = (part: number | Frame | undefined, byDefault: number) =>
    part instanceof Frame ? 0 : (part ?? byDefault);
  const { parts: split, merged } = yield* mergingSplit(frame, options, {
    validation: separate.validation === undefined ? share(training.validation, validationShare) : undefined,
    test: share(training.test, 0),
  });

  const fit = (names: readonly string[]) => fitScaler(options.scaler, columnsOf(frame, names), split.train);
  const { scaler: inputScaler, ranges: inputsRange } = yield* fit(inputs);
  const { scaler: targetScaler, ranges: targetsRange } = yield* fit(targets);
  const scalers = { inputScaler, targetScaler };
  const fingerprints: Fingerprints = {
    training: yield* fingerprintOf(frame, options),
    ...(separate.validation && { validation: yield* fingerprintOf(separate.validation, options) }),
    ...(separate.test && { test: yield* fingerprintOf(separate.test, options) }),
    split: splitFingerprint([split.train, split.validation, split.test]),
  };
  const notes = checkConstants(inputs, targets, scalers);

  const scale = (other: Frame) => scaleFrame(other, options, scalers);
  const data = yield* scale(frame);
  const subset = (of: ScaledFrame, ranges: readonly Rows[], cut = false) =>
    new Subset(of, ranges, targets, washout, cut);
  const train = subset(data, split.train);
  const wholeFrame = function* (other: Frame, cut = false): Paced<Subset> {
    return subset(yield* scale(other), other.series(), cut);
  };
  const validation = separate.validation
    ? yield* wholeFrame(separate.validation, true)
    : subset(data, split.validation, true);
  const test = separate.test
    ? yield* wholeFrame(separate.test)
    : split.test.length > 0
      ? subset(data, split.test)
      : undefined;
  for (const [name, scored] of [
    ["training", train],
    ["validation", validation],
    ["test", test],
  ] as const) {
    const minScoredRows = 2;
    if (scored === undefined || scored.scoredRows >= minScoredRows) continue;
    const values = { part: name, least: minScoredRows, received: scored.scoredRows, rows: scored.rows, washout };
    throw trainingError("few-scored-rows", values, "train");
  }
  return {
    ...scalers,
    data,
    segments: intersect(data.segments, split.train),
    train,
    validation,
    test,
    baselines: yield* fitBaselines(train, validation, inputs.length, targets.length),
    origin,
    fingerprints,
    merged,
    skipped: {
      missingInputs: data.missingInputs,
      missingTargets: missingRows(frame, targets),
      timeGaps: data.timeGaps,
      washout: train.washout + validation.washout + (test?.washout ?? 0),
    },
    notes,
    inputsRange,
    targetsRange,
  };
}

/** All rows, for the final training: scaled like the training part; the linear filter keeps its length and ridge parameter. */
export function* prepareAll(
  options: ResolvedModelOptions,
  frame: Frame,
  scalers: Scalers,
  choices: { taps: number; ridge: number },
): Paced<Pick<Prepared, "data" | "segments" | "baselines" | "inputsRange" | "targetsRange">> {
  const { inputs, targets, washout } = options;
  const series = frame.series();
  const data = yield* scaleFrame(frame, options, scalers);
  const train = new Subset(data, series, targets, washout);
  return {
    data,
    segments: data.segments,
    baselines: yield* fitBaselines(train, train, inputs.length, targets.length, choices),
    inputsRange: (yield* fitScaler(options.scaler, columnsOf(frame, inputs), series)).ranges,
    targetsRange: (yield* fitScaler(options.scaler, columnsOf(frame, targets), series)).ranges,
  };
}

function missingRows(frame: Frame, targets: readonly string[]): number {
  const columns = targets.map((name) => frame.column(name));
  let count = 0;
  for (let row = 0; row < frame.length; row++) {
    let missing = false;
    for (let j = 0; j < columns.length; j++) missing ||= Number.isNaN(columns[j][row]);
    if (missing) count++;
  }
  return count;
}

function checkConstants(
  inputs: readonly string[],
  targets: readonly string[],
  { inputScaler, targetScaler }: Scalers,
): NoteOf<"constant-input">[] {
  for (const [j, column] of targets.entries()) {
    if (targetScaler.scale[j] !== 0) continue;
    throw trainingError("constant-target", { column, value: targetScaler.center[j] }, "train");
  }
  const constant = inputs.filter((_, j) => inputScaler.scale[j] === 0);
  if (constant.length === inputs.length) {
    throw trainingError("constant-inputs", { column: constant[0], columns: constant }, "train");
  }
  return constant.map((column) => ({
    code: "constant-input",
    column,
    value: inputScaler.center[inputs.indexOf(column)],
  }));
}
