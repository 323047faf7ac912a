/** The network of a Model: a recurrent layer, a linear head, and optionally a direct linear path from input to target. */
import { GRU } from "../../nn/gru.ts";
import { constant } from "../../nn/init.ts";
import { Linear } from "../../nn/linear.ts";
import { LSTM } from "../../nn/lstm.ts";
import { Module, Parameter } from "../../nn/module.ts";
import type { SequenceOptions } from "../../nn/recurrence.ts";
import { RNN } from "../../nn/rnn.ts";
import { defaultGenerator } from "../../random.ts";
import { zeros } from "../../tensor/create.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/** What decides a network's weights. */
export interface NetworkOptions {
  cell: "rnn" | "gru" | "lstm";
  inputSize: number;
  hiddenSize: number;
  numLayers: number;
  targetSize: number;
  linear: boolean;
  initialState: "zero" | "learned";
}

/** A carried state: h, and c of an LSTM, each (layers, batch, hidden). */
export type State = readonly Tensor[];

/**
 * y_t = W_out h_t + b_out (+ W_direct x_t), with h_t from a recurrent layer.
 *
 * Shapes: x (batch, time, input) → y (batch, time, target). Weights under PyTorch's names: `rnn.weight_ih_l0`, `out.weight`,
 * `direct.weight`, and `h_0` (and `c_0`) of shape (layers, 1, hidden) where the initial state is learned.
 */
export class Network extends Module {
  readonly h_0: Parameter | undefined;
  readonly c_0: Parameter | undefined;
  readonly rnn: RNN | GRU | LSTM;
  readonly out: Linear;
  readonly direct: Linear | undefined;

  constructor(readonly options: NetworkOptions) {
    super();
    const { cell, inputSize, hiddenSize, numLayers, targetSize, linear, initialState } = options;
    const sizes = { inputSize, hiddenSize, numLayers, batchFirst: true };
    this.rnn = cell === "rnn" ? new RNN(sizes) : cell === "gru" ? new GRU(sizes) : new LSTM(sizes);
    this.out = new Linear(hiddenSize, targetSize);
    this.direct = linear ? new Linear(inputSize, targetSize, { bias: false }) : undefined;
    // What is straight shall be learnt, not guessed: the path begins as if it were not there.
    if (this.direct !== undefined) constant(this.direct.weight, 0);
    const start = () => new Parameter(zeros(numLayers, 1, hiddenSize));
    if (initialState === "learned") {
      this.h_0 = start();
      if (cell === "lstm") this.c_0 = start();
    }
  }

  /** The state of each of `batch` sequences that begin; where it is learned, with the way back to it. */
  start(batch: number): State {
    const { cell, numLayers, hiddenSize } = this.options;
    const parts = cell === "lstm" ? [this.h_0, this.c_0] : [this.h_0];
    return parts.map((part) =>
      part === undefined ? zeros(numLayers, batch, hiddenSize) : part.expand(numLayers, batch, hiddenSize).clone(),
    );
  }

  forward(x: Tensor, state: State, options?: SequenceOptions): [y: Tensor, state: State] {
    const [features, next] =
      this.rnn instanceof LSTM
        ? this.rnn.forward(x, [state[0], state[1]], options)
        : this.oneState(this.rnn.forward(x, state[0], options));
    const y = this.out.forward(features);
    return [this.direct === undefined ? y : y.add(this.direct.forward(x)), next];
  }

  private oneState([features, h]: [Tensor, Tensor]): [Tensor, State] {
    return [features, [h]];
  }
}

/** How many numbers such a network learns, without making it. */
export function parameterCount(options: NetworkOptions): number {
  const { cell, inputSize, hiddenSize, numLayers, targetSize, linear, initialState } = options;
  const gates = { rnn: 1, gru: 3, lstm: 4 }[cell];
  const layers = inputSize + hiddenSize + 2 + (numLayers - 1) * (2 * hiddenSize + 2);
  const start = initialState === "learned" ? numLayers * hiddenSize * (cell === "lstm" ? 2 : 1) : 0;
  return gates * hiddenSize * layers + targetSize * (hiddenSize + 1 + (linear ? inputSize : 0)) + start;
}

/** A network with weights drawn from a seed; the caller's own stream of random numbers is left as it was. */
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
