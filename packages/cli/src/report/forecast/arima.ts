// Seasonal ARIMA as a baseline of forecasts, within a time limit.

import ARIMA from "arima";
import type { ForecastWindow } from "eddy/series";

/** The most rows that a fit sees. */
const mostRows = 1000;
/** Fewer rows are too short a series for these orders. */
const fewestRows = 40;
/** Longer seasons take minutes for each fit. */
const longestSeason = 24;

/** Orders (2, 1, 2)(1, 1, 0), without the seasonal part where there is no season or a long one. */
const orders = { p: 2, d: 1, q: 2, verbose: false };
const seasonal = (season: number) => ({ P: 1, D: 1, Q: 0, s: season });

/**
 * The method to compare with in a backtest: a fit for each window, or for as many evenly spaced ones as the time limit allows.
 *
 * @param now milliseconds of a clock. @param limitMs the time that fits may take in total.
 */
export function arima(now: () => number, limitMs = 10_000) {
  let stride = 0;
  let spentMs = 0;
  return ({ past, horizon, season, index, windows }: ForecastWindow): Float64Array | undefined => {
    if (past.length < Math.max(fewestRows, 3 * (season ?? 0))) return undefined;
    if ((stride > 0 && index % stride > 0) || spentMs > limitMs) return undefined;
    const startedAt = now();
    const forecast = forecastOf(filled(past.subarray(-mostRows)), horizon, season);
    const ms = now() - startedAt;
    spentMs += ms;
    if (stride === 0) stride = Math.max(1, Math.ceil((windows * ms) / limitMs));
    return forecast;
  };
}

function forecastOf(past: number[], horizon: number, season: number | undefined): Float64Array | undefined {
  const inSeasons = season !== undefined && season <= longestSeason && past.length > 3 * season;
  const model = new ARIMA({ ...orders, ...(inSeasons && seasonal(season)) });
  try {
    const [forecast] = model.train(past).predict(horizon);
    return isPlausible(forecast, past) ? Float64Array.from(forecast) : undefined;
  } finally {
    model.destroy();
  }
}

/** The ranges of the past by which a forecast may leave it; a fit that diverges leaves it by far more. */
const mostRanges = 3;

/** Whether a fit has not diverged. */
function isPlausible(forecast: readonly number[], past: readonly number[]): boolean {
  const [low, high] = past.reduce(
    ([min, max], value) => [Math.min(min, value), Math.max(max, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  const most = mostRanges * (high - low);
  return forecast.every((value) => value >= low - most && value <= high + most);
}

/** Missing values are replaced by the last one. */
function filled(values: Float64Array): number[] {
  let last = values.find((value) => !Number.isNaN(value)) ?? 0;
  return Array.from(values, (value) => {
    if (!Number.isNaN(value)) last = value;
    return last;
  });
}
