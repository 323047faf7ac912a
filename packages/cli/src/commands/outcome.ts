// The result of training or evaluation in the terminal: verdict, scores, paths and next commands.
import { basename } from "node:path";
import { type Model, summaryOf } from "eddy/series";
import { type ScoresTable, scoresTables } from "../report/scores.ts";
import { caveatsOf, type ScoredPart, type TargetVerdict, type Verdict } from "../report/verdict.ts";
import type { WrittenReport } from "../report/write.ts";
import type { Colors } from "../terminal/colors.ts";
import { padded, wrapped } from "../terminal/lines.ts";
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
  const [first] = scored as [ScoredPart];
  const colored = ({ tone, text }: Pick<Verdict, "tone" | "text">) =>
    wrapped(printable(text), width).map({ good: colors.green, even: colors.yellow, bad: colors.red }[tone]);
  const perTarget = verdict.targets.length < 2 ? [] : verdict.targets;
  const width = Math.min(columns, 100);
  const nameWidth = Math.max(...paths.map(([name]) => widthOf(name)));
  return [
    "",
    ...colored(verdict).map(colors.bold),
    ...perTarget.flatMap(({ target, tone, text }) => colored({ tone, text: texts.report.ofTarget(target, text) })),
    ...caveatsOf(summaryOf(model)!, first, targets, [], texts).flatMap((caveat) =>
      wrapped(printable(caveat), width - 2).map((line, i) => colors.dim(`${i === 0 ? "· " : "  "}${line}`)),
    ),
    "",
    ...tableLines(scoresTables(scored, targets, texts), texts, colors, columns),
    ...paths.map(([name, path]) => `${padded(name, nameWidth)}  ${printable(path)}`),
    ...(next.length === 0 ? [] : ["", texts.train.next, ...next.map((command) => `  ${command}`)]),
  ];
}

/** The verdict for `--json`: overall, and for each target. */
export function verdictJson({ tone, text, targets }: Verdict): {
  verdict: Pick<Verdict, "tone" | "text">;
  verdicts: TargetVerdict[];
} {
  return { verdict: { tone, text }, verdicts: targets };
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
