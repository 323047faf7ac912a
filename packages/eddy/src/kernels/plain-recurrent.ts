/** Whole-sequence recurrences in plain TypeScript. */
import type { RecurrentGradients, RecurrentWeights, SequenceShape } from "./kernels.ts";

const { fround } = Math;

/** The row of (batch, time) or (time, batch) where sequence b stands at time t. */
function rowOf(shape: SequenceShape, t: number, b: number): number {
  return shape.batchFirst ? b * shape.time + t : t * shape.batch + b;
}

/** Σ_k x[k] · w[k] in ascending k in one float32 accumulator. */
function dot(x: Float32Array, xStart: number, w: Float32Array, wStart: number, length: number): number {
  let total = 0;
  for (let k = 0; k < length; k++) total = fround(total + fround(x[xStart + k] * w[wStart + k]));
  return total;
}

/** target[0 … length) += factor · w[start …] */
function addScaled(
  target: Float32Array,
  at: number,
  factor: number,
  w: Float32Array,
  start: number,
  length: number,
): void {
  for (let k = 0; k < length; k++) target[at + k] += fround(factor * w[start + k]);
}

export function rnnForward(
  shape: SequenceShape,
  relu: boolean,
  input: Float32Array,
  hidden: Float32Array,
  weights: RecurrentWeights,
): Float32Array {
  const { time, batch, inputSize, hiddenSize, reverse } = shape;
  const { weightIh, weightHh, biasIh, biasHh } = weights;
  const output = new Float32Array(time * batch * hiddenSize);
  for (let step = 0; step < time; step++) {
    const t = reverse ? time - 1 - step : step;
    const before = reverse ? t + 1 : t - 1;
    for (let b = 0; b < batch; b++) {
      const row = rowOf(shape, t, b);
      const previous = step === 0 ? hidden : output;
      const previousRow = step === 0 ? b : rowOf(shape, before, b);
      for (let j = 0; j < hiddenSize; j++) {
        let fromInput = dot(input, row * inputSize, weightIh, j * inputSize, inputSize);
        let fromHidden = dot(previous, previousRow * hiddenSize, weightHh, j * hiddenSize, hiddenSize);
        if (biasIh !== undefined && biasHh !== undefined) {
          fromInput = fround(fromInput + biasIh[j]);
          fromHidden = fround(fromHidden + biasHh[j]);
        }
        const z = fround(fromInput + fromHidden);
        output[row * hiddenSize + j] = relu ? Math.max(z, 0) : Math.tanh(z);
      }
    }
  }
  return output;
}

export function rnnBackward(
  shape: SequenceShape,
  relu: boolean,
  input: Float32Array,
  hidden: Float32Array,
  weights: RecurrentWeights,
  output: Float32Array,
  outputGradient: Float32Array,
  needsInput: boolean,
): RecurrentGradients {
  const { time, batch, inputSize, hiddenSize, reverse } = shape;
  const { weightIh, weightHh, biasIh } = weights;
  const dInput = needsInput ? new Float32Array(input.length) : undefined;
  const dWeightIh = new Float32Array(weightIh.length);
  const dWeightHh = new Float32Array(weightHh.length);
  const dBias = biasIh === undefined ? undefined : new Float32Array(hiddenSize);
  // dh starts as 0: the final state is one of the outputs, so its gradient is in outputGradient.
  const dHidden = new Float32Array(batch * hiddenSize);
  const dz = new Float32Array(hiddenSize);
  for (let step = time - 1; step >= 0; step--) {
    const t = reverse ? time - 1 - step : step;
    const before = reverse ? t + 1 : t - 1;
    for (let b = 0; b < batch; b++) {
      const row = rowOf(shape, t, b);
      const previous = step === 0 ? hidden : output;
      const previousRow = step === 0 ? b : rowOf(shape, before, b);
      for (let j = 0; j < hiddenSize; j++) {
        const h = output[row * hiddenSize + j];
        const dh = fround(outputGradient[row * hiddenSize + j] + dHidden[b * hiddenSize + j]);
        dz[j] = relu ? (h > 0 ? dh : 0) : dh * fround(1 - fround(h * h)); // dz = dh · f′(z)
      }
      dHidden.fill(0, b * hiddenSize, (b + 1) * hiddenSize);
      for (let j = 0; j < hiddenSize; j++) {
        addScaled(dHidden, b * hiddenSize, dz[j], weightHh, j * hiddenSize, hiddenSize); // dh_{t−1} = W_hhᵀ dz
        if (dInput !== undefined) addScaled(dInput, row * inputSize, dz[j], weightIh, j * inputSize, inputSize);
        addScaled(dWeightIh, j * inputSize, dz[j], input, row * inputSize, inputSize); // dW_ih = Σ dz xᵀ
        addScaled(dWeightHh, j * hiddenSize, dz[j], previous, previousRow * hiddenSize, hiddenSize); // dW_hh = Σ dz h_{t−1}ᵀ
        if (dBias !== undefined) dBias[j] += dz[j];
      }
    }
  }
  return { input: dInput, hidden: dHidden, weightIh: dWeightIh, weightHh: dWeightHh, bias: dBias };
}
