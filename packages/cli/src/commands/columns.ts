// Shows what is in a file, and the training to try, to someone who named no columns yet.
import { inspectTime } from "eddy/series";
import type { Colors } from "../colors.ts";
import { widthOf } from "../figures/live.ts";
import { type Language, texts as textsOf } from "../language.ts";
import { type ColumnOverview, overview } from "../reading/overview.ts";
import { readFrame } from "../reading/read-frame.ts";
import type { Source } from "../reading/source.ts";
import { looksLikeEpoch } from "../report/signals.ts";
import { count, duration, moment, number, percent } from "../report/written.ts";
import { padded } from "./outcome.ts";
import { quoted } from "./shell.ts";
import { openSource, type TableOptions } from "./table.ts";

export async function showColumns(
  files: readonly string[],
  options: TableOptions & { json?: boolean },
  language: Language,
  colors: Colors,
  signal: AbortSignal,
): Promise<void> {
  const texts = textsOf[language];
  const source = await openSource(files, options, texts, signal);
  try {
    const columns = await overview(source);
    const time = options.time ?? columns.find(({ kind }) => kind === "time")?.name;
    const times = time === undefined ? undefined : await lookAtTimes(source, { ...options, time });
    const suggestion = suggest(files, columns, time, options);
    if (options.json) {
      const { rows } = columns[0]!;
      console.log(
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
    lines.push("", suggestion === undefined ? texts.reading.noPair : texts.reading.try);
    if (suggestion !== undefined) lines.push(`  ${suggestion}`);
    console.log(lines.join("\n"));
  } finally {
    source.close();
  }
}

/** Nothing where the times cannot be read; training will name the first that cannot. */
async function lookAtTimes(source: Source, { time, timeFormat }: TableOptions & { time: string }) {
  try {
    const { frame } = await readFrame(source, { numbers: [], time, timeFormat });
    if (!frame.time || !looksLikeEpoch(frame.time)) return undefined;
    return { report: inspectTime(frame), from: frame.time[0]!, to: frame.time.at(-1)! };
  } catch {
    return undefined;
  }
}

type Times = NonNullable<Awaited<ReturnType<typeof lookAtTimes>>>;

function tableOf(
  columns: readonly ColumnOverview[],
  language: Language,
  colors: Colors,
  time: ({ name: string } & Partial<Times>) | undefined,
): string[] {
  const { reading } = textsOf[language];
  const range = ({ name, low, high, distinct, estimated, kind }: ColumnOverview) => {
    if (time?.name === name && time.from !== undefined) return `${moment(time.from)} … ${moment(time.to!)}`;
    if (low !== undefined) return `${number(low)} … ${number(high!)}`;
    return kind === "text" && distinct !== undefined ? reading.distinct(count(distinct), estimated) : "";
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

function timeLines({ report }: Times, language: Language): string[] {
  const { reading } = textsOf[language];
  const { stepMs, gaps, unsorted, duplicates } = report;
  const found = [reading.step(duration(stepMs, language))];
  if (gaps.count > 0) found.push(reading.gaps(gaps.count, count(gaps.missingRows)));
  if (unsorted > 0) found.push(reading.unsorted(count(unsorted)));
  if (duplicates > 0) found.push(reading.duplicates(count(duplicates)));
  const lines = [found.join(", ")];
  const [longest] = [...gaps.first].sort((a, b) => b.missing - a.missing);
  if (longest) lines.push(reading.longest(moment(longest.fromMs), moment(longest.toMs)));
  return lines;
}

/** The last column of numbers from the others before it. */
function suggest(
  files: readonly string[],
  columns: readonly ColumnOverview[],
  time: string | undefined,
  { sql, group }: TableOptions,
): string | undefined {
  const numbers = columns.filter(
    ({ kind, name, low, high }) => kind === "number" && name !== time && name !== group && low !== high,
  );
  const target = numbers.at(-1);
  const inputs = numbers.slice(0, -1);
  if (!target || inputs.length === 0) return undefined;
  const names = inputs.map(({ name }) => (name.includes(",") ? `"${name}"` : name)).join(",");
  const named = target.name.includes(",") ? `"${target.name}"` : target.name;
  const words = ["eddy train", ...files.map(quoted)];
  if (sql) words.push(`--sql ${quoted(sql)}`);
  words.push(`--input ${quoted(names)}`, `--target ${quoted(named)}`);
  if (time !== undefined) words.push(`--time ${quoted(time)}`);
  if (group !== undefined) words.push(`--group ${quoted(group)}`);
  return words.join(" ");
}
