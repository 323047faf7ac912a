/** The network of a Model: a recurrent layer, a linear head, and optionally a direct linear path from input to target. */
import { type CellName, cells } from "../../nn/cells.ts";
import { parameterCount as recurrentParameterCount } from "../../nn/family.ts";
import { constant } from "../../nn/init.ts";
import { Linear } from "../../nn/linear.ts";
import { Module, Parameter } from "../../nn/module.ts";
import type { AnyRecurrentLayer, SequenceOptions } from "../../nn/recurrence.ts";
import { defaultGenerator } from "../../random.ts";
import { zeros } from "../../tensor/create.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** What determines a network's weights. */
export interface NetworkOptions {
  cell: CellName;
  inputSize: number;
  hiddenSize: number;
  numLayers: number;
  targetSize: number;
  linear: boolean;
  initialState: "zero" | "learned";
}

/** A carried state: the tensors of the cell's state, such as h, and c of an LSTM, each (layers, batch, hidden). */
export type State = readonly Tensor[];

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
  start(batch: number): State {
    const { numLayers, hiddenSize } = this.options;
    return this.rnn.family.parts.map(
      (part) => this[`${part}_0`]?.expand(numLayers, batch, hiddenSize).clone() ?? zeros(numLayers, batch, hiddenSize),
    );
  }

  forward(x: Tensor, state: State, options?: SequenceOptions): [y: Tensor, state: State] {
    const [features, next] = this.rnn.run(x, state, options);
    const y = this.out.forward(features);
    return [this.direct === undefined ? y : y.add(this.direct.forward(x)), next];
  }
}

/** The number of elements in such a network's parameters, without creating it. */
export function parameterCount(options: NetworkOptions): number {
  const { cell, inputSize, hiddenSize, numLayers, targetSize, linear, initialState } = options;
  const { family } = cells[cell];
  const start = initialState === "learned" ? numLayers * hiddenSize * family.parts.length : 0;
  const head = targetSize * (hiddenSize + 1 + (linear ? inputSize : 0));
  return recurrentParameterCount(family, inputSize, hiddenSize, numLayers) + head + start;
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

/** The sizes of the network that a model's settings describe. */
export function networkOptions({
  inputs,
  targets,
  cell,
  hiddenSize,
  numLayers,
  linear,
  initialState,
}: Omit<NetworkOptions, "inputSize" | "targetSize"> & {
  inputs: readonly string[];
  targets: readonly string[];
}): NetworkOptions {
  return { cell, hiddenSize, numLayers, linear, initialState, inputSize: inputs.length, targetSize: targets.length };
}
