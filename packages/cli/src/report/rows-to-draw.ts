// Chooses the rows of a long series that a chart needs: the extremes of each narrow bucket, and whole stretches.

export type Range = readonly [start: number, end: number];

/**
 * Ascending row numbers. All rows where they are few, else for each line the lowest and highest of each bucket, so that no
 * peak is lost, and every row of the stretches.
 */
export function rowsToDraw(lines: readonly Float64Array[], stretches: readonly Range[], most = 12_000): number[] {
  const length = lines[0]?.length ?? 0;
  if (length <= most) return Array.from({ length }, (_, i) => i);
  const chosen = new Set<number>([0, length - 1]);
  const buckets = Math.floor(most / (2 * lines.length));
  for (let bucket = 0; bucket < buckets; bucket++) {
    const start = Math.floor((bucket * length) / buckets);
    const end = Math.floor(((bucket + 1) * length) / buckets);
    for (const line of lines) {
      let [low, high] = [start, start];
      for (let i = start; i < end; i++) {
        // Written so that a missing value gives way to any number.
        if (!(line[i]! >= line[low]!)) low = i;
        if (!(line[i]! <= line[high]!)) high = i;
      }
      chosen.add(low).add(high);
    }
  }
  for (const [start, end] of stretches) for (let i = start; i < end; i++) chosen.add(i);
  return [...chosen].sort((a, b) => a - b);
}

/** The first, the last and the worst rows of a part; the worst has the largest mean square of residuals. */
export function stretchesOf(
  measured: Float64Array,
  predicted: Float64Array,
  [start, end]: Range,
): { first: Range; last: Range; worst: Range } {
  const rows = Math.min(end - start, Math.max(60, Math.min(500, Math.round((end - start) / 10))));
  let [squares, known] = [0, 0];
  let worst = start;
  let highest = -1;
  const add = (row: number, sign: 1 | -1) => {
    const residual = measured[row]! - predicted[row]!;
    if (Number.isNaN(residual)) return;
    squares += sign * residual * residual;
    known += sign;
  };
  for (let row = start; row < end; row++) {
    add(row, 1);
    if (row - start >= rows) add(row - rows, -1);
    if (row - start + 1 >= rows && known > rows / 2 && squares / known > highest) {
      highest = squares / known;
      worst = row - rows + 1;
    }
  }
  return { first: [start, start + rows], last: [end - rows, end], worst: [worst, worst + rows] };
}
