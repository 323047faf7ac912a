/** Elements and rows in plain TypeScript: the reference for the faster kernels, and the fallback without SIMD. */
import { allocate } from "../pool.ts";

const { fround } = Math;

/** z = a + b */
export function add(a: Float32Array, b: Float32Array): Float32Array {
  const z = allocate(a.length);
  for (let i = 0; i < z.length; i++) z[i] = a[i] + b[i];
  return z;
}

/** z = a − b */
export function sub(a: Float32Array, b: Float32Array): Float32Array {
  const z = allocate(a.length);
  for (let i = 0; i < z.length; i++) z[i] = a[i] - b[i];
  return z;
}

/** z = a · b */
export function mul(a: Float32Array, b: Float32Array): Float32Array {
  const z = allocate(a.length);
  for (let i = 0; i < z.length; i++) z[i] = a[i] * b[i];
  return z;
}

/** z = a / b */
export function div(a: Float32Array, b: Float32Array): Float32Array {
  const z = allocate(a.length);
  for (let i = 0; i < z.length; i++) z[i] = a[i] / b[i];
  return z;
}

/** a ← a + b */
export function addInto(a: Float32Array, b: Float32Array): void {
  for (let i = 0; i < a.length; i++) a[i] += b[i];
}

/** z = a · factor, with the factor rounded to float32 */
export function scale(a: Float32Array, factor: number): Float32Array {
  const f = fround(factor);
  const z = allocate(a.length);
  for (let i = 0; i < z.length; i++) z[i] = a[i] * f;
  return z;
}

/** y = eˣ */
export function exp(x: Float32Array): Float32Array {
  const y = allocate(x.length);
  for (let i = 0; i < y.length; i++) y[i] = Math.exp(x[i]);
  return y;
}

/** y = tanh x */
export function tanh(x: Float32Array): Float32Array {
  const y = allocate(x.length);
  for (let i = 0; i < y.length; i++) y[i] = Math.tanh(x[i]);
  return y;
}

/** y = 1 / (1 + e⁻ˣ) */
export function sigmoid(x: Float32Array): Float32Array {
  const y = allocate(x.length);
  for (let i = 0; i < y.length; i++) y[i] = 1 / (1 + Math.exp(-x[i]));
  return y;
}

/** y = max(x, 0) */
export function relu(x: Float32Array): Float32Array {
  const y = allocate(x.length);
  y.set(x);
  for (let i = 0; i < y.length; i++) if (y[i] < 0) y[i] = 0; // NaN and −0 are preserved
  return y;
}

/** dx = dy · (1 − y²) */
export function tanhBackward(dy: Float32Array, y: Float32Array): Float32Array {
  const dx = allocate(y.length);
  for (let i = 0; i < dx.length; i++) dx[i] = dy[i] * fround(1 - fround(y[i] * y[i]));
  return dx;
}

/** dx = dy · y · (1 − y) */
export function sigmoidBackward(dy: Float32Array, y: Float32Array): Float32Array {
  const dx = allocate(y.length);
  for (let i = 0; i < dx.length; i++) dx[i] = fround(dy[i] * fround(1 - y[i])) * y[i];
  return dx;
}

/** dx = 0 where y ≤ 0, else dy, also where y is NaN */
export function reluBackward(dy: Float32Array, y: Float32Array): Float32Array {
  const dx = allocate(y.length);
  for (let i = 0; i < dx.length; i++) dx[i] = y[i] <= 0 ? 0 : dy[i];
  return dx;
}

/** The sum of all elements, in float64: long sums in float32 lose precision. */
export function sum(x: Float32Array): number {
  let total = 0;
  for (let i = 0; i < x.length; i++) total += x[i];
  return total;
}

/** Column sums of a (rows, columns) matrix. */
export function sumRows(x: Float32Array, rows: number, columns: number): Float32Array {
  const totals = new Float64Array(columns);
  for (let r = 0, i = 0; r < rows; r++) for (let c = 0; c < columns; c++) totals[c] += x[i++];
  const sums = allocate(columns);
  for (let c = 0; c < columns; c++) sums[c] = totals[c];
  return sums;
}

/** Softmax of each row of a (rows, columns) matrix, or its logarithm. */
export function softmax(x: Float32Array, rows: number, columns: number, logarithm: boolean): Float32Array {
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

/** y ← y + bias for each row of y. */
export function addBias(y: Float32Array, bias: Float32Array): void {
  const n = bias.length;
  for (let i = 0; i < y.length; i += n) for (let j = 0; j < n; j++) y[i + j] += bias[j];
}
