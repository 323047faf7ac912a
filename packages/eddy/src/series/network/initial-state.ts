/** The state at the start of a series, inferred from its first measured targets. */
import type { Rows, Window } from "../data/rows.ts";
import { finish, type Paced } from "../pace.ts";
import { cholesky, solveLower, solveUpper } from "./cholesky.ts";
import { type Ensemble, outsidePart } from "./ensemble.ts";
import type { SimulatorState } from "./simulator.ts";

/** States that an ensemble had in its training rows: (count, numbers of a state). */
export interface KnownStates {
  count: number;
  states: Float32Array;
}

/** Number of known states: as many directions in which the initial state may differ from their mean. */
const stateCount = 64;
/** Rows over which the state is carried before it is taken. */
const warmUpRows = 1024;
/** States that are computed at once. */
const batchSize = 8;

/** The parts of the state that are inferred. */
const inferredParts = ({ parts }: Ensemble) => parts.filter(({ name }) => name !== outsidePart);

/** The number of inferred numbers in the state of one sequence. */
export function stateLength(ensemble: Ensemble): number {
  return inferredParts(ensemble).reduce((sum, { rows, width }) => sum + rows * width, 0);
}

/** The ensemble's states at rows that are evenly spread over segments of x (rows, inputs). */
export function* knownStates(ensemble: Ensemble, x: Float32Array, segments: readonly Rows[]): Paced<KnownStates> {
  const { inputSize } = ensemble.options;
  const total = segments.reduce((sum, { start, end }) => sum + Math.max(0, end - start - 1), 0);
  const count = Math.min(stateCount, total);
  const length = stateLength(ensemble);
  const states = new Float32Array(count * length);
  const rows = Array.from({ length: count }, (_, k) => {
    let at = Math.floor(((k + 0.5) * total) / count);
    for (const { start, end } of segments) {
      if (at < end - start - 1) return { start: Math.max(start, start + 1 + at - warmUpRows), end: start + 1 + at };
      at -= Math.max(0, end - start - 1);
    }
    throw new RangeError("a row outside all segments");
  });
  for (let from = 0; from < count; from += batchSize) {
    const batch = rows.slice(from, from + batchSize);
    const lengths = batch.map(({ start, end }) => end - start);
    const time = Math.max(...lengths);
    const values = new Float32Array(batch.length * time * inputSize);
    for (const [k, { start, end }] of batch.entries()) {
      values.set(x.subarray(start * inputSize, end * inputSize), k * time * inputSize);
    }
    const [, state] = ensemble.forward(values, batch.length, ensemble.start(batch.length), lengths);
    for (const k of batch.keys()) states.set(flattened(ensemble, state, batch.length, k), (from + k) * length);
    yield;
  }
  return { count, states };
}

/**
 * The most probable initial state of a series, given its first rows.
 *
 * Before the measurements, the state is assumed to be distributed like the known states s_k: mean plus Σ a_k (s_k − mean) / √(count − 1),
 * with independent a_k of variance 1. Predictions from each known state show how a changes the targets; with errors of the given
 * variances, least squares determine a. This is one step of the ensemble smoother of van Leeuwen and Evensen, Data assimilation and
 * inverse methods in terms of a probabilistic formulation (1996).
 * @param x (rows, inputs) and `y` (rows, targets) of the first rows, scaled; missing targets (NaN) are left out.
 * @param typical the root mean square of each target's errors.
 * @returns undefined if no target is known.
 */
function inferredState(
  ensemble: Ensemble,
  { count, states }: KnownStates,
  x: Float32Array,
  y: Float32Array,
  typical: readonly number[],
): SimulatorState | undefined {
  const measured = [...y.keys()].filter((i) => !Number.isNaN(y[i]));
  if (measured.length === 0 || count < 2) return undefined;
  const values = new Float32Array(count * x.length);
  for (let k = 0; k < count; k++) values.set(x, k * x.length);
  const length = stateLength(ensemble);
  const [predicted] = ensemble.forward(values, count, batched(ensemble, states, count));
  const scale = 1 / Math.sqrt(count - 1);
  const mean = measured.map((i) => {
    let sum = 0;
    for (let k = 0; k < count; k++) sum += predicted[k * y.length + i];
    return sum / count;
  });
  /** The change of measurement m by a_k, in units of its error. */
  const errorOf = (m: number) => Math.max(typical[measured[m] % typical.length], minError);
  const changes = measured.map((i, m) =>
    Float64Array.from({ length: count }, (_, k) => ((predicted[k * y.length + i] - mean[m]) * scale) / errorOf(m)),
  );
  const n = measured.length;
  const gram = new Float64Array(n * n);
  for (let a = 0; a < n; a++) {
    for (let b = a; b < n; b++) {
      for (let k = 0; k < count; k++) gram[a * n + b] += changes[a][k] * changes[b][k];
    }
    gram[a * n + a] += 1;
  }
  const residual = Float64Array.from(measured, (i, m) => (y[i] - mean[m]) / errorOf(m));
  const factor = finish(cholesky(gram, n))!;
  const weights = solveUpper(factor, n, solveLower(factor, n, residual), n);
  const state = new Float32Array(length);
  const average = new Float64Array(length);
  for (let k = 0; k < count; k++) for (let i = 0; i < length; i++) average[i] += states[k * length + i] / count;
  const sums = Float64Array.from(average);
  for (let k = 0; k < count; k++) {
    let a = 0;
    for (let m = 0; m < n; m++) a += changes[m][k] * weights[m];
    for (let i = 0; i < length; i++) sums[i] += a * scale * (states[k * length + i] - average[i]);
  }
  state.set(sums);
  return batched(ensemble, state, 1);
}

/** Smaller errors are rounding. */
const minError = 1e-4;

/** The windows that start with their segment, with states inferred from their first `rows` rows. */
export function withInferredStates(
  ensemble: Ensemble,
  known: KnownStates,
  { x, y, rows, typical }: { x: Float32Array; y: Float32Array; rows: number; typical: readonly number[] },
  windows: readonly Window[],
): Window[] {
  const { inputSize, targetSize } = ensemble.options;
  return windows.map((window) => {
    const end = Math.min(window.end, window.warmUpStart + rows);
    const state = inferredState(
      ensemble,
      known,
      x.subarray(window.warmUpStart * inputSize, end * inputSize),
      y.subarray(window.warmUpStart * targetSize, end * targetSize),
      typical,
    );
    return { ...window, ...(state && { state }) };
  });
}

/** The inferred parts of one sequence's state, one after the other. */
function flattened(ensemble: Ensemble, state: SimulatorState, batch: number, sequence: number): Float32Array {
  const out = new Float32Array(stateLength(ensemble));
  let at = 0;
  for (const part of inferredParts(ensemble)) {
    const { rows, width } = part;
    const values = state[ensemble.parts.indexOf(part)];
    for (let row = 0; row < rows; row++, at += width) {
      const from = (row * batch + sequence) * width;
      out.set(values.subarray(from, from + width), at);
    }
  }
  return out;
}

/** The state of a batch, from the flattened states of its sequences. */
function batched(ensemble: Ensemble, states: Float32Array, batch: number): SimulatorState {
  const length = stateLength(ensemble);
  const out = ensemble.start(batch);
  let at = 0;
  for (const part of inferredParts(ensemble)) {
    const { rows, width } = part;
    const values = out[ensemble.parts.indexOf(part)];
    for (let row = 0; row < rows; row++, at += width) {
      for (let sequence = 0; sequence < batch; sequence++) {
        const from = sequence * length + at;
        values.set(states.subarray(from, from + width), (row * batch + sequence) * width);
      }
    }
  }
  return out;
}
