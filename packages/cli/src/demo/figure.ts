// The demo's finished figure as a PNG: early, middle and late windows above, the loss on a log axis below.
import type { LearnedWindow, ProgramSettings } from "@eddy/ui/program";
import * as Plot from "@observablehq/plot";
import { font, ink, legendEntry, newDocument, place, svgOf, text, toPng } from "../drawing/svg.ts";

type PlotDocument = NonNullable<Plot.PlotOptions["document"]>;

const width = 1200;
const height = 760;
const margin = 44;
const gap = 28;
const windowsInPanel = 6;
const colors = { target: "#d62728", prediction: "#1f5fd0", loss: "#3d4a5c", ink: ink.dark, faint: ink.faint };

// DejaVu has no Chinese glyphs, so these labels are English in every language.
/** The figure of a run, at twice its nominal 1200 × 760 pixels. */
export function drawPng(windows: readonly LearnedWindow[], settings: ProgramSettings): Uint8Array {
  const document = newDocument();
  const panels = windowsToDraw(windows);
  const panelWidth = (width - 2 * margin - (panels.length - 1) * gap) / panels.length;
  const [lowest, highest] = extent(panels.flat().flatMap(({ prediction }) => [...prediction]));
  const top = Math.min(3, Math.max(1.15, -lowest, highest));
  const last = windows.at(-1)!;

  const parts = [
    text(margin, 52, 26, "Eddy learns cos from sin", colors.ink, "bold"),
    text(margin, 80, 14, describe(settings), colors.faint),
    ...legend(width - margin, 52),
    ...panels.flatMap((panel, i) => {
      const x = margin + i * (panelWidth + gap);
      return [
        text(x, 122, 15, panelTitle(panel), colors.ink, "bold"),
        place(signalPlot(panel, panelWidth, 290, top, document), x, 132),
      ];
    }),
    text(margin, 468, 15, "loss: mean squared error of each window, log scale", colors.ink, "bold"),
    text(width - margin, 468, 15, `final loss ${last.loss.toPrecision(4)}`, colors.ink, "normal", "end"),
    place(lossPlot(windows, width - 2 * margin, 250, document), margin, 478),
  ];
  return toPng(parts, width, height);
}

/** First, middle and last windows of the run; fewer panels if they would overlap. */
function windowsToDraw(windows: readonly LearnedWindow[]): LearnedWindow[][] {
  const count = windows.length;
  if (count < 2 * windowsInPanel) return [[...windows]];
  const middle = 2 * Math.floor((count - windowsInPanel) / 4); // even: cos starts with a full period
  const starts = [0, middle, count - windowsInPanel];
  if (count < 3 * windowsInPanel) starts.splice(1, 1);
  return starts.map((start) => windows.slice(start, start + windowsInPanel));
}

function panelTitle(panel: LearnedWindow[]): string {
  const [first, last] = [panel[0]!.step, panel.at(-1)!.step];
  return first === last ? `step ${first}` : `steps ${first} to ${last}`;
}

function signalPlot(
  panel: LearnedWindow[],
  width: number,
  height: number,
  top: number,
  document: PlotDocument,
): string {
  const points = (name: "target" | "prediction") =>
    panel.flatMap((window) =>
      Array.from(window.time, (t, i) => ({ t: halfPeriods(t), value: window[name][i]!, step: window.step })),
    );
  const boundaries = panel.slice(1).map(({ time }) => halfPeriods(time[0]!));
  return svgOf(
    Plot.plot({
      document,
      width,
      height,
      marginLeft: 32,
      marginRight: 22,
      marginBottom: 44,
      style: { fontFamily: font, fontSize: "12px", color: colors.faint },
      x: { label: "time t", labelAnchor: "center", labelArrow: "none", tickFormat: inPi },
      y: { label: null, domain: [-top, top], ticks: [-1, 0, 1], tickFormat: "d", clamp: true },
      marks: [
        Plot.gridY([-1, 0, 1], { stroke: ink.grid, strokeOpacity: 1 }),
        Plot.ruleX(boundaries, { stroke: "#eef1f4" }),
        Plot.line(points("target"), { x: "t", y: "value", stroke: colors.target, strokeWidth: 2 }),
        Plot.line(points("prediction"), { x: "t", y: "value", z: "step", stroke: colors.prediction, strokeWidth: 2 }),
        Plot.dot(points("prediction"), { x: "t", y: "value", r: 2, fill: colors.prediction }),
      ],
    }),
  );
}

function lossPlot(windows: readonly LearnedWindow[], width: number, height: number, document: PlotDocument): string {
  const losses = windows.map(({ loss, step }) => ({ step, loss: Math.max(loss, 1e-12) }));
  const logs = losses.map(({ loss }) => Math.log10(loss));
  const [lowest, highest] = extent(logs);
  const decades = [Math.floor(lowest), Math.max(Math.ceil(highest), Math.floor(lowest) + 1)] as const;
  const ticks = Array.from({ length: decades[1] - decades[0] + 1 }, (_, i) => 10 ** (decades[0] + i));
  return svgOf(
    Plot.plot({
      document,
      width,
      height,
      marginLeft: 56,
      marginRight: 22,
      marginBottom: 44,
      style: { fontFamily: font, fontSize: "12px", color: colors.faint },
      x: { label: "step", labelAnchor: "center", labelArrow: "none", tickFormat: "d" },
      y: { type: "log", label: null, domain: [ticks[0]!, ticks.at(-1)!], ticks, tickFormat: decade },
      marks: [
        Plot.gridY(ticks, { stroke: ink.grid, strokeOpacity: 1 }),
        Plot.line(losses, { x: "step", y: "loss", stroke: colors.loss, strokeWidth: 2 }),
        Plot.dot(losses.slice(-1), { x: "step", y: "loss", r: 4, fill: colors.loss }),
      ],
    }),
  );
}

function describe({ seed, steps, timeStep, lr, hidden, forward, dynamic, carry }: ProgramSettings): string {
  const details = [
    `seed ${seed}`,
    `${steps} steps`,
    `${timeStep} points per π`,
    `Adam, lr ${lr}`,
    `${hidden} hidden units`,
  ];
  if (forward === "batched") details.push("batched output layer");
  if (dynamic) details.push("windows of π to 3π");
  if (!carry) details.push("state not carried");
  return details.join(" · ");
}

function legend(right: number, y: number): string[] {
  return [
    legendEntry(right - 290, y, "target cos t", colors.target),
    legendEntry(right - 126, y, "prediction", colors.prediction),
  ];
}

/** Smallest and largest, without the limit on the number of arguments that Math.min has. */
function extent(values: number[]): [number, number] {
  return values.reduce(([low, high], v) => [Math.min(low, v), Math.max(high, v)], [Infinity, -Infinity]);
}

// Without float32's error, which would extend the axis just past its last label.
const halfPeriods = (radians: number) => Math.round((radians / Math.PI) * 1e4) / 1e4;
const inPi = (value: number) => (value === 0 ? "0" : value === 1 ? "π" : `${value}π`);
const decade = (value: number) => (value >= 1e-4 && value < 1e5 ? String(value) : value.toExponential());
