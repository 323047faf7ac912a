// A reference: ridge regression on the last rows minus the last one (NLinear), its strength chosen on the last training rows.

const windowRows = 336;
const strengths = [1e-4, 1e-3, 1e-2, 1e-1, 1];

/**
 * The mean squared error over every window of the last `testRows`, of a model that is fitted to the first `trainRows`.
 *
 * @param values complete. Source of the model: arXiv 2205.13504; the weights are the exact solution instead of a trained one.
 */
export function nlinearError(
  values: Float64Array,
  { trainRows: end, testRows }: { trainRows: number; testRows: number },
  horizon: number,
): number {
  const fitEnd = Math.round(end * 0.75);
  const all = equations(values, fitEnd, horizon);
  const errors = strengths.map((ridge) => errorOf(solve(all, ridge), values, fitEnd - 1, end, horizon));
  const best = strengths[errors.indexOf(Math.min(...errors))]!;
  return errorOf(
    solve(equations(values, end, horizon), best),
    values,
    values.length - testRows - 1,
    values.length,
    horizon,
  );
}

interface Equations {
  gram: Float64Array;
  cross: Float64Array[];
}

const size = windowRows + 1;

/** The features of a row: 1, then the values before it minus its own, then its own. */
function features(values: Float64Array, row: number): Float64Array {
  const x = new Float64Array(size);
  x[0] = 1;
  for (let lag = 1; lag < windowRows; lag++) x[lag] = values[row - lag]! - values[row]!;
  x[windowRows] = values[row]!;
  return x;
}

function equations(values: Float64Array, end: number, horizon: number): Equations {
  const gram = new Float64Array(size * size);
  const cross = Array.from({ length: horizon }, () => new Float64Array(size));
  for (let row = windowRows - 1; row + horizon < end; row++) {
    const x = features(values, row);
    for (let i = 0; i < size; i++) for (let j = 0; j <= i; j++) gram[i * size + j]! += x[i]! * x[j]!;
    for (const [step, sums] of cross.entries()) {
      const change = values[row + 1 + step]! - values[row]!;
      for (let i = 0; i < size; i++) sums[i]! += change * x[i]!;
    }
  }
  return { gram, cross };
}

/** The weights of each step, by a Cholesky factorisation. */
function solve({ gram, cross }: Equations, ridge: number): Float64Array[] {
  let trace = 0;
  for (let i = 1; i < size; i++) trace += gram[i * size + i]!;
  const l = gram.slice();
  for (let i = 0; i < size; i++) {
    l[i * size + i]! += i === 0 ? 1e-9 : (ridge * trace) / (size - 1);
    for (let j = 0; j <= i; j++) {
      let sum = l[i * size + j]!;
      for (let k = 0; k < j; k++) sum -= l[i * size + k]! * l[j * size + k]!;
      l[i * size + j] = i === j ? Math.sqrt(sum) : sum / l[j * size + j]!;
    }
  }
  return cross.map((b) => {
    const w = b.slice();
    for (let i = 0; i < size; i++) {
      for (let k = 0; k < i; k++) w[i]! -= l[i * size + k]! * w[k]!;
      w[i]! /= l[i * size + i]!;
    }
    for (let i = size - 1; i >= 0; i--) {
      for (let k = i + 1; k < size; k++) w[i]! -= l[k * size + i]! * w[k]!;
      w[i]! /= l[i * size + i]!;
    }
    return w;
  });
}

function errorOf(weights: Float64Array[], values: Float64Array, first: number, end: number, horizon: number): number {
  let [sum, count] = [0, 0];
  for (let row = first; row + horizon < end; row++) {
    const x = features(values, row);
    for (const [step, w] of weights.entries()) {
      let forecast = values[row]!;
      for (let i = 0; i < size; i++) forecast += w[i]! * x[i]!;
      sum += (forecast - values[row + 1 + step]!) ** 2;
      count++;
    }
  }
  return sum / count;
}
