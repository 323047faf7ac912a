// Recognises changes to and from daylight saving time in local times: a missing or doubled hour, which is not a gap.
import { type Frame, inspectTime } from "eddy/series";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** The times of a frame without changes of the clock, and the times after each change, as written. */
export interface ContinuousTimes {
  frame: Frame;
  changes: number[];
}

/** Continues the times of each series in the offset of its first row. Times are local if they skip or repeat an hour on a usual date. */
export function withoutClockChanges(frame: Frame): ContinuousTimes {
  const { time } = frame;
  const changes: number[] = [];
  if (time === undefined) return { frame, changes };
  const { stepMs } = inspectTime(frame);
  if (!(stepMs > 0 && stepMs <= hourMs)) return { frame, changes };
  const continuous = time.slice();
  for (const { start, end } of frame.series()) {
    let offset = 0;
    for (let row = start + 1; row < end; row++) {
      const change = clockChange(time[row - 1]!, time[row]!, stepMs);
      if (change !== 0) changes.push(time[row]!);
      offset -= change;
      continuous[row] = time[row]! + offset;
    }
  }
  return { frame: changes.length === 0 ? frame : frame.with({}, { time: continuous }), changes };
}

/** By how much the clock was changed between two rows: an hour forward, an hour back, or not. */
function clockChange(before: number, after: number, stepMs: number): number {
  const step = after - before;
  const isStepWith = (change: number) => Math.abs(step - stepMs - change) <= 0.2 * stepMs;
  if (isStepWith(hourMs) && isSpringNight(after)) return hourMs;
  return isStepWith(-hourMs) && isSundayNight(after) ? -hourMs : 0;
}

/** In the first hours of a Sunday. */
function isSundayNight(ms: number): boolean {
  const sinceMidnight = ((ms % dayMs) + dayMs) % dayMs;
  return new Date(ms).getUTCDay() === 0 && sinceMidnight < 4 * hourMs;
}

/**
 * A night in which clocks are put forward: the last Sunday of March in Europe, the second one in North America, the last one of
 * September or the first one of October in the southern hemisphere. A skipped hour at any other time is a gap.
 */
function isSpringNight(ms: number): boolean {
  const date = new Date(ms);
  const [month, day] = [date.getUTCMonth() + 1, date.getUTCDate()];
  const isUsual =
    (month === 3 && (day >= 25 || (day >= 8 && day <= 14))) || (month === 9 && day >= 24) || (month === 10 && day <= 7);
  return isUsual && isSundayNight(ms);
}
