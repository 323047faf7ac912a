/** Regression metrics: prediction errors in the data's units. The task `classify` will add its metrics next to this file. */
import { display, fault } from "../../fault.ts";
import type { Paced } from "../pace.ts";
import { type ErrorSizes, errorSizes, errorsByGroup, type Group, type GroupErrors } from "./error-sizes.ts";

const rowsPerTurn = 1 << 18;

/** Scores of one target over the rows that have both a prediction and a measured value. */
export interface TargetScores {
  /** √(mean of squared errors), in the target's unit. */
  rmse: number;
  /** Mean of absolute errors, in the target's unit. */
  mae: number;
  /** 1 − Σ(y − ŷ)² / Σ(y − ȳ)², with ȳ the mean of the scored rows; NaN if all measured values are equal. */
  r2: number;
  /** 100 · (1 − ‖y − ŷ‖ / ‖y − ȳ‖) percent, as in system identification; NaN if all measured values are equal. */
  fit: number;
  /** Rows that were scored. */
  rows: number;
  /** Rows that were not scored because of a missing input or target, or washout. */
  skipped: number;
  /** Absent over several targets, without scored rows, and in scores from a file of an earlier version. */
  errors?: ErrorSizes;
  /** For each group of the frame; absent without groups, in scores of baselines, and wherever `errors` is absent. */
  groups?: GroupErrors[];
}

/** Scores over all targets: RMSE as the root of the mean of their squares, the others as means, rows as sums. */
export interface Scores extends TargetScores {
  /** Present with several targets. */
  perTarget?: Record<string, TargetScores>;
}

/** What else is known about the rows of the columns. */
interface ScoreOptions {
  /** 1 for rows to score, 2 for rows of the subset to skip, 0 for other rows; all rows by default. */
  marks?: Uint8Array;
  /** The number of the columns' first row in the frame. */
  firstRow?: number;
  /** The groups to score separately, by rows of the frame. */
  groups?: readonly Group[];
}

/**
 * Compares predictions with measurements; rows in which either is NaN are skipped and counted.
 *
 * @param measured columns by the name of the target. @param predicted columns in the same order.
 */
export function* score(
  measured: ReadonlyMap<string, Float64Array>,
  predicted: readonly Float64Array[],
  options: ScoreOptions = {},
): Paced<Scores> {
  const targets: TargetScores[] = [];
  for (const values of measured.values()) targets.push(yield* scoreTarget(values, predicted[targets.length], options));
  if (targets.length === 1) return targets[0];
  const mean = (pick: (scores: TargetScores) => number) =>
    targets.reduce((sum, scores) => sum + pick(scores), 0) / targets.length;
  const sum = (pick: (scores: TargetScores) => number) => targets.reduce((total, scores) => total + pick(scores), 0);
  return {
    rmse: Math.sqrt(mean(({ rmse }) => rmse ** 2)),
    mae: mean(({ mae }) => mae),
    r2: mean(({ r2 }) => r2),
    fit: mean(({ fit }) => fit),
    rows: sum(({ rows }) => rows),
    skipped: sum(({ skipped }) => skipped),
    perTarget: Object.fromEntries([...measured.keys()].map((name, j) => [name, targets[j]])),
  };
}

function* scoreTarget(
  measured: Float64Array,
  predicted: Float64Array,
  { marks, firstRow = 0, groups = [] }: ScoreOptions,
): Paced<TargetScores> {
  const scoredRows = new Int32Array(measured.length);
  const absolute = new Float64Array(measured.length);
  let [rows, skipped, total] = [0, 0, 0];
  let [squares, absolutes] = [0, 0];
  let shift = Number.NaN;
  for (let row = 0; row < measured.length; row++) {
    if (row % rowsPerTurn === 0) yield;
    if (marks !== undefined && marks[row] === 0) continue;
    const error = measured[row] - predicted[row];
    if (marks?.[row] === 2 || Number.isNaN(error)) {
      skipped++;
      continue;
    }
    if (rows === 0) shift = measured[row];
    scoredRows[rows] = firstRow + row;
    absolute[rows] = Math.abs(error);
    rows++;
    total += measured[row] - shift;
    squares += error * error;
    absolutes += Math.abs(error);
  }
  const mean = total / rows;
  let spread = 0;
  for (let row = 0; row < measured.length; row++) {
    if (row % rowsPerTurn === 0) yield;
    if (marks !== undefined && marks[row] !== 1) continue;
    if (!Number.isNaN(measured[row] - predicted[row])) spread += (measured[row] - shift - mean) ** 2;
  }
  const unexplained = spread > 0 ? squares / spread : Number.NaN;
  const all = { rows: scoredRows.subarray(0, rows), errors: absolute.subarray(0, rows) };
  const byGroup = yield* errorsByGroup(all, groups);
  const errors = yield* errorSizes(all); // last, since it reorders them
  return {
    rmse: Math.sqrt(squares / rows),
    mae: absolutes / rows,
    r2: 1 - unexplained,
    fit: 100 * (1 - Math.sqrt(unexplained)),
    rows,
    skipped,
    ...(errors && { errors }),
    ...(byGroup.length > 0 && { groups: byGroup }),
  };
}

/**
 * Skill score relative to a reference: 1 − MSE / MSE of the reference.
 *
 * 1 is perfect, 0 no better than the reference, below 0 worse. Source: Murphy, Monthly Weather Review 116 (1988).
 */
export function skill(scores: Pick<Scores, "rmse">, reference: Pick<Scores, "rmse">): number {
  return scores.rmse === reference.rmse ? 0 : 1 - (scores.rmse / reference.rmse) ** 2;
}

function isNumbers(values: unknown): values is ArrayLike<number> {
  if (typeof values !== "object" || values === null || !Number.isInteger((values as { length?: unknown }).length)) {
    return false;
  }
  return Array.prototype.every.call(values, (value) => typeof value === "number");
}

/**
 * The autocorrelation of a series, from lag 0 (which is 1) to `lags`.
 *
 * r_k = Σ (e_t − ē)(e_{t+k} − ē) / Σ (e_t − ē)²; pairs with a missing value are skipped, and the sum is scaled up to all
 * rows. The residuals of a model that captures all structure stay within ±1.96/√rows for k > 0.
 * @throws RangeError unless lags is an integer from 0 to rows − 1.
 */
export function autocorrelation(residuals: ArrayLike<number>, lags: number): Float64Array {
  if (!isNumbers(residuals)) throw fault("type", "autocorrelation", "an array of numbers", display(residuals));
  const { length } = residuals;
  if (!Number.isInteger(lags) || lags < 0 || lags >= length) {
    throw fault("value", "autocorrelation", `lags from 0 to ${length - 1} (rows − 1)`, display(lags));
  }
  let [rows, sum] = [0, 0];
  for (let t = 0; t < length; t++) {
    if (Number.isNaN(residuals[t])) continue;
    rows++;
    sum += residuals[t];
  }
  const mean = sum / rows;
  const out = new Float64Array(lags + 1);
  for (let lag = 0; lag <= lags; lag++) {
    let [products, pairs] = [0, 0];
    for (let t = 0; t + lag < length; t++) {
      const product = (residuals[t] - mean) * (residuals[t + lag] - mean);
      if (Number.isNaN(product)) continue;
      products += product;
      pairs++;
    }
    // Without missing values there are length − lag pairs, and the factor is 1.
    out[lag] = pairs === 0 ? Number.NaN : products * ((rows * (length - lag)) / length / pairs);
  }
  const variance = out[0];
  return out.map((value) => (variance === 0 ? Number.NaN : value / variance));
}
