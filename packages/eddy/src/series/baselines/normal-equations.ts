/** The normal equations of a linear filter, XᵀX and Xᵀy, computed without storing X. */
import type { Window } from "../data/rows.ts";
import type { Paced } from "../pace.ts";
import type { FilterLayout } from "./filter-layout.ts";

/** XᵀX, Xᵀy and yᵀy for rows [1, u(t), u(t − 1), …], in the order of the layout. */
export interface NormalEquations {
  /** 1 + the weights of the layout. */
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
 * the sum over a window gains the row before it and loses its last one. So n rows cost n · weights · (inputs +
 * targets) products and each window weights² more, instead of n · weights².
 */
export function* normalEquations(
  x: Float32Array,
  y: Float32Array,
  windows: readonly Window[],
  { inputs, taps, counts, starts }: FilterLayout,
  targets: readonly number[],
  targetSize: number,
): Paced<NormalEquations> {
  const size = 1 + starts[taps];
  const gram = new Float64Array(size * size);
  const cross = targets.map(() => new Float64Array(size));
  const power = targets.map(() => 0);
  const offsets = new Int32Array(size - 1);
  /** The weights that have one of the next lag, and the places of both in the equations. */
  const [here, next]: [number[], number[]] = [[], []];
  for (let lag = 0; lag < taps; lag++) {
    for (let i = 0; i < counts[lag]; i++) {
      offsets[starts[lag] + i] = i - lag * inputs;
      if (lag + 1 >= taps || i >= counts[lag + 1]) continue;
      here.push(starts[lag] + i);
      next.push(1 + starts[lag + 1] + i);
    }
  }
  /** The number of weights in `here` up to but excluding a lag. */
  const passedOn = starts.map((start) => here.filter((weight) => weight < start).length);
  let rows = 0;
  let products = 0;

  /** Adds ± the outer product of one row's lags to the sums that the recursion below passes to the next lags. */
  const edge = (row: number, warmUpStart: number, sign: number) => {
    const lags = passedOn[Math.max(0, Math.min(taps - 1, row - warmUpStart + 1))];
    const from = row * inputs;
    for (let a = 0; a < lags; a++) {
      const left = sign * x[from + offsets[here[a]]];
      gram[next[a]] += left;
      const into = next[a] * size;
      for (let b = a; b < lags; b++) gram[into + next[b]] += left * x[from + offsets[here[b]]];
    }
    products += lags ** 2 / 2;
  };

  for (const { warmUpStart, start, end } of windows) {
    rows += end - start;
    edge(start - 1, warmUpStart, 1);
    edge(end - 1, warmUpStart, -1);
    for (let t = start; t < end; t++) {
      const lags = starts[Math.min(taps, t - warmUpStart + 1)];
      const from = t * inputs;
      for (let i = 0; i < counts[0]; i++) {
        const input = x[from + i];
        gram[1 + i] += input;
        const into = (1 + i) * size + 1;
        for (let b = i; b < lags; b++) gram[into + b] += input * x[from + offsets[b]];
      }
      for (const [k, target] of targets.entries()) {
        const measured = y[t * targetSize + target];
        power[k] += measured * measured;
        const sums = cross[k];
        sums[0] += measured;
        for (let b = 0; b < lags; b++) sums[1 + b] += measured * x[from + offsets[b]];
      }
      products += lags * (inputs + targets.length);
      if (products > productsPerYield) {
        products = 0;
        yield;
      }
    }
  }
  gram[0] = rows;
  for (let a = 0; a < here.length; a++) {
    gram[next[a]] += gram[1 + here[a]];
    const [into, of] = [next[a] * size, (1 + here[a]) * size + 1];
    for (let b = a; b < here.length; b++) gram[into + next[b]] += gram[of + here[b]];
  }
  return { size, rows, gram, cross, power };
}
