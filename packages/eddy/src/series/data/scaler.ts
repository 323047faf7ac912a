/** Scalers: z = (x − center) / scale per column, and the inverse; networks are trained in scaled units. */
import type { Paced } from "../pace.ts";
import type { DataError } from "./data-error.ts";
import type { Rows } from "./rows.ts";
import { dataError } from "./words.ts";

/** Standard: mean and standard deviation. Min-max: the range becomes −1 … 1. Robust: median and interquartile range. */
export type ScalerKind = "standard" | "minMax" | "robust";

/** One center and scale per column, in float64. */
export interface Scaler {
  kind: ScalerKind;
  center: number[];
  /** 0 for a column that is constant in the fitted rows. */
  scale: number[];
}

/** The range of a column in the rows that a scaler was fitted on. */
export interface ColumnRange {
  min: number;
  max: number;
  mean: number;
}

/** A constant column is divided by infinity: every later value becomes 0, and a missing value stays NaN. */
export const divisorOf = (scale: number) => (scale === 0 ? Number.POSITIVE_INFINITY : scale);

/** z = (x − center) / scale of column j, in float64; `onnx.ts` writes the same formula as a graph. */
export function scaled(x: number, { center, scale }: Scaler, j: number): number {
  return (x - center[j]) / divisorOf(scale[j]);
}

/** x = z · scale + center of column j, in float64. */
export function unscaled(z: number, { center, scale }: Scaler, j: number): number {
  return z * scale[j] + center[j];
}

const rowsPerTurn = 1 << 18;

/** Splits ranges into blocks that take a few milliseconds each. */
export function* blocksOf(ranges: readonly Rows[]): Generator<Rows> {
  for (const { start, end } of ranges) {
    for (let at = start; at < end; at += rowsPerTurn) yield { start: at, end: Math.min(end, at + rowsPerTurn) };
  }
}

/**
 * Scales columns, rounding to float32 once.
 *
 * Shape: columns of n rows → (n, columns), row-major. A missing value stays NaN.
 * @throws DataError for infinite values and those too large for float32 after scaling.
 */
export function* scaledColumns(
  scaler: Scaler,
  columns: ReadonlyMap<string, Float64Array>,
  rows: number,
): Paced<Float32Array> {
  const width = columns.size;
  const out = new Float32Array(rows * width);
  let j = 0;
  for (const [name, values] of columns) {
    for (const { start, end } of blocksOf([{ start: 0, end: rows }])) {
      for (let row = start, at = start * width + j; row < end; row++, at += width) {
        out[at] = scaled(values[row], scaler, j);
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
  return dataError("beyond-scale", { column, row, received: values[row] });
}

/** The error for the first infinite value, starting at row `from`. */
export function infinite(column: string, values: Float64Array, from = 0): DataError {
  const row = values.findIndex((value, i) => i >= from && Math.abs(value) === Number.POSITIVE_INFINITY);
  return dataError("infinite", { column, row, received: values[row] });
}

/** Column j of z (n, columns) in the data's units. */
export function unscaledColumn(scaler: Scaler, z: Float32Array, j: number): Float64Array {
  const width = scaler.center.length;
  const out = new Float64Array(z.length / width);
  for (let row = 0; row < out.length; row++) out[row] = unscaled(z[row * width + j], scaler, j);
  return out;
}
