// A table that was read: its columns as numbers and times, and what cannot be used of them.
import type { TimeKind } from "@eddy/ui/reading";
import { Frame } from "eddy/series";
import { type Problem, ReadingError } from "./problem.ts";

/** What a column contains. */
export type ColumnKind = "number" | "time" | "text" | "empty";

export interface Column {
  name: string;
  kind: ColumnKind;
  missing: number;
  /** The numbers, NaN where they are missing; undefined for texts. */
  values: Float64Array | undefined;
  /** The times, in epoch milliseconds or plain numbers. */
  times: Float64Array | undefined;
  timeKind: TimeKind | undefined;
  /** Why the column cannot be an input or a target. */
  problem: Problem | undefined;
  /** Why the column cannot be the time. */
  timeProblem: Problem | undefined;
}

export interface Table {
  rows: number;
  columns: Column[];
}

/** The columns that a training uses. */
export interface Roles {
  time: string | undefined;
  inputs: string[];
  targets: string[];
}

/**
 * The frame of these columns.
 *
 * @throws ReadingError for a column with a value that cannot be read, with its row.
 */
export function frameOf({ columns }: Table, { time, inputs, targets }: Roles): Frame {
  const named = new Map(columns.map((column) => [column.name, column]));
  const numbers = [...inputs, ...targets].flatMap((name): [string, Float64Array][] => {
    const column = named.get(name);
    if (column?.problem) throw new ReadingError(column.problem);
    return column?.values ? [[name, column.values]] : [];
  });
  const timed = time === undefined ? undefined : named.get(time);
  if (timed?.timeProblem) throw new ReadingError(timed.timeProblem);
  return new Frame(new Map(numbers), { time: timed?.times });
}
