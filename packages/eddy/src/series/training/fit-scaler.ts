/** Scalers: bring columns to the size that networks learn best with, and predictions back to the data's units. */
import { DataError } from "../data/data-error.ts";
import type { RowRange } from "../data/frame.ts";
import type { Paced } from "../pace.ts";

/** Standard: mean and deviation. Min-max: the range becomes −1 … 1. Robust: median and interquartile range. */
export type ScalerKind = "standard" | "minMax" | "robust";

/** z = (x − center) / scale for each column, in float64. */
export interface Scaler {
  kind: ScalerKind;
  center: number[];
  /** 0 where the fitted rows hold one value only: such a column becomes 0 whatever it holds later. */
  scale: number[];
}

const rowsPerTurn = 1 << 18;

/** The range of a column in the rows that a scaler was fitted on. */
export interface ColumnRange {
  min: number;
  max: number;
  mean: number;
}

/**
 * Fits one center and scale to each column, on these rows alone; missing values are passed over.
 *
 * - standard: center = mean, scale = √(Σ(x − mean)² / n)
 * - minMax: center = (max + min) / 2, scale = (max − min) / 2
 * - robust: center = median, scale = the upper minus the lower quartile (the deviation where both are equal)
 * @throws DataError for infinite values, columns without any value, and values beside which all others vanish.
 */
export function* fitScaler(
  kind: ScalerKind,
  columns: ReadonlyMap<string, Float64Array>,
  ranges: readonly RowRange[],
): Paced<{ scaler: Scaler; ranges: Record<string, ColumnRange> }> {
  const scaler: Scaler = { kind, center: [], scale: [] };
  const found: [string, ColumnRange][] = [];
  for (const [name, values] of columns) {
    const moments = yield* momentsOf(name, values, ranges);
    checkOutliers(name, values, ranges, moments);
    const { center, scale } =
      kind === "standard"
        ? { center: moments.mean, scale: moments.deviation }
        : kind === "minMax"
          ? { center: moments.min / 2 + moments.max / 2, scale: moments.max / 2 - moments.min / 2 }
          : robust(values, ranges, moments);
    if (!Number.isFinite(center) || !Number.isFinite(scale)) {
      throw new DataError("beyond-float64", { column: name, received: largest(moments) });
    }
    // Rounding leaves a constant column a deviation of some 1e-17 of its value.
    const constant = moments.min === moments.max;
    scaler.center.push(constant ? moments.min : center);
    scaler.scale.push(constant ? 0 : scale);
    found.push([name, { min: moments.min, max: moments.max, mean: moments.mean }]);
    yield;
  }
  return { scaler, ranges: Object.fromEntries(found) };
}

/** What a scan of one column finds. */
interface Moments {
  count: number;
  mean: number;
  /** √(Σ(x − mean)² / n), of the population as in NumPy. */
  deviation: number;
  min: number;
  max: number;
}

function* momentsOf(name: string, values: Float64Array, ranges: readonly RowRange[]): Paced<Moments> {
  let [count, sum] = [0, 0];
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let shift = Number.NaN; // sums of differences from the first value keep the digits of 101325 ± 1
  for (const { start, end } of turns(ranges)) {
    for (let row = start; row < end; row++) {
      const value = values[row];
      if (Number.isNaN(value)) continue;
      if (count === 0) shift = value;
      count++;
      sum += value - shift;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    if (min === Number.NEGATIVE_INFINITY || max === Number.POSITIVE_INFINITY) throw infinite(name, values, start);
    yield;
  }
  if (count === 0) {
    throw new DataError("all-missing", { column: name });
  }
  const offset = sum / count;
  let squares = 0;
  for (const { start, end } of turns(ranges)) {
    for (let row = start; row < end; row++) {
      const value = values[row];
      if (!Number.isNaN(value)) squares += (value - shift - offset) ** 2;
    }
    yield;
  }
  return { count, mean: shift + offset, deviation: Math.sqrt(squares / count), min, max };
}

/** Ranges in pieces that take a few milliseconds each. */
function* turns(ranges: readonly RowRange[]): Generator<RowRange> {
  for (const { start, end } of ranges) {
    for (let at = start; at < end; at += rowsPerTurn) yield { start: at, end: Math.min(end, at + rowsPerTurn) };
  }
}

/** The error of the first infinite value from a row on. */
function infinite(column: string, values: Float64Array, from = 0): DataError {
  const row = values.findIndex(
    (value, i) => i >= from && (value === Number.POSITIVE_INFINITY || value === -Number.POSITIVE_INFINITY),
  );
  return new DataError("infinite", { column, row, received: values[row] });
}

function presentValues(values: Float64Array, ranges: readonly RowRange[], count: number): Float64Array {
  const present = new Float64Array(count);
  let at = 0;
  for (const { start, end } of ranges) {
    for (let row = start; row < end; row++) if (!Number.isNaN(values[row])) present[at++] = values[row];
  }
  return present;
}

function robust(
  values: Float64Array,
  ranges: readonly RowRange[],
  moments: Moments,
): { center: number; scale: number } {
  const sorted = presentValues(values, ranges, moments.count).sort();
  const spread = quantile(sorted, 0.75) - quantile(sorted, 0.25);
  return { center: quantile(sorted, 0.5), scale: spread > 0 ? spread : moments.deviation };
}

/** NumPy's default: linear between the neighbours. */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const lower = sorted[below];
  return below + 1 < sorted.length ? lower + (place - below) * (sorted[below + 1] - lower) : lower;
}

const largest = ({ min, max }: Moments) => Math.max(Math.abs(min), Math.abs(max));

/** How far from the rest, in interquartile ranges (or medians), a value is no measurement but a mark like 1e30. */
const farthest = 1e9;
const sampleSize = 4096;

/** Refuses the 1e30 that stands for "no value" in many files: beside it, all other values would scale to one number. */
function checkOutliers(
  name: string,
  values: Float64Array,
  ranges: readonly RowRange[],
  { count, min, max }: Moments,
): void {
  if (min === max) return;
  const stride = Math.max(1, Math.floor(count / sampleSize));
  const sample: number[] = [];
  let seen = 0;
  for (const { start, end } of ranges) {
    for (let row = start; row < end; row++)
      if (!Number.isNaN(values[row]) && seen++ % stride === 0) sample.push(values[row]);
  }
  const sorted = Float64Array.from(sample).sort();
  const median = quantile(sorted, 0.5);
  const spread = quantile(sorted, 0.75) - quantile(sorted, 0.25);
  const limit = farthest * (spread > 0 ? spread : Math.max(1, Math.abs(median)));
  for (const extreme of [min, max]) {
    if (Math.abs(extreme - median) <= limit) continue;
    const range = ranges.find(({ start, end }) => values.subarray(start, end).includes(extreme))!;
    const row = values.indexOf(extreme, range.start);
    throw new DataError("outlier", { column: name, row, received: extreme, spread, median });
  }
}

/**
 * Writes z = (x − center) / scale of columns side by side, computed in float64 and rounded to float32 once.
 *
 * Shape: columns of n rows → (n, columns). A missing value stays NaN.
 * @throws DataError for infinite values and those too large for float32 after scaling.
 */
export function* scaled(
  { center, scale }: Scaler,
  columns: ReadonlyMap<string, Float64Array>,
  rows: number,
  from = 0,
): Paced<Float32Array> {
  const width = columns.size;
  const out = new Float32Array((rows - from) * width);
  let j = 0;
  for (const [name, values] of columns) {
    for (const { start, end } of turns([{ start: from, end: rows }])) {
      for (let row = start, at = (start - from) * width + j; row < end; row++, at += width) {
        out[at] = scale[j] === 0 ? values[row] * 0 : (values[row] - center[j]) / scale[j];
        if (out[at] - out[at] !== 0 && !Number.isNaN(values[row])) throw unscalable(name, values, row);
      }
      yield;
    }
    j++;
  }
  return out;
}

function unscalable(column: string, values: Float64Array, row: number): DataError {
  if (!Number.isFinite(values[row])) return infinite(column, values, row);
  return new DataError("beyond-scale", { column, row, received: values[row] });
}

/** The way back to the data's units: x = z · scale + center of column j of z (n, columns), in float64. */
export function unscaled({ center, scale }: Scaler, z: Float32Array, j: number): Float64Array {
  const width = center.length;
  const out = new Float64Array(z.length / width);
  for (let row = 0; row < out.length; row++) out[row] = z[row * width + j] * scale[j] + center[j];
  return out;
}
