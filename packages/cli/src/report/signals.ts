// Predicted and measured values, reduced to what a chart can show.
import { type Bounds, boundNames, type Frame } from "eddy/series";
import type { InputSignals, Signals, TargetSignals } from "../../page/report-data.js";
import { printable } from "../terminal/printable.ts";
import type { Predicted } from "./predicted.ts";
import { type Range, rowsToDraw, stretchesOf } from "./rows-to-draw.ts";

/** Maximum number of rows on the page, without the stretches; keeps the page small. */
const maxRows = 60_000;
const maxRowsPerLine = 12_000;
/** With more series, borders and parts would be indistinguishable. */
const maxMarkedSeries = 200;

/** What the page draws: each frame as a whole, followed by its first series. */
export function allSignals(
  drawn: readonly Predicted[],
  targets: readonly string[],
  inputs: readonly string[],
  bounds: Bounds,
): Signals[] {
  const maxSeries = Math.max(4, Math.min(24, Math.floor(120 / targets.length) - 1));
  const all = drawn.flatMap((one) => [one, ...seriesOf(one, maxSeries)]);
  const maxRowsOf = (lines: number) =>
    Math.min(maxRowsPerLine, Math.max(300, Math.floor(maxRows / (all.length * Math.max(1, lines)))));
  return all.map((one) => signalsOf(one, targets, maxRowsOf(targets.length), inputs, maxRowsOf(inputs.length), bounds));
}

/** The first series of a frame with several, each with its own times. */
function seriesOf(
  { title, frame, timeKind, offset, predicted, parts, focus }: Predicted,
  maxSeries: number,
): Predicted[] {
  const series = frame.series();
  if (series.length < 2) return [];
  return series.slice(0, maxSeries).map(({ label, start, end }) => {
    const inside = ([from, to]: Range): Range => [Math.max(from, start) - start, Math.min(to, end) - start];
    const isNonEmpty = ([from, to]: Range) => from < to;
    const focusInside = focus.map(inside).filter(isNonEmpty);
    return {
      title: `${title}: ${label}`,
      frame: frame.slice(start, end),
      timeKind,
      offset: offset + start,
      predicted: predicted.slice(start, end),
      parts: parts.map((part) => ({ ...part, range: inside(part.range) })).filter(({ range }) => isNonEmpty(range)),
      focus: focusInside.length > 0 ? focusInside : [[0, end - start]],
    };
  });
}

function signalsOf(
  { title, frame, timeKind, offset, predicted, parts, focus }: Predicted,
  targets: readonly string[],
  maxTargetRows: number,
  inputs: readonly string[],
  maxInputRows: number,
  bounds: Bounds,
): Signals {
  const series = frame.series();
  // Several series have different times, so they are drawn one after another, by row.
  const time = series.length === 1 ? frame.time : undefined;
  const x = (row: number) => (time ? time[row]! : offset + row + 1);
  const last = frame.length - 1;
  // A part ends where the next one starts; a stretch ends at its last row.
  const upTo = ([start, end]: Range): [number, number] => [x(start), x(Math.max(start, Math.min(end, last)))];
  const within = ([start, end]: Range) => upTo([start, end - 1]);
  const marked = series.length <= maxMarkedSeries;
  const starts = new Set((marked ? series.slice(1) : []).map(({ start }) => start));
  const borders = [...starts].map((row): Range => [row, row + 1]);
  // A row without values between two series interrupts the lines.
  const broken = <Value>(rows: readonly number[], before: (row: number) => Value, own: (row: number) => Value) =>
    rows.flatMap((row) => (starts.has(row) ? [before(row), own(row)] : [own(row)]));
  const xOf = (rows: readonly number[]) => broken(rows, (row) => x(row) - 0.5, x);
  const digitsIn = (rows: readonly number[], ...lines: Float64Array[]) =>
    digitsOf(lines.flatMap((values) => rows.map((row) => values[row]!)));
  const drawn = (rows: readonly number[], values: Float64Array, digits: number) => {
    const own = (row: number) => (Number.isFinite(values[row]!) ? Number(values[row]!.toPrecision(digits)) : null);
    return broken(rows, () => null, own);
  };
  const lines = targets.map((target) => {
    const measured = frame.has(target) ? frame.column(target) : new Float64Array(frame.length).fill(Number.NaN);
    const predictions = predicted.column(target);
    const [low, high] = boundNames(target, targets);
    const halfWidths = predicted.has(low)
      ? halfWidthsOf(predictions, predicted.column(low), predicted.column(high))
      : undefined;
    const limits = bounds[target];
    return { measured, predictions, halfWidths, limits, stretches: stretchesOf(measured, predictions, focus) };
  });
  const ofTarget = ({
    measured,
    predictions,
    halfWidths,
    stretches,
    limits,
  }: (typeof lines)[number]): TargetSignals => {
    const { first, last, worst } = stretches;
    const rows = rowsToDraw([measured, predictions], [first, last, worst, ...borders], maxTargetRows);
    const digits = digitsIn(rows, measured, predictions);
    return {
      x: xOf(rows),
      measured: drawn(rows, measured, digits),
      predicted: drawn(rows, predictions, digits),
      ...(halfWidths && { halfWidth: drawn(rows, halfWidths, 3) }),
      ...(limits && { limits: [limits[0], limits[1]] }),
      stretches: { first: within(first), last: within(last), worst: within(worst) },
    };
  };
  const ofInputs = (): InputSignals => {
    const columns = inputs.map((name) => frame.column(name));
    const { first, last, worst } = lines[0]!.stretches;
    const rows = rowsToDraw(columns, [first, last, worst, ...borders], maxInputRows);
    return { x: xOf(rows), values: columns.map((values) => drawn(rows, values, digitsIn(rows, values))) };
  };
  return {
    title: printable(title),
    xIs: time === undefined ? "row" : timeKind === "date" ? "date" : "number",
    parts: (marked ? parts : []).map(({ name, range, scored }) => {
      const [from, to] = upTo(range);
      return { name, from, to, scored };
    }),
    excluded: (marked ? excludedRanges(frame) : []).map(upTo),
    borders:
      series.length < 2 || !marked
        ? []
        : series.map(({ label = "", start }) => ({ label: printable(label), at: x(start) })),
    targets: lines.map(ofTarget),
    inputs: ofInputs(),
  };
}

/** Half the widths of intervals, which are symmetric except at the limits of a target. */
const halfWidthsOf = (predicted: Float64Array, low: Float64Array, high: Float64Array) =>
  predicted.map((value, row) => Math.max(high[row]! - value, value - low[row]!));

/** Ranges of consecutive excluded rows. */
function excludedRanges({ excluded }: Frame): Range[] {
  const ranges: Range[] = [];
  for (let row = excluded?.indexOf(1) ?? -1; row >= 0; ) {
    const end = excluded!.indexOf(0, row);
    ranges.push([row, end < 0 ? excluded!.length : end]);
    row = end < 0 ? -1 : excluded!.indexOf(1, end);
  }
  return ranges;
}

/** Six significant digits, finer than a pixel. */
export const rounded = (value: number) => Number(value.toPrecision(6));

/** Six significant digits, and more if the values are close together and far from 0. */
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
