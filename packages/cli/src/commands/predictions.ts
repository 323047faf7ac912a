// Predictions written as JSON, or as the CSV that DuckDB converts to Parquet.
import { lineChunks, type Predictions } from "@eddy/ui/results";
import { quoteName, quoteText } from "../reading/conversions.ts";

/** An array of objects. */
export function* jsonChunks({ columns, rows }: Predictions): Generator<string> {
  const cells = columns.map((column) => {
    const name = JSON.stringify(column.name);
    if (column.type === "TIMESTAMP") return (row: number) => `${name}:${JSON.stringify(column.iso(column.at(row)))}`;
    return (row: number) => `${name}:${JSON.stringify(column.at(row) ?? null)}`;
  });
  yield "[\n";
  yield* lineChunks(rows, (row) => `{${cells.map((cell) => cell(row)).join(",")}}${row + 1 < rows ? "," : ""}\n`);
  yield "]\n";
}

/** CSV for `parquetQuery`: no header, quoted strings, times in microseconds. */
export function* plainChunks({ columns, rows }: Predictions): Generator<string> {
  const cells = columns.map((column) => {
    if (column.type === "VARCHAR") return (row: number) => quoteName(column.at(row));
    if (column.type === "TIMESTAMP") return (row: number) => String(Math.round(column.at(row) * 1000));
    return (row: number) => String(column.at(row) ?? "");
  });
  yield* lineChunks(rows, (row) => `${cells.map((cell) => cell(row)).join(",")}\n`);
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
