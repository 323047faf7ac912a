// JSON documents whose rows lie deeper than DuckDB looks, as pandas and web services write them: told apart and listed row by row.
import { readFileSync, statSync, writeFileSync } from "node:fs";

type Value = unknown;
type Row = Record<string, Value>;

/** A document in an object or in arrays of arrays; rows of objects, one a line or in an array, are read as they stand. */
const document = /^\uFEFF?\s*(?:\[\s*\[|\{\s*"(?:[^"\\]|\\.)*"\s*:)/;
/** Node's longest text is half a gigabyte. */
const largest = 400_000_000;

/** Whether the rows were written to `to`, one object a line; false where the document needs no such help. */
export function writeRows(path: string, start: string, to: string): boolean {
  if (!document.test(start) || standsAlone(start) || statSync(path).size > largest) return false;
  let rows: Row[] | undefined;
  try {
    rows = rowsOf(JSON.parse(readFileSync(path, "utf8")));
  } catch (cause) {
    if (cause instanceof SyntaxError) return false; // objects one a line, or damage that DuckDB will name
    throw cause;
  }
  if (rows === undefined || rows.length === 0) return false;
  writeFileSync(to, `${rows.map((row) => JSON.stringify(row)).join("\n")}\n`);
  return true;
}

/** Whether the first line is complete and others follow: then rows stand one a line, in a file of any size. */
function standsAlone(start: string): boolean {
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
  const alike = tables.every(
    (one) => Object.keys(one).length === keys.length && keys.every((key) => Object.hasOwn(one, key)),
  );
  if (!alike) return undefined;
  // A row in each object, called by its number; else a column, with the rows' numbers in it.
  if (Object.keys(value).every((key) => /^\d+$/.test(key)) && !keys.every((key) => /^\d+$/.test(key))) return tables;
  return keys.map((key) => rowFrom(Object.entries(value).map(([name, column]) => [name, (column as Row)[key]])));
}

/** Arrays of one length, with the names in the first where they are all text and the rest is not. */
function ofArrays(all: readonly Value[]): Row[] | undefined {
  if (all.length < 2 || !all.every((one): one is Value[] => Array.isArray(one))) return undefined;
  const [top, ...rows] = all as [Value[], ...Value[][]];
  if (rows.some((row) => row.length !== top.length)) return undefined;
  const named =
    top.every((one) => typeof one === "string") && rows.some((row) => row.some((one) => typeof one !== "string"));
  const names = named ? top.map(String) : top.map((_, i) => `column${i + 1}`);
  return (named ? rows : [top, ...rows]).map((row) => rowFrom(row.map((one, i) => [names[i]!, one])));
}

/** Not by assignment, which a column called `__proto__` would turn into something else. */
const rowFrom = (entries: readonly (readonly [string, Value])[]): Row => Object.fromEntries(entries);

const isObject = (value: Value): value is Row => typeof value === "object" && value !== null && !Array.isArray(value);
