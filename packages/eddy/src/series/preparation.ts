/** Preparation of a fit: the split, the scalers, the baselines, and what had to be merged or left out. */
import { DataError } from "./data-error.ts";
import { type Fingerprints, fingerprintOf, splitFingerprint } from "./fingerprint.ts";
import { checkIsFrame, Frame, type RowRange } from "./frame.ts";
import { fitLinearFilter } from "./linear-filter.ts";
import type { Baselines } from "./model.ts";
import type { Note, NoteOf } from "./note-words.ts";
import type { FitOptions, ResolvedOptions } from "./options.ts";
import { checkInterval, type Origin, originOf } from "./origin.ts";
import type { Paced } from "./pace.ts";
import { columnsOf, Part, type ScaledFrame, scaleFrame } from "./part.ts";
import type { SkippedRows } from "./report.ts";
import { intersect } from "./runs.ts";
import { type ColumnRange, fitScaler, type Scaler } from "./scaler.ts";
import { validationShare } from "./settings.ts";
import { honestSplit } from "./split.ts";
import { inspectTime } from "./time.ts";

/** Everything that a training needs, and everything that its summary tells about the data. */
export interface Prepared {
  inputScaler: Scaler;
  targetScaler: Scaler;
  data: ScaledFrame;
  /** The training rows, cut at gaps. */
  runs: RowRange[];
  train: Part;
  validation: Part;
  test: Part | undefined;
  baselines: Baselines;
  origin: Origin;
  fingerprints: Fingerprints;
  merged: Note[];
  skipped: SkippedRows;
  notes: Note[];
  inputsRange: Record<string, ColumnRange>;
  targetsRange: Record<string, ColumnRange>;
}

/** Throws a DataError unless the frame has these columns, rows and a usable time. */
export function checkFrame(owner: string, frame: Frame, columns: readonly string[]): void {
  checkIsFrame(owner, frame);
  const missing = columns.filter((name) => !frame.has(name));
  if (missing.length > 0) {
    const values = { column: missing[0], expected: [...columns], missing, names: frame.names };
    throw new DataError("missing-columns", values, owner);
  }
  if (frame.length === 0) throw new DataError("no-rows", {}, owner);
  if (frame.time === undefined) return;
  const { firstBadRow, missing: untimed, unsorted, duplicates, uneven, regular } = inspectTime(frame);
  if (regular) return;
  if (firstBadRow === undefined) throw new DataError("uneven-steps", { uneven }, owner);
  throw new DataError("time-order", { row: firstBadRow, column: "time", untimed, unsorted, duplicates }, owner);
}

/** Splits, scales and fits the baselines; nothing of validation and test goes into a scaler. */
export function* prepare(options: ResolvedOptions, frame: Frame, fit: FitOptions): Paced<Prepared> {
  const { inputs, targets, washout } = options;
  const all = [...inputs, ...targets];
  const own = {
    validation: fit.validation instanceof Frame ? fit.validation : undefined,
    test: fit.test instanceof Frame ? fit.test : undefined,
  };
  checkFrame("Regressor.fit", frame, all);
  const origin = originOf(frame, fit.source);
  for (const [part, other] of Object.entries(own)) {
    if (other === undefined) continue;
    checkFrame(`Regressor.fit, ${part}`, other, all);
    checkInterval(`Regressor.fit, ${part}`, other, origin);
  }

  const share = (part: number | Frame | undefined, usual: number) => (part instanceof Frame ? 0 : (part ?? usual));
  const { parts: split, merged } = yield* honestSplit(frame, options, {
    validation: own.validation === undefined ? share(fit.validation, validationShare) : undefined,
    test: share(fit.test, 0),
  });

  const { scaler: inputScaler, ranges: inputsRange } = yield* fitScaler(
    options.scaler,
    columnsOf(frame, inputs),
    split.train,
  );
  const { scaler: targetScaler, ranges: targetsRange } = yield* fitScaler(
    options.scaler,
    columnsOf(frame, targets),
    split.train,
  );
  const fingerprints: Fingerprints = {
    training: yield* fingerprintOf(frame, options),
    ...(own.validation && { validation: yield* fingerprintOf(own.validation, options) }),
    ...(own.test && { test: yield* fingerprintOf(own.test, options) }),
    split: splitFingerprint([split.train, split.validation, split.test]),
  };
  const notes = checkConstants(inputs, targets, inputScaler, targetScaler);

  const scale = (other: Frame) => scaleFrame(other, options, inputScaler, targetScaler);
  const data = yield* scale(frame);
  const part = (of: ScaledFrame, ranges: readonly RowRange[], cut = false) =>
    new Part(of, ranges, targets, washout, cut);
  const train = part(data, split.train);
  const whole = function* (other: Frame, cut = false): Paced<Part> {
    return part(yield* scale(other), other.series(), cut);
  };
  const validation = own.validation ? yield* whole(own.validation, true) : part(data, split.validation, true);
  const test = own.test ? yield* whole(own.test) : split.test.length > 0 ? part(data, split.test) : undefined;
  for (const [name, scored] of [
    ["training", train],
    ["validation", validation],
    ["test", test],
  ] as const) {
    const least = 2;
    if (scored === undefined || scored.scoredRows >= least) continue;
    const values = { part: name, least, received: scored.scoredRows, rows: scored.rows, washout };
    throw new DataError("few-scored-rows", values, "Regressor.fit");
  }
  const baselines = {
    mean: meanTargets(data.y, train, targets.length),
    linear: yield* fitLinearFilter(train, validation, inputs.length, targets.length),
  };
  return {
    inputScaler,
    targetScaler,
    data,
    runs: intersect(data.runs.ranges, split.train),
    train,
    validation,
    test,
    baselines,
    origin,
    fingerprints,
    merged,
    skipped: {
      missingInputs: data.runs.missingInputs,
      missingTargets: missingRows(frame, targets),
      timeGaps: data.runs.timeGaps,
      washout: train.washout + validation.washout + (test?.washout ?? 0),
    },
    notes,
    inputsRange,
    targetsRange,
  };
}

/** All rows for the final training, scaled as the training part was; the linear filter keeps its length and strength. */
export function* prepareAll(
  options: ResolvedOptions,
  frame: Frame,
  { inputScaler, targetScaler }: Prepared,
  choices: { taps: number; ridge: number },
): Paced<Pick<Prepared, "data" | "runs" | "baselines" | "inputsRange" | "targetsRange">> {
  const { inputs, targets, washout } = options;
  const series = frame.series();
  const data = yield* scaleFrame(frame, options, inputScaler, targetScaler);
  const train = new Part(data, series, targets, washout);
  return {
    data,
    runs: data.runs.ranges,
    baselines: {
      mean: meanTargets(data.y, train, targets.length),
      linear: yield* fitLinearFilter(train, train, inputs.length, targets.length, choices),
    },
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
  ofInputs: Scaler,
  ofTargets: Scaler,
): NoteOf<"constant-input">[] {
  for (const [j, column] of targets.entries()) {
    if (ofTargets.scale[j] !== 0) continue;
    throw new DataError("constant-target", { column, value: ofTargets.center[j] }, "Regressor.fit");
  }
  const constant = inputs.filter((_, j) => ofInputs.scale[j] === 0);
  if (constant.length === inputs.length) {
    throw new DataError("constant-inputs", { column: constant[0], columns: constant }, "Regressor.fit");
  }
  return constant.map((column) => ({
    code: "constant-input",
    column,
    value: ofInputs.center[inputs.indexOf(column)],
  }));
}

/** Each target's mean over the training rows that are scored, in scaled units. */
function meanTargets(y: Float32Array, train: Part, width: number): number[] {
  return Array.from({ length: width }, (_, target) => {
    let [sum, count] = [0, 0];
    for (const { start, end } of train.segments([target])) {
      for (let row = start; row < end; row++) sum += y[row * width + target];
      count += end - start;
    }
    return count === 0 ? 0 : sum / count;
  });
}
