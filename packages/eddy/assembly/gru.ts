// The gated recurrent unit over whole sequences; its gates are in the order r, z, n (arguments: recurrent.ts):
//   r = σ(W_ir x + b_ir + W_hr h + b_hr)
//   z = σ(W_iz x + b_iz + W_hz h + b_hz)
//   m = W_hn h + b_hn
//   n = tanh(W_in x + b_in + r · m)
//   h′ = (1 − z) · n + z · h = n + z · (h − n)
import { sigmoid4, tanh4 } from "./activations";
import { gemm } from "./matmul";
import { clearEnded, padded, preactivation } from "./recurrent";

/** extra: [step][sequence][P], m. */
export function gruForward(
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
  const p = padded(hidden);
  const rowBytes = p << 2;
  const gateBytes = rowBytes * 3;
  const stepBytes = batch * rowBytes;
  const biasHh = bias + gateBytes;
  gemm(x, inputSize << 2, 4, time * batch, inputSize, weightIh, 3 * p, gates, gateBytes, false, strips);
  let h = states;
  let a = gates;
  let hiddenPart = extra;
  for (let step: usize = 0; step < time; step++) {
    gemm(h, rowBytes, 4, batch, hidden, weightHh, 3 * p, products, gateBytes, false, strips);
    const next = h + stepBytes;
    for (let b: usize = 0; b < batch; b++) {
      const row = b * rowBytes;
      for (let at: usize = 0; at < rowBytes; at += 16) {
        const ar = a + at;
        const az = ar + rowBytes;
        const an = az + rowBytes;
        const product = products + b * gateBytes + at;
        const z1 = at + rowBytes;
        const n1 = z1 + rowBytes;
        const r = sigmoid4(preactivation(ar, product, bias + at, biasHh + at));
        const z = sigmoid4(preactivation(az, product + rowBytes, bias + z1, biasHh + z1));
        const m = f32x4.add(v128.load(product + 2 * rowBytes), v128.load(biasHh + n1));
        const n = tanh4(f32x4.add(f32x4.add(v128.load(an), v128.load(bias + n1)), f32x4.mul(r, m)));
        v128.store(hiddenPart + at, m);
        v128.store(next + row + at, f32x4.add(n, f32x4.mul(z, f32x4.sub(v128.load(h + row + at), n))));
        v128.store(ar, r);
        v128.store(az, z);
        v128.store(an, n);
      }
      a += gateBytes;
      hiddenPart += rowBytes;
    }
    clearEnded(next, p, step, batch, lengths);
    h = next;
  }
}

/**
 * gates are overwritten with the gradients of the input parts of r, z and n; fromHidden receives
 * those of the hidden parts of r, z and m.
 */
export function gruBackward(
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
  const p = padded(hidden);
  const rowBytes = p << 2;
  const gateBytes = rowBytes * 3;
  const stepBytes = batch * rowBytes;
  const one = f32x4.splat(1);
  if (dHidden != 0) memory.fill(dHidden, 0, stepBytes);
  for (let step = time; step-- > 0; ) {
    const h = states + step * stepBytes;
    const dStep = dStates + step * stepBytes;
    // If the gradient of the first h is not needed, it overwrites that of the step, which has been read.
    const dBefore = step > 0 ? dStep - stepBytes : dHidden != 0 ? dHidden : dStep;
    const d = fromHidden + step * batch * gateBytes;
    for (let b: usize = 0; b < batch; b++) {
      const row = b * rowBytes;
      const a = gates + (step * batch + b) * gateBytes;
      const m = extra + step * stepBytes + row;
      for (let at: usize = 0; at < rowBytes; at += 16) {
        const ar = a + at;
        const az = ar + rowBytes;
        const an = az + rowBytes;
        const r = v128.load(ar);
        const z = v128.load(az);
        const n = v128.load(an);
        const dh = v128.load(dStep + row + at);
        const dn = f32x4.mul(f32x4.mul(dh, f32x4.sub(one, z)), f32x4.sub(one, f32x4.mul(n, n))); // before its tanh
        const toZ = f32x4.mul(dh, f32x4.sub(v128.load(h + row + at), n));
        const dz = f32x4.mul(toZ, f32x4.mul(z, f32x4.sub(one, z)));
        const dr = f32x4.mul(f32x4.mul(dn, v128.load(m + at)), f32x4.mul(r, f32x4.sub(one, r)));
        v128.store(ar, dr);
        v128.store(az, dz);
        v128.store(an, dn);
        const out = d + b * gateBytes + at;
        v128.store(out, dr);
        v128.store(out + rowBytes, dz);
        v128.store(out + 2 * rowBytes, f32x4.mul(dn, r)); // dm
        const before = dBefore + row + at;
        v128.store(before, f32x4.add(v128.load(before), f32x4.mul(dh, z)));
      }
    }
    if (dBefore != dStep) gemm(d, gateBytes, 4, batch, 3 * p, weightHh, p, dBefore, rowBytes, true, strips);
  }
}
