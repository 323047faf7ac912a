/** Insight into a model: memory horizon, step and impulse responses, and static gain. */
import { checkOptions, finite, integerThat, rule } from "../nn/options.ts";
import { checkFrame } from "./data/check-frame.ts";
import { featureNames, featureRows } from "./data/features.ts";
import type { Frame } from "./data/frame.ts";
import { longestOf, type Rows } from "./data/rows.ts";
import { type ScaledInputs, scaleFeatures } from "./data/scaled-frame.ts";
import { type ColumnRange, scaled, unscaledColumn } from "./data/scaler.ts";
import type { ModelParts } from "./file/model-parts.ts";
import type { Model } from "./model.ts";
import { predictWindows } from "./network/predict-windows.ts";
import type { Simulator } from "./network/simulator.ts";
import { finish, type Paced } from "./pace.ts";
import { partsOf } from "./parts.ts";
import { recordedSummary } from "./record/record-schema.ts";
import type { TrainingSummary } from "./record/report.ts";
import { trainingError } from "./training/words.ts";

/**
 * The response of the targets to one input, with all other inputs at their training means. An input with categories has several
 * features, such as `mode = run`; each takes the place of an input.
 */
export interface Response {
  input: string;
  from: number;
  to: number;
  /** Each target before the change, in steady state. */
  before: Record<string, number>;
  /** Each target, starting at the row of the change, in the data's units. */
  response: Record<string, Float64Array>;
  /** Whether the response settled within the simulated rows, to 1 % of its largest deviation. */
  settled: boolean;
}

/** Settings of `stepResponse` and `impulseResponse`. */
export interface ResponseOptions {
  input: string;
  /** The input's value before the change; its training mean by default. */
  from?: number;
  /** Its value after the change; by default a quarter of its training range above `from`, or below it if that leaves the range. */
  to?: number;
  /** Rows of the response; by default, until it settles. */
  rows?: number;
}

/** Rows simulated before the change, to settle, and by default after it. */
const settlingRows = 2048;
const minShownRows = 20;
const settlingTolerance = 0.01;

/**
 * Step response: each target when an input steps from one value to another and stays there.
 *
 * @throws DataError for an input that the model does not have.
 * @example stepResponse(model, { input: "u" }).response.y
 */
export function stepResponse(model: Model, options: ResponseOptions): Response {
  return responseTo("stepResponse", model, options, () => true);
}

/** Impulse response: each target when an input changes for one row. Errors and defaults are those of `stepResponse`. */
export function impulseResponse(model: Model, options: ResponseOptions): Response {
  return responseTo("impulseResponse", model, options, (row) => row === 0);
}

/** Enough for any response, and within memory. */
const maxRows = 1_000_000;
const inputName = rule("the name of an input", (value) => typeof value === "string");
const upTo = (max: number) => integerThat(`an integer from 1 to ${max}`, (value) => value >= 1 && value <= max);

function responseTo(
  where: string,
  model: Model,
  options: ResponseOptions,
  changed: (row: number) => boolean,
): Response {
  const { parts, summary } = completed(model, where);
  checkOptions(where, options, { input: inputName, from: finite, to: finite, rows: upTo(maxRows) }, ["input"]);
  const { input } = options;
  const features = featureNames(parts.options);
  const { mean, min, max } = rangeOf(summary, input, features, where);
  const from = options.from ?? mean;
  const quarter = (max - min) / 4;
  const to = options.to ?? (from + quarter <= max ? from + quarter : from - quarter);
  const responseRows = options.rows ?? settlingRows;
  const resting = restingInputs(parts, summary);
  const x = new Float32Array((settlingRows + responseRows) * resting.length);
  const column = features.indexOf(input);
  for (let row = 0; row < settlingRows + responseRows; row++) {
    x.set(resting, row * resting.length);
    const value = row >= settlingRows && changed(row - settlingRows) ? to : from;
    x[row * resting.length + column] = scaled(value, parts.inputScaler, column);
  }
  const y = finish(simulating(parts.ensemble, x, 1));
  const columns = parts.options.targets.map((name, j) => [name, unscaledColumn(parts.targetScaler, y, j)] as const);
  const settledAt = Math.max(...columns.map(([, values]) => settlingRow(values.subarray(settlingRows - 1))));
  const rows = options.rows ?? Math.min(responseRows, Math.max(minShownRows, Math.ceil(settledAt * 1.5)));
  return {
    input,
    from,
    to,
    before: Object.fromEntries(columns.map(([name, values]) => [name, values[settlingRows - 1]])),
    response: Object.fromEntries(
      columns.map(([name, values]) => [name, values.slice(settlingRows, settlingRows + rows)]),
    ),
    settled: settledAt < 0.9 * responseRows,
  };
}

/** The first row from which all values stay close to the last one. */
function settlingRow(values: Float64Array): number {
  const last = values[values.length - 1];
  const largest = values.reduce((max, value) => Math.max(max, Math.abs(value - values[0])), 0);
  return values.findLastIndex((value) => Math.abs(value - last) > settlingTolerance * largest) + 1;
}

const maxPoints = 1000;
const pointsRule = integerThat(
  `at least 2 points and at most ${maxPoints}`,
  (value) => value >= 2 && value <= maxPoints,
);

/** The steady-state targets as a function of one constant input. */
export interface StaticGain {
  input: string;
  /** The input's values, over its training range. */
  levels: Float64Array;
  outputs: Record<string, Float64Array>;
  /** 1 if the targets settled within the simulated rows, to 1 % of their training range. */
  settled: Uint8Array;
}

/**
 * Static gain curve: each target in steady state against a constant input, with the other inputs at their training means.
 *
 * @throws DataError for an input that the model does not have.
 */
export function staticGain(model: Model, options: { input: string; points?: number }): StaticGain {
  const { parts, summary } = completed(model, "staticGain");
  checkOptions("staticGain", options, { input: inputName, points: pointsRule }, ["input"]);
  const { input, points = 21 } = options;
  const features = featureNames(parts.options);
  const { min, max } = rangeOf(summary, input, features, "staticGain");
  const levels = Float64Array.from({ length: points }, (_, i) => min + ((max - min) * i) / (points - 1));
  const resting = restingInputs(parts, summary);
  const width = resting.length;
  const column = features.indexOf(input);
  const x = new Float32Array(points * settlingRows * width);
  for (let row = 0; row < points * settlingRows; row++) {
    x.set(resting, row * width);
    x[row * width + column] = scaled(levels[Math.floor(row / settlingRows)], parts.inputScaler, column);
  }
  const y = finish(simulating(parts.ensemble, x, points));
  const settled = new Uint8Array(points).fill(1);
  const outputs = parts.options.targets.map((name, j) => {
    const values = unscaledColumn(parts.targetScaler, y, j);
    const range = summary.targetsRange[name];
    const at = (lane: number, share: number) => values[Math.floor((lane + share) * settlingRows) - 1];
    for (let lane = 0; lane < points; lane++) {
      if (Math.abs(at(lane, 1) - at(lane, 0.75)) > settlingTolerance * (range.max - range.min)) settled[lane] = 0;
    }
    return [name, levels.map((_, lane) => at(lane, 1))] as const;
  });
  return { input, levels, outputs: Object.fromEntries(outputs), settled };
}

/** How many rows back an input influences the targets. */
export interface MemoryHorizon {
  /** Rows before the current one that contain 99 % of the influence, for the input with the longest horizon. */
  rows: number;
  /** False if the influence had not decayed within the simulated rows: the horizon is longer. */
  complete: boolean;
  /** For each input: its horizon, and for each lag the root mean square of the targets' change, in scaled units. */
  inputs: Record<string, { rows: number; influence: Float64Array }>;
}

const influenceShare = 0.99;
const maxPositions = 4096;

/** Settings of `memoryHorizon`. */
export interface MemoryOptions {
  rows?: number;
  places?: number;
}

/**
 * Perturbs one row of an input by one scaled unit, at positions spread over the frame, and measures how long the targets change.
 *
 * @param options.rows rows to measure; by default 1024, or half of the longest segment if that is less.
 * @throws DataError for a frame without two consecutive rows with all inputs.
 */
export function memoryHorizon(model: Model, frame: Frame, options: MemoryOptions = {}): MemoryHorizon {
  const parts = partsOf(model, "memoryHorizon");
  checkOptions("memoryHorizon", options, { rows: upTo(maxRows), places: upTo(maxPositions) });
  const { inputs } = parts.options;
  checkFrame("memoryHorizon", frame, inputs, parts.origin);
  const { frame: rows } = finish(featureRows("memoryHorizon", frame, parts.options));
  const scaledFeatures = finish(scaleFeatures(rows, parts.options, parts.inputScaler));
  return finish(measuringMemory("memoryHorizon", parts, scaledFeatures, options));
}

/** @internal The memory horizon, from the scaled features of a frame. */
export function* measuringMemory(
  where: string,
  parts: ModelParts,
  { x, segments }: ScaledInputs,
  options: MemoryOptions = {},
): Paced<MemoryHorizon> {
  const inputs = featureNames(parts.options);
  const width = inputs.length;
  const longest = longestOf(segments);
  const rows = options.rows ?? Math.min(1024, Math.floor(longest / 2));
  const before = Math.min(1024, longest - rows);
  if (rows < 1 || before < 0) throw trainingError("short-segments", { least: Math.max(2, rows), longest }, where);
  const starts = spread(
    segments.flatMap(({ start, end }) =>
      end - start >= before + rows ? [{ start, end: end - before - rows + 1 }] : [],
    ),
    options.places ?? 16,
  );
  const time = before + rows;
  const lane = time * width;
  const batch = new Float32Array((1 + width) * starts.length * lane);
  for (const [position, start] of starts.entries()) {
    const original = x.subarray(start * width, start * width + lane);
    batch.set(original, position * lane);
    for (let input = 0; input < width; input++) {
      const offset = ((1 + input) * starts.length + position) * lane;
      batch.set(original, offset);
      const perturbed = offset + before * width + input;
      batch[perturbed] += batch[perturbed] > 0 ? -1 : 1; // towards the mean, where the model has training data
    }
  }
  const y = yield* simulating(parts.ensemble, batch, (1 + width) * starts.length);
  const targets = parts.options.targets.length;
  const horizon = { rows: 0, complete: true };
  const horizons = new Map<string, MemoryHorizon["inputs"][string]>();
  for (const [input, name] of inputs.entries()) {
    const influence = new Float64Array(rows);
    for (let position = 0; position < starts.length; position++) {
      const base = (position * time + before) * targets;
      const perturbed = (((1 + input) * starts.length + position) * time + before) * targets;
      for (let i = 0; i < rows * targets; i++)
        influence[Math.floor(i / targets)] += (y[perturbed + i] - y[base + i]) ** 2;
    }
    for (let row = 0; row < rows; row++) influence[row] = Math.sqrt(influence[row] / starts.length / targets);
    const total = influence.reduce((sum, value) => sum + value, 0);
    let [reach, sum] = [0, influence[0]];
    while (reach < rows - 1 && sum < influenceShare * total) sum += influence[++reach];
    horizons.set(name, { rows: reach, influence });
    horizon.rows = Math.max(horizon.rows, reach);
    if (reach > 0.9 * rows) horizon.complete = false;
  }
  return { ...horizon, inputs: Object.fromEntries(horizons) };
}

/** Up to `count` starts, evenly spread over ranges of allowed starts. */
function spread(ranges: readonly Rows[], count: number): number[] {
  const total = ranges.reduce((sum, { start, end }) => sum + end - start, 0);
  const length = Math.min(count, total);
  return Array.from({ length }, (_, i) => {
    let at = Math.floor(((i + 0.5) * total) / length);
    const range = ranges.find(({ start, end }) => {
      if (at < end - start) return true;
      at -= end - start;
      return false;
    })!;
    return range.start + at;
  });
}

/** Simulates a batch from the start of a series: x (batch, time, inputs) → y (batch, time, targets), scaled. */
function* simulating(network: Simulator, x: Float32Array, lanes: number): Paced<Float32Array> {
  const { inputSize, targetSize } = network.options;
  const rows = x.length / inputSize;
  const time = rows / lanes;
  const y = new Float32Array(rows * targetSize);
  const windows = Array.from({ length: lanes }, (_, lane) => {
    const start = lane * time;
    return { warmUpStart: start, start, end: start + time };
  });
  yield* predictWindows(network, x, windows, y);
  return y;
}

/** The parts of a model, and the summary of its training, which must be complete. */
function completed(model: Model, where: string): { parts: ModelParts; summary: TrainingSummary } {
  const parts = partsOf(model, where);
  const summary = recordedSummary(parts, where);
  if (summary === undefined) throw trainingError("unfinished", {}, where);
  return { parts, summary };
}

function rangeOf(
  { inputsRange }: TrainingSummary,
  input: string,
  inputs: readonly string[],
  where: string,
): ColumnRange {
  if (inputs.includes(input)) return inputsRange[input];
  throw trainingError("unknown-input", { column: input, inputs }, where);
}

/** Each input at its training mean, scaled. */
function restingInputs({ options, inputScaler }: ModelParts, { inputsRange }: TrainingSummary): Float32Array {
  return Float32Array.from(featureNames(options), (name, i) => scaled(inputsRange[name].mean, inputScaler, i));
}
