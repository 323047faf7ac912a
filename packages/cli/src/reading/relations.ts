// The FROM clause for a prepared file, and its columns.
import { statSync } from "node:fs";
import type { DuckDBConnection } from "@duckdb/node-api";
import { Failure } from "../failure.ts";
import type { Texts } from "../texts/languages.ts";
import { type Column, isTime, quoteName, quoteText } from "./conversions.ts";
import type { Prepared } from "./prepare.ts";

/** The pattern that matches only this file: escapes wildcards, and a leading tilde, which means the home folder. */
export const patternOf = (file: string) => file.replace(/[[*?]|^~/g, (sign) => `[${sign}]`);

/** The columns of a text table, named c0, c1, … in SQL, since SQL names must not differ in case only. */
export const textColumns = (table: NonNullable<Prepared["table"]>) =>
  table.names.map((name, i): Column => ({ name, type: "VARCHAR", id: `c${i}` }));

/**
 * A CSV is read as text, so that no value is changed by a guess. Reading a column of plain numbers as doubles takes half as long,
 * but a query fails at the first value that is none.
 */
export function csvRelation({ path, table }: Prepared, doubles: readonly Column[] = []): string {
  const { separator, skip, names } = table!;
  const asDoubles = new Set(doubles.map(({ id }) => id));
  const columns = names.map((_, i) => `'c${i}': '${asDoubles.has(`c${i}`) ? "DOUBLE" : "VARCHAR"}'`).join(", ");
  return (
    `read_csv(${quoteText(patternOf(path))}, auto_detect = false, delim = ${quoteText(separator)}, quote = '"', escape = '"', ` +
    `header = false, skip = ${skip}, columns = {${columns}})`
  );
}

/** Parquet and JSON; in JSON, texts stay texts, since DuckDB would guess which part of a date is the day. */
export async function typedRelation(
  file: string,
  { kind, path }: Prepared,
  connection: DuckDBConnection,
  texts: Texts,
): Promise<string> {
  const pattern = quoteText(patternOf(path));
  if (kind === "parquet") return `read_parquet(${pattern})`;
  // The whole file may be one object with an array for each column.
  const largest = Math.max(16 * 1024 * 1024, statSync(path).size + 1);
  const options = `sample_size = -1, maximum_object_size = ${Math.min(largest, 4e8)}`;
  let relation = `read_json(${pattern}, ${options})`;
  const columns = await describe(connection, relation);
  if (columns.some(({ type }) => isGuessedTime(type))) {
    const typed = columns.map(({ name, type }) => `${quoteText(name)}: ${quoteText(asText(type))}`);
    relation = `read_json(${pattern}, ${options}, columns = {${typed.join(", ")}})`;
  }
  if (columns.length === 0 || !columns.every(({ type }) => type.endsWith("[]"))) return relation;
  const lengths = columns.map(({ name }) => `len(${quoteName(name)})`).join(", ");
  const result = await connection.runAndReadAll(
    `SELECT count(*) AS n, min(len(list_distinct([${lengths}]))) AS d FROM ${relation}`,
  );
  const [row] = result.getRowObjectsJS();
  if (Number(row!.n) !== 1) return relation;
  if (Number(row!.d) !== 1) throw new Failure(texts.reading.unevenArrays(file));
  return `(SELECT unnest(COLUMNS(*)) FROM ${relation})`;
}

const isGuessedTime = (type: string) => isTime(type.replace(/\[\]$/, "")) || /^TIME(\[\])?$/.test(type);
const asText = (type: string) => (isGuessedTime(type) ? (type.endsWith("[]") ? "VARCHAR[]" : "VARCHAR") : type);

/** The columns of a FROM clause. */
export async function describe(connection: DuckDBConnection, relation: string): Promise<Column[]> {
  const result = await connection.run(`SELECT * FROM ${relation} LIMIT 0`);
  const types = result.columnTypes();
  return result.deduplicatedColumnNames().map((name, i) => ({ name, type: String(types[i]) }));
}
