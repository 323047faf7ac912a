// A forecast and the table that it is applied to: the backtest, the forecast from any of its rows, and the next rows.
import { csvChunks, type PredictedTable, tableOf } from "@eddy/ui/results";
import {
  backtestAsync,
  boundNames,
  chronologicalSplit,
  DataError,
  type Forecaster,
  type Frame,
  type Rows,
  type ScoredForecast,
  summaryOf,
} from "eddy/series";
import type { Words } from "../protocol.ts";
import { notesOf, wordsOf } from "../words.ts";
import type { Fan, ForecastFacts, ForecastResults, ForecastSeries } from "./protocol.ts";

/** More values would need too much memory: of a longer test part, evenly spaced origins are shown. */
const mostValues = 1_500_000;
const fewestPastRows = 24;

/** A table, and how it was read. */
export interface ForecastTable extends PredictedTable {
  frame: Frame;
  /** Of a table that the model was not trained on. */
  file?: string;
  /** The share of the rows at the end that is scored, 0 for none; undefined for all rows. */
  test?: number;
}

export class ShownForecast {
  /** The scored forecasts of each target, by the row from which they are made. */
  #scored = new Map<string, ScoredForecast[]>();
  #next: Frame | undefined;

  constructor(
    private readonly forecaster: Forecaster,
    private readonly table: ForecastTable,
  ) {}

  /** Forecasts from every row of the scored part, and the next rows. What is not possible is explained in the results. */
  async score(level: number): Promise<ForecastResults> {
    const { forecaster } = this;
    const { file, frame, test, timeKind } = this.table;
    const { targets, horizon } = forecaster.plan;
    const rows = test === undefined ? frame.series() : chronologicalSplit(frame, { test }).test;
    const scored = new Map(targets.map((target) => [target, [] as ScoredForecast[]]));
    const count = rows.reduce((sum, { start, end }) => sum + end - start, 0);
    const every = Math.ceil((count * horizon * targets.length) / mostValues);
    const onForecast = (forecast: ScoredForecast) => {
      if (forecast.row % every === 0) scored.get(forecast.target)!.push(forecast);
    };
    const [backtest, backtestFailure] =
      count === 0 ? [] : await attempt(() => backtestAsync(forecaster, frame, { rows, level, onForecast }));
    const [next, nextFailure] = await attempt(() => forecaster.forecast(frame, { level }));
    this.#scored = scored;
    this.#next = next;
    const series = frame.series().map((own, place) => this.#describe(own, place));
    return { file, timeKind, test, level, backtest, backtestFailure, nextFailure, series };
  }

  /** The forecast from an origin of a series; from the last measured row for the number after the last origin. */
  fan(target: string, series: number, origin: number): Fan | undefined {
    const { frame } = this.table;
    const rows = frame.series()[series];
    if (rows === undefined) return undefined;
    const forecast = this.#in(rows, target)[origin] ?? this.#nextOf(rows, series, target);
    if (forecast === undefined) return undefined;
    const { row, value, low, high, adaptiveLow, adaptiveHigh } = forecast;
    const { horizon } = this.forecaster.plan;
    const from = Math.max(rows.start, row + 1 - this.#pastRows);
    const end = Math.min(rows.end, row + 1 + horizon);
    const past = row + 1 - from;
    const measured = new Float64Array(past + horizon).fill(Number.NaN);
    measured.set(frame.column(target).subarray(from, end));
    // Beyond the last row, the times are those of the next rows.
    const ahead = this.#next?.time?.subarray(series * horizon, (series + 1) * horizon);
    const lastMeasured = this.#lastMeasured(rows);
    const x = Float64Array.from(measured, (_, i) => {
      const at = from + i;
      if (!frame.time) return at - rows.start + 1;
      return at < rows.end ? frame.time[at]! : (ahead?.[at - lastMeasured - 1] ?? Number.NaN);
    });
    return { x, measured, past, value, low, high, adaptiveLow, adaptiveHigh };
  }

  /** The next rows as CSV, as `eddy predict` writes them. */
  csv(): string {
    if (!this.#next) throw new Error("expected a forecast of the next rows, received none; see what is missing");
    const { targets } = this.forecaster.plan;
    const names = targets.flatMap((name) => [name, ...boundNames(name, targets)]);
    return [...csvChunks(tableOf(this.#next, this.table, names))].join("");
  }

  get #pastRows(): number {
    return Math.max(fewestPastRows, 3 * this.forecaster.plan.horizon);
  }

  /** The scored forecasts from rows of a series before its last measured one. */
  #in(rows: Rows, target: string): ScoredForecast[] {
    const last = this.#lastMeasured(rows);
    return this.#scored.get(target)!.filter(({ row }) => row >= rows.start && row < last);
  }

  /** The last row in which a target is measured. */
  #lastMeasured({ start, end }: Rows): number {
    const { frame } = this.table;
    const columns = this.forecaster.plan.targets.map((name) => frame.column(name));
    let row = end - 1;
    while (row > start && columns.every((values) => Number.isNaN(values[row]))) row--;
    return row;
  }

  #nextOf(rows: Rows, series: number, target: string): ScoredForecast | undefined {
    const next = this.#next;
    if (next === undefined) return undefined;
    const { horizon, targets } = this.forecaster.plan;
    const [lowName, highName] = boundNames(target, targets);
    const none = new Float64Array(0);
    const own = (name: string) =>
      next.has(name) ? next.column(name).slice(series * horizon, (series + 1) * horizon) : none;
    const bands = { low: own(lowName), high: own(highName), adaptiveLow: none, adaptiveHigh: none };
    return { target, row: this.#lastMeasured(rows), value: own(target), ...bands };
  }

  #describe(rows: Rows & { label?: string | undefined }, place: number): ForecastSeries {
    const { targets } = this.forecaster.plan;
    const { frame } = this.table;
    const range = targets.map((target) => {
      const forecasts = this.#in(rows, target);
      const next = this.#nextOf(rows, place, target);
      const first = Math.max(rows.start, (forecasts[0] ?? next)?.row ?? rows.start) - this.#pastRows;
      let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      const extend = (values: Float64Array) => {
        for (const value of values) {
          if (value < lowest) lowest = value;
          if (value > highest) highest = value;
        }
      };
      extend(frame.column(target).subarray(Math.max(rows.start, first), rows.end));
      const shown = next ? [...forecasts, next] : forecasts;
      for (const { value, low, high } of shown) for (const own of [value, low, high]) extend(own);
      return [target, lowest <= highest ? [lowest, highest] : [0, 1]] as [string, [number, number]];
    });
    return { label: rows.label, origins: this.#in(rows, targets[0]!).length, range: Object.fromEntries(range) };
  }
}

/** What the page shows of a model. */
export function forecastFacts(forecaster: Forecaster): ForecastFacts {
  const { plan, model } = forecaster;
  const summary = summaryOf(model);
  const steps = [...new Set([1, Math.ceil(plan.horizon / 2), plan.horizon])];
  const weights = plan.targets.map(
    (target) => [target, steps.map((step) => ({ step, weights: forecaster.pastWeights(target, step) }))] as const,
  );
  return {
    ...{ plan, parameters: model.parameterCount, summary, notes: notesOf(summary) },
    weights: Object.fromEntries(weights),
  };
}

/** The result, or why the data does not allow it. */
async function attempt<T>(act: () => T | Promise<T>): Promise<[T, undefined] | [undefined, Words]> {
  try {
    return [await act(), undefined];
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return [undefined, wordsOf(error)];
  }
}
