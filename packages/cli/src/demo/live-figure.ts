// The demo's figure in the terminal: red target, blue prediction and the loss, redrawn for every window.
import { stripVTControlCharacters } from "node:util";
import type { Output } from "../io.ts";
import type { Colors } from "../terminal/colors.ts";
import {
  eraseBelow,
  eraseLine,
  eraseScreen,
  hideCursor,
  showCursor,
  toLineStart,
  up,
} from "../terminal/control-sequences.ts";
import { widthOf } from "../terminal/width.ts";
import type { Texts } from "../texts/languages.ts";
import { BrailleCanvas } from "./braille.ts";
import type { LearnedWindow } from "./sin2cos.ts";

const target = 1;
const prediction = 2;
const axisWidth = 7; // " 0.001 ┤"
const smallest = { columns: 40, rows: 14 };
const linesAfter = 6; // the command's other lines, so that the finished figure stays in view
const viewPeriods = 4;

export interface FrameSize {
  columns: number;
  rows: number;
}

export type Terminal = Output & FrameSize;

/** Whether the stream is a terminal that supports the figure and is large enough for it. */
export function canDrawLive(stream: Output, environment: NodeJS.ProcessEnv): stream is Terminal {
  return (
    stream.isTTY === true &&
    environment.TERM !== "dumb" &&
    (stream.columns ?? 0) >= smallest.columns &&
    (stream.rows ?? 0) >= smallest.rows
  );
}

/** Draws in place on a terminal; `close` shows the cursor again. */
export class LiveFigure {
  readonly #stream: Terminal;
  readonly #frame: (size: FrameSize) => string[];
  readonly #onResize = () => this.draw(true);
  #drawnLines = 0;

  constructor(stream: Terminal, frame: (size: FrameSize) => string[]) {
    this.#stream = stream;
    this.#frame = frame;
    stream.write(hideCursor);
    stream.on("resize", this.#onResize);
  }

  /** Draws the frame in one write, which avoids flicker; `afresh` clears the screen, since a resize has wrapped lines. */
  draw(clear = false): void {
    const { columns, rows } = this.#stream;
    const lines = this.#frame({ columns: Math.min(columns - 1, 110), rows: Math.min(rows - linesAfter, 30) });
    const back = clear ? eraseScreen : this.#drawnLines > 0 ? up(this.#drawnLines) + toLineStart : "";
    this.#stream.write(back + lines.map((line) => `${line}${eraseLine}\n`).join("") + eraseBelow);
    this.#drawnLines = lines.length;
  }

  close(): void {
    this.#stream.off("resize", this.#onResize);
    this.#stream.write(showCursor);
  }
}

/** The lines of the figure of the windows so far, none wider than `size.columns`. */
export function drawFrame(
  windows: readonly LearnedWindow[],
  steps: number,
  size: FrameSize,
  texts: Texts,
  colors: Colors,
): string[] {
  if (size.columns < smallest.columns - 1 || size.rows < smallest.rows - linesAfter) {
    const last = windows.at(-1);
    return last ? [cut(texts.demo.progress(last.step, steps, formatLoss(last.loss)), size.columns)] : [];
  }
  const paint = (characters: string, layers: number) =>
    layers === target
      ? colors.redBright(characters)
      : layers === prediction
        ? colors.blueBright(characters)
        : colors.magentaBright(characters);
  // Without colours, the target is a dotted line.
  const targetEvery = colors.isColorSupported ? 1 : 3;

  const free = size.rows - 4; // heading, legend and the two time axes
  const lossRows = Math.max(2, Math.round(free * 0.28));
  const columns = size.columns - axisWidth - 1;
  const signal = signalPanel(windows, columns, free - lossRows, targetEvery);
  const loss = lossPanel(windows, steps, columns, lossRows);

  const last = windows.at(-1);
  const readout = last
    ? `${texts.demo.step} ${String(last.step).padStart(String(steps).length)}/${steps}  ${texts.demo.loss} ${formatLoss(last.loss)}`
    : "";
  const sample = (layer: number) => {
    const canvas = new BrailleCanvas(3, 1);
    canvas.line(0, 2, 5, 2, layer, layer === target ? targetEvery : 1);
    return canvas.toLines(paint)[0]!;
  };
  const entries = [
    `${sample(target)} ${texts.demo.target}`,
    `${sample(prediction)} ${texts.demo.prediction}`,
    ...(colors.isColorSupported ? [`${sample(target | prediction)} ${texts.demo.both}`] : []),
  ];
  const indent = " ".repeat(axisWidth + 1);
  const legends = [
    indent + entries.join("   "),
    indent + entries.slice(0, 2).join("   "),
    entries.slice(0, 2).join("  "),
  ];
  const legend = legends.find((one) => widthOf(one) <= size.columns) ?? "";

  return [
    spread(colors.bold(texts.demo.title), colors.bold(readout), size.columns),
    legend,
    ...withAxis(signal.canvas.toLines(paint), signal.labels),
    colors.dim(under(signal.ticks, columns)),
    ...withAxis(
      loss.canvas.toLines((characters) => colors.green(characters)),
      loss.labels,
    ),
    colors.dim(under(loss.ticks, columns)),
  ];
}

interface Panel {
  canvas: BrailleCanvas;
  /** Row → text at the left. */
  labels: Map<number, string>;
  /** Column → text below. */
  ticks: [number, string][];
}

function signalPanel(windows: readonly LearnedWindow[], columns: number, rows: number, targetEvery: number): Panel {
  const canvas = new BrailleCanvas(columns, rows);
  const period = 2 * Math.PI;
  // The view moves by whole periods: after a move by half a period, cos would change its sign with every window.
  const end = Math.max(viewPeriods, Math.ceil((windows.at(-1)?.time.at(-1) ?? 0) / period - 1e-6));
  const start = end - viewPeriods;
  const visible = windows.filter((window) => window.time.at(-1)! > start * period);
  const highest = visible.reduce(
    (highest, one) => one.prediction.reduce((m, v) => Math.max(m, Math.abs(v)), highest),
    1.15,
  );
  const top = Math.min(highest, 3);

  const x = (time: number) => ((time / period - start) / viewPeriods) * (canvas.width - 1);
  const y = (value: number) => ((top - value) / (2 * top)) * (canvas.height - 1);
  for (const [layer, name, every] of [
    [target, "target", targetEvery],
    [prediction, "prediction", 1],
  ] as const) {
    for (const { time, [name]: values } of visible) {
      for (let i = 1; i < time.length; i++) {
        canvas.line(x(time[i - 1]!), y(values[i - 1]!), x(time[i]!), y(values[i]!), layer, every);
      }
    }
  }
  const labels = new Map([1, 0, -1].map((value) => [Math.floor(y(value) / 4), String(value)]));
  const ticks = Array.from({ length: viewPeriods + 1 }, (_, i): [number, string] => {
    const halfPeriods = 2 * (start + i);
    return [Math.floor(x((start + i) * period) / 2), halfPeriods === 0 ? "0" : `${halfPeriods}π`];
  });
  return { canvas, labels, ticks };
}

function lossPanel(windows: readonly LearnedWindow[], steps: number, columns: number, rows: number): Panel {
  const canvas = new BrailleCanvas(columns, rows);
  const logs = windows.map(({ loss }) => Math.log10(Math.max(loss, 1e-12)));
  const bottom = logs.reduce((a, b) => Math.min(a, b), -3);
  const top = logs.reduce((a, b) => Math.max(a, b), 0.3);
  const x = (step: number) => ((step - 1) / Math.max(1, steps - 1)) * (canvas.width - 1);
  const y = (log: number) => ((top - log) / (top - bottom)) * (canvas.height - 1);
  for (let i = 0; i < logs.length; i++) {
    const from = Math.max(0, i - 1);
    canvas.line(x(from + 1), y(logs[from]!), x(i + 1), y(logs[i]!), prediction);
  }
  const labels = new Map<number, string>();
  for (let decade = Math.floor(top); decade >= Math.ceil(bottom); decade--) {
    const row = Math.floor(y(decade) / 4);
    if (!labels.has(row)) labels.set(row, decade < -3 || decade > 3 ? `1e${decade}` : String(10 ** decade));
  }
  const ticks = [1, Math.round(steps / 2), steps].filter((step, i, all) => step > 0 && all.indexOf(step) === i);
  return { canvas, labels, ticks: ticks.map((step) => [Math.floor(x(step) / 2), String(step)]) };
}

/** The rows of a panel with its labels and axis at the left. */
function withAxis(lines: string[], labels: Map<number, string>): string[] {
  return lines.map((line, row) => {
    const label = labels.get(row);
    return `${(label ?? "").padStart(axisWidth - 1)} ${label === undefined ? "│" : "┤"}${line}`;
  });
}

/** Labels below a panel, each centred under its column if possible, and omitted if it would touch another. */
function under(ticks: [number, string][], columns: number): string {
  let line = "";
  for (const [column, label] of ticks) {
    const at = Math.min(Math.max(0, column - (label.length >> 1)), columns - label.length);
    if (line !== "" && at <= line.length) continue;
    line = line.padEnd(at) + label;
  }
  return " ".repeat(axisWidth + 1) + line;
}

/** The loss in a constant number of columns. */
export function formatLoss(loss: number): string {
  return loss >= 1e-5 && loss < 1e4 ? loss.toFixed(6) : loss.toExponential(2);
}

/** One text at the left and one at the right; the left one is omitted if both do not fit. */
function spread(left: string, right: string, columns: number): string {
  const gap = columns - widthOf(left) - widthOf(right);
  return gap >= 2 ? left + " ".repeat(gap) + right : cut(right, columns);
}

/** As much of a text as fits; a cut text loses its colours. */
function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let fitting = "";
  for (const character of stripVTControlCharacters(text)) {
    if (widthOf(fitting + character) > columns) break;
    fitting += character;
  }
  return fitting;
}
