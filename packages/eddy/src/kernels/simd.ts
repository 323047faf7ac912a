/** The kernels by WebAssembly SIMD; what it would not speed up is the plain kernels' own. */
import type { AdamSettings, Kernels, MatmulOptions } from "./kernels.ts";
import { plain } from "./plain.ts";
import { type Address, beginScratch, copyOut, put, read, take, takeStrips, wasm } from "./simd-memory.ts";
import { gruBackward, gruForward, lstmBackward, lstmForward, rnnBackward, rnnForward } from "./simd-recurrent.ts";

/** Products below so many multiplications cost less than the way into scratch and back; both give the same bits. */
const smallProduct = 1024;

/** y = f(x) by a kernel that works in place. */
function elementwise(kernel: "exp" | "tanh" | "sigmoid") {
  return (x: Float32Array): Float32Array => {
    beginScratch();
    const at = put(x);
    wasm[kernel](at, x.length);
    return copyOut(at, x.length);
  };
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
  wasm.gemm(left, rowBytes, stepBytes, m, k, panels, columns, c, columns * 4, false, strips);
  return [c, columns];
}

function unpadded(c: Address, m: number, n: number, columns: number): Float32Array {
  if (n === columns) return copyOut(c, m * n);
  const out = take(m * n);
  wasm.copyRows(c, columns, out, n, n, m);
  return copyOut(out, m * n);
}

function matmul(a: Float32Array, b: Float32Array, m: number, k: number, n: number, options: MatmulOptions = {}) {
  if (m * k * n < smallProduct) return plain.matmul(a, b, m, k, n, options);
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
  if (bias === undefined) return unpadded(c, rows, n, columns);
  const y = unpadded(c, rows, n, columns);
  for (let i = 0; i < y.length; i += n) for (let j = 0; j < n; j++) y[i + j] += bias[j];
  return y;
}

function adam(
  parameter: Float32Array,
  gradient: Float32Array,
  average: Float32Array,
  averageSquare: Float32Array,
  maxAverageSquare: Float32Array | undefined,
  settings: AdamSettings,
): void {
  const { length } = parameter;
  if (length === 0) return;
  beginScratch();
  const [p, g, m, v] = [put(parameter), put(gradient), put(average), put(averageSquare)];
  const largest = maxAverageSquare === undefined ? 0 : put(maxAverageSquare);
  const decay = settings.decoupled ? 0 : settings.weightDecay;
  wasm.adam(
    p,
    g,
    m,
    v,
    largest,
    length,
    settings.beta1,
    settings.beta2,
    1 - settings.beta1,
    1 - settings.beta2,
    -settings.lr / settings.correction1,
    Math.sqrt(settings.correction2),
    settings.eps,
    decay,
    settings.decoupled ? 1 - settings.lr * settings.weightDecay : 1,
    (settings.maximize ? 1 : 0) | (largest === 0 ? 0 : 2) | (decay === 0 ? 0 : 4),
  );
  read(p, parameter);
  read(m, average);
  read(v, averageSquare);
  if (maxAverageSquare !== undefined) read(largest, maxAverageSquare);
}

export const simd: Kernels = {
  ...plain,
  name: "simd",
  exp: elementwise("exp"),
  tanh: elementwise("tanh"),
  sigmoid: elementwise("sigmoid"),
  matmul,
  linear,
  rnnForward,
  rnnBackward,
  gruForward,
  gruBackward,
  lstmForward,
  lstmBackward,
  adam,
};
