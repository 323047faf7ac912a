/** Long short-term memory: gates i, f, g, o and a cell c, which carries the memory. */
import { lstm, lstmForward } from "../kernels/index.ts";
import { linear } from "../tensor/matrix.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { composed } from "./composed.ts";
import { type Family, gatesOf, learning, type Recurrence } from "./family.ts";
import { byKernel } from "./forward.ts";
import { fused } from "./fused.ts";
import { integerThat } from "./options.ts";
import { type LayerArguments, layerOptions, RecurrentLayer, type RecurrentOptions } from "./recurrence.ts";
import { type CellArguments, cellOptions, RecurrentCell } from "./recurrent-cell.ts";

/** An LSTM without gradients. */
export const lstmRecurrence: Recurrence = {
  gates: 4, // i, f, g, o
  parts: ["h", "c"],
  weights: ["ih", "hh"],
  forward: /* @__PURE__ */ byKernel(lstmForward),
  onnx: { operator: "LSTM", gates: [0, 3, 1, 2] }, // i, o, f, c
};

const family = /* @__PURE__ */ learning(lstmRecurrence, {
  step(x, [h, c], [weightIh, weightHh, biasIh, biasHh]) {
    const sum = linear(x, weightIh, biasIh).add(linear(h, weightHh, biasHh));
    const [i, f, g, o] = gatesOf(lstmRecurrence, sum);
    const next = f.sigmoid().mul(c).add(i.sigmoid().mul(g.tanh()));
    return [o.sigmoid().mul(next.tanh()), next];
  },
  runDirection: /* @__PURE__ */ fused(lstm),
});

/** With projections, h = W_hr (o · tanh c); there is no kernel. The parameters end with weight_hr. */
const projected = (own: Recurrence): Family =>
  learning(
    { ...own, projects: true },
    {
      step(x, state, parameters) {
        const [h, c] = family.step(x, state, parameters.slice(0, -1));
        return [linear(h, parameters[parameters.length - 1]), c];
      },
      runDirection: composed,
    },
  );

const projectedFamily = /* @__PURE__ */ projected(lstmRecurrence);

type State = [h: Tensor, c: Tensor];

/** Settings of `LSTM`. */
export interface LSTMOptions extends RecurrentOptions {
  /** The size to which a trainable matrix projects h, smaller than `hiddenSize`; 0 (none) by default. */
  projSize?: number;
}

/**
 * An LSTM layer over whole sequences, c_t = f · c_{t−1} + i · g and h_t = o · tanh(c_t) with
 * i, f, o = σ(W_i· x_t + b_i· + W_h· h_{t−1} + b_h·) and g = tanh(W_ig x_t + b_ig + W_hg h_{t−1} + b_hg).
 *
 * Shapes: x (batch, time, input) with `batchFirst`, else (time, batch, input), or (time, input) unbatched; h and c (layers ·
 * directions, batch, hidden), zeros by default. Returns the last layer's output at every time step, (…, directions · hidden),
 * and the final [h, c] of each layer and direction. The weights are stacked in the order i, f, g, o and drawn from
 * U(−1/√hidden, 1/√hidden).
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.LSTM.html
 * @throws RangeError when x, the state or the lengths do not have these shapes; TypeError for a state other than [h, c].
 * @example const [output, [h, c]] = new nn.LSTM({ inputSize: 1, hiddenSize: 32, batchFirst: true }).forward(x);
 */
export class LSTM extends RecurrentLayer<State, Readonly<State>> {
  static readonly family = family;
  readonly projSize: number;

  constructor(...args: LayerArguments<LSTMOptions>) {
    const options = layerOptions(args);
    const isProjected = Number(options?.projSize) > 0;
    super("nn.LSTM", isProjected ? projectedFamily : family, options, {
      projSize: integerThat(
        "an integer ≥ 0, smaller than hiddenSize",
        (value) => value >= 0 && !(value >= options.hiddenSize),
      ),
    });
    this.projSize = options.projSize ?? 0;
  }
}

/**
 * One step of an LSTM, c′ = f · c + i · g and h′ = o · tanh(c′), with the gates of `LSTM`.
 *
 * Shapes: x (batch, input) or (input); h, c, h′ and c′ (batch, hidden) or (hidden), h and c zeros by default.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.LSTMCell.html
 * @throws RangeError when x, h or c do not have these shapes; TypeError for a state other than [h, c].
 * @example [h, c] = cell.forward(x.select(1, t), [h, c]);
 */
export class LSTMCell extends RecurrentCell<State, Readonly<State>> {
  constructor(...args: CellArguments) {
    super("nn.LSTMCell", family, cellOptions(args));
  }
}
