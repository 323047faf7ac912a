/** Timestamps: what is irregular about them, and their repair by choice. */
import { DataError } from "./data-error.ts";
import type { Frame, RowRange } from "./frame.ts";

/** A jump in time by more than one step. */
export interface TimeGap {
  /** The first row behind the gap. */
  row: number;
  fromMs: number;
  toMs: number;
  /** How many rows would fill it at the usual step. */
  missing: number;
}

/** What `inspectTime` finds; all counts are over all series of the frame. */
export interface TimeReport {
  /** The usual step: the median of all steps forward, in the unit of the frame's time (milliseconds). */
  stepMs: number;
  /** Rows without a time. */
  missing: number;
  /** Rows that are earlier than the row before them in the same series. */
  unsorted: number;
  /** Rows with the same time as the row before. */
  duplicates: number;
  /** Steps that are neither the usual one (± 20 %) nor a gap. */
  uneven: number;
  gaps: { count: number; missingRows: number; first: TimeGap[] };
  /** No row is missing, unsorted or duplicate, and at most 1 % of the steps are uneven. */
  regular: boolean;
  /** The first row that is missing a time, unsorted or duplicate. */
  firstBadRow?: number;
}

const tolerance = 0.2;
const unevenShare = 0.01;
const listedGaps = 10;

/**
 * Reports how regular a frame's timestamps are; nothing is changed.
 *
 * @throws DataError for a frame without time.
 */
export function inspectTime(frame: Frame): TimeReport {
  const { time } = frame;
  if (time === undefined)
    throw new DataError("inspectTime: expected a frame with time, received one without; pass { time }");
  const report: TimeReport = {
    stepMs: usualStep(time, frame.series()),
    missing: 0,
    unsorted: 0,
    duplicates: 0,
    uneven: 0,
    gaps: { count: 0, missingRows: 0, first: [] },
    regular: true,
  };
  const { stepMs } = report;
  let steps = 0;
  for (const { start, end } of frame.series()) {
    for (let row = start; row < end; row++) {
      const before = row > start ? time[row - 1] : Number.NaN;
      const step = time[row] - before;
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
            report.gaps.first.push({ row, fromMs: before, toMs: time[row], missing });
        } else if (Math.abs(step - stepMs) > tolerance * stepMs) report.uneven++;
      }
    }
  }
  report.regular = report.firstBadRow === undefined && report.uneven <= unevenShare * steps;
  return report;
}

const isGap = (step: number, usual: number) => step > 1.5 * usual;

/** The median of the steps forward; a sample where there are very many rows. */
function usualStep(time: Float64Array, series: readonly RowRange[]): number {
  const steps: number[] = [];
  const stride = Math.max(1, Math.floor(time.length / 1e5));
  for (const { start, end } of series) {
    for (let row = start + 1; row < end; row += stride) {
      const step = time[row] - time[row - 1];
      if (step > 0 && Number.isFinite(step)) steps.push(step);
    }
  }
  const sorted = Float64Array.from(steps).sort();
  return sorted.length === 0 ? Number.NaN : sorted[Math.floor((sorted.length - 1) / 2)];
}

/** The rows behind a gap in time, ascending; none for a frame without time. */
export function timeGaps(frame: Frame): number[] {
  const { time } = frame;
  if (time === undefined) return [];
  const series = frame.series();
  const step = usualStep(time, series);
  const rows: number[] = [];
  for (const { start, end } of series) {
    for (let row = start + 1; row < end; row++) if (isGap(time[row] - time[row - 1], step)) rows.push(row);
  }
  return rows;
}
