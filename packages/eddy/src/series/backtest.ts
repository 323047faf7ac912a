/** Backtest: the forecasts from every row of a test part, next to those of simple methods and with their bands. */
import { display, fault } from "../fault.ts";
import { checkOptions, type Rule, rule } from "../nn/options.ts";
import { exponentialSmoothing } from "./baselines/exponential-smoothing.ts";
import { checkIsFrame, type Frame } from "./data/frame.ts";
import type { Rows } from "./data/rows.ts";
import { areTimestamps } from "./data/time.ts";
import { cleaned } from "./forecast/derived-columns.ts";
import { inUnits, OwnPast, transformed } from "./forecast/own-past.ts";
import { forecastError } from "./forecast/words.ts";
import { changesAt, Forecaster, type ForecastRows, forecastAt } from "./forecaster.ts";
import { AdaptiveBands } from "./intervals/adaptive.ts";
import { defaultLevel } from "./intervals/intervals.ts";
import { levelRule } from "./intervals/predicted-columns.ts";
import { Model } from "./model.ts";
import { Ensemble } from "./network/ensemble.ts";
import { type Abort, finish, inTurns, type Paced, signalRule } from "./pace.ts";
import { type BandScores, BandSums, ErrorSums, type ForecastErrors } from "./scores/forecast-scores.ts";

/** Settings of `backtest`. */
export interface BacktestOptions {
  /** The rows whose values are forecast; the rows before them are the past. Default: all rows. */
  rows?: readonly Rows[];
  /** The probability of the bands; 0.9 by default. */
  level?: number | false;
  /** Another method to compare with, which is asked for each window; undefined where it has no forecast. */
  compare?: (window: ForecastWindow) => ArrayLike<number> | undefined;
  /** Receives the forecast of each window as it is scored, for example to draw it. */
  onForecast?: (forecast: ScoredForecast) => void;
}

/** The forecast of one window with its bands: `horizon` values each, in the data's units; the bands are empty without bands. */
export interface ScoredForecast {
  target: string;
  /** The row of the frame from which the forecast is made. */
  row: number;
  /** NaN if values that the forecast needs are missing. */
  value: Float64Array;
  /** The calibrated band. */
  low: Float64Array;
  high: Float64Array;
  /** The band that follows the errors that were known at that row. */
  adaptiveLow: Float64Array;
  adaptiveHigh: Float64Array;
}

/** One window of a backtest, as another method sees it. */
export interface ForecastWindow {
  target: string;
  /** The values of the target's series up to the row of the forecast. */
  past: Float64Array;
  horizon: number;
  season: number | undefined;
  /** The number of the window, from 0, and that of all windows. */
  index: number;
  windows: number;
}

/** The methods that are compared with the model. */
export const forecastMethods = ["last", "season", "smoothing", "linear"] as const;
export type ForecastMethod = (typeof forecastMethods)[number];

/** The backtest of one target. */
export interface TargetBacktest {
  model: ForecastErrors;
  /**
   * The last value; the value one season before; exponential smoothing; and the model's own linear filter. Those without a season or
   * enough rows are missing.
   */
  baselines: Partial<Record<ForecastMethod, ForecastErrors>>;
  /** The errors of the method `compare` and of the model, in the windows in which it had a forecast; missing if it had none. */
  compared?: { method: ForecastErrors; model: ForecastErrors; windows: number };
  /** The method with the smallest mean squared error; ties go to the simplest. */
  winner: "model" | ForecastMethod;
  /** The calibrated bands, and bands that follow the errors as they become known. */
  bands?: { direct: BandScores; adaptive: BandScores };
  /** The root of the mean squared error relative to that of the calibration: below 1, the rows are calmer. */
  roughness: number;
  /** The calibrated bands and the errors in each group; missing without groups. Coverage and width are NaN without bands. */
  groups?: { group: string; coverage: number; width: number; mse: number }[];
}

/** Forecasts from every row, scored. */
export interface Backtest {
  horizon: number;
  /** Rows from which the next `horizon` rows were forecast and all lie in the test part. */
  windows: number;
  /** Of these, windows without a forecast, because the past or a known input is missing. */
  without: number;
  targets: Record<string, TargetBacktest>;
}

/**
 * Scores the forecasts from every row whose horizon lies in the given rows: none is dropped, and nothing is trained again.
 *
 * @throws DataError for missing columns, a different sampling interval, and rows that are no more than the horizon.
 * @example const { targets } = backtest(forecaster, frame);
 */
export function backtest(forecaster: Forecaster, frame: Frame, options: BacktestOptions = {}): Backtest {
  checkArguments("backtest", forecaster, frame, options, backtestRules);
  return finish(backtesting(forecaster, frame, options));
}

/** Like `backtest`, but yields to the event loop every few milliseconds; if `signal` is aborted, the promise rejects with its reason. */
export async function backtestAsync(
  forecaster: Forecaster,
  frame: Frame,
  options: BacktestOptions & { signal?: Abort } = {},
): Promise<Backtest> {
  checkArguments("backtestAsync", forecaster, frame, options, { ...backtestRules, signal: signalRule });
  const { signal, ...rest } = options;
  return inTurns(backtesting(forecaster, frame, rest), signal);
}

const backtestRules = {
  rows: rule<readonly Rows[]>("an array of { start, end }", Array.isArray),
  level: levelRule,
  compare: rule("a function", (value) => typeof value === "function"),
  onForecast: rule("a function", (value) => typeof value === "function"),
};

function checkArguments(
  where: string,
  forecaster: Forecaster,
  frame: Frame,
  options: BacktestOptions,
  rules: Readonly<Record<string, Rule>>,
): void {
  if (!(forecaster instanceof Forecaster)) {
    throw fault("type", where, "a Forecaster", display(forecaster), "train one, or load one with Forecaster.fromBytes");
  }
  checkIsFrame(where, frame);
  checkOptions(where, options, rules);
  const wrong = options.rows?.find(
    (range) =>
      !(Number.isInteger(range?.start) && Number.isInteger(range.end)) ||
      range.start < 0 ||
      range.start >= range.end ||
      range.end > frame.length,
  );
  if (options.rows === undefined || !options.rows.includes(wrong!)) return;
  const received = wrong ? `${display(wrong.start)} and ${display(wrong.end)}` : display(wrong);
  const expected = `0 ≤ start < end ≤ ${frame.length} (the rows)`;
  throw fault("value", `${where}, rows`, expected, received, "count from the first row of this frame");
}

/** The rows of an uninterrupted series from which forecasts are scored, from `first` up to but excluding `end`. */
interface Origins {
  run: Rows;
  first: number;
  end: number;
  label?: string | undefined;
}

/** @internal */
export function* backtesting(
  forecaster: Forecaster,
  given: Frame,
  { rows = given.series(), level = defaultLevel, compare, onForecast }: BacktestOptions,
): Paced<Backtest> {
  const { plan, model } = forecaster;
  const { horizon, targets } = plan;
  const frame = cleaned(given, plan);
  const of = yield* forecaster.rowsOf(frame, level);
  const linear = yield* forecaster.rowsOf(frame, false, filterAlone(model));
  const origins = originsIn(of.derived.runs, rows, frame, horizon);
  const windows = origins.reduce((sum, { first, end }) => sum + end - first, 0);
  if (windows === 0) {
    const received = rows.reduce((sum, { start, end }) => sum + end - start, 0);
    throw forecastError("no-windows", { rows: received, horizon }, "backtest");
  }
  const result: Backtest = { horizon, windows, without: 0, targets: {} };
  for (const target of targets) {
    const scores = yield* ofTarget(forecaster, frame, target, { of, linear }, origins, { level, compare, onForecast });
    result.targets[target] = scores.backtest;
    result.without = Math.max(result.without, scores.without);
  }
  return result;
}

/** The model without its networks. */
function filterAlone(model: Model): Model {
  const { options, filter, range } = model.parts.ensemble;
  return new Model({ ...model.parts, ensemble: new Ensemble(options, filter, [], undefined, range) });
}

function originsIn(runs: readonly Rows[], rows: readonly Rows[], frame: Frame, horizon: number): Origins[] {
  const series = frame.series();
  return runs.flatMap((run) =>
    rows.flatMap(({ start, end }) => {
      const first = Math.max(run.start, start - 1);
      const last = Math.min(run.end, end) - horizon;
      const { label } = series.find((own) => own.start <= run.start && run.start < own.end)!;
      return first < last ? [{ run, first, end: last, label }] : [];
    }),
  );
}

function* ofTarget(
  { plan, model }: Forecaster,
  frame: Frame,
  target: string,
  { of, linear }: { of: ForecastRows; linear: ForecastRows },
  origins: readonly Origins[],
  { level, compare, onForecast }: { level: number | false } & Pick<BacktestOptions, "compare" | "onForecast">,
): Paced<{ backtest: TargetBacktest; without: number }> {
  const { horizon, season } = plan;
  const measured = frame.column(target);
  const sums = Object.fromEntries(
    ["model", ...forecastMethods].map((name) => [name, new ErrorSums(horizon)]),
  ) as Record<"model" | ForecastMethod, ErrorSums>;
  const bandLevel = level === false ? defaultLevel : level;
  const [direct, adaptive] = [new BandSums(bandLevel, horizon), new BandSums(bandLevel, horizon)];
  const byGroup = new Map<string, { bands: BandSums; errors: ErrorSums }>();
  const hasBands = level !== false && model.parts.intervals !== undefined;
  const compared = { method: new ErrorSums(horizon), model: new ErrorSums(horizon), windows: 0 };
  const windows = origins.reduce((sum, { first, end }) => sum + end - first, 0);
  const none = new Float64Array(0);
  const noBands = { low: none, high: none, adaptiveLow: none, adaptiveHigh: none };
  /** The errors in the units in which the bands were calibrated. */
  const inPlanUnits = new ErrorSums(horizon);
  let index = 0;
  let without = 0;
  let smoothed = true;
  for (const { run, first, end, label } of origins) {
    const values = measured.subarray(run.start, run.end);
    const periodOf = periodsOf(frame, run);
    const isOrigin = (row: number) => row >= first && row < end;
    const next = (row: number) => measured.subarray(row + 1, row + 1 + horizon);
    smoothed &&= yield* exponentialSmoothing(values, first + 1 - run.start, season, horizon, (row, forecast) => {
      if (isOrigin(run.start + row)) sums.smoothing.add(next(run.start + row), forecast);
    });
    const simple = (["last", "season"] as const).flatMap((path) =>
      path === "season" && season === undefined
        ? []
        : [{ path, past: new OwnPast({ ...plan, path, transform: "none" }) }],
    );
    const bands = new AdaptiveBands(horizon, bandLevel);
    if (label !== undefined && !byGroup.has(label)) {
      byGroup.set(label, { bands: new BandSums(bandLevel, horizon), errors: new ErrorSums(horizon) });
    }
    const group = label === undefined ? undefined : byGroup.get(label);
    for (let row = run.start; row < Math.min(end, run.end); row++) {
      if (row % 256 === 0) yield;
      for (const { past } of simple) past.push(measured[row]);
      const { value, low, high } = changesAt(of, plan, target, row);
      const possible = (sums: Float64Array) => inUnits(sums, plan, target);
      const forecast = possible(value);
      const scored: ScoredForecast = { target, row, value: forecast, ...noBands };
      if (hasBands) {
        // In the units in which the bands are symmetrical, as in a stream.
        bands.observe(transformed(measured[row], plan));
        const widths = bands.widths(
          value,
          high.map((bound, i) => bound - value[i]),
        );
        if (isOrigin(row)) {
          const bound = (side: 1 | -1) => possible(value.map((middle, i) => middle + side * widths[i]));
          const period = (step: number) => periodOf(row + 1 + step);
          const own = { low: possible(low), high: possible(high), adaptiveLow: bound(-1), adaptiveHigh: bound(1) };
          Object.assign(scored, own);
          direct.add(next(row), own.low, own.high, period);
          adaptive.add(next(row), own.adaptiveLow, own.adaptiveHigh, period);
          group?.bands.add(next(row), own.low, own.high, period);
        }
      }
      if (!isOrigin(row)) continue;
      onForecast?.(scored);
      if (Number.isNaN(forecast[0])) without++;
      sums.model.add(next(row), forecast);
      inPlanUnits.add(
        next(row).map((own) => transformed(own, plan)),
        value,
      );
      group?.errors.add(next(row), forecast);
      sums.linear.add(next(row), forecastAt(linear, plan, target, row).value);
      const past = values.subarray(0, row + 1 - run.start);
      const other = compare?.({ target, past, horizon, season, index: index++, windows });
      if (other !== undefined) {
        compared.method.add(next(row), other);
        compared.model.add(next(row), forecast);
        compared.windows++;
        yield;
      }
      for (const { path, past } of simple) {
        sums[path].add(
          next(row),
          Array.from({ length: horizon }, (_, i) => past.anchor(i + 1)),
        );
      }
    }
  }
  const baselines = Object.fromEntries(
    forecastMethods.flatMap((name) => {
      const { values, ...errors } = sums[name].result;
      return values === 0 || (name === "smoothing" && !smoothed) ? [] : [[name, { ...errors, values }]];
    }),
  ) as TargetBacktest["baselines"];
  const own = sums.model.result;
  const method = compared.method.result;
  const candidates = [
    ...forecastMethods.flatMap((name) => (baselines[name] ? [[name, baselines[name].mse] as const] : [])),
  ];
  const [winner] = [...candidates, ["model", own.mse] as const].reduce((best, other) =>
    other[1] < best[1] ? other : best,
  );
  return {
    without,
    backtest: {
      model: own,
      baselines,
      winner,
      ...(method.values > 0 && { compared: { method, model: compared.model.result, windows: compared.windows } }),
      ...(hasBands && { bands: { direct: direct.result, adaptive: adaptive.result } }),
      roughness: roughnessOf(model, plan.targets.indexOf(target) * horizon, inPlanUnits.result),
      ...(byGroup.size > 0 && {
        groups: [...byGroup].map(([group, { bands, errors }]) => {
          const { coverage, width } = bands.result;
          return { group, coverage, width, mse: errors.result.mse };
        }),
      }),
    },
  };
}

const weekMs = 604_800_000;

/** The period of a row: its week, or without timestamps fifty rows. */
function periodsOf({ time }: Frame, run: Rows): (row: number) => number {
  if (time && areTimestamps(time)) return (row) => Math.floor((time[row] - time[run.start]) / weekMs);
  return (row) => Math.floor((row - run.start) / 50);
}

/** How large the errors are, relative to those by which the bands were calibrated; NaN without bands, and if these were all 0. */
function roughnessOf({ parts }: Model, first: number, { steps }: ForecastErrors): number {
  const { intervals, targetScaler } = parts;
  if (intervals === undefined) return Number.NaN;
  const ratios = steps.flatMap((mse, i) => {
    const calibrated = intervals.typical[first + i] * targetScaler.scale[first + i];
    return calibrated === 0 ? [] : [mse / calibrated ** 2];
  });
  return Math.sqrt(ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length);
}
