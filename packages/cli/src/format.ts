// Formats durations for display, next to the formats that all parts of Eddy share.
import { number, unknown } from "@eddy/ui/results";
import type { Texts } from "./texts/languages.ts";

export { count, fixed, isoWriter, listed, moment, number, percent, quantity, unitOf } from "@eddy/ui/results";

type TimeUnit = keyof Texts["timeUnits"];
const sizes: [TimeUnit, number][] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
  ["ms", 1],
  ["us", 0.001],
];

/** The largest unit in which the duration, rounded to three digits, is at least 1. */
export function timeUnit(ms: number): [unit: TimeUnit, ms: number] {
  return sizes.find(([, size]) => Math.abs(ms) >= 0.9995 * size) ?? (ms === 0 ? ["ms", 1] : ["us", 0.001]);
}

/** Such as 4 s, 1.5 h, 250 ms, 20 µs. */
export function duration(ms: number, { timeUnits, oneDay }: Texts): string {
  if (!Number.isFinite(ms)) return unknown(ms);
  const [unit, size] = timeUnit(ms);
  const value = number(ms / size, 3);
  return `${value} ${unit === "d" && value === "1" ? oneDay : timeUnits[unit]}`;
}

/** An estimated duration: whole seconds below a minute, two digits above. */
export function roughDuration(ms: number, texts: Texts): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds < 60) return duration(1000 * seconds, texts);
  const [, size] = timeUnit(1000 * seconds);
  return duration(size * Number((ms / size).toPrecision(2)), texts);
}
