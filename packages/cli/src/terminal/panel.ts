// The panels of a figure in the terminal: a canvas, labels on its axes, and a legend.
import { stripVTControlCharacters } from "node:util";
import { number } from "../format.ts";
import { BrailleCanvas, type Paint } from "./braille.ts";
import type { Colors } from "./colors.ts";
import { padded } from "./lines.ts";
import { widthOf } from "./width.ts";

export interface Panel {
  canvas: BrailleCanvas;
  /** Row → text at the left. */
  labels: Map<number, string>;
  /** Column → text below. */
  ticks: [number, string][];
}

/** Columns of the labels and the axis at the left of a panel: "   0.001 ┤". */
export const axisWidth = 10;

/** The axis and the rows of a panel. */
export function panelLines({ canvas, labels }: Panel, paint: Paint): string[] {
  return canvas.toLines(paint).map((line, row) => {
    const label = labels.get(row);
    return `${(label ?? "").padStart(axisWidth - 2)} ${label === undefined ? "│" : "┤"}${line}`;
  });
}

/**
 * The labels below a panel, each centred under its column if possible, and omitted if it would touch another. The first one
 * starts with the name of the axis.
 */
export function tickLine({ canvas: { columns }, ticks }: Panel, axis = ""): string {
  let line = "";
  for (const [column, text] of ticks) {
    const label = line === "" && axis !== "" ? `${axis} ${text}` : text;
    const width = widthOf(label);
    const at = Math.max(0, Math.min(column - (width >> 1), columns - width));
    if (line !== "" && at <= widthOf(line)) continue;
    line = padded(line, at) + label;
  }
  return " ".repeat(axisWidth) + line;
}

/** Positive values on a log axis, over positions from `from` to `to`. */
export interface LogCurve {
  points: readonly (readonly [at: number, value: number])[];
  from: number;
  to: number;
  /** Values that the axis includes in any case. */
  includes: readonly number[];
}

/** A curve on a log axis; the ticks are at the start, in the middle and at the end. */
export function logPanel(
  { points, from, to, includes }: LogCurve,
  columns: number,
  rows: number,
  layer: number,
): Panel {
  const canvas = new BrailleCanvas(columns, rows);
  const logOf = (value: number) => Math.log10(Math.max(value, 1e-12));
  const all = [...points.map(([, value]) => logOf(value)), ...includes.map(logOf)];
  const bottom = all.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const top = all.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const x = (at: number) => ((at - from) / Math.max(1, to - from)) * (canvas.width - 1);
  const y = (value: number) => ((top - logOf(value)) / Math.max(1e-9, top - bottom)) * (canvas.height - 1);
  for (const [i, [at, value]] of points.entries()) {
    const [before, last] = points[Math.max(0, i - 1)]!;
    canvas.line(x(before), y(last), x(at), y(value), layer);
  }
  const ticks = [from, Math.round((from + to) / 2), to].filter((at, i, ats) => ats.indexOf(at) === i);
  return {
    canvas,
    labels: labelled(logTicks(bottom, top), y),
    ticks: ticks.map((at) => [Math.floor(x(at) / 2), String(at)]),
  };
}

/** Powers of ten between two logarithms, or also 2 and 5 times these if there are few. */
function logTicks(bottom: number, top: number): number[] {
  const decades = Array.from({ length: Math.max(0, Math.floor(top) - Math.floor(bottom) + 1) }, (_, i) =>
    Number(`1e${Math.floor(top) - i}`),
  );
  const within = (value: number) => Math.log10(value) >= bottom - 1e-9 && Math.log10(value) <= top + 1e-9;
  const powers = decades.filter(within);
  return powers.length > 1 ? powers : decades.flatMap((power) => [5 * power, 2 * power, power]).filter(within);
}

/** Round numbers between two values, about `count` of them, the largest first; and the significant digits that tell them apart. */
export function linearTicks(bottom: number, top: number, count: number): { ticks: number[]; digits: number } {
  const rough = (top - bottom) / Math.max(1, count);
  if (!(rough > 0 && Number.isFinite(rough))) return { ticks: [], digits: 3 };
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999)!;
  const first = Math.floor(top / step + 1e-9);
  const last = Math.ceil(bottom / step - 1e-9);
  const largest = Math.max(Math.abs(bottom), Math.abs(top));
  return {
    ticks: Array.from({ length: Math.max(0, first - last + 1) }, (_, i) => (first - i) * step),
    digits: Math.max(3, 1 + Math.ceil(Math.log10(largest / step))),
  };
}

/** The labels of ticks, by row; of several in one row, the first. Labels that are too long are omitted. `y` is in dots. */
export function labelled(ticks: readonly number[], y: (value: number) => number, digits = 3): Map<number, string> {
  const labels = new Map<number, string>();
  for (const tick of ticks) {
    const row = Math.floor(y(tick) / 4);
    const label = number(tick, digits);
    if (!labels.has(row) && label.length <= axisWidth - 2) labels.set(row, label);
  }
  return labels;
}

/** The layers of measured and predicted values. */
export const layers = { measured: 1, predicted: 2 } as const;

/** Measured values in red, predicted ones in blue, and both in magenta. */
export const seriesPaint =
  (colors: Colors): Paint =>
  (characters, drawn) => {
    if (drawn === layers.measured) return colors.redBright(characters);
    return drawn === layers.predicted ? colors.blueBright(characters) : colors.magentaBright(characters);
  };

/** Without colours, the measured line is dotted: every third dot. */
export const dotting = (colored: boolean) => (colored ? 1 : 3);

/** A legend at most `columns` wide: a sample of each line with its name, and of both if there are colours. */
export function legendOf(
  names: { measured: string; predicted: string; both: string },
  paint: Paint,
  colored: boolean,
  columns: number,
): string {
  const sample = (layer: number) => {
    const canvas = new BrailleCanvas(3, 1);
    canvas.line(0, 2, 5, 2, layer, layer === layers.measured ? dotting(colored) : 1);
    return canvas.toLines(paint)[0]!;
  };
  const entries = [
    `${sample(layers.measured)} ${names.measured}`,
    `${sample(layers.predicted)} ${names.predicted}`,
    ...(colored ? [`${sample(layers.measured | layers.predicted)} ${names.both}`] : []),
  ];
  const legends = [entries.join("   "), entries.slice(0, 2).join("   "), entries.slice(0, 2).join("  ")];
  return legends.find((one) => widthOf(one) <= columns) ?? "";
}

/** One text at the left and one at the right; the left one is omitted if both do not fit. */
export function spread(left: string, right: string, columns: number): string {
  const gap = columns - widthOf(left) - widthOf(right);
  return gap >= 2 ? left + " ".repeat(gap) + right : cut(right, columns);
}

/** As much of a text as fits; a cut text loses its colours. */
export function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let fitting = "";
  for (const character of stripVTControlCharacters(text)) {
    if (widthOf(fitting + character) > columns) break;
    fitting += character;
  }
  return fitting;
}
