/** The past of a target as a forecast reads it: transformed, with short gaps held. */
import { bounded } from "../data/bounds.ts";
import type { ForecastPlan } from "./plan.ts";

/** Without a season, as many missing values in a row are replaced by the last one. */
const heldRows = 3;

/**
 * Follows one target through an uninterrupted series, row by row.
 *
 * A missing value is replaced by the one a season before, or by the last one without a season; after as many missing values as
 * a season has rows (3 without a season), the past is missing, too. Only past values are used.
 */
export class OwnPast {
  readonly #plan: ForecastPlan;
  /** The latest values, the newest last. */
  readonly #values: number[] = [];
  readonly #kept: number;
  #missing = 0;

  constructor(plan: ForecastPlan) {
    this.#plan = plan;
    this.#kept = (plan.season ?? 1) + 1;
  }

  /** Advances by one row: the measured value, NaN if it is missing. Returns the model's input. */
  push(measured: number): number {
    const { path, season = 1 } = this.#plan;
    const value = transformed(measured, this.#plan);
    this.#missing = Number.isNaN(value) ? this.#missing + 1 : 0;
    const most = this.#plan.season ?? heldRows;
    const before = this.back(season - 1);
    this.#values.push(Number.isNaN(value) && this.#missing <= most ? before : value);
    if (this.#values.length > this.#kept) this.#values.shift();
    return path === "last" ? this.back(0) : this.back(0) - this.back(season);
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
