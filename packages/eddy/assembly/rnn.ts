// The simple recurrence over whole sequences: h′ = f(W_ih x + b_ih + W_hh h + b_hh), f = tanh or relu.
import { tanh4 } from "./activations";
import { gemm } from "./matmul";
import { clearEnded, padded, preactivation } from "./recurrent";

/** states: [step + 1][sequence][P], the first of them given; bias: b_ih and b_hh; products: room for [sequence][P]. */
export function rnnForward(
  time: usize,
  batch: usize,
  inputSize: usize,
  hidden: usize,
  relu: bool,
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
  // All steps' share of the input as one product, where each step then adds the share of its h.
  gemm(x, inputSize << 2, 4, time * batch, inputSize, weightIh, p, next, rowBytes, false, strips);
  for (let step: usize = 0; step < time; step++) {
    gemm(h, rowBytes, 4, batch, hidden, weightHh, p, products, rowBytes, false, strips);
    for (let b: usize = 0; b < batch; b++) {
      const z = next + b * rowBytes;
      const product = products + b * rowBytes;
      for (let at: usize = 0; at < rowBytes; at += 16) {
        const sum = preactivation(z + at, product + at, bias + at, biasHh + at);
        // pmax(z, 0) = z < 0 ? 0 : z, so that NaN stays NaN
        v128.store(z + at, relu ? f32x4.pmax(sum, zero) : tanh4(sum));
      }
    }
    clearEnded(next, p, step, batch, lengths);
    h = next;
    next += stepBytes;
  }
}

/** dStates: [step][sequence][P], the gradient of each step's h, becomes that of its z; dInitial: that of the first h. */
export function rnnBackward(
  time: usize,
  batch: usize,
  hidden: usize,
  relu: bool,
  weightHh: usize,
  states: usize,
  dStates: usize,
  dInitial: usize,
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
    // What the step before owes: dh += dz · W_hh
    if (step > 0) gemm(dz, rowBytes, 4, batch, p, weightHh, p, dz - stepBytes, rowBytes, true, strips);
    else if (dInitial != 0) gemm(dz, rowBytes, 4, batch, p, weightHh, p, dInitial, rowBytes, false, strips);
  }
}
