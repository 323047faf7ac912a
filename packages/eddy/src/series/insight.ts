/** Insight into a model: its memory horizon, its step and impulse responses, and its static gain. */
import { checkOptions, finite, integerThat, rule } from "../nn/options.ts";
import { checkFrame } from "./data/check-frame.ts";
import type { Frame } from "./data/frame.ts";
import { longestOf, type Rows } from "./data/rows.ts";
import { scaleInputs } from "./data/scaled-frame.ts";
import { type ColumnRange, scaled, unscaledColumn } from "./data/scaler.ts";
import type { ModelParts } from "./file/model-parts.ts";
import type { Model } from "./model.ts";
import { predictWindows } from "./network/predict-windows.ts";
import type { Predictor } from "./network/predictor.ts";
import { finish } from "./pace.ts";
import { partsOf } from "./parts.ts";
import { recordedSummary } from "./record/record-schema.ts";
import type { TrainingSummary } from "./record/report.ts";
import { trainingError } from "./training/words.ts";

/** The response of the targets to one input, while all other inputs stay at their training mean. */
export interface Response {
  input: string;
  from: number;
  to: number;
  /** Each target before the change, once the model has settled. */
  before: Record<string, number>;
  /** Each target from the row of the change on, in the data's units. */
  response: Record<string, Float64Array>;
  /** Whether the response settled within the simulated rows, to 1 % of its largest deviation. */
  settled: boolean;
}

/** Settings of `stepResponse` and `impulseResponse`. */
export interface ResponseOptions {
  input: string;
  /** The input's value before; its training mean by default. */
  from?: number;
  /** Its value after; by default a quarter of its training range above `from`, or below it where that leaves the range. */
  to?: number;
  /** Rows of the response; by default as many as it takes to settle. */
  rows?: number;
}

/** Rows to settle in before the change, and by default after it. */
const settlingRows = 2048;
const fewestShown = 20;
const settledShare = 0.01;

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

/** Enough for any response; more would fill the memory. */
const maxRows = 1_000_000;
const inputName = rule("the name of an input", (value) => typeof value === "string");
const upTo = (max: number) => integerThat(`an integer from 1 to ${max}`, (value) => value >= 1 && value <= max);

function responseTo(
  owner: string,
  model: Model,
  options: ResponseOptions,
  changed: (row: number) => boolean,
): Response {
  const { parts, summary } = completed(model, owner);
  checkOptions(owner, options, { input: inputName, from: finite, to: finite, rows: upTo(maxRows) }, ["input"]);
  const { input } = options;
  const { mean, min, max } = rangeOf(summary, input, parts.options.inputs, owner);
  const from = options.from ?? mean;
  const quarter = (max - min) / 4;
  const to = options.to ?? (from + quarter <= max ? from + quarter : from - quarter);
  const looked = options.rows ?? settlingRows;
  const rest = restingInputs(parts, summary);
  const x = new Float32Array((settlingRows + looked) * rest.length);
  const place = parts.options.inputs.indexOf(input);
  for (let row = 0; row < settlingRows + looked; row++) {
    x.set(rest, row * rest.length);
    const value = row >= settlingRows && changed(row - settlingRows) ? to : from;
    x[row * rest.length + place] = scaled(value, parts.inputScaler, place);
  }
  const y = simulate(parts.network, x, 1);
  const columns = parts.options.targets.map((name, j) => [name, unscaledColumn(parts.targetScaler, y, j)] as const);
  const settledAt = Math.max(...columns.map(([, values]) => settlingRow(values.subarray(settlingRows - 1))));
  const rows = options.rows ?? Math.min(looked, Math.max(fewestShown, Math.ceil(settledAt * 1.5)));
  return {
    input,
    from,
    to,
    before: Object.fromEntries(columns.map(([name, values]) => [name, values[settlingRows - 1]])),
    response: Object.fromEntries(
      columns.map(([name, values]) => [name, values.slice(settlingRows, settlingRows + rows)]),
    ),
    settled: settledAt < 0.9 * looked,
  };
}

/** The first row from which all values stay close to the last one. */
function settlingRow(values: Float64Array): number {
  const last = values[values.length - 1];
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value - values[0])), 0);
  return values.findLastIndex((value) => Math.abs(value - last) > settledShare * largest) + 1;
}

const maxPoints = 1000;
const pointsRule = integerThat(
  `at least 2 points and at most ${maxPoints}`,
  (value) => value >= 2 && value <= maxPoints,
);

/** The values at which the targets settle for each constant value of one input. */
export interface StaticGain {
  input: string;
  /** The input's values, over its training range. */
  levels: Float64Array;
  outputs: Record<string, Float64Array>;
  /** 1 where the targets settled within the simulated rows, to 1 % of their training range. */
  settled: Uint8Array;
}

/**
 * Static gain curve: each settled target over an input that is held constant, with the other inputs at their training mean.
 *
 * @throws DataError for an input that the model does not have.
 */
export function staticGain(model: Model, options: { input: string; points?: number }): StaticGain {
  const { parts, summary } = completed(model, "staticGain");
  checkOptions("staticGain", options, { input: inputName, points: pointsRule }, ["input"]);
  const { input, points = 21 } = options;
  const { min, max } = rangeOf(summary, input, parts.options.inputs, "staticGain");
  const levels = Float64Array.from({ length: points }, (_, i) => min + ((max - min) * i) / (points - 1));
  const rest = restingInputs(parts, summary);
  const width = rest.length;
  const place = parts.options.inputs.indexOf(input);
  const x = new Float32Array(points * settlingRows * width);
  for (let row = 0; row < points * settlingRows; row++) {
    x.set(rest, row * width);
    x[row * width + place] = scaled(levels[Math.floor(row / settlingRows)], parts.inputScaler, place);
  }
  const y = simulate(parts.network, x, points);
  const settled = new Uint8Array(points).fill(1);
  const outputs = parts.options.targets.map((name, j) => {
    const values = unscaledColumn(parts.targetScaler, y, j);
    const range = summary.targetsRange[name];
    const at = (lane: number, share: number) => values[Math.floor((lane + share) * settlingRows) - 1];
    for (let lane = 0; lane < points; lane++) {
      if (Math.abs(at(lane, 1) - at(lane, 0.75)) > settledShare * (range.max - range.min)) settled[lane] = 0;
    }
    return [name, levels.map((_, lane) => at(lane, 1))] as const;
  });
  return { input, levels, outputs: Object.fromEntries(outputs), settled };
}

/** How far back an input influences the targets. */
export interface MemoryHorizon {
  /** Rows before the current one that hold 99 % of all influence, for the input with the longest memory. */
  rows: number;
  /** False where the influence had not decayed within the simulated rows: the horizon is longer. */
  complete: boolean;
  /** For each input: its horizon, and for each row back the root mean square of the targets' change, in scaled units. */
  inputs: Record<string, { rows: number; influence: Float64Array }>;
}

const influenceShare = 0.99;
const maxPlaces = 4096;

/**
 * Perturbs one row of an input by one scaled unit, at places spread over the frame, and measures how long the targets change.
 *
 * @param options.rows rows to measure; by default 1024, or half of the longest segment.
 * @throws DataError for a frame without two consecutive rows with all inputs.
 */
export function memoryHorizon(
  model: Model,
  frame: Frame,
  options: { rows?: number; places?: number } = {},
): MemoryHorizon {
  const parts = partsOf(model, "memoryHorizon");
  checkOptions("memoryHorizon", options, { rows: upTo(maxRows), places: upTo(maxPlaces) });
  const { inputs } = parts.options;
  checkFrame("memoryHorizon", frame, inputs, parts.origin);
  const width = inputs.length;
  const { x, segments } = finish(scaleInputs(frame, inputs, parts.inputScaler));
  const longest = longestOf(segments);
  const rows = options.rows ?? Math.min(1024, Math.floor(longest / 2));
  const before = Math.min(1024, longest - rows);
  if (rows < 1 || before < 0) {
    throw trainingError("short-segments", { least: Math.max(2, rows), longest }, "memoryHorizon");
  }
  const starts = spread(
    segments.flatMap(({ start, end }) =>
      end - start >= before + rows ? [{ start, end: end - before - rows + 1 }] : [],
    ),
    options.places ?? 16,
  );
  const time = before + rows;
  const lane = time * width;
  const batch = new Float32Array((1 + width) * starts.length * lane);
  for (const [place, start] of starts.entries()) {
    const original = x.subarray(start * width, start * width + lane);
    batch.set(original, place * lane);
    for (let input = 0; input < width; input++) {
      const own = ((1 + input) * starts.length + place) * lane;
      batch.set(original, own);
      const nudged = own + before * width + input;
      batch[nudged] += batch[nudged] > 0 ? -1 : 1; // towards the mean, where the model has training data
    }
  }
  const y = simulate(parts.network, batch, (1 + width) * starts.length);
  const targets = parts.options.targets.length;
  const found = { rows: 0, complete: true };
  const horizons = new Map<string, MemoryHorizon["inputs"][string]>();
  for (const [input, name] of inputs.entries()) {
    const influence = new Float64Array(rows);
    for (let place = 0; place < starts.length; place++) {
      const base = (place * time + before) * targets;
      const other = (((1 + input) * starts.length + place) * time + before) * targets;
      for (let i = 0; i < rows * targets; i++) influence[Math.floor(i / targets)] += (y[other + i] - y[base + i]) ** 2;
    }
    for (let row = 0; row < rows; row++) influence[row] = Math.sqrt(influence[row] / starts.length / targets);
    const total = influence.reduce((sum, value) => sum + value, 0);
    let [reach, sum] = [0, influence[0]];
    while (reach < rows - 1 && sum < influenceShare * total) sum += influence[++reach];
    horizons.set(name, { rows: reach, influence });
    found.rows = Math.max(found.rows, reach);
    if (reach > 0.9 * rows) found.complete = false;
  }
  return { ...found, inputs: Object.fromEntries(horizons) };
}

/** Some starts, evenly spread over ranges of allowed starts. */
function spread(ranges: readonly Rows[], count: number): number[] {
  const total = ranges.reduce((sum, { start, end }) => sum + end - start, 0);
  const chosen = Math.min(count, total);
  return Array.from({ length: chosen }, (_, i) => {
    let at = Math.floor(((i + 0.5) * total) / chosen);
    const range = ranges.find(({ start, end }) => {
      if (at < end - start) return true;
      at -= end - start;
      return false;
    })!;
    return range.start + at;
  });
}

/** Simulates a batch from the start of a series: x (batch, time, inputs) → y (batch, time, targets), scaled. */
function simulate(network: Predictor, x: Float32Array, lanes: number): Float32Array {
  const { inputSize, targetSize } = network.options;
  const rows = x.length / inputSize;
  const time = rows / lanes;
  const y = new Float32Array(rows * targetSize);
  const windows = Array.from({ length: lanes }, (_, lane) => {
    const start = lane * time;
    return { warmUpStart: start, start, end: start + time };
  });
  finish(predictWindows(network, x, windows, y));
  return y;
}

/** The parts of a model, and the summary of its training, which was completed. */
function completed(model: Model, owner: string): { parts: ModelParts; summary: TrainingSummary } {
  const parts = partsOf(model, owner);
  const summary = recordedSummary(parts, owner);
  if (summary === undefined) throw trainingError("unfinished", {}, owner);
  return { parts, summary };
}

function rangeOf(
  { inputsRange }: TrainingSummary,
  input: string,
  inputs: readonly string[],
  owner: string,
): ColumnRange {
  if (inputs.includes(input)) return inputsRange[input];
  throw trainingError("unknown-input", { column: input, inputs }, owner);
}

/** Each input at its training mean, scaled. */
function restingInputs({ options, inputScaler }: ModelParts, { inputsRange }: TrainingSummary): Float32Array {
  return Float32Array.from(options.inputs, (name, i) => scaled(inputsRange[name].mean, inputScaler, i));
}
