// The page of a forecast: the latest forecast, the backtest by step ahead, the bands, and what the filter looks at.
import { join } from "node:path";
import { backtestSentences, groupHeads, groupRows, methodRows, planLine, windowLines } from "@eddy/ui/results";
import { type Backtest, boundNames, type Forecaster, type Frame, forecastMethods } from "eddy/series";
import { writeFiles } from "../../files/output-files.ts";
import { makeFolder } from "../../files/output-places.ts";
import { count, listed, moment, number, percent } from "../../format.ts";
import type { Session } from "../../session.ts";
import type { Texts } from "../../texts/languages.ts";
import { list, safe, table } from "../sections/html.ts";
import { type Line, lineChart } from "./line-chart.ts";

/** What the page is about. */
export interface ForecastMaterial {
  forecaster: Forecaster;
  frame: Frame;
  isDate: boolean;
  backtest: Backtest | undefined;
}

const pageName = "report.html";

/** Writes the page into a folder and returns its path. */
export function writeForecastPage(material: ForecastMaterial, folder: string, session: Session): string {
  const { texts } = session;
  makeFolder("--out", folder, texts);
  writeFiles("--out", folder, { [pageName]: drawForecastPage(material, texts) }, texts);
  return join(folder, pageName);
}

const level = 0.9;

/** The page as HTML, which needs no network and no script. */
function drawForecastPage({ forecaster, frame, isDate, backtest }: ForecastMaterial, texts: Texts): string {
  const { forecast } = texts;
  const { targets, horizon } = forecaster.plan;
  const title = forecast.title(listed(targets), forecast.rows(count(horizon)));
  const sections = targets.flatMap((target) => [
    historySection(forecaster, frame, target, isDate, texts),
    ...(backtest ? backtestSections(target, backtest, texts) : []),
    weightsSection(forecaster, target, texts),
  ]);
  const notes = backtest ? windowLines(backtest, forecast) : [forecast.noTest];
  return `<!doctype html>
<html lang="${texts.htmlLanguage}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${safe(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<header><h1>${safe(title)}</h1><p>${safe(planLine(forecaster.plan, forecast))}</p></header>
${sections.join("\n")}
<footer>${list("ul", notes.map(safe))}</footer>
</main>
</body>
</html>
`;
}

const style = `
:root { --ink: #1d2530; --faint: #5d6b7c; --grid: #dfe4ea; --card: #fff; --ground: #f4f6f8; --measured: #d23a32; --model: #2f6fe0;
  --line1: #2f6fe0; --line2: #8a5cc9; --line3: #c77d0a; --line4: #2a9d6a; --line5: #8b98a8; --band: #2f6fe033; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8edf3; --faint: #9aa7b6; --grid: #334050; --card: #1b222b; --ground: #11161c;
  --measured: #ff7a70; --model: #7aa7ff; --line1: #7aa7ff; --line2: #c3a2f5; --line3: #f0b354; --line4: #6fd3a5; --line5: #8b98a8; --band: #7aa7ff33; } }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.1rem; margin: 0 0 .5rem; }
header p, .note, footer { color: var(--faint); } .note { font-size: .9rem; margin: .5rem 0 0; }
section { background: var(--card); border: 1px solid var(--grid); border-radius: 10px; padding: 1rem; margin-top: 1rem; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .3rem 1rem; margin: 0 0 .5rem; padding: 0; font-size: .9rem; }
.legend i { display: inline-block; width: 1.4rem; height: 3px; margin-right: .4rem; vertical-align: middle; }
svg { width: 100%; height: auto; display: block; } svg text { fill: var(--faint); font-size: 12px; }
.scroll { overflow-x: auto; } .scroll + .scroll { margin-top: 1rem; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .6rem; text-align: right; border-bottom: 1px solid var(--grid); } th:first-child { text-align: left; }
thead th { color: var(--faint); font-weight: 500; } tr.winner th, tr.winner td { font-weight: 700; }
`;

function section(title: string, parts: readonly string[], note?: string): string {
  return `<section><h2>${safe(title)}</h2>${parts.join("")}${note === undefined ? "" : `<p class="note">${safe(note)}</p>`}</section>`;
}

/** The measured values of the last series and the forecast after them. */
function historySection(forecaster: Forecaster, frame: Frame, target: string, isDate: boolean, { forecast }: Texts) {
  const { page } = forecast;
  const { horizon, targets, season = 1, bridged = 0, missing } = forecaster.plan;
  const next = latestForecast(forecaster, frame);
  if (next === undefined) return "";
  const series = frame.series().at(-1)!;
  const isMissing = (value: number, row: number) =>
    missing.includes(value) || frame.excluded?.[series.start + row] === 1;
  const measured = frame
    .column(target)
    .slice(series.start, series.end)
    .map((value, row) => (isMissing(value, row) ? Number.NaN : value));
  let end = measured.length;
  while (end > 0 && Number.isNaN(measured[end - 1])) end--;
  const rows = Math.min(end, Math.max(3 * horizon, 2 * season, 10 * bridged, 24));
  const shown = measured.subarray(end - rows, end);
  const values = next.column(target).subarray(-horizon);
  const [low, high] = boundNames(target, targets).map((name) => next.column(name).subarray(-horizon));
  const x = Array.from({ length: horizon + 1 }, (_, i) => i);
  // A line through rare values has no gaps between them.
  const drawn = [...shown.keys()].filter((row) => bridged === 0 || !Number.isNaN(shown[row]!));
  const joined = (own: Float64Array) => [shown[rows - 1]!, ...own];
  const lines: Line[] = [
    {
      name: page.measured,
      color: "var(--measured)",
      x: drawn.map((row) => row - rows + 1),
      y: drawn.map((row) => shown[row]!),
    },
    { name: page.forecast, color: "var(--model)", x, y: joined(values), low: joined(low!), high: joined(high!) },
  ];
  const time = frame.time?.subarray(series.start, series.end);
  const labelOf = (place: number) => {
    const at = place <= 0 ? time?.[end - 1 + place] : next.time?.[next.length - horizon + place - 1];
    return isDate && at !== undefined ? moment(at).slice(0, 16) : String(place);
  };
  const names = [...(targets.length > 1 ? [target] : []), ...(series.label === undefined ? [] : [series.label])];
  return section(
    [page.history, ...names].join(": "),
    [lineChart(lines, { xLabel: isDate ? "" : page.rowsAhead, labelOf })],
    page.historyNote(percent(level)),
  );
}

/** The forecast after the last rows; undefined if they lack what it needs. */
function latestForecast(forecaster: Forecaster, frame: Frame): Frame | undefined {
  try {
    return forecaster.forecast(frame, { level });
  } catch (error) {
    // The rows of a training file need not contain what is known ahead.
    if (error instanceof Error && error.name === "DataError") return undefined;
    throw error;
  }
}

function backtestSections(target: string, backtest: Backtest, texts: Texts): string[] {
  const { forecast } = texts;
  const { page, columns, methods } = forecast;
  const own = backtest.targets[target]!;
  const steps = Array.from({ length: backtest.horizon }, (_, i) => i + 1);
  const rows = methodRows(own, forecast).map(({ name, cells, winner }) => ({
    cells: [name, ...cells],
    ...(winner && { class: "winner" }),
  }));
  const heads = ["", columns.rmse, columns.mae, columns.smape, columns.compared];
  const title = Object.keys(backtest.targets).length > 1 ? `${page.scores}: ${target}` : page.scores;
  const groups = groupRows(own, target).map((cells) => ({ cells }));
  const root = (errors: readonly number[]) => errors.map(Math.sqrt);
  const lines: Line[] = [
    { name: methods.model, color: "var(--model)", x: steps, y: root(own.model.steps) },
    ...forecastMethods.flatMap((key, i) =>
      own.baselines[key]
        ? [{ name: methods[key], color: `var(--line${i + 2})`, x: steps, y: root(own.baselines[key].steps) }]
        : [],
    ),
  ];
  const parts = [
    section(title, [
      ...backtestSentences(target, own, forecast).map((sentence) => `<p>${safe(sentence)}</p>`),
      table("", heads, rows),
      groups.length === 0 ? "" : table("", groupHeads(forecast), groups),
    ]),
  ];
  // A single step makes no line.
  if (backtest.horizon === 1) return parts;
  parts.push(section(page.steps, [lineChart(lines, { xLabel: page.step })], page.stepsNote));
  if (own.bands) {
    const bands = own.bands;
    const coverage = (["direct", "adaptive"] as const).map(
      (kind, i): Line => ({
        name: page[kind],
        color: `var(--line${i === 0 ? 1 : 3})`,
        x: steps,
        y: bands[kind].steps.map((step) => 100 * step.coverage),
      }),
    );
    const intended = {
      ...{ name: page.intended, color: "var(--line5)", x: [1, backtest.horizon] },
      y: [100 * bands.direct.level, 100 * bands.direct.level],
    };
    const chart = lineChart([...coverage, intended], { xLabel: page.step, unit: "%" });
    parts.push(section(page.coverage, [chart], page.coverageNote(percent(bands.direct.level))));
  }
  return parts;
}

/** The weights of the target's own past, for three steps. */
function weightsSection(forecaster: Forecaster, target: string, { forecast }: Texts): string {
  const { page } = forecast;
  const { horizon } = forecaster.plan;
  const chosen = [...new Set([1, Math.ceil(horizon / 2), horizon])];
  const lines = chosen.map((step, i): Line => {
    const weights = [...forecaster.pastWeights(target, step)];
    return { name: page.stepOf(step), color: `var(--line${i + 1})`, x: weights.map((_, lag) => lag), y: weights };
  });
  return section(
    page.weights,
    [lineChart(lines, { xLabel: page.lag, format: (value) => number(value, 2) })],
    page.weightsNote,
  );
}
