/** Elements and rows by WebAssembly SIMD; small arrays by the plain kernels, because copying would cost more. */
import * as plain from "../plain/elementwise.ts";
import { beginScratch, copyOut, fill, put, read, take, wasm } from "./memory.ts";

export { addBias, sum } from "../plain/elementwise.ts";

/** Shorter arrays are faster in the plain kernels, with bit-identical results. */
const smallLength = 100;

/** A function exported by assembly/: `wasm` is known only when it has started. */
type Exported<Arguments extends unknown[]> = () => (...given: Arguments) => void;

/** y = f(x), for arrays of every length, because the plain functions round differently. */
function activation(kernel: Exported<[x: number, length: number]>) {
  return (x: Float32Array): Float32Array => {
    beginScratch();
    const at = put(x);
    kernel()(at, x.length);
    return copyOut(at, x.length);
  };
}

/** z = f(a, b) for each pair of elements. */
function pairwise(
  kernel: Exported<[a: number, b: number, length: number]>,
  small: (a: Float32Array, b: Float32Array) => Float32Array,
) {
  return (a: Float32Array, b: Float32Array): Float32Array => {
    if (a.length < smallLength) return small(a, b);
    beginScratch();
    const at = put(a);
    kernel()(at, put(b), a.length);
    return copyOut(at, a.length);
  };
}

export const add = pairwise(() => wasm.add, plain.add);
export const sub = pairwise(() => wasm.sub, plain.sub);
export const mul = pairwise(() => wasm.mul, plain.mul);
export const div = pairwise(() => wasm.div, plain.div);
export const exp = activation(() => wasm.exp);
export const tanh = activation(() => wasm.tanh);
export const sigmoid = activation(() => wasm.sigmoid);
export const tanhBackward = pairwise(() => wasm.tanhBackward, plain.tanhBackward);
export const sigmoidBackward = pairwise(() => wasm.sigmoidBackward, plain.sigmoidBackward);
export const reluBackward = pairwise(() => wasm.reluBackward, plain.reluBackward);

export function addInto(a: Float32Array, b: Float32Array): void {
  if (a.length < smallLength) {
    plain.addInto(a, b);
    return;
  }
  beginScratch();
  const at = put(a);
  wasm.add(at, put(b), a.length);
  read(at, a);
}

export function scale(a: Float32Array, factor: number): Float32Array {
  if (a.length < smallLength) return plain.scale(a, factor);
  beginScratch();
  const at = put(a);
  wasm.scale(at, factor, a.length);
  return copyOut(at, a.length);
}

export function relu(x: Float32Array): Float32Array {
  if (x.length < smallLength) return plain.relu(x);
  beginScratch();
  const at = put(x);
  wasm.relu(at, x.length);
  return copyOut(at, x.length);
}

export function sumRows(x: Float32Array, rows: number, columns: number): Float32Array {
  if (x.length < smallLength || columns % 4 !== 0) return plain.sumRows(x, rows, columns);
  beginScratch();
  const from = put(x);
  const to = take(columns);
  wasm.sumRows(from, rows, columns, take(2 * columns), to);
  return copyOut(to, columns);
}

/** Rows are padded with −∞, whose exponential adds nothing. */
export function softmax(x: Float32Array, rows: number, columns: number, logarithm: boolean): Float32Array {
  if (logarithm || columns === 0) return plain.softmax(x, rows, columns, logarithm);
  beginScratch();
  const width = (columns + 3) & ~3;
  const from = put(x);
  if (width === columns) {
    wasm.softmax(from, rows, columns);
    return copyOut(from, x.length);
  }
  const padded = take(rows * width);
  wasm.copyRows(from, columns, padded, width, columns, rows);
  for (let r = 0; r < rows; r++) fill(padded + (r * width + columns) * 4, width - columns, Number.NEGATIVE_INFINITY);
  wasm.softmax(padded, rows, width);
  wasm.copyRows(padded, width, from, columns, columns, rows);
  return copyOut(from, x.length);
}
