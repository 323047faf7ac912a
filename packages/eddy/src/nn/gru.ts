/** The gated recurrent unit: a reset gate r, an update gate z, a new state n. */
import { gru, gruForward } from "../kernels/index.ts";
import { linear } from "../tensor/matrix.ts";
import { gatesOf, learning, type Recurrence } from "./family.ts";
import { byKernel } from "./forward.ts";
import { fused } from "./fused.ts";
import { type LayerArguments, layerOptions, RecurrentLayer } from "./recurrence.ts";
import { type CellArguments, cellOptions, RecurrentCell } from "./recurrent-cell.ts";

/** A GRU without gradients. */
export const gruRecurrence: Recurrence = {
  gates: 3, // r, z, n
  parts: ["h"],
  weights: ["ih", "hh"],
  forward: /* @__PURE__ */ byKernel(gruForward),
  onnx: { operator: "GRU", gates: [1, 0, 2], attributes: { linear_before_reset: 1 } }, // z, r, h
};

const family = /* @__PURE__ */ learning(gruRecurrence, {
  step(x, [h], [weightIh, weightHh, biasIh, biasHh]) {
    const [r, z, n] = gatesOf(gruRecurrence, linear(x, weightIh, biasIh));
    const [hr, hz, hn] = gatesOf(gruRecurrence, linear(h, weightHh, biasHh));
    const reset = r.add(hr).sigmoid();
    const update = z.add(hz).sigmoid();
    const candidate = n.add(reset.mul(hn)).tanh();
    return [candidate.add(update.mul(h.sub(candidate)))]; // (1 − z) · n + z · h
  },
  runDirection: /* @__PURE__ */ fused(gru),
});

/**
 * A GRU layer over whole sequences, h_t = (1 − z) · n + z · h_{t−1} with
 * r = σ(W_ir x_t + b_ir + W_hr h_{t−1} + b_hr), z = σ(W_iz x_t + b_iz + W_hz h_{t−1} + b_hz) and
 * n = tanh(W_in x_t + b_in + r · (W_hn h_{t−1} + b_hn)).
 *
 * Shapes: x (batch, time, input) with `batchFirst`, else (time, batch, input), or (time, input) unbatched; state (layers ·
 * directions, batch, hidden), zeros by default. Returns the last layer's output at every time step, (…, directions · hidden),
 * and the final state of each layer and direction. The weights are stacked in the order r, z, n and drawn from
 * U(−1/√hidden, 1/√hidden).
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.GRU.html
 * @throws RangeError when x, the state or the lengths do not have these shapes; TypeError for a state that is not a Tensor.
 * @example const [output, next] = new nn.GRU({ inputSize: 1, hiddenSize: 32, batchFirst: true }).forward(x);
 */
export class GRU extends RecurrentLayer {
  static readonly family = family;

  constructor(...args: LayerArguments) {
    super("nn.GRU", family, layerOptions(args));
  }
}

/**
 * One step of a GRU, h′ = (1 − z) · n + z · h, with the gates of `GRU`.
 *
 * Shapes: x (batch, input) or (input); h and h′ (batch, hidden) or (hidden), h zeros by default.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.GRUCell.html
 * @throws RangeError when x or h do not have these shapes.
 * @example h = cell.forward(x.select(1, t), h);
 */
export class GRUCell extends RecurrentCell {
  constructor(...args: CellArguments) {
    super("nn.GRUCell", family, cellOptions(args));
  }
}
