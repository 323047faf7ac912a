/** The normal equations of a linear filter, XᵀX and Xᵀy, computed without storing X. */
import type { Window } from "../data/rows.ts";
import type { Paced } from "../pace.ts";

/** XᵀX, Xᵀy and yᵀy for rows [1, u(t), u(t − 1), …]: position 1 + lag · inputs + input, after the constant 1. */
export interface NormalEquations {
  /** 1 + taps · inputs. */
  size: number;
  rows: number;
  /** The upper triangle of XᵀX, (size, size). */
  gram: Float64Array;
  /** Xᵀy of each target. */
  cross: Float64Array[];
  /** yᵀy of each target. */
  power: number[];
}

const productsPerYield = 1 << 22;

/**
 * Accumulates the normal equations over windows in float64; inputs before `warmUpStart` are taken as 0, the mean of the
 * scaled inputs.
 *
 * Only the products with lag 0 are summed over all rows. Those of lags (a + 1, b + 1) are those of (a, b) one row earlier:
 * the sum over a window gains the row before it and loses its last one. So n rows cost n · taps · inputs · (inputs +
 * targets) products and each window (taps · inputs)² more, instead of n · (taps · inputs)².
 */
export function* normalEquations(
  x: Float32Array,
  y: Float32Array,
  windows: readonly Window[],
  taps: number,
  inputs: number,
  targets: readonly number[],
  targetSize: number,
): Paced<NormalEquations> {
  const size = 1 + taps * inputs;
  const gram = new Float64Array(size * size);
  const cross = targets.map(() => new Float64Array(size));
  const power = targets.map(() => 0);
  const offsets = lagOffsets(taps, inputs);
  let rows = 0;
  let products = 0;

  /** Adds ± the outer product of one row's lags to the sums that the recursion below passes to the next lags. */
  const edge = (row: number, warmUpStart: number, sign: number) => {
    const lags = Math.max(0, Math.min(taps - 1, row - warmUpStart + 1)) * inputs;
    const here = row * inputs;
    for (let a = 0; a < lags; a++) {
      const left = sign * x[here + offsets[a]];
      const into = (1 + inputs + a) * size + 1 + inputs;
      gram[1 + inputs + a] += left;
      for (let b = a; b < lags; b++) gram[into + b] += left * x[here + offsets[b]];
    }
    products += lags ** 2 / 2;
  };

  for (const { warmUpStart, start, end } of windows) {
    rows += end - start;
    edge(start - 1, warmUpStart, 1);
    edge(end - 1, warmUpStart, -1);
    for (let t = start; t < end; t++) {
      const lags = Math.min(taps, t - warmUpStart + 1) * inputs;
      const here = t * inputs;
      for (let i = 0; i < inputs; i++) {
        const input = x[here + i];
        gram[1 + i] += input;
        const into = (1 + i) * size + 1;
        for (let b = i; b < lags; b++) gram[into + b] += input * x[here + offsets[b]];
      }
      for (const [k, target] of targets.entries()) {
        const measured = y[t * targetSize + target];
        power[k] += measured * measured;
        const sums = cross[k];
        sums[0] += measured;
        for (let b = 0; b < lags; b++) sums[1 + b] += measured * x[here + offsets[b]];
      }
      products += lags * (inputs + targets.length);
      if (products > productsPerYield) {
        products = 0;
        yield;
      }
    }
  }
  gram[0] = rows;
  for (let a = 0; a + inputs < size - 1; a++) {
    gram[1 + inputs + a] += gram[1 + a];
    const [into, of] = [(1 + inputs + a) * size + 1 + inputs, (1 + a) * size + 1];
    for (let b = a; b + inputs < size - 1; b++) gram[into + b] += gram[of + b];
  }
  return { size, rows, gram, cross, power };
}

/** The offset of each position relative to the first input of the row. */
function lagOffsets(taps: number, inputs: number): Int32Array {
  return Int32Array.from(
    { length: taps * inputs },
    (_, position) => (position % inputs) - Math.floor(position / inputs) * inputs,
  );
}
