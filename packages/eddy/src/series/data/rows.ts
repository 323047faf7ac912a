/** Ranges of rows of a frame, and functions on lists of ranges. */

/** Rows from `start` up to but excluding `end`. */
export interface Rows {
  start: number;
  end: number;
}

/** Rows to predict; the state is carried from `warmUpStart`, an earlier row of the same segment (or the first row itself). */
export interface Window extends Rows {
  warmUpStart: number;
  /** The state at `warmUpStart`, of a batch of one; the initial state by default. */
  state?: readonly Float32Array[];
}

/** The rows that lie in both of two ordered lists of ranges. */
export function intersect(a: readonly Rows[], b: readonly Rows[]): Rows[] {
  const common: Rows[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const start = Math.max(a[i].start, b[j].start);
    const end = Math.min(a[i].end, b[j].end);
    if (start < end) common.push({ start, end });
    if (a[i].end < b[j].end) i++;
    else j++;
  }
  return common;
}

/** The total number of rows in the ranges. */
export function countRows(ranges: readonly Rows[]): number {
  return ranges.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** The number of rows in the longest range; 0 without ranges. */
export function longestOf(ranges: readonly Rows[]): number {
  return ranges.reduce((longest, { start, end }) => Math.max(longest, end - start), 0);
}
