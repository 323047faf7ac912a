/** Blocks: runs of consecutive rows of one length, which exchange their values within their series. */
import type { Generator } from "../../random.ts";
import { Frame } from "./frame.ts";
import type { Rows } from "./rows.ts";

/** Consecutive rows of a frame; all blocks of a set have the same length. */
export interface Block {
  start: number;
  /** The uninterrupted rows that it was cut from. */
  range: Rows;
}

/** The blocks of each series. A series with a single block is omitted, because it has no other to exchange values with. */
export function cutIntoBlocks(frame: Frame, ranges: readonly Rows[], length: number): Block[][] {
  const bySeries = new Map<number, Block[]>();
  for (const range of ranges) {
    const series = frame.groups?.codes[range.start] ?? 0;
    const blocks = bySeries.get(series) ?? [];
    bySeries.set(series, blocks);
    for (let start = range.start; start + length <= range.end; start += length) blocks.push({ start, range });
  }
  return [...bySeries.values()].filter((blocks) => blocks.length > 1);
}

/**
 * Blocks in a random order in which no block keeps its place: a cyclic permutation, each with the same probability.
 *
 * Source: Sattolo, Information Processing Letters 22 (1986).
 */
export function exchanged(blocks: readonly Block[], random: Generator): Block[] {
  const order = [...blocks];
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random.nextDouble() * i);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** Whether the second block follows the first without interruption, so that the state is carried from one to the other. */
export function isContinued(first: Block | undefined, second: Block, length: number): boolean {
  return first !== undefined && first.range === second.range && first.start + length === second.start;
}

/** The values of a column in these blocks, one block after another. */
export function valuesIn(column: Float64Array, blocks: readonly Block[], length: number): Float64Array {
  const values = new Float64Array(blocks.length * length);
  for (const [i, { start }] of blocks.entries()) values.set(column.subarray(start, start + length), i * length);
  return values;
}

/** A frame of these blocks; blocks that continue one another are one series. */
export function frameOf(frame: Frame, names: readonly string[], blocks: readonly Block[], length: number): Frame {
  const codes = new Int32Array(blocks.length * length);
  let code = -1;
  for (const [i, block] of blocks.entries()) {
    if (!isContinued(blocks[i - 1], block, length)) code++;
    codes.fill(code, i * length, (i + 1) * length);
  }
  const labels = Array.from({ length: code + 1 }, (_, i) => String(i));
  const columns = new Map(names.map((name) => [name, valuesIn(frame.column(name), blocks, length)]));
  const categories = Object.fromEntries([...frame.categories].filter(([name]) => names.includes(name)));
  return new Frame(columns, { group: { codes, labels }, categories });
}
