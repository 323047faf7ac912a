// An overview of a table, column by column.
import type { Signs, SignVerdict } from "@eddy/ui/reading";
import {
  asVarchar,
  type Column,
  flag,
  isNumeric,
  isText,
  isTime,
  missing,
  stacked,
  stackedText,
  startsWithDigit,
  toLabel,
  toNumber,
  trimmed,
} from "../reading/conversions.ts";
import { groupBySigns, signsFrom } from "../reading/decimal-signs.ts";
import type { Source } from "../reading/source.ts";
import { type FirstRows, firstRows } from "../reading/time-format.ts";
import { type Scanned, type ScanOf, scan, scanPlain } from "./scan.ts";

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

/** The columns of a table, and what was scanned of those that have numbers. */
export interface Overview {
  columns: ColumnOverview[];
  scanned: Map<string, Scanned>;
  /** The epoch milliseconds of the columns in which every row is a time in ISO 8601. */
  times: Map<string, Float64Array>;
}

/** The overview: one pass over the table, and others over the columns with values that are not plain numbers. */
export async function overview(source: Source): Promise<Overview> {
  const first = await firstRows(source);
  const { timed } = first;
  const scans = await scanAll(source, first);
  const counted = source.columns.map(({ name }) => countsOf(scans.get(name)!, timed.has(name)));
  await recountWithSigns(source, counted, scans, timed);
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
  const numeric = found.filter(({ name, kind }) => (kind === "number" || kind === "mixed") && scans.has(name));
  const times = new Map<string, Float64Array>();
  for (const [name, { all, numbers, rows }] of scans) if (all && numbers === rows) times.set(name, all);
  return { columns: found, scanned: new Map(numeric.map(({ name }) => [name, scans.get(name)!])), times };
}

/** Scans all columns: the numbers of those that may contain numbers and are no times. */
async function scanAll(source: Source, { timed, iso, plain }: FirstRows): Promise<Map<string, Scanned>> {
  const asked = source.columns.map((column): ScanOf => {
    const { name, type } = column;
    if (iso.has(column)) return { column, content: "times" };
    if (timed.has(name) || !(isText(type) || isNumeric(type))) return { column, content: "presence" };
    return { column, content: plain.has(column) ? "plain numbers" : "numbers" };
  });
  const found = (await scanPlain(source, asked)) ?? (await scan(source, asked));
  return new Map(asked.map(({ column: { name } }, i) => [name, found[i]!]));
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

/** The counts of a scanned column; its kind is known if its first rows are times. */
function countsOf({ rows, missing, numbers, low, high }: Scanned, isTime: boolean): Counted {
  if (isTime) return { rows, missing, numbers: 0, times: rows - missing };
  return { rows, missing, numbers, ...(numbers > 0 && { low, high }) };
}

/** Counts the numbers of text columns with these signs, and the times among the others. */
async function count(source: Source, columns: readonly Column[], signs: readonly Signs[]): Promise<Counted[]> {
  const counted: Counted[] = columns.map(() => ({ rows: 0, missing: 0, numbers: 0 }));
  for (const group of groupBySigns(signs)) {
    const { value } = toNumber(stackedText, group.signs);
    const isMissing = `CASE WHEN ${startsWithDigit(stackedText)} THEN false ELSE ${missing(stackedText)} END`;
    const perValue = [`${isMissing} AS m`, finite(value), ...textPerValue];
    const all = stacked(
      group.places.map((i) => columns[i]!),
      source.relation,
      asVarchar,
    );
    const inner = `(SELECT i, ${perValue.join(", ")} FROM ${all})`;
    for (const { i, ...row } of await source.rows(`SELECT i, ${aggregates.join(", ")} FROM ${inner} GROUP BY i`)) {
      const known = Object.entries(row).filter(([, one]) => one !== null);
      Object.assign(
        counted[group.places[Number(i)]!]!,
        Object.fromEntries(known.map(([name, one]) => [name, Number(one)])),
      );
    }
  }
  return counted;
}

const finite = (value: string) => `CASE WHEN isfinite(${value}) THEN ${value} END AS x`;

/** For each value of a column: `m` is whether it is missing, `x` is the value if it is a finite number. */
const aggregates = [
  ...["count(*) AS rows", "count(*) FILTER (m) AS missing"],
  ...["count(x) AS numbers", "min(x) AS low", "max(x) AS high"],
  ...["approx_count_distinct(t) FILTER (NOT m) AS about", "count(*) FILTER (d) AS times"],
];

/** The text, and whether it is ISO 8601 or a date with the usual separators. */
const textPerValue = [
  `${trimmed(stackedText)} AS t`,
  `regexp_matches(${trimmed(stackedText)}, '^\\d{1,4}[-/.]\\d{1,2}[-/.]\\d{1,4}') AS d`,
];

/** Counts again the columns whose numbers may have other signs, and scans those that do. */
async function recountWithSigns(
  source: Source,
  counted: Counted[],
  scans: Map<string, Scanned>,
  timed: FirstRows["timed"],
): Promise<void> {
  const uncertain = source.columns
    .map((column, i) => ({ column, i }))
    .filter(({ column, i }) => {
      const { rows, missing, numbers } = counted[i]!;
      return isText(column.type) && !timed.has(column.name) && (source.commas || numbers < rows - missing);
    });
  if (uncertain.length === 0) return;
  const columns = uncertain.map(({ column }) => column);
  const verdicts = await source.signs(columns);
  const again = await count(source, columns, verdicts.map(signsFrom));
  for (const [j, { i }] of uncertain.entries()) counted[i] = { ...again[j]!, verdict: verdicts[j]! };
  const rescanned = uncertain.filter(({ i }) => counted[i]!.numbers !== scans.get(source.columns[i]!.name)?.numbers);
  const found = await scan(
    source,
    rescanned.map(({ column, i }): ScanOf => ({ column, content: "numbers", signs: signsFrom(counted[i]!.verdict) })),
  );
  for (const [j, { column }] of rescanned.entries()) scans.set(column.name, found[j]!);
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
