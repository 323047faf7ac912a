/** Matrix products by WebAssembly SIMD; small ones by the plain kernels, because copying would cost more. */
import type { MatmulOptions } from "../interface.ts";
import { addBias } from "../plain/elementwise.ts";
import * as plain from "../plain/matmul.ts";
import { type Address, beginScratch, copyOut, put, take, takeStrips, wasm } from "./memory.ts";

/** Products of fewer multiplications are faster in the plain kernels, with bit-identical results. */
const smallProduct = 256;
/** Above this k, `longGemm` needs room for partial sums (assembly/matmul.ts, LONG_BLOCK). */
const longBlock = 65536;

/** C (m, n) = A · B in scratch, with n padded to a multiple of 8; returns the address and the padded n. */
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

export function matmul(a: Float32Array, b: Float32Array, m: number, k: number, n: number, options: MatmulOptions = {}) {
  // A dot product takes less time than copying its operands.
  if (m * k * n < smallProduct || (m === 1 && n === 1)) return plain.matmul(a, b, m, k, n, options);
  beginScratch();
  const [c, columns] = product(a, b, m, k, n, options);
  return unpadded(c, m, n, columns);
}

export function linear(
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
