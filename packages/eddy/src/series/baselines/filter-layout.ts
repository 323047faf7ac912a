/** The layout of a linear filter's weights while it is fitted: which inputs have a weight for which lag. */

/** Weights in order of lags; for each lag, those of the first inputs. A shorter filter is a prefix of a longer one. */
export interface FilterLayout {
  inputs: number;
  /** Rows that it reads, the current one included. */
  taps: number;
  /** The number of inputs with a weight, for each lag. */
  counts: readonly number[];
  /** The number of weights of smaller lags, for each lag and at the end. */
  starts: readonly number[];
}

/** @param limits for each input, the most rows that are read of it, in descending order; no limits by default. */
export function filterLayout(taps: number, inputs: number, limits?: readonly number[]): FilterLayout {
  const counts = Array.from({ length: taps }, (_, lag) =>
    limits === undefined ? inputs : limits.filter((limit) => limit > lag).length,
  );
  const starts = [0];
  for (const count of counts) starts.push(starts[starts.length - 1] + count);
  return { inputs, taps, counts, starts };
}

/** Weights in a layout as those of a filter, which has one for every input and lag. */
export function spreadOut(
  weights: ArrayLike<number>,
  { inputs, counts, starts }: FilterLayout,
  taps: number,
): number[] {
  const all = Array<number>(1 + taps * inputs).fill(0);
  all[0] = weights[0];
  for (let lag = 0; lag < taps && 1 + starts[lag] < weights.length; lag++) {
    for (let i = 0; i < counts[lag]; i++) all[1 + lag * inputs + i] = weights[1 + starts[lag] + i];
  }
  return all;
}
