// The reading options of train, predict and evaluate, and reading a file into a frame.

import type { TimeKind } from "@eddy/ui/reading";
import { quoted } from "@eddy/ui/results";
import type { Command } from "commander";
import { type Frame, inspectTime, repairTime, resample } from "eddy/series";
import { Failure, UsageError } from "../failure.ts";
import { count, moment } from "../format.ts";
import { withoutClockChanges } from "../reading/daylight-saving.ts";
import { excludedRows } from "../reading/excluded-rows.ts";
import { type RequestedColumns, readFrame } from "../reading/read-frame.ts";
import { Source } from "../reading/source.ts";
import type { Session } from "../session.ts";
import type { Texts } from "../texts/languages.ts";
import { choice } from "./option-values.ts";
import { interval, intervalOf, ranges, summaries, summariesOf } from "./row-options.ts";

export interface TableOptions {
  time?: string;
  timeFormat?: string;
  group?: string;
  sql?: string;
  header?: "yes" | "no";
  decimal?: "point" | "comma";
  repairTime?: "first" | "last" | "mean";
  /** The length of the intervals, as text. */
  every?: string;
  everyBy?: string;
  exclude?: string[];
  when?: string;
}

/** Adds the options of `TableOptions`. */
export function addTableOptions(command: Command, texts: Texts): Command {
  const train = texts.train.help;
  return command
    .option("--time <column>", train.time)
    .option("--time-format <format>", train.timeFormat)
    .option("--group <column>", train.group)
    .option("--sql <query>", train.sql)
    .option("--header <yes|no>", train.header, choice(texts, "--header", ["yes", "no"]))
    .option("--decimal <separator>", train.decimal, choice(texts, "--decimal", ["point", "comma"]))
    .option("--repair-time <keep>", train.repairTime, choice(texts, "--repair-time", ["first", "last", "mean"]))
    .option("--every <interval>", train.every, interval(texts, "--every"))
    .option("--every-by <columns>", train.everyBy, summaries(texts, "--every-by"))
    .option("--exclude <range>", train.exclude, ranges(texts, "--exclude"))
    .option("--when <condition>", train.when);
}

/** The options as command-line arguments; false becomes `--no-…`. */
export function tableArgs({
  time,
  timeFormat,
  group,
  sql,
  header,
  decimal,
  repairTime,
  every,
  everyBy,
  exclude,
  when,
}: { [Name in keyof TableOptions]: TableOptions[Name] | false }): string[] {
  const reading = { time, "time-format": timeFormat, group, sql, header, decimal, "repair-time": repairTime };
  const given = { ...reading, every, "every-by": everyBy, exclude, when };
  return Object.entries(given).flatMap(([name, value]) => {
    if (value === undefined) return [];
    if (value === false) return [`--no-${name}`];
    return [value].flat().map((one) => `--${name} ${quoted(one)}`);
  });
}

/** The reading options, completed from a model. */
export interface ModelTable extends TableOptions {
  /** The names of the views in the model's query. */
  views?: readonly string[];
  /** Set if the model, and not an option, requires times and groups; for error messages. */
  origin?: { time?: string | undefined; group?: string | undefined };
}

/** Opens the files as the options specify. */
export function openSource(
  files: readonly string[],
  { sql, when, header, decimal, views }: ModelTable,
  { texts, io }: Session,
  signal: AbortSignal,
): Promise<Source> {
  return Source.open(files, texts, {
    sql,
    when,
    views,
    header: header && header === "yes",
    decimal: decimal && (decimal === "comma" ? "," : "."),
    stdin: io.stdin,
    signal,
  });
}

export interface Table {
  /** The file name as given by the user. */
  name: string;
  frame: Frame;
  /** The names of the time and group columns in the file. */
  time: string | undefined;
  group: string | undefined;
  /** The row in the file, from 0, of each row of the frame; undefined if they are the same, or if rows were repaired. */
  order: Int32Array | undefined;
  timeKind: TimeKind | undefined;
  /** The times as the file has them, if the clock was changed and the frame's times were not. */
  localTime: Float64Array | undefined;
}

/** The reading options, and the numbers that stand for a missing value. */
interface ReadingOptions extends ModelTable {
  missing?: readonly number[] | undefined;
}

/**
 * Reads the columns, checks the times, resamples and excludes rows as the options say, and prints notes to stderr.
 *
 * @throws Failure if the times do not increase.
 */
export async function readTable(
  files: readonly string[],
  numbers: RequestedColumns["numbers"],
  options: ReadingOptions,
  session: Session,
  signal: AbortSignal,
): Promise<Table> {
  const { texts } = session;
  const { time, repairTime: keep, every, everyBy, exclude = [], missing = [] } = options;
  if (every !== undefined && time === undefined) throw new UsageError(texts.reading.everyWithoutTime);
  const source = await openSource(files, options, session, signal);
  try {
    const { name } = source;
    const {
      frame: read,
      timeKind,
      notes,
      order,
      time: timeName,
      group,
    } = await readFrame(source, { ...options, numbers });
    const { frame: continuous, changes } =
      timeKind === "date" ? withoutClockChanges(read) : { frame: read, changes: [] };
    let frame = continuous;
    if (changes.length > 0) notes.push(texts.reading.clockChanges(count(changes.length), moment(changes[0]!)));
    if (exclude.length > 0) frame = frame.with({}, { excluded: excludedRows(read, exclude, timeKind, texts) });
    if (missing.length > 0) frame = withoutCodes(frame, missing);
    let repairedRows = false;
    if (time !== undefined && keep) {
      const repaired = repairTime(frame, { sort: true, duplicates: keep });
      const { moved, dropped } = repaired.report;
      if (moved + dropped > 0) notes.push(texts.reading.repaired(count(moved), count(dropped)));
      frame = repaired.frame;
      repairedRows = moved + dropped > 0;
    }
    if (every !== undefined) {
      checkTime(name, time!, frame, texts, true);
      const before = frame.length;
      frame = resampled(frame, every, everyBy, texts);
      repairedRows = true;
      notes.push(texts.reading.resampled(count(before), count(frame.length), every));
    }
    if (time !== undefined) notes.push(...checkTime(name, time, frame, texts));
    session.log([`${name}: ${texts.reading.rows(count(frame.length))}`, ...notes].join("\n"));
    const localTime = changes.length > 0 && !repairedRows ? read.time : undefined;
    return { name, frame, timeKind, time: timeName, group, localTime, order: repairedRows ? undefined : order };
  } finally {
    source.close();
  }
}

/** The columns of numbers with missing values in place of these codes. */
function withoutCodes(frame: Frame, codes: readonly number[]): Frame {
  const numbers = frame.names.filter((name) => !frame.categories.has(name));
  const clean = (value: number) => (codes.includes(value) ? Number.NaN : value);
  return frame.with(new Map(numbers.map((name) => [name, frame.column(name).map(clean)])));
}

/** The rows of each interval as one row. @throws UsageError for columns of `--every-by` that are not read. */
function resampled(frame: Frame, every: string, everyBy: string | undefined, { reading }: Texts): Frame {
  const by = everyBy === undefined ? {} : summariesOf(everyBy)!;
  const unknown = Object.keys(by).find((name) => !frame.has(name));
  if (unknown !== undefined) throw new UsageError(reading.noColumnToSummarise(unknown, frame.names));
  return resample(frame, { every: intervalOf(every)!, by });
}

/**
 * Returns notes about gaps. @throws Failure with the first bad row if the times do not increase.
 *
 * @param repeated whether several rows may have the same time.
 */
function checkTime(file: string, column: string, frame: Frame, { reading }: Texts, repeated = false): string[] {
  const { unsorted, duplicates, firstBadRow = 0, gaps } = inspectTime(frame);
  if (repeated ? unsorted > 0 : unsorted + duplicates > 0) {
    const row = count(firstBadRow + 1);
    throw new Failure(reading.unsortedTime(file, column, count(unsorted), count(duplicates), row));
  }
  return gaps.count > 0 ? [reading.gapsFound(count(gaps.count), count(gaps.missingRows))] : [];
}
