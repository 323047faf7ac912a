/** Prediction intervals: half-widths from the errors on rows that the networks had not seen, wider where the model knows less. */
import { display, fault } from "../../fault.ts";
import type { InputRange } from "../network/ensemble.ts";

/** What a model's intervals depend on, all in scaled units. */
export interface Intervals {
  /** The root mean square of each target's errors. */
  typical: number[];
  /**
   * For each target the quantiles of its scores |error| / width, from level 0 in steps of `levelStep`. The width of a row is
   * √(typical² + spread²) · (1 + outside).
   */
  scores: number[][];
  /** The inputs of the training rows. */
  range: InputRange;
}

/** 101 quantiles, from 0 to 1. */
const levelStep = 0.01;
export const quantileCount = Math.round(1 / levelStep) + 1;

/** The levels that may be asked for; beyond them, there are too few errors to tell. */
export const [minLevel, maxLevel] = [0.5, 0.99];
export const defaultLevel = 0.9;

/** The score that a share `level` of the errors stay below, for each target. */
export function scoreAt({ scores }: Intervals, level: number): number[] {
  const position = level / levelStep;
  const below = Math.min(quantileCount - 2, Math.floor(position + 1e-9));
  return scores.map((own) => own[below] + Math.max(0, position - below) * (own[below + 1] - own[below]));
}

/** The width of a row: the unit in which its error is measured. */
export function widthOf(typical: number, spread: number, outside: number): number {
  return Math.sqrt(typical * typical + spread * spread) * (1 + outside);
}

/** Errors of predictions for rows that were not learned from, with the spread of the networks and how far the inputs were outside. */
export interface CalibrationErrors {
  /** By target. */
  errors: number[][];
  spreads: number[][];
  outsides: number[][];
}

/**
 * Conformal calibration: the quantile of level p is the ⌈p (n + 1)⌉-th smallest of n scores.
 *
 * Source: CV+ of Barber, Candès, Ramdas and Tibshirani, Predictive inference with the jackknife+ (2021), with one width for both
 * sides and blocks of consecutive rows as folds.
 */
export function calibrated({ errors, spreads, outsides }: CalibrationErrors, range: InputRange): Intervals {
  const typical = errors.map((own) =>
    Math.sqrt(own.reduce((sum, error) => sum + error * error, 0) / Math.max(1, own.length)),
  );
  const scores = errors.map((own, target) => {
    const sorted = Float64Array.from(own, (error, i) => {
      const width = widthOf(typical[target], spreads[target][i], outsides[target][i]);
      return width === 0 ? 0 : Math.abs(error) / width;
    }).sort();
    return Array.from({ length: quantileCount }, (_, k) => {
      if (sorted.length === 0) return 0;
      const rank = Math.ceil(k * levelStep * (sorted.length + 1) - 1e-9);
      return sorted[Math.min(sorted.length, Math.max(1, rank)) - 1];
    });
  });
  return { typical, scores, range };
}

/** The names of a target's lower and upper bounds, which no target has. */
export function boundNames(target: string, targets: readonly string[]): [low: string, high: string] {
  if (typeof target !== "string" || !Array.isArray(targets)) {
    throw fault("type", "boundNames", "the name of a target and an array of all names", display([target, targets]));
  }
  const unused = (name: string): string => (targets.includes(name) ? unused(`${name}_`) : name);
  return [unused(`${target}_low`), unused(`${target}_high`)];
}
