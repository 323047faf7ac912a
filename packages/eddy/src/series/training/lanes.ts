/** Lanes and chunks: the batches of an epoch. Lanes are the entries of a batch; their state is carried from chunk to chunk. */
import { countRows, type Rows } from "../data/rows.ts";

/** Rows of one lane that lie in one segment. */
export interface LaneRows extends Rows {
  /** Whether they start with their segment; otherwise they continue from the end of the previous lane. */
  atSegmentStart: boolean;
}

/** The rows of one lane in one chunk. */
export interface LaneChunk {
  row: number;
  /** 0 for an exhausted lane. */
  rows: number;
  /** Whether the state is reset. */
  reset: boolean;
  /** Rows at the start of the chunk that are excluded from the loss. */
  warmUp: number;
}

/** The number of pieces into which the rows are cut, if they are. */
const pieceCount = 4;

/** Cuts segments into pieces of equal length, as if they were one series; the first piece is shorter, by a share from 0 to 1. */
export function piecesOf(segments: readonly Rows[], share: number): Rows[][] {
  const length = Math.max(1, Math.ceil(countRows(segments) / pieceCount));
  let before = length - Math.max(1, Math.round(share * length));
  return segments.map(({ start, end }) => {
    const pieces: Rows[] = [];
    for (let row = start; row < end; ) {
      const next = Math.min(end, row + length - (before % length));
      pieces.push({ start: row, end: next });
      before += next - row;
      row = next;
    }
    return pieces;
  });
}

/** Concatenates all segments and cuts them into lanes of equal length. */
export function planLanes(segments: readonly Rows[], lanes: number): LaneRows[][] {
  const length = Math.ceil(countRows(segments) / lanes);
  const plan: LaneRows[][] = Array.from({ length: lanes }, () => []);
  let rowsBefore = 0;
  for (const { start, end } of segments) {
    for (let row = start; row < end; ) {
      const position = rowsBefore + row - start;
      const lane = Math.floor(position / length);
      const rows = Math.min(end - row, (lane + 1) * length - position);
      plan[lane].push({ start: row, end: row + rows, atSegmentStart: row === start });
      row += rows;
    }
    rowsBefore += end - start;
  }
  return plan;
}

/** The number of chunks in an epoch: the maximum over the lanes. */
export function chunkCount(plan: readonly LaneRows[][], chunk: number): number {
  return plan.reduce((max, lane) => {
    const chunks = lane.reduce((sum, { start, end }) => sum + Math.ceil((end - start) / chunk), 0);
    return Math.max(max, chunks);
  }, 0);
}

/**
 * The chunks of a plan: for each, the rows of every lane.
 *
 * @param warmUp rows that are excluded from the loss where a lane starts within a segment from a reset state; undefined if
 * lanes start with the state of the previous epoch.
 */
export function* chunksOf(
  plan: readonly LaneRows[][],
  chunk: number,
  warmUp: number | undefined,
): Iterable<LaneChunk[]> {
  const positions = plan.map(() => ({ index: 0, row: 0 }));
  for (;;) {
    let active = false;
    const lanes = plan.map((lane, i): LaneChunk => {
      const position = positions[i];
      const range = lane[position.index];
      if (range === undefined) return { row: 0, rows: 0, reset: false, warmUp: 0 };
      active = true;
      const row = Math.max(position.row, range.start);
      const rows = Math.min(chunk, range.end - row);
      if (row + rows === range.end) positions[i] = { index: position.index + 1, row: 0 };
      else position.row = row + rows;
      const needsWarmUp = !range.atSegmentStart && warmUp !== undefined;
      return {
        row,
        rows,
        reset: row === range.start && (range.atSegmentStart || needsWarmUp),
        warmUp: needsWarmUp ? Math.min(rows, Math.max(0, range.start + warmUp - row)) : 0,
      };
    });
    if (!active) return;
    yield lanes;
  }
}
