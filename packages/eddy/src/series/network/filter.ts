/** A linear filter in use: a finite impulse response of the inputs. `baselines/linear-filter.ts` fits it. */

/** y_t = w_0 + Σ w_{lag, input} x_{t − lag, input}, in scaled units. */
export interface Filter {
  /** Number of rows that it reads, the current one included. */
  readonly taps: number;
  /** For each target: the intercept, then the weights of all inputs for each lag. */
  readonly weights: readonly ArrayLike<number>[];
}

/** The inputs that a filter reads, and its weights for them: a forecast has many inputs of which it reads the current row alone. */
interface Used {
  lags: Int32Array;
  inputs: Int32Array;
  /** For each target. */
  weights: Float64Array[];
}

const usedBy = new WeakMap<Filter["weights"], Used>();

/** For each lag, the inputs up to the last one with a weight. */
function usedInputs({ taps, weights }: Filter, inputs: number): Used {
  const known = usedBy.get(weights);
  if (known !== undefined) return known;
  const [lags, places]: [number[], number[]] = [[], []];
  for (let lag = 0; lag < taps; lag++) {
    let count = inputs;
    while (count > 0 && weights.every((own) => own[lag * inputs + count] === 0)) count--;
    for (let i = 0; i < count; i++) {
      lags.push(lag);
      places.push(i);
    }
  }
  const used = {
    lags: Int32Array.from(lags),
    inputs: Int32Array.from(places),
    weights: weights.map((own) => Float64Array.from(lags, (lag, k) => own[1 + lag * inputs + places[k]])),
  };
  usedBy.set(weights, used);
  return used;
}

/**
 * Filters a batch: x (batch, time, inputs) → sums (batch, time, targets) in float64, and the next history.
 *
 * Each sum is taken in order of lags, so a row has the same bits in a stream, a chunk and a whole series.
 * @param history the rows before x, (taps − 1, batch, inputs); those before the start of a segment are 0.
 * @param lengths the steps of each sequence; sums of later rows are 0.
 */
export function filterRows(
  filter: Filter,
  x: Float32Array,
  batch: number,
  inputs: number,
  history: Float32Array,
  lengths?: readonly number[],
): [sums: Float64Array, history: Float32Array] {
  const { taps, weights } = filter;
  const time = x.length / batch / inputs;
  const used = usedInputs(filter, inputs);
  const values = new Float64Array(used.lags.length);
  const sums = new Float64Array(batch * time * weights.length);
  const next = new Float32Array(history.length);
  for (let b = 0; b < batch; b++) {
    const steps = lengths?.[b] ?? time;
    /** The place of a row in x, or in the history for the rows before x, which have negative numbers. */
    const place = (row: number) => (row >= 0 ? b * time + row : (taps - 1 + row) * batch + b) * inputs;
    for (let row = 0; row < steps; row++) {
      for (let k = 0; k < values.length; k++) {
        const at = row - used.lags[k];
        values[k] = (at >= 0 ? x : history)[place(at) + used.inputs[k]];
      }
      for (let target = 0; target < weights.length; target++) {
        const w = used.weights[target];
        let sum = weights[target][0];
        for (let k = 0; k < values.length; k++) sum += w[k] * values[k];
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
