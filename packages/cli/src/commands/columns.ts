// `eddy train` without columns: lists the columns of a file and suggests a training command.

import { count, duration, moment, number, percent } from "../format.ts";
import { type ColumnOverview, overview } from "../reading/overview.ts";
import type { Session } from "../session.ts";
import type { Colors } from "../terminal/colors.ts";
import { padded, shortened, wrapped } from "../terminal/lines.ts";
import { printable } from "../terminal/printable.ts";
import { widthOf } from "../terminal/width.ts";
import type { Texts } from "../texts/languages.ts";
import { findTimes, type ReadTimes, suggest } from "./suggestion.ts";
import { openSource, type TableOptions } from "./table.ts";

export async function showColumns(
  files: readonly string[],
  options: TableOptions & { json?: boolean },
  session: Session,
  signal: AbortSignal,
): Promise<void> {
  const { texts } = session;
  const colors = session.colorsOf(session.io.stdout);
  const source = await openSource(files, options, session, signal);
  try {
    const columns = await overview(source);
    const { times, rejected } = await findTimes(files, source, columns, options);
    const suggestions = await suggest(files, source, columns, times ?? rejected, options);
    // If the times are ambiguous, there are several suggestions, and --json prints none.
    const suggestion = suggestions.length === 1 ? suggestions[0] : undefined;
    if (options.json) {
      const { rows } = columns[0]!;
      session.print(
        JSON.stringify({
          file: source.name,
          rows,
          columns,
          time: times && { column: times.name, ...times.report },
          suggestion: suggestion?.command,
        }),
      );
      return;
    }
    const { reading } = texts;
    const paragraph = (text: string) => wrapped(printable(text), Math.min(session.columns, 100));
    const lines = [
      colors.bold(`${printable(source.name)}: ${reading.rows(count(columns[0]!.rows))}`),
      ...source.notes.flatMap(paragraph),
      "",
      ...tableOf(columns, texts, colors, times, session.columns),
    ];
    for (const { name, unreadable } of columns) {
      if (!unreadable) continue;
      const { value, row, either } = unreadable;
      const ambiguity = either && `* ${reading.eitherDecimal(row, name, value)}`;
      lines.push("", ...paragraph(ambiguity ?? reading.notNumbers(name, count(unreadable.count), value, count(row))));
    }
    if (times) lines.push("", ...timeLines(times, texts).flatMap(paragraph));
    if (rejected) {
      const { name, reason, formats } = rejected;
      lines.push("", ...paragraph(formats ? reason! : reading.timeLeftOut(name, reason)));
    }
    const [first] = suggestions;
    if (first === undefined) lines.push("", ...paragraph(reading.noPair));
    else {
      const { target, inputs, candidates } = first;
      lines.push("", ...paragraph(reading.try(target, count(inputs.length), count(candidates))));
      lines.push(...suggestions.map(({ command }) => `  ${command}`));
    }
    session.print(lines.join("\n"));
  } finally {
    source.close();
  }
}

function tableOf(
  columns: readonly ColumnOverview[],
  { reading }: Texts,
  colors: Colors,
  times: ReadTimes | undefined,
  maxWidth: number,
): string[] {
  const range = ({ name, low, high, distinct, estimated, kind }: ColumnOverview) => {
    if (times?.name === name) {
      const written = times.timeKind === "date" ? moment : number;
      const series = times.frame.series(); // each series is sorted separately
      const first = Math.min(...series.map(({ start }) => times.frame.time![start]!));
      const last = Math.max(...series.map(({ end }) => times.frame.time![end - 1]!));
      return `${written(first)} … ${written(last)}`;
    }
    if (low !== undefined) return `${number(low)} … ${number(high!)}`;
    return kind === "text" && distinct !== undefined ? reading.distinct(count(distinct), estimated) : "";
  };
  const rows = columns.map((column) => [
    printable(column.name),
    reading.kinds[column.kind],
    range(column),
    column.missing === 0 ? reading.none : `${count(column.missing)} (${percent(column.missing / column.rows)})`,
  ]);
  const heads = [reading.column, reading.type, reading.range, reading.missing];
  const widths = heads.map((head, i) => rows.reduce((width, row) => Math.max(width, widthOf(row[i]!)), widthOf(head)));
  // Long names are truncated, so that each row fits on one line.
  const others = widths.slice(1).reduce((sum, width) => sum + width + gap.length, 0);
  widths[0] = Math.min(widths[0]!, Math.max(minNameWidth, maxWidth - others));
  // On a narrow terminal, each column takes several lines.
  if (widths[0]! + others > maxWidth) {
    return rows.flatMap(([name, ...rest]) => [
      ...wrapped(name!, maxWidth),
      ...wrapped(rest.filter(Boolean).join(gap), maxWidth - 2).map((text) => colors.dim(`  ${text}`)),
    ]);
  }
  const line = (cells: string[]) =>
    cells
      .map((cell, i) => padded(i === 0 ? shortened(cell, widths[0]!) : cell, widths[i]!))
      .join(gap)
      .trimEnd();
  return [colors.dim(line(heads)), ...rows.map(line)];
}

const gap = "   ";
const minNameWidth = 12;

function timeLines({ report, timeKind }: ReadTimes, texts: Texts): string[] {
  const { reading } = texts;
  const dates = timeKind === "date";
  const written = dates ? moment : number;
  const { stepMs, gaps, unsorted, duplicates } = report;
  const parts = [reading.step(dates ? duration(stepMs, texts) : number(stepMs))];
  if (gaps.count > 0) parts.push(reading.gaps(count(gaps.count), count(gaps.missingRows)));
  if (unsorted > 0) parts.push(reading.unsorted(count(unsorted)));
  if (duplicates > 0) parts.push(reading.duplicates(count(duplicates)));
  const lines = [parts.join(reading.betweenParts)];
  const [longest] = [...gaps.first].sort((a, b) => b.missing - a.missing);
  if (longest) lines.push(reading.longest(written(longest.fromMs), written(longest.toMs)));
  return lines;
}
