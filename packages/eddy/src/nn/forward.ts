/** A recurrent family along time without gradients, on arrays: by its kernel, or by the operators of its step. */
import { type Implementations, inUse, kernels } from "../kernels/index.ts";
import type { RecurrentKernels, RecurrentWeights, SequenceShape } from "../kernels/interface.ts";
import { lengthOf, rowAt } from "../kernels/plain/recurrent.ts";
import type { OnnxStep, StepOperator } from "./family.ts";

/**
 * All steps of one layer in one direction: every output row in the input's layout, then each sequence's final state, one
 * part of the state after the other.
 */
export type Forward = (
  shape: SequenceShape,
  input: Float32Array,
  state: readonly Float32Array[],
  weights: RecurrentWeights,
) => Float32Array;

/** Runs a family by its forward kernel. */
export function byKernel(implementations: Implementations<RecurrentKernels["forward"]>): Forward {
  return (shape, input, state, weights) => inUse(implementations)(shape, input, state, weights, false).values;
}

/** Runs a family by its step, with the kernels of the step's operators. */
export function byStep(gates: number, step: OnnxStep): Forward {
  return (shape, input, state, { weightIh, biasIh }) => {
    const { time, batch, inputSize, hiddenSize } = shape;
    const rows = time * batch;
    const inputParts = kernels.linear(input, weightIh, biasIh, rows, inputSize, gates * hiddenSize);
    const values = new Float32Array((rows + state.length * batch) * hiddenSize);
    const part = (all: Float32Array, i: number) => all.subarray(i * hiddenSize, (i + 1) * hiddenSize);
    for (let b = 0; b < batch; b++) {
      let current = state.map((all) => part(all, b));
      for (let i = 0; i < lengthOf(shape, b); i++) {
        const row = rowAt(shape, b, i);
        const now = Array.from({ length: gates }, (_, gate) => part(inputParts, row * gates + gate));
        current = step(apply, now, current);
        values.set(current[0], row * hiddenSize);
      }
      for (const [k, final] of current.entries()) values.set(final, (rows + k * batch + b) * hiddenSize);
    }
    return values;
  };
}

/** The kernels have the names of ONNX's operators, in lower case. */
function apply(operator: StepOperator, inputs: readonly Float32Array[]): Float32Array {
  const kernel = kernels[operator.toLowerCase() as Lowercase<StepOperator>];
  return (kernel as (...inputs: Float32Array[]) => Float32Array)(...inputs);
}
