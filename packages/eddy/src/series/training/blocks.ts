/** Blocks of the training rows: each network leaves out another one, on which it is validated. */
import { countRows, type Rows } from "../data/rows.ts";

/** A block, and the rows of it that can be validated or learned from alone. */
export interface Block {
  rows: Rows[];
  /** The rows whose targets lie in the block. */
  inner: Rows[];
  /** The rows whose targets reach into the next block; empty unless targets reach ahead. */
  reaching: Rows[];
}

/** Divides blocks into rows whose targets lie within them and the last `reach` rows, if the next block continues the series. */
export function withReach(blocks: readonly Rows[][], reach: number): Block[] {
  return blocks.map((rows, k) => {
    const last = rows[rows.length - 1];
    if (reach === 0 || blocks[k + 1]?.[0].start !== last.end) return { rows, inner: rows, reaching: [] };
    const border = Math.max(last.start, last.end - reach);
    const whole = { start: last.start, end: border };
    return {
      rows,
      inner: [...rows.slice(0, -1), ...(border > last.start ? [whole] : [])],
      reaching: [{ start: border, end: last.end }],
    };
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
