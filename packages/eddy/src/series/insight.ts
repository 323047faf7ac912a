/** What a trained model learned: how far back it remembers, how it answers a step and a pulse, where it settles. */

import { display, fault } from "../fault.ts";
import { checkOptions, finite, rule, wholeNumberThat } from "../nn/options.ts";
import { noGrad } from "../tensor/autograd.ts";
import { Tensor } from "../tensor/tensor.ts";
import { DataError } from "./data-error.ts";
import type { Frame } from "./frame.ts";
import type { Model } from "./model.ts";
import type { Network, State } from "./network.ts";
import { checkInterval } from "./origin.ts";
import { finish } from "./pace.ts";
import { columnsOf } from "./part.ts";
import { productsPerRow, productsPerTurn } from "./prediction.ts";
import { checkFrame } from "./preparation.ts";
import { Regressor } from "./regressor.ts";
import { findRuns } from "./runs.ts";
import { scaled, unscaled } from "./scaler.ts";

/** The outputs' answer to one input that changes while all others rest at their training mean. */
export interface Response {
  input: string;
  from: number;
  to: number;
  /** Each target before the change, after the model has settled. */
  before: Record<string, number>;
  /** Each target from the row of the change on, in the data's units. */
  response: Record<string, Float64Array>;
  /** Whether the answer came to rest within the rows looked at, to 1 % of its largest deviation. */
  settled: boolean;
}

/** Settings of `stepResponse` and `impulseResponse`. */
export interface ResponseOptions {
  input: string;
  /** The input's value before; its training mean by default. */
  from?: number;
  /** Its value after; a quarter of its training range above `from` (below it, where that leaves the range) by default. */
  to?: number;
  /** Rows of the answer; as many as it takes to settle by default. */
  rows?: number;
}

/** Rows to settle and to answer in, where nothing else is said. */
const settlingRows = 2048;
const fewestShown = 20;
const settledShare = 0.01;

/**
 * How each target moves when an input steps from one value to another and stays there.
 *
 * @throws DataError for an input that the model does not have.
 * @example stepResponse(model, { input: "u" }).response.y
 */
export function stepResponse(model: Regressor, options: ResponseOptions): Response {
  return responseTo("stepResponse", model, options, () => true);
}

/** How each target moves when an input leaves its value for one row. Errors and defaults as in `stepResponse`. */
export function impulseResponse(model: Regressor, options: ResponseOptions): Response {
  return responseTo("impulseResponse", model, options, (row) => row === 0);
}

/** Enough to see any answer; more would fill the memory. */
const mostRows = 1_000_000;
const nameRule = rule("the name of an input", (value) => typeof value === "string");
const upTo = (most: number) =>
  wholeNumberThat(`a whole number from 1 to ${most}`, (value) => value >= 1 && value <= most);

/** The model of a Regressor, and not of anything else. */
function modelOf(regressor: Regressor, owner: string): Model {
  if (regressor instanceof Regressor) return regressor.trained(owner);
  throw fault("type", owner, "a Regressor", display(regressor), "make one with new Regressor({ inputs, targets })");
}

function responseTo(
  owner: string,
  regressor: Regressor,
  options: ResponseOptions,
  changed: (row: number) => boolean,
): Response {
  const model = modelOf(regressor, owner);
  checkOptions(owner, options, { input: nameRule, from: finite, to: finite, rows: upTo(mostRows) }, ["input"]);
  const { input } = options;
  const { mean, min, max } = rangeOf(model, input);
  const from = options.from ?? mean;
  const quarter = (max - min) / 4;
  const to = options.to ?? (from + quarter <= max ? from + quarter : from - quarter);
  const looked = options.rows ?? settlingRows;
  const rest = restingInputs(model);
  const x = new Float32Array((settlingRows + looked) * rest.length);
  const place = model.options.inputs.indexOf(input);
  for (let row = 0; row < settlingRows + looked; row++) {
    x.set(rest, row * rest.length);
    const value = row >= settlingRows && changed(row - settlingRows) ? to : from;
    x[row * rest.length + place] = scaledValue(model, place, value);
  }
  const y = simulate(model.network, x, 1);
  const columns = model.options.targets.map((name, j) => [name, unscaled(model.targetScaler, y, j)] as const);
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

/** The row from which on values stay near the last one. */
function settlingRow(values: Float64Array): number {
  const last = values[values.length - 1];
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value - values[0])), 0);
  return values.findLastIndex((value) => Math.abs(value - last) > settledShare * largest) + 1;
}

const mostPoints = 1000;
const pointsRule = wholeNumberThat(
  `at least 2 points and at most ${mostPoints}`,
  (value) => value >= 2 && value <= mostPoints,
);

/** Where the targets settle for each constant value of one input. */
export interface StaticGain {
  input: string;
  /** The input's values, over its training range. */
  levels: Float64Array;
  outputs: Record<string, Float64Array>;
  /** 1 where the targets came to rest within the rows looked at, to 1 % of their training range. */
  settled: Uint8Array;
}

/**
 * The static gain curve: each target at rest over an input held constant, the others at their training mean.
 *
 * @throws DataError for an input that the model does not have.
 */
export function staticGain(regressor: Regressor, options: { input: string; points?: number }): StaticGain {
  const model = modelOf(regressor, "staticGain");
  checkOptions("staticGain", options, { input: nameRule, points: pointsRule }, ["input"]);
  const { input, points = 21 } = options;
  const { min, max } = rangeOf(model, input);
  const levels = Float64Array.from({ length: points }, (_, i) => min + ((max - min) * i) / (points - 1));
  const rest = restingInputs(model);
  const width = rest.length;
  const place = model.options.inputs.indexOf(input);
  const x = new Float32Array(points * settlingRows * width);
  for (let row = 0; row < points * settlingRows; row++) {
    x.set(rest, row * width);
    x[row * width + place] = scaledValue(model, place, levels[Math.floor(row / settlingRows)]);
  }
  const y = simulate(model.network, x, points);
  const settled = new Uint8Array(points).fill(1);
  const outputs = model.options.targets.map((name, j) => {
    const values = unscaled(model.targetScaler, y, j);
    const range = model.summary!.targetsRange[name];
    const at = (lane: number, share: number) => values[Math.floor((lane + share) * settlingRows) - 1];
    for (let lane = 0; lane < points; lane++) {
      if (Math.abs(at(lane, 1) - at(lane, 0.75)) > settledShare * (range.max - range.min)) settled[lane] = 0;
    }
    return [name, levels.map((_, lane) => at(lane, 1))] as const;
  });
  return { input, levels, outputs: Object.fromEntries(outputs), settled };
}

/** How far back an input still moves the targets. */
export interface MemoryHorizon {
  /** Rows, the present one not counted, within which 99 % of all influence lies, of the input that reaches farthest. */
  rows: number;
  /** False where the influence had not died away within the rows looked at: the horizon is longer. */
  complete: boolean;
  /** For each input: its own horizon, and by rows back the root mean square of the targets' change, in scaled units. */
  inputs: Record<string, { rows: number; influence: Float64Array }>;
}

const influenceShare = 0.99;
const mostPlaces = 4096;

/**
 * Nudges one row of an input by one scaled unit, at places spread over the frame, and follows how long the targets move.
 *
 * @param options.rows how far to follow; 1024 or half of the longest run by default.
 * @throws DataError for a frame without two rows in a row.
 */
export function memoryHorizon(
  regressor: Regressor,
  frame: Frame,
  options: { rows?: number; places?: number } = {},
): MemoryHorizon {
  const model = modelOf(regressor, "memoryHorizon");
  checkOptions("memoryHorizon", options, { rows: upTo(mostRows), places: upTo(mostPlaces) });
  const { inputs } = model.options;
  checkFrame("memoryHorizon", frame, inputs);
  checkInterval("memoryHorizon", frame, model.origin);
  const width = inputs.length;
  const x = finish(scaled(model.inputScaler, columnsOf(frame, inputs), frame.length));
  const runs = finish(findRuns(frame, x, width)).ranges;
  const longest = runs.reduce((most, { start, end }) => Math.max(most, end - start), 0);
  const rows = options.rows ?? Math.min(1024, Math.floor(longest / 2));
  const before = Math.min(1024, longest - rows);
  if (rows < 1 || before < 0) {
    throw new DataError("short-runs", { least: Math.max(2, rows), longest }, "memoryHorizon");
  }
  const starts = spread(
    runs.flatMap(({ start, end }) => (end - start >= before + rows ? [{ start, end: end - before - rows + 1 }] : [])),
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
      batch[nudged] += batch[nudged] > 0 ? -1 : 1; // towards the middle, where the model knows its way
    }
  }
  const y = simulate(model.network, batch, (1 + width) * starts.length);
  const targets = model.options.targets.length;
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

/** Some starts, evenly spread over ranges of allowed ones. */
function spread(ranges: readonly { start: number; end: number }[], count: number): number[] {
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

/** All lanes side by side from the start of a series: x (lanes, time, inputs) → y (lanes, time, targets), scaled. */
function simulate(network: Network, x: Float32Array, lanes: number): Float32Array {
  const { inputSize, targetSize } = network.options;
  const time = x.length / lanes / inputSize;
  const chunk = Math.max(1, Math.floor(productsPerTurn / lanes / productsPerRow(network)));
  const y = new Float32Array(lanes * time * targetSize);
  let state: State = noGrad(() => network.start(lanes));
  const all = new Tensor(x, [lanes, time, inputSize]);
  for (let from = 0; from < time; from += chunk) {
    const steps = Math.min(chunk, time - from);
    const [piece, next] = noGrad(() => network.forward(all.narrow(1, from, steps), state));
    state = next;
    const { data } = piece;
    for (let lane = 0; lane < lanes; lane++) {
      y.set(
        data.subarray(lane * steps * targetSize, (lane + 1) * steps * targetSize),
        (lane * time + from) * targetSize,
      );
    }
  }
  return y;
}

function rangeOf({ summary, options }: Model, input: string) {
  const range = summary !== undefined && options.inputs.includes(input) ? summary.inputsRange[input] : undefined;
  if (range !== undefined) return range;
  if (summary === undefined) throw new DataError("unfinished", {});
  throw new DataError("unknown-input", { column: input, inputs: options.inputs });
}

function scaledValue({ inputScaler: { center, scale } }: Model, input: number, value: number): number {
  return scale[input] === 0 ? 0 : (value - center[input]) / scale[input];
}

/** Every input at its training mean, scaled. */
function restingInputs(model: Model): Float32Array {
  return Float32Array.from(model.options.inputs, (name, i) => scaledValue(model, i, rangeOf(model, name).mean));
}
