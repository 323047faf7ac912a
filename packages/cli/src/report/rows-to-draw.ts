// Downsamples a long series for a chart: the extremes of each bucket, and complete stretches.

export type Range = readonly [start: number, end: number];

/** A stretch with more rows than this is downsampled like the whole series. */
const maxRowsInStretch = 2000;

/**
 * Ascending row numbers: all rows if they are few, otherwise the minimum and maximum of each line in each bucket, so that no
 * peak is lost, and every row of the stretches.
 */
export function rowsToDraw(lines: readonly Float64Array[], stretches: readonly Range[], maxRows = 12_000): number[] {
  const length = lines[0]?.length ?? 0;
  if (length <= maxRows) return Array.from({ length }, (_, i) => i);
  const rows = new Set<number>([0, length - 1]);
  const buckets = Math.floor(maxRows / (2 * lines.length));
  for (let bucket = 0; bucket < buckets; bucket++) {
    const start = Math.floor((bucket * length) / buckets);
    const end = Math.floor(((bucket + 1) * length) / buckets);
    for (const line of lines) {
      let [low, high] = [start, start];
      for (let i = start; i < end; i++) {
        // With these comparisons, any number replaces a missing value.
        if (!(line[i]! >= line[low]!)) low = i;
        if (!(line[i]! <= line[high]!)) high = i;
      }
      rows.add(low).add(high);
    }
  }
  for (const [start, end] of stretches) {
    const inside = lines.map((line) => line.subarray(start, end));
    for (const row of rowsToDraw(inside, [], maxRowsInStretch)) rows.add(start + row);
  }
  return [...rows].sort((a, b) => a - b);
}

/** A stretch contains at least this many measured values, if the range has as many. */
const minMeasured = 8;

/**
 * The first, last and worst stretch of some ranges of rows; the worst has the largest mean squared residual.
 *
 * A stretch is within one range. If few rows are measured, it is long enough to contain several of them.
 */
export function stretchesOf(
  measured: Float64Array,
  predicted: Float64Array,
  ranges: readonly Range[],
): { first: Range; last: Range; worst: Range } {
  const total = ranges.reduce((sum, [start, end]) => sum + end - start, 0);
  const knownRows = (range: Range) => {
    let known = 0;
    for (let row = range[0]; row < range[1]; row++) if (!Number.isNaN(measured[row]! - predicted[row]!)) known++;
    return known;
  };
  const known = ranges.reduce((sum, range) => sum + knownRows(range), 0);
  const defaultRows = Math.max(60, Math.min(500, Math.round(total / 10)));
  const rows = known === 0 ? defaultRows : Math.max(defaultRows, Math.ceil((minMeasured * total) / known));
  // Half as many values as a stretch has on average: a mean over fewer is unreliable.
  const reliableCount = Math.max(1, (rows * known) / total / 2);
  let worst: Range | undefined;
  let highest = -1;
  for (const [start, end] of ranges) {
    const length = Math.min(rows, end - start);
    const minCount = Math.min(reliableCount, Math.max(1, knownRows([start, end]) / 2));
    let [squares, count] = [0, 0];
    const add = (row: number, sign: 1 | -1) => {
      const residual = measured[row]! - predicted[row]!;
      if (Number.isNaN(residual)) return;
      squares += sign * residual * residual;
      count += sign;
    };
    for (let row = start; row < end; row++) {
      add(row, 1);
      if (row - start >= length) add(row - length, -1);
      if (row - start + 1 < length || count < minCount || squares / count <= highest) continue;
      highest = squares / count;
      worst = [row - length + 1, row + 1];
    }
  }
  const [from, firstEnd] = ranges[0]!;
  const [lastStart, to] = ranges.at(-1)!;
  const first: Range = [from, Math.min(firstEnd, from + rows)];
  return { first, last: [Math.max(lastStart, to - rows), to], worst: worst ?? first };
}
