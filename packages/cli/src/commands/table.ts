// What train, predict and evaluate share: the options that say how a file becomes a frame, and the reading.
import type { Command } from "commander";
import { type Frame, inspectTime, type TimeReport } from "eddy/series";
import { Failure } from "../failure.ts";
import { type Language, languages, type Texts } from "../language.ts";
import { choice } from "../option-values.ts";
import { readFrame, type Wanted } from "../reading/read-frame.ts";
import { Source } from "../reading/source.ts";
import { count } from "../report/written.ts";

export interface TableOptions {
  time?: string;
  timeFormat?: string;
  group?: string;
  sql?: string;
}

/** Adds the options of `TableOptions`. */
export function addTableOptions(command: Command, texts: Texts): Command {
  const { train } = texts.training;
  return command
    .option("--time <column>", train.time)
    .option("--time-format <format>", train.timeFormat)
    .option("--group <column>", train.group)
    .option("--sql <query>", train.sql);
}

export function addLanguage(command: Command, texts: Texts, language: Language): Command {
  const parse = choice(texts, "--lang", languages);
  return command.option("--lang <language>", texts.lang + texts.defaultIs(language), parse);
}

export interface Table {
  /** As the person named it. */
  name: string;
  frame: Frame;
  /** Of the times, where there are any. */
  time?: TimeReport;
  notes: string[];
}

/** Reads the asked columns and looks at the times; times that do not grow are refused. */
export async function readTable(
  files: readonly string[],
  numbers: Wanted["numbers"],
  { sql, ...options }: TableOptions,
  texts: Texts,
  signal: AbortSignal,
): Promise<Table> {
  const source = await Source.open(files, texts, { sql, signal });
  try {
    const { frame, notes } = await readFrame(source, { ...options, numbers });
    if (options.time === undefined) return { name: source.name, frame, notes };
    const time = inspectTime(frame);
    return { name: source.name, frame, time, notes: [...notes, ...timeNotes(time, texts)] };
  } finally {
    source.close();
  }
}

function timeNotes({ gaps, uneven, regular }: TimeReport, { training }: Texts): string[] {
  const notes: string[] = [];
  if (gaps.count > 0) notes.push(training.gapsFound(count(gaps.count), count(gaps.missingRows)));
  if (!regular && uneven > 0) notes.push(training.unevenTime(count(uneven)));
  return notes;
}

/** Refuses times that do not grow, with the row of the first. */
export function checkTime({ name, time }: Table, column: string | undefined, texts: Texts): void {
  if (!time || column === undefined || time.unsorted + time.duplicates === 0) return;
  const { unsorted, duplicates, firstBadRow = 0 } = time;
  const row = count(firstBadRow + 1);
  throw new Failure(texts.training.unsortedTime(name, column, count(unsorted), count(duplicates), row));
}
