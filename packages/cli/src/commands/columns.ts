// The columns of a file before training: what each contains, what is suspicious, and a suggested training command.

import { namesIn } from "@eddy/ui/results";
import { count, duration, moment, number, percent } from "../format.ts";
import { type Analysis, analyse, isCategory, type Labelled } from "../overview/analysis.ts";
import { type ColumnOverview, type Overview, overview } from "../overview/overview.ts";
import { scanLabels } from "../overview/scan.ts";
import { suspicionInWords } from "../overview/words.ts";
import { type Source, whenColumn } from "../reading/source.ts";
import type { Session } from "../session.ts";
import { sparkline } from "../terminal/braille.ts";
import type { Colors } from "../terminal/colors.ts";
import { padded, shortened, wrapped } from "../terminal/lines.ts";
import { printable } from "../terminal/printable.ts";
import { widthOf } from "../terminal/width.ts";
import type { Texts } from "../texts/languages.ts";
import { findTimes, type ReadTimes } from "./suggested-times.ts";
import { suggest } from "./suggestion.ts";
import { openSource, type TableOptions } from "./table.ts";

export interface LookOptions extends TableOptions {
  /** The column to predict; by default the last numeric one. */
  target?: string[];
  json?: boolean;
}

export async function showColumns(
  files: readonly string[],
  options: LookOptions,
  session: Session,
  signal: AbortSignal,
): Promise<void> {
  const { texts } = session;
  const colors = session.colorsOf(session.io.stdout);
  const source = await openSource(files, options, session, signal);
  try {
    const target = options.target?.map((name) => source.column(name, "--target").name)[0];
    const whole = await overview(source);
    const columns = whole.columns.filter(({ name }) => name !== whenColumn);
    const found = { ...whole, columns };
    const { times, rejected } = await findTimes(source, found, options);
    const labelled = await labelsIn(source, found);
    const group = times?.options.group ?? options.group;
    const reserved = new Set([...namesIn((times ?? rejected)?.name ?? ""), ...(group === undefined ? [] : [group])]);
    const values = new Map([...found.scanned].map(([name, { kept }]) => [name, kept]));
    const analysis = analyse({ columns, values, labelled, reserved, target });
    const suggestions = suggest(files, analysis, times ?? rejected, options);
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
          group,
          suspicions: analysis.suspicions,
          relations: Object.fromEntries(analysis.candidates.map(({ name, relation }) => [name, relation])),
          suggestion: suggestion?.command,
        }),
      );
      return;
    }
    const { reading, look } = texts;
    const width = Math.min(session.columns, 100);
    const paragraph = (text: string) => wrapped(printable(text), width);
    const bullet = (text: string) =>
      wrapped(printable(text), width - 2).map((line, i) => (i === 0 ? "· " : "  ") + line);
    const lines = [
      colors.bold(`${printable(source.name)}: ${reading.rows(count(columns[0]!.rows))}`),
      ...source.notes.flatMap(paragraph),
      "",
      ...tableOf(columns, analysis, texts, colors, times, session.columns),
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
    const namesRows = times?.timeKind === "date" && times.frame.groups === undefined;
    const rowTimes = namesRows ? times.frame.time : undefined;
    const suspicions = analysis.suspicions.map((suspicion) => suspicionInWords(suspicion, rowTimes, texts));
    if (suspicions.length > 0) lines.push("", colors.bold(look.suspicions), ...suspicions.flatMap(bullet));
    const delays = delaysIn(analysis, times, texts);
    if (delays !== undefined) lines.push("", ...paragraph(delays));
    const [first] = suggestions;
    if (first === undefined) lines.push("", ...paragraph(reading.noPair));
    else {
      const { target, inputs, candidates } = first;
      if (options.target === undefined && candidates > 1)
        lines.push("", ...paragraph(look.otherTarget).map(colors.dim));
      lines.push("", ...paragraph(reading.try(target, count(inputs.length), count(candidates))));
      lines.push(...suggestions.map(({ command }) => `  ${command}`));
    }
    session.print(lines.join("\n"));
  } finally {
    source.close();
  }
}

/** The maximum number of values of a column that may be the mode of a process. */
const maxModes = 12;

/** The columns with few values: texts, and integers. */
async function labelsIn(source: Source, { columns, scanned }: Overview): Promise<Labelled[]> {
  const texts = columns.filter(
    ({ kind, distinct = 0, rows }) => kind === "text" && distinct <= maxModes && isCategory(distinct, rows),
  );
  const labels = await scanLabels(
    source,
    texts.map(({ name }) => source.column(name, "")),
  );
  const numbers = columns.flatMap(({ kind, name }): Labelled[] => {
    const kept = scanned.get(name)?.kept;
    if (kind !== "number" || kept === undefined) return [];
    const distinct = [...new Set(kept.values.subarray(0, 10_000))].filter((value) => !Number.isNaN(value));
    if (distinct.length < 2 || distinct.length > maxModes || !distinct.every(Number.isInteger)) return [];
    return [{ name, labels: distinct, kept: { ...kept, values: kept.values.map((value) => distinct.indexOf(value)) } }];
  });
  return [...texts.map(({ name }, i) => ({ name, ...labels[i]! })), ...numbers];
}

/** With a weaker correlation, a lag says little. */
const minDelayCorrelation = 0.5;

/** The inputs that act on the target after a delay. */
function delaysIn(
  { target, candidates, inputs }: Analysis,
  times: ReadTimes | undefined,
  texts: Texts,
): string | undefined {
  const { look } = texts;
  const stepMs = times?.timeKind === "date" ? times.report.stepMs : undefined;
  const delayed = candidates.filter(
    ({ name, relation: { lag, atLag } }) => inputs.includes(name) && lag > 0 && Math.abs(atLag) > minDelayCorrelation,
  );
  if (target === undefined || delayed.length === 0) return undefined;
  const parts = delayed.map(({ name, relation: { lag } }) =>
    look.delay(name, lag, stepMs === undefined ? undefined : duration(lag * stepMs, texts)),
  );
  return look.delays(target, parts);
}

function tableOf(
  columns: readonly ColumnOverview[],
  { values }: Analysis,
  { reading, look }: Texts,
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
    drawn(values.get(column.name)?.values),
    reading.kinds[column.kind],
    range(column),
    column.missing === 0 ? reading.none : `${count(column.missing)} (${percent(column.missing / column.rows)})`,
  ]);
  const heads = [reading.column, look.course, reading.type, reading.range, reading.missing];
  const widths = heads.map((head, i) => rows.reduce((width, row) => Math.max(width, widthOf(row[i]!)), widthOf(head)));
  // Long names are truncated, so that each row fits on one line.
  const others = widths.slice(1).reduce((sum, width) => sum + width + gap.length, 0);
  widths[0] = Math.min(widths[0]!, Math.max(minNameWidth, maxWidth - others));
  // On a narrow terminal, each column takes several lines.
  if (widths[0]! + others > maxWidth) {
    return rows.flatMap(([name, , ...rest]) => [
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

/** The width of the drawing of a column. */
const courseWidth = 20;
const drawn = (values: Float64Array | undefined) => (values === undefined ? "" : sparkline(values, courseWidth));

const gap = "   ";
const minNameWidth = 12;

function timeLines({ report, timeKind, options }: ReadTimes, texts: Texts): string[] {
  const { reading, look } = texts;
  const dates = timeKind === "date";
  const written = dates ? moment : number;
  const { stepMs, gaps, unsorted, duplicates } = report;
  const step = dates ? duration(stepMs, texts) : number(stepMs);
  const parts = [options.every === undefined ? reading.step(step) : look.irregular(step, options.every)];
  if (gaps.count > 0) parts.push(reading.gaps(count(gaps.count), count(gaps.missingRows)));
  if (unsorted > 0) parts.push(reading.unsorted(count(unsorted)));
  if (duplicates > 0) parts.push(reading.duplicates(count(duplicates)));
  const lines = [parts.join(reading.betweenParts)];
  const [longest] = [...gaps.first].sort((a, b) => b.missing - a.missing);
  if (longest) lines.push(reading.longest(written(longest.fromMs), written(longest.toMs)));
  return lines;
}
