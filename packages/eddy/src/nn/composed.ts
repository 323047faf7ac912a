/** Runs a recurrent family over time by its equation: one `step` of tensor operations after the other. */
import type { SequenceShape } from "../kernels/interface.ts";
import { where } from "../tensor/elementwise.ts";
import { stack } from "../tensor/indexing.ts";
import { Tensor } from "../tensor/tensor.ts";
import type { RunDirection } from "./family.ts";

/** Runs a family without kernels: values and gradients are those of its `step`. */
export const composed: RunDirection = (family, shape, x, state, parameters) => {
  const { time, batch, batchFirst, reverse, lengths } = shape;
  const along = batchFirst ? 1 : 0;
  // Padding is set to 0 before the first step, because even a NaN in it must not reach a gradient.
  const isReal = lengths && realSteps(shape, lengths);
  const input = isReal === undefined ? x : where(isReal, x, 0);
  const outputs = new Array<Tensor>(time);
  let current = state.map((part) => part.reshape(batch, part.shape[part.rank - 1]));
  for (let i = 0; i < time; i++) {
    const t = reverse ? time - 1 - i : i;
    const next = family.step(input.select(along, t), current, parameters);
    outputs[t] = next[0];
    // A sequence that has ended, or that the reverse direction has not reached, keeps its state.
    const moves = isReal?.select(along, t);
    current = moves === undefined ? next : next.map((part, k) => where(moves, part, current[k]));
  }
  const output = stack(outputs, along);
  return [
    isReal === undefined ? output : where(isReal, output, 0),
    current.map((part, i) => part.reshape(state[i].shape)),
  ];
};

/** 1 for each real step and 0 for padding, in the layout of the input with one feature. */
function realSteps({ time, batch, batchFirst }: SequenceShape, lengths: readonly number[]): Tensor {
  const isReal = new Float32Array(time * batch);
  for (let b = 0; b < batch; b++) {
    for (let t = 0; t < lengths[b]; t++) isReal[batchFirst ? b * time + t : t * batch + b] = 1;
  }
  return new Tensor(isReal, batchFirst ? [batch, time, 1] : [time, batch, 1]);
}
