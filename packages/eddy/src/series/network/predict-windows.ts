/**
 * Prediction for the task `simulate`: targets from the inputs alone, with one state carried through each segment.
 * A forecast is such a model of derived columns.
 */
import type { Rows, Window } from "../data/rows.ts";
import type { Paced } from "../pace.ts";
import { narrowed, type Simulator, type SimulatorState } from "./simulator.ts";

/** Multiply-adds of a forward pass after which a paced computation pauses: a few milliseconds with SIMD, some more without. */
export const productsPerTurn = 2 ** 22;

/** Windows in one batch. */
const maxBatch = 32;

/**
 * Predicts windows of x (rows, inputs) into `out` (rows from `origin` on, targets), both scaled; other rows stay as they are.
 * `more` receives the further outputs of the simulator.
 *
 * Chunks and the rest of the batch have no influence on the result: a row always gets the same bits.
 */
export function* predictWindows(
  simulator: Simulator,
  x: Float32Array,
  windows: readonly Window[],
  out: Float32Array,
  origin = 0,
  more: readonly Float32Array[] = [],
): Paced<void> {
  // Longest first, so that the windows that have not ended are the first of their batch.
  const sorted = [...windows].sort((a, b) => b.end - b.warmUpStart - (a.end - a.warmUpStart));
  for (let at = 0; at < sorted.length; at += maxBatch) {
    yield* predictBatch(simulator, x, sorted.slice(at, at + maxBatch), [out, ...more], origin);
  }
}

function* predictBatch(
  simulator: Simulator,
  x: Float32Array,
  batch: readonly Window[],
  outs: readonly Float32Array[],
  origin: number,
): Paced<void> {
  const { inputSize } = simulator.options;
  const longest = batch[0].end - batch[0].warmUpStart;
  const chunk = Math.max(1, Math.min(4096, Math.floor(productsPerTurn / simulator.productsPerRow / batch.length)));
  let state = startOf(simulator, batch);
  let width = batch.length;
  for (let done = 0; done < longest; done += chunk) {
    const active = batch.filter(({ warmUpStart, end }) => end - warmUpStart > done);
    if (active.length < width) state = narrowed(state, simulator.parts, width, active.length);
    width = active.length;
    const lengths = active.map(({ warmUpStart, end }) => Math.min(chunk, end - warmUpStart - done));
    const steps = lengths[0];
    const values = new Float32Array(active.length * steps * inputSize);
    for (const [place, { warmUpStart }] of active.entries()) {
      const row = warmUpStart + done;
      values.set(x.subarray(row * inputSize, (row + lengths[place]) * inputSize), place * steps * inputSize);
    }
    const even = lengths[lengths.length - 1] === steps;
    const [y, next, ...more] = simulator.forward(values, width, state, even ? undefined : lengths);
    state = next;
    for (const [place, { warmUpStart, start }] of active.entries()) {
      const row = warmUpStart + done;
      const unwanted = Math.max(0, start - row);
      if (unwanted >= lengths[place]) continue;
      const first = place * steps;
      for (const [i, out] of outs.entries()) {
        const values = i === 0 ? y : more[i - 1];
        const size = values.length / (active.length * steps);
        out.set(
          values.subarray((first + unwanted) * size, (first + lengths[place]) * size),
          (row - origin + unwanted) * size,
        );
      }
    }
    yield;
  }
}

/** The states at the start of each window. */
function startOf(simulator: Simulator, batch: readonly Window[]): SimulatorState {
  const start = simulator.start(batch.length);
  for (const [place, { state }] of batch.entries()) {
    for (const [i, { rows, width }] of state === undefined ? [] : simulator.parts.entries()) {
      for (let row = 0; row < rows; row++) {
        const own = state![i].subarray(row * width, (row + 1) * width);
        start[i].set(own, (row * batch.length + place) * width);
      }
    }
  }
  return start;
}

/** The first of these rows whose prediction is not finite. */
export function firstNotFinite(predicted: Float64Array, rows: readonly Rows[]): number | undefined {
  for (const { start, end } of rows) {
    for (let row = start; row < end; row++) if (!Number.isFinite(predicted[row])) return row;
  }
  return undefined;
}
