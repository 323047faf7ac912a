// A table that was read: its columns as numbers, times and labels, and what cannot be used of them.
import { orderByGroup, type TimeKind } from "@eddy/ui/reading";
import { Frame } from "eddy/series";
import { type Problem, ReadingError } from "./problem.ts";

/** What a column contains. */
export type ColumnKind = "number" | "category" | "time" | "text" | "empty";

/** The different texts of a column, in order of their first rows, and for each row its text's position; NaN if it is missing. */
interface Labels {
  labels: string[];
  codes: Float64Array;
}

/** A date and a time of day in columns of their own, and how the time of day is written as strptime spells it. */
export interface DayAndClock {
  day: string;
  clock: string;
  clockFormat: string;
}

export interface Column {
  name: string;
  kind: ColumnKind;
  missing: number;
  /** The numbers, NaN where they are missing; undefined for texts. */
  values: Float64Array | undefined;
  /** Undefined for columns with many different texts. */
  labelled: Labels | undefined;
  /** The times, in epoch milliseconds or plain numbers. */
  times: Float64Array | undefined;
  timeKind: TimeKind | undefined;
  /** Of a column that is made of two. */
  madeOf?: DayAndClock;
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
  /** Rows with the same value belong to one series. */
  group?: string | undefined;
  inputs: string[];
  /** Of a forecast: columns that are known for its rows, too. */
  known?: string[] | undefined;
  targets: string[];
}

/** The rows of a table in the order of their groups. */
export interface GroupedFrame {
  frame: Frame;
  /** For each row of the frame, its row in the file; undefined if they are the same. */
  order: Int32Array | undefined;
}

/**
 * The frame of these columns.
 *
 * @throws ReadingError for a column with a value that cannot be read, with its row.
 */
export function frameOf({ columns }: Table, { time, group, inputs, known = [], targets }: Roles): GroupedFrame {
  const named = new Map(columns.map((column) => [column.name, column]));
  const groups = group === undefined ? undefined : groupsOf(named.get(group)!);
  const order = groups && orderByGroup(groups.codes, groups.labels.length);
  const sorted = (values: Float64Array) => (order ? Float64Array.from(order, (row) => values[row]!) : values);
  const categories: Record<string, readonly string[]> = {};
  const values = [...inputs, ...known, ...targets].flatMap((name): [string, Float64Array][] => {
    const column = named.get(name);
    if (column?.problem) throw new ReadingError(column.problem);
    const { labelled } = column ?? {};
    if (column?.values) return [[name, sorted(column.values)]];
    if (!labelled) return [];
    categories[name] = labelled.labels;
    return [[name, sorted(labelled.codes)]];
  });
  const timed = time === undefined ? undefined : named.get(time);
  // A clock may start again with each series.
  const isRestart = group !== undefined && timed?.timeProblem?.kind === "clockRestarts";
  if (timed?.timeProblem && !isRestart) throw new ReadingError(timed.timeProblem);
  const frame = new Frame(new Map(values), {
    time: timed?.times && sorted(timed.times),
    group: groups && {
      ...groups,
      codes: order ? groups.codes.map((_, row) => groups.codes[order[row]!]!) : groups.codes,
    },
    categories,
  });
  return { frame, order };
}

/** @throws ReadingError for a row without a group. */
function groupsOf({ name, labelled }: Column): { labels: string[]; codes: Int32Array } {
  const { labels, codes } = labelled!;
  const row = codes.findIndex(Number.isNaN);
  if (row >= 0) throw new ReadingError({ kind: "noGroup", column: name, row: row + 1 });
  return { labels, codes: Int32Array.from(codes) };
}

/** The table with these numbers as missing values. */
export function withoutCodes(table: Table, missing: readonly number[]): Table {
  if (missing.length === 0) return table;
  const codes = new Set(missing);
  const columns = table.columns.map((column): Column => {
    const { values } = column;
    const found = values?.reduce((count, value) => count + (codes.has(value) ? 1 : 0), 0) ?? 0;
    if (!values || found === 0) return column;
    const known = values.map((value) => (codes.has(value) ? Number.NaN : value));
    return { ...column, values: known, missing: column.missing + found };
  });
  return { ...table, columns };
}
