/** Training of forecasts: `trainForecast` returns a `ForecastTraining`, which yields reports and provides the forecaster. */

import { display, fault } from "../fault.ts";
import { checkOptions, flag, oneOf, positiveInteger, rule } from "../nn/options.ts";
import { type Backtest, backtesting } from "./backtest.ts";
import { boundsRule } from "./data/bounds.ts";
import { checkFrame } from "./data/check-frame.ts";
import { checkIsFrame, Frame } from "./data/frame.ts";
import { countRows, longestOf, type Rows } from "./data/rows.ts";
import { areTimestamps } from "./data/time.ts";
import { cyclesOf } from "./forecast/calendar.ts";
import { cleaned, derive } from "./forecast/derived-columns.ts";
import { rowsToBridge } from "./forecast/own-past.ts";
import { derivedInputs, derivedTargets, type ForecastPlan, stepName } from "./forecast/plan.ts";
import { forecastError } from "./forecast/words.ts";
import { Forecaster } from "./forecaster.ts";
import { inTurns } from "./pace.ts";
import type { TrainingReport, TrainingSummary } from "./record/report.ts";
import { checkTrainOptions, type ModelOptions, type TrainingOptions } from "./settings/options.ts";
import { settingsError } from "./settings/words.ts";
import { type Training, train } from "./train.ts";
import { givenOf } from "./training/defaults.ts";
import { findSeason, type JudgedPath, judgePaths } from "./training/forecast-path.ts";
import { chronologicalSplit } from "./training/split.ts";
import { trainingError } from "./training/words.ts";

/** What is forecast from what. */
export interface ForecastColumns {
  /** Names of the columns to forecast, from their own past among others. */
  targets: readonly string[];
  /** Number of rows ahead. */
  horizon: number;
  /** Names of other columns, which are known up to the row from which the forecast is made. Default: none. */
  inputs?: readonly string[];
  /** Names of columns that are known for the rows of the forecast, too. Default: none. */
  known?: readonly string[];
  /** Rows of a season; false for none. Default: found by autocorrelation in the training part. */
  season?: number | false;
  /** What the model corrects: the last value, or that one season before. Default: chosen on blocks. */
  path?: ForecastPlan["path"];
  /** Whether changes are those of the logarithms. Default: chosen on blocks, if all training values are positive. */
  transform?: ForecastPlan["transform"];
  /** Whether the time of day, of the week and of the year are inputs. Default: true for rows with timestamps. */
  calendar?: boolean;
}

/** Options of `trainForecast`. */
export type ForecastTrainOptions = ForecastColumns &
  Omit<ModelOptions, "inputs" | "targets" | "forecast" | "task" | "initialWindow"> &
  TrainingOptions;

/** What is known about a trained forecast. */
export interface ForecastSummary {
  plan: ForecastPlan;
  /** The paths that were compared on blocks by the linear filter, the chosen one first, then by their errors; none if both path and transformation were given. */
  paths: readonly JudgedPath[];
  /** The training of the model of derived columns. */
  training: TrainingSummary;
  /** The backtest on the test part; undefined without one. */
  test?: Backtest;
}

/**
 * The networks of a forecast learn what a long linear filter leaves, which is little: small steps, and fewer of them than for a
 * model of inputs alone. From trials on the training and validation parts of ETTh1.
 */
const forecastDefaults = { hiddenSize: 16, variants: 1, learningRate: 0.003, weightDecay: 0.003, randomStarts: 0 };
const forecastSteps = 700;
/** The linear filter reads a cycle of the calendar that occurs as often. */
const minFrequent = 100;
/** Rows at the start of each series that are not learned from, because the filter would have read beyond it. */
const washoutShare = 0.02;
const mostWashout = 96;

const names = rule<readonly string[]>(
  "an array of column names",
  (value) => Array.isArray(value) && value.every((name) => typeof name === "string" && name !== ""),
);

const columnRules = {
  targets: names,
  horizon: positiveInteger,
  inputs: names,
  known: names,
  season: rule<number | false>(
    "an integer ≥ 2, or false",
    (value) => value === false || (Number.isInteger(value) && Number(value) >= 2),
  ),
  path: oneOf("last", "season"),
  transform: oneOf("none", "log"),
  calendar: flag,
  bounds: boundsRule,
};

/**
 * Trains a forecast of the next rows of a frame.
 *
 * Everything is chosen and calibrated on blocks of the training part; the test part is backtested once, at the end. Rows whose horizon
 * reaches into a block are not learned from where that block validates.
 * @throws TypeError for unknown or invalid settings.
 * @example
 * const training = trainForecast(frame, { targets: ["load"], horizon: 24, inputs: ["temperature"], known: ["holiday"] });
 * for await (const { progress } of training) console.log(progress);
 * const next = training.forecaster.forecast(frame);
 */
export function trainForecast(frame: Frame, options: ForecastTrainOptions): ForecastTraining {
  checkIsFrame("trainForecast", frame);
  if (typeof options !== "object" || options === null) {
    throw fault("type", "trainForecast", "an object of options", display(options), "for example { targets, horizon }");
  }
  const entries = Object.entries(options);
  const [columns, others] = [true, false].map((own) =>
    Object.fromEntries(entries.filter(([name]) => Object.hasOwn(columnRules, name) === own)),
  );
  checkOptions("trainForecast", columns, columnRules, ["targets", "horizon"]);
  const { targets, inputs = [], known = [], bounds = {} } = options;
  if (targets.length === 0)
    throw fault("type", "trainForecast", "at least one target", "none", "name the columns to forecast");
  const all = [...targets, ...inputs, ...known];
  const duplicate = all.find((name, i) => all.indexOf(name) < i);
  if (duplicate !== undefined)
    throw settingsError("duplicate-name", { column: duplicate, role: "inputs" }, "trainForecast");
  if (options.validation instanceof Frame) {
    throw fault(
      "type",
      "trainForecast, validation",
      "a share such as 0.25",
      "a Frame",
      "omit it to validate on blocks",
    );
  }
  const unknown = Object.keys(bounds).find((name) => !targets.includes(name));
  if (unknown !== undefined)
    throw settingsError("bounds-without-target", { column: unknown, targets }, "trainForecast");
  checkTrainOptions({ ...others, inputs: targets, targets: targets.map((name) => stepName(name, 1)) });
  return new ForecastTraining(frame, options);
}

/** A training run: an async iterable of reports, as `Training` is. */
export class ForecastTraining implements AsyncIterable<TrainingReport> {
  readonly #frame: Frame;
  readonly #options: ForecastTrainOptions;
  #training: Training | undefined;
  #summary: ForecastSummary | undefined;

  /** @internal Use `trainForecast`. */
  constructor(frame: Frame, options: ForecastTrainOptions) {
    this.#frame = frame;
    this.#options = options;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<TrainingReport, void> {
    const { signal, test = 0 } = this.#options;
    const prepared = await inTurns(prepareForecast(this.#frame, this.#options), signal);
    const { plan, paths, derived, settings } = prepared;
    const training = train(derived, settings);
    this.#training = training;
    yield* training;
    const { forecaster } = this;
    const frame = test instanceof Frame ? test : this.#frame;
    const rows = test instanceof Frame ? frame.series() : chronologicalSplit(frame, { test }).test;
    const backtest = countRows(rows) === 0 ? undefined : await inTurns(backtesting(forecaster, frame, { rows }));
    this.#summary = { plan, paths, training: training.summary!, ...(backtest && { test: backtest }) };
  }

  /**
   * The forecaster with the best weights so far.
   *
   * @throws DataError before the first validation.
   */
  get forecaster(): Forecaster {
    return new Forecaster(this.training.model);
  }

  /** The training of the model of derived columns; @throws before the first report. */
  get training(): Training {
    if (this.#training !== undefined) return this.#training;
    throw fault(
      "state",
      "ForecastTraining",
      "a training that has started",
      "one that has not",
      "iterate over it first",
    );
  }

  /** The summary; undefined until the end. */
  get summary(): ForecastSummary | undefined {
    return this.#summary;
  }

  /** A safetensors file from which `trainForecast(frame, { resume })` continues bit for bit, as of the last validation. */
  checkpoint(): Uint8Array {
    return this.training.checkpoint();
  }
}

/** Chooses the plan on the training part, and derives its columns. */
function* prepareForecast(given: Frame, options: ForecastTrainOptions) {
  const {
    targets,
    horizon,
    inputs = [],
    known = [],
    season: seasonGiven,
    path,
    transform,
    calendar = true,
    bounds = {},
    missing = [],
    ...rest
  } = options;
  const { test = 0, ...training } = rest;
  const { stepMs } = checkFrame("trainForecast", given, [...targets, ...inputs, ...known]);
  const frame = cleaned(given, { targets, inputs, known, missing });
  const split = test instanceof Frame || test === 0 ? undefined : chronologicalSplit(frame, { test });
  const part = split ? withoutRows(frame, split.train) : frame;
  const tested = test instanceof Frame ? test.series() : split?.test;
  if (tested) {
    // Known before the training, which may take long; in a table of its own, the first row is the past.
    const past = split ? 0 : 1;
    const longest = longestOf(tested);
    if (longest < horizon + past) throw forecastError("no-windows", { rows: longest, horizon }, "trainForecast");
  }
  const least = 3 * horizon;
  if (part.length < least) throw forecastError("short-for-horizon", { rows: part.length, least }, "trainForecast");
  for (const column of targets) {
    const present = part.column(column).filter((value) => !Number.isNaN(value));
    if (present.length > 0 && present.every((value) => value === present[0])) {
      throw trainingError("constant-target", { column, value: present[0] }, "trainForecast");
    }
  }
  const bridged = targets.map((name) =>
    rowsToBridge(part.series().map(({ start, end }) => part.column(name).subarray(start, end))),
  );
  const mostBridged = Math.max(...bridged.map((rows = 0) => rows));
  // Rarely measured targets show no season.
  const found =
    seasonGiven === undefined && bridged[0] === undefined ? findSeason(longestSeries(part, targets[0])) : seasonGiven;
  const season = found === false ? undefined : found;
  const most = Math.floor(longestOf(part.series()) / 2);
  if (season !== undefined && season > most) throw forecastError("long-season", { season, most }, "trainForecast");
  const positive = targets.every((name) => part.column(name).every((value) => Number.isNaN(value) || value > 0));
  const { time } = part;
  const spanMs = time && Math.max(...part.series().map(({ start, end }) => time[end - 1] - time[start]));
  const occurring = (least: number) =>
    calendar && time && stepMs !== undefined && areTimestamps(time) ? cyclesOf(stepMs, spanMs!, least) : [];
  const [cycles, frequent] = [2, minFrequent].map(occurring);
  const paths = path ? [path] : season === undefined ? (["last"] as const) : (["last", "season"] as const);
  const transforms = transform ? [transform] : positive ? (["none", "log"] as const) : (["none"] as const);
  const plans = paths.flatMap((path) =>
    transforms.map(
      (transform): ForecastPlan => ({
        ...{ targets: [...targets], inputs: [...inputs], known: [...known], horizon, path },
        ...(season !== undefined && { season }),
        ...(mostBridged > 0 && { bridged: Math.max(mostBridged, season ?? 0) }),
        ...{ transform, calendar: cycles, frequentCycles: frequent, bounds: { ...bounds }, missing: [...missing] },
      }),
    ),
  );
  const washout = Math.min(mostWashout, Math.floor(washoutShare * longestOf(part.series())));
  const settings = { washout, ...forecastDefaults, ...givenOf(training) };
  const judged: JudgedPath[] = plans.length === 1 ? [] : yield* judgePaths(part, plans, settings);
  const [best = plans[0]] = judged;
  const plan = plans.find(({ path, transform }) => path === best.path && transform === best.transform)!;
  const derived = derive(part, plan, true).frame;
  const epochs = Math.max(2, Math.ceil(forecastSteps / Math.max(1, part.length / 128)));
  return {
    plan,
    paths: judged,
    derived,
    settings: {
      epochs,
      validateEvery: Math.max(1, Math.floor(epochs / 20)),
      ...settings,
      inputs: derivedInputs(plan),
      targets: derivedTargets(plan),
      forecast: plan,
    },
  };
}

/** The values of a column in its longest series. */
function longestSeries(frame: Frame, name: string): Float64Array {
  const [{ start, end }] = frame.series().sort((a, b) => b.end - b.start - (a.end - a.start));
  return frame.column(name).subarray(start, end);
}

/** A frame of these rows alone. */
function withoutRows(frame: Frame, rows: readonly Rows[]): Frame {
  const length = countRows(rows);
  const taken = (values: Float64Array) => {
    const own = new Float64Array(length);
    let at = 0;
    for (const { start, end } of rows) {
      own.set(values.subarray(start, end), at);
      at += end - start;
    }
    return own;
  };
  const { time, groups } = frame;
  const codes = groups && Int32Array.from(taken(Float64Array.from(groups.codes)));
  return new Frame(new Map(frame.names.map((name) => [name, taken(frame.column(name))])), {
    time: time && taken(time),
    group: groups && codes && { codes, labels: groups.labels },
  });
}
