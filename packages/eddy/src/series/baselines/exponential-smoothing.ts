/** The baseline of exponential smoothing: level, damped trend and season, fitted once and updated with every row. */
import type { Paced } from "../pace.ts";

/** The parameters of a Holt-Winters model with a damped trend; without a season, gamma is 0. */
interface Smoothing {
  alpha: number;
  beta: number;
  gamma: number;
  phi: number;
  multiplicative: boolean;
}

/** What it has learned: the level, the trend, and the effect of each row of a season, the next row's first. */
interface State {
  level: number;
  trend: number;
  seasonal: Float64Array;
  /** The place of the next row in the season. */
  next: number;
}

/** Rows by which the parameters are fitted at most. */
const fittedRows = 3000;
const passes = 3;

/**
 * Forecasts from every row of `values` by exponential smoothing: calls `use` with the forecast of the next `horizon` rows.
 *
 * The parameters minimise the squared error one row ahead in the first `known` rows, over a grid that is refined; additive or
 * multiplicative seasons, whichever is better. A missing value is replaced by its forecast. Source: Hyndman and Athanasopoulos,
 * Forecasting: Principles and Practice, chapter 8.
 * @returns false if the known rows are too few: three seasons, or 10 rows without one.
 */
export function* exponentialSmoothing(
  values: Float64Array,
  known: number,
  season: number | undefined,
  horizon: number,
  use: (row: number, forecast: Float64Array) => void,
): Paced<boolean> {
  const period = season ?? 1;
  if (known < Math.max(10, 3 * (season ?? 0))) return false;
  const first = Math.max(0, known - fittedRows);
  const fitted = values.subarray(first, known);
  const positive = fitted.every((value) => !(value <= 0));
  const kinds = season !== undefined && positive ? [false, true] : [false];
  let [best, smallest] = [undefined as Smoothing | undefined, Number.POSITIVE_INFINITY];
  for (const multiplicative of kinds) {
    let center: Smoothing = { alpha: 0.5, beta: 0.1, gamma: season === undefined ? 0 : 0.3, phi: 0.95, multiplicative };
    let own = Number.POSITIVE_INFINITY;
    for (let pass = 0; pass < passes; pass++) {
      for (const name of ["alpha", "gamma", "beta", "phi"] as const) {
        if (name === "gamma" && season === undefined) continue;
        for (const value of gridOf(center[name], name, pass)) {
          const candidate = { ...center, [name]: value };
          const error = errorOf(fitted, candidate, period);
          if (error < own) [center, own] = [candidate, error];
          yield;
        }
      }
    }
    if (own < smallest) [best, smallest] = [center, own];
  }
  if (best === undefined) return false;
  const state = initial(values, period, best.multiplicative);
  const forecast = new Float64Array(horizon);
  for (let row = 0; row < values.length; row++) {
    update(state, values[row], best);
    let damped = 0;
    let power = 1;
    for (let step = 0; step < horizon; step++) {
      power *= best.phi;
      damped += power;
      const base = state.level + damped * state.trend;
      const effect = state.seasonal[(state.next + step) % period];
      forecast[step] = best.multiplicative ? base * effect : base + effect;
    }
    use(row, forecast);
    if (row % 1000 === 0) yield;
  }
  return true;
}

/** Values to try: the whole range at first, then closer to the best one. */
function gridOf(center: number, name: keyof Omit<Smoothing, "multiplicative">, pass: number): number[] {
  const [low, high] = name === "phi" ? [0.8, 1] : name === "alpha" ? [0.01, 0.99] : [0, 0.9];
  if (pass === 0) return Array.from({ length: 9 }, (_, i) => low + ((high - low) * i) / 8);
  const width = (high - low) / 8 / 3 ** (pass - 1);
  return [-1, -0.5, 0.5, 1].map((side) => Math.max(low, Math.min(high, center + side * width)));
}

/** The mean squared error one row ahead, after the first season. */
function errorOf(values: Float64Array, smoothing: Smoothing, period: number): number {
  const state = initial(values, period, smoothing.multiplicative);
  let [sum, count] = [0, 0];
  for (let row = 0; row < values.length; row++) {
    const error = update(state, values[row], smoothing);
    if (row < period || Number.isNaN(error)) continue;
    sum += error * error;
    count++;
  }
  return sum / count;
}

/** The state before the first row, from the first two seasons. */
function initial(values: Float64Array, period: number, multiplicative: boolean): State {
  const mean = (from: number) => {
    const part = values.subarray(from, from + period).filter((value) => !Number.isNaN(value));
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  };
  const [first, second] = [mean(0), mean(period)];
  const trend = Number.isFinite(second - first) ? (second - first) / period : 0;
  const level = Number.isFinite(first) ? first - ((period + 1) / 2) * trend : 0;
  const seasonal = Float64Array.from({ length: period }, (_, i) => {
    const base = level + (i + 1) * trend;
    if (period === 1 || Number.isNaN(values[i])) return multiplicative ? 1 : 0;
    return multiplicative ? values[i] / base : values[i] - base;
  });
  return { level, trend, seasonal, next: 0 };
}

/** Advances by one row; returns the error of its forecast. */
function update(state: State, measured: number, { alpha, beta, gamma, phi, multiplicative }: Smoothing): number {
  const { level, trend, seasonal, next } = state;
  const base = level + phi * trend;
  const effect = seasonal[next];
  const forecast = multiplicative ? base * effect : base + effect;
  const value = Number.isNaN(measured) ? forecast : measured;
  const adjusted = multiplicative ? value / effect : value - effect;
  state.level = alpha * adjusted + (1 - alpha) * base;
  state.trend = beta * (state.level - level) + (1 - beta) * phi * trend;
  if (seasonal.length > 1) {
    const own = multiplicative ? value / state.level : value - state.level;
    seasonal[next] = gamma * own + (1 - gamma) * effect;
  }
  state.next = (next + 1) % seasonal.length;
  return measured - forecast;
}
