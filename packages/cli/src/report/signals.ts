// Predictions beside measurements, cut down to what a chart can show.
import { autocorrelation, type Frame } from "eddy/series";
import type { Signals } from "../../page/report-data.js";
import type { TimeKind } from "../reading/written-times.ts";
import { type Range, rowsToDraw, stretchesOf } from "./rows-to-draw.ts";

/** Rows of one frame with what the model said of them. */
export interface Predicted {
  title: string;
  frame: Frame;
  timeKind: TimeKind | undefined;
  /** Rows before the first of the frame, which are not drawn. */
  offset: number;
  predicted: Frame;
  parts: { name: string; range: Range; scored: boolean }[];
  /** The rows from which the first, last and worst stretches are taken. */
  focus: Range;
}

/** What the page draws of it. */
export function signalsOf(
  { title, frame, timeKind, offset, predicted, parts, focus }: Predicted,
  targets: readonly string[],
): Signals {
  const measured = targets.map((name) =>
    frame.has(name) ? frame.column(name) : new Float64Array(frame.length).fill(NaN),
  );
  const said = targets.map((name) => predicted.column(name));
  const stretches = targets.map((_, j) => stretchesOf(measured[j]!, said[j]!, focus));
  const rows = rowsToDraw(
    [...measured, ...said],
    stretches.flatMap(({ first, last, worst }) => [first, last, worst]),
  );
  // Several series have a clock of their own each, so they stand one behind the other by row.
  const time = timeKind === "date" && frame.series().length === 1 ? frame.time : undefined;
  const x = (row: number) => (time ? time[row]! : offset + row + 1);
  const last = frame.length - 1;
  const between = ([start, end]: Range): [number, number] => [x(start), x(Math.max(start, Math.min(end, last)))];
  const drawn = (values: Float64Array) =>
    rows.map((row) => (Number.isNaN(values[row]!) ? null : rounded(values[row]!)));
  return {
    title,
    x: rows.map(x),
    isTime: time !== undefined,
    parts: parts.map(({ name, range, scored }) => {
      const [from, to] = between(range);
      return { name, from, to, scored };
    }),
    measured: measured.map(drawn),
    predicted: said.map(drawn),
    stretches: stretches.map(({ first, last, worst }) => ({
      first: between(first),
      last: between(last),
      worst: between(worst),
    })),
  };
}

/** Measured minus predicted, over the rows in focus. */
export function residualsOf({ frame, predicted, focus: [start, end] }: Predicted, target: string): Float64Array {
  const said = predicted.column(target).subarray(start, end);
  return frame
    .column(target)
    .subarray(start, end)
    .map((value, i) => value - said[i]!);
}

/** From lag 1, with the band that holds 95 % of the values of white noise. */
export function correlogram(residuals: Float64Array): { values: number[]; band: number } {
  const lags = Math.min(60, Math.max(1, Math.floor(residuals.length / 4)), residuals.length - 1);
  let rows = 0;
  for (const residual of residuals) if (!Number.isNaN(residual)) rows++;
  if (lags < 1 || rows < 2) return { values: [], band: 1 };
  const values = Array.from(autocorrelation(residuals, lags).subarray(1), (value) =>
    Number.isNaN(value) ? 0 : rounded(value),
  );
  return { values, band: 1.96 / Math.sqrt(rows) };
}

/** Six digits are finer than a pixel. */
export const rounded = (value: number) => Number(value.toPrecision(6));
