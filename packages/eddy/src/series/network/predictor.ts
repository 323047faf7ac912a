/** A network in use: the equations of `Network` on arrays, without gradients. */
import { kernels } from "../../kernels/index.ts";
import type { RecurrentWeights } from "../../kernels/interface.ts";
import { recurrences } from "../../nn/cells.ts";
import type { Recurrence } from "../../nn/family.ts";
import type { PlainTensor } from "../../tensor/tensor.ts";
import type { Simulator, SimulatorState, StatePart } from "./simulator.ts";
import { type NetworkOptions, productsPerRow } from "./sizes.ts";

/** A weight of a network. */
export interface Weight extends PlainTensor {
  /** Grows with every change of `data`; 0 by default, where nothing changes it. */
  readonly version?: number;
}

const none = new Float32Array(0);

/**
 * y_t = W_out h_t + b_out (+ W_direct x_t), with h_t from recurrent layers: the same kernels in the same order as in
 * `Network`, and so the same bits.
 */
export class Predictor implements Simulator {
  /** The parts of the cell's state: h, and c of an LSTM. */
  readonly parts: readonly StatePart[];
  readonly #recurrence: Recurrence;
  readonly #layers: readonly RecurrentWeights[];

  /** @param weights those of `weightShapes(options)`. */
  constructor(
    readonly options: NetworkOptions,
    readonly weights: Readonly<Record<string, Weight>>,
  ) {
    this.#recurrence = recurrences[options.cell];
    const { numLayers: rows, hiddenSize: width } = options;
    this.parts = this.#recurrence.parts.map((name) => ({ name, rows, width }));
    this.#layers = Array.from({ length: options.numLayers }, (_, layer) => {
      const names = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"].map((name) => `rnn.${name}_l${layer}`);
      const [weightIh, weightHh, biasIh, biasHh] = names.map((name) => weights[name]?.data);
      const version = names.reduce((sum, name) => sum + (weights[name]?.version ?? 0), 0);
      return { weightIh, weightHh: weightHh ?? none, biasIh, biasHh, version };
    });
  }

  get productsPerRow(): number {
    return productsPerRow(this.options);
  }

  start(batch: number): SimulatorState {
    const { numLayers, hiddenSize } = this.options;
    return this.parts.map(({ name }) => {
      const state = new Float32Array(numLayers * batch * hiddenSize);
      const learned = this.weights[`${name}_0`]?.data;
      if (learned === undefined) return state;
      for (let row = 0; row < numLayers * batch; row++) {
        const layer = Math.floor(row / batch);
        state.set(learned.subarray(layer * hiddenSize, (layer + 1) * hiddenSize), row * hiddenSize);
      }
      return state;
    });
  }

  forward(
    x: Float32Array,
    batch: number,
    state: SimulatorState,
    lengths?: readonly number[],
  ): [y: Float32Array, state: SimulatorState] {
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
