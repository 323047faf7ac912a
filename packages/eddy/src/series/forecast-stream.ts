/** A stream of forecasts: from each new row, the next rows, with a carried state. */
import { display, fault } from "../fault.ts";
import { checkOptions, flag } from "../nn/options.ts";
import { calendarAt } from "./forecast/calendar.ts";
import { inUnits, OwnPast, transformed } from "./forecast/own-past.ts";
import { derivedInputs, derivedTargets, type ForecastPlan, knownSteps, stepName } from "./forecast/plan.ts";
import { AdaptiveBands } from "./intervals/adaptive.ts";
import { boundNames, defaultLevel } from "./intervals/intervals.ts";
import { levelRule } from "./intervals/predicted-columns.ts";

/** Settings of `Forecaster.stream`. */
export interface ForecastStreamOptions {
  /** The probability of the bands, from 0.5 to 0.99; false for none. 0.9 by default. */
  level?: number | false;
  /** Whether the widths of the bands follow the errors of the stream's own forecasts. Default: false. */
  adaptive?: boolean;
}

/** A row: numbers, and for each input that is known ahead its value in this row and in the next `horizon` rows. */
export type ForecastRow = Readonly<Record<string, number | ArrayLike<number>>>;

/** Predicts derived columns row by row. */
interface Steps {
  predict(row: Record<string, number>): Record<string, number>;
}

/** Forecasts row by row; every row takes the same time, and the results are bit-identical to those of a table. */
export class ForecastStream {
  readonly #plan: ForecastPlan;
  readonly #steps: Steps;
  readonly #level: number | false;
  readonly #pasts: OwnPast[];
  readonly #bands: AdaptiveBands[] | undefined;

  /** @internal Use `Forecaster.stream`. */
  constructor(plan: ForecastPlan, steps: Steps, options: ForecastStreamOptions) {
    checkOptions("Forecaster.stream", options, { level: levelRule, adaptive: flag });
    const { level = defaultLevel, adaptive = false } = options;
    this.#plan = plan;
    this.#steps = steps;
    this.#level = level;
    this.#pasts = plan.targets.map(() => new OwnPast(plan));
    if (adaptive && level !== false) this.#bands = plan.targets.map(() => new AdaptiveBands(plan.horizon, level));
  }

  /**
   * Advances by one row and forecasts the next rows: for each target an array of `horizon` values, and with `_low` and `_high` their
   * bands.
   *
   * @param timeMs the time of the row, which forecasts with calendar features need.
   * @example stream.predict({ load: 5.1, holiday: [0, 0, 1] }, Date.now()).load[0] // the next row
   */
  predict(row: ForecastRow, timeMs?: number): Record<string, Float64Array> {
    const plan = this.#plan;
    const { targets, inputs, known, horizon, calendar } = plan;
    if (typeof row !== "object" || row === null) {
      throw fault("type", "ForecastStream.predict", "an object with a value per column", display(row), "see plan");
    }
    const values: number[] = [];
    const contexts: number[] = [];
    const sizes: number[] = [];
    for (const [j, target] of targets.entries()) {
      const measured = this.#number(row, target);
      this.#bands?.[j].observe(transformed(measured, plan));
      const { change, context, size } = this.#pasts[j].push(measured);
      values.push(change);
      sizes.push(size);
      contexts.push(...context);
    }
    for (const name of inputs) values.push(this.#number(row, name));
    const ahead = known.map((name) => this.#ahead(row, name));
    for (const own of ahead) values.push(own[0]);
    for (const own of ahead) {
      for (const { first, last } of knownSteps(plan)) {
        let sum = 0;
        for (let step = first; step <= last; step++) sum += own[step];
        values.push(sum / (last - first + 1));
      }
    }
    if (calendar.length > 0) {
      if (timeMs === undefined || !Number.isFinite(timeMs)) {
        throw fault(
          "type",
          "ForecastStream.predict",
          "the time of the row",
          display(timeMs),
          "pass it in milliseconds",
        );
      }
      for (const cycle of calendar) {
        const own = calendarAt(cycle, timeMs);
        for (const size of sizes) values.push(...own.map((value) => value * size));
      }
    }
    values.push(...contexts);
    const changes = this.#steps.predict(Object.fromEntries(derivedInputs(plan).map((name, i) => [name, values[i]])));
    const derived = derivedTargets(plan);
    const forecast: Record<string, Float64Array> = {};
    for (const [j, target] of targets.entries()) {
      const columns = [target, ...(this.#level === false ? [] : boundNames(target, targets))];
      const anchor = Array.from({ length: horizon }, (_, i) => this.#pasts[j].anchor(i + 1));
      const sums = columns.map((_, kind) =>
        Float64Array.from(anchor, (path, i) => {
          const step = stepName(target, i + 1);
          return path + changes[kind === 0 ? step : boundNames(step, derived)[kind - 1]];
        }),
      );
      if (this.#bands) {
        const half = sums[0].map((middle, i) => sums[2][i] - middle);
        const own = this.#bands[j].widths(sums[0], half);
        for (const [i, width] of own.entries()) {
          sums[1][i] = sums[0][i] - width;
          sums[2][i] = sums[0][i] + width;
        }
      }
      for (const [kind, name] of columns.entries()) forecast[name] = inUnits(sums[kind], plan, target);
    }
    return forecast;
  }

  #number(row: ForecastRow, name: string): number {
    const value = row[name];
    if (typeof value === "number") return this.#measured(value);
    throw fault("type", "ForecastStream.predict", `a number as "${name}"`, display(value), "pass NaN if it is missing");
  }

  #measured(value: number): number {
    return this.#plan.missing.includes(value) ? Number.NaN : value;
  }

  #ahead(row: ForecastRow, name: string): ArrayLike<number> {
    const { horizon } = this.#plan;
    const values = row[name];
    const list =
      typeof values === "object" && values !== null && values.length === horizon + 1 ? Array.from(values) : [];
    if (list.length > 0 && list.every((value) => typeof value === "number"))
      return list.map((own) => this.#measured(own));
    const expected = `${horizon + 1} numbers as "${name}", of this row and the next ${horizon}`;
    throw fault("type", "ForecastStream.predict", expected, display(values), "pass NaN for those that are missing");
  }
}
