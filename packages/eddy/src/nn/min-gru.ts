/** The minimal gated recurrent unit (minGRU): an update gate z and a candidate that depend on the input only. */
import { linear } from "../tensor/matrix.ts";
import { composed } from "./composed.ts";
import { gatesOf, learning, type OnnxStep, type Recurrence } from "./family.ts";
import { byStep } from "./forward.ts";
import { type LayerArguments, layerOptions, RecurrentLayer } from "./recurrence.ts";
import { type CellArguments, cellOptions, RecurrentCell } from "./recurrent-cell.ts";

const gates = 2; // z, h̃

const onnxStep: OnnxStep = (node, [z, candidate], [h]) => [
  node("Add", [h, node("Mul", [node("Sigmoid", [z]), node("Sub", [candidate, h])])]),
];

/** A minGRU without gradients. */
export const minGruRecurrence: Recurrence = {
  gates,
  parts: ["h"],
  weights: ["ih"],
  forward: /* @__PURE__ */ byStep(gates, onnxStep),
  onnx: onnxStep,
};

const family = /* @__PURE__ */ learning(minGruRecurrence, {
  step(x, [h], [weightIh, biasIh]) {
    const [z, candidate] = gatesOf(minGruRecurrence, linear(x, weightIh, biasIh));
    return [h.add(z.sigmoid().mul(candidate.sub(h)))]; // (1 − z) · h + z · h̃
  },
  runDirection: composed,
});

/**
 * A minGRU layer over whole sequences, h_t = (1 − z_t) · h_{t−1} + z_t · h̃_t with z_t = σ(W_iz x_t + b_iz) and
 * h̃_t = W_ih x_t + b_ih.
 *
 * Shapes: x (batch, time, input) with `batchFirst`, else (time, batch, input), or (time, input) unbatched; state (layers ·
 * directions, batch, hidden), zeros by default. Returns the last layer's output at every time step, (…, directions · hidden), and
 * the final state of each layer and direction. It has no hidden-to-hidden weights: `weight_ih_l0` (2 · hidden, input) and
 * `bias_ih_l0` are stacked in the order z, h̃, for each layer and direction, and drawn from U(−1/√hidden, 1/√hidden).
 * PyTorch has no such module; the names follow those of its recurrent layers.
 * Source: Feng et al., Were RNNs all we needed?, 2024, https://arxiv.org/abs/2410.01201, section 3.1 (the vanilla version)
 * @throws RangeError when x, the state or the lengths do not have these shapes; TypeError for a state that is not a Tensor.
 * @example const [output, next] = new nn.MinGRU({ inputSize: 1, hiddenSize: 32, batchFirst: true }).forward(x);
 */
export class MinGRU extends RecurrentLayer {
  static readonly family = family;

  constructor(...args: LayerArguments) {
    super("nn.MinGRU", family, layerOptions(args));
  }
}

/**
 * One step of a minGRU, h′ = (1 − z) · h + z · h̃, with z and h̃ of `MinGRU`.
 *
 * Shapes: x (batch, input) or (input); h and h′ (batch, hidden) or (hidden), h is 0 by default. Its parameters are
 * `weight_ih` and `bias_ih`.
 * Source: https://arxiv.org/abs/2410.01201, section 3.1
 * @throws RangeError when x or h do not have these shapes.
 * @example h = cell.forward(x.select(1, t), h);
 */
export class MinGRUCell extends RecurrentCell {
  constructor(...args: CellArguments) {
    super("nn.MinGRUCell", family, cellOptions(args));
  }
}
