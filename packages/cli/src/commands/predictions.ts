// Predictions as a table, written as CSV, as JSON, or as the CSV that DuckDB converts to Parquet.
import { boundNames, type Frame, type ResolvedModelOptions } from "eddy/series";
import { isoWriter } from "../format.ts";
import { quoteName, quoteText } from "../reading/conversions.ts";
import { printable } from "../terminal/printable.ts";
import type { Table } from "./table.ts";

/** A column of the table; `at` returns the value in a row, undefined if it is missing. */
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

const rowsPerChunk = 8192;

/**
 * One row for each row of the file, in the same order: its time or, without times, its number from 1; its group; and for each
 * target the prediction as `NAME predicted` and, if there are intervals, their bounds as `NAME lower` and `NAME upper`. A name
 * that the model read from the file gets a number.
 */
export function predictionsOf(
  predicted: Frame,
  { time, timeKind, group, order }: Table,
  { inputs, targets }: Pick<ResolvedModelOptions, "inputs" | "targets">,
): Predictions {
  const { length, groups } = predicted;
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
  const columns: Column[] = [];
  if (predicted.time && time !== undefined) {
    const times = predicted.time;
    const value = (row: number) => times[at(row)]!;
    if (timeKind === "date") columns.push({ name: time, type: "TIMESTAMP", at: value, iso: isoWriter(times) });
    else columns.push({ name: time, type: "DOUBLE", at: value });
  } else columns.push({ name: unusedName("row"), type: "BIGINT", at: (row) => row + 1 });
  if (groups && group !== undefined) {
    columns.push({ name: group, type: "VARCHAR", at: (row) => groups.labels[groups.codes[at(row)]!]! });
  }
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
  return { columns, rows: length };
}

/** A table of these columns under their own names, after the time or a row number, and the group. */
export function tableOf(frame: Frame, { time, timeKind, group }: Table, names: readonly string[]): Predictions {
  const { length, groups, time: times } = frame;
  const columns: Column[] = [];
  if (times && time !== undefined) {
    const value = (row: number) => times[row]!;
    if (timeKind === "date") columns.push({ name: time, type: "TIMESTAMP", at: value, iso: isoWriter(times) });
    else columns.push({ name: time, type: "DOUBLE", at: value });
  } else columns.push({ name: "row", type: "BIGINT", at: (row) => row + 1 });
  if (groups && group !== undefined) {
    columns.push({ name: group, type: "VARCHAR", at: (row) => groups.labels[groups.codes[row]!]! });
  }
  for (const name of names) {
    const values = frame.column(name);
    const orMissing = (value: number) => (Number.isNaN(value) ? undefined : value);
    columns.push({ name, type: "DOUBLE", at: (row) => orMissing(values[row]!) });
  }
  return { columns, rows: length };
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
 * @param options.visible escapes control characters, for a terminal.
 */
export function* csvChunks(
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
  yield* chunks(rows, (row) => `${cells.map((cell) => cell(row)).join(",")}\n`);
}

/** An array of objects. */
export function* jsonChunks({ columns, rows }: Predictions): Generator<string> {
  const cells = columns.map((column) => {
    const name = JSON.stringify(column.name);
    if (column.type === "TIMESTAMP") return (row: number) => `${name}:${JSON.stringify(column.iso(column.at(row)))}`;
    return (row: number) => `${name}:${JSON.stringify(column.at(row) ?? null)}`;
  });
  yield "[\n";
  yield* chunks(rows, (row) => `{${cells.map((cell) => cell(row)).join(",")}}${row + 1 < rows ? "," : ""}\n`);
  yield "]\n";
}

/** CSV for `parquetQuery`: no header, quoted strings, times in microseconds. */
export function* plainChunks({ columns, rows }: Predictions): Generator<string> {
  const cells = columns.map((column) => {
    if (column.type === "VARCHAR") return (row: number) => quoteName(column.at(row));
    if (column.type === "TIMESTAMP") return (row: number) => String(Math.round(column.at(row) * 1000));
    return (row: number) => String(column.at(row) ?? "");
  });
  yield* chunks(rows, (row) => `${cells.map((cell) => cell(row)).join(",")}\n`);
}

/** The query that converts the CSV of `plainChunks` to Parquet, with explicit types. */
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

function* chunks(rows: number, line: (row: number) => string): Generator<string> {
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
  return formula || /[",;|\t\n\r]|^\s|\s$/.test(safe) ? quoteName(safe) : safe;
}
