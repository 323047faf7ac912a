/** Matrix products in plain TypeScript, with the summation order that every implementation follows. */
import type { MatmulOptions } from "../interface.ts";
import { allocate, recycle } from "../pool.ts";
import { addBias, addInto } from "./elementwise.ts";

const { fround } = Math;

/** Number of terms per accumulator; a k above its square is first split into blocks of that size. */
const kBlock = 256;

/** C (m, n) = A (m, k) · B (k, n), with operand layouts from the options. */
export function matmul(
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

/** `blocks` for sums that fit one accumulator. It takes arguments only: a closure would make small products a third slower. */
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
  // Several neighbouring sums at once, to hide the latency of additions.
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

/** y (rows, n) = x (rows, k) · Wᵀ + b, with W (n, k). */
export function linear(
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
