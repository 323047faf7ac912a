/**
 * Timestamps: the median step between rows, gaps and other irregularities.
 *
 * A timestamp is a float64 number of milliseconds since 1970, which resolves microseconds until the year 2248. Differences
 * between timestamps are rounded to whole microseconds: near 1.7e12 a float64 has steps of 2.4e-4 ms, and without rounding
 * equal steps of 0.1 ms or 1 µs would look irregular. Plain numbers below 6e11 are not rounded.
 */
import { checkIsFrame, type Frame } from "./frame.ts";
import type { Rows } from "./rows.ts";
import { dataError } from "./words.ts";

/** A jump in time by more than one step. */
export interface TimeGap {
  /** The first row after the gap. */
  row: number;
  fromMs: number;
  toMs: number;
  /** Number of rows that would fill it at the median step. */
  missing: number;
}

/** The result of `inspectTime`; the counts cover all series of the frame. */
export interface TimeReport {
  /** The median of all positive steps, in the unit of the frame's time (milliseconds). */
  stepMs: number;
  /** Rows without a time. */
  missing: number;
  /** Rows that are earlier than the previous row of the same series. */
  unsorted: number;
  /** Rows with the same time as the previous row. */
  duplicates: number;
  /** Steps that are neither within 20 % of the median step nor a gap. */
  uneven: number;
  gaps: { count: number; missingRows: number; first: TimeGap[] };
  /** Whether no row lacks a time, is unsorted or is a duplicate, and at most 1 % of the steps are uneven. */
  regular: boolean;
  /** The first row that lacks a time, is unsorted or is a duplicate. */
  firstBadRow?: number;
}

/** Below this, times are plain numbers rather than timestamps: 6e11 lies in 1989. */
const firstTimestamp = 6e11;

/** Whether times are timestamps rather than increasing plain numbers. */
export function areTimestamps(time: Float64Array): boolean {
  return Math.abs(time[0]) >= firstTimestamp;
}

/** Time from one row to another; between timestamps in whole microseconds. */
export function stepBetween(earlier: number, later: number): number {
  const step = later - earlier;
  return Math.abs(later) < firstTimestamp ? step : Math.round(step * 1000) / 1000;
}

const tolerance = 0.2;
const unevenShare = 0.01;
const listedGaps = 10;

/**
 * Reports how regular a frame's timestamps are; the frame is not changed.
 *
 * @throws DataError for a frame without time.
 */
export function inspectTime(frame: Frame): TimeReport {
  checkIsFrame("inspectTime", frame);
  const { time } = frame;
  if (time === undefined) throw dataError("no-time", {}, "inspectTime");
  const series = frame.series();
  return reportOn(time, series, stepStatistics(time, series).stepMs);
}

/** The report on times whose median step is known. */
export function reportOn(time: Float64Array, series: readonly Rows[], stepMs: number): TimeReport {
  const report: TimeReport = {
    stepMs,
    missing: 0,
    unsorted: 0,
    duplicates: 0,
    uneven: 0,
    gaps: { count: 0, missingRows: 0, first: [] },
    regular: true,
  };
  let steps = 0;
  for (const { start, end } of series) {
    for (let row = start; row < end; row++) {
      const previous = row > start ? time[row - 1] : Number.NaN;
      const step = stepBetween(previous, time[row]);
      const kind = !Number.isFinite(time[row])
        ? "missing"
        : step < 0
          ? "unsorted"
          : step === 0
            ? "duplicates"
            : undefined;
      if (kind !== undefined) {
        report[kind]++;
        report.firstBadRow ??= row;
      } else if (Number.isFinite(step)) {
        steps++;
        if (isGap(step, stepMs)) {
          const missing = Math.max(1, Math.round(step / stepMs) - 1);
          report.gaps.count++;
          report.gaps.missingRows += missing;
          if (report.gaps.first.length < listedGaps)
            report.gaps.first.push({ row, fromMs: previous, toMs: time[row], missing });
        } else if (Math.abs(step - stepMs) > tolerance * stepMs) report.uneven++;
      }
    }
  }
  report.regular = report.firstBadRow === undefined && report.uneven <= unevenShare * steps;
  return report;
}

/** Whether a step skips at least one row. */
export const isGap = (step: number, stepMs: number) => step > 1.5 * stepMs;

/** The positive steps between rows: their median, number and interquartile range. */
export interface StepStatistics {
  stepMs: number;
  count: number;
  spreadMs: number;
}

/** Statistics of the steps of all series; for very long frames, of a sample. */
export function stepStatistics(time: Float64Array, series: readonly Rows[]): StepStatistics {
  const steps: number[] = [];
  const stride = Math.max(1, Math.floor(time.length / 1e5));
  for (const { start, end } of series) {
    for (let row = start + 1; row < end; row += stride) {
      const step = stepBetween(time[row - 1], time[row]);
      if (step > 0 && Number.isFinite(step)) steps.push(step);
    }
  }
  if (steps.length === 0) return { stepMs: Number.NaN, count: 0, spreadMs: Number.NaN };
  const sorted = Float64Array.from(steps).sort();
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)];
  return { stepMs: at(0.5), count: sorted.length, spreadMs: at(0.75) - at(0.25) };
}

/** The first row after each gap in time, ascending; none for a frame without time. */
export function timeGaps(frame: Frame): number[] {
  const { time } = frame;
  if (time === undefined) return [];
  const series = frame.series();
  const { stepMs } = stepStatistics(time, series);
  const rows: number[] = [];
  for (const { start, end } of series) {
    for (let row = start + 1; row < end; row++)
      if (isGap(stepBetween(time[row - 1], time[row]), stepMs)) rows.push(row);
  }
  return rows;
}
