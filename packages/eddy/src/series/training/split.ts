/** The chronological split into training, validation and test part, and the merging of parts with too few rows. */
import { belowOne, checkOptions } from "../../nn/options.ts";
import { featureNames } from "../data/features.ts";
import { checkIsFrame, type Frame } from "../data/frame.ts";
import type { Rows } from "../data/rows.ts";
import type { Paced } from "../pace.ts";
import type { NoteOf } from "../record/notes.ts";
import type { ResolvedModelOptions } from "../settings/options.ts";
import type { PeriodOf } from "./blocks.ts";
import { minRows } from "./defaults.ts";
import { trainingError } from "./words.ts";

/** The rows of each part. */
export interface Split {
  train: Rows[];
  validation: Rows[];
  test: Rows[];
}

/** Shares of each series; validation is undefined if it has a separate frame. */
interface Shares {
  validation?: number | undefined;
  test?: number | undefined;
}

/**
 * Splits each series of a frame in time order, as `train` does: training rows first, then validation, then test. Boundaries are
 * rounded to the nearest row.
 *
 * @param shares from 0 up to but excluding 1; 0 by default.
 * @throws TypeError for anything but a Frame and shares.
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
    const add = (part: Rows[], from: number, to: number) => {
      if (from < to) part.push({ start: from, end: to });
    };
    add(parts.train, start, validationStart);
    add(parts.validation, validationStart, testStart);
    add(parts.test, testStart, end);
  }
  return parts;
}

/**
 * Splits a frame of features. A part with too few usable rows is merged with another, and `merged` records it.
 *
 * @throws DataError if there are too few usable rows in total.
 */
export function* mergingSplit(
  frame: Frame,
  options: ResolvedModelOptions,
  shares: Shares,
): Paced<{ parts: Split; merged: NoteOf<"test-merged" | "validation-merged" | "no-validation">[] }> {
  const usable = (ranges: readonly Rows[]) => usableRows(frame, options, ranges);
  const merged: NoteOf<"test-merged" | "validation-merged" | "no-validation">[] = [];
  let parts = chronologicalSplit(frame, shares);
  if ((shares.test ?? 0) > 0) {
    const rows = yield* usable(parts.test);
    if (rows < minRows) {
      merged.push({ code: "test-merged", rows, least: minRows });
      parts = chronologicalSplit(frame, { ...shares, test: 0 });
    }
  }
  let trainRows = yield* usable(parts.train);
  if (shares.validation !== undefined) {
    const rows = yield* usable(parts.validation);
    if (rows < minRows || trainRows < minRows) {
      merged.push(
        shares.validation === 0
          ? { code: "no-validation" }
          : { code: "validation-merged", train: trainRows, validation: rows, least: minRows },
      );
      const merging = chronologicalSplit(frame, { validation: 0, test: parts.test.length > 0 ? shares.test : 0 });
      parts = { ...merging, validation: merging.train };
      trainRows += rows;
    }
  }
  if (trainRows < minRows) {
    const values = { least: minRows, received: trainRows, rows: frame.length };
    throw trainingError("few-training-rows", values, "train");
  }
  return { parts, merged };
}

/** The number of usable rows of a frame of features outside the test part, or of the periods in which there are any. */
export function* trainableRows(
  frame: Frame,
  options: ResolvedModelOptions,
  test: number,
  periodOf?: PeriodOf,
): Paced<number> {
  return yield* usableRows(frame, options, chronologicalSplit(frame, { test }).train, periodOf);
}

const rowsPerTurn = 1 << 18;

/** Counts the rows with every feature and at least one target, or their periods. */
function* usableRows(
  frame: Frame,
  options: ResolvedModelOptions,
  ranges: readonly Rows[],
  periodOf?: PeriodOf,
): Paced<number> {
  const { targets } = options;
  const inputColumns = featureNames(options).map((name) => frame.column(name));
  const targetColumns = targets.map((name) => frame.column(name));
  const periods = new Set<number>();
  let count = 0;
  for (const { start, end } of ranges) {
    for (let row = start; row < end; row++) {
      if (row % rowsPerTurn === 0) yield;
      let usable = false;
      for (let j = 0; j < targetColumns.length; j++) usable ||= !Number.isNaN(targetColumns[j][row]);
      for (let j = 0; j < inputColumns.length; j++) usable &&= !Number.isNaN(inputColumns[j][row]);
      if (!usable) continue;
      if (periodOf) periods.add(periodOf(row));
      count++;
    }
  }
  return periodOf ? periods.size : count;
}
