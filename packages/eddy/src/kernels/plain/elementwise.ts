/** The kernels in plain TypeScript: the contract that faster ones are tested against, and the fallback without SIMD. */
import type { Kernels, MatmulOptions } from "../interface.ts";
import { allocate, recycle } from "../pool.ts";
import { gruBackward, gruForward } from "./gru.ts";
import { lstmBackward, lstmForward } from "./lstm.ts";
import { rnnBackward, rnnForward } from "./rnn.ts";
import { adam, rmsprop, sgd } from "./updates.ts";

const { fround } = Math;

function add(a: Float32Array, b: Float32Array): Float32Array {
  const z = allocate(a.length);
  for (let i = 0; i < z.length; i++) z[i] = a[i] + b[i];
  return z;
}

function sub(a: Float32Array, b: Float32Array): Float32Array {
  const z = allocate(a.length);
  for (let i = 0; i < z.length; i++) z[i] = a[i] - b[i];
  return z;
}

function mul(a: Float32Array, b: Float32Array): Float32Array {
  const z = allocate(a.length);
  for (let i = 0; i < z.length; i++) z[i] = a[i] * b[i];
  return z;
}

function div(a: Float32Array, b: Float32Array): Float32Array {
  const z = allocate(a.length);
  for (let i = 0; i < z.length; i++) z[i] = a[i] / b[i];
  return z;
}

function addInto(a: Float32Array, b: Float32Array): void {
  for (let i = 0; i < a.length; i++) a[i] += b[i];
}

function scale(a: Float32Array, factor: number): Float32Array {
  const f = fround(factor);
  const z = allocate(a.length);
  for (let i = 0; i < z.length; i++) z[i] = a[i] * f;
  return z;
}

function exp(x: Float32Array): Float32Array {
  const y = allocate(x.length);
  for (let i = 0; i < y.length; i++) y[i] = Math.exp(x[i]);
  return y;
}

function tanh(x: Float32Array): Float32Array {
  const y = allocate(x.length);
  for (let i = 0; i < y.length; i++) y[i] = Math.tanh(x[i]);
  return y;
}

function sigmoid(x: Float32Array): Float32Array {
  const y = allocate(x.length);
  for (let i = 0; i < y.length; i++) y[i] = 1 / (1 + Math.exp(-x[i]));
  return y;
}

function relu(x: Float32Array): Float32Array {
  const y = allocate(x.length);
  y.set(x);
  for (let i = 0; i < y.length; i++) if (y[i] < 0) y[i] = 0; // NaN and −0 stay
  return y;
}

function tanhBackward(dy: Float32Array, y: Float32Array): Float32Array {
  const dx = allocate(y.length);
  for (let i = 0; i < dx.length; i++) dx[i] = dy[i] * fround(1 - fround(y[i] * y[i]));
  return dx;
}

function sigmoidBackward(dy: Float32Array, y: Float32Array): Float32Array {
  const dx = allocate(y.length);
  for (let i = 0; i < dx.length; i++) dx[i] = fround(dy[i] * fround(1 - y[i])) * y[i];
  return dx;
}

function reluBackward(dy: Float32Array, y: Float32Array): Float32Array {
  const dx = allocate(y.length);
  for (let i = 0; i < dx.length; i++) dx[i] = y[i] <= 0 ? 0 : dy[i];
  return dx;
}

/** In float64, rounded once: long sums in float32 lose digits. */
function sum(x: Float32Array): number {
  let total = 0;
  for (let i = 0; i < x.length; i++) total += x[i];
  return total;
}

function sumRows(x: Float32Array, rows: number, columns: number): Float32Array {
  const totals = new Float64Array(columns);
  for (let r = 0, i = 0; r < rows; r++) for (let c = 0; c < columns; c++) totals[c] += x[i++];
  const sums = allocate(columns);
  for (let c = 0; c < columns; c++) sums[c] = totals[c];
  return sums;
}

function softmax(x: Float32Array, rows: number, columns: number, logarithm: boolean): Float32Array {
  const y = allocate(x.length);
  for (let start = 0, r = 0; r < rows; r++, start += columns) {
    const end = start + columns;
    let largest = Number.NEGATIVE_INFINITY;
    for (let i = start; i < end; i++) if (x[i] > largest) largest = x[i];
    let total = 0;
    for (let i = start; i < end; i++) total += Math.exp(x[i] - largest);
    const logTotal = Math.log(total);
    for (let i = start; i < end; i++) {
      const shifted = x[i] - largest;
      y[i] = logarithm ? shifted - logTotal : Math.exp(shifted) / total;
    }
  }
  return y;
}

/** Blocks of k that are summed in one accumulator; where k is longer than their square, blocks of that come first. */
const kBlock = 256;

function matmul(
  a: Float32Array,
  b: Float32Array,
  m: number,
  k: number,
  n: number,
  { transposeA = false, transposeB = false }: MatmulOptions = {},
): Float32Array {
  return blocks(a, b, m, k, n, transposeA, transposeB, 0, k);
}

/** The products over k from `from` to `to`, summed block by block. */
function blocks(
  a: Float32Array,
  b: Float32Array,
  m: number,
  k: number,
  n: number,
  transposeA: boolean,
  transposeB: boolean,
  from: number,
  to: number,
): Float32Array {
  if (to - from <= kBlock) return block(a, b, m, k, n, transposeA, transposeB, from, to);
  const size = to - from > kBlock * kBlock ? kBlock * kBlock : kBlock;
  const total = blocks(a, b, m, k, n, transposeA, transposeB, from, from + size);
  for (let start = from + size; start < to; start += size) {
    const part = blocks(a, b, m, k, n, transposeA, transposeB, start, Math.min(start + size, to));
    addInto(total, part);
    recycle(part);
  }
  return total;
}

/** The same where each sum fits one accumulator; with arguments alone, as a closure's variables would cost small products a third. */
function block(
  a: Float32Array,
  b: Float32Array,
  m: number,
  k: number,
  n: number,
  transposeA: boolean,
  transposeB: boolean,
  from: number,
  to: number,
): Float32Array {
  const aRow = transposeA ? 1 : k;
  const aColumn = transposeA ? m : 1;
  const c = allocate(m * n);
  if (transposeB && m < 4) {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let total = 0;
        for (let p = from; p < to; p++) total = fround(total + fround(a[i * aRow + p * aColumn] * b[j * k + p]));
        c[i * n + j] = total;
      }
    }
    return c;
  }
  c.fill(0);
  // Neighbouring sums grow side by side, so that none waits for itself.
  if (transposeB) {
    for (let j = 0; j < n; j++) {
      for (let p = from; p < to; p++) {
        const w = b[j * k + p];
        for (let i = 0; i < m; i++) c[i * n + j] += fround(a[i * aRow + p * aColumn] * w);
      }
    }
    return c;
  }
  for (let i = 0; i < m; i++) {
    const row = i * n;
    for (let p = from; p < to; p++) {
      const x = a[i * aRow + p * aColumn];
      const start = p * n;
      for (let j = 0; j < n; j++) c[row + j] += fround(x * b[start + j]);
    }
  }
  return c;
}

function linear(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array | undefined,
  rows: number,
  k: number,
  n: number,
): Float32Array {
  const y = matmul(x, weight, rows, k, n, { transposeB: true });
  if (bias !== undefined) addBias(y, bias);
  return y;
}

/** Adds b to each row of y. */
export function addBias(y: Float32Array, bias: Float32Array): void {
  const n = bias.length;
  for (let i = 0; i < y.length; i += n) for (let j = 0; j < n; j++) y[i + j] += bias[j];
}

export const plain: Kernels = {
  name: "plain",
  add,
  sub,
  mul,
  div,
  addInto,
  scale,
  exp,
  tanh,
  sigmoid,
  relu,
  tanhBackward,
  sigmoidBackward,
  reluBackward,
  sum,
  sumRows,
  softmax,
  matmul,
  linear,
  rnnForward,
  rnnBackward,
  gruForward,
  gruBackward,
  lstmForward,
  lstmBackward,
  adam,
  sgd,
  rmsprop,
};
