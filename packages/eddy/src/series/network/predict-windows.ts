/** Prediction: one state carried through each run of rows, in chunks. */
import { noGrad } from "../../tensor/autograd.ts";
import { Tensor } from "../../tensor/tensor.ts";
import type { RowRange } from "../data/frame.ts";
import type { Paced } from "../pace.ts";
import type { Network, State } from "./network.ts";

/** Multiply-adds forward after which a paced computation pauses: a few milliseconds with SIMD, some more without. */
export const productsPerTurn = 2 ** 22;

/** Multiply-adds of one row through a network. */
export function productsPerRow(network: Network): number {
  return network.parameters().reduce((sum, parameter) => sum + (parameter.rank === 2 ? parameter.numel : 0), 0);
}

/** Rows to predict: the state starts at `from`, which may lie before the first row that is wanted. */
export interface Stretch extends RowRange {
  from: number;
}

/** Stretches that are predicted side by side. */
const mostLanes = 32;

/**
 * Predicts stretches of x (rows, inputs) into `out` (rows from `origin` on, targets), both scaled; its other rows are left alone.
 *
 * Neither chunks nor neighbours show in the result: a row has the same bits however the rows before it are cut, and
 * whatever is predicted beside it.
 */
export function* predictStretches(
  network: Network,
  x: Float32Array,
  stretches: readonly Stretch[],
  out: Float32Array,
  origin = 0,
): Paced<void> {
  // Long ones first, so that those that still go on are the first of their group.
  const sorted = [...stretches].sort((a, b) => b.end - b.from - (a.end - a.from));
  for (let at = 0; at < sorted.length; at += mostLanes) {
    yield* predictSideBySide(network, x, sorted.slice(at, at + mostLanes), out, origin);
  }
}

function* predictSideBySide(
  network: Network,
  x: Float32Array,
  group: readonly Stretch[],
  out: Float32Array,
  origin: number,
): Paced<void> {
  const { inputSize, targetSize } = network.options;
  const longest = group[0].end - group[0].from;
  const chunk = Math.max(1, Math.min(4096, Math.floor(productsPerTurn / productsPerRow(network) / group.length)));
  let state: State = noGrad(() => network.start(group.length));
  for (let done = 0; done < longest; done += chunk) {
    const active = group.filter(({ from, end }) => end - from > done);
    if (active.length < state[0].shape[1]) state = state.map((part) => part.narrow(1, 0, active.length));
    const lengths = active.map(({ from, end }) => Math.min(chunk, end - from - done));
    const steps = lengths[0];
    const batch = new Float32Array(active.length * steps * inputSize);
    for (const [lane, { from }] of active.entries()) {
      const row = from + done;
      batch.set(x.subarray(row * inputSize, (row + lengths[lane]) * inputSize), lane * steps * inputSize);
    }
    const input = new Tensor(batch, [active.length, steps, inputSize]);
    const even = lengths[lengths.length - 1] === steps;
    const [y, next] = noGrad(() => network.forward(input, state, even ? {} : { lengths }));
    state = next;
    const { data } = y;
    for (const [lane, { from, start }] of active.entries()) {
      const row = from + done;
      const unwanted = Math.max(0, start - row);
      if (unwanted >= lengths[lane]) continue;
      const first = lane * steps;
      out.set(
        data.subarray((first + unwanted) * targetSize, (first + lengths[lane]) * targetSize),
        (row - origin + unwanted) * targetSize,
      );
    }
    yield;
  }
}

/** The first row of these that was not predicted as a finite number. */
export function firstNotFinite(predicted: Float64Array, rows: readonly RowRange[]): number | undefined {
  for (const { start, end } of rows) {
    for (let row = start; row < end; row++) if (!Number.isFinite(predicted[row])) return row;
  }
  return undefined;
}
