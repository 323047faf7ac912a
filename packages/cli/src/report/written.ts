// Numbers, counts, durations and moments as people read them.
import type { Language } from "../language.ts";

/** Four digits, without a tail of zeros. */
export function number(value: number, digits = 4): string {
  if (Number.isNaN(value)) return "–";
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e6 || size < 1e-4)) return value.toExponential(digits - 2);
  return String(Number(value.toPrecision(digits)));
}

/** A score with as many decimals as its neighbours. */
export function fixed(value: number, decimals: number): string {
  if (Number.isNaN(value)) return "–";
  return Math.abs(value) >= 1e5 ? value.toExponential(1) : value.toFixed(decimals).replace(/^-(?=[0.]+$)/, "");
}

/** A whole number with its thousands apart. */
export function count(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 0 });
}

export function percent(share: number): string {
  const value = 100 * share;
  return `${value >= 10 || value === 0 ? value.toFixed(0) : value.toPrecision(1)} %`;
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

/** The largest unit of which there is at least one. */
export function timeUnit(ms: number): [unit: TimeUnit, ms: number] {
  return sizes.find(([, size]) => Math.abs(ms) >= size) ?? ["ms", 1];
}

/** 4 s, 1.5 h, 250 ms. */
export function duration(ms: number, language: Language): string {
  const [unit, size] = timeUnit(ms);
  const value = number(ms / size, 3);
  const word = language === "en" && unit === "d" && value === "1" ? "day" : units[language][unit];
  return `${value} ${word}`;
}

/** The unit that a column's name tells, as in `level [V]` or `T (°C)`. */
export function unitOf(name: string): string | undefined {
  return /[[(]([^\])]{1,12})[\])]\s*$/.exec(name)?.[1];
}

/** Writes epoch milliseconds as ISO 8601 in UTC, with as many digits, 0, 3 or 6, as all of `times` need. */
export function isoWriter(times: Float64Array): (ms: number) => string {
  const micros = (ms: number) => Math.round(ms * 1000);
  const digits = times.some((ms) => micros(ms) % 1000 !== 0)
    ? 6
    : times.some((ms) => micros(ms) % 1_000_000 !== 0)
      ? 3
      : 0;
  return (ms) => {
    const iso = new Date(Math.floor(micros(ms) / 1000)).toISOString();
    if (digits === 3) return iso;
    const rest = String(((micros(ms) % 1000) + 1000) % 1000).padStart(3, "0");
    return digits === 0 ? iso.replace(/\.\d+Z$/, "Z") : iso.replace("Z", `${rest}Z`);
  };
}
