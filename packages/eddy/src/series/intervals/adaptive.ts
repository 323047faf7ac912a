/** Adaptive bands of a forecast: their widths follow the errors that have become known. */

/** What conformal PID control is tuned by. */
const control = {
  /** Gain of the quantile tracker, relative to the largest recent score. */
  gain: 0.05,
  /** Scores of which the largest counts. */
  recent: 100,
  /** The integrator saturates at this sum of deviations for each row, before which it is nearly linear. */
  saturation: 5,
  /** Gain of the integrator. */
  integral: 0.5,
};

/**
 * Follows the quantile of a stream of scores by conformal PID control, without a scorecaster:
 * q ← q + gain · (miss − (1 − level)), and width = q + integral · tan(sum of (miss − (1 − level)) · log(n) / (saturation · n)).
 *
 * Source: Angelopoulos, Candès and Tibshirani, Conformal PID Control for Time Series Prediction (2023), arXiv:2307.16895.
 */
export class QuantileTracker {
  readonly #miss: number;
  #quantile = 1;
  #deviation = 0;
  #count = 0;
  readonly #recent: number[] = [];

  /** @param level the share of the scores that should lie below the width. */
  constructor(level: number) {
    this.#miss = 1 - level;
  }

  /** The factor on a band that was calibrated before: 1 at first. */
  get width(): number {
    const rows = this.#count + 1;
    const angle = (this.#deviation * Math.log(rows)) / (control.saturation * rows);
    const limit = Math.PI / 2 - 0.05;
    const integral = control.integral * Math.tan(Math.max(-limit, Math.min(limit, angle)));
    return Math.max(0, this.#quantile + integral);
  }

  /**
   * Learns from a score: an error in units of the band's half-width.
   *
   * @param issued the width that the band had, which was issued some rows before.
   */
  observe(score: number, issued = this.width): void {
    const excess = (score > issued ? 1 : 0) - this.#miss;
    this.#recent.push(score);
    if (this.#recent.length > control.recent) this.#recent.shift();
    this.#quantile += control.gain * Math.max(...this.#recent) * excess;
    this.#deviation += excess;
    this.#count++;
  }
}

/** The adaptive bands of one target: a tracker for each step ahead, which learns when the value of that step is known. */
export class AdaptiveBands {
  readonly #trackers: QuantileTracker[];
  /** The forecasts of the latest rows, the newest last: the expected values, and the half-widths of their calibrated and issued bands. */
  readonly #pending: { expected: Float64Array; half: Float64Array; issued: Float64Array }[] = [];

  constructor(
    private readonly horizon: number,
    level: number,
  ) {
    this.#trackers = Array.from({ length: horizon }, () => new QuantileTracker(level));
  }

  /** Learns from the value of a row, NaN if it is missing. */
  observe(measured: number): void {
    for (let step = 1; step <= this.#pending.length; step++) {
      const { expected, half, issued } = this.#pending[this.#pending.length - step];
      const score = Math.abs(measured - expected[step - 1]) / half[step - 1];
      if (Number.isFinite(score)) this.#trackers[step - 1].observe(score, issued[step - 1] / half[step - 1]);
    }
  }

  /** The half-widths of the forecast from a row, from the calibrated ones; NaN stands for a row without a forecast. */
  widths(expected: Float64Array, half: Float64Array): Float64Array {
    const issued = half.map((own, i) => own * this.#trackers[i].width);
    this.#pending.push({ expected, half, issued });
    if (this.#pending.length > this.horizon) this.#pending.shift();
    return issued;
  }
}
