/** The split into training, validation and test in the order of time, and what happens where rows are too few for it. */
import { belowOne, checkOptions } from "../../nn/options.ts";
import { DataError } from "../data/data-error.ts";
import { checkIsFrame, type Frame, type RowRange } from "../data/frame.ts";
import type { Paced } from "../pace.ts";
import type { NoteOf } from "../record/notes.ts";
import type { ResolvedOptions } from "../settings/options.ts";
import { fewestRows } from "./defaults.ts";

/** The rows of each part. */
export interface Split {
  train: RowRange[];
  validation: RowRange[];
  test: RowRange[];
}

/** Shares of each series; a validation of undefined has a frame of its own. */
interface Shares {
  validation?: number | undefined;
  test?: number | undefined;
}

/**
 * Cuts each series of a frame in time order, as a fit does: the last share is the test part, the one before it validation, the
 * first training. A boundary lies at the nearest row.
 *
 * @param shares from 0 up to but without 1; 0 by default.
 * @throws TypeError for what is no Frame and no share.
 * @example chronologicalSplit(frame, { validation: 0.25, test: 0.2 }).test // the last fifth of each series
 */
export function chronologicalSplit(frame: Frame, shares: Shares = {}): Split {
  checkIsFrame("chronologicalSplit", frame);
  checkOptions("chronologicalSplit", shares, { validation: belowOne, test: belowOne });
  const { validation = 0, test = 0 } = shares;
  const parts: Split = { train: [], validation: [], test: [] };
  for (const { start, end } of frame.series()) {
    const rows = end - start;
    const testStart = end - Math.round(rows * test);
    const validationStart = testStart - Math.round(rows * validation);
    const add = (part: RowRange[], from: number, to: number) => {
      if (from < to) part.push({ start: from, end: to });
    };
    add(parts.train, start, validationStart);
    add(parts.validation, validationStart, testStart);
    add(parts.test, testStart, end);
  }
  return parts;
}

/**
 * Splits a frame; a part with too few usable rows to say anything is given up, and `merged` says what that costs in trust.
 *
 * @throws DataError where even all rows together are too few.
 */
export function* honestSplit(
  frame: Frame,
  options: ResolvedOptions,
  shares: Shares,
): Paced<{ parts: Split; merged: NoteOf<"test-merged" | "validation-merged" | "no-validation">[] }> {
  const usable = (ranges: readonly RowRange[]) => usableRows(frame, options, ranges);
  const merged: NoteOf<"test-merged" | "validation-merged" | "no-validation">[] = [];
  let parts = chronologicalSplit(frame, shares);
  if ((shares.test ?? 0) > 0) {
    const rows = yield* usable(parts.test);
    if (rows < fewestRows) {
      merged.push({ code: "test-merged", rows, least: fewestRows });
      parts = chronologicalSplit(frame, { ...shares, test: 0 });
    }
  }
  let trainRows = yield* usable(parts.train);
  if (shares.validation !== undefined) {
    const rows = yield* usable(parts.validation);
    if (rows < fewestRows || trainRows < fewestRows) {
      merged.push(
        shares.validation === 0
          ? { code: "no-validation" }
          : { code: "validation-merged", train: trainRows, validation: rows, least: fewestRows },
      );
      const both = chronologicalSplit(frame, { validation: 0, test: parts.test.length > 0 ? shares.test : 0 });
      parts = { ...both, validation: both.train };
      trainRows += rows;
    }
  }
  if (trainRows < fewestRows) {
    const values = { least: fewestRows, received: trainRows, rows: frame.length };
    throw new DataError("few-training-rows", values, "Regressor.fit");
  }
  return { parts, merged };
}

const rowsPerTurn = 1 << 18;

/** Rows with every input and at least one target. */
function* usableRows(frame: Frame, { inputs, targets }: ResolvedOptions, ranges: readonly RowRange[]): Paced<number> {
  const known = inputs.map((name) => frame.column(name));
  const wanted = targets.map((name) => frame.column(name));
  let count = 0;
  for (const { start, end } of ranges) {
    for (let row = start; row < end; row++) {
      if (row % rowsPerTurn === 0) yield;
      let usable = false;
      for (let j = 0; j < wanted.length; j++) usable ||= !Number.isNaN(wanted[j][row]);
      for (let j = 0; j < known.length; j++) usable &&= !Number.isNaN(known[j][row]);
      if (usable) count++;
    }
  }
  return count;
}
