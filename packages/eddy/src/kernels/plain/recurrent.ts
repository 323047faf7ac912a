/** Shared by the plain recurrences: the order of rows, and the affine map of one row with its backward. */
import type { SequenceShape } from "../interface.ts";

const { fround } = Math;

/** The number of steps of sequence b. */
export function lengthOf(shape: SequenceShape, b: number): number {
  return shape.lengths === undefined ? shape.time : shape.lengths[b];
}

/** The row of sequence b at this processing step; in reverse, step 0 is the sequence's own last row. */
export function rowAt(shape: SequenceShape, b: number, step: number): number {
  const t = shape.reverse ? lengthOf(shape, b) - 1 - step : step;
  return shape.batchFirst ? b * shape.time + t : t * shape.batch + b;
}

/** Copies the final h of each sequence, its last output, to the end of `values`. */
export function copyFinalRows(shape: SequenceShape, values: Float32Array): void {
  const { time, batch, hiddenSize } = shape;
  for (let b = 0; b < batch; b++) {
    const from = rowAt(shape, b, lengthOf(shape, b) - 1) * hiddenSize;
    values.copyWithin((time * batch + b) * hiddenSize, from, from + hiddenSize);
  }
}

/** Number of terms per accumulator, as in matrix products. */
const block = 256;

/**
 * The gradient of a weight or bias, to which every row contributes. Blocks of 256 rows are summed in float32, as in matrix
 * products, and their sums in float64, so that long sequences lose no precision.
 */
export class RowSum {
  /** The sum of the rows of this block. */
  readonly part: Float32Array;
  #total: Float64Array | undefined;
  #rows = 0;

  constructor(length: number) {
    this.part = new Float32Array(length);
  }

  /** Marks the end of a row. */
  endRow(): void {
    if (++this.#rows % block === 0) this.#endBlock();
  }

  #endBlock(): void {
    const { part } = this;
    this.#total ??= new Float64Array(part.length);
    for (let i = 0; i < part.length; i++) this.#total[i] += part[i];
    part.fill(0);
  }

  /** The sum of all rows. */
  get values(): Float32Array {
    if (this.#total === undefined) return this.part;
    this.#endBlock();
    return Float32Array.from(this.#total);
  }
}

/**
 * out = W x + b for the row of `length` elements that starts at x[start].
 *
 * Each sum runs over k in ascending order, in the blocks of matrix products. Four rows of W are processed together, to
 * hide the latency of additions.
 */
export function affine(
  out: Float32Array,
  weight: Float32Array,
  bias: Float32Array | undefined,
  x: Float32Array,
  start: number,
  length: number,
): void {
  const rows = out.length;
  out.fill(0);
  for (let from = 0; from < length; from += block) {
    const to = Math.min(from + block, length);
    let j = 0;
    for (; j + 4 <= rows; j += 4) {
      const w0 = j * length;
      const w1 = w0 + length;
      const w2 = w1 + length;
      const w3 = w2 + length;
      let total0 = 0;
      let total1 = 0;
      let total2 = 0;
      let total3 = 0;
      for (let k = from; k < to; k++) {
        const value = x[start + k];
        total0 = fround(total0 + fround(value * weight[w0 + k]));
        total1 = fround(total1 + fround(value * weight[w1 + k]));
        total2 = fround(total2 + fround(value * weight[w2 + k]));
        total3 = fround(total3 + fround(value * weight[w3 + k]));
      }
      out[j] += total0;
      out[j + 1] += total1;
      out[j + 2] += total2;
      out[j + 3] += total3;
    }
    for (; j < rows; j++) {
      let total = 0;
      for (let k = from; k < to; k++) total = fround(total + fround(x[start + k] * weight[j * length + k]));
      out[j] += total;
    }
  }
  if (bias !== undefined) for (let i = 0; i < rows; i++) out[i] += bias[i];
}

/** The backward of one row's `affine`: dW += dz xᵀ, db += dz and, if dx is given, dx += Wᵀ dz. */
export function affineBackward(
  dz: Float32Array,
  weight: Float32Array,
  x: Float32Array,
  start: number,
  length: number,
  dWeight: RowSum,
  dBias: RowSum | undefined,
  dx: Float32Array | undefined,
  dxStart: number,
): void {
  const rows = dz.length;
  const dW = dWeight.part;
  let j = 0;
  for (; j + 4 <= rows; j += 4) {
    const w0 = j * length;
    const w1 = w0 + length;
    const w2 = w1 + length;
    const w3 = w2 + length;
    const slope0 = dz[j];
    const slope1 = dz[j + 1];
    const slope2 = dz[j + 2];
    const slope3 = dz[j + 3];
    for (let k = 0; k < length; k++) {
      const value = x[start + k];
      dW[w0 + k] += fround(slope0 * value);
      dW[w1 + k] += fround(slope1 * value);
      dW[w2 + k] += fround(slope2 * value);
      dW[w3 + k] += fround(slope3 * value);
    }
    if (dx === undefined) continue;
    for (let k = 0; k < length; k++) {
      let total = dx[dxStart + k];
      total = fround(total + fround(slope0 * weight[w0 + k]));
      total = fround(total + fround(slope1 * weight[w1 + k]));
      total = fround(total + fround(slope2 * weight[w2 + k]));
      dx[dxStart + k] = total + fround(slope3 * weight[w3 + k]);
    }
  }
  for (; j < rows; j++) {
    const slope = dz[j];
    const w = j * length;
    for (let k = 0; k < length; k++) dW[w + k] += fround(slope * x[start + k]);
    if (dx !== undefined) for (let k = 0; k < length; k++) dx[dxStart + k] += fround(slope * weight[w + k]);
  }
  dWeight.endRow();
  if (dBias === undefined) return;
  for (let i = 0; i < rows; i++) dBias.part[i] += dz[i];
  dBias.endRow();
}
