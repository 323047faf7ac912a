/** A recurrent family along time by its equation: one `step` of tensor operations after the other. */
import type { SequenceShape } from "../kernels/interface.ts";
import { zeros } from "../tensor/create.ts";
import { where } from "../tensor/elementwise.ts";
import { stack } from "../tensor/indexing.ts";
import { Tensor } from "../tensor/tensor.ts";
import { parameterNames, type Walk, type Weights } from "./family.ts";

/** Runs a family without kernels: values and gradients are those of its `step`. */
export const composed: Walk = (family, shape, x, state, parameters) => {
  const { time, batch, hiddenSize, batchFirst, reverse, lengths } = shape;
  const along = batchFirst ? 1 : 0;
  const names = parameterNames(family, parameters.length > family.weights.length);
  const weights = Object.fromEntries(names.map((name, i) => [name, parameters[i]])) as Weights;
  const steps = lengths === undefined ? x : withoutPadding(x, shape, lengths);
  const outputs = new Array<Tensor>(time);
  let current = state.map((part) => part.reshape(batch, hiddenSize));
  for (let i = 0; i < time; i++) {
    const t = reverse ? time - 1 - i : i;
    const next = family.step(steps.select(along, t), current, weights);
    if (lengths === undefined || lengths.every((length) => t < length)) {
      current = next;
      outputs[t] = next[0];
    } else {
      // A sequence that has ended, or that the reverse direction has not reached, keeps its state; its output is 0.
      const isReal = new Tensor(
        Float32Array.from(lengths, (length) => (t < length ? 1 : 0)),
        [batch, 1],
      );
      outputs[t] = where(isReal, next[0], zeros(batch, hiddenSize));
      current = current.map((part, k) => where(isReal, next[k], part));
    }
  }
  return [stack(outputs, along), current.map((part, i) => part.reshape(state[i].shape))];
};

/** x with zeros in its padding, where even a NaN must not reach a gradient. */
function withoutPadding(x: Tensor, { time, batch, batchFirst }: SequenceShape, lengths: readonly number[]): Tensor {
  const isReal = new Float32Array(time * batch);
  for (let b = 0; b < batch; b++) {
    for (let t = 0; t < lengths[b]; t++) isReal[batchFirst ? b * time + t : t * batch + b] = 1;
  }
  return where(new Tensor(isReal, [x.shape[0], x.shape[1], 1]), x, 0);
}
