/** A simulator predicts targets from inputs alone, with a carried state: a single network, or the ensemble of a model. */
import type { NetworkOptions } from "./sizes.ts";

/** One array of a carried state, of shape (rows, batch, width). */
export interface StatePart {
  readonly name: string;
  readonly rows: number;
  readonly width: number;
}

/** A carried state: an array for each part. */
export type SimulatorState = readonly Float32Array[];

export interface Simulator {
  readonly options: NetworkOptions;
  /** The parts of its state. */
  readonly parts: readonly StatePart[];
  /** Multiply-adds of one row. */
  readonly productsPerRow: number;
  /** The initial state of `batch` sequences. */
  start(batch: number): SimulatorState;
  /**
   * x (batch, time, input) → y (batch, time, target), and the state after each sequence's last step.
   *
   * @param lengths the steps of each sequence; later rows of x are padding, and those of y have no meaning.
   */
  forward(
    x: Float32Array,
    batch: number,
    state: SimulatorState,
    lengths?: readonly number[],
  ): readonly [y: Float32Array, state: SimulatorState, ...more: Float32Array[]];
}

/** The state of the first `count` sequences of a batch. */
export function narrowed(
  state: SimulatorState,
  parts: readonly StatePart[],
  batch: number,
  count: number,
): SimulatorState {
  return parts.map(({ rows, width }, i) => {
    const part = new Float32Array(rows * count * width);
    for (let row = 0; row < rows; row++) {
      const from = row * batch * width;
      part.set(state[i].subarray(from, from + count * width), row * count * width);
    }
    return part;
  });
}
