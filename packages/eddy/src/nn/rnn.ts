/** The simple recurrence (Elman): h_t = f(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh). */
import { reluRnn, reluRnnForward, tanhRnn, tanhRnnForward } from "../kernels/index.ts";
import { relu, tanh } from "../tensor/elementwise.ts";
import { linear } from "../tensor/matrix.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { type Family, learning, type Recurrence, type RunDirection } from "./family.ts";
import { byKernel, type Forward } from "./forward.ts";
import { fused } from "./fused.ts";
import { oneOf } from "./options.ts";
import { type LayerArguments, layerOptions, RecurrentLayer, type RecurrentOptions } from "./recurrence.ts";
import { type CellArguments, type CellOptions, cellOptions, RecurrentCell } from "./recurrent-cell.ts";

type Nonlinearity = "tanh" | "relu";

/** Settings of `RNN`. */
export interface RNNOptions extends RecurrentOptions {
  /** f; "tanh" by default. */
  nonlinearity?: Nonlinearity;
}

/** Settings of `RNNCell`. */
export interface RNNCellOptions extends CellOptions {
  /** f; "tanh" by default. */
  nonlinearity?: Nonlinearity;
}

const rules = { nonlinearity: oneOf("tanh", "relu") };

const recurrence = (activation: string, forward: Forward): Recurrence => ({
  gates: 1,
  parts: ["h"],
  weights: ["ih", "hh"],
  forward,
  onnx: { operator: "RNN", gates: [0], activation },
});

/** An RNN without gradients, with f = tanh. */
export const rnnRecurrence = /* @__PURE__ */ recurrence("Tanh", /* @__PURE__ */ byKernel(tanhRnnForward));

const family = (f: (z: Tensor) => Tensor, own: Recurrence, runDirection: RunDirection): Family =>
  learning(own, {
    step: (x, [h], [weightIh, weightHh, biasIh, biasHh]) => [
      f(linear(x, weightIh, biasIh).add(linear(h, weightHh, biasHh))),
    ],
    runDirection,
  });

const tanhFamily = /* @__PURE__ */ family(tanh, rnnRecurrence, /* @__PURE__ */ fused(tanhRnn));
const reluFamily = /* @__PURE__ */ family(
  relu,
  /* @__PURE__ */ recurrence("Relu", /* @__PURE__ */ byKernel(reluRnnForward)),
  /* @__PURE__ */ fused(reluRnn),
);

const familyOf = (options: { nonlinearity?: Nonlinearity } | undefined) =>
  options?.nonlinearity === "relu" ? reluFamily : tanhFamily;

/**
 * A simple recurrent layer over whole sequences, h_t = f(W_ih x_t + b_ih + W_hh h_{t−1} + b_hh).
 *
 * Shapes: x (batch, time, input) with `batchFirst`, else (time, batch, input), or (time, input) unbatched; state (layers ·
 * directions, batch, hidden), zeros by default. Returns the last layer's output at every time step, (…, directions · hidden),
 * and the final state of each layer and direction. Weights are drawn from U(−1/√hidden, 1/√hidden).
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.RNN.html
 * @throws RangeError when x, the state or the lengths do not have these shapes; TypeError for a state that is not a Tensor.
 * @example const [output, next] = new nn.RNN({ inputSize: 1, hiddenSize: 32, batchFirst: true }).forward(x);
 */
export class RNN extends RecurrentLayer {
  static readonly family = tanhFamily;

  readonly nonlinearity: Nonlinearity;

  constructor(...args: LayerArguments<RNNOptions>) {
    const options = layerOptions(args);
    super("nn.RNN", familyOf(options), options, rules);
    this.nonlinearity = options.nonlinearity ?? "tanh";
  }
}

/**
 * One step of a simple recurrence, h′ = f(W_ih x + b_ih + W_hh h + b_hh).
 *
 * Shapes: x (batch, input) or (input); h and h′ (batch, hidden) or (hidden), h zeros by default.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.RNNCell.html
 * @throws RangeError when x or h do not have these shapes.
 * @example h = cell.forward(x.select(1, t), h);
 */
export class RNNCell extends RecurrentCell {
  readonly nonlinearity: Nonlinearity;

  constructor(...args: CellArguments<RNNCellOptions>) {
    const options = cellOptions(args);
    super("nn.RNNCell", familyOf(options), options, rules);
    this.nonlinearity = options.nonlinearity ?? "tanh";
  }

  protected override describe(): string {
    return `${super.describe()}${this.nonlinearity === "tanh" ? "" : `, nonlinearity=${this.nonlinearity}`}`;
  }
}
