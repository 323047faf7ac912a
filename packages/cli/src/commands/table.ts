// The reading options of train, predict and evaluate, and reading a file into a frame.

import type { TimeKind } from "@eddy/ui/reading";
import { quoted } from "@eddy/ui/results";
import type { Command } from "commander";
import { type Frame, inspectTime, repairTime } from "eddy/series";
import { Failure } from "../failure.ts";
import { count } from "../format.ts";
import { type RequestedColumns, readFrame } from "../reading/read-frame.ts";
import { Source } from "../reading/source.ts";
import type { Session } from "../session.ts";
import type { Texts } from "../texts/languages.ts";
import { choice } from "./option-values.ts";

export interface TableOptions {
  time?: string;
  timeFormat?: string;
  group?: string;
  sql?: string;
  header?: "yes" | "no";
  decimal?: "point" | "comma";
  repairTime?: "first" | "last" | "mean";
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
    .option("--repair-time <keep>", train.repairTime, choice(texts, "--repair-time", ["first", "last", "mean"]));
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
}: { [Name in keyof TableOptions]: TableOptions[Name] | false }): string[] {
  const given = { time, "time-format": timeFormat, group, sql, header, decimal, "repair-time": repairTime };
  return Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : value === false ? [`--no-${name}`] : [`--${name} ${quoted(value)}`],
  );
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
  { sql, header, decimal, views }: ModelTable,
  { texts, io }: Session,
  signal: AbortSignal,
): Promise<Source> {
  return Source.open(files, texts, {
    sql,
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
}

/** Reads the columns, checks the times, and prints notes to stderr. @throws Failure if the times do not increase. */
export async function readTable(
  files: readonly string[],
  numbers: RequestedColumns["numbers"],
  options: ModelTable,
  session: Session,
  signal: AbortSignal,
): Promise<Table> {
  const { texts } = session;
  const { time, repairTime: keep } = options;
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
    let frame = read;
    let repairedRows = false;
    if (time !== undefined && keep) {
      const repaired = repairTime(read, { sort: true, duplicates: keep });
      const { moved, dropped } = repaired.report;
      if (moved + dropped > 0) notes.push(texts.reading.repaired(count(moved), count(dropped)));
      frame = repaired.frame;
      repairedRows = moved + dropped > 0;
    }
    if (time !== undefined) notes.push(...checkTime(name, time, frame, texts));
    session.log([`${name}: ${texts.reading.rows(count(frame.length))}`, ...notes].join("\n"));
    return { name, frame, timeKind, time: timeName, group, order: repairedRows ? undefined : order };
  } finally {
    source.close();
  }
}

/** Returns notes about gaps. @throws Failure with the first bad row if the times do not increase. */
function checkTime(file: string, column: string, frame: Frame, { reading }: Texts): string[] {
  const { unsorted, duplicates, firstBadRow = 0, gaps } = inspectTime(frame);
  if (unsorted + duplicates > 0) {
    const row = count(firstBadRow + 1);
    throw new Failure(reading.unsortedTime(file, column, count(unsorted), count(duplicates), row));
  }
  return gaps.count > 0 ? [reading.gapsFound(count(gaps.count), count(gaps.missingRows))] : [];
}
