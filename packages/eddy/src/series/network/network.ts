/** The network that learns, with gradients: a recurrent layer, a linear head, and optionally a direct linear path from input to target. */
import { cells } from "../../nn/cells.ts";
import { constant } from "../../nn/init.ts";
import { Linear } from "../../nn/linear.ts";
import { Module, Parameter } from "../../nn/module.ts";
import type { AnyRecurrentLayer, SequenceOptions } from "../../nn/recurrence.ts";
import { defaultGenerator } from "../../random.ts";
import { zeros } from "../../tensor/create.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { Predictor } from "./predictor.ts";
import type { NetworkOptions } from "./sizes.ts";

/** A carried state: the tensors of the cell's state, such as h, and c of an LSTM, each (layers, batch, hidden). */
export type TensorState = readonly Tensor[];

/**
 * y_t = W_out h_t + b_out (+ W_direct x_t), with h_t from a recurrent layer.
 *
 * Shapes: x (batch, time, input) → y (batch, time, target). The weights have PyTorch's names: `rnn.weight_ih_l0`,
 * `out.weight`, `direct.weight`, and `h_0` (and `c_0`) of shape (layers, 1, hidden) where the initial state is learned.
 */
export class Network extends Module {
  /** The learned initial state: h_0, and c_0 of an LSTM. */
  [start: `${string}_0`]: Parameter | undefined;
  declare readonly rnn: AnyRecurrentLayer;
  declare readonly out: Linear;
  declare readonly direct: Linear | undefined;

  constructor(readonly options: NetworkOptions) {
    super();
    const { cell, inputSize, hiddenSize, numLayers, targetSize, linear, initialState } = options;
    const Layer = cells[cell];
    if (initialState === "learned") {
      for (const part of Layer.family.parts) this[`${part}_0`] = new Parameter(zeros(numLayers, 1, hiddenSize));
    }
    this.rnn = new Layer({ inputSize, hiddenSize, numLayers, batchFirst: true });
    this.out = new Linear(hiddenSize, targetSize);
    this.direct = linear ? new Linear(inputSize, targetSize, { bias: false }) : undefined;
    // The direct path starts at zero, as if it were absent: a linear relation has to be learned from the data.
    if (this.direct !== undefined) constant(this.direct.weight, 0);
  }

  /** The initial state of `batch` sequences; where it is learned, gradients reach its parameters. */
  start(batch: number): TensorState {
    const { numLayers, hiddenSize } = this.options;
    return this.rnn.family.parts.map(
      (part) => this[`${part}_0`]?.expand(numLayers, batch, hiddenSize).clone() ?? zeros(numLayers, batch, hiddenSize),
    );
  }

  forward(x: Tensor, state: TensorState, options?: SequenceOptions): [y: Tensor, state: TensorState] {
    const [features, next] = this.rnn.run(x, state, options);
    const y = this.out.forward(features);
    return [this.direct === undefined ? y : y.add(this.direct.forward(x)), next];
  }

  /** The same network without gradients, on the same arrays: it is valid until a weight changes. */
  get predictor(): Predictor {
    const weights = this.namedParameters().map(
      ([name, { shape, values, storage }]) => [name, { shape, data: values, version: storage.version }] as const,
    );
    return new Predictor(this.options, Object.fromEntries(weights));
  }
}

/** A network with weights drawn from a seed; the state of the global random generator is unchanged afterwards. */
export function drawNetwork(options: NetworkOptions, seed: number): Network {
  const before = defaultGenerator.state();
  try {
    defaultGenerator.manualSeed(seed);
    return new Network(options);
  } finally {
    defaultGenerator.setState(before);
  }
}
