// Numbers, counts, durations and moments as people read them.
import type { Language } from "../language.ts";

/** Four digits, without a tail of zeros. */
export function number(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return unknown(value);
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e6 || size < 1e-4)) return value.toExponential(digits - 2).replace(/\.?0*e/, "e");
  return String(Number(value.toPrecision(digits)));
}

/** A dash where there is no number. */
const unknown = (value: number) => (Number.isNaN(value) ? "–" : value > 0 ? "∞" : "-∞");

/** A score with as many decimals as its neighbours. */
export function fixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return unknown(value);
  const size = Math.abs(value);
  if (size >= 1e5) return value.toExponential(1);
  return value.toFixed(size >= 1000 ? 0 : decimals).replace(/^-(?=[0.]+$)/, "");
}

/** A whole number with its thousands apart. */
export function count(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 0 });
}

/** One digit below ten; neither none nor all unless it is exactly that. */
export function percent(share: number): string {
  const value = 100 * share;
  if (!Number.isFinite(value)) return `${unknown(value)} %`;
  if (value > 0 && value < 0.01) return "< 0.01 %";
  if (value > 99.5 && value < 100) return "> 99.5 %";
  return `${Math.abs(value) >= 10 ? value.toFixed(0) : Number(value.toPrecision(1))} %`;
}

/** The first names, and how many there are besides. */
export function listed(names: readonly string[], most = 6): string {
  return names.slice(0, most).join(", ") + (names.length > most ? ", …" : "");
}

/** 2024-05-31 13:45:00, in UTC, without the seconds or the clock where they are zero. */
export function moment(ms: number): string {
  if (!Number.isFinite(ms) || Math.abs(ms) > 8.64e15) return number(ms);
  const [date, clock] = new Date(ms).toISOString().split("T") as [string, string];
  if (clock === "00:00:00.000Z") return date;
  return `${date} ${clock.slice(0, clock.slice(6) === "00.000Z" ? 5 : clock.endsWith(".000Z") ? 8 : 12)}`;
}

const units = {
  en: { ms: "ms", s: "s", min: "min", h: "h", d: "days" },
  zh: { ms: "毫秒", s: "秒", min: "分钟", h: "小时", d: "天" },
};
export type TimeUnit = keyof typeof units.en;
const sizes: [TimeUnit, number][] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
  ["ms", 1],
];

/** The largest unit of which there is at least one, once it is written with three digits. */
export function timeUnit(ms: number): [unit: TimeUnit, ms: number] {
  return sizes.find(([, size]) => Math.abs(ms) >= 0.9995 * size) ?? ["ms", 1];
}

/** 4 s, 1.5 h, 250 ms. */
export function duration(ms: number, language: Language): string {
  if (!Number.isFinite(ms)) return unknown(ms);
  const [unit, size] = timeUnit(ms);
  const value = number(ms / size, 3);
  const word = language === "en" && unit === "d" && value === "1" ? "day" : units[language][unit];
  return `${value} ${word}`;
}

/** A time that is only estimated: whole seconds below a minute, then two digits. */
export function roughDuration(ms: number, language: Language): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds < 60) return duration(1000 * seconds, language);
  const [, size] = timeUnit(1000 * seconds);
  return duration(size * Number((ms / size).toPrecision(2)), language);
}

/** The unit that a column's name tells, as in `level [V]` or `T (°C)`. */
export function unitOf(name: string): string | undefined {
  return /[[(]([^\])]{1,12})[\])]\s*$/.exec(name)?.[1];
}
