/** Resampling: rows of irregular or too fine data, summarised in intervals of equal length. */
import { checkOptions, positive, rule } from "../../nn/options.ts";
import { errorsOf } from "./data-error.ts";
import { checkIsFrame, Frame } from "./frame.ts";
import { inspectTime, stepBetween } from "./time.ts";
import { type Cell, counted } from "./words.ts";

/** How the values of a column in an interval become one: their mean, the last one, or their sum. */
export type Summary = "mean" | "last" | "sum";

/** Options of `resample`. */
export interface ResampleOptions {
  /** The length of an interval, in the unit of the frame's time (milliseconds). */
  every: number;
  /** By column; the mean by default, and of categories the last. */
  by?: Readonly<Record<string, Summary>>;
}

export const resampleMessages = {
  "unsorted-samples": ({ row, count }: Cell & { count: number }) =>
    `expected rows in time order, received ${count} without a time or out of order, the first in row ${row}; repair them with repairTime`,
  "too-many-intervals": ({ every, most, received }: { every: number; most: number; received: number }) =>
    `expected at most ${counted(most, "interval")}, received ${received} of length ${every}; choose longer intervals`,
};

const summaries = rule(
  'an object of "mean", "last" or "sum" by column',
  (value) =>
    typeof value === "object" &&
    value !== null &&
    Object.values(value).every((summary) => ["mean", "last", "sum"].includes(summary)),
);

const resampleError = errorsOf(resampleMessages);

/** A hole of more intervals without any row stays a gap in time. */
const longestHole = 1000;
const maxIntervals = 2 ** 27;

/**
 * Summarises the rows of each interval (t − every, t] as one row with time t; the ends of the intervals are multiples of `every`.
 *
 * A row contains only what was known at its time, so a model that is trained on such rows never looks ahead. An interval without
 * a value has a missing value (NaN), and a hole of more than 1000 empty intervals is a gap in time. Excluded rows are left out; an
 * interval in which all rows are excluded is excluded.
 * @throws DataError for a frame without time, rows out of order, and a column that is not there.
 * @example resample(frame, { every: 10_000, by: { pulses: "sum", valve: "last" } }) // a row every 10 s
 */
export function resample(frame: Frame, options: ResampleOptions): Frame {
  checkIsFrame("resample", frame);
  checkOptions("resample", options, { every: positive, by: summaries }, ["every"]);
  const { every, by = {} } = options;
  for (const name of Object.keys(by)) frame.column(name);
  const { missing, unsorted, firstBadRow } = inspectTime(frame);
  if (missing + unsorted > 0) {
    throw resampleError(
      "unsorted-samples",
      { row: firstBadRow!, column: "time", count: missing + unsorted },
      "resample",
    );
  }
  const intervals = intervalsOf(frame, every);
  const columns = new Map(
    frame.names.map((name) => {
      const summary = frame.categories.has(name) ? "last" : (by[name] ?? "mean");
      return [name, summarised(frame.column(name), intervals.firstRows, frame.excluded, summary)];
    }),
  );
  const { firstRows } = intervals;
  const isExcluded = (i: number) => {
    if (frame.excluded === undefined || firstRows[i] === firstRows[i + 1]) return 0;
    return frame.excluded.subarray(firstRows[i], firstRows[i + 1]).includes(0) ? 0 : 1;
  };
  return new Frame(columns, {
    categories: Object.fromEntries(frame.categories),
    time: Float64Array.from(intervals.ends),
    group: frame.groups && { labels: frame.groups.labels, codes: Int32Array.from(intervals.codes) },
    excluded: frame.excluded && Uint8Array.from(intervals.ends, (_, i) => isExcluded(i)),
  });
}

/** The end of each interval, its first row, and after the last one the number of rows; and its group. */
interface Intervals {
  ends: number[];
  firstRows: number[];
  codes: number[];
}

function intervalsOf(frame: Frame, every: number): Intervals {
  const time = frame.time!;
  const intervals: Intervals = { ends: [], firstRows: [], codes: [] };
  const add = (index: number, row: number) => {
    if (intervals.ends.length >= maxIntervals) {
      throw resampleError("too-many-intervals", { every, most: maxIntervals, received: maxIntervals + 1 }, "resample");
    }
    intervals.ends.push(index * every);
    intervals.firstRows.push(row);
    intervals.codes.push(frame.groups?.codes[row] ?? 0);
  };
  for (const { start, end } of frame.series()) {
    let index = Number.NaN;
    for (let row = start; row < end; row++) {
      const own = intervalAt(time[row], every);
      if (own === index) continue;
      if (own - index <= longestHole + 1) for (let empty = index + 1; empty < own; empty++) add(empty, row);
      add(own, row);
      index = own;
    }
  }
  intervals.firstRows.push(frame.length);
  return intervals;
}

/** The number of the interval; differences below the resolution of a timestamp do not start another one. */
function intervalAt(time: number, every: number): number {
  const nearest = Math.round(time / every);
  return stepBetween(nearest * every, time) === 0 ? nearest : Math.ceil(time / every);
}

function summarised(
  values: Float64Array,
  firstRows: readonly number[],
  excluded: Uint8Array | undefined,
  summary: Summary,
): Float64Array {
  const out = new Float64Array(firstRows.length - 1);
  for (let i = 0; i < out.length; i++) {
    let [sum, count, last] = [0, 0, Number.NaN];
    for (let row = firstRows[i]; row < firstRows[i + 1]; row++) {
      if (excluded?.[row] || Number.isNaN(values[row])) continue;
      last = values[row];
      sum += last;
      count++;
    }
    out[i] = summary === "last" || count === 0 ? last : summary === "sum" ? sum : sum / count;
  }
  return out;
}
