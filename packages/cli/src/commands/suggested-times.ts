// Finds the column of times in a table, how its times are sampled, and the column of groups if times repeat.

import type { TimeKind } from "@eddy/ui/reading";
import { nameList } from "@eddy/ui/results";
import { Frame, inspectTime, repairTime, type TimeReport } from "eddy/series";
import { Failure, Interrupted } from "../failure.ts";
import type { ColumnOverview, Overview } from "../overview/overview.ts";
import { readFrame } from "../reading/read-frame.ts";
import type { Source } from "../reading/source.ts";
import { AmbiguousTime } from "../reading/time-format.ts";
import type { TableOptions } from "./table.ts";

/** A time column that was read. */
export interface ReadTimes {
  name: string;
  report: TimeReport;
  frame: Frame;
  timeKind: TimeKind | undefined;
  /** Additional options that these times require. */
  options: Pick<TableOptions, "group" | "repairTime" | "every">;
}

/** A time column that is rejected, or ambiguous: then the user must choose one of the formats. */
export interface RejectedTimes {
  name: string;
  reason?: string;
  formats?: readonly string[];
}

/** The times to train with, or the time column that was rejected, with the reason. */
export async function findTimes(
  source: Source,
  { columns, scanned, times: scannedTimes }: Overview,
  options: TableOptions,
): Promise<{ times?: ReadTimes; rejected?: RejectedTimes }> {
  const pair = options.time === undefined ? dayAndClock(columns) : undefined;
  if (pair !== undefined) {
    const found = await readTimes(source, pair, options);
    if ("report" in found) return { times: found };
  }
  const named = columns.filter(({ name, kind }) => kind === "number" && looksLikeTime.test(name));
  const dated = columns.filter(({ kind }) => kind === "time");
  const names = options.time === undefined ? [...dated, ...named].map(({ name }) => name).slice(0, 4) : [options.time];
  let rejected: RejectedTimes | undefined;
  for (const name of names) {
    const found = await readTimes(source, name, options, scannedTimes.get(name));
    if ("report" in found) return { times: found };
    if (columns[0]!.rows < 3) continue; // with at most one step, nothing can be said about the times
    // A numeric column that merely has the name of a time needs no explanation.
    if (options.time !== undefined || dated.some((column) => column.name === name)) rejected ??= { name, ...found };
  }
  const grouped =
    rejected &&
    !rejected.formats &&
    (await groupedTimes(source, groupsIn({ columns, scanned }), rejected.name, options));
  return grouped ? { times: grouped } : rejected ? { rejected } : {};
}

/** Limits for suggesting a column as --group: the number of labels, and the rows per label. */
const maxGroups = 1000;
const minRowsPerGroup = 10;
const maxTriedGroups = 4;

/** The columns that may identify series: texts, and small numbers, that occur in many rows each. */
function groupsIn({ columns, scanned }: Pick<Overview, "columns" | "scanned">): string[] {
  const few = (distinct: number, rows: number) =>
    distinct > 1 && distinct <= Math.min(maxGroups, rows / minRowsPerGroup);
  const complete = columns.filter(({ missing }) => missing === 0);
  const texts = complete.filter(({ kind, distinct = 0, rows }) => kind === "text" && few(distinct, rows));
  const numbers = complete.filter(({ kind, name, low = -1, high = 0, rows }) => {
    if (kind !== "number" || low < 0 || high > 1e6) return false;
    const { values } = scanned.get(name)!.kept;
    return values.every(Number.isInteger) && few(new Set(values).size, rows);
  });
  return [...texts, ...numbers].map(({ name }) => name).slice(0, maxTriedGroups);
}

/** Times that repeat because several series are interleaved, and the column that identifies the series. */
async function groupedTimes(
  source: Source,
  groups: readonly string[],
  time: string,
  options: TableOptions,
): Promise<ReadTimes | undefined> {
  if (options.group !== undefined) return undefined;
  for (const name of groups) {
    const found = await readTimes(source, time, { ...options, group: name });
    if ("report" in found) return { ...found, options: { ...found.options, group: name } };
  }
  return undefined;
}

const looksLikeTime = /^t$|time|date|stamp|epoch|zeit|datum|uhr|hora|fecha|temps|时间|日期|时刻/i;

/** @param scanned its times, if the overview has read them: then they need not be read again, unless the user states how. */
async function readTimes(
  source: Source,
  name: string,
  { timeFormat, group, when, every: given }: TableOptions,
  scanned?: Float64Array,
): Promise<ReadTimes | Omit<RejectedTimes, "name">> {
  try {
    const known = timeFormat ?? group ?? when;
    const { frame, timeKind } =
      scanned !== undefined && known === undefined
        ? { frame: new Frame({}, { time: scanned }), timeKind: "date" as const }
        : await readFrame(source, { numbers: [], time: name, timeFormat, group });
    const report = inspectTime(frame);
    const found = { name, report, frame, timeKind };
    if (report.missing > 0 || !(report.stepMs > 0)) return {};
    if (report.regular) return { ...found, options: {} };
    const every = given ?? intervalNear(report.stepMs, timeKind);
    if (report.unsorted + report.duplicates === 0) return { ...found, options: { every } };
    const repaired = repairTime(frame, { sort: true, duplicates: "last" });
    if (repaired.report.dropped >= frame.length / 10) return {};
    return { ...found, options: { repairTime: "last", ...(!inspectTime(repaired.frame).regular && { every }) } };
  } catch (error) {
    if (!(error instanceof Failure) || error instanceof Interrupted) throw error;
    return error instanceof AmbiguousTime
      ? { reason: error.message, formats: error.formats }
      : { reason: error.message };
  }
}

/** A date column and a time-of-day column as one value of --time, if no column has both. */
function dayAndClock(columns: readonly ColumnOverview[]): string | undefined {
  if (columns.some(({ kind, part }) => kind === "time" && part === undefined)) return undefined;
  const day = columns.find(({ part }) => part === "day")?.name;
  const clock = columns.find(({ part }) => part === "clock")?.name;
  return day !== undefined && clock !== undefined ? nameList([day, clock]) : undefined;
}

const units: [name: string, ms: number, multiples: readonly number[]][] = [
  ["ms", 1, [1, 2, 5, 10, 20, 50, 100, 200, 500]],
  ["s", 1000, [1, 2, 5, 10, 15, 20, 30]],
  ["min", 60_000, [1, 2, 5, 10, 15, 20, 30]],
  ["h", 3_600_000, [1, 2, 3, 4, 6, 8, 12]],
  ["d", 86_400_000, [1, 2, 7, 14, 28]],
];

/** A round interval of at least the median step, as `--every` reads it: shorter ones would have many empty rows. */
function intervalNear(stepMs: number, timeKind: TimeKind | undefined): string {
  if (timeKind !== "date") return String(Number(stepMs.toPrecision(2)));
  for (const [name, ms, multiples] of units) {
    const found = multiples.find((multiple) => multiple * ms >= 0.95 * stepMs);
    if (found !== undefined) return `${found}${name}`;
  }
  return `${Math.ceil(stepMs / 86_400_000)}d`;
}
