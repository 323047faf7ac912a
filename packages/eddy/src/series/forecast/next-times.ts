/** The times of the rows of a forecast: they continue those of the table. */
import { areTimestamps } from "../data/time.ts";

const dayMs = 86_400_000;

/** The times of the next rows after the last of `time`, `stepMs` apart; of rows on the same day of each month, by the calendar. */
export function nextTimes(time: Float64Array, rows: number, stepMs: number): Float64Array {
  const last = time[time.length - 1];
  const months = monthsBetween(time, stepMs);
  return Float64Array.from({ length: rows }, (_, i) =>
    months === 0 ? last + (i + 1) * stepMs : monthsLater(last, (i + 1) * months),
  );
}

/** The number of whole months between rows; 0 if they are not that. */
function monthsBetween(time: Float64Array, stepMs: number): number {
  const months = Math.round(stepMs / (30.4 * dayMs));
  if (time.length < 3 || months === 0 || !areTimestamps(time)) return 0;
  const latest = time.subarray(-13);
  const monthly = latest.every((at, i) => i === 0 || at === monthsLater(latest[i - 1], months));
  return monthly ? months : 0;
}

function monthsLater(timeMs: number, months: number): number {
  const date = new Date(timeMs);
  return date.setUTCMonth(date.getUTCMonth() + months);
}
