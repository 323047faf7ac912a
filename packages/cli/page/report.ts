// Draws the charts of the report: predicted and measured values, inputs, residuals, learning curve, what the model learned.

import {
  axis,
  type ChartOptions,
  chart,
  color,
  countIncrements,
  fill,
  find,
  fitChart,
  formatNumber,
  onThemeChange,
  timeTicks,
  yAxis,
} from "@eddy/ui";
import type UPlot from "uplot";
import type { Range, ReportData, TargetSignals } from "./report-data.ts";

declare const uPlot: typeof UPlot; // the chart library is loaded by an earlier script

const report = JSON.parse(find("data").textContent!) as ReportData;
const { texts } = report;
const charts: [UPlot, HTMLElement][] = [];

let target = 0;
let series = 0;
let view: Range = wholeRange();
/** The charts that share the time axis: predictions, residuals and inputs. */
let timeCharts: UPlot[] = [];

// ---- predicted and measured ----

/** The rows of the chosen file or series, for the chosen target. */
function currentSignals(): TargetSignals {
  return report.signals[series]!.targets[target]!;
}

function wholeRange(): Range {
  const { x } = currentSignals();
  return [x[0]!, Math.max(x.at(-1)!, x[0]! + 1e-9)];
}

type Values = (number | null)[];

/** Isolated values, which no line would show. */
function isolated(values: Values): number[] {
  return values.flatMap((value, i) => (value !== null && values[i - 1] == null && values[i + 1] == null ? [i] : []));
}

function signalCharts(): void {
  const { xIs, inputs } = report.signals[series]!;
  const { x, measured, predicted, halfWidth, limits = [null, null] } = currentSignals();
  const [least, most] = [limits[0] ?? Number.NEGATIVE_INFINITY, limits[1] ?? Number.POSITIVE_INFINITY];
  const difference = x.map((_, i) => {
    const [predictedValue, measuredValue] = [predicted[i], measured[i]];
    return predictedValue == null || measuredValue == null ? null : measuredValue - predictedValue;
  });
  const scales = { x: { time: xIs === "date", range: (): Range => view } };
  const xAxis = {
    date: () =>
      axis(texts.time, {
        size: 42,
        label: undefined,
        values: timeTicks,
        space: (_, __, from, to) => (to - from < 10_000 ? 104 : 76),
      }),
    number: () => axis(texts.plainTime, { size: 27, space: 60 }),
    row: () => axis(texts.row, { size: 27, space: 60, incrs: countIncrements }),
  }[xIs]();
  const common: ChartOptions = {
    ms: 1,
    tzDate: (ms) => uPlot.tzDate(new Date(ms), "Etc/UTC"),
    cursor: { sync: { key: "time" }, drag: { x: true, y: false, setScale: false }, points: { size: 7 } },
    scales,
    series: [],
    hooks: { setSelect: [zoomToSelection] },
  };
  const line = (values: Values, stroke: string, width: number): UPlot.Series => {
    const isolatedValues = isolated(values);
    return {
      stroke,
      width,
      points: { show: isolatedValues.length > 0, size: 4 * width, fill: stroke, filter: () => isolatedValues },
    };
  };
  const name = report.targets[target]!;
  const bareAxis: UPlot.Axis = { ...xAxis, values: (_, ticks) => ticks.map(() => ""), size: 8, label: undefined };
  // The bounds of the interval are series without a line; the chart fills the band between them. They come first: below the lines.
  const boundAt = (i: number, side: number) =>
    predicted[i] == null || halfWidth?.[i] == null
      ? null
      : Math.min(most, Math.max(least, predicted[i] + side * halfWidth[i]));
  const bounds = halfWidth ? [1, -1].map((side) => x.map((_, i) => boundAt(i, side))) : [];
  const bound: UPlot.Series = { width: 0, points: { show: false } };
  const signal = addChart(find("signal"), [x, ...bounds, measured, predicted], {
    ...common,
    axes: [xAxis, yAxis(name)],
    series: [
      {},
      ...bounds.map(() => bound),
      line(measured, color("target"), 2),
      line(predicted, color("prediction"), 1.75),
    ],
    bands: halfWidth ? [{ series: [1, 2], fill: color("interval") }] : [],
    hooks: { ...common.hooks, setCursor: [showValues], drawClear: [markParts, markExcluded], draw: [markSeries] },
  });
  const strips = inputs.values.map((values, i) =>
    addChart(find(`input${i}`), [inputs.x, values], {
      ...common,
      hooks: { ...common.hooks, drawClear: [markExcluded] },
      axes: [bareAxis, yAxis("", { label: undefined, size: 76, space: 20 })],
      series: [{}, line(values, color(i < 6 ? `line${i + 1}` : "muted"), 1.5)],
    }),
  );
  const residual = addChart(find("residual"), [x, difference], {
    ...common,
    axes: [xAxis, yAxis(texts.residual)],
    series: [{}, line(difference, color("muted"), 1.25)],
    hooks: { ...common.hooks, setCursor: [showValues], drawClear: [zeroLine] },
  });
  timeCharts = [signal, ...strips, residual];
}

/** Sets the range of all charts over time and announces it to screen readers. */
function show([from, to]: Range, stretch?: string): void {
  const fullRange = wholeRange();
  const width = Math.min(to - from, fullRange[1] - fullRange[0]);
  const start = Math.min(Math.max(from, fullRange[0]), fullRange[1] - width);
  view = [start, start + width];
  for (const plot of timeCharts) plot.setScale("x", { min: view[0], max: view[1] });
  for (const input of document.querySelectorAll<HTMLInputElement>("input[name=stretch]")) {
    input.checked = input.value === stretch;
  }
  const [first, last] = view.map(formatX) as [string, string];
  const status = fill(texts.shown, { name: report.targets[target]!, from: first, to: last });
  find("signal").setAttribute("aria-label", status);
  find("shown").textContent = status;
}

function zoomToSelection(plot: UPlot): void {
  const { left, width } = plot.select;
  if (width < 4) return;
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  show([plot.posToVal(left, "x"), plot.posToVal(left + width, "x")]);
}

/** The values under the pointer. */
function showValues(plot: UPlot): void {
  const at = plot.cursor.idx;
  if (at == null || plot.cursor.left! < 0) {
    find("readout").textContent = "";
    return;
  }
  const { x, measured, predicted, halfWidth } = currentSignals();
  const [measuredValue, predictedValue, half] = [measured[at], predicted[at], halfWidth?.[at]];
  const parts = [
    formatX(x[at]!),
    `${texts.measured} ${formatNumber(measuredValue)}`,
    `${texts.predicted} ${formatNumber(predictedValue)}${half == null ? "" : ` ± ${formatNumber(half)}`}`,
  ];
  find("readout").textContent = parts.join("   ");
}

/** A place on the time axis. */
function formatX(x: number): string {
  const { xIs } = report.signals[series]!;
  if (xIs === "row") return `${texts.row} ${Math.round(x)}`;
  if (xIs === "number") return `${texts.plainTime} ${Number(x.toPrecision(10))}`;
  const us = Math.round(x * 1000);
  const iso = new Date(Math.floor(us / 1000)).toISOString().slice(0, 23).replace("T", " ");
  const fraction = us - 1000 * Math.floor(us / 1000);
  return fraction > 0 ? `${iso}${String(fraction).padStart(3, "0")}` : iso.replace(/\.000$/, "");
}

/** Shades the rows that are left out. */
function markExcluded(plot: UPlot): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.fillStyle = color("excluded");
  for (const [from, to] of report.signals[series]!.excluded) {
    const left = Math.max(plot.valToPos(from, "x", true), bbox.left);
    const right = Math.min(plot.valToPos(to, "x", true), bbox.left + bbox.width);
    if (left < right) ctx.fillRect(left, bbox.top, right - left, bbox.height);
  }
  ctx.restore();
}

/** Shades the rows by their use: training, validation, test. */
function markParts(plot: UPlot): void {
  const { ctx, bbox } = plot;
  const { parts } = report.signals[series]!;
  if (new Set(parts.map(({ name }) => name)).size < 2) return;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.font = `${12 * ratio}px ${getComputedStyle(document.body).fontFamily}`;
  ctx.textBaseline = "top";
  ctx.textAlign = "left";
  for (const part of parts) {
    const left = Math.max(plot.valToPos(part.from, "x", true), bbox.left);
    const right = Math.min(plot.valToPos(part.to, "x", true), bbox.left + bbox.width);
    if (right <= left) continue;
    if (part.scored) {
      ctx.fillStyle = color("window");
      ctx.fillRect(left, bbox.top, right - left, bbox.height);
    }
    ctx.fillStyle = color("muted");
    if (ctx.measureText(part.name).width < right - left - 8 * ratio) {
      ctx.fillText(part.name, left + 5 * ratio, bbox.top + 4 * ratio);
    }
    if (left > bbox.left) ctx.fillRect(left, bbox.top, ratio, bbox.height);
  }
  ctx.restore();
}

/** The start of each series and, if it fits, its name below. */
function markSeries(plot: UPlot): void {
  const { ctx, bbox } = plot;
  const { borders } = report.signals[series]!;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.font = `${12 * ratio}px ${getComputedStyle(document.body).fontFamily}`;
  ctx.textBaseline = "bottom";
  ctx.textAlign = "left";
  ctx.lineJoin = "round";
  ctx.lineWidth = 4 * ratio;
  ctx.strokeStyle = color("card");
  ctx.fillStyle = color("ink");
  for (const [i, { label, at }] of borders.entries()) {
    const left = Math.max(plot.valToPos(at, "x", true), bbox.left);
    const next = borders[i + 1] ? plot.valToPos(borders[i + 1]!.at, "x", true) : Number.POSITIVE_INFINITY;
    const right = Math.min(next, bbox.left + bbox.width);
    if (right <= left) continue;
    if (left > bbox.left) ctx.fillRect(left - ratio, bbox.top, 2 * ratio, bbox.height);
    if (ctx.measureText(label).width > right - left - 8 * ratio) continue;
    const [x, y] = [left + 5 * ratio, bbox.top + bbox.height - 3 * ratio];
    ctx.strokeText(label, x, y); // so that it is legible on top of a line
    ctx.fillText(label, x, y);
  }
  ctx.restore();
}

function zeroLine(plot: UPlot): void {
  const { ctx, bbox } = plot;
  ctx.fillStyle = color("muted");
  ctx.fillRect(bbox.left, plot.valToPos(0, "y", true), bbox.width, devicePixelRatio);
}

// ---- the other charts ----

function autocorrelationChart(): void {
  const { values, band, rowsApart } = report.autocorrelation[target]!;
  const across = rowsApart === 1 ? texts.lagRows : fill(texts.lagValues, { rows: String(rowsApart) });
  addChart(find("autocorrelation"), [values.map((_, i) => i + 1), values], {
    cursor: { show: false },
    scales: {
      x: { time: false, range: [0, values.length + 1] },
      y: { range: (_, low, high) => [Math.min(-2.5 * band, low ?? 0), Math.max(2.5 * band, high ?? 0)] },
    },
    axes: [axis(across, { size: 27, incrs: countIncrements }), yAxis(texts.autocorrelation)],
    series: [
      {},
      {
        stroke: color("prediction"),
        fill: color("prediction"),
        width: 0,
        paths: uPlot.paths.bars!({ size: [0.7, 14, 1] }),
        points: { show: false },
      },
    ],
    hooks: {
      drawClear: [
        (plot) => {
          const [top, bottom] = [band, -band].map((value) => plot.valToPos(value, "y", true)) as [number, number];
          plot.ctx.fillStyle = color("window");
          plot.ctx.fillRect(plot.bbox.left, top, plot.bbox.width, bottom - top);
          zeroLine(plot);
        },
      ],
    },
  });
}

function curveChart(): void {
  const { curve } = report;
  if (!curve) return;
  const log = (): Partial<UPlot.Scale> => ({ distr: 3 });
  const decades = (values: number[]) => Math.max(...values) / Math.min(...values) > 12;
  const scale = (values: number[]): UPlot.Scale => (values.every((value) => value > 0) && decades(values) ? log() : {});
  addChart(find("curve"), [curve.epoch, curve.loss, curve.validation], {
    cursor: { show: false },
    scales: { x: { time: false }, loss: scale(curve.loss), y: scale(curve.validation) },
    axes: [
      axis(texts.epoch, { size: 27, incrs: countIncrements }),
      yAxis(texts.validation, { scale: "y", stroke: color("prediction") }),
      yAxis(texts.loss, { scale: "loss", side: 1, grid: { show: false } }),
    ],
    series: [
      {},
      { scale: "loss", stroke: color("muted"), width: 1.75, points: { show: false } },
      {
        ...{ scale: "y", stroke: color("prediction"), width: 2.25 },
        points: { show: true, size: 10, fill: color("prediction"), filter: () => [curve.epoch.indexOf(curve.best)] },
      },
    ],
  });
}

/** Three charts with one line per input, and a small chart of the static gain of each input. */
function learnedCharts(): void {
  const { learned } = report;
  const { lags, influence, responses, inputs, gain, lagUnit } = learned;
  const across = fill(texts.lag, { unit: texts.lagUnits[lagUnit] });
  const lines = inputs.map(
    (_, i): UPlot.Series => ({ stroke: color(`line${(i % 6) + 1}`), width: 2, points: { show: false } }),
  );
  const lagChart = (id: string, x: number[], values: number[][], label: string, marks: (number | null)[] = []) =>
    addChart(find(id), [x, ...values], {
      cursor: { show: false },
      scales: { x: { time: false } },
      axes: [axis(across, { size: 27 }), yAxis(label)],
      series: [{}, ...lines],
      hooks: {
        drawClear: [
          (plot) => {
            zeroLine(plot);
            for (const [i, mark] of marks.entries()) {
              if (mark === null) continue;
              plot.ctx.fillStyle = color(`line${(i % 6) + 1}`);
              const left = plot.valToPos(mark, "x", true);
              plot.ctx.fillRect(left, plot.bbox.top, 1.5 * devicePixelRatio, plot.bbox.height);
            }
          },
        ],
      },
    });
  lagChart("influence", lags, influence, texts.influence, learned.horizons);
  lagChart("step", responses.lags, responses.step[target]!, report.targets[target]!);
  lagChart("impulse", responses.lags, responses.impulse[target]!, report.targets[target]!);
  for (const [i, input] of inputs.entries()) {
    const { x, y } = gain[target]![i]!;
    addChart(find(`gain${i}`), [x, y], {
      cursor: { show: false },
      scales: { x: { time: false } },
      axes: [axis(input, { size: 27 }), yAxis(report.targets[target]!)],
      series: [{}, lines[i]!],
    });
  }
}

// ---- drawing everything, user input ----

function addChart(container: HTMLElement, data: UPlot.AlignedData, options: ChartOptions): UPlot {
  const plot = chart(container, data, options);
  charts.push([plot, container]);
  return plot;
}

function draw(): void {
  for (const [plot] of charts.splice(0)) plot.destroy();
  signalCharts();
  autocorrelationChart();
  curveChart();
  learnedCharts();
  showImportance();
}

/** Shows the bars of the chosen target; they are part of the page. */
function showImportance(): void {
  for (const element of document.querySelectorAll<HTMLElement>(".importance")) {
    element.hidden = Number(element.dataset.target) !== target;
  }
}

function stretchOf(name: string): Range {
  return name === "all" ? wholeRange() : currentSignals().stretches[name as "first" | "last" | "worst"];
}

for (const input of document.querySelectorAll<HTMLInputElement>("input[name=stretch]")) {
  input.addEventListener("change", () => show(stretchOf(input.value), input.value));
}
for (const button of document.querySelectorAll<HTMLButtonElement>("[data-move]")) {
  button.addEventListener("click", () => {
    const [from, to] = view;
    const width = to - from;
    const moves: Record<string, Range> = {
      left: [from - width / 2, to - width / 2],
      right: [from + width / 2, to + width / 2],
      in: [from + width / 4, to - width / 4],
      out: [from - width / 2, to + width / 2],
    };
    show(moves[button.dataset.move!]!);
  });
}
for (const id of ["signal", "residual", ...report.inputs.map((_, i) => `input${i}`)]) {
  find(id).addEventListener("dblclick", () => show(wholeRange(), "all"));
}

function choose(id: string, change: (value: number) => void): void {
  const select = document.getElementById(id) as HTMLSelectElement | null;
  select?.addEventListener("change", () => {
    change(Number(select.value));
    view = wholeRange();
    draw();
    show(view, "all");
  });
}
choose("target", (value) => {
  target = value;
});
choose("series", (value) => {
  series = value;
});

const fit = () => {
  for (const [plot, container] of charts) fitChart(plot, container);
};
const printing = (now: boolean) => {
  document.documentElement.classList.toggle("printing", now);
  draw();
};

draw();
show(wholeRange(), "all");
document.getElementById("more")?.addEventListener("toggle", fit); // a closed element has no size
new ResizeObserver(fit).observe(document.querySelector("main")!);
onThemeChange(draw);
addEventListener("beforeprint", () => printing(true));
addEventListener("afterprint", () => printing(false));
