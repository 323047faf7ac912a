// Predictions as a table, row or time first, and the pieces of text that write it as CSV, JSON, or for Parquet.
import type { Frame } from "eddy/series";
import { quoteName, quoteText } from "../reading/conversions.ts";
import { looksLikeEpoch } from "../report/signals.ts";
import { shown } from "../shown.ts";
import type { Table } from "./table.ts";

/** A column of the result; `at` gives a row's value, undefined where there is none. Times are epoch milliseconds. */
interface Column {
  name: string;
  type: "BIGINT" | "DOUBLE" | "TIMESTAMP" | "VARCHAR";
  at(row: number): number | string | undefined;
}

export interface Predictions {
  columns: Column[];
  rows: number;
}

const rowsInPiece = 8192;

/**
 * One row for each row of the file, in the file's order: its time or, where there is none, its number from 1; its group; and
 * the prediction of each target as `NAME predicted`, a name that no column has that the model read.
 */
export function predictionsOf(predicted: Frame, { time, group, order }: Table, inputs: readonly string[]): Predictions {
  const { length, groups } = predicted;
  const targets = predicted.names;
  // Names differ by more than upper and lower case, since SQL does not tell these apart.
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
    const type = looksLikeEpoch(times) ? "TIMESTAMP" : "DOUBLE";
    columns.push({ name: time, type, at: (row) => times[at(row)]! });
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
 * CSV; a prediction that is missing is an empty cell. The first cell of a line never is, so that readers keep the row, and
 * spreadsheets, databases, pandas and R read it as missing (NaN would be a text to the first, a number to the others).
 *
 * @param options.visible makes control characters visible, for a terminal.
 */
export function* csvPieces(
  { columns, rows }: Predictions,
  { visible = false }: { visible?: boolean } = {},
): Generator<string> {
  const text = (value: string) => csvText(visible ? shown(value) : value);
  yield `${columns.map(({ name }) => text(name)).join(",")}\n`;
  const cells = columns.map(({ type, at }) => {
    if (type === "VARCHAR") return (row: number) => text(at(row) as string);
    if (type === "TIMESTAMP") return isoCells(at as (row: number) => number, rows);
    return (row: number) => String(at(row) ?? "");
  });
  yield* pieces(rows, (row) => `${cells.map((cell) => cell(row)).join(",")}\n`);
}

/** An array of objects. */
export function* jsonPieces({ columns, rows }: Predictions): Generator<string> {
  const cells = columns.map(({ name, type, at }) => {
    const written = type === "TIMESTAMP" ? isoCells(at as (row: number) => number, rows) : at;
    return (row: number) => `${JSON.stringify(name)}:${JSON.stringify(written(row) ?? null)}`;
  });
  yield "[\n";
  yield* pieces(rows, (row) => `{${cells.map((cell) => cell(row)).join(",")}}${row + 1 < rows ? "," : ""}\n`);
  yield "]\n";
}

/** CSV for `parquetQuery`: no header, texts in quotes, times in microseconds. */
export function* plainPieces({ columns, rows }: Predictions): Generator<string> {
  const cells = columns.map(({ type, at }) => {
    if (type === "VARCHAR") return (row: number) => quoteName(at(row) as string);
    if (type === "TIMESTAMP") return (row: number) => String(Math.round((at(row) as number) * 1000));
    return (row: number) => String(at(row) ?? "");
  });
  yield* pieces(rows, (row) => `${cells.map((cell) => cell(row)).join(",")}\n`);
}

/** Turns a file of `plainPieces` into Parquet, every type told and none guessed. */
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

/** Times as ISO 8601 in UTC with as many digits, 0, 3 or 6, as all of them need. */
function isoCells(at: (row: number) => number, rows: number): (row: number) => string {
  let digits: 0 | 3 | 6 = 0;
  for (let row = 0; row < rows && digits < 6; row++) {
    const micros = Math.round(at(row) * 1000);
    if (micros % 1000 !== 0) digits = 6;
    else if (micros % 1_000_000 !== 0) digits = 3;
  }
  return (row) => {
    const micros = Math.round(at(row) * 1000);
    const iso = new Date(Math.floor(micros / 1000)).toISOString();
    if (digits === 3) return iso;
    const rest = String(((micros % 1000) + 1000) % 1000).padStart(3, "0");
    return digits === 0 ? iso.replace(/\.\d+Z$/, "Z") : iso.replace("Z", `${rest}Z`);
  };
}

/** In quotes where a reader would take it apart; behind an apostrophe where a spreadsheet would run it. */
function csvText(text: string): string {
  const formula = /^[=+\-@\t\r]/.test(text) && (text.trim() === "" || Number.isNaN(Number(text)));
  const safe = formula ? `'${text}` : text;
  return formula || /[",;|\t\n\r]|^\s|\s$/.test(safe) ? quoteName(safe) : safe;
}
