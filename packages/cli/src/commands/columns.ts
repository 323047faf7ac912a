// Shows what is in a file, and the training to try, to someone who named no columns yet.
import { inspectTime, type TimeReport } from "eddy/series";
import { Failure, Interrupted } from "../failure.ts";
import { widthOf } from "../figures/live.ts";
import { type Language, texts as textsOf } from "../language.ts";
import { quoteName } from "../reading/conversions.ts";
import { type ColumnOverview, overview } from "../reading/overview.ts";
import { viewName } from "../reading/query.ts";
import { readFrame } from "../reading/read-frame.ts";
import { Source } from "../reading/source.ts";
import { AmbiguousTime } from "../reading/time-format.ts";
import type { TimeKind } from "../reading/written-times.ts";
import { count, duration, moment, number, percent } from "../report/written.ts";
import type { Colors, Session } from "../session.ts";
import { padded } from "./outcome.ts";
import { quoted } from "./shell.ts";
import type { TableOptions } from "./table.ts";

export async function showColumns(
  files: readonly string[],
  options: TableOptions & { json?: boolean },
  session: Session,
  signal: AbortSignal,
): Promise<void> {
  const { texts, language } = session;
  const colors = session.colorsOf(session.io.stdout);
  const source = await Source.open(files, texts, { sql: options.sql, signal });
  try {
    const columns = await overview(source);
    const pair = options.time === undefined && !options.sql ? dayAndClock(columns) : undefined;
    const time = options.time ?? (pair ? undefined : timeColumn(columns));
    const looked = time === undefined ? undefined : await lookAtTimes(source, { ...options, time });
    const times = looked instanceof Failure ? undefined : looked;
    const joined = pair && { ...options, sql: joinOf(files[0]!, pair) };
    const formats = looked instanceof AmbiguousTime ? looked.formats : [options.timeFormat];
    const suggestions = formats.flatMap((timeFormat) =>
      suggest(files, columns, joined ? "moment" : time, { ...(joined ?? options), timeFormat }),
    );
    // Where the times leave several, a program is given none.
    const suggestion = suggestions.length === 1 ? suggestions[0] : undefined;
    if (options.json) {
      const { rows } = columns[0]!;
      session.print(
        JSON.stringify({
          file: source.name,
          rows,
          columns,
          time: times && { column: time, ...times.report },
          suggestion,
        }),
      );
      return;
    }
    const lines = [colors.bold(`${source.name}: ${texts.reading.rows(count(columns[0]!.rows))}`), ...source.notes, ""];
    lines.push(...tableOf(columns, language, colors, time === undefined ? undefined : { name: time, ...times }));
    for (const { name, unreadable } of columns) {
      if (!unreadable) continue;
      const { value, row } = unreadable;
      lines.push("", texts.reading.notNumbers(name, count(unreadable.count), value, count(row)));
    }
    if (times) lines.push("", ...timeLines(times, language));
    if (looked instanceof Failure) lines.push("", looked.message);
    if (pair) lines.push("", texts.reading.dayAndClock(pair.day, pair.clock));
    lines.push("", suggestions.length === 0 ? texts.reading.noPair : texts.reading.try);
    lines.push(...suggestions.map((one) => `  ${one}`));
    session.print(lines.join("\n"));
  } finally {
    source.close();
  }
}

/** What the times say, or what must be asked or mended before they can be read. */
async function lookAtTimes(
  source: Source,
  { time, timeFormat }: TableOptions & { time: string },
): Promise<Times | Failure> {
  try {
    const { frame, timeKind } = await readFrame(source, { numbers: [], time, timeFormat });
    return { report: inspectTime(frame), from: frame.time![0]!, to: frame.time!.at(-1)!, timeKind };
  } catch (error) {
    if (!(error instanceof Failure) || error instanceof Interrupted) throw error;
    return error;
  }
}

interface Times {
  report: TimeReport;
  from: number;
  to: number;
  timeKind: TimeKind | undefined;
}

/** The first column of times, else the first of numbers that is called so. */
function timeColumn(columns: readonly ColumnOverview[]): string | undefined {
  const called = /^(t|time|times?tamp|elapsed|zeit|时间)(?![a-z])/i;
  const found =
    columns.find(({ kind, part }) => kind === "time" && part !== "clock") ??
    columns.find(({ kind }) => kind === "time") ??
    columns.find(({ kind, name, missing }) => kind === "number" && missing === 0 && called.test(name));
  return found?.name;
}

/** A column of days and one of clocks, which are one time together. */
function dayAndClock(columns: readonly ColumnOverview[]) {
  if (columns.some(({ kind, part }) => kind === "time" && part === undefined)) return undefined;
  const day = columns.find(({ part }) => part === "day")?.name;
  const clock = columns.find(({ part }) => part === "clock")?.name;
  return day !== undefined && clock !== undefined ? { day, clock } : undefined;
}

function joinOf(file: string, { day, clock }: { day: string; clock: string }): string {
  return `select *, concat_ws(' ', ${quoteName(day)}, ${quoteName(clock)}) as moment from ${quoteName(viewName(file))}`;
}

function tableOf(
  columns: readonly ColumnOverview[],
  language: Language,
  colors: Colors,
  time: ({ name: string } & Partial<Times>) | undefined,
): string[] {
  const { reading } = textsOf[language];
  const written = time?.timeKind === "date" ? moment : number;
  const range = ({ name, low, high, distinct, kind }: ColumnOverview) => {
    if (time?.name === name && time.from !== undefined) return `${written(time.from)} … ${written(time.to!)}`;
    if (low !== undefined) return `${number(low)} … ${number(high!)}`;
    return kind === "text" && distinct !== undefined ? reading.distinct(count(distinct)) : "";
  };
  const rows = columns.map((column) => [
    column.name,
    reading.kinds[column.kind],
    range(column),
    column.missing === 0 ? reading.none : `${count(column.missing)} (${percent(column.missing / column.rows)})`,
  ]);
  const heads = [reading.column, reading.type, reading.range, reading.missing];
  const widths = heads.map((head, i) => Math.max(widthOf(head), ...rows.map((row) => widthOf(row[i]!))));
  const line = (cells: string[]) =>
    cells
      .map((cell, i) => padded(cell, widths[i]!))
      .join("   ")
      .trimEnd();
  return [colors.dim(line(heads)), ...rows.map(line)];
}

function timeLines({ report, timeKind }: Times, language: Language): string[] {
  const { reading } = textsOf[language];
  const dates = timeKind === "date";
  const written = dates ? moment : number;
  const { stepMs, gaps, unsorted, duplicates } = report;
  const found = [reading.step(dates ? duration(stepMs, language) : number(stepMs))];
  if (gaps.count > 0) found.push(reading.gaps(count(gaps.count), count(gaps.missingRows)));
  if (unsorted > 0) found.push(reading.unsorted(count(unsorted)));
  if (duplicates > 0) found.push(reading.duplicates(count(duplicates)));
  const lines = [found.join(", ")];
  const [longest] = [...gaps.first].sort((a, b) => b.missing - a.missing);
  if (longest) lines.push(reading.longest(written(longest.fromMs), written(longest.toMs)));
  return lines;
}

/** The last column of numbers from the others before it; none where there are no two. */
function suggest(
  files: readonly string[],
  columns: readonly ColumnOverview[],
  time: string | undefined,
  { sql, group, timeFormat }: TableOptions,
): string[] {
  const numbers = columns.filter(
    ({ kind, name, low, high }) => kind === "number" && name !== time && name !== group && low !== high,
  );
  const target = numbers.at(-1);
  const inputs = numbers.slice(0, -1);
  if (!target || inputs.length === 0) return [];
  const names = inputs.map(({ name }) => (name.includes(",") ? `"${name}"` : name)).join(",");
  const named = target.name.includes(",") ? `"${target.name}"` : target.name;
  const words = ["eddy train", ...files.map(quoted)];
  if (sql) words.push(`--sql ${quoted(sql)}`);
  words.push(`--input ${quoted(names)}`, `--target ${quoted(named)}`);
  if (time !== undefined) words.push(`--time ${quoted(time)}`);
  if (timeFormat !== undefined) words.push(`--time-format ${quoted(timeFormat)}`);
  if (group !== undefined) words.push(`--group ${quoted(group)}`);
  return [words.join(" ")];
}
