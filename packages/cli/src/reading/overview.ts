// What is in a table, column by column, for someone who does not know it yet.
import {
  type Column,
  flag,
  isNumeric,
  isText,
  isTime,
  missing,
  plainSigns,
  quickNumber,
  toNumber,
  trimmed,
} from "./conversions.ts";
import type { Verdict } from "./decimal-signs.ts";
import { columnsPerPass, type Source } from "./source.ts";
import { timeColumns } from "./time-format.ts";

const mostCounted = 100_000;

export interface ColumnOverview {
  name: string;
  /** `mixed`: mostly numbers, with something else among them. */
  kind: "number" | "time" | "text" | "mixed" | "other" | "empty";
  rows: number;
  missing: number;
  /** Of the numbers. */
  low?: number;
  high?: number;
  /** How many different texts; about so many where `estimated`. */
  distinct?: number;
  estimated?: boolean;
  /** What is no number in a column of numbers: how many, the first, and its row, from 1. */
  unreadable?: { count: number; value: string; row: number };
  /** Of times: days without a clock, or clocks without a day. */
  part?: "day" | "clock";
}

/** Several passes over the table, each over so many columns as memory allows. */
export async function overview(source: Source): Promise<ColumnOverview[]> {
  const { rows, counted } = await count(source, source.columns, (column) => quickNumber(column));
  await askForSigns(source, rows, counted);
  const timed = await timeColumns(source);
  const found: ColumnOverview[] = [];
  for (const [i, column] of source.columns.entries()) {
    const { missing, numbers = 0, times = 0, low, high, about, verdict } = counted[i]!;
    const present = rows - missing;
    const one: ColumnOverview = { name: column.name, kind: "other", rows, missing };
    found.push(one);
    if (present === 0) one.kind = "empty";
    else if (isTime(column.type)) one.kind = "time";
    else if (isNumeric(column.type)) one.kind = "number";
    else if (isText(column.type)) {
      one.kind = numbers === present ? "number" : numbers > 0.5 * present || verdict === "either" ? "mixed" : "text";
      // A column of times may hold one slip of the pen, which reading it will name.
      if (one.kind === "text" && times > 0.5 * present) one.kind = "time";
      if (one.kind === "mixed") {
        const { flags } = toNumber(column, signsFrom(verdict));
        const { row, value } = await source.firstRow(column, `${flags} & ${flag.unreadable} <> 0`);
        one.unreadable = { count: present - numbers, value, row };
      }
      if (one.kind === "text") Object.assign(one, await distinct(source, column, about ?? 0));
    }
    const part = timed.get(column.name);
    if (part && present > 0) one.kind = "time";
    if (part === "day" || part === "clock") one.part = part;
    if ((one.kind === "number" || one.kind === "mixed") && low !== undefined) [one.low, one.high] = [low, high!];
  }
  source.checkUnchanged();
  return found;
}

/** Of one column. */
interface Counted {
  missing: number;
  numbers?: number;
  low?: number;
  high?: number;
  times?: number;
  /** Different texts, roughly. */
  about?: number;
  verdict?: Verdict;
}

async function count(
  source: Source,
  columns: readonly Column[],
  valueIn: (column: Column, i: number) => string,
  asText = false,
) {
  const counted: Counted[] = [];
  let rows = 0;
  const atOnce = columnsPerPass / 2;
  for (let from = 0; from < columns.length; from += atOnce) {
    const some = columns.slice(from, from + atOnce);
    const numbered = (ask: (column: Column, i: number) => string[]) =>
      some.flatMap((column, i) => ask(column, from + i).map((one) => one.replaceAll("#", String(i)))).join(", ");
    const inner = numbered((column, i) => [
      ...perRow(column, valueIn(column, i)),
      ...(asText ? textPerRow(column) : []),
    ]);
    const outer = numbered((column) => [...aggregates(column), ...(asText ? textAggregates : [])]);
    const [row] = await source.rows(`SELECT count(*) AS n, ${outer} FROM (SELECT ${inner} FROM ${source.relation})`);
    rows = Number(row!.n);
    for (const i of some.keys()) {
      const value = (name: string) => {
        const there = row![`${name}${i}`];
        return there === undefined || there === null ? undefined : Number(there);
      };
      counted.push({
        missing: value("missing") ?? 0,
        ...optional({ numbers: value("numbers"), low: value("low"), high: value("high") }),
        ...optional({ times: value("times"), about: value("about") }),
      });
    }
  }
  return { rows, counted };
}

const optional = (values: Record<string, number | undefined>) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

/** Counts those columns again whose numbers may not be written by the plain rule. */
async function askForSigns(source: Source, rows: number, counted: Counted[]): Promise<void> {
  const doubtful = source.columns
    .map((column, i) => ({ column, i }))
    .filter(
      ({ column, i }) => isText(column.type) && (source.commas || counted[i]!.numbers! < rows - counted[i]!.missing),
    );
  if (doubtful.length === 0) return;
  const columns = doubtful.map(({ column }) => column);
  const verdicts = await source.signs(columns);
  const values = (column: Column, i: number) => toNumber(column, signsFrom(verdicts[i])).value;
  const again = await count(source, columns, values, true);
  for (const [j, { i }] of doubtful.entries()) counted[i] = { ...again.counted[j]!, verdict: verdicts[j]! };
}

const signsFrom = (verdict: Verdict | undefined) => (typeof verdict === "object" ? verdict : plainSigns);

/** The number of the column stands behind each name; `v` is its value where that is finite, `m` whether it is missing. */
function aggregates(column: Column): string[] {
  const asked = ["count(*) FILTER (m#) AS missing#"];
  if (isText(column.type) || isNumeric(column.type))
    asked.push("count(v#) AS numbers#", "min(v#) AS low#", "max(v#) AS high#");
  return asked;
}

/** What `aggregates` asks for, computed once for each row. */
function perRow(column: Column, value: string): string[] {
  const asked = [`${missing(column)} AS m#`];
  if (isText(column.type) || isNumeric(column.type)) asked.push(`CASE WHEN isfinite(${value}) THEN ${value} END AS v#`);
  return asked;
}

const textAggregates = ["approx_count_distinct(t#) FILTER (NOT m#) AS about#", "count(*) FILTER (d#) AS times#"];

function textPerRow(column: Column): string[] {
  const text = trimmed(column);
  // ISO 8601, or days, months and years between the usual signs
  return [`${text} AS t#`, `regexp_matches(${text}, '^\\d{1,4}[-/.]\\d{1,2}[-/.]\\d{1,4}') AS d#`];
}

/** Counted where their number allows to hold them all, else estimated. */
async function distinct(source: Source, column: Column, about: number) {
  if (about > mostCounted) return { distinct: about, estimated: true };
  const counted = `count(DISTINCT ${trimmed(column)}) FILTER (NOT ${missing(column)})`;
  const [row] = await source.rows(`SELECT ${counted} AS n FROM ${source.relation}`);
  return { distinct: Number(row!.n) };
}
