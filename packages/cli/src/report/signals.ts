// Predictions beside measurements, cut down to what a chart can show.
import type { Frame } from "eddy/series";
import type { Signals, TargetSignals } from "../../page/report-data.js";
import type { TimeKind } from "../reading/written-times.ts";
import { printable } from "../terminal/printable.ts";
import { type Range, rowsToDraw, stretchesOf } from "./rows-to-draw.ts";

/** What some rows were used for. */
export interface UsedRows {
  name: string;
  range: Range;
  scored: boolean;
}

/** Rows of one frame with what the model said of them. */
export interface Predicted {
  title: string;
  frame: Frame;
  timeKind: TimeKind | undefined;
  /** Rows before the first of the frame, which are not drawn. */
  offset: number;
  predicted: Frame;
  /** In the order of the rows; none reaches over the border of a series. */
  parts: UsedRows[];
  /** The rows from which the stretches and the residuals are taken, in order. */
  focus: Range[];
}

/** As many rows as the page holds in all, besides the stretches; a page has to stay light. */
const mostRows = 60_000;
const mostRowsOfOne = 12_000;
/** Of more series than this nobody could tell borders and parts apart. */
const mostMarked = 200;

/** What the page draws: each frame as a whole, and behind it each of its series, as many as a person may choose from. */
export function allSignals(drawn: readonly Predicted[], targets: readonly string[]): Signals[] {
  const mostSeries = Math.max(4, Math.min(24, Math.floor(120 / targets.length) - 1));
  const all = drawn.flatMap((one) => [one, ...seriesOf(one, mostSeries)]);
  const most = Math.min(mostRowsOfOne, Math.max(300, Math.floor(mostRows / (all.length * targets.length))));
  return all.map((one) => signalsOf(one, targets, most));
}

/** The first series of a frame of several, each by itself: with its own clock. */
function seriesOf({ title, frame, timeKind, offset, predicted, parts, focus }: Predicted, most: number): Predicted[] {
  const series = frame.series();
  if (series.length < 2) return [];
  return series.slice(0, most).map(({ label, start, end }) => {
    const inside = ([from, to]: Range): Range => [Math.max(from, start) - start, Math.min(to, end) - start];
    const some = ([from, to]: Range) => from < to;
    const own = focus.map(inside).filter(some);
    return {
      title: `${title}: ${label}`,
      frame: frame.slice(start, end),
      timeKind,
      offset: offset + start,
      predicted: predicted.slice(start, end),
      parts: parts.map((part) => ({ ...part, range: inside(part.range) })).filter(({ range }) => some(range)),
      focus: own.length > 0 ? own : [[0, end - start]],
    };
  });
}

function signalsOf(
  { title, frame, timeKind, offset, predicted, parts, focus }: Predicted,
  targets: readonly string[],
  most: number,
): Signals {
  const series = frame.series();
  // Several series have a clock of their own each, so they stand one behind the other by row.
  const time = series.length === 1 ? frame.time : undefined;
  const x = (row: number) => (time ? time[row]! : offset + row + 1);
  const last = frame.length - 1;
  // A part ends where the next one begins; a stretch ends with its last row.
  const upTo = ([start, end]: Range): [number, number] => [x(start), x(Math.max(start, Math.min(end, last)))];
  const within = ([start, end]: Range) => upTo([start, end - 1]);
  const marked = series.length <= mostMarked;
  const starts = new Set((marked ? series.slice(1) : []).map(({ start }) => start));
  const ofTarget = (target: string): TargetSignals => {
    const measured = frame.has(target) ? frame.column(target) : new Float64Array(frame.length).fill(Number.NaN);
    const said = predicted.column(target);
    const { first, last: lastOnes, worst } = stretchesOf(measured, said, focus);
    const borders = [...starts].map((row): Range => [row, row + 1]);
    const rows = rowsToDraw([measured, said], [first, lastOnes, worst, ...borders], most);
    // Between two series stands a row without values, which breaks the lines.
    const broken = (row: number, before: number | null, own: number | null) =>
      starts.has(row) ? [before, own] : [own];
    const digits = digitsOf([measured, said].flatMap((values) => rows.map((row) => values[row]!)));
    const drawn = (values: Float64Array) =>
      rows.flatMap((row) =>
        broken(row, null, Number.isFinite(values[row]!) ? Number(values[row]!.toPrecision(digits)) : null),
      );
    return {
      x: rows.flatMap((row) => broken(row, x(row) - 0.5, x(row))) as number[],
      measured: drawn(measured),
      predicted: drawn(said),
      stretches: { first: within(first), last: within(lastOnes), worst: within(worst) },
    };
  };
  return {
    title: printable(title),
    xIs: time === undefined ? "row" : timeKind === "date" ? "date" : "number",
    parts: (marked ? parts : []).map(({ name, range, scored }) => {
      const [from, to] = upTo(range);
      return { name, from, to, scored };
    }),
    borders:
      series.length < 2 || !marked
        ? []
        : series.map(({ label = "", start }) => ({ label: printable(label), at: x(start) })),
    targets: targets.map(ofTarget),
  };
}

/** Six digits are finer than a pixel. */
export const rounded = (value: number) => Number(value.toPrecision(6));

/** Six digits, and more where the values lie close together and far from 0. */
export function digitsOf(values: readonly (number | null)[]): number {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const more = Math.ceil(Math.log10(Math.max(Math.abs(low), Math.abs(high)) / (high - low)));
  return Number.isFinite(more) ? Math.min(15, 6 + Math.max(0, more)) : 6;
}
