/** Long short-term memory over whole sequences in plain TypeScript. */
import type { RecurrentKernels } from "../interface.ts";
import { affine, affineBackward, copyFinalRows, lengthOf, RowSum, rowAt } from "./recurrent.ts";

const { fround } = Math;

/*
 * The gates are in the order i, f, g, o, as in PyTorch's weights:
 *   i, f, o = σ(W_i· x + b_i· + W_h· h + b_h·),  g = tanh(the same)
 *   c′ = f · c + i · g
 *   h′ = o · tanh(c′)
 * A row of the trace is i, f, g, o, c′, h′.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.LSTM.html
 */

export const lstmForward: RecurrentKernels["forward"] = (shape, input, [hidden, cell], weights, keepTrace) => {
  const { time, batch, inputSize, hiddenSize } = shape;
  const { weightIh, weightHh, biasIh, biasHh } = weights;
  const values = new Float32Array((time + 2) * batch * hiddenSize);
  const cells = (time + 1) * batch * hiddenSize; // the current c of each sequence is stored at the position of its final c
  values.set(cell, cells);
  const trace = keepTrace ? new Float32Array(time * batch * 6 * hiddenSize) : undefined;
  const fromInput = new Float32Array(4 * hiddenSize);
  const fromHidden = new Float32Array(4 * hiddenSize);
  for (let step = 0; step < time; step++) {
    for (let b = 0; b < batch; b++) {
      if (step >= lengthOf(shape, b)) continue;
      const row = rowAt(shape, b, step);
      const previous = step === 0 ? hidden : values;
      const before = (step === 0 ? b : rowAt(shape, b, step - 1)) * hiddenSize;
      affine(fromInput, weightIh, biasIh, input, row * inputSize, inputSize);
      affine(fromHidden, weightHh, biasHh, previous, before, hiddenSize);
      for (let j = 0; j < hiddenSize; j++) {
        const jf = j + hiddenSize;
        const jg = jf + hiddenSize;
        const jo = jg + hiddenSize;
        const i = fround(1 / (1 + Math.exp(-fround(fromInput[j] + fromHidden[j]))));
        const f = fround(1 / (1 + Math.exp(-fround(fromInput[jf] + fromHidden[jf]))));
        const g = fround(Math.tanh(fround(fromInput[jg] + fromHidden[jg])));
        const o = fround(1 / (1 + Math.exp(-fround(fromInput[jo] + fromHidden[jo]))));
        const cellAt = cells + b * hiddenSize + j;
        const c = fround(fround(f * values[cellAt]) + fround(i * g));
        values[cellAt] = c;
        values[row * hiddenSize + j] = o * fround(Math.tanh(c));
        if (trace !== undefined) {
          const at = row * 6 * hiddenSize;
          trace[at + j] = i;
          trace[at + jf] = f;
          trace[at + jg] = g;
          trace[at + jo] = o;
          trace[at + 4 * hiddenSize + j] = c;
          trace[at + 5 * hiddenSize + j] = values[row * hiddenSize + j];
        }
      }
    }
  }
  copyFinalRows(shape, values);
  return { values, trace };
};

const backward: RecurrentKernels["backward"] = (
  shape,
  input,
  [hidden, cell],
  weights,
  result,
  gradient,
  needsInput,
) => {
  const { time, batch, inputSize, hiddenSize } = shape;
  const { weightIh, weightHh, biasIh } = weights;
  const trace = result.trace!;
  const dInput = needsInput ? new Float32Array(input.length) : undefined;
  const dWeightIh = new RowSum(weightIh.length);
  const dWeightHh = new RowSum(weightHh.length);
  const dBias = biasIh === undefined ? undefined : new RowSum(4 * hiddenSize);
  // Both start as the gradients of the final h and c.
  const dHidden = gradient.slice(time * batch * hiddenSize, (time + 1) * batch * hiddenSize);
  const dCell = gradient.slice((time + 1) * batch * hiddenSize);
  const dz = new Float32Array(4 * hiddenSize);
  for (let step = time - 1; step >= 0; step--) {
    for (let b = 0; b < batch; b++) {
      if (step >= lengthOf(shape, b)) continue;
      const row = rowAt(shape, b, step);
      const [previous, previousCell] = step === 0 ? [hidden, cell] : [trace, trace];
      const rowBefore = step === 0 ? 0 : rowAt(shape, b, step - 1) * 6;
      const before = (step === 0 ? b : rowBefore + 5) * hiddenSize;
      const cellBefore = (step === 0 ? b : rowBefore + 4) * hiddenSize;
      const stateStart = b * hiddenSize;
      for (let j = 0; j < hiddenSize; j++) {
        const jf = j + hiddenSize;
        const jg = jf + hiddenSize;
        const jo = jg + hiddenSize;
        const at = row * 6 * hiddenSize;
        const i = trace[at + j];
        const f = trace[at + jf];
        const g = trace[at + jg];
        const o = trace[at + jo];
        const tanhCell = fround(Math.tanh(trace[at + 4 * hiddenSize + j])); // tanh(c′)
        const dh = fround(gradient[row * hiddenSize + j] + dHidden[stateStart + j]);
        // dc′ = the gradient from later steps + dh · o · (1 − tanh²(c′))
        const dc = fround(dCell[stateStart + j] + fround(fround(dh * o) * fround(1 - fround(tanhCell * tanhCell))));
        dz[j] = fround(dc * g) * fround(i * fround(1 - i));
        dz[jf] = fround(dc * previousCell[cellBefore + j]) * fround(f * fround(1 - f));
        dz[jg] = fround(dc * i) * fround(1 - fround(g * g));
        dz[jo] = fround(dh * tanhCell) * fround(o * fround(1 - o));
        dCell[stateStart + j] = dc * f;
        dHidden[stateStart + j] = 0;
      }
      affineBackward(dz, weightHh, previous, before, hiddenSize, dWeightHh, dBias, dHidden, stateStart);
      const x = row * inputSize;
      affineBackward(dz, weightIh, input, x, inputSize, dWeightIh, undefined, dInput, x);
    }
  }
  // Both biases are added to the same sum, so they have the same gradient.
  return {
    input: dInput,
    state: [dHidden, dCell],
    weightIh: dWeightIh.values,
    weightHh: dWeightHh.values,
    biasIh: dBias?.values,
    biasHh: dBias?.values.slice(),
  };
};

export const lstm: RecurrentKernels = { forward: lstmForward, backward };
