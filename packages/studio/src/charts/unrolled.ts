// Draws the cell, unrolled over one window: inputs below, hidden units in the cells, outputs and targets above.
import { type ColorScale, color, cssColor } from "@eddy/ui";
import type { LearnedStep } from "../run/protocol.ts";

/** Where the columns of a window lie, in CSS pixels; the figures below share it. */
export interface Columns {
  left: number;
  width: number;
  /** Index of the first shown point of the window. */
  first: number;
  count: number;
}

const gutter = { left: 66, right: 14 };
const track = 54; // height of the tracks of outputs and inputs
const gap = 30; // between a track and a cell

/** As many columns as fit; of a longer window, the last points. */
export function columnsOf(step: LearnedStep, width: number): Columns {
  const room = width - gutter.left - gutter.right;
  const count = Math.min(step.time.length, Math.max(1, Math.floor(room / (width < 600 ? 42 : 58))));
  return { left: gutter.left, width: room / count, first: step.time.length - count, count };
}

/** The cells: where they lie, and how their units are arranged. */
export interface Grid {
  top: number;
  rows: number;
  across: number;
  /** Side of one unit. */
  side: number;
}

export function gridOf(units: number, { width }: Columns): Grid {
  const across = Math.max(1, Math.round(Math.sqrt(units / 2)));
  const side = Math.max(2, Math.min(13, Math.floor((width - 18) / across)));
  return { top: 8 + track + gap, rows: Math.ceil(units / across), across, side };
}

export const unrolledHeight = ({ top, rows, side }: Grid) => top + rows * side + 12 + gap + track + 8;

export interface UnrolledTexts {
  output: string;
  cell: string;
  input: string;
}

/** What is emphasised: one point of the window, one unit. */
export interface Emphasis {
  index: number | undefined;
  unit: number | undefined;
  watched: number;
}

export function drawUnrolled(
  context: CanvasRenderingContext2D,
  step: LearnedStep,
  columns: Columns,
  scale: ColorScale,
  { index, unit, watched }: Emphasis,
  isFromZero: boolean,
  texts: UnrolledTexts,
): void {
  const units = step.hidden.length / step.time.length;
  const grid = gridOf(units, columns);
  const boxWidth = grid.across * grid.side + 10;
  const boxHeight = grid.rows * grid.side + 10;
  const boxTop = grid.top - 5;
  const inputTop = boxTop + boxHeight + gap;
  const [ink, muted, edge, line] = [color("ink"), color("muted"), color("edge"), color("prediction")];
  const center = (k: number) => columns.left + (k + 0.5) * columns.width;
  const limit = Math.max(1, ...step.target.map(Math.abs), ...step.input.map(Math.abs)) * 1.15;
  const at = (top: number, value: number) =>
    top + track / 2 - (Math.max(-limit, Math.min(limit, value)) / limit) * (track / 2);

  context.font = `13px ${getComputedStyle(document.body).fontFamily}`;
  context.textBaseline = "middle";
  context.textAlign = "left";
  context.fillStyle = muted;
  context.fillText(texts.output, 0, 8 + track / 2);
  context.fillText(texts.cell, 0, boxTop + boxHeight / 2);
  context.fillText(texts.input, 0, inputTop + track / 2);

  // The emphasised columns.
  for (const [k, name] of [
    [step.time.length - 1 - watched - columns.first, "window"],
    [index === undefined ? -1 : index - columns.first, "grid"],
  ] as const) {
    if (k < 0 || k >= columns.count) continue;
    context.fillStyle = color(name);
    context.fillRect(columns.left + k * columns.width, 0, columns.width, inputTop + track + 8);
  }

  const curve = (values: Float32Array, top: number, stroke: string, width: number) => {
    context.strokeStyle = stroke;
    context.lineWidth = width;
    context.beginPath();
    for (let k = 0; k < columns.count; k++) context.lineTo(center(k), at(top, values[columns.first + k]!));
    context.stroke();
  };
  const dots = (values: Float32Array, top: number, fill: string, radius: number) => {
    context.fillStyle = fill;
    for (let k = 0; k < columns.count; k++) {
      context.beginPath();
      context.arc(center(k), at(top, values[columns.first + k]!), radius, 0, 2 * Math.PI);
      context.fill();
    }
  };
  curve(step.target, 8, color("target"), 1.5);
  curve(step.prediction, 8, line, 1.5);
  dots(step.target, 8, color("target"), 2.5);
  dots(step.prediction, 8, line, 4);
  curve(step.input, inputTop, muted, 1);
  dots(step.input, inputTop, muted, 3.5);

  for (let k = 0; k < columns.count; k++) {
    const t = columns.first + k;
    const x = center(k);
    arrow(context, x, inputTop - 6, x, boxTop + boxHeight + 5, muted);
    arrow(context, x, boxTop - 5, x, 8 + track + 8, muted);
    const middle = boxTop + boxHeight / 2;
    const from = k === 0 ? columns.left - 18 : center(k - 1) + boxWidth / 2;
    const isBroken = k === 0 && t === 0 && isFromZero;
    context.setLineDash(isBroken ? [2, 3] : []);
    arrow(context, from + 2, middle, x - boxWidth / 2 - 2, middle, isBroken ? edge : muted);
    context.setLineDash([]);

    context.strokeStyle = edge;
    context.lineWidth = 1;
    context.fillStyle = color("card");
    context.beginPath();
    context.roundRect(x - boxWidth / 2, boxTop, boxWidth, boxHeight, 6);
    context.fill();
    context.stroke();
    for (let u = 0; u < units; u++) {
      const left = x - boxWidth / 2 + 5 + (u % grid.across) * grid.side;
      const top = grid.top + Math.floor(u / grid.across) * grid.side;
      context.fillStyle = cssColor(scale, step.hidden[t * units + u]!);
      context.fillRect(left, top, grid.side - (grid.side > 4 ? 1 : 0), grid.side - (grid.side > 4 ? 1 : 0));
      if (u !== unit) continue;
      context.strokeStyle = ink;
      context.lineWidth = 2;
      context.strokeRect(left - 0.5, top - 0.5, grid.side, grid.side);
    }
  }
}

/** The unit under the pointer. */
export function unitAt(step: LearnedStep, columns: Columns, x: number, y: number): Pick<Emphasis, "index" | "unit"> {
  const k = Math.floor((x - columns.left) / columns.width);
  if (k < 0 || k >= columns.count) return { index: undefined, unit: undefined };
  const units = step.hidden.length / step.time.length;
  const { top, rows, across, side } = gridOf(units, columns);
  const left = columns.left + (k + 0.5) * columns.width - (across * side) / 2;
  const column = Math.floor((x - left) / side);
  const row = Math.floor((y - top) / side);
  const unit = row * across + column;
  const isInside = column >= 0 && column < across && row >= 0 && row < rows && unit < units;
  return { index: columns.first + k, unit: isInside ? unit : undefined };
}

function arrow(
  context: CanvasRenderingContext2D,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  stroke: string,
): void {
  const length = Math.hypot(x1 - x0, y1 - y0);
  if (length < 4) return;
  const [dx, dy] = [(x1 - x0) / length, (y1 - y0) / length];
  context.strokeStyle = stroke;
  context.lineWidth = 1.25;
  context.beginPath();
  context.moveTo(x0, y0);
  context.lineTo(x1, y1);
  context.moveTo(x1 - 5 * dx - 3.5 * dy, y1 - 5 * dy + 3.5 * dx);
  context.lineTo(x1, y1);
  context.lineTo(x1 - 5 * dx + 3.5 * dy, y1 - 5 * dy - 3.5 * dx);
  context.stroke();
}
