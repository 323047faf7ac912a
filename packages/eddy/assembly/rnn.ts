// The simple recurrence over whole sequences: h′ = f(W_ih x + b_ih + W_hh h + b_hh), f = tanh or relu. Arguments: recurrent.ts.
import { tanh4 } from "./activations";
import { gemm } from "./matmul";
import { clearEnded, padded, preactivation } from "./recurrent";

function forward(
  relu: bool,
  time: usize,
  batch: usize,
  inputSize: usize,
  hidden: usize,
  lengths: usize,
  x: usize,
  weightIh: usize,
  weightHh: usize,
  bias: usize,
  states: usize,
  products: usize,
  strips: usize,
): void {
  const p = padded(hidden);
  const rowBytes = p << 2;
  const stepBytes = batch * rowBytes;
  const biasHh = bias + rowBytes;
  const zero = f32x4.splat(0);
  let h = states;
  let next = h + stepBytes;
  // The input parts of all steps as one product; each step then adds its hidden part.
  gemm(x, inputSize << 2, 4, time * batch, inputSize, weightIh, p, next, rowBytes, false, strips);
  for (let step: usize = 0; step < time; step++) {
    gemm(h, rowBytes, 4, batch, hidden, weightHh, p, products, rowBytes, false, strips);
    for (let b: usize = 0; b < batch; b++) {
      const z = next + b * rowBytes;
      const product = products + b * rowBytes;
      for (let at: usize = 0; at < rowBytes; at += 16) {
        const sum = preactivation(z + at, product + at, bias + at, biasHh + at);
        // pmax(z, 0) = z < 0 ? 0 : z, so that NaN propagates
        v128.store(z + at, relu ? f32x4.pmax(sum, zero) : tanh4(sum));
      }
    }
    clearEnded(next, p, step, batch, lengths);
    h = next;
    next += stepBytes;
  }
}

/** Replaces the gradient of each step's h, dStates, by that of its z, in place. */
function backward(
  relu: bool,
  time: usize,
  batch: usize,
  hidden: usize,
  weightHh: usize,
  states: usize,
  dStates: usize,
  dHidden: usize,
  strips: usize,
): void {
  const p = padded(hidden);
  const rowBytes = p << 2;
  const stepBytes = batch * rowBytes;
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  for (let step = time; step-- > 0; ) {
    const h = states + (step + 1) * stepBytes;
    const dz = dStates + step * stepBytes;
    for (let i: usize = 0; i < stepBytes; i += 16) {
      const dh = v128.load(dz + i);
      const y = v128.load(h + i);
      // dz = dh · f′(z)
      const slope = f32x4.sub(one, f32x4.mul(y, y));
      v128.store(dz + i, relu ? v128.andnot(dh, f32x4.le(y, zero)) : f32x4.mul(dh, slope));
    }
    // The gradient for the previous step: dh += dz · W_hh
    if (step > 0) gemm(dz, rowBytes, 4, batch, p, weightHh, p, dz - stepBytes, rowBytes, true, strips);
    else if (dHidden != 0) gemm(dz, rowBytes, 4, batch, p, weightHh, p, dHidden, rowBytes, false, strips);
  }
}

export function tanhRnnForward(
  time: usize,
  batch: usize,
  inputSize: usize,
  hidden: usize,
  lengths: usize,
  x: usize,
  weightIh: usize,
  weightHh: usize,
  bias: usize,
  states: usize,
  gates: usize,
  extra: usize,
  products: usize,
  strips: usize,
): void {
  forward(false, time, batch, inputSize, hidden, lengths, x, weightIh, weightHh, bias, states, products, strips);
}

export function tanhRnnBackward(
  time: usize,
  batch: usize,
  hidden: usize,
  lengths: usize,
  weightHh: usize,
  states: usize,
  gates: usize,
  extra: usize,
  dStates: usize,
  dFinalCell: usize,
  dHidden: usize,
  dCell: usize,
  fromHidden: usize,
  strips: usize,
): void {
  backward(false, time, batch, hidden, weightHh, states, dStates, dHidden, strips);
}

export function reluRnnForward(
  time: usize,
  batch: usize,
  inputSize: usize,
  hidden: usize,
  lengths: usize,
  x: usize,
  weightIh: usize,
  weightHh: usize,
  bias: usize,
  states: usize,
  gates: usize,
  extra: usize,
  products: usize,
  strips: usize,
): void {
  forward(true, time, batch, inputSize, hidden, lengths, x, weightIh, weightHh, bias, states, products, strips);
}

export function reluRnnBackward(
  time: usize,
  batch: usize,
  hidden: usize,
  lengths: usize,
  weightHh: usize,
  states: usize,
  gates: usize,
  extra: usize,
  dStates: usize,
  dFinalCell: usize,
  dHidden: usize,
  dCell: usize,
  fromHidden: usize,
  strips: usize,
): void {
  backward(true, time, batch, hidden, weightHh, states, dStates, dHidden, strips);
}
