// Which part of the time axis the charts show, and the windows in it.
import type { LearnedStep } from "../run/protocol.ts";

/** The visible range of time, and the windows that lie in it. */
export interface Visible {
  range: [number, number];
  steps: LearnedStep[];
  /** The number of the first of them, from 0. */
  first: number;
}

/**
 * The latest windows up to step `shown`, or all of them. The view moves by two windows at a time: after a move by half a period,
 * cos would change its sign with every window.
 */
export function visibleSteps(steps: readonly LearnedStep[], shown: number, windows: number | "all"): Visible {
  const latest = steps[shown - 1];
  if (!latest) return { range: [0, typeof windows === "number" ? windows : 10], steps: [], first: 0 };
  const from = steps[0]!.time[0]!;
  const unit = windowLength(steps);
  const end = latest.time.at(-1)!;
  const passed = (end - from) / unit;
  const blocks = windows === "all" ? Math.ceil(passed - 1e-3) : Math.max(windows, 2 * Math.ceil(passed / 2 - 1e-3));
  const range: [number, number] = [windows === "all" ? from : from + (blocks - windows) * unit, from + blocks * unit];
  let first = shown - 1;
  while (first > 0 && steps[first - 1]!.time.at(-1)! > range[0] + 1e-3 * unit) first--;
  return { range, steps: steps.slice(first, shown), first };
}

/** The length of the shortest of the first windows. */
function windowLength(steps: readonly LearnedStep[]): number {
  let length = Infinity;
  for (const { time } of steps.slice(0, 20)) {
    // Without its end point, a window is one interval longer than its last instant shows.
    length = Math.min(length, time.length > 1 ? time.at(-1)! - time[0]! : 1);
  }
  return length > 0 && Number.isFinite(length) ? length : 1;
}
