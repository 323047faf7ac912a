// Predictions as a table, and its text as CSV, as JSON, or as the CSV from which DuckDB makes Parquet.
import type { Frame } from "eddy/series";
import { isoWriter } from "../format.ts";
import { quoteName, quoteText } from "../reading/conversions.ts";
import { printable } from "../terminal/printable.ts";
import type { Table } from "./table.ts";

/** A column of the result; `at` returns a row's value, undefined if it is missing. */
type Column = { name: string } & (
  | { type: "BIGINT" | "DOUBLE"; at(row: number): number | undefined }
  | { type: "VARCHAR"; at(row: number): string }
  /** Epoch milliseconds, and their text in ISO 8601. */
  | { type: "TIMESTAMP"; at(row: number): number; iso(time: number): string }
);

export interface Predictions {
  columns: Column[];
  rows: number;
}

const rowsInPiece = 8192;

/**
 * One row for each row of the file, in the file's order: its time, or without times its number from 1; its group; and the
 * prediction of each target as `NAME predicted`, or another name if a column that the model read has this one.
 */
export function predictionsOf(
  predicted: Frame,
  { time, timeKind, group, order }: Table,
  inputs: readonly string[],
): Predictions {
  const { length, groups } = predicted;
  const targets = predicted.names;
  // Names must not differ in case only, since SQL ignores case.
  const taken = new Set([...inputs, ...targets, time, group].flatMap((name) => name?.toLowerCase() ?? []));
  const free = (wanted: string) => {
    let name = wanted;
    for (let n = 2; taken.has(name.toLowerCase()); n++) name = `${wanted} ${n}`;
    taken.add(name.toLowerCase());
    return name;
  };
  const places = order && inverse(order);
  const at = (row: number) => (places ? places[row]! : row);
  const columns: Column[] = [];
  if (predicted.time && time !== undefined) {
    const times = predicted.time;
    const value = (row: number) => times[at(row)]!;
    if (timeKind === "date") columns.push({ name: time, type: "TIMESTAMP", at: value, iso: isoWriter(times) });
    else columns.push({ name: time, type: "DOUBLE", at: value });
  } else columns.push({ name: free("row"), type: "BIGINT", at: (row) => row + 1 });
  if (groups && group !== undefined) {
    columns.push({ name: group, type: "VARCHAR", at: (row) => groups.labels[groups.codes[at(row)]!]! });
  }
  for (const target of targets) {
    const values = predicted.column(target);
    const known = (value: number) => (Number.isNaN(value) ? undefined : value);
    columns.push({ name: free(`${target} predicted`), type: "DOUBLE", at: (row) => known(values[at(row)]!) });
  }
  return { columns, rows: length };
}

function inverse(order: Int32Array): Int32Array {
  const places = new Int32Array(order.length);
  for (const [place, row] of order.entries()) places[row] = place;
  return places;
}

/**
 * CSV; a missing prediction is an empty cell, which spreadsheets, databases, pandas and R read as missing (NaN would be text
 * in a spreadsheet and a number in the others). The first cell of a row is never empty, so that readers keep the row.
 *
 * @param options.visible escapes control characters, for a terminal.
 */
export function* csvPieces(
  { columns, rows }: Predictions,
  { visible = false }: { visible?: boolean } = {},
): Generator<string> {
  const text = (value: string) => csvText(visible ? printable(value) : value);
  yield `${columns.map(({ name }) => text(name)).join(",")}\n`;
  const cells = columns.map((column) => {
    if (column.type === "VARCHAR") return (row: number) => text(column.at(row));
    if (column.type === "TIMESTAMP") return (row: number) => column.iso(column.at(row));
    return (row: number) => String(column.at(row) ?? "");
  });
  yield* pieces(rows, (row) => `${cells.map((cell) => cell(row)).join(",")}\n`);
}

/** An array of objects. */
export function* jsonPieces({ columns, rows }: Predictions): Generator<string> {
  const cells = columns.map((column) => {
    const name = JSON.stringify(column.name);
    if (column.type === "TIMESTAMP") return (row: number) => `${name}:${JSON.stringify(column.iso(column.at(row)))}`;
    return (row: number) => `${name}:${JSON.stringify(column.at(row) ?? null)}`;
  });
  yield "[\n";
  yield* pieces(rows, (row) => `{${cells.map((cell) => cell(row)).join(",")}}${row + 1 < rows ? "," : ""}\n`);
  yield "]\n";
}

/** CSV for `parquetQuery`: no header, quoted texts, times in microseconds. */
export function* plainPieces({ columns, rows }: Predictions): Generator<string> {
  const cells = columns.map((column) => {
    if (column.type === "VARCHAR") return (row: number) => quoteName(column.at(row));
    if (column.type === "TIMESTAMP") return (row: number) => String(Math.round(column.at(row) * 1000));
    return (row: number) => String(column.at(row) ?? "");
  });
  yield* pieces(rows, (row) => `${cells.map((cell) => cell(row)).join(",")}\n`);
}

/** The query that converts a file of `plainPieces` to Parquet, with every type declared. */
export function parquetQuery({ columns }: Predictions, from: string, to: string): string {
  const types = columns.map(({ type }, i) => `'c${i}': '${type === "TIMESTAMP" ? "BIGINT" : type}'`);
  const values = columns.map(
    ({ name, type }, i) => `${type === "TIMESTAMP" ? `make_timestamp(c${i})` : `c${i}`} AS ${quoteName(name)}`,
  );
  const source =
    `read_csv(${quoteText(from)}, auto_detect = false, header = false, delim = ',', quote = '"', escape = '"', ` +
    `columns = {${types.join(", ")}})`;
  return `COPY (SELECT ${values.join(", ")} FROM ${source}) TO ${quoteText(to)} (FORMAT parquet, USE_TMP_FILE false)`;
}

function* pieces(rows: number, line: (row: number) => string): Generator<string> {
  for (let start = 0; start < rows; start += rowsInPiece) {
    let piece = "";
    for (let row = start; row < Math.min(start + rowsInPiece, rows); row++) piece += line(row);
    yield piece;
  }
}

/** Quotes a text that a reader would split, and puts an apostrophe before one that a spreadsheet would run as a formula. */
function csvText(text: string): string {
  const formula = /^[=+\-@\t\r]/.test(text) && (text.trim() === "" || Number.isNaN(Number(text)));
  const safe = formula ? `'${text}` : text;
  return formula || /[",;|\t\n\r]|^\s|\s$/.test(safe) ? quoteName(safe) : safe;
}
