// Suggests a training command for a file, to be pasted into a shell.

import type { TimeKind } from "@eddy/ui/reading";
import { quoted, quotedColumns, quotedFile } from "@eddy/ui/results";
import { type Frame, inspectTime, repairTime, type TimeReport } from "eddy/series";
import { Failure, Interrupted } from "../failure.ts";
import { asVarchar, isText, quickNumber, quoteName, stacked, stackedText, toNumber } from "../reading/conversions.ts";
import { groupBySigns, signsFrom } from "../reading/decimal-signs.ts";
import type { ColumnOverview } from "../reading/overview.ts";
import { viewName } from "../reading/query.ts";
import { readFrame } from "../reading/read-frame.ts";
import { Source } from "../reading/source.ts";
import { AmbiguousTime } from "../reading/time-format.ts";
import type { TableOptions } from "./table.ts";

/** A suggested training command. */
export interface Suggestion {
  command: string;
  target: string;
  inputs: string[];
  /** Number of columns that could be inputs. */
  candidates: number;
}

/** A time column that was read. */
export interface ReadTimes {
  name: string;
  report: TimeReport;
  frame: Frame;
  timeKind: TimeKind | undefined;
  /** Additional options that these times require. */
  options: Pick<TableOptions, "sql" | "group" | "repairTime">;
}

/** A time column that is rejected, or ambiguous: then the user must choose one of the formats. */
export interface RejectedTimes {
  name: string;
  reason?: string;
  formats?: readonly string[];
}

/** Keeps the command readable. */
const maxInputs = 8;
/** Training needs ten rows with all inputs and a target, and validation ten more. */
const minRows = 20;
/** The minimum share of rows with complete inputs. */
const minCompleteShare = 0.3;

/**
 * Suggests predicting the last numeric column from the columns most correlated with it in the first rows. Skips times,
 * counters, constants, duplicate columns and mostly missing columns. Returns one suggestion for each possible time format;
 * none if there are fewer than two usable columns.
 */
export async function suggest(
  files: readonly string[],
  source: Source,
  columns: readonly ColumnOverview[],
  times: ReadTimes | RejectedTimes | undefined,
  options: TableOptions,
): Promise<Suggestion[]> {
  const numbers = columns.filter(
    ({ kind, name, low, high }) =>
      kind === "number" && name !== times?.name && name !== options.group && low !== high && name !== "",
  );
  const values = await firstValues(
    source,
    numbers.map(({ name }) => name),
  );
  const useful = numbers.filter(({ name }) => !isCounter(values.get(name)!));
  const target = useful.findLast(({ missing, rows }) => rows - missing >= minRows);
  if (target === undefined) return [];
  const targetValues = values.get(target.name)!;
  const candidates = useful
    .filter(({ name, missing, rows }) => name !== target.name && missing <= rows / 2)
    .map(({ name }) => ({ name, strength: Math.abs(correlation(values.get(name)!, targetValues)) }))
    .filter(({ strength }) => !(strength > 1 - 1e-9));
  const chosen: string[] = [];
  for (const { name } of [...candidates].sort((a, b) => (b.strength || 0) - (a.strength || 0))) {
    if (chosen.length === maxInputs) break;
    const candidate = values.get(name)!;
    const duplicate = chosen.some((other) => Math.abs(correlation(candidate, values.get(other)!)) > 1 - 1e-9);
    const share = completeShare([...chosen, name].map((input) => values.get(input)!));
    if (!duplicate && (chosen.length === 0 || share >= minCompleteShare)) chosen.push(name);
  }
  const inputs = columns.map(({ name }) => name).filter((name) => chosen.includes(name));
  if (inputs.length === 0) return [];
  const read = times !== undefined && "report" in times;
  const { sql, group, repairTime: repair } = { ...options, ...(read && times.options) };
  const formats = read ? [options.timeFormat] : (times?.formats ?? [undefined]);
  return formats.map((timeFormat) => {
    const args = ["eddy train", ...files.map(quotedFile)];
    if (sql) args.push(`--sql ${quoted(sql)}`);
    args.push(`--input ${quotedColumns(inputs)}`, `--target ${quotedColumns([target.name])}`);
    if (times !== undefined && (read || timeFormat !== undefined)) args.push(`--time ${quoted(times.name)}`);
    if (timeFormat !== undefined) args.push(`--time-format ${quoted(timeFormat)}`);
    if (group !== undefined) args.push(`--group ${quoted(group)}`);
    if (read && repair) args.push(`--repair-time ${repair}`);
    return { command: args.join(" "), target: target.name, inputs, candidates: candidates.length };
  });
}

/** The times to train with, or the time column that was rejected, with the reason. */
export async function findTimes(
  files: readonly string[],
  source: Source,
  columns: readonly ColumnOverview[],
  options: TableOptions,
): Promise<{ times?: ReadTimes; rejected?: RejectedTimes }> {
  const pair = options.time === undefined ? dayAndClock(columns) : undefined;
  const joined = pair && (await joinedTimes(files, source, columns, pair, options));
  if (joined) return { times: joined };
  const named = columns.filter(({ name, kind }) => kind === "number" && looksLikeTime.test(name));
  const dated = columns.filter(({ kind }) => kind === "time");
  const names = options.time === undefined ? [...dated, ...named].map(({ name }) => name).slice(0, 4) : [options.time];
  let rejected: RejectedTimes | undefined;
  for (const name of names) {
    const found = await readTimes(source, name, options);
    if ("report" in found) return { times: found };
    if (columns[0]!.rows < 3) continue; // with at most one step, nothing can be said about the times
    // A numeric column that merely has the name of a time needs no explanation.
    if (options.time !== undefined || dated.some((column) => column.name === name)) rejected ??= { name, ...found };
  }
  const grouped = rejected && !rejected.formats && (await groupedTimes(source, columns, rejected.name, options));
  return grouped ? { times: grouped } : rejected ? { rejected } : {};
}

/** Limits for suggesting a column as --group: the number of labels, and the rows per label. */
const maxGroups = 1000;
const minRowsPerGroup = 10;

/** Times that repeat because several series are interleaved, and the column that identifies the series. */
async function groupedTimes(
  source: Source,
  columns: readonly ColumnOverview[],
  time: string,
  options: TableOptions,
): Promise<ReadTimes | undefined> {
  if (options.group !== undefined) return undefined;
  const labels = columns.filter(
    ({ kind, missing, rows, distinct = 0 }) =>
      kind === "text" && missing === 0 && distinct > 1 && distinct <= Math.min(maxGroups, rows / minRowsPerGroup),
  );
  for (const { name } of labels.slice(0, 3)) {
    const found = await readTimes(source, time, { ...options, group: name });
    if ("report" in found) return { ...found, options: { ...found.options, group: name } };
  }
  return undefined;
}

const looksLikeTime = /^t$|time|date|stamp|epoch|zeit|datum|uhr|hora|fecha|temps|时间|日期|时刻/i;

async function readTimes(
  source: Source,
  name: string,
  { timeFormat, group, sql }: TableOptions,
): Promise<ReadTimes | Omit<RejectedTimes, "name">> {
  try {
    const { frame, timeKind } = await readFrame(source, { numbers: [], time: name, timeFormat, group });
    const report = inspectTime(frame);
    const found = { name, report, frame, timeKind };
    if (report.missing > 0 || !(report.stepMs > 0)) return {};
    if (report.regular) return { ...found, options: { sql } };
    if (report.unsorted + report.duplicates === 0) return {};
    const repaired = repairTime(frame, { sort: true, duplicates: "last" });
    const few = repaired.report.dropped < frame.length / 10;
    if (!few || !inspectTime(repaired.frame).regular) return {};
    return { ...found, options: { sql, repairTime: "last" } };
  } catch (error) {
    if (!(error instanceof Failure) || error instanceof Interrupted) throw error;
    return error instanceof AmbiguousTime
      ? { reason: error.message, formats: error.formats }
      : { reason: error.message };
  }
}

/** A date column and a time-of-day column, if no column has both. */
function dayAndClock(columns: readonly ColumnOverview[]): { day: string; clock: string } | undefined {
  if (columns.some(({ kind, part }) => kind === "time" && part === undefined)) return undefined;
  const day = columns.find(({ part }) => part === "day")?.name;
  const clock = columns.find(({ part }) => part === "clock")?.name;
  return day !== undefined && clock !== undefined ? { day, clock } : undefined;
}

/** A date column and a time-of-day column, joined by a query. */
async function joinedTimes(
  files: readonly string[],
  { texts }: Source,
  columns: readonly ColumnOverview[],
  { day, clock }: { day: string; clock: string },
  options: TableOptions,
): Promise<ReadTimes | undefined> {
  if (options.sql !== undefined || files.length !== 1) return undefined;
  const joined = columns.some(({ name }) => name === "moment") ? "moment of time" : "moment";
  const table = quoteName(viewName(files[0]!));
  const sql = `SELECT *, ${quoteName(day)} || ' ' || ${quoteName(clock)} AS ${quoteName(joined)} FROM ${table}`;
  try {
    const source = await Source.open(files, texts, { sql });
    try {
      const found = await readTimes(source, joined, { ...options, sql });
      return "report" in found ? found : undefined;
    } finally {
      source.close();
    }
  } catch (error) {
    if (!(error instanceof Failure) || error instanceof Interrupted) throw error;
    return undefined; // then this query is not suggested
  }
}

/** The first rows of some columns; NaN for missing values. */
async function firstValues(source: Source, names: readonly string[]): Promise<Map<string, Float64Array>> {
  if (names.length === 0) return new Map();
  const limit = Math.max(100, Math.min(2000, Math.floor(200_000 / names.length)));
  const columns = names.map((name) => source.columns.find((column) => column.name === name)!);
  const found = columns.map((): number[] => []);
  const firstRows = `(SELECT * FROM ${source.relation} LIMIT ${limit})`;
  const typed = [...columns.keys()].filter((i) => !isText(columns[i]!.type));
  const texts = [...columns.keys()].filter((i) => isText(columns[i]!.type));
  const read = async (indices: readonly number[], table: string, value: string) => {
    for await (const chunk of source.chunks(`SELECT i, ${value} FROM ${table}`)) {
      const [at, values] = [chunk.getColumnVector(0), chunk.getColumnVector(1)];
      for (let row = 0; row < chunk.rowCount; row++) {
        found[indices[Number(at.getItem(row))]!]!.push(Number(values.getItem(row) ?? Number.NaN));
      }
    }
  };
  const at = (indices: readonly number[]) => indices.map((i) => columns[i]!);
  if (typed.length > 0) await read(typed, stacked(at(typed), firstRows, quickNumber), "v");
  for (const { signs, places } of groupBySigns((await source.signs(at(texts))).map(signsFrom))) {
    const indices = places.map((j) => texts[j]!);
    await read(indices, stacked(at(indices), firstRows, asVarchar), toNumber(stackedText, signs).value);
  }
  return new Map(names.map((name, i) => [name, Float64Array.from(found[i]!)]));
}

/** Whether these are row numbers, identifiers or times: values that change in one direction by a nearly constant step. */
function isCounter(values: Float64Array): boolean {
  const known = values.filter((value) => !Number.isNaN(value));
  if (known.length < minRows) return false;
  const steps = known.subarray(1).map((value, i) => value - known[i]!);
  const median = Float64Array.from(steps).sort()[Math.floor(steps.length / 2)]!;
  const same = steps.filter((step) => Math.abs(step - median) <= 0.01 * Math.abs(median)).length;
  return median !== 0 && steps.every((step) => step * median > 0) && same >= 0.9 * steps.length;
}

/** Pearson's correlation over the rows in which both values are present; NaN if one of them is constant there. */
function correlation(a: Float64Array, b: Float64Array): number {
  let [rows, sumA, sumB] = [0, 0, 0];
  const known = (row: number) => !Number.isNaN(a[row]! - b[row]!);
  for (let row = 0; row < a.length; row++)
    if (known(row)) [rows, sumA, sumB] = [rows + 1, sumA + a[row]!, sumB + b[row]!];
  const [meanA, meanB] = [sumA / rows, sumB / rows];
  let [ab, aa, bb] = [0, 0, 0];
  for (let row = 0; row < a.length; row++) {
    if (!known(row)) continue;
    const [x, y] = [a[row]! - meanA, b[row]! - meanB];
    [ab, aa, bb] = [ab + x * y, aa + x * x, bb + y * y];
  }
  return ab / Math.sqrt(aa * bb);
}

function completeShare(columns: readonly Float64Array[]): number {
  const rows = columns[0]!.length;
  let complete = 0;
  for (let row = 0; row < rows; row++) if (columns.every((values) => !Number.isNaN(values[row]))) complete++;
  return rows === 0 ? 0 : complete / rows;
}
