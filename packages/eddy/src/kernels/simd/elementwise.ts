/** The kernels by WebAssembly SIMD; where the way into scratch and back costs more, the plain kernels' own. */
import type { Kernels, MatmulOptions } from "../interface.ts";
import { addBias, plain } from "../plain/elementwise.ts";
import { type Address, beginScratch, copyOut, fill, put, read, take, takeStrips, wasm } from "./memory.ts";
import { gruBackward, gruForward, lstmBackward, lstmForward, rnnBackward, rnnForward } from "./recurrent.ts";
import { adam, rmsprop, sgd } from "./updates.ts";

/** Products below so many multiplications, and arrays below this length, are done sooner where they are: with the same bits. */
const smallProduct = 256;
const smallLength = 100;
/** From here on a product has partial sums of its own (assembly/matmul.ts, LONG_BLOCK). */
const longBlock = 65536;

/** y = f(x), always here: the plain functions have other bits. */
function activation(kernel: "exp" | "tanh" | "sigmoid") {
  return (x: Float32Array): Float32Array => {
    beginScratch();
    const at = put(x);
    wasm[kernel](at, x.length);
    return copyOut(at, x.length);
  };
}

/** z = f(a, b) for each pair of elements. */
function pairwise(kernel: "add" | "sub" | "mul" | "div" | "tanhBackward" | "sigmoidBackward" | "reluBackward") {
  const small = plain[kernel];
  return (a: Float32Array, b: Float32Array): Float32Array => {
    if (a.length < smallLength) return small(a, b);
    beginScratch();
    const at = put(a);
    wasm[kernel](at, put(b), a.length);
    return copyOut(at, a.length);
  };
}

function addInto(a: Float32Array, b: Float32Array): void {
  if (a.length < smallLength) {
    plain.addInto(a, b);
    return;
  }
  beginScratch();
  const at = put(a);
  wasm.add(at, put(b), a.length);
  read(at, a);
}

function scale(a: Float32Array, factor: number): Float32Array {
  if (a.length < smallLength) return plain.scale(a, factor);
  beginScratch();
  const at = put(a);
  wasm.scale(at, factor, a.length);
  return copyOut(at, a.length);
}

function relu(x: Float32Array): Float32Array {
  if (x.length < smallLength) return plain.relu(x);
  beginScratch();
  const at = put(x);
  wasm.relu(at, x.length);
  return copyOut(at, x.length);
}

function sumRows(x: Float32Array, rows: number, columns: number): Float32Array {
  if (x.length < smallLength || columns % 4 !== 0) return plain.sumRows(x, rows, columns);
  beginScratch();
  const from = put(x);
  const to = take(columns);
  wasm.sumRows(from, rows, columns, take(2 * columns), to);
  return copyOut(to, columns);
}

/** Rows are padded with −∞, whose exponential adds nothing. */
function softmax(x: Float32Array, rows: number, columns: number, logarithm: boolean): Float32Array {
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

/** C (m, n) = A · B in scratch, with rows of n padded to whole panels; gives the address and the padded n. */
function product(
  a: Float32Array,
  b: Float32Array,
  m: number,
  k: number,
  n: number,
  { transposeA = false, transposeB = false }: MatmulOptions,
): [Address, number] {
  const columns = (n + 7) & ~7;
  const strips = takeStrips();
  const left = put(a);
  const right = put(b);
  const panels = take(k * columns);
  if (transposeB) wasm.packRows(right, k, n, panels);
  else wasm.packColumns(right, n * 4, k, n, panels, k);
  const c = take(m * columns);
  const [rowBytes, stepBytes] = transposeA ? [4, m * 4] : [k * 4, 4];
  const part = k > longBlock ? take(m * columns) : 0;
  wasm.longGemm(left, rowBytes, stepBytes, m, k, panels, columns, c, part, strips);
  return [c, columns];
}

function unpadded(c: Address, m: number, n: number, columns: number): Float32Array {
  if (n === columns) return copyOut(c, m * n);
  const out = take(m * n);
  wasm.copyRows(c, columns, out, n, n, m);
  return copyOut(out, m * n);
}

function matmul(a: Float32Array, b: Float32Array, m: number, k: number, n: number, options: MatmulOptions = {}) {
  // A row times a column is over before it would have been copied.
  if (m * k * n < smallProduct || (m === 1 && n === 1)) return plain.matmul(a, b, m, k, n, options);
  beginScratch();
  const [c, columns] = product(a, b, m, k, n, options);
  return unpadded(c, m, n, columns);
}

function linear(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array | undefined,
  rows: number,
  k: number,
  n: number,
): Float32Array {
  if (rows * k * n < smallProduct) return plain.linear(x, weight, bias, rows, k, n);
  beginScratch();
  const [c, columns] = product(x, weight, rows, k, n, { transposeB: true });
  const y = unpadded(c, rows, n, columns);
  if (bias !== undefined) addBias(y, bias);
  return y;
}

export const simd: Kernels = {
  name: "simd",
  add: pairwise("add"),
  sub: pairwise("sub"),
  mul: pairwise("mul"),
  div: pairwise("div"),
  addInto,
  scale,
  exp: activation("exp"),
  tanh: activation("tanh"),
  sigmoid: activation("sigmoid"),
  relu,
  tanhBackward: pairwise("tanhBackward"),
  sigmoidBackward: pairwise("sigmoidBackward"),
  reluBackward: pairwise("reluBackward"),
  sum: plain.sum,
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
