/** Calendar features: where a moment lies in the day, the week and the year, as points on circles. */

/** Cycles of the calendar. */
export const cycles = ["day", "week", "year"] as const;
export type Cycle = (typeof cycles)[number];

const dayMs = 86_400_000;

/** The length of each cycle, the most rows apart that resolve it, and the number of its harmonics. */
const properties: Record<Cycle, { lengthMs: number; maxStepMs: number; harmonics: number }> = {
  day: { lengthMs: dayMs, maxStepMs: dayMs / 4, harmonics: 2 },
  week: { lengthMs: 7 * dayMs, maxStepMs: dayMs, harmonics: 3 },
  year: { lengthMs: 365.2425 * dayMs, maxStepMs: 7 * dayMs, harmonics: 2 },
};

/** Cycles that rows with this interval resolve, and that occur at least `least` times in the data. */
export function cyclesOf(stepMs: number, spanMs: number, least: number): Cycle[] {
  return cycles.filter((cycle) => {
    const { lengthMs, maxStepMs } = properties[cycle];
    return stepMs <= maxStepMs && spanMs >= least * lengthMs;
  });
}

/** The names of a cycle's features, in the order of `calendarAt`. */
export function calendarNames(cycle: Cycle): string[] {
  return Array.from({ length: properties[cycle].harmonics }, (_, k) => [
    `${cycle} sin ${k + 1}`,
    `${cycle} cos ${k + 1}`,
  ]).flat();
}

/** sin and cos of 2π k t / length for the harmonics k of a cycle, of a time in milliseconds; a Monday is the start of a week. */
export function calendarAt(cycle: Cycle, timeMs: number): number[] {
  const { lengthMs, harmonics } = properties[cycle];
  const phase = (2 * Math.PI * (timeMs - (cycle === "week" ? 4 * dayMs : 0))) / lengthMs;
  return Array.from({ length: harmonics }, (_, k) => [Math.sin((k + 1) * phase), Math.cos((k + 1) * phase)]).flat();
}
