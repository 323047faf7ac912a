// What the worker says about forecasts: the model, how it was scored on a table, and the forecast from one row.
import type { TimeKind } from "@eddy/ui/reading";
import type { Backtest, ForecastPlan, TrainingSummary } from "eddy/series";
import type { Words } from "../protocol.ts";

/** What is forecast, besides the columns. */
export interface ForecastChoice {
  /** Rows ahead. */
  horizon: number;
  /** Rows of a season, false for none; undefined to find it. */
  season: number | false | undefined;
}

/** A trained forecast, as the page shows it. */
export interface ForecastFacts {
  plan: ForecastPlan;
  parameters: number;
  summary: TrainingSummary | undefined;
  notes: Words[];
  /** For each target, the weights of its past by rows back, for the first, the middle and the last step. */
  weights: Record<string, { step: number; weights: Float64Array }[]>;
}

/** One series of the table of a forecast. */
export interface ForecastSeries {
  label: string | undefined;
  /** Number of origins: rows of the scored part from which the whole horizon is measured. */
  origins: number;
  /** For each target, the lowest and highest value that a chart shows. */
  range: Record<string, [low: number, high: number]>;
}

/** The forecasts of a table at one level of the bands. */
export interface ForecastResults {
  /** Of a table that the model was not trained on. */
  file: string | undefined;
  /** Undefined without a time column: rows are counted. */
  timeKind: TimeKind | undefined;
  /** The share of the rows at the end that was scored; undefined for all rows. */
  test: number | undefined;
  level: number;
  /** Undefined without rows to score, or if they are too few. */
  backtest: Backtest | undefined;
  backtestFailure: Words | undefined;
  /** Why there is no forecast after the last row. */
  nextFailure: Words | undefined;
  series: ForecastSeries[];
}

/** The forecast from one row, with the rows before it and what is measured of the rows after it. */
export interface Fan {
  /** Times, or row numbers of the series from 1: the past up to the origin, and the rows of the forecast. */
  x: Float64Array;
  /** NaN where nothing is measured. */
  measured: Float64Array;
  /** The number of rows up to the origin, which is the last of them. */
  past: number;
  /** `horizon` values each; bands are empty where there are none. */
  value: Float64Array;
  low: Float64Array;
  high: Float64Array;
  adaptiveLow: Float64Array;
  adaptiveHigh: Float64Array;
}
