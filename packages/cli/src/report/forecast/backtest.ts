// The backtest of a forecast in the terminal.
import { backtestSentences, groupHeads, groupRows, methodRows, planLine, windowLines } from "@eddy/ui/results";
import type { Backtest, Forecaster } from "eddy/series";
import { count, listed } from "../../format.ts";
import type { Session } from "../../session.ts";
import { aligned, padded, shortened, wrapped } from "../../terminal/lines.ts";
import { printable } from "../../terminal/printable.ts";
import { widthOf } from "../../terminal/width.ts";

/** What is printed after training or evaluation. */
export interface ForecastOutcome {
  forecaster: Forecaster;
  backtest: Backtest | undefined;
  /** The written files, with labels. */
  paths: [name: string, path: string][];
  /** Commands to try next. */
  next: string[];
}

/** The most groups that the terminal shows. */
const maxGroups = 12;

export function backtestLines({ forecaster, backtest, paths, next }: ForecastOutcome, session: Session): string[] {
  const { texts, columns } = session;
  const { forecast } = texts;
  const colors = session.colorsOf(session.io.stdout);
  const width = Math.min(columns, 100);
  const { targets, horizon } = forecaster.plan;
  const paragraph = (text: string) => wrapped(printable(text), width);
  const title = forecast.title(listed(targets), forecast.rows(count(horizon)));
  const lines = ["", ...paragraph(title).map(colors.bold), ...paragraph(planLine(forecaster.plan, forecast))];
  if (backtest === undefined) lines.push("", ...paragraph(forecast.noTest));
  else {
    for (const [target, own] of Object.entries(backtest.targets)) {
      lines.push("", ...backtestSentences(target, own, forecast).flatMap(paragraph), "");
      const rows = methodRows(own, forecast);
      const heads = [forecast.columns.rmse, forecast.columns.mae, forecast.columns.smape, forecast.columns.compared];
      const names = Math.max(...rows.map(({ name }) => widthOf(name)));
      const widths = heads.map((head, i) => Math.max(widthOf(head), ...rows.map(({ cells }) => widthOf(cells[i]!))));
      const line = (name: string, cells: string[]) =>
        [padded(name, names), ...cells.map((cell, i) => " ".repeat(widths[i]! - widthOf(cell)) + cell)]
          .join("  ")
          .trimEnd();
      lines.push(colors.dim(`  ${line("", heads)}`));
      for (const { name, cells, winner } of rows)
        lines.push(winner ? colors.bold(`  ${line(name, cells)}`) : `  ${line(name, cells)}`);
      const groups = groupRows(own, target);
      if (groups.length === 0) continue;
      const shown = groups.slice(0, maxGroups).map(([group, ...cells]) => [shortened(printable(group!), 24), ...cells]);
      const [head, ...others] = aligned([groupHeads(forecast), ...shown], width - 2);
      lines.push("", colors.dim(`  ${head}`), ...others.map((text) => `  ${text}`));
      if (groups.length > maxGroups) lines.push(`  ${texts.report.groupsOmitted(groups.length - maxGroups)}`);
    }
    lines.push("", ...windowLines(backtest, forecast).flatMap(paragraph).map(colors.dim));
  }
  const nameWidth = Math.max(0, ...paths.map(([name]) => widthOf(name)));
  lines.push("", ...paths.map(([name, path]) => `${padded(name, nameWidth)}  ${printable(path)}`));
  if (next.length > 0) lines.push("", texts.train.next, ...next.map((command) => `  ${command}`));
  return lines;
}
