// Long short-term memory over whole sequences; its gates are in the order i, f, g, o (arguments: recurrent.ts):
//   i, f, o = σ(W_i· x + b_i· + W_h· h + b_h·),  g = tanh(the same)
//   c′ = f · c + i · g
//   h′ = o · tanh(c′)
import { sigmoid4, tanh4 } from "./activations";
import { gemm } from "./matmul";
import { clearEnded, lengthOf, padded, preactivation } from "./recurrent";

/** extra: the cells, like states. */
export function lstmForward(
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
  const gateBytes = rowBytes << 2;
  const stepBytes = batch * rowBytes;
  const biasHh = bias + gateBytes;
  gemm(x, inputSize << 2, 4, time * batch, inputSize, weightIh, p << 2, gates, gateBytes, false, strips);
  let h = states;
  let c = extra;
  let z = gates;
  for (let step: usize = 0; step < time; step++) {
    gemm(h, rowBytes, 4, batch, hidden, weightHh, p << 2, products, gateBytes, false, strips);
    const nextH = h + stepBytes;
    const nextC = c + stepBytes;
    for (let b: usize = 0; b < batch; b++) {
      const row = b * rowBytes;
      for (let at: usize = 0; at < rowBytes; at += 16) {
        const zi = z + at;
        const zf = zi + rowBytes;
        const zg = zf + rowBytes;
        const zo = zg + rowBytes;
        const product = products + b * gateBytes + at;
        const f1 = at + rowBytes;
        const g1 = f1 + rowBytes;
        const o1 = g1 + rowBytes;
        const i = sigmoid4(preactivation(zi, product, bias + at, biasHh + at));
        const f = sigmoid4(preactivation(zf, product + rowBytes, bias + f1, biasHh + f1));
        const g = tanh4(preactivation(zg, product + 2 * rowBytes, bias + g1, biasHh + g1));
        const o = sigmoid4(preactivation(zo, product + 3 * rowBytes, bias + o1, biasHh + o1));
        const cell = f32x4.add(f32x4.mul(f, v128.load(c + row + at)), f32x4.mul(i, g));
        v128.store(nextC + row + at, cell);
        v128.store(nextH + row + at, f32x4.mul(o, tanh4(cell)));
        v128.store(zi, i);
        v128.store(zf, f);
        v128.store(zg, g);
        v128.store(zo, o);
      }
      z += gateBytes;
    }
    clearEnded(nextH, p, step, batch, lengths);
    clearEnded(nextC, p, step, batch, lengths);
    h = nextH;
    c = nextC;
  }
}

/** gates are overwritten with the gradients of their z. */
export function lstmBackward(
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
  const gateBytes = rowBytes << 2;
  const stepBytes = batch * rowBytes;
  const one = f32x4.splat(1);
  memory.fill(dCell, 0, stepBytes);
  for (let step = time; step-- > 0; ) {
    const z = gates + step * batch * gateBytes;
    const dStep = dStates + step * stepBytes;
    const cBefore = extra + step * stepBytes;
    const cAfter = cBefore + stepBytes;
    for (let b: usize = 0; b < batch; b++) {
      const row = b * rowBytes;
      const dc = dCell + row;
      if (lengthOf(lengths, b, time) == step + 1) {
        for (let j: usize = 0; j < hidden; j++) store<f32>(dc + (j << 2), load<f32>(dFinalCell + ((b * hidden + j) << 2)));
      }
      for (let at: usize = 0; at < rowBytes; at += 16) {
        const zi = z + b * gateBytes + at;
        const zf = zi + rowBytes;
        const zg = zf + rowBytes;
        const zo = zg + rowBytes;
        const i = v128.load(zi);
        const f = v128.load(zf);
        const g = v128.load(zg);
        const o = v128.load(zo);
        const tanhCell = tanh4(v128.load(cAfter + row + at)); // tanh(c′)
        const dh = v128.load(dStep + row + at);
        // dc′ = the gradient from later steps + dh · o · (1 − tanh²(c′))
        const slope = f32x4.sub(one, f32x4.mul(tanhCell, tanhCell));
        const d = f32x4.add(v128.load(dc + at), f32x4.mul(f32x4.mul(dh, o), slope));
        v128.store(zi, f32x4.mul(f32x4.mul(d, g), f32x4.mul(i, f32x4.sub(one, i))));
        v128.store(zf, f32x4.mul(f32x4.mul(d, v128.load(cBefore + row + at)), f32x4.mul(f, f32x4.sub(one, f))));
        v128.store(zg, f32x4.mul(f32x4.mul(d, i), f32x4.sub(one, f32x4.mul(g, g))));
        v128.store(zo, f32x4.mul(f32x4.mul(dh, tanhCell), f32x4.mul(o, f32x4.sub(one, o))));
        v128.store(dc + at, f32x4.mul(d, f));
      }
    }
    if (step > 0) gemm(z, gateBytes, 4, batch, p << 2, weightHh, p, dStep - stepBytes, rowBytes, true, strips);
    else if (dHidden != 0) gemm(z, gateBytes, 4, batch, p << 2, weightHh, p, dHidden, rowBytes, false, strips);
  }
}
