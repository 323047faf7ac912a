/** Blocks of the training rows: each network leaves out another one, on which it is validated. */
import type { Frame } from "../data/frame.ts";
import { countRows, type Rows } from "../data/rows.ts";

/** A block, and the rows of it that can be validated or learned from alone. */
export interface Block {
  rows: Rows[];
  /** The rows whose targets lie in the block. */
  inner: Rows[];
  /** The rows whose targets reach into the next block; empty unless targets reach ahead. */
  reaching: Rows[];
}

/** Divides blocks into rows whose targets lie within them and the last `reach` rows of each range that the next block continues. */
export function withReach(blocks: readonly Rows[][], reach: number): Block[] {
  return blocks.map((rows, k) => {
    const continued = new Set(blocks[k + 1]?.map(({ start }) => start));
    const inner: Rows[] = [];
    const reaching: Rows[] = [];
    for (const { start, end } of rows) {
      const border = continued.has(end) ? Math.max(start, end - reach) : end;
      if (border > start) inner.push({ start, end: border });
      if (border < end) reaching.push({ start: border, end });
    }
    return { rows, inner, reaching };
  });
}

/**
 * Cuts rows into contiguous blocks with equally many usable rows, in time order; a block may span several series.
 *
 * The inputs of a block stay part of their series, so that the state is carried through it; only its targets are hidden.
 */
export function cutBlocks(rows: readonly Rows[], count: number, isUsable: (row: number) => boolean): Rows[][] {
  const usableIn = ({ start, end }: Rows) => {
    let usable = 0;
    for (let row = start; row < end; row++) if (isUsable(row)) usable++;
    return usable;
  };
  const total = rows.reduce((sum, range) => sum + usableIn(range), 0);
  const blocks: Rows[][] = [];
  let block: Rows[] = [];
  let seen = 0;
  for (const { start, end } of rows) {
    let from = start;
    for (let row = start; row < end; row++) {
      if (!isUsable(row)) continue;
      if (seen === Math.round((total * (blocks.length + 1)) / count) && blocks.length + 1 < count) {
        if (row > from) block.push({ start: from, end: row });
        blocks.push(block);
        block = [];
        from = row;
      }
      seen++;
    }
    if (end > from) block.push({ start: from, end });
  }
  blocks.push(block);
  return blocks.filter((ranges) => countRows(ranges) > 0);
}

/** The period of a row, on a clock that several groups share. */
export type PeriodOf = (row: number) => number;

/** The periods of a frame with groups and times, in sampling intervals; undefined for other frames. */
export function commonPeriods({ time, groups }: Frame, stepMs: number | undefined): PeriodOf | undefined {
  if (time === undefined || groups === undefined || stepMs === undefined) return undefined;
  return (row) => Math.round((time[row] - time[0]) / stepMs);
}

/**
 * Cuts rows into blocks with equally many usable periods, in time order: the rows of one period are in the same block in every group,
 * since groups that share their shocks would otherwise tell one another what a block hides.
 */
export function cutBlocksInTime(
  rows: readonly Rows[],
  count: number,
  isUsable: (row: number) => boolean,
  periodOf: PeriodOf,
): Rows[][] {
  const usable = new Set<number>();
  for (const { start, end } of rows) {
    for (let row = start; row < end; row++) if (isUsable(row)) usable.add(periodOf(row));
  }
  const periods = Float64Array.from(usable).sort();
  const firsts = Array.from({ length: count - 1 }, (_, k) => periods[Math.round((periods.length * (k + 1)) / count)]);
  const blocks = Array.from({ length: count }, (): Rows[] => []);
  for (const { start, end } of rows) {
    let k = 0;
    let from = start;
    for (let row = start; row < end; row++) {
      const own = periodOf(row);
      if (!(own >= firsts[k])) continue;
      if (row > from) blocks[k].push({ start: from, end: row });
      while (own >= firsts[k]) k++;
      from = row;
    }
    blocks[k].push({ start: from, end });
  }
  return blocks.filter((ranges) => countRows(ranges) > 0);
}
