// An overview of a table, column by column.
import { plainSigns, type Signs, type SignVerdict } from "@eddy/ui/reading";
import {
  asVarchar,
  type Column,
  flag,
  isNumeric,
  isText,
  isTime,
  missing,
  quickNumber,
  stacked,
  stackedText,
  toLabel,
  toNumber,
  trimmed,
} from "./conversions.ts";
import { groupBySigns, signsFrom } from "./decimal-signs.ts";
import type { Source } from "./source.ts";
import { timeColumns } from "./time-format.ts";

const maxCountedLabels = 100_000;

export interface ColumnOverview {
  name: string;
  /** `mixed`: mostly numbers, with other values among them. */
  kind: "number" | "time" | "text" | "mixed" | "other" | "empty";
  rows: number;
  missing: number;
  /** The range of the numbers. */
  low?: number;
  high?: number;
  /** Number of distinct texts, approximate if `estimated`. */
  distinct?: number;
  estimated?: boolean;
  /** The non-numeric values of a numeric column: count, the first one, and its row from 1. `either`: its sign is ambiguous. */
  unreadable?: { count: number; value: string; row: number; either?: true };
  /** For times: dates without a clock time, or clock times without a date. */
  part?: "day" | "clock";
}

/** The overview, in several passes over the table. */
export async function overview(source: Source): Promise<ColumnOverview[]> {
  const counted = await count(source, source.columns);
  await recountWithSigns(source, counted);
  const timed = await timeColumns(source);
  const found: ColumnOverview[] = [];
  for (const [i, column] of source.columns.entries()) {
    const { rows, missing, numbers, times = 0, low, high, about, verdict } = counted[i]!;
    const present = rows - missing;
    const one: ColumnOverview = { name: column.name, kind: "other", rows, missing };
    found.push(one);
    if (present === 0) one.kind = "empty";
    else if (isTime(column.type)) one.kind = "time";
    else if (isNumeric(column.type)) one.kind = "number";
    else if (isText(column.type)) {
      one.kind = numbers === present ? "number" : numbers > 0.5 * present || verdict === "either" ? "mixed" : "text";
      // A time column may contain one wrong value, which reading it reports.
      if (one.kind === "text" && times > 0.5 * present) one.kind = "time";
      if (one.kind === "mixed") {
        const { flags } = toNumber(column, signsFrom(verdict));
        const { row, value } = await source.firstRow(column, `${flags} & ${flag.unreadable} <> 0`);
        one.unreadable = { count: present - numbers, value, row, ...(verdict === "either" && { either: true }) };
      }
      if (one.kind === "text") Object.assign(one, await labels(source, column, about ?? 0));
    }
    const part = timed.get(column.name);
    if (part && present > 0) one.kind = "time";
    if (part === "day" || part === "clock") one.part = part;
    if ((one.kind === "number" || one.kind === "mixed") && low !== undefined) [one.low, one.high] = [low, high!];
  }
  source.checkUnchanged();
  return found;
}

/** The counts of one column. */
interface Counted {
  rows: number;
  missing: number;
  numbers: number;
  low?: number;
  high?: number;
  times?: number;
  /** Approximate number of distinct texts. */
  about?: number;
  verdict?: SignVerdict;
}

/** `signs` are those of each column, if known; then texts are also checked for times. */
async function count(source: Source, columns: readonly Column[], signs?: readonly Signs[]): Promise<Counted[]> {
  const counted: Counted[] = columns.map(() => ({ rows: 0, missing: 0, numbers: 0 }));
  const query = async (places: number[], all: string, perValue: readonly string[], selected: readonly string[]) => {
    const inner = `(SELECT i, ${perValue.join(", ")} FROM ${all})`;
    for (const { i, ...row } of await source.rows(`SELECT i, ${selected.join(", ")} FROM ${inner} GROUP BY i`)) {
      const known = Object.entries(row).filter(([, one]) => one !== null);
      Object.assign(counted[places[Number(i)]!]!, Object.fromEntries(known.map(([name, one]) => [name, Number(one)])));
    }
  };
  const places = [...columns.keys()];
  const typed = places.filter((i) => !isText(columns[i]!.type));
  const texts = places.filter((i) => isText(columns[i]!.type));
  const below = (some: readonly number[], value: (column: Column) => string) =>
    stacked(
      some.map((i) => columns[i]!),
      source.relation,
      value,
    );
  if (typed.length > 0) await query(typed, below(typed, typedValue), ["v IS NULL AS m", finite("v")], aggregates);
  for (const group of groupBySigns(texts.map((i) => signs?.[i] ?? plainSigns))) {
    const some = group.places.map((j) => texts[j]!);
    const value = signs ? toNumber(stackedText, group.signs).value : quickNumber(stackedText);
    const perValue = [`${missing(stackedText)} AS m`, finite(value), ...(signs ? textPerValue : [])];
    await query(some, below(some, asVarchar), perValue, [...aggregates, ...(signs ? textAggregates : [])]);
  }
  return counted;
}

const finite = (value: string) => `CASE WHEN isfinite(${value}) THEN ${value} END AS x`;

/** A number, or zero for a non-numeric value. */
const typedValue = (column: Column) =>
  isNumeric(column.type) ? quickNumber(column) : `CASE WHEN ${missing(column)} THEN NULL ELSE 0 END::DOUBLE`;

/** For each value of a column: `m` is whether it is missing, `x` is the value if it is a finite number. */
const aggregates = [
  ...["count(*) AS rows", "count(*) FILTER (m) AS missing"],
  ...["count(x) AS numbers", "min(x) AS low", "max(x) AS high"],
];

const textAggregates = ["approx_count_distinct(t) FILTER (NOT m) AS about", "count(*) FILTER (d) AS times"];

/** The text, and whether it is ISO 8601 or a date with the usual separators. */
const textPerValue = [
  `${trimmed(stackedText)} AS t`,
  `regexp_matches(${trimmed(stackedText)}, '^\\d{1,4}[-/.]\\d{1,2}[-/.]\\d{1,4}') AS d`,
];

/** Counts again the columns whose numbers may have other signs. */
async function recountWithSigns(source: Source, counted: Counted[]): Promise<void> {
  const uncertain = source.columns
    .map((column, i) => ({ column, i }))
    .filter(({ column, i }) => {
      const { rows, missing, numbers } = counted[i]!;
      return isText(column.type) && (source.commas || numbers < rows - missing);
    });
  if (uncertain.length === 0) return;
  const columns = uncertain.map(({ column }) => column);
  const verdicts = await source.signs(columns);
  const again = await count(source, columns, verdicts.map(signsFrom));
  for (const [j, { i }] of uncertain.entries()) counted[i] = { ...again[j]!, verdict: verdicts[j]! };
}

/**
 * The labels of a text column, and the rows without one; a word for a missing number may be a label. Counted exactly if
 * there are few enough, otherwise estimated.
 */
async function labels(source: Source, column: Column, about: number) {
  const label = toLabel(column);
  const estimated = about > maxCountedLabels;
  const distinct = estimated ? "" : `, count(DISTINCT ${label}) AS n`;
  const [row] = await source.rows(
    `SELECT count(*) FILTER (${label} IS NULL) AS missing${distinct} FROM ${source.relation}`,
  );
  const missing = Number(row!.missing);
  return estimated ? { missing, distinct: about, estimated } : { missing, distinct: Number(row!.n) };
}
