/** Chunks: an epoch's way through the training rows, in lanes side by side, whose state goes on from chunk to chunk. */
import type { Generator as RandomNumbers } from "../random.ts";
import type { RowRange } from "./frame.ts";

/** A stretch that one lane walks through with one state. */
export interface Piece extends RowRange {
  /** Whether it begins where its run begins; else its first rows are warm-up, and cost nothing. */
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

/**
 * Lays all runs end to end and cuts them into lanes of equal length; with several lanes the cut is drawn, so that lanes
 * begin elsewhere in each epoch, and so is the order of the runs.
 */
export function planLanes(runs: readonly RowRange[], lanes: number, generator: RandomNumbers): Piece[][] {
  const order = runs.length > 1 ? generator.permutation(runs.length) : Int32Array.of(0);
  const total = runs.reduce((sum, { start, end }) => sum + end - start, 0);
  const length = Math.ceil(total / lanes);
  const shift = lanes === 1 ? 0 : Math.floor(generator.nextDouble() * length);
  const plan: Piece[][] = Array.from({ length: lanes }, () => []);
  let at = 0; // where the run begins on the tape
  for (const index of order) {
    const { start, end } = runs[index];
    for (let row = start; row < end; ) {
      // Lane k takes the tape from k · length − shift on; what lies before the first cut goes to the last lane.
      const place = at + row - start + shift;
      const lane = Math.floor(place / length);
      const rows = Math.min(end - row, (lane + 1) * length - place);
      plan[lane % lanes].push({ start: row, end: row + rows, atRunStart: row === start });
      row += rows;
    }
    at += end - start;
  }
  return plan;
}

/** The chunks of a plan: at each, what every lane does. */
export function* chunksOf(plan: readonly Piece[][], chunk: number, warmUp: number): Iterable<LaneChunk[]> {
  const places = plan.map(() => ({ piece: 0, row: 0 }));
  for (;;) {
    let active = false;
    const lanes = plan.map((pieces, lane): LaneChunk => {
      const place = places[lane];
      const piece = pieces[place.piece];
      if (piece === undefined) return { row: 0, rows: 0, fresh: true, warmUp: 0 };
      active = true;
      const row = Math.max(place.row, piece.start);
      const rows = Math.min(chunk, piece.end - row);
      if (row + rows === piece.end) places[lane] = { piece: place.piece + 1, row: 0 };
      else place.row = row + rows;
      const quiet = piece.atRunStart ? 0 : Math.min(rows, Math.max(0, piece.start + warmUp - row));
      return { row, rows, fresh: row === piece.start, warmUp: quiet };
    });
    if (!active) return;
    yield lanes;
  }
}
