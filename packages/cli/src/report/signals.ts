// Predicted and measured values, reduced to what a chart can show.
import type { Signals, TargetSignals } from "../../page/report-data.js";
import { printable } from "../terminal/printable.ts";
import type { Predicted } from "./predicted.ts";
import { type Range, rowsToDraw, stretchesOf } from "./rows-to-draw.ts";

/** Maximum number of rows on the page, without the stretches; keeps the page small. */
const maxRows = 60_000;
const maxRowsPerTarget = 12_000;
/** With more series, borders and parts would be indistinguishable. */
const maxMarkedSeries = 200;

/** What the page draws: each frame as a whole, followed by its first series. */
export function allSignals(drawn: readonly Predicted[], targets: readonly string[]): Signals[] {
  const maxSeries = Math.max(4, Math.min(24, Math.floor(120 / targets.length) - 1));
  const all = drawn.flatMap((one) => [one, ...seriesOf(one, maxSeries)]);
  const maxRowsOfOne = Math.min(maxRowsPerTarget, Math.max(300, Math.floor(maxRows / (all.length * targets.length))));
  return all.map((one) => signalsOf(one, targets, maxRowsOfOne));
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
  most: number,
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
  const ofTarget = (target: string): TargetSignals => {
    const measured = frame.has(target) ? frame.column(target) : new Float64Array(frame.length).fill(Number.NaN);
    const predictions = predicted.column(target);
    const { first, last: lastOnes, worst } = stretchesOf(measured, predictions, focus);
    const borders = [...starts].map((row): Range => [row, row + 1]);
    const rows = rowsToDraw([measured, predictions], [first, lastOnes, worst, ...borders], most);
    // A row without values between two series interrupts the lines.
    const broken = (row: number, before: number | null, own: number | null) =>
      starts.has(row) ? [before, own] : [own];
    const digits = digitsOf([measured, predictions].flatMap((values) => rows.map((row) => values[row]!)));
    const drawn = (values: Float64Array) =>
      rows.flatMap((row) =>
        broken(row, null, Number.isFinite(values[row]!) ? Number(values[row]!.toPrecision(digits)) : null),
      );
    return {
      x: rows.flatMap((row) => broken(row, x(row) - 0.5, x(row))) as number[],
      measured: drawn(measured),
      predicted: drawn(predictions),
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
