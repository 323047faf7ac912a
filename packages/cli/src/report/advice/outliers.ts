// Finds outliers in the training data: values far from all others in their column.
import type { ColumnRange, Frame, TrainingSummary } from "eddy/series";

/** A value far from all others in its column. */
export interface Outlier {
  column: string;
  value: number;
  /** Row in the file, from 1; omitted if the rows were reordered. */
  row?: number;
}

/** An outlier is more than this many interquartile ranges away from the median. */
const maxQuartileRanges = 20;
/** Maximum number of values for the quartiles. */
const maxSampled = 20_000;

/** The training ranges of the inputs that are numbers. */
export function rangesOfInputs({ settings, inputsRange }: TrainingSummary): [input: string, range: ColumnRange][] {
  const numbers = settings.features.filter(({ label, filled }) => label === undefined && !filled);
  return numbers.map(({ input, name }) => [input, inputsRange[name]!]);
}

/** The most extreme outlier of each training column, the target first. */
export function outliersOf(summary: TrainingSummary, frame: Frame, target: string, rowsAsInFile: boolean): Outlier[] {
  const ranges = [[target, summary.targetsRange[target]!] as const, ...rangesOfInputs(summary)];
  return ranges.flatMap(([column, range]) => {
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
