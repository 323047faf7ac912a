// The result of training or evaluation in the terminal: verdict, scores, paths and next commands.
import { basename } from "node:path";
import type { Model } from "eddy/series";
import type { Advice } from "../report/advice/advice.ts";
import type { ErrorTexts } from "../report/errors.ts";
import type { ScoredPart } from "../report/material.ts";
import { type ScoresTable, scoresTables } from "../report/scores.ts";
import type { TargetVerdict, Verdict } from "../report/verdict.ts";
import type { WrittenReport } from "../report/write.ts";
import type { Colors } from "../terminal/colors.ts";
import { aligned, padded, shortened, wrapped } from "../terminal/lines.ts";
import { printable } from "../terminal/printable.ts";
import { widthOf } from "../terminal/width.ts";
import type { Texts } from "../texts/languages.ts";

export interface Outcome {
  model: Model;
  scored: ScoredPart[];
  verdict: Verdict;
  /** The written files, with labels. */
  paths: [name: string, path: string][];
  /** Commands to try next. */
  next: string[];
}

export function reportPaths(report: WrittenReport | undefined, { outputs }: Texts): [string, string][] {
  if (report === undefined) return [];
  const figures = report.figures.map((path) => basename(path)).join(", ");
  return [
    [outputs.wrote.report, report.report],
    [outputs.wrote.figures, figures],
  ];
}

export function outcomeLines(
  { model, scored, verdict, paths, next }: Outcome,
  texts: Texts,
  colors: Colors,
  columns: number,
): string[] {
  const { targets } = model.options;
  const width = Math.min(columns, 100);
  const nameWidth = Math.max(...paths.map(([name]) => widthOf(name)));
  return [
    "",
    ...verdictLines(verdict, texts, colors, width),
    "",
    ...tableLines(scoresTables(scored, targets, texts), texts, colors, columns),
    ...paths.map(([name, path]) => `${padded(name, nameWidth)}  ${printable(path)}`),
    ...(next.length === 0 ? [] : ["", texts.train.next, ...next.map((command) => `  ${command}`)]),
  ];
}

/** The verdict on each target with its errors, what to do next, and notes on the scores. */
function verdictLines(verdict: Verdict, texts: Texts, colors: Colors, width: number): string[] {
  const { report, advice } = texts;
  const colored = ({ tone, text }: Pick<Verdict, "tone" | "text">) =>
    wrapped(printable(text), width).map({ good: colors.green, even: colors.yellow, bad: colors.red }[tone]);
  const several = verdict.targets.length > 1;
  const lines = colored(verdict).map(colors.bold);
  for (const { target, tone, text, errors, interval, groups } of verdict.targets) {
    if (several) lines.push("", ...colored({ tone, text: report.ofTarget(target, text) }));
    if (errors) lines.push(...wrapped(printable(report.errors(errors.words)), width));
    if (interval) lines.push(...wrapped(printable(report.interval(interval.words)), width));
    if (groups.length > 0) lines.push("", ...groupLines(groups, texts, width));
  }
  const item = (mark: string, text: string) =>
    wrapped(printable(text), width - mark.length).map((line, i) => (i === 0 ? mark : " ".repeat(mark.length)) + line);
  if (verdict.advice.length > 0) lines.push("", colors.bold(advice.title));
  for (const [i, { text }] of verdict.advice.entries()) lines.push(...item(`${i + 1}. `, text));
  if (verdict.notes.length > 0) lines.push("", ...verdict.notes.flatMap((note) => item("· ", note).map(colors.dim)));
  return lines;
}

/** The most groups that are all listed; of more, the worst and the best. */
const maxGroups = 6;

/** The errors of groups as aligned columns, without the columns that do not fit. */
function groupLines(groups: readonly ErrorTexts[], { report }: Texts, width: number): string[] {
  const { typical, within95, largest } = report.errorColumns;
  const half = maxGroups / 2;
  const shown = groups.length <= maxGroups ? groups : [...groups.slice(0, half), ...groups.slice(-half)];
  const cells = shown.map(({ group = "", words }) => [
    shortened(printable(group), 24),
    words.typical,
    words.within95,
    `${words.largest} ${words.place}`,
  ]);
  const lines = aligned([["", typical, within95, largest], ...cells], width - 2);
  if (shown.length < groups.length) lines.splice(1 + half, 0, report.groupsOmitted(groups.length - shown.length));
  return lines.map((line) => `  ${line}`.trimEnd());
}

/** The verdict for `--json`: overall, for each target with its errors, and the advice. */
export function verdictJson({ tone, text, targets, advice }: Verdict): {
  verdict: Pick<Verdict, "tone" | "text">;
  verdicts: TargetVerdict[];
  advice: Advice[];
} {
  return { verdict: { tone, text }, verdicts: targets, advice };
}

/** The tables of scores, with as many columns as fit; a wide caption gets a separate line. */
function tableLines(tables: readonly ScoresTable[], { report }: Texts, colors: Colors, columns: number): string[] {
  const heads = [...report.columns, report.skill];
  const allRows = tables.flatMap(({ rows }) => rows);
  const captions = tables.map(({ caption }) => printable(caption));
  const names = Math.max(...allRows.map(({ name }) => widthOf(name) + 2));
  const widths = heads.map((head, i) => Math.max(widthOf(head), ...allRows.map(({ cells }) => widthOf(cells[i]!))));
  const widthOfCells = (cells: number) => widths.slice(0, cells).reduce((sum, width) => sum + width + 2, 0);
  const nameColumns = Math.max(names, ...captions.map(widthOf));
  const separateCaptions = nameColumns + widthOfCells(heads.length) > columns;
  const first = separateCaptions ? names : nameColumns;
  let shown = heads.length;
  while (shown > 1 && first + widthOfCells(shown) > columns) shown--;
  const line = (name: string, cells: string[]) =>
    [padded(name, first), ...cells.slice(0, shown).map((cell, i) => " ".repeat(widths[i]! - widthOf(cell)) + cell)]
      .join("  ")
      .trimEnd();
  return tables.flatMap(({ rows }, i) => [
    ...(separateCaptions
      ? [...wrapped(captions[i]!, columns), line("", heads)].map(colors.dim)
      : [colors.dim(line(captions[i]!, heads))]),
    ...rows.map(({ name, cells, winner }) => {
      const text = line(`  ${name}`, cells);
      return winner ? colors.bold(text) : text;
    }),
    "",
  ]);
}
