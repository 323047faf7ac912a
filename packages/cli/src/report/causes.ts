// Looks for what may have spoiled a model that is worse than a mean: an outlier in training, a target that drifted.
import { type ColumnRange, type Frame, type Model, summaryOf } from "eddy/series";
import type { TargetComparison } from "./judgement.ts";

/** A value far from all others of its column. */
export interface Outlier {
  column: string;
  value: number;
  /** In the file, from 1; left out where the rows were put in another order. */
  row?: number;
}

/** How far the mean of the scored rows lies from that of training. */
export interface Drift {
  /** In the target's unit. */
  distance: number;
  /** In standard deviations of the scored rows. */
  deviations: number;
}

/** As many distances between the quartiles as an outlier lies from the median. */
const farQuartiles = 20;
/** As many values as the quartiles are taken from. */
const mostSampled = 100_000;

/** The farthest outlier of each column that was trained with, the target's own first. */
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
    // Where half of the values are one, their distance says nothing: then the whole of the others is the measure.
    const spread = high > low ? high - low : Math.abs(median);
    if (!(Math.abs(value - median) > farQuartiles * spread && spread > 0)) return [];
    const row = values.indexOf(value);
    return [{ column, value, ...(rowsAsInFile && row >= 0 && { row: row + 1 }) }];
  });
}

function quartilesOf(values: Float64Array): [number, number, number] | undefined {
  const stride = Math.max(1, Math.floor(values.length / mostSampled));
  const known: number[] = [];
  for (let row = 0; row < values.length; row += stride) if (Number.isFinite(values[row])) known.push(values[row]!);
  if (known.length < 8) return undefined;
  const sorted = Float64Array.from(known).sort();
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]!;
  return [at(0.25), at(0.5), at(0.75)];
}

/** Where the means lie more than one standard deviation apart. */
export function driftOf({ mean }: TargetComparison): Drift | undefined {
  // Of a constant, 1 − R² = 1 + (distance / deviation)², and RMSE² = deviation² + distance².
  const deviations = Math.sqrt(Math.max(0, -mean.r2));
  if (!(deviations > 1)) return undefined;
  return { deviations, distance: mean.rmse * Math.sqrt(-mean.r2 / (1 - mean.r2)) };
}
