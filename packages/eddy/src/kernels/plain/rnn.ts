/** The simple recurrence (Elman) over whole sequences in plain TypeScript: h′ = f(W_ih x + b_ih + W_hh h + b_hh). */
import type { RecurrentKernels } from "../interface.ts";
import { affine, affineBackward, copyFinalRows, lengthOf, RowSum, rowAt } from "./recurrent.ts";

const { fround } = Math;

const forwardOf =
  (relu: boolean): RecurrentKernels["forward"] =>
  (shape, input, [hidden], weights, keepTrace) => {
    const { time, batch, inputSize, hiddenSize } = shape;
    const { weightIh, weightHh, biasIh, biasHh } = weights;
    const values = new Float32Array((time + 1) * batch * hiddenSize);
    const fromInput = new Float32Array(hiddenSize);
    const fromHidden = new Float32Array(hiddenSize);
    for (let step = 0; step < time; step++) {
      for (let b = 0; b < batch; b++) {
        if (step >= lengthOf(shape, b)) continue;
        const row = rowAt(shape, b, step);
        const previous = step === 0 ? hidden : values;
        const previousRow = step === 0 ? b : rowAt(shape, b, step - 1);
        affine(fromInput, weightIh, biasIh, input, row * inputSize, inputSize);
        affine(fromHidden, weightHh, biasHh, previous, previousRow * hiddenSize, hiddenSize);
        for (let j = 0, at = row * hiddenSize; j < hiddenSize; j++, at++) {
          const z = fround(fromInput[j] + fromHidden[j]);
          if (!relu) values[at] = Math.tanh(z);
          else if (!(z < 0)) values[at] = z; // NaN and −0 are preserved
        }
      }
    }
    copyFinalRows(shape, values);
    return { values, trace: keepTrace ? values.slice() : undefined }; // the backward pass needs the outputs only
  };

const backwardOf =
  (relu: boolean): RecurrentKernels["backward"] =>
  (shape, input, [hidden], weights, result, gradient, needsInput) => {
    const { time, batch, inputSize, hiddenSize } = shape;
    const { weightIh, weightHh, biasIh } = weights;
    const values = result.trace!;
    const dInput = needsInput ? new Float32Array(input.length) : undefined;
    const dWeightIh = new RowSum(weightIh.length);
    const dWeightHh = new RowSum(weightHh.length);
    const dBias = biasIh === undefined ? undefined : new RowSum(hiddenSize);
    const dHidden = gradient.slice(time * batch * hiddenSize); // starts as the gradient of the final h
    const dz = new Float32Array(hiddenSize);
    for (let step = time - 1; step >= 0; step--) {
      for (let b = 0; b < batch; b++) {
        if (step >= lengthOf(shape, b)) continue;
        const row = rowAt(shape, b, step);
        const previous = step === 0 ? hidden : values;
        const previousRow = step === 0 ? b : rowAt(shape, b, step - 1);
        const stateStart = b * hiddenSize;
        for (let j = 0, at = row * hiddenSize; j < hiddenSize; j++, at++) {
          const h = values[at];
          const dh = fround(gradient[at] + dHidden[stateStart + j]);
          dz[j] = relu ? (h <= 0 ? 0 : dh) : dh * fround(1 - fround(h * h)); // dz = dh · f′(z)
          dHidden[stateStart + j] = 0;
        }
        affineBackward(
          dz,
          weightHh,
          previous,
          previousRow * hiddenSize,
          hiddenSize,
          dWeightHh,
          dBias,
          dHidden,
          stateStart,
        );
        const x = row * inputSize;
        affineBackward(dz, weightIh, input, x, inputSize, dWeightIh, undefined, dInput, x);
      }
    }
    // Both biases are added to the same sum, so they have the same gradient.
    return {
      input: dInput,
      state: [dHidden],
      weightIh: dWeightIh.values,
      weightHh: dWeightHh.values,
      biasIh: dBias?.values,
      biasHh: dBias?.values.slice(),
    };
  };

/** f = tanh */
export const tanhRnnForward: RecurrentKernels["forward"] = /* @__PURE__ */ forwardOf(false);
export const tanhRnn: RecurrentKernels = { forward: tanhRnnForward, backward: /* @__PURE__ */ backwardOf(false) };
/** f(z) = max(z, 0) */
export const reluRnnForward: RecurrentKernels["forward"] = /* @__PURE__ */ forwardOf(true);
export const reluRnn: RecurrentKernels = { forward: reluRnnForward, backward: /* @__PURE__ */ backwardOf(true) };
