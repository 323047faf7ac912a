// Converts JSON documents with nested rows, as pandas and web services write them, to one object per line for DuckDB.
import { readFileSync, statSync, writeFileSync } from "node:fs";

type Value = unknown;
type Row = Record<string, Value>;

/** An object or arrays of arrays; DuckDB itself reads objects that are one per line or in an array. */
const document = /^\uFEFF?\s*(?:\[\s*\[|\{\s*"(?:[^"\\]|\\.)*"\s*:)/;
/** Node's strings are limited to half a gigabyte. */
const maxBytes = 400_000_000;

/** Writes the rows to `to`, one object per line; returns false if the document needs no conversion. */
export function writeRows(path: string, start: string, to: string): boolean {
  if (!document.test(start) || isNdjson(start) || statSync(path).size > maxBytes) return false;
  let rows: Row[] | undefined;
  try {
    rows = rowsOf(JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    if (cause instanceof SyntaxError) return false; // objects one per line, or damage that DuckDB reports
    throw cause;
  }
  if (rows === undefined || rows.length === 0) return false;
  writeFileSync(to, `${rows.map((row) => JSON.stringify(row)).join("\n")}\n`);
  return true;
}

/** Whether the first line is a complete document and others follow: then the file has one row per line, at any size. */
function isNdjson(start: string): boolean {
  const [first = "", next = ""] = start.trimStart().split("\n", 2);
  if (next.trim() === "") return false;
  try {
    return isObject(JSON.parse(first));
  } catch {
    return false;
  }
}

function rowsOf(value: Value): Row[] | undefined {
  if (Array.isArray(value)) return ofArrays(value);
  if (!isObject(value)) return undefined;
  const { columns, data } = value;
  if (Array.isArray(columns) && Array.isArray(data)) return ofArrays([columns.map(String), ...data]);
  const lists = Object.values(value).filter((one) => Array.isArray(one) && one.length > 0 && one.every(isObject));
  if (lists.length === 1) return lists[0] as Row[];
  const tables = Object.values(value);
  if (tables.length === 0 || !tables.every(isObject)) return undefined;
  const [first] = tables as [Row];
  const keys = Object.keys(first);
  const sameKeys = tables.every(
    (one) => Object.keys(one).length === keys.length && keys.every((key) => Object.hasOwn(one, key)),
  );
  if (!sameKeys) return undefined;
  // Each object is a row under its number, or a column with row numbers as keys.
  if (Object.keys(value).every((key) => /^\d+$/.test(key)) && !keys.every((key) => /^\d+$/.test(key))) return tables;
  return keys.map((key) => rowFrom(Object.entries(value).map(([name, column]) => [name, (column as Row)[key]])));
}

/** Arrays of equal length; the first has the names if it is all text and the others are not. */
function ofArrays(all: readonly Value[]): Row[] | undefined {
  if (all.length < 2 || !all.every((one): one is Value[] => Array.isArray(one))) return undefined;
  const [top, ...rows] = all as [Value[], ...Value[][]];
  if (rows.some((row) => row.length !== top.length)) return undefined;
  const named =
    top.every((one) => typeof one === "string") && rows.some((row) => row.some((one) => typeof one !== "string"));
  const names = named ? top.map(String) : top.map((_, i) => `column${i + 1}`);
  return (named ? rows : [top, ...rows]).map((row) => rowFrom(row.map((one, i) => [names[i]!, one])));
}

/** Defines a property; an assignment would fail for a column named `__proto__`. */
const rowFrom = (entries: readonly (readonly [string, Value])[]): Row => Object.fromEntries(entries);

const isObject = (value: Value): value is Row => typeof value === "object" && value !== null && !Array.isArray(value);
