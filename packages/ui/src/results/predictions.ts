// Predictions as a table, and as CSV.
import { boundNames, type Frame, type ResolvedModelOptions } from "eddy/series";
import type { TimeKind } from "../reading/written-times.ts";
import { isoWriter } from "./format.ts";

/** How the table was read that is predicted; the names are the file's. */
export interface PredictedTable {
  time: string | undefined;
  timeKind: TimeKind | undefined;
  group: string | undefined;
  /** For each row of the frame, its row in the file; undefined if they are the same. */
  order: Int32Array | undefined;
  /** The local times that the file has, if the frame's are in another order; undefined if they are the frame's. */
  localTime?: Float64Array | undefined;
}

/** A column of the table; `at` returns the value in a row, undefined if it is missing. */
export type PredictionColumn = { name: string } & (
  | { type: "BIGINT" | "DOUBLE"; at(row: number): number | undefined }
  | { type: "VARCHAR"; at(row: number): string }
  /** Epoch milliseconds, and their text in ISO 8601. */
  | { type: "TIMESTAMP"; at(row: number): number; iso(time: number): string }
);

export interface Predictions {
  columns: PredictionColumn[];
  rows: number;
}

const rowsPerChunk = 8192;

/**
 * One row for each row of the file, in the same order: its time or, without times, its number from 1; its group; and for each
 * target the prediction as `NAME predicted` and, if there are intervals, their bounds as `NAME lower` and `NAME upper`. A name
 * that the model read from the file gets a number.
 */
export function predictionsOf(
  predicted: Frame,
  table: PredictedTable,
  { inputs, targets }: Pick<ResolvedModelOptions, "inputs" | "targets">,
): Predictions {
  const { time, group, order } = table;
  // Names must not differ only in case, because SQL names are case-insensitive.
  const taken = new Set([...inputs, ...targets, time, group].flatMap((name) => name?.toLowerCase() ?? []));
  const unusedName = (base: string) => {
    let name = base;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${base} ${n}`;
    taken.add(name.toLowerCase());
    return name;
  };
  const positions = order && inverse(order);
  const at = (row: number) => (positions ? positions[row]! : row);
  const columns = leadingColumns(predicted, table, () => unusedName("row"), at);
  for (const target of targets) {
    const [low, high] = boundNames(target, targets);
    const kinds = { predicted: target, lower: low, upper: high };
    for (const [kind, own] of Object.entries(kinds)) {
      if (!predicted.has(own)) continue;
      const values = predicted.column(own);
      const orMissing = (value: number) => (Number.isNaN(value) ? undefined : value);
      columns.push({ name: unusedName(`${target} ${kind}`), type: "DOUBLE", at: (row) => orMissing(values[at(row)]!) });
    }
  }
  return { columns, rows: predicted.length };
}

/** A table of these columns under their own names, after the time or a row number, and the group. */
export function tableOf(
  frame: Frame,
  { time, timeKind, group }: PredictedTable,
  names: readonly string[],
): Predictions {
  const named = { time, timeKind, group, order: undefined }; // the rows of a forecast are not those of the file
  const columns = leadingColumns(
    frame,
    named,
    () => "row",
    (row) => row,
  );
  for (const name of names) {
    const values = frame.column(name);
    const orMissing = (value: number) => (Number.isNaN(value) ? undefined : value);
    columns.push({ name, type: "DOUBLE", at: (row) => orMissing(values[row]!) });
  }
  return { columns, rows: frame.length };
}

/** The time or, without times, the row number under the name that `rowName` returns; and the group. */
function leadingColumns(
  { time: ownTime, groups }: Frame,
  { time, timeKind, group, localTime }: PredictedTable,
  rowName: () => string,
  at: (row: number) => number,
): PredictionColumn[] {
  const columns: PredictionColumn[] = [];
  if (ownTime && time !== undefined) {
    const times = localTime ?? ownTime;
    const value = (row: number) => times[at(row)]!;
    if (timeKind === "date") columns.push({ name: time, type: "TIMESTAMP", at: value, iso: isoWriter(times) });
    else columns.push({ name: time, type: "DOUBLE", at: value });
  } else columns.push({ name: rowName(), type: "BIGINT", at: (row) => row + 1 });
  if (groups && group !== undefined) {
    columns.push({ name: group, type: "VARCHAR", at: (row) => groups.labels[groups.codes[at(row)]!]! });
  }
  return columns;
}

function inverse(order: Int32Array): Int32Array {
  const positions = new Int32Array(order.length);
  for (const [position, row] of order.entries()) positions[row] = position;
  return positions;
}

/**
 * CSV. A missing prediction is an empty cell, which spreadsheets, databases, pandas and R read as missing; NaN would be text in
 * a spreadsheet and a number in the others. The first cell of a row is never empty, so that readers do not skip the row.
 *
 * @param visible escapes control characters, for a terminal.
 */
export function* csvChunks({ columns, rows }: Predictions, visible = (text: string) => text): Generator<string> {
  const text = (value: string) => csvText(visible(value));
  yield `${columns.map(({ name }) => text(name)).join(",")}\n`;
  const cells = columns.map((column) => {
    if (column.type === "VARCHAR") return (row: number) => text(column.at(row));
    if (column.type === "TIMESTAMP") return (row: number) => column.iso(column.at(row));
    return (row: number) => String(column.at(row) ?? "");
  });
  yield* lineChunks(rows, (row) => `${cells.map((cell) => cell(row)).join(",")}\n`);
}

/** The lines of all rows, many at a time. */
export function* lineChunks(rows: number, line: (row: number) => string): Generator<string> {
  for (let start = 0; start < rows; start += rowsPerChunk) {
    let chunk = "";
    for (let row = start; row < Math.min(start + rowsPerChunk, rows); row++) chunk += line(row);
    yield chunk;
  }
}

/** Quotes a text if necessary, and prefixes it with an apostrophe if a spreadsheet would evaluate it as a formula. */
function csvText(text: string): string {
  const formula = /^[=+\-@\t\r]/.test(text) && (text.trim() === "" || Number.isNaN(Number(text)));
  const safe = formula ? `'${text}` : text;
  return formula || /[",;|\t\n\r]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
