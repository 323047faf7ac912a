/** Lanes and chunks: the batches of an epoch. Lanes are the entries of a batch; their state is carried from chunk to chunk. */
import { countRows, type Rows } from "../data/rows.ts";

/** Rows of one lane within one segment. */
export interface LaneRows extends Rows {
  /** Whether they begin with their segment; otherwise they continue where the lane before ended. */
  atSegmentStart: boolean;
}

/** The rows of one lane in one chunk. */
export interface LaneChunk {
  row: number;
  /** 0 for a lane that has ended. */
  rows: number;
  /** Whether the state is reset. */
  fresh: boolean;
  /** Rows at the start of the chunk that are excluded from the loss. */
  warmUp: number;
}

/** Concatenates all segments and cuts them into lanes of equal length. */
export function planLanes(segments: readonly Rows[], lanes: number): LaneRows[][] {
  const length = Math.ceil(countRows(segments) / lanes);
  const plan: LaneRows[][] = Array.from({ length: lanes }, () => []);
  let before = 0;
  for (const { start, end } of segments) {
    for (let row = start; row < end; ) {
      const place = before + row - start;
      const lane = Math.floor(place / length);
      const rows = Math.min(end - row, (lane + 1) * length - place);
      plan[lane].push({ start: row, end: row + rows, atSegmentStart: row === start });
      row += rows;
    }
    before += end - start;
  }
  return plan;
}

/** The number of chunks in an epoch: that of the lane with the most. */
export function chunkCount(plan: readonly LaneRows[][], chunk: number): number {
  return plan.reduce((most, lane) => {
    const own = lane.reduce((sum, { start, end }) => sum + Math.ceil((end - start) / chunk), 0);
    return Math.max(most, own);
  }, 0);
}

/**
 * The chunks of a plan: for each, the rows of every lane.
 *
 * @param warmUp rows that are excluded from the loss where a lane begins within a segment without a state; undefined if
 * lanes begin with the state of the last epoch.
 */
export function* chunksOf(
  plan: readonly LaneRows[][],
  chunk: number,
  warmUp: number | undefined,
): Iterable<LaneChunk[]> {
  const places = plan.map(() => ({ index: 0, row: 0 }));
  for (;;) {
    let active = false;
    const lanes = plan.map((lane, i): LaneChunk => {
      const place = places[i];
      const part = lane[place.index];
      if (part === undefined) return { row: 0, rows: 0, fresh: false, warmUp: 0 };
      active = true;
      const row = Math.max(place.row, part.start);
      const rows = Math.min(chunk, part.end - row);
      if (row + rows === part.end) places[i] = { index: place.index + 1, row: 0 };
      else place.row = row + rows;
      const unknown = !part.atSegmentStart && warmUp !== undefined;
      return {
        row,
        rows,
        fresh: row === part.start && (part.atSegmentStart || unknown),
        warmUp: unknown ? Math.min(rows, Math.max(0, part.start + warmUp - row)) : 0,
      };
    });
    if (!active) return;
    yield lanes;
  }
}
