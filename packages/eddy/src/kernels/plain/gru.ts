/** The gated recurrent unit over whole sequences in plain TypeScript. */
import type { RecurrentKernels } from "../interface.ts";
import { affine, affineBackward, copyFinalRows, lengthOf, RowSum, rowAt } from "./recurrent.ts";

const { fround } = Math;

/*
 * The gates are in the order r, z, n, as in PyTorch's weights:
 *   r = σ(W_ir x + b_ir + W_hr h + b_hr)
 *   z = σ(W_iz x + b_iz + W_hz h + b_hz)
 *   m = W_hn h + b_hn
 *   n = tanh(W_in x + b_in + r · m)
 *   h′ = (1 − z) · n + z · h = n + z · (h − n)
 * A row of the trace is r, z, n, m, h′.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.GRU.html
 */

export const gruForward: RecurrentKernels["forward"] = (shape, input, [hidden], weights, keepTrace) => {
  const { time, batch, inputSize, hiddenSize } = shape;
  const { weightIh, weightHh, biasIh, biasHh } = weights;
  const values = new Float32Array((time + 1) * batch * hiddenSize);
  const trace = keepTrace ? new Float32Array(time * batch * 5 * hiddenSize) : undefined;
  const fromInput = new Float32Array(3 * hiddenSize);
  const fromHidden = new Float32Array(3 * hiddenSize);
  for (let step = 0; step < time; step++) {
    for (let b = 0; b < batch; b++) {
      if (step >= lengthOf(shape, b)) continue;
      const row = rowAt(shape, b, step);
      const previous = step === 0 ? hidden : values;
      const before = (step === 0 ? b : rowAt(shape, b, step - 1)) * hiddenSize;
      affine(fromInput, weightIh, biasIh, input, row * inputSize, inputSize);
      affine(fromHidden, weightHh, biasHh, previous, before, hiddenSize);
      for (let j = 0; j < hiddenSize; j++) {
        const r = fround(1 / (1 + Math.exp(-fround(fromInput[j] + fromHidden[j]))));
        const z = fround(1 / (1 + Math.exp(-fround(fromInput[hiddenSize + j] + fromHidden[hiddenSize + j]))));
        const m = fromHidden[2 * hiddenSize + j];
        const n = fround(Math.tanh(fround(fromInput[2 * hiddenSize + j] + fround(r * m))));
        values[row * hiddenSize + j] = n + fround(z * fround(previous[before + j] - n));
        if (trace !== undefined) {
          const at = row * 5 * hiddenSize + j;
          trace[at] = r;
          trace[at + hiddenSize] = z;
          trace[at + 2 * hiddenSize] = n;
          trace[at + 3 * hiddenSize] = m;
          trace[at + 4 * hiddenSize] = values[row * hiddenSize + j];
        }
      }
    }
  }
  copyFinalRows(shape, values);
  return { values, trace };
};

const backward: RecurrentKernels["backward"] = (shape, input, [hidden], weights, result, gradient, needsInput) => {
  const { time, batch, inputSize, hiddenSize } = shape;
  const { weightIh, weightHh, biasIh } = weights;
  const trace = result.trace!;
  const dInput = needsInput ? new Float32Array(input.length) : undefined;
  const dWeightIh = new RowSum(weightIh.length);
  const dWeightHh = new RowSum(weightHh.length);
  const dBiasIh = biasIh === undefined ? undefined : new RowSum(3 * hiddenSize);
  const dBiasHh = biasIh === undefined ? undefined : new RowSum(3 * hiddenSize);
  const dHidden = gradient.slice(time * batch * hiddenSize); // starts as the gradient of the final h
  const dFromInput = new Float32Array(3 * hiddenSize);
  const dFromHidden = new Float32Array(3 * hiddenSize);
  for (let step = time - 1; step >= 0; step--) {
    for (let b = 0; b < batch; b++) {
      if (step >= lengthOf(shape, b)) continue;
      const row = rowAt(shape, b, step);
      const previous = step === 0 ? hidden : trace;
      const before = (step === 0 ? b : rowAt(shape, b, step - 1) * 5 + 4) * hiddenSize;
      const stateStart = b * hiddenSize;
      for (let j = 0; j < hiddenSize; j++) {
        const at = row * 5 * hiddenSize + j;
        const r = trace[at];
        const z = trace[at + hiddenSize];
        const n = trace[at + 2 * hiddenSize];
        const m = trace[at + 3 * hiddenSize];
        const dh = fround(gradient[row * hiddenSize + j] + dHidden[stateStart + j]);
        const dn = fround(fround(dh * fround(1 - z)) * fround(1 - fround(n * n))); // before its tanh
        const dz = fround(fround(dh * fround(previous[before + j] - n)) * fround(z * fround(1 - z)));
        const dr = fround(fround(dn * m) * fround(r * fround(1 - r)));
        dFromInput[j] = dr;
        dFromInput[hiddenSize + j] = dz;
        dFromInput[2 * hiddenSize + j] = dn;
        dFromHidden[j] = dr;
        dFromHidden[hiddenSize + j] = dz;
        dFromHidden[2 * hiddenSize + j] = dn * r; // dm
        dHidden[stateStart + j] = dh * z;
      }
      affineBackward(dFromHidden, weightHh, previous, before, hiddenSize, dWeightHh, dBiasHh, dHidden, stateStart);
      const x = row * inputSize;
      affineBackward(dFromInput, weightIh, input, x, inputSize, dWeightIh, dBiasIh, dInput, x);
    }
  }
  return {
    input: dInput,
    state: [dHidden],
    weightIh: dWeightIh.values,
    weightHh: dWeightHh.values,
    biasIh: dBiasIh?.values,
    biasHh: dBiasHh?.values,
  };
};

export const gru: RecurrentKernels = { forward: gruForward, backward };
