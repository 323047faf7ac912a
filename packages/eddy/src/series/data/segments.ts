/** Segments: uninterrupted rows, over which the state is carried, and what interrupts them. */
import type { Paced } from "../pace.ts";
import type { Frame } from "./frame.ts";
import type { Rows } from "./rows.ts";
import { timeGaps } from "./time.ts";

/** The segments of a frame, in order, and the number of interruptions by kind. */
export interface Segments {
  segments: Rows[];
  /** Rows with a missing input that was not filled: they are not predicted, and the state is reset after them. */
  missingInputs: number;
  /** Gaps in time. */
  timeGaps: number;
}

const rowsPerTurn = 1 << 18;

/** Splits each series at missing inputs and time gaps; x is (rows, features), NaN where missing or excluded. */
export function* findSegments(frame: Frame, x: Float32Array, inputs: number): Paced<Segments> {
  const gaps = timeGaps(frame);
  const segments: Rows[] = [];
  let missingInputs = 0;
  let nextGap = 0;
  for (const { start, end } of frame.series()) {
    let inSegment = false;
    for (let row = start; row < end; row++) {
      if (gaps[nextGap] === row) {
        inSegment = false;
        nextGap++;
      }
      let present = true;
      for (let j = row * inputs; j < (row + 1) * inputs; j++) if (Number.isNaN(x[j])) present = false;
      if (!present) {
        if (!frame.excluded?.[row]) missingInputs++;
        inSegment = false;
      } else if (inSegment) segments[segments.length - 1].end = row + 1;
      else {
        segments.push({ start: row, end: row + 1 });
        inSegment = true;
      }
      if (row % rowsPerTurn === 0) yield;
    }
  }
  return { segments, missingInputs, timeGaps: gaps.length };
}
