// The backtest of a forecast in words and rows of a table.
import { type Backtest, type ForecastPlan, forecastMethods, type TargetBacktest } from "eddy/series";
import type { ForecastTexts } from "./forecast-texts.ts";
import { count, number, percent, quantity } from "./format.ts";

/** Errors relative to the calibration beyond which rows are called calmer or rougher. */
const [calmer, rougher] = [0.8, 1.25];

/** One row of the table of methods. */
export interface MethodRow {
  name: string;
  cells: string[];
  winner: boolean;
}

/** The ratio of two RMSEs; 1 if neither method has errors. */
const rootRatio = (mse: number, other: number) => (mse === other ? 1 : Math.sqrt(mse / other));

/** The errors of the model and of the other methods, the smallest first. */
export function methodRows(
  { model, baselines, winner, compared }: TargetBacktest,
  forecast: ForecastTexts,
): MethodRow[] {
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
export function backtestSentences(target: string, backtest: TargetBacktest, forecast: ForecastTexts): string[] {
  const { model, baselines, winner, bands, roughness } = backtest;
  const others = forecastMethods.flatMap((key) =>
    baselines[key] && key !== "linear" ? [{ name: forecast.methods[key], mse: baselines[key].mse }] : [],
  );
  const best = others.reduce((one, other) => (other.mse < one.mse ? other : one), others[0]!);
  const least = winner === "linear" ? baselines.linear!.mse : model.mse;
  const below = percent(1 - rootRatio(least, best.mse));
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
export const groupHeads = ({ columns }: ForecastTexts): string[] => [
  columns.group,
  columns.rmse,
  columns.coverage,
  columns.width,
];

/** What the model forecasts, as a sentence. */
export function planLine(plan: ForecastPlan, forecast: ForecastTexts): string {
  const { path, season = 0, transform } = plan;
  const what = path === "last" ? forecast.plan.last : forecast.plan.season(season);
  return forecast.planLine(what, transform === "log" ? forecast.plan.log : undefined);
}

/** How many windows were scored, and how many of them by the slower method. */
export function windowLines({ windows, without, horizon, targets }: Backtest, forecast: ForecastTexts): string[] {
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
