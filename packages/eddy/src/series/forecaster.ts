/** Forecaster: a trained forecast in use. It predicts the next rows of tables and streams; nothing here trains or scores. */
import { display, fault } from "../fault.ts";
import { checkOptions } from "../nn/options.ts";
import { checkFrame } from "./data/check-frame.ts";
import { checkIsFrame, Frame } from "./data/frame.ts";
import { areTimestamps, stepStatistics } from "./data/time.ts";
import { readModel } from "./file/model-file.ts";
import { cleaned, type Derived, derive } from "./forecast/derived-columns.ts";
import { nextTimes } from "./forecast/next-times.ts";
import { inUnits } from "./forecast/own-past.ts";
import { derivedInputs, derivedTargets, type ForecastPlan } from "./forecast/plan.ts";
import { forecastError } from "./forecast/words.ts";
import { ForecastStream, type ForecastStreamOptions } from "./forecast-stream.ts";
import { boundNames, defaultLevel } from "./intervals/intervals.ts";
import { levelRule } from "./intervals/predicted-columns.ts";
import { Model } from "./model.ts";
import { finish, type Paced } from "./pace.ts";

/** Settings of `Forecaster.forecast`. */
export interface ForecastOptions {
  /** The probability of the bands, from 0.5 to 0.99; false for none. 0.9 by default. */
  level?: number | false;
}

/** The derived columns of a table, and what the model predicts for each of its rows. */
export interface ForecastRows {
  derived: Derived;
  /** For each target the predicted changes, and their bounds where there are any: a column for each step. */
  changes: ReadonlyMap<string, Readonly<Record<"value" | "low" | "high", readonly Float64Array[]>>>;
}

/**
 * A trained forecast: it predicts the next rows of each series of a table from the targets' own past, other inputs, inputs that are
 * known ahead, and the calendar.
 *
 * @example
 * const forecaster = Forecaster.fromBytes(bytes);
 * const next = forecaster.forecast(frame); // load, load_low and load_high of the next rows
 */
export class Forecaster {
  /** The model of derived columns. */
  readonly model: Model;
  readonly plan: ForecastPlan;

  /** @throws DataError for a model that is no forecast. */
  constructor(model: Model) {
    if (!(model instanceof Model))
      throw fault(
        "type",
        "Forecaster",
        "a Model",
        display(model),
        "train a forecast, or load one with Forecaster.fromBytes",
      );
    const { forecast } = model.parts.options;
    if (forecast === undefined) throw forecastError("no-forecast-model", {}, "Forecaster");
    this.model = model;
    this.plan = forecast;
  }

  /**
   * The next `horizon` rows of each series, after the last row in which a target is measured, in the data's units: for each target
   * its name, and with `_low` and `_high` the band in which the measured value is expected with probability `level`.
   *
   * Inputs that are known ahead are read from the rows after that one. The times continue those of the frame.
   * @throws DataError for missing columns, a different sampling interval, and missing values that the forecast needs.
   */
  forecast(frame: Frame, options: ForecastOptions = {}): Frame {
    checkOptions("Forecaster.forecast", options, { level: levelRule });
    return finish(this.forecasting(frame, options));
  }

  /** @internal */
  *forecasting(given: Frame, { level = defaultLevel }: ForecastOptions = {}): Paced<Frame> {
    const { plan } = this;
    checkIsFrame("Forecaster.forecast", given);
    const frame = cleaned(given, plan);
    const { targets, horizon } = plan;
    const rows = yield* this.rowsOf(frame, level);
    const series = frame.series().map(({ start, end, label }) => {
      let origin = end - 1;
      while (origin > start && targets.every((name) => Number.isNaN(frame.column(name)[origin]))) origin--;
      this.#checkOrigin(rows, origin, label);
      return { start, origin, label };
    });
    const names = targets.flatMap((target) => (level === false ? [target] : [target, ...boundNames(target, targets)]));
    const columns = new Map(names.map((name) => [name, new Float64Array(series.length * horizon)]));
    const time = frame.time && new Float64Array(series.length * horizon);
    for (const [k, { start, origin }] of series.entries()) {
      for (const name of targets) {
        const [low, high] = boundNames(name, targets);
        const forecast = forecastAt(rows, plan, name, origin);
        columns.get(name)!.set(forecast.value, k * horizon);
        columns.get(low)?.set(forecast.low, k * horizon);
        columns.get(high)?.set(forecast.high, k * horizon);
      }
      const stepMs = this.model.stepMs ?? (frame.time && stepStatistics(frame.time, frame.series()).stepMs) ?? 1;
      time?.set(nextTimes(frame.time!.subarray(start, origin + 1), horizon, stepMs), k * horizon);
    }
    const { groups } = frame;
    const codes = series.flatMap((_, k) => Array<number>(horizon).fill(k));
    const labels = series.map(({ label = "" }) => label);
    return new Frame(columns, { time, group: groups && { codes: Int32Array.from(codes), labels } });
  }

  /** @internal The model's predictions for every row. */
  *rowsOf(frame: Frame, level: number | false, model = this.model): Paced<ForecastRows> {
    const { targets, inputs, known, calendar, horizon } = this.plan;
    checkFrame("Forecaster", frame, [...targets, ...inputs, ...known], this.model.parts.origin);
    if (calendar.length > 0 && !(frame.time && areTimestamps(frame.time))) {
      throw fault("value", "Forecaster", "a frame with timestamps", "one without", "pass { time }");
    }
    const derived = derive(frame, this.plan, false);
    yield;
    const predicted = yield* model.predicting(derived.frame, { level });
    const all = derivedTargets(this.plan);
    const changes = targets.map((target) => {
      const steps = all.slice(targets.indexOf(target) * horizon).slice(0, horizon);
      const columns = (nameOf: (step: string) => string) =>
        steps.flatMap((step) => (predicted.has(nameOf(step)) ? [predicted.column(nameOf(step))] : []));
      const bounds = {
        low: columns((step) => boundNames(step, all)[0]),
        high: columns((step) => boundNames(step, all)[1]),
      };
      return [target, { value: columns((step) => step), ...bounds }] as const;
    });
    return { derived, changes: new Map(changes) };
  }

  /** A stream of forecasts: one row at a time, with a carried state. */
  stream(options: ForecastStreamOptions = {}): ForecastStream {
    return new ForecastStream(this.plan, this.model.stream({ level: options.level }), options);
  }

  /**
   * What the linear filter looks at: for each row of a target's own past, the latest first, its weight in the change that is forecast
   * `step` rows ahead. The past is the value itself for the path "last", and its change in a season for the path "season".
   */
  pastWeights(target: string, step: number): Float64Array {
    const { targets, horizon } = this.plan;
    const j = targets.indexOf(target);
    if (j < 0 || !Number.isInteger(step) || step < 1 || step > horizon) {
      const expected = `one of ${targets.join(", ")} and a step from 1 to ${horizon}`;
      throw fault("value", "Forecaster.pastWeights", expected, `${display(target)}, ${display(step)}`, "see plan");
    }
    const { ensemble, inputScaler, targetScaler } = this.model.parts;
    const { filter, options } = ensemble;
    const place = j * horizon + step - 1;
    const unit = targetScaler.scale[place] / (inputScaler.scale[j] || 1);
    const weight = (lag: number) =>
      lag < 0 || lag >= filter.taps ? 0 : filter.weights[place][1 + lag * options.inputSize + j] * unit;
    // Weights of the changes from row to row, as those of the values.
    const isLast = this.plan.path === "last";
    const length = isLast ? filter.taps + 1 : filter.taps;
    return Float64Array.from({ length }, (_, lag) => weight(lag) - (isLast ? weight(lag - 1) : 0));
  }

  /** The forecast as a safetensors file. */
  toBytes(): Uint8Array {
    return this.model.toBytes();
  }

  /**
   * Reads the bytes that `toBytes` returned.
   *
   * @throws DataError for damaged bytes and other models.
   */
  static fromBytes(bytes: Uint8Array): Forecaster {
    return new Forecaster(new Model(readModel("Forecaster.fromBytes", bytes)));
  }

  #checkOrigin({ derived, changes }: ForecastRows, origin: number, group: string | undefined): void {
    const { targets, known, horizon } = this.plan;
    if (Number.isFinite(changes.get(targets[0])!.value[0][origin])) return;
    const missing = derivedInputs(this.plan).find((name) => Number.isNaN(derived.frame.column(name)[origin]));
    const column = known.find((name) => missing?.startsWith(`${name} +`));
    if (column !== undefined) throw forecastError("known-missing", { column, horizon }, "Forecaster.forecast");
    const values = { column: missing ?? targets[0], ...(group !== undefined && { group }) };
    throw forecastError("past-missing", values, "Forecaster.forecast");
  }
}

/** The forecast of a target from a row in transformed units: `horizon` values, and their bounds, which are empty without bands. */
export function changesAt({ derived, changes }: ForecastRows, plan: ForecastPlan, target: string, row: number) {
  const { targets, horizon } = plan;
  const from = (row * targets.length + targets.indexOf(target)) * horizon;
  const { value, low, high } = changes.get(target)!;
  const sums = (columns: readonly Float64Array[]) =>
    Float64Array.from(columns, (column, i) => derived.anchors[from + i] + column[row]);
  return { value: sums(value), low: sums(low), high: sums(high) };
}

/** The same in the data's units. */
export function forecastAt(rows: ForecastRows, plan: ForecastPlan, target: string, row: number) {
  const { value, low, high } = changesAt(rows, plan, target, row);
  const possible = (sums: Float64Array) => inUnits(sums, plan, target);
  return { value: possible(value), low: possible(low), high: possible(high) };
}
