/** Runs: stretches of rows through which a state can be carried, and what interrupts them. */

import type { Paced } from "../pace.ts";
import type { Frame, RowRange } from "./frame.ts";
import { timeGaps } from "./time.ts";

/** The runs of a frame, in order, and the counts of what ended them. */
export interface Runs {
  ranges: RowRange[];
  /** Rows without a value in one input or another: no prediction, and the state starts anew behind them. */
  missingInputs: number;
  /** Places where time jumps by more than a step. */
  timeGaps: number;
}

const rowsPerTurn = 1 << 18;

/** Cuts each series where an input is missing or time has a gap; x is (rows, inputs) with NaN for missing. */
export function* findRuns(frame: Frame, x: Float32Array, inputs: number): Paced<Runs> {
  const gaps = timeGaps(frame);
  const ranges: RowRange[] = [];
  let missingInputs = 0;
  let nextGap = 0;
  for (const { start, end } of frame.series()) {
    let open = false;
    for (let row = start; row < end; row++) {
      if (gaps[nextGap] === row) {
        open = false;
        nextGap++;
      }
      let present = true;
      for (let j = row * inputs; j < (row + 1) * inputs; j++) if (Number.isNaN(x[j])) present = false;
      if (!present) {
        missingInputs++;
        open = false;
      } else if (open) ranges[ranges.length - 1].end = row + 1;
      else {
        ranges.push({ start: row, end: row + 1 });
        open = true;
      }
      if (row % rowsPerTurn === 0) yield;
    }
  }
  return { ranges, missingInputs, timeGaps: gaps.length };
}

/** The rows that lie in both of two ordered lists of ranges. */
export function intersect(a: readonly RowRange[], b: readonly RowRange[]): RowRange[] {
  const found: RowRange[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const start = Math.max(a[i].start, b[j].start);
    const end = Math.min(a[i].end, b[j].end);
    if (start < end) found.push({ start, end });
    if (a[i].end < b[j].end) i++;
    else j++;
  }
  return found;
}

export function countRows(ranges: readonly RowRange[]): number {
  return ranges.reduce((sum, { start, end }) => sum + end - start, 0);
}
