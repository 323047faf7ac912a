/** The past of a target as a forecast reads it: transformed, with short gaps held. */
import { bounded } from "../data/bounds.ts";
import type { ForecastPlan } from "./plan.ts";

/** Without a season, as many missing values in a row are replaced by the last one. */
const heldRows = 3;
/** The share of gaps that are no longer than the usual ones, and how much longer those that are bridged may be. */
const usualShare = 0.9;
const longerGap = 2;
/** Without a season, the rows over which the latest value is compared with those before it. */
const defaultRows = 24;
/** The longer of the two means that the latest value is compared with, in seasons. */
const longSeasons = 7;

/** The number of rows of the two means that the latest value is compared with. */
export function comparedRows({ season = defaultRows }: ForecastPlan): { short: number; long: number } {
  return { short: season, long: longSeasons * season };
}

/** The names of the derived columns of a target that place its latest value among those before it, for the networks. */
export function contextNames(target: string, plan: ForecastPlan): string[] {
  const { short, long } = comparedRows(plan);
  const means = [short, long].map((rows) => `${target} minus mean of ${rows} rows`);
  const change = plan.path === "last" ? [`${target} minus value ${short} rows before`] : [];
  return [...change, ...means];
}

/** What the model of a forecast knows of one target's past at a row. */
export interface PastInputs {
  /** The change since the row before for the path "last", and in a season for the path "season". */
  change: number;
  /** In the order of `contextNames`. */
  context: number[];
  /** The mean size of the latest changes from row to row, by which the calendar is multiplied. */
  size: number;
}

/**
 * Follows one target through an uninterrupted series, row by row.
 *
 * A missing value is replaced by the one a season before, or by the last one without a season; after more missing values than
 * the plan bridges (by default the rows of a season, or 3), the past is missing, too. Only past values are used. No input contains the level of the target:
 * a model that has learned from other levels forecasts as well.
 */
export class OwnPast {
  readonly #plan: ForecastPlan;
  /** The latest values, as many as a season has, the newest last. */
  readonly #values: number[] = [];
  readonly #short: WindowMean;
  readonly #long: WindowMean;
  readonly #changes: WindowMean;
  readonly #kept: number;
  #missing = 0;

  constructor(plan: ForecastPlan) {
    const { short, long } = comparedRows(plan);
    this.#plan = plan;
    this.#kept = short + 1;
    this.#short = new WindowMean(short);
    this.#long = new WindowMean(long);
    this.#changes = new WindowMean(long);
  }

  /** Advances by one row: the measured value, NaN if it is missing. Returns the model's inputs. */
  push(measured: number): PastInputs {
    const { path, season = 1 } = this.#plan;
    const value = transformed(measured, this.#plan);
    this.#missing = Number.isNaN(value) ? this.#missing + 1 : 0;
    const most = this.#plan.bridged ?? this.#plan.season ?? heldRows;
    const before = this.back(season - 1);
    const latest = Number.isNaN(value) && this.#missing <= most ? before : value;
    this.#values.push(latest);
    if (this.#values.length > this.#kept) this.#values.shift();
    const change = latest - this.back(1);
    // At the start, there is nothing to compare with.
    const orZero = (compared: number) => (Number.isNaN(compared) && !Number.isNaN(latest) ? 0 : compared);
    const means = [this.#short, this.#long].map((mean) => latest - mean.push(latest));
    return {
      change: path === "last" ? orZero(change) : latest - this.back(season),
      context: [...(path === "last" ? [latest - this.back(this.#kept - 1)] : []), ...means].map(orZero),
      size: orZero(this.#changes.push(Math.abs(change))),
    };
  }

  /** The path's forecast of the value `step` rows after the latest one, in transformed units; NaN without enough past. */
  anchor(step: number): number {
    const { path, season = 1 } = this.#plan;
    return path === "last" ? this.back(0) : this.back(season * Math.ceil(step / season) - step);
  }

  /** The value `rows` before the latest one. */
  private back(rows: number): number {
    return this.#values[this.#values.length - 1 - rows] ?? Number.NaN;
  }
}

/**
 * The most missing values in a row to bridge in targets that are usually measured only after several rows, such as laboratory values:
 * twice the longest usual gap; undefined for others.
 *
 * @param series the values of each series.
 */
export function rowsToBridge(series: readonly Float64Array[]): number | undefined {
  const gaps = series.flatMap((values) => {
    const measured = [...values.keys()].filter((row) => !Number.isNaN(values[row]));
    return measured.slice(1).map((row, i) => row - measured[i] - 1);
  });
  const usual = gaps.sort((a, b) => a - b)[Math.floor(usualShare * (gaps.length - 1))] ?? 0;
  return usual > heldRows ? longerGap * usual : undefined;
}

/** The mean of the latest values that are not missing. */
class WindowMean {
  readonly #values: Float64Array;
  #at = 0;
  #sum = 0;
  #count = 0;

  constructor(rows: number) {
    this.#values = new Float64Array(rows).fill(Number.NaN);
  }

  push(value: number): number {
    const oldest = this.#values[this.#at];
    this.#values[this.#at] = value;
    this.#at = (this.#at + 1) % this.#values.length;
    if (this.#at === 0) {
      // Rounding does not add up: the sum starts anew.
      const present = this.#values.filter((own) => !Number.isNaN(own));
      this.#sum = present.reduce((sum, own) => sum + own, 0);
      this.#count = present.length;
    } else {
      if (!Number.isNaN(oldest)) this.#add(-oldest, -1);
      if (!Number.isNaN(value)) this.#add(value, 1);
    }
    return this.#count === 0 ? Number.NaN : this.#sum / this.#count;
  }

  #add(value: number, count: number): void {
    this.#sum += value;
    this.#count += count;
  }
}

/** A value in the units in which differences are taken; NaN where it has no logarithm. */
export function transformed(value: number, { transform }: ForecastPlan): number {
  if (transform === "none") return value;
  return value > 0 ? Math.log(value) : Number.NaN;
}

/** Forecasts of a target in the data's units, within its bounds. */
export const inUnits = (values: Float64Array, plan: ForecastPlan, target: string): Float64Array =>
  bounded(
    values.map((value) => original(value, plan)),
    plan.bounds,
    target,
  );

/** The inverse of `transformed`. */
export const original = (value: number, { transform }: ForecastPlan): number =>
  transform === "none" ? value : Math.exp(value);
