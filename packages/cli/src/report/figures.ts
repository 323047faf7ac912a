// The figures of the report as PNGs: predictions, checks of the training, and what the model learned.
import * as Plot from "@observablehq/plot";
import type { Autocorrelation, Signals } from "../../page/report-data.js";
import { font, ink, legendArea, legendEntry, newDocument, place, svgOf, text, toPng } from "../drawing/svg.ts";
import { moment, number, percent } from "../format.ts";
import { printable } from "../terminal/printable.ts";
import { texts } from "../texts/languages.ts";
import type { Report } from "./document.ts";
import { intervalLevel } from "./material.ts";
import { digitsOf } from "./signals.ts";

type Data = Report["data"];
type PlotDocument = ReturnType<typeof newDocument>;

const width = 1200;
const margin = 44;
const colors = {
  measured: "#d62728",
  predicted: "#1f5fd0",
  residual: "#5d6b7c",
  band: "#dbe7fb",
  interval: "#b7cdf3",
  tint: "#eef3fb",
  excluded: "#ece4d8",
};
const lines = ["#1f62d6", "#d9661f", "#12897b", "#8b4bc9", "#b08900", "#d1478f"];

// DejaVu has no Chinese glyphs, so these labels are English in every language.
/** The figures by file name. */
export function drawFigures({ data }: Report, names: { inputs: string; file: string }): Record<string, Uint8Array> {
  const document = newDocument();
  return {
    "prediction.png": predictionFigure(data, names, document),
    "checks.png": checksFigure(data, document),
    "learned.png": learnedFigure(data, document),
  };
}

// ---- predicted and measured ----

function predictionFigure(data: Data, names: { inputs: string; file: string }, document: PlotDocument): Uint8Array {
  const signals = data.signals.find(({ parts }) => parts.some(({ scored }) => scored)) ?? data.signals[0]!;
  const target = data.targets[0]!;
  const { x, stretches, halfWidth } = signals.targets[0]!;
  const hasIntervals = halfWidth !== undefined;
  const intervalName = texts.en.report.intervalOf(percent(intervalLevel));
  const { worst } = stretches;
  const wholeRange: [number, number] = [x[0]!, x.at(-1)!];
  const inner = width - 2 * margin;
  const tinted = signals.parts.some(({ scored }) => scored) && signals.parts.some(({ scored }) => !scored);
  const notes = [printable(names.file)];
  if (data.targets.length > 1) notes.push(`the first of ${data.targets.length} targets`);
  if (tinted) notes.push("scored on the shaded rows");
  if (signals.excluded.length > 0) notes.push("rows shaded in brown are excluded");
  const parts = [
    text(margin, 50, 24, shortened(`${target} from ${names.inputs}`, hasIntervals ? 44 : 50), ink.dark, "bold"),
    text(margin, 76, 14, shortened(notes.join("; "), 130), ink.faint),
    ...(hasIntervals ? [legendArea(width - margin - 450, 50, intervalName, colors.interval)] : []),
    legendEntry(width - margin - 280, 50, "measured", colors.measured),
    legendEntry(width - margin - 130, 50, "predicted", colors.predicted),
    place(signalPlot(signals, wholeRange, inner, 290, document), margin, 92),
    text(
      margin,
      420,
      15,
      `worst stretch: ${formatX(signals, worst[0])} to ${formatX(signals, worst[1])}`,
      ink.dark,
      "bold",
    ),
    place(signalPlot(signals, worst, inner, 250, document), margin, 430),
    text(margin, 712, 15, "residual: measured − predicted", ink.dark, "bold"),
    place(residualPlot(signals, wholeRange, inner, 150, document), margin, 722),
  ];
  return toPng(parts, width, 890);
}

const labels = { date: "time (UTC)", number: "time", row: "row" };

function formatX({ xIs }: Signals, x: number): string {
  return { date: () => moment(x), number: () => `time ${number(x, 6)}`, row: () => `row ${Math.round(x)}` }[xIs]();
}

interface Point {
  x: number | Date;
  y: number;
}

/** A line of the known values, interrupted where one is missing; an isolated value is a dot. */
function lineOf(
  { xIs, targets }: Signals,
  values: readonly (number | null)[],
  [from, to]: [number, number],
  stroke: string,
  strokeWidth: number,
): Plot.Markish[] {
  const line: Point[] = [];
  const isolated: Point[] = [];
  for (const [i, at] of targets[0]!.x.entries()) {
    if (at < from || at > to) continue;
    const value = values[i];
    const point = { x: xIs === "date" ? new Date(at) : at, y: value ?? Number.NaN };
    line.push(point);
    if (value != null && values[i - 1] == null && values[i + 1] == null) isolated.push(point);
  }
  return [
    Plot.lineY(line, { x: "x", y: "y", stroke, strokeWidth }),
    Plot.dot(isolated, { x: "x", y: "y", r: 1.6 * strokeWidth, fill: stroke }),
  ];
}

/** The band of the interval around the predictions. */
function intervalArea({ xIs, targets }: Signals, [from, to]: [number, number]): Plot.Markish[] {
  const { x, predicted, halfWidth, limits = [null, null] } = targets[0]!;
  if (halfWidth === undefined) return [];
  const [least, most] = [limits[0] ?? Number.NEGATIVE_INFINITY, limits[1] ?? Number.POSITIVE_INFINITY];
  const points = x.flatMap((at, i) => {
    if (at < from || at > to) return [];
    const [value, half] = [predicted[i] ?? Number.NaN, halfWidth[i] ?? Number.NaN];
    const [low, high] = [Math.max(least, value - half), Math.min(most, value + half)];
    return [{ x: xIs === "date" ? new Date(at) : at, low, high }];
  });
  return [Plot.areaY(points, { x: "x", y1: "low", y2: "high", fill: colors.interval })];
}

function signalPlot(signals: Signals, view: [number, number], width: number, height: number, document: PlotDocument) {
  const { xIs, parts, borders, excluded, targets } = signals;
  const { measured, predicted } = targets[0]!;
  const across = (value: number) => (xIs === "date" ? new Date(value) : value);
  const inView = (at: number) => at > view[0] && at < view[1];
  const inside = (ranges: readonly { from: number; to: number }[]) =>
    ranges
      .map(({ from, to }) => ({ from: across(Math.max(from, view[0])), to: across(Math.min(to, view[1])) }))
      .filter(({ from, to }) => from < to);
  const bands = inside(parts.filter((part) => part.scored && parts.length > 1));
  const leftOut = inside(excluded.map(([from, to]) => ({ from, to })));
  const starts = parts.map(({ from }) => from).filter(inView);
  const visibleBorders = borders.filter(({ at }, i) => (borders[i + 1]?.at ?? view[1]) > view[0] && at < view[1]);
  const maxCharacters = Math.floor(120 / Math.max(1, visibleBorders.length));
  return plot(signals, view, width, height, document, [
    Plot.rectX(bands, { x1: "from", x2: "to", fill: colors.tint }),
    Plot.rectX(leftOut, { x1: "from", x2: "to", fill: colors.excluded }),
    Plot.gridY({ stroke: ink.grid, strokeOpacity: 1 }),
    Plot.ruleX(starts.map(across), { stroke: ink.grid }),
    Plot.ruleX(
      borders
        .map(({ at }) => at)
        .filter(inView)
        .map(across),
      { stroke: ink.faint, strokeWidth: 1.5 },
    ),
    ...intervalArea(signals, view),
    ...lineOf(signals, measured, view, colors.measured, 2),
    ...lineOf(signals, predicted, view, colors.predicted, 1.6),
    Plot.text(maxCharacters < 4 ? [] : visibleBorders, {
      x: ({ at }) => across(Math.max(at, view[0])),
      text: ({ label }) => shortened(label, maxCharacters),
      ...{ frameAnchor: "top", textAnchor: "start", dx: 4, dy: -10, fill: ink.dark },
    }),
  ]);
}

function residualPlot(signals: Signals, view: [number, number], width: number, height: number, document: PlotDocument) {
  const { measured, predicted } = signals.targets[0]!;
  const residuals = measured.map((measuredValue, i) => {
    const predictedValue = predicted[i];
    return measuredValue === null || predictedValue == null ? null : measuredValue - predictedValue;
  });
  return plot(signals, view, width, height, document, [
    Plot.gridY({ stroke: ink.grid, strokeOpacity: 1 }),
    Plot.ruleY([0], { stroke: ink.faint }),
    ...lineOf(signals, residuals, view, colors.residual, 1.2),
  ]);
}

function plot(
  { xIs, targets }: Signals,
  [from, to]: [number, number],
  width: number,
  height: number,
  document: PlotDocument,
  marks: Plot.Markish[],
): string {
  const isDate = xIs === "date";
  const { measured, predicted } = targets[0]!;
  const digits = digitsOf([...measured, ...predicted]) - 2;
  const domain = isDate ? [new Date(from), new Date(to)] : [from, to > from ? to : from + 1];
  return svgOf(
    Plot.plot({
      ...{ document, width, height, marginLeft: 62 + 8 * (digits - 4), marginRight: 22, marginBottom: 42 },
      style: { fontFamily: font, fontSize: "12px", color: ink.faint },
      x: {
        ...(isDate ? { tickFormat: clockFormat(to - from) } : {}),
        type: isDate ? "utc" : "linear",
        domain,
        label: labels[xIs],
        labelAnchor: "center",
        labelArrow: "none",
      },
      y: { label: null, tickFormat: (value: number) => number(value, digits) },
      marks,
    }),
  );
}

/** Ticks in 24-hour format: years, days or clock times, by the length of the axis. */
function clockFormat(spanMs: number): (date: Date) => string {
  const days = spanMs / 86_400_000;
  const [from, to] = days > 700 ? [0, 7] : days > 3 ? [5, 10] : [11, 16];
  return (date) => date.toISOString().slice(from, to);
}

// ---- checks of the training ----

function checksFigure(data: Data, document: PlotDocument): Uint8Array {
  const panel = (width - 2 * margin - 28) / (data.curve ? 2 : 1);
  const right = margin + panel + 28;
  const parts = [
    text(margin, 50, 16, "autocorrelation of the residuals (95 % band)", ink.dark, "bold"),
    place(autocorrelationPlot(data.autocorrelation[0]!, panel, 300, document), margin, 62),
  ];
  if (data.curve) {
    parts.push(text(right, 50, 16, "learning curve", ink.dark, "bold"));
    parts.push(place(curvePlot(data.curve, panel, 300, document), right, 62));
  }
  return toPng(parts, width, 390);
}

function autocorrelationPlot(
  { values, band, rowsApart }: Autocorrelation,
  width: number,
  height: number,
  document: PlotDocument,
) {
  const bars = values.map((value, i) => ({ lag: i + 1, value })).filter(({ value }) => value !== null);
  const across = rowsApart === 1 ? "lag in rows" : `lag in measured values (${rowsApart} rows apart)`;
  return smallPlot(across, null, width, height, document, [
    Plot.rectY([{ low: -band, high: band }], {
      x1: 0.5,
      x2: values.length + 0.5,
      y1: "low",
      y2: "high",
      fill: colors.band,
    }),
    Plot.ruleY([0], { stroke: ink.faint }),
    Plot.rectY(bars, { x1: (d) => d.lag - 0.35, x2: (d) => d.lag + 0.35, y: "value", fill: colors.predicted }),
  ]);
}

function curvePlot(
  { epoch, validation, best }: NonNullable<Data["curve"]>,
  width: number,
  height: number,
  document: PlotDocument,
) {
  const curve = epoch.map((x, i) => ({ x, y: validation[i]! })).filter(({ y }) => Number.isFinite(y));
  return smallPlot("epoch", "validation RMSE", width, height, document, [
    Plot.gridY({ stroke: ink.grid, strokeOpacity: 1 }),
    Plot.lineY(curve, { x: "x", y: "y", stroke: colors.predicted, strokeWidth: 2 }),
    Plot.dot(
      curve.filter(({ x }) => x === best),
      { x: "x", y: "y", r: 5, fill: colors.predicted },
    ),
  ]);
}

function smallPlot(
  across: string,
  up: string | null,
  width: number,
  height: number,
  document: PlotDocument,
  marks: Plot.Markish[],
): string {
  return svgOf(
    Plot.plot({
      ...{ document, width, height, marginLeft: 58, marginRight: 18, marginBottom: 42, marginTop: 26 },
      style: { fontFamily: font, fontSize: "12px", color: ink.faint },
      x: { label: across, labelAnchor: "center", labelArrow: "none" },
      y: { label: up, labelArrow: "none", tickFormat: (value: number) => number(value) },
      marks,
    }),
  );
}

// ---- what the model learned ----

function learnedFigure(data: Data, document: PlotDocument): Uint8Array {
  const { inputs, lags, influence, horizons, responses, gain, lagUnit } = data.learned;
  const target = data.targets[0]!;
  const gap = 28;
  const panel = (width - 2 * margin - 2 * gap) / 3;
  const left = (i: number) => margin + i * (panel + gap);
  const across = `lag in ${texts.en.report.lagUnits[lagUnit]}`;
  const curves = (x: number[], values: number[][]) =>
    values.map((line, i) =>
      Plot.lineY(
        x.map((at, k) => ({ x: at, y: line[k]! })),
        { x: "x", y: "y", stroke: lines[i % lines.length]!, strokeWidth: 2 },
      ),
    );
  const grid = Plot.gridY({ stroke: ink.grid, strokeOpacity: 1 });
  const marks = horizons.map((horizon, i) =>
    Plot.ruleX(horizon === null ? [] : [horizon], { stroke: lines[i % lines.length]!, strokeDasharray: "4 3" }),
  );
  const zero = Plot.ruleY([0], { stroke: ink.faint });
  const titled = (i: number, y: number, title: string, svg: string) => [
    text(left(i), y, 15, title, ink.dark, "bold"),
    place(svg, left(i), y + 10),
  ];
  const legend =
    inputs.length < 2
      ? []
      : inputs.map((name, i) => legendEntry(margin + i * 185, 44, shortened(name, 14), lines[i % lines.length]!));
  const top = legend.length > 0 ? 82 : 50;
  const rows = Math.ceil(inputs.length / 3);
  const parts = [
    ...legend,
    ...titled(
      0,
      top,
      "memory",
      smallPlot(across, null, panel, 250, document, [grid, zero, ...marks, ...curves(lags, influence)]),
    ),
    ...titled(
      1,
      top,
      "step response",
      smallPlot(across, shortened(target, 40), panel, 250, document, [
        grid,
        zero,
        ...curves(responses.lags, responses.step[0]!),
      ]),
    ),
    ...titled(
      2,
      top,
      "impulse response",
      smallPlot(across, shortened(target, 40), panel, 250, document, [
        grid,
        zero,
        ...curves(responses.lags, responses.impulse[0]!),
      ]),
    ),
    ...inputs.flatMap((input, i) => {
      const line = gain[0]![i]!;
      const curve = Plot.lineY(
        line.x.map((x, k) => ({ x, y: line.y[k]! })),
        { x: "x", y: "y", stroke: lines[i % lines.length]!, strokeWidth: 2 },
      );
      const y = top + 300 + Math.floor(i / 3) * 300;
      return titled(
        i % 3,
        y,
        i === 0 ? "static gain" : "",
        smallPlot(shortened(input, 45), shortened(target, 40), panel, 250, document, [grid, curve]),
      );
    }),
  ];
  return toPng(parts, width, top + 300 + rows * 300);
}

/** At most `max` characters. */
function shortened(label: string, max: number): string {
  const characters = [...label];
  return characters.length > max ? `${characters.slice(0, max - 1).join("")}…` : label;
}
