/** Chunks: an epoch's way through the training rows, in lanes side by side, whose state goes on from chunk to chunk. */
import type { RowRange } from "../data/frame.ts";

/** A stretch that one lane walks through with one state. */
export interface Piece extends RowRange {
  /** Whether it begins where its run begins; else it goes on where the lane before it ended. */
  atRunStart: boolean;
}

/** What one lane does in one chunk. */
export interface LaneChunk {
  row: number;
  /** 0 for a lane that has nothing left. */
  rows: number;
  /** Whether the state starts anew. */
  fresh: boolean;
  /** Rows at the chunk's beginning that cost nothing. */
  warmUp: number;
}

/** Lays all runs end to end and cuts them into lanes of equal length. */
export function planLanes(runs: readonly RowRange[], lanes: number): Piece[][] {
  const total = runs.reduce((sum, { start, end }) => sum + end - start, 0);
  const length = Math.ceil(total / lanes);
  const plan: Piece[][] = Array.from({ length: lanes }, () => []);
  let before = 0;
  for (const { start, end } of runs) {
    for (let row = start; row < end; ) {
      const place = before + row - start;
      const lane = Math.floor(place / length);
      const rows = Math.min(end - row, (lane + 1) * length - place);
      plan[lane].push({ start: row, end: row + rows, atRunStart: row === start });
      row += rows;
    }
    before += end - start;
  }
  return plan;
}

/** How many chunks an epoch has: as many as its busiest lane. */
export function chunkCount(plan: readonly Piece[][], chunk: number): number {
  return plan.reduce((most, pieces) => {
    const own = pieces.reduce((sum, { start, end }) => sum + Math.ceil((end - start) / chunk), 0);
    return Math.max(most, own);
  }, 0);
}

/**
 * The chunks of a plan: at each, what every lane does.
 *
 * @param warmUp rows that cost nothing where a lane begins inside a run with a state that knows nothing yet; undefined where
 * the state is given that the rows before left in the last epoch.
 */
export function* chunksOf(plan: readonly Piece[][], chunk: number, warmUp: number | undefined): Iterable<LaneChunk[]> {
  const places = plan.map(() => ({ piece: 0, row: 0 }));
  for (;;) {
    let active = false;
    const lanes = plan.map((pieces, lane): LaneChunk => {
      const place = places[lane];
      const piece = pieces[place.piece];
      if (piece === undefined) return { row: 0, rows: 0, fresh: false, warmUp: 0 };
      active = true;
      const row = Math.max(place.row, piece.start);
      const rows = Math.min(chunk, piece.end - row);
      if (row + rows === piece.end) places[lane] = { piece: place.piece + 1, row: 0 };
      else place.row = row + rows;
      const unknown = !piece.atRunStart && warmUp !== undefined;
      return {
        row,
        rows,
        fresh: row === piece.start && (piece.atRunStart || unknown),
        warmUp: unknown ? Math.min(rows, Math.max(0, piece.start + warmUp - row)) : 0,
      };
    });
    if (!active) return;
    yield lanes;
  }
}
