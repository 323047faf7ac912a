/** Prediction: one state carried through each run of rows, in chunks. */
import { noGrad } from "../tensor/autograd.ts";
import { Tensor } from "../tensor/tensor.ts";
import type { RowRange } from "./frame.ts";
import type { Network, State } from "./network.ts";
import type { Paced } from "./pace.ts";

/** Multiply-adds forward after which a paced computation pauses: some milliseconds in plain TypeScript, less with SIMD. */
export const productsPerTurn = 2 ** 20;

/** Multiply-adds of one row through a network. */
export function productsPerRow(network: Network): number {
  return network.parameters().reduce((sum, parameter) => sum + (parameter.rank === 2 ? parameter.numel : 0), 0);
}

/** Rows to predict: the state starts at `from`, which may lie before the first row that is wanted. */
export interface Stretch extends RowRange {
  from: number;
}

/**
 * Predicts stretches of x (rows, inputs) into `out` (rows from `origin` on, targets), both scaled; its other rows are left alone.
 *
 * Chunks do not show in the result: a row has the same bits however the rows before it are cut.
 */
export function* predictStretches(
  network: Network,
  x: Float32Array,
  stretches: Iterable<Stretch>,
  out: Float32Array,
  origin = 0,
): Paced<void> {
  const { inputSize, targetSize } = network.options;
  const chunk = Math.max(1, Math.min(4096, Math.floor(productsPerTurn / productsPerRow(network))));
  for (const { from, start, end } of stretches) {
    let state: State = noGrad(() => network.start(1));
    for (let row = from; row < end; row += chunk) {
      const rows = Math.min(chunk, end - row);
      const piece = new Tensor(x.subarray(row * inputSize, (row + rows) * inputSize), [1, rows, inputSize]);
      const [y, next] = noGrad(() => network.forward(piece, state));
      state = next;
      const unwanted = Math.max(0, start - row);
      if (unwanted < rows) out.set(y.data.subarray(unwanted * targetSize), (row - origin + unwanted) * targetSize);
      yield;
    }
  }
}

/** The first value that is no finite number, by position; −1 where all are. Rows that were not predicted are NaN. */
export function firstOverflow(predicted: Float32Array): number {
  return predicted.findIndex((value) => Math.abs(value) === Number.POSITIVE_INFINITY);
}
