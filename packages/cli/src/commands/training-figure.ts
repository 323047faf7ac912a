// The figure of a training in the terminal: the validation error of its networks, and predicted beside measured values.
import { chronologicalSplit, type Model, type Rows, type TrainingReport } from "eddy/series";
import { moment, number, unitOf } from "../format.ts";
import { BrailleCanvas } from "../terminal/braille.ts";
import type { Colors } from "../terminal/colors.ts";
import type { FrameSize } from "../terminal/live-display.ts";
import {
  axisWidth,
  cut,
  dotting,
  labelled,
  layers,
  legendOf,
  linearTicks,
  logPanel,
  type Panel,
  panelLines,
  seriesPaint,
  spread,
  tickLine,
} from "../terminal/panel.ts";
import { printable } from "../terminal/printable.ts";
import type { Texts } from "../texts/languages.ts";
import type { Table } from "./table.ts";

const smallest = { columns: 48, rows: 15 };
const largest = { columns: 110, rows: 24 };

/** Values to draw, the rows before them that the state is warmed up with, and the longest stretch of a sparse target. */
const drawnValues = 200;
const warmUpRows = 400;
const longestStretch = 4000;

/** The validation errors of the networks: their means by epoch, and the last and the best of each. */
export class ValidationCurve {
  /** Epoch → network → RMSE. */
  readonly #errors = new Map<number, Map<number, number>>();
  readonly #last = new Map<number, number>();
  readonly #best = new Map<number, number>();
  epochs = 0;

  add({ phase, network, epoch, epochs, validation, best }: TrainingReport): void {
    if (phase !== "fit" || validation === undefined) return;
    const errors = this.#errors.get(epoch) ?? new Map<number, number>();
    this.#errors.set(epoch, errors.set(network, validation.rmse));
    this.#last.set(network, validation.rmse);
    if (best !== undefined) this.#best.set(network, best.rmse);
    this.epochs = Math.max(this.epochs, epochs);
  }

  get networks(): number {
    return this.#last.size;
  }

  /** The root of the mean squared error over the networks that were validated after an epoch. */
  get points(): [epoch: number, rmse: number][] {
    return [...this.#errors]
      .sort(([a], [b]) => a - b)
      .map(([epoch, errors]): [number, number] => [epoch, rootMeanSquare(errors.values())]);
  }

  /** The same mean over the last and the best validations; undefined before the first one. */
  get standing(): { last: number; best: number } | undefined {
    if (this.networks === 0) return undefined;
    return { last: rootMeanSquare(this.#last.values()), best: rootMeanSquare(this.#best.values()) };
  }
}

function rootMeanSquare(values: Iterable<number>): number {
  const squares = [...values].map((value) => value ** 2);
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
}

/** The rows before the test part whose predictions are drawn, for the first target. */
export class Stretch {
  readonly target: string;
  readonly measured: Float64Array;
  predicted: Float64Array | undefined;
  readonly #table: Pick<Table, "frame" | "order" | "timeKind">;
  readonly #rows: Rows;

  constructor(table: Pick<Table, "frame" | "order" | "timeKind">, target: string, testShare: number) {
    const { frame } = table;
    const { train } = chronologicalSplit(frame, { test: testShare });
    const longest = train.reduce((a, b) => (b.end - b.start > a.end - a.start ? b : a), { start: 0, end: 0 });
    this.target = target;
    this.#table = table;
    this.#rows = { start: startOf(frame.column(target), longest), end: longest.end };
    this.measured = frame.column(target).subarray(this.#rows.start, longest.end);
  }

  predict(model: Model): void {
    const { frame } = this.#table;
    const series = frame.series().find(({ end }) => end >= this.#rows.end)!;
    const from = Math.max(series.start, this.#rows.start - warmUpRows);
    const predictions = model.predict(frame.slice(from, this.#rows.end)).column(this.target);
    this.predicted = predictions.subarray(this.#rows.start - from);
  }

  /** The label of a drawn row: its time, or its number in the file. */
  label(row: number): string {
    const { frame, order, timeKind } = this.#table;
    const at = this.#rows.start + row;
    if (frame.time !== undefined) return timeKind === "date" ? moment(frame.time[at]!) : number(frame.time[at]!, 6);
    return String((order?.[at] ?? at) + 1);
  }

  /** The name of the axis, unless its labels are dates. */
  axisName({ report: { chart } }: Texts): string {
    const { frame, timeKind } = this.#table;
    if (frame.time === undefined) return chart.row;
    return timeKind === "date" ? "" : chart.plainTime;
  }
}

/** The first row of the last values of a target, without missing ones. */
function startOf(values: Float64Array, { start, end }: Rows): number {
  let row = end;
  let count = 0;
  while (row > Math.max(start, end - longestStretch) && count < drawnValues) {
    if (!Number.isNaN(values[--row]!)) count++;
  }
  return row;
}

/** The lines of the figure, none wider than `size.columns`; none before the second validation, or in a small terminal. */
export function trainingFigure(
  curve: ValidationCurve,
  stretch: Stretch,
  size: FrameSize,
  texts: Texts,
  colors: Colors,
): string[] {
  const { points, networks, epochs } = curve;
  if (size.columns < smallest.columns || size.rows < smallest.rows || points.length < 2) return [];
  const { train, report, demo } = texts;
  const { chart } = report;
  const width = Math.min(size.columns, largest.columns);
  const columns = width - axisWidth;
  const free = Math.min(size.rows, largest.rows) - 4; // two headings and two axes
  const curveRows = Math.max(4, Math.round(free * 0.4));
  const colored = colors.isColorSupported;
  const paint = seriesPaint(colors);
  const indent = " ".repeat(axisWidth);

  const errors = logPanel({ points, from: 0, to: epochs, includes: [] }, columns, curveRows, layers.predicted);
  const unit = unitOf(stretch.target);
  const signal = signalPanel(stretch, columns, free - curveRows, dotting(colored));
  const names = { measured: chart.measured, predicted: chart.predicted, both: demo.both };
  return [
    indent + colors.bold(cut(train.curve(unit && printable(unit), networks), columns)),
    ...panelLines(errors, (characters) => colors.green(characters)),
    colors.dim(tickLine(errors, chart.epoch)),
    spread(
      indent + colors.bold(cut(printable(stretch.target), columns >> 1)),
      legendOf(names, paint, colored, columns),
      width,
    ),
    ...panelLines(signal, paint),
    colors.dim(tickLine(signal, stretch.axisName(texts))),
  ];
}

function signalPanel(stretch: Stretch, columns: number, rows: number, measuredEvery: number): Panel {
  const { measured, predicted } = stretch;
  const canvas = new BrailleCanvas(columns, rows);
  const known = measured.filter((value) => !Number.isNaN(value));
  const [low, high] = known.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ] as [number, number]);
  const margin = 0.1 * (high - low) || Math.abs(high) || 1;
  const [bottom, top] = [low - margin, high + margin];
  const x = (row: number) => (row / Math.max(1, measured.length - 1)) * (canvas.width - 1);
  const y = (value: number) => ((top - value) / (top - bottom)) * (canvas.height - 1);
  const draw = (values: Float64Array, layer: number, every: number, bridging: boolean) => {
    let last = -1;
    for (const [row, value] of values.entries()) {
      if (Number.isNaN(value)) {
        if (!bridging) last = -1;
        continue;
      }
      const from = last < 0 ? row : last;
      canvas.line(x(from), y(values[from]!), x(row), y(value), layer, every);
      last = row;
    }
  };
  draw(measured, layers.measured, measuredEvery, true); // a sparse target is a line, too
  if (predicted !== undefined) draw(predicted, layers.predicted, 1, false);
  const { ticks, digits } = linearTicks(bottom, top, Math.max(2, rows >> 1));
  const ends = [0, measured.length >> 1, measured.length - 1];
  return {
    canvas,
    labels: labelled(ticks, y, digits),
    ticks: ends.map((row) => [Math.floor(x(row) / 2), stretch.label(row)]),
  };
}
