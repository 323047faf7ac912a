// Finds likely causes for a model that is worse than a mean: an outlier in training, a drift of the target.
import { type ColumnRange, type Frame, type Model, summaryOf } from "eddy/series";
import type { TargetComparison } from "./judgement.ts";

/** A value far from all others in its column. */
export interface Outlier {
  column: string;
  value: number;
  /** Row in the file, from 1; omitted if the rows were reordered. */
  row?: number;
}

/** The distance between the mean of the scored rows and the training mean. */
export interface Drift {
  /** In the target's unit. */
  distance: number;
  /** In standard deviations of the scored rows. */
  deviations: number;
}

/** An outlier is more than this many interquartile ranges away from the median. */
const maxQuartileRanges = 20;
/** Maximum number of values for the quartiles. */
const maxSampled = 100_000;

/** The most extreme outlier of each training column, the target first. */
export function outliersOf(model: Model, frame: Frame, target: string, rowsAsInFile: boolean): Outlier[] {
  const { inputsRange, targetsRange } = summaryOf(model)!;
  const ranges: [string, ColumnRange | undefined][] = [
    [target, targetsRange[target]],
    ...model.options.inputs.map((name) => [name, inputsRange[name]] as [string, ColumnRange | undefined]),
  ];
  return ranges.flatMap(([column, range]) => {
    if (range === undefined || !frame.has(column)) return [];
    const values = frame.column(column);
    const quartiles = quartilesOf(values);
    if (quartiles === undefined) return [];
    const [low, median, high] = quartiles;
    const value = range.max - median > median - range.min ? range.max : range.min;
    // If half of the values are equal, the interquartile range is zero: then the median's magnitude is the measure.
    const spread = high > low ? high - low : Math.abs(median);
    if (!(Math.abs(value - median) > maxQuartileRanges * spread && spread > 0)) return [];
    const row = values.indexOf(value);
    return [{ column, value, ...(rowsAsInFile && row >= 0 && { row: row + 1 }) }];
  });
}

function quartilesOf(values: Float64Array): [number, number, number] | undefined {
  const stride = Math.max(1, Math.floor(values.length / maxSampled));
  const known: number[] = [];
  for (let row = 0; row < values.length; row += stride) if (Number.isFinite(values[row])) known.push(values[row]!);
  if (known.length < 8) return undefined;
  const sorted = Float64Array.from(known).sort();
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]!;
  return [at(0.25), at(0.5), at(0.75)];
}

/** The drift, if the means are more than one standard deviation apart. */
export function driftOf({ mean }: TargetComparison): Drift | undefined {
  // For a constant prediction, 1 − R² = 1 + (distance / deviation)², and RMSE² = deviation² + distance².
  const deviations = Math.sqrt(Math.max(0, -mean.r2));
  if (!(deviations > 1)) return undefined;
  return { deviations, distance: mean.rmse * Math.sqrt(-mean.r2 / (1 - mean.r2)) };
}
