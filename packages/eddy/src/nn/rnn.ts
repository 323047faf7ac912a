/** The simple recurrent layer (Elman): h_t = f(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh). */
import { kernels } from "../kernels/index.ts";
import type { SequenceShape } from "../kernels/kernels.ts";
import { record } from "../tensor/autograd.ts";
import { uniform, zeros } from "../tensor/create.ts";
import { stack } from "../tensor/indexing.ts";
import { show } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Module, Parameter } from "./module.ts";
import { checkOptions, flag, oneOf, positiveInteger } from "./options.ts";

/** Settings of `RNN`. */
export interface RNNOptions {
  inputSize: number;
  hiddenSize: number;
  /** Layers on top of one another; 1 by default. */
  numLayers?: number;
  nonlinearity?: "tanh" | "relu";
  bias?: boolean;
  /** Sequences lie as (batch, time, feature) instead of (time, batch, feature). */
  batchFirst?: boolean;
}

/**
 * A recurrent layer over a whole sequence, h_t = f(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh).
 *
 * Shapes: x (batch, time, input) with `batchFirst`, else (time, batch, input), or (time, input) unbatched; state (layers,
 * batch, hidden), zeros when left out. Gives the last layer's output at every time and each layer's final state.
 * Weights are drawn from U(−1/√hidden, 1/√hidden).
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.RNN.html
 * @throws RangeError when x or the state does not have these shapes.
 */
export class RNN extends Module {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly numLayers: number;
  readonly nonlinearity: "tanh" | "relu";
  readonly hasBias: boolean;
  readonly batchFirst: boolean;
  [weight: `${"weight" | "bias"}_${"ih" | "hh"}_l${number}`]: Parameter;

  constructor(options: RNNOptions) {
    super();
    checkOptions(
      "nn.RNN",
      options,
      {
        inputSize: positiveInteger,
        hiddenSize: positiveInteger,
        numLayers: positiveInteger,
        nonlinearity: oneOf("tanh", "relu"),
        bias: flag,
        batchFirst: flag,
      },
      ["inputSize", "hiddenSize"],
    );
    this.inputSize = options.inputSize;
    this.hiddenSize = options.hiddenSize;
    this.numLayers = options.numLayers ?? 1;
    this.nonlinearity = options.nonlinearity ?? "tanh";
    this.hasBias = options.bias ?? true;
    this.batchFirst = options.batchFirst ?? false;
    const bound = 1 / Math.sqrt(this.hiddenSize);
    const draw = (...shape: number[]) => new Parameter(uniform(-bound, bound, shape));
    for (let layer = 0; layer < this.numLayers; layer++) {
      this[`weight_ih_l${layer}`] = draw(this.hiddenSize, layer === 0 ? this.inputSize : this.hiddenSize);
      this[`weight_hh_l${layer}`] = draw(this.hiddenSize, this.hiddenSize);
      if (this.hasBias) {
        this[`bias_ih_l${layer}`] = draw(this.hiddenSize);
        this[`bias_hh_l${layer}`] = draw(this.hiddenSize);
      }
    }
  }

  forward(x: Tensor, state?: Tensor): [output: Tensor, state: Tensor] {
    if ((x.rank !== 2 && x.rank !== 3) || x.shape[x.rank - 1] !== this.inputSize || x.numel === 0) {
      const layout = this.batchFirst ? "(batch, time, input)" : "(time, batch, input)";
      throw new RangeError(
        `nn.RNN: expected x of shape ${layout} or (time, input) with ${this.inputSize} input features and at least one time step, received ${show(x.shape)}; ` +
          `reshape it or construct the layer with inputSize = ${x.shape[x.rank - 1] ?? 1}`,
      );
    }
    if (x.rank === 2) return this.forwardUnbatched(x, state);
    const [batch, time] = this.batchFirst ? [x.shape[0], x.shape[1]] : [x.shape[1], x.shape[0]];
    const hidden = state ?? zeros(this.numLayers, batch, this.hiddenSize);
    this.checkState(hidden, [this.numLayers, batch, this.hiddenSize]);
    let output = x;
    const last: Tensor[] = [];
    for (let layer = 0; layer < this.numLayers; layer++) {
      output = this.layer(layer, output, hidden.select(0, layer), batch, time);
      last.push(output.select(this.batchFirst ? 1 : 0, time - 1));
    }
    return [output, this.numLayers === 1 ? last[0].unsqueeze(0) : stack(last, 0)];
  }

  private forwardUnbatched(x: Tensor, state?: Tensor): [Tensor, Tensor] {
    if (state !== undefined) this.checkState(state, [this.numLayers, this.hiddenSize]);
    const batchDimension = this.batchFirst ? 0 : 1;
    const [output, next] = this.forward(x.unsqueeze(batchDimension), state?.unsqueeze(1));
    return [output.squeeze(batchDimension), next.squeeze(1)];
  }

  private checkState(state: Tensor, expected: number[]): void {
    if (state.shape.length !== expected.length || state.shape.some((size, i) => size !== expected[i])) {
      throw new RangeError(
        `nn.RNN: expected a state of shape ${show(expected)} (layers, batch, hidden; without batch for unbatched x), received ${show(state.shape)}; ` +
          "start from no state when the batch size changes",
      );
    }
  }

  /** One layer over all time steps, as one node of the graph. */
  private layer(index: number, x: Tensor, state: Tensor, batch: number, time: number): Tensor {
    const parameters = [this[`weight_ih_l${index}`], this[`weight_hh_l${index}`]];
    if (this.hasBias) parameters.push(this[`bias_ih_l${index}`], this[`bias_hh_l${index}`]);
    const [weightIh, weightHh, biasIh, biasHh] = parameters.map((parameter) => parameter.data);
    const weights = { weightIh, weightHh, biasIh, biasHh };
    const shape: SequenceShape = {
      time,
      batch,
      inputSize: x.shape[2],
      hiddenSize: this.hiddenSize,
      batchFirst: this.batchFirst,
      reverse: false,
    };
    const relu = this.nonlinearity === "relu";
    const input = x.data;
    const hidden = state.data;
    const output = kernels.rnnForward(shape, relu, input, hidden, weights);
    return record(output, [x.shape[0], x.shape[1], this.hiddenSize], [x, state, ...parameters], (dy) => {
      const d = kernels.rnnBackward(shape, relu, input, hidden, weights, output, dy, x.requiresGrad);
      return [d.input, d.hidden, d.weightIh, d.weightHh, d.bias, d.bias];
    });
  }

  protected override describe(): string {
    return [
      `${this.inputSize}, ${this.hiddenSize}`,
      ...(this.numLayers > 1 ? [`num_layers=${this.numLayers}`] : []),
      ...(this.hasBias ? [] : ["bias=False"]),
      ...(this.batchFirst ? ["batch_first=True"] : []),
    ].join(", ");
  }
}
