/** Fitting of scalers: center and scale of each column, from the training rows alone. */
import type { Rows } from "../data/rows.ts";
import { blocksOf, type ColumnRange, infinite, type Scaler, type ScalerKind } from "../data/scaler.ts";
import type { Paced } from "../pace.ts";
import { trainingError } from "./words.ts";

/**
 * Fits one center and scale to each column, on these rows alone; missing values are skipped.
 *
 * - standard: center = mean, scale = √(Σ(x − mean)² / n)
 * - minMax: center = (max + min) / 2, scale = (max − min) / 2
 * - robust: center = median, scale = the upper minus the lower quartile (the deviation where both are equal)
 * @throws DataError for infinite values, columns without any value, and extreme outliers.
 */
export function* fitScaler(
  kind: ScalerKind,
  columns: ReadonlyMap<string, Float64Array>,
  ranges: readonly Rows[],
): Paced<{ scaler: Scaler; ranges: Record<string, ColumnRange> }> {
  const scaler: Scaler = { kind, center: [], scale: [] };
  const rangeOfColumn: [string, ColumnRange][] = [];
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
      throw trainingError("beyond-float64", { column: name, received: largest(moments) });
    }
    // Rounding gives a constant column a deviation of about 1e-17 of its value.
    const constant = moments.min === moments.max;
    scaler.center.push(constant ? moments.min : center);
    scaler.scale.push(constant ? 0 : scale);
    rangeOfColumn.push([name, { min: moments.min, max: moments.max, mean: moments.mean }]);
    yield;
  }
  return { scaler, ranges: Object.fromEntries(rangeOfColumn) };
}

/** Statistics of one column. */
interface Moments {
  count: number;
  mean: number;
  /** √(Σ(x − mean)² / n), of the population as in NumPy. */
  deviation: number;
  min: number;
  max: number;
}

function* momentsOf(name: string, values: Float64Array, ranges: readonly Rows[]): Paced<Moments> {
  let [count, sum] = [0, 0];
  let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let shift = Number.NaN; // sums of differences from the first value keep the digits of 101325 ± 1
  for (const { start, end } of blocksOf(ranges)) {
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
    throw trainingError("all-missing", { column: name });
  }
  const offset = sum / count;
  let squares = 0;
  for (const { start, end } of blocksOf(ranges)) {
    for (let row = start; row < end; row++) {
      const value = values[row];
      if (!Number.isNaN(value)) squares += (value - shift - offset) ** 2;
    }
    yield;
  }
  return { count, mean: shift + offset, deviation: Math.sqrt(squares / count), min, max };
}

function presentValues(values: Float64Array, ranges: readonly Rows[], count: number): Float64Array {
  const present = new Float64Array(count);
  let at = 0;
  for (const { start, end } of ranges) {
    for (let row = start; row < end; row++) if (!Number.isNaN(values[row])) present[at++] = values[row];
  }
  return present;
}

function robust(values: Float64Array, ranges: readonly Rows[], moments: Moments): { center: number; scale: number } {
  const sorted = presentValues(values, ranges, moments.count).sort();
  const spread = quantile(sorted, 0.75) - quantile(sorted, 0.25);
  return { center: quantile(sorted, 0.5), scale: spread > 0 ? spread : moments.deviation };
}

/** NumPy's default: linear between the neighbours. */
function quantile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const lower = sorted[below];
  return below + 1 < sorted.length ? lower + (position - below) * (sorted[below + 1] - lower) : lower;
}

const largest = ({ min, max }: Moments) => Math.max(Math.abs(min), Math.abs(max));

/** Beyond this distance from the median, in interquartile ranges (or medians), a value is a missing-value code such as 1e30. */
const maxDistance = 1e9;
const sampleSize = 4096;

/** Rejects missing-value codes such as 1e30: with them, all other values would be scaled to the same number. */
function checkOutliers(
  name: string,
  values: Float64Array,
  ranges: readonly Rows[],
  { count, min, max }: Moments,
): void {
  if (min === max) return;
  const stride = Math.max(1, Math.floor(count / sampleSize));
  const sample: number[] = [];
  let index = 0;
  for (const { start, end } of ranges) {
    for (let row = start; row < end; row++)
      if (!Number.isNaN(values[row]) && index++ % stride === 0) sample.push(values[row]);
  }
  const sorted = Float64Array.from(sample).sort();
  const median = quantile(sorted, 0.5);
  const spread = quantile(sorted, 0.75) - quantile(sorted, 0.25);
  const limit = maxDistance * (spread > 0 ? spread : Math.max(1, Math.abs(median)));
  for (const extreme of [min, max]) {
    if (Math.abs(extreme - median) <= limit) continue;
    const range = ranges.find(({ start, end }) => values.subarray(start, end).includes(extreme))!;
    const row = values.indexOf(extreme, range.start);
    throw trainingError("outlier", { column: name, row, received: extreme, spread, median });
  }
}
