// The backtest of a forecast in words and tables, and for `--json`.
import { type Backtest, type Forecaster, forecastMethods, type TargetBacktest } from "eddy/series";
import { count, listed, number, percent, quantity } from "../../format.ts";
import type { Session } from "../../session.ts";
import { aligned, padded, shortened, wrapped } from "../../terminal/lines.ts";
import { printable } from "../../terminal/printable.ts";
import { widthOf } from "../../terminal/width.ts";
import type { Texts } from "../../texts/languages.ts";

/** What is printed after training or evaluation. */
export interface ForecastOutcome {
  forecaster: Forecaster;
  backtest: Backtest | undefined;
  /** The written files, with labels. */
  paths: [name: string, path: string][];
  /** Commands to try next. */
  next: string[];
}

/** Errors relative to the calibration beyond which rows are called calmer or rougher. */
const [calmer, rougher] = [0.8, 1.25];

/** The most groups that the terminal shows. */
const maxGroups = 12;

/** One row of the table of methods. */
export interface MethodRow {
  name: string;
  cells: string[];
  winner: boolean;
}

/** The ratio of two RMSEs; 1 if neither method has errors. */
const rootRatio = (mse: number, other: number) => (mse === other ? 1 : Math.sqrt(mse / other));

/** The errors of the model and of the other methods, the smallest first. */
export function methodRows({ model, baselines, winner, compared }: TargetBacktest, { forecast }: Texts): MethodRow[] {
  const errors = [
    { key: "model" as const, errors: model },
    ...forecastMethods.flatMap((key) => (baselines[key] ? [{ key, errors: baselines[key] }] : [])),
  ];
  const rows = errors.map(({ key, errors: { mse, mae, smape } }) => ({
    name: forecast.methods[key],
    mse,
    cells: [
      number(Math.sqrt(mse)),
      number(mae),
      number(smape, 3),
      key === "model" ? "" : percent(rootRatio(model.mse, mse)),
    ],
    winner: key === winner,
  }));
  if (compared) {
    const { mse, mae, smape } = compared.method;
    const relative = percent(rootRatio(compared.model.mse, mse));
    rows.push({
      name: forecast.methods.arima,
      mse: (mse * model.mse) / compared.model.mse,
      cells: [number(Math.sqrt(mse)), number(mae), number(smape, 3), relative],
      winner: false,
    });
  }
  return rows.sort((a, b) => a.mse - b.mse).map(({ mse: _, ...row }) => row);
}

/** The sentences on one target: who wins, and how far the bands can be trusted. */
export function sentences(target: string, backtest: TargetBacktest, { forecast }: Texts): string[] {
  const { model, baselines, winner, bands, roughness } = backtest;
  const others = forecastMethods.flatMap((key) =>
    baselines[key] && key !== "linear" ? [{ name: forecast.methods[key], mse: baselines[key].mse }] : [],
  );
  const best = others.reduce((least, other) => (other.mse < least.mse ? other : least), others[0]!);
  const own = winner === "linear" ? baselines.linear! : model;
  const below = percent(1 - rootRatio(own.mse, best.mse));
  const lines: string[] = [];
  if (winner === "model") lines.push(forecast.winner.model(target, best.name, below));
  else if (winner === "linear") lines.push(forecast.winner.linear(target, best.name, below));
  else lines.push(forecast.winner.other(target, forecast.methods[winner]));
  if (bands) {
    const { direct, adaptive } = bands;
    const width = (value: number) => quantity(value, target);
    lines.push(
      forecast.bands(
        percent(direct.level),
        percent(direct.coverage),
        width(direct.width),
        percent(adaptive.coverage),
        width(adaptive.width),
      ),
    );
  }
  if (roughness < calmer) lines.push(forecast.calmer(number(roughness, 2)));
  if (roughness > rougher) lines.push(forecast.rougher(number(roughness, 2)));
  return lines;
}

/** The errors and bands of each group, the least covered first; empty with a single group. */
export function groupRows({ groups = [] }: TargetBacktest, target: string): string[][] {
  if (groups.length < 2) return [];
  return [...groups]
    .sort((a, b) => a.coverage - b.coverage || b.mse - a.mse)
    .map(({ group, mse, coverage, width }) => [
      group,
      number(Math.sqrt(mse)),
      percent(coverage),
      quantity(width, target),
    ]);
}

/** The heads of these rows. */
export const groupHeads = ({ report, forecast: { columns } }: Texts): string[] => [
  report.errorColumns.group,
  columns.rmse,
  columns.coverage,
  columns.width,
];

/** What the model forecasts, as a sentence. */
export function planLine({ plan }: Forecaster, { forecast }: Texts): string {
  const { path, season = 0, transform } = plan;
  const what = path === "last" ? forecast.plan.last : forecast.plan.season(season);
  return forecast.planLine(what, transform === "log" ? forecast.plan.log : undefined);
}

/** How many windows were scored, and how many of them by the slower method. */
export function windowLines({ windows, without, horizon, targets }: Backtest, { forecast }: Texts): string[] {
  const compared = Object.values(targets).find((own) => own.compared)?.compared;
  const all = count(windows);
  const lines = [forecast.windows(all, without)];
  const values = (windows - without) * horizon;
  for (const [target, { model }] of Object.entries(targets)) {
    if (model.values < values) lines.push(forecast.measured(target, count(model.values), count(values)));
  }
  if (compared && compared.windows < windows) lines.push(forecast.arimaWindows(compared.windows, all));
  return lines;
}

export function backtestLines({ forecaster, backtest, paths, next }: ForecastOutcome, session: Session): string[] {
  const { texts, columns } = session;
  const { forecast } = texts;
  const colors = session.colorsOf(session.io.stdout);
  const width = Math.min(columns, 100);
  const { targets, horizon } = forecaster.plan;
  const paragraph = (text: string) => wrapped(printable(text), width);
  const title = forecast.title(listed(targets), forecast.rows(count(horizon)));
  const lines = ["", ...paragraph(title).map(colors.bold), ...paragraph(planLine(forecaster, texts))];
  if (backtest === undefined) lines.push("", ...paragraph(forecast.noTest));
  else {
    for (const [target, own] of Object.entries(backtest.targets)) {
      lines.push("", ...sentences(target, own, texts).flatMap(paragraph), "");
      const rows = methodRows(own, texts);
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
      const [head, ...others] = aligned([groupHeads(texts), ...shown], width - 2);
      lines.push("", colors.dim(`  ${head}`), ...others.map((text) => `  ${text}`));
      if (groups.length > maxGroups) lines.push(`  ${texts.report.groupsOmitted(groups.length - maxGroups)}`);
    }
    lines.push("", ...windowLines(backtest, texts).flatMap(paragraph).map(colors.dim));
  }
  const nameWidth = Math.max(0, ...paths.map(([name]) => widthOf(name)));
  lines.push("", ...paths.map(([name, path]) => `${padded(name, nameWidth)}  ${printable(path)}`));
  if (next.length > 0) lines.push("", texts.train.next, ...next.map((command) => `  ${command}`));
  return lines;
}
