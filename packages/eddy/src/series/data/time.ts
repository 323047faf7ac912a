/**
 * Timestamps: what is irregular about them, and their repair by choice.
 *
 * A moment is a float64 number of milliseconds since 1970, whose digits reach down to a microsecond until the year 2248. What
 * lies between two moments is therefore rounded to whole microseconds: of 1.7e12 a float64 keeps steps of 2.4e-4 ms, so that
 * equal steps of 0.1 ms or 1 µs would else look uneven. Plain numbers below 6e11 are taken as they are.
 */
import { checkOptions, flag, oneOf } from "../../nn/options.ts";
import { DataError } from "./data-error.ts";
import { checkIsFrame, type Frame, type RowRange } from "./frame.ts";

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

/** Below this, times are plain numbers rather than moments: 6e11 is a moment of 1989. */
const firstMoment = 6e11;

/** Whether times are moments rather than plain numbers that grow. */
export function areMoments(time: Float64Array): boolean {
  return Math.abs(time[0]) >= firstMoment;
}

/** Time that passes from one row to another, between moments in whole microseconds. */
function stepBetween(earlier: number, later: number): number {
  const step = later - earlier;
  return Math.abs(later) < firstMoment ? step : Math.round(step * 1000) / 1000;
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
  checkIsFrame("inspectTime", frame);
  const { time } = frame;
  if (time === undefined) throw new DataError("no-time", {}, "inspectTime");
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
      const step = stepBetween(before, time[row]);
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

/** The median of the steps forward. */
function usualStep(time: Float64Array, series: readonly RowRange[]): number {
  return usualSteps(time, series).stepMs;
}

/** The median of the steps forward, how many there are, and their interquartile range; of a sample where there are very many. */
export function usualSteps(
  time: Float64Array,
  series: readonly RowRange[],
): { stepMs: number; steps: number; spreadMs: number } {
  const steps: number[] = [];
  const stride = Math.max(1, Math.floor(time.length / 1e5));
  for (const { start, end } of series) {
    for (let row = start + 1; row < end; row += stride) {
      const step = stepBetween(time[row - 1], time[row]);
      if (step > 0 && Number.isFinite(step)) steps.push(step);
    }
  }
  if (steps.length === 0) return { stepMs: Number.NaN, steps: 0, spreadMs: Number.NaN };
  const sorted = Float64Array.from(steps).sort();
  const at = (share: number) => sorted[Math.floor((sorted.length - 1) * share)];
  return { stepMs: at(0.5), steps: sorted.length, spreadMs: at(0.75) - at(0.25) };
}

/** The rows behind a gap in time, ascending; none for a frame without time. */
export function timeGaps(frame: Frame): number[] {
  const { time } = frame;
  if (time === undefined) return [];
  const series = frame.series();
  const step = usualStep(time, series);
  const rows: number[] = [];
  for (const { start, end } of series) {
    for (let row = start + 1; row < end; row++) if (isGap(stepBetween(time[row - 1], time[row]), step)) rows.push(row);
  }
  return rows;
}

/** What `repairTime` may do; whatever is left out is refused where it is needed, except gaps, which stay. */
export interface TimeRepair {
  /** Puts the rows of each series in the order of time. */
  sort?: boolean;
  /** Of rows with equal time, keeps the first or the last, or puts the mean of their values in their place. */
  duplicates?: "first" | "last" | "mean";
  /** Fills gaps with rows that are missing (NaN) in every column, at the usual step. */
  gaps?: "insert";
}

/** A repaired frame, and what was done to it. */
export interface RepairedTime {
  frame: Frame;
  /** How the time was before. */
  before: TimeReport;
  /** Rows that changed places, rows that were dropped, rows that were put in. */
  report: { moved: number; dropped: number; inserted: number };
}

const mostInserted = 10_000_000;

/**
 * Repairs a frame's timestamps in the ways that are asked for, and says what it did; the frame itself is not changed.
 *
 * @throws DataError for rows without a time, and for what is there but was not asked to be repaired.
 * @example const { frame, report } = repairTime(raw, { sort: true, duplicates: "last" });
 */
export function repairTime(frame: Frame, repair: TimeRepair): RepairedTime {
  checkIsFrame("repairTime", frame);
  checkOptions("repairTime", repair, {
    sort: flag,
    duplicates: oneOf("first", "last", "mean"),
    gaps: oneOf("insert"),
  });
  const before = inspectTime(frame);
  const time = frame.time!;
  const first = { row: before.firstBadRow!, column: "time" };
  if (before.missing > 0) throw new DataError("untimed-rows", { ...first, count: before.missing }, "repairTime");
  if (before.unsorted > 0 && !repair.sort) {
    throw new DataError("unsorted-rows", { ...first, count: before.unsorted }, "repairTime");
  }
  const rows: number[] = [];
  /** How many rows stand for each kept one, where their mean is wanted. */
  const sizes: number[] = [];
  let [moved, dropped] = [0, 0];
  for (const { start, end } of frame.series()) {
    const order = Array.from({ length: end - start }, (_, i) => start + i).sort((a, b) => time[a] - time[b] || a - b);
    moved += order.reduce((count, row, i) => count + (row === start + i ? 0 : 1), 0);
    for (let i = 0; i < order.length; ) {
      let size = 1;
      while (i + size < order.length && stepBetween(time[order[i]], time[order[i + size]]) === 0) size++;
      if (size > 1 && repair.duplicates === undefined) {
        throw new DataError("duplicate-times", { row: order[i + 1], column: "time", count: size }, "repairTime");
      }
      rows.push(
        ...(repair.duplicates === "mean"
          ? order.slice(i, i + size)
          : [order[repair.duplicates === "last" ? i + size - 1 : i]]),
      );
      sizes.push(repair.duplicates === "mean" ? size : 1);
      dropped += size - 1;
      i += size;
    }
  }
  const kept = taken(frame, rows, sizes);
  const repaired = repair.gaps === "insert" ? withInserted(kept, before.stepMs) : kept;
  return { frame: repaired, before, report: { moved, dropped, inserted: repaired.length - kept.length } };
}

/** The mean of each block of rows; blocks of one are the rows themselves. */
function taken(frame: Frame, rows: readonly number[], sizes: readonly number[]): Frame {
  const firsts = Int32Array.from(sizes);
  let at = 0;
  for (let i = 0; i < sizes.length; i++) {
    firsts[i] = at;
    at += sizes[i];
  }
  const mean = (values: Float64Array) =>
    Float64Array.from(sizes, (size, i) => {
      if (size === 1) return values[rows[firsts[i]]];
      let [sum, count] = [0, 0];
      for (let k = 0; k < size; k++) {
        const value = values[rows[firsts[i] + k]];
        if (Number.isNaN(value)) continue;
        sum += value;
        count++;
      }
      return count === 0 ? Number.NaN : sum / count;
    });
  return frame.mapped(mean, {
    time: Float64Array.from(sizes, (_, i) => frame.time![rows[firsts[i]]]),
    group: frame.groups && {
      labels: frame.groups.labels,
      codes: Int32Array.from(sizes, (_, i) => frame.groups!.codes[rows[firsts[i]]]),
    },
  });
}

/** Rows of NaN where time jumps. */
function withInserted(frame: Frame, step: number): Frame {
  const time = frame.time!;
  const sources: number[] = [];
  const times: number[] = [];
  const codes: number[] = [];
  for (const { start, end } of frame.series()) {
    for (let row = start; row < end; row++) {
      const jump = row > start ? stepBetween(time[row - 1], time[row]) : step;
      const missing = isGap(jump, step) ? Math.max(1, Math.round(jump / step) - 1) : 0;
      if (sources.length + missing > frame.length + mostInserted) {
        const values = { row, column: "time", most: mostInserted, missing, stepMs: step };
        throw new DataError("long-gap", values, "repairTime");
      }
      for (let k = 1; k <= missing; k++) {
        sources.push(-1);
        times.push(time[row - 1] + (jump * k) / (missing + 1));
        codes.push(frame.groups?.codes[row] ?? 0);
      }
      sources.push(row);
      times.push(time[row]);
      codes.push(frame.groups?.codes[row] ?? 0);
    }
  }
  return frame.mapped((values) => Float64Array.from(sources, (row) => (row < 0 ? Number.NaN : values[row])), {
    time: Float64Array.from(times),
    group: frame.groups && { labels: frame.groups.labels, codes: Int32Array.from(codes) },
  });
}
