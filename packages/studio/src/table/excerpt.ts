// Reduces many rows to as many points as a chart can show, keeping the extremes of each column.
import type { Excerpt } from "./protocol.ts";

/** Rows `start` to `end`; with more rows than points, two points for each part: its lowest and highest values. */
export function excerptOf(
  columns: ReadonlyMap<string, Float64Array>,
  time: Float64Array | undefined,
  [start, end]: [number, number],
  points: number,
): Pick<Excerpt, "x" | "columns"> {
  const rows = end - start;
  const position = (row: number) => (time ? time[row]! : row + 1);
  if (rows <= points) {
    const x = Float64Array.from({ length: rows }, (_, i) => position(start + i));
    return { x, columns: Object.fromEntries([...columns].map(([name, values]) => [name, values.slice(start, end)])) };
  }
  const parts = Math.floor(points / 2);
  const bound = (part: number) => start + Math.floor((rows * part) / parts);
  const x = new Float64Array(2 * parts);
  for (let part = 0; part < parts; part++) {
    const [from, to] = [bound(part), bound(part + 1)];
    x[2 * part] = position(from);
    x[2 * part + 1] = position(Math.floor((from + to) / 2));
  }
  const reduced = [...columns].map(([name, values]) => {
    const extremes = new Float64Array(2 * parts).fill(Number.NaN);
    for (let part = 0; part < parts; part++) {
      let [low, high] = [Number.NaN, Number.NaN];
      for (let row = bound(part); row < bound(part + 1); row++) {
        const value = values[row]!;
        if (!(value >= low)) low = Number.isNaN(value) ? low : value;
        if (!(value <= high)) high = Number.isNaN(value) ? high : value;
      }
      // The bounds of an interval stay bounds; other curves pass both extremes.
      extremes[2 * part] = name.startsWith("high:") ? high : low;
      extremes[2 * part + 1] = name.startsWith("low:") ? low : high;
    }
    return [name, extremes] as const;
  });
  return { x, columns: Object.fromEntries(reduced) };
}
