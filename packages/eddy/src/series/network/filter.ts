/** A linear filter in use: a finite impulse response of the inputs. `baselines/linear-filter.ts` fits it. */

/** y_t = w_0 + Σ w_{lag, input} x_{t − lag, input}, in scaled units. */
export interface Filter {
  /** Number of rows that it reads, the current one included. */
  readonly taps: number;
  /** For each target: the intercept, then the weights of all inputs for each lag. */
  readonly weights: readonly ArrayLike<number>[];
}

/**
 * Filters a batch: x (batch, time, inputs) → sums (batch, time, targets) in float64, and the next history.
 *
 * Each sum is taken in order of lags, so a row has the same bits in a stream, a chunk and a whole series.
 * @param history the rows before x, (taps − 1, batch, inputs); those before the start of a segment are 0.
 * @param lengths the steps of each sequence; sums of later rows are 0.
 */
export function filterRows(
  { taps, weights }: Filter,
  x: Float32Array,
  batch: number,
  inputs: number,
  history: Float32Array,
  lengths?: readonly number[],
): [sums: Float64Array, history: Float32Array] {
  const time = x.length / batch / inputs;
  const sums = new Float64Array(batch * time * weights.length);
  const next = new Float32Array(history.length);
  for (let b = 0; b < batch; b++) {
    const steps = lengths?.[b] ?? time;
    /** The place of a row in x, or in the history for the rows before x, which have negative numbers. */
    const place = (row: number) => (row >= 0 ? b * time + row : (taps - 1 + row) * batch + b) * inputs;
    for (let row = 0; row < steps; row++) {
      for (let target = 0; target < weights.length; target++) {
        const w = weights[target];
        let sum = w[0];
        for (let lag = 0, k = 1; lag < taps; lag++) {
          const rows = lag <= row ? x : history;
          const from = place(row - lag);
          for (let i = 0; i < inputs; i++) sum += w[k++] * rows[from + i];
        }
        sums[(b * time + row) * weights.length + target] = sum;
      }
    }
    for (let kept = 1 - taps; kept < 0; kept++) {
      const row = steps + kept;
      const from = place(row);
      const into = place(kept);
      for (let i = 0; i < inputs; i++) next[into + i] = (row >= 0 ? x : history)[from + i];
    }
  }
  return [sums, next];
}
