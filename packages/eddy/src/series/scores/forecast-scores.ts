/** Scores of forecasts: errors, and how well bands hold, over all windows and for each step ahead. */

/** Errors of one predictor, in the target's unit. */
export interface ForecastErrors {
  /** The mean of squared errors. */
  mse: number;
  mae: number;
  /** The mean of 200 · |y − ŷ| / (|y| + |ŷ|), in percent. */
  smape: number;
  /** Values that were scored. */
  values: number;
  /** The mean squared error of each step ahead. */
  steps: number[];
}

/** How well bands hold. */
export interface BandScores {
  level: number;
  /** The share of the measured values that lie within. */
  coverage: number;
  /** The mean width, in the target's unit. */
  width: number;
  /** The same for each step ahead. */
  steps: { coverage: number; width: number }[];
  /** The smallest coverage of any week of forecast values, or of any fifty windows without times. */
  worstPeriod: number;
}

/** Sums of errors, window by window. */
export class ErrorSums {
  readonly #squares: Float64Array;
  readonly #counts: Float64Array;
  #absolute = 0;
  #relative = 0;

  constructor(horizon: number) {
    this.#squares = new Float64Array(horizon);
    this.#counts = new Float64Array(horizon);
  }

  add(measured: ArrayLike<number>, forecast: ArrayLike<number>): void {
    for (let step = 0; step < this.#squares.length; step++) {
      const error = forecast[step] - measured[step];
      if (Number.isNaN(error)) continue;
      this.#squares[step] += error * error;
      this.#counts[step]++;
      this.#absolute += Math.abs(error);
      const size = Math.abs(measured[step]) + Math.abs(forecast[step]);
      this.#relative += size === 0 ? 0 : (200 * Math.abs(error)) / size;
    }
  }

  get result(): ForecastErrors {
    const values = this.#counts.reduce((sum, count) => sum + count, 0);
    return {
      mse: this.#squares.reduce((sum, own) => sum + own, 0) / values,
      mae: this.#absolute / values,
      smape: this.#relative / values,
      values,
      steps: Array.from(this.#squares, (own, step) => own / this.#counts[step]),
    };
  }
}

/** Counts of values within bands, window by window. */
export class BandSums {
  readonly #inside: Float64Array;
  readonly #counts: Float64Array;
  readonly #widths: Float64Array;
  readonly #periods = new Map<number, { inside: number; count: number }>();

  constructor(
    private readonly level: number,
    horizon: number,
  ) {
    this.#inside = new Float64Array(horizon);
    this.#counts = new Float64Array(horizon);
    this.#widths = new Float64Array(horizon);
  }

  /** @param period the number of the period that each step belongs to. */
  add(
    measured: ArrayLike<number>,
    low: ArrayLike<number>,
    high: ArrayLike<number>,
    period: (step: number) => number,
  ): void {
    for (let step = 0; step < this.#inside.length; step++) {
      if (Number.isNaN(measured[step] - low[step])) continue;
      const inside = measured[step] >= low[step] && measured[step] <= high[step] ? 1 : 0;
      this.#inside[step] += inside;
      this.#counts[step]++;
      this.#widths[step] += high[step] - low[step];
      const number = period(step);
      const own = this.#periods.get(number) ?? { inside: 0, count: 0 };
      own.inside += inside;
      own.count++;
      this.#periods.set(number, own);
    }
  }

  get result(): BandScores {
    const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);
    const values = total(this.#counts);
    const periods = [...this.#periods.values()];
    const most = Math.max(0, ...periods.map(({ count }) => count));
    // The first and the last period may be short.
    const whole = periods.filter(({ count }) => count >= most / 2);
    return {
      level: this.level,
      coverage: total(this.#inside) / values,
      width: total(this.#widths) / values,
      steps: Array.from(this.#inside, (inside, step) => ({
        coverage: inside / this.#counts[step],
        width: this.#widths[step] / this.#counts[step],
      })),
      worstPeriod: Math.min(...whole.map(({ inside, count }) => inside / count)),
    };
  }
}
