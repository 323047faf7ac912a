/** The network of a Model in use: the equations of `Network` on arrays, without gradients. */
import { kernels } from "../../kernels/index.ts";
import type { RecurrentWeights } from "../../kernels/interface.ts";
import { recurrences } from "../../nn/cells.ts";
import type { Recurrence } from "../../nn/family.ts";
import type { PlainTensor } from "../../tensor/tensor.ts";
import type { NetworkOptions } from "./sizes.ts";

/** A weight of a network. */
export interface Weight extends PlainTensor {
  /** Grows with every change of `data`; 0 by default, where nothing changes it. */
  readonly version?: number;
}

/** A carried state: the parts of the cell's state, such as h, and c of an LSTM, each (layers, batch, hidden). */
export type PredictorState = readonly Float32Array[];

const none = new Float32Array(0);

/**
 * y_t = W_out h_t + b_out (+ W_direct x_t), with h_t from recurrent layers: the same kernels in the same order as in
 * `Network`, and so the same bits.
 */
export class Predictor {
  readonly #recurrence: Recurrence;
  readonly #layers: readonly RecurrentWeights[];

  /** @param weights those of `weightShapes(options)`. */
  constructor(
    readonly options: NetworkOptions,
    readonly weights: Readonly<Record<string, Weight>>,
  ) {
    this.#recurrence = recurrences[options.cell];
    this.#layers = Array.from({ length: options.numLayers }, (_, layer) => {
      const names = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"].map((name) => `rnn.${name}_l${layer}`);
      const [weightIh, weightHh, biasIh, biasHh] = names.map((name) => weights[name]?.data);
      const version = names.reduce((sum, name) => sum + (weights[name]?.version ?? 0), 0);
      return { weightIh, weightHh: weightHh ?? none, biasIh, biasHh, version };
    });
  }

  /** The names of the parts of its state. */
  get parts(): readonly string[] {
    return this.#recurrence.parts;
  }

  /** The initial state of `batch` sequences. */
  start(batch: number): PredictorState {
    const { numLayers, hiddenSize } = this.options;
    return this.parts.map((part) => {
      const state = new Float32Array(numLayers * batch * hiddenSize);
      const learned = this.weights[`${part}_0`]?.data;
      if (learned === undefined) return state;
      for (let row = 0; row < numLayers * batch; row++) {
        const layer = Math.floor(row / batch);
        state.set(learned.subarray(layer * hiddenSize, (layer + 1) * hiddenSize), row * hiddenSize);
      }
      return state;
    });
  }

  /** The state of the first sequences of a batch. */
  narrow(state: PredictorState, batch: number, count: number): PredictorState {
    const { numLayers, hiddenSize } = this.options;
    return state.map((part) => {
      const narrowed = new Float32Array(numLayers * count * hiddenSize);
      for (let layer = 0; layer < numLayers; layer++) {
        const from = layer * batch * hiddenSize;
        narrowed.set(part.subarray(from, from + count * hiddenSize), layer * count * hiddenSize);
      }
      return narrowed;
    });
  }

  /** x (batch, time, input) → y (batch, time, target), and the state after each sequence's last step. */
  forward(
    x: Float32Array,
    batch: number,
    state: PredictorState,
    lengths?: readonly number[],
  ): [y: Float32Array, state: PredictorState] {
    const { inputSize, hiddenSize, numLayers, targetSize } = this.options;
    const { weights } = this;
    const rows = x.length / inputSize;
    const size = batch * hiddenSize;
    const next = state.map((part) => new Float32Array(part.length));
    let features = x;
    for (let layer = 0; layer < numLayers; layer++) {
      const width = layer === 0 ? inputSize : hiddenSize;
      const shape = {
        time: rows / batch,
        batch,
        inputSize: width,
        hiddenSize,
        batchFirst: true,
        reverse: false,
        lengths,
      };
      const initial = state.map((part) => part.subarray(layer * size, (layer + 1) * size));
      const values = this.#recurrence.forward(shape, features, initial, this.#layers[layer]);
      features = values.subarray(0, rows * hiddenSize);
      for (const [i, part] of next.entries()) {
        const from = rows * hiddenSize + i * size;
        part.set(values.subarray(from, from + size), layer * size);
      }
    }
    const y = kernels.linear(
      features,
      weights["out.weight"].data,
      weights["out.bias"].data,
      rows,
      hiddenSize,
      targetSize,
    );
    const direct = weights["direct.weight"]?.data;
    if (direct === undefined) return [y, next];
    return [kernels.add(y, kernels.linear(x, direct, undefined, rows, inputSize, targetSize)), next];
  }
}
