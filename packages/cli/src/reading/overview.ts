// What is in a table, column by column, for someone who does not know it yet.
import { type Column, flag, isNumeric, isText, isTime, missing, quoteName, toNumber, trimmed } from "./conversions.ts";
import type { Source } from "./source.ts";
import { timeColumns } from "./time-format.ts";

export interface ColumnOverview {
  name: string;
  /** `mixed`: mostly numbers, with something else among them. */
  kind: "number" | "time" | "text" | "mixed" | "other" | "empty";
  rows: number;
  missing: number;
  /** Of the numbers. */
  low?: number;
  high?: number;
  /** About how many different texts. */
  distinct?: number;
  /** What is no number in a column of numbers: how many, the first, and its row, from 1. */
  unreadable?: { count: number; value: string; row: number };
  /** Of times: days without a clock, or clocks without a day. */
  part?: "day" | "clock";
}

/** One pass over the table. */
export async function overview(source: Source): Promise<ColumnOverview[]> {
  const asked = source.columns.flatMap((column, i) => aggregates(column, i, source.decimalComma));
  const [row] = await source.rows(`SELECT count(*) AS n, ${asked.join(", ")} FROM ${source.relation}`);
  const times = await timeColumns(source);
  const rows = Number(row!.n);
  const found: ColumnOverview[] = [];
  for (const [i, column] of source.columns.entries()) {
    const value = (name: string) => Number(row![`${name}${i}`] ?? Number.NaN);
    const present = rows - value("missing");
    const one: ColumnOverview = { name: column.name, kind: "other", rows, missing: value("missing") };
    found.push(one);
    if (present === 0) one.kind = "empty";
    else if (isTime(column.type)) one.kind = "time";
    else if (isNumeric(column.type)) one.kind = "number";
    else if (isText(column.type)) {
      const numbers = value("numbers");
      one.distinct = value("distinct");
      one.kind = numbers === present ? "number" : numbers > 0.5 * present ? "mixed" : "text";
      if (one.kind === "mixed") one.unreadable = await firstUnreadable(source, column, present - numbers);
      // A column of times may hold one slip of the pen, which reading it will name.
      if (one.kind === "text" && value("times") > 0.5 * present) one.kind = "time";
    }
    const part = times.get(column.name);
    if (part && present > 0) one.kind = "time";
    if (part === "day" || part === "clock") one.part = part;
    if (one.kind === "number" || one.kind === "mixed") [one.low, one.high] = [value("low"), value("high")];
  }
  return found;
}

function aggregates(column: Column, i: number, decimalComma: boolean): string[] {
  const asked = [`count(*) FILTER (${missing(column)}) AS missing${i}`];
  const readable = isText(column.type) || isNumeric(column.type);
  if (readable) {
    const { value } = toNumber(column, decimalComma);
    asked.push(`count(${value}) FILTER (NOT ${missing(column)}) AS numbers${i}`);
    const finite = `FILTER (isfinite(${value}))`;
    asked.push(`min(${value}) ${finite} AS low${i}`, `max(${value}) ${finite} AS high${i}`);
  }
  if (isText(column.type)) {
    const text = trimmed(column);
    asked.push(`approx_count_distinct(${text}) FILTER (NOT ${missing(column)}) AS distinct${i}`);
    // ISO 8601, or days, months and years between the usual signs
    const dated = `regexp_matches(${text}, '^\\d{1,4}[-/.]\\d{1,2}[-/.]\\d{1,4}')`;
    asked.push(`count(*) FILTER (${dated}) AS times${i}`);
  }
  return asked;
}

async function firstUnreadable(source: Source, column: Column, count: number) {
  const { flags } = toNumber(column, source.decimalComma);
  const [row] = await source.rows(
    `SELECT row, v FROM (SELECT row_number() OVER () AS row, ${quoteName(column.name)}::VARCHAR AS v, ${flags} AS f
     FROM ${source.relation}) WHERE f & ${flag.unreadable} <> 0 LIMIT 1`,
  );
  return { count, value: String(row?.v ?? ""), row: Number(row?.row ?? 0) };
}
