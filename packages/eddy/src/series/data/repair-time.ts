/** Optional repair of timestamps. */
import { checkOptions, flag, oneOf } from "../../nn/options.ts";
import { errorsOf } from "./data-error.ts";
import { checkIsFrame, type Frame } from "./frame.ts";
import { inspectTime, isGap, stepBetween, type TimeReport } from "./time.ts";
import { type Cell, counted } from "./words.ts";

export const repairMessages = {
  "untimed-rows": ({ row, count }: Cell & { count: number }) =>
    `expected a time in every row, received ${count} without one, the first in row ${row}; remove those rows`,
  "unsorted-rows": ({ row, count }: Cell & { count: number }) =>
    `expected rows in time order, received ${count} out of order, the first in row ${row}; pass { sort: true }`,
  "duplicate-times": ({ row, count }: Cell & { count: number }) =>
    `expected unique timestamps, received ${count} rows with the same one, including row ${row}; ` +
    'pass { duplicates: "first", "last" or "mean" }',
  "long-gap": ({ row, most, missing, stepMs }: Cell & { most: number; missing: number; stepMs: number }) =>
    `expected gaps of at most ${most} rows, received one of ${counted(missing, "row")} at the median step ${stepMs} before row ${row}; ` +
    "split the file there, or leave the gaps unfilled: the state is reset after each",
};

const repairError = errorsOf(repairMessages);

/** Options of `repairTime`. Unsorted rows and duplicates are errors unless their repair is requested; gaps are kept by default. */
export interface TimeRepair {
  /** Sorts the rows of each series by time. */
  sort?: boolean;
  /** Of rows with the same time, keeps the first, the last, or the mean of their values. */
  duplicates?: "first" | "last" | "mean";
  /** Fills gaps with rows of missing values (NaN), at the median step. */
  gaps?: "insert";
}

/** A repaired frame, and a record of the repair. */
export interface RepairedTime {
  frame: Frame;
  /** The time before the repair. */
  before: TimeReport;
  /** The numbers of rows that were moved, dropped and inserted. */
  report: { moved: number; dropped: number; inserted: number };
}

const maxInsertedRows = 10_000_000;

/**
 * Repairs a frame's timestamps as requested and reports the changes; the frame itself is not changed.
 *
 * @throws DataError for rows without a time, and for irregularities whose repair was not requested.
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
  if (before.missing > 0) throw repairError("untimed-rows", { ...first, count: before.missing }, "repairTime");
  if (before.unsorted > 0 && !repair.sort) {
    throw repairError("unsorted-rows", { ...first, count: before.unsorted }, "repairTime");
  }
  const rows: number[] = [];
  /** The number of rows that are merged into each kept row. */
  const sizes: number[] = [];
  let [moved, dropped] = [0, 0];
  for (const { start, end } of frame.series()) {
    const order = Array.from({ length: end - start }, (_, i) => start + i).sort((a, b) => time[a] - time[b] || a - b);
    moved += order.reduce((count, row, i) => count + (row === start + i ? 0 : 1), 0);
    for (let i = 0; i < order.length; ) {
      let size = 1;
      while (i + size < order.length && stepBetween(time[order[i]], time[order[i + size]]) === 0) size++;
      if (size > 1 && repair.duplicates === undefined) {
        throw repairError("duplicate-times", { row: order[i + 1], column: "time", count: size }, "repairTime");
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
  const kept = blockMeans(frame, rows, sizes);
  const repaired = repair.gaps === "insert" ? withInserted(kept, before.stepMs) : kept;
  return { frame: repaired, before, report: { moved, dropped, inserted: repaired.length - kept.length } };
}

/** The mean of each block of rows, of categories the last; a block of one row is the row itself. */
function blockMeans(frame: Frame, rows: readonly number[], sizes: readonly number[]): Frame {
  const firsts = Int32Array.from(sizes);
  let at = 0;
  for (let i = 0; i < sizes.length; i++) {
    firsts[i] = at;
    at += sizes[i];
  }
  const mean = (values: Float64Array, name: string) =>
    Float64Array.from(sizes, (size, i) => {
      if (size === 1 || frame.categories.has(name)) return values[rows[firsts[i] + size - 1]];
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
    excluded: frame.excluded && Uint8Array.from(sizes, (_, i) => frame.excluded![rows[firsts[i]]]),
  });
}

/** The frame with rows of NaN inserted into its gaps. */
function withInserted(frame: Frame, step: number): Frame {
  const time = frame.time!;
  const sources: number[] = [];
  const times: number[] = [];
  const codes: number[] = [];
  for (const { start, end } of frame.series()) {
    for (let row = start; row < end; row++) {
      const jump = row > start ? stepBetween(time[row - 1], time[row]) : step;
      const missing = isGap(jump, step) ? Math.max(1, Math.round(jump / step) - 1) : 0;
      if (sources.length + missing > frame.length + maxInsertedRows) {
        const values = { row, column: "time", most: maxInsertedRows, missing, stepMs: step };
        throw repairError("long-gap", values, "repairTime");
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
    excluded: frame.excluded && Uint8Array.from(sources, (row) => (row < 0 ? 0 : frame.excluded![row])),
  });
}
