// Formats numbers, counts, shares and times for display.
import { unitOf } from "./units.ts";

/** By default four significant digits, without trailing zeros. */
export function number(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return unknown(value);
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e6 || size < 1e-4)) return value.toExponential(digits - 2).replace(/\.?0*e/, "e");
  return String(Number(value.toPrecision(digits)));
}

/** NaN as a dash. */
export const unknown = (value: number) => (Number.isNaN(value) ? "–" : value > 0 ? "∞" : "-∞");

/** A fixed number of decimals, so that the scores of a column align. */
export function fixed(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return unknown(value);
  const size = Math.abs(value);
  if (size >= 1e5) return value.toExponential(1);
  return value.toFixed(size >= 1000 ? 0 : decimals).replace(/^-(?=[0.]+$)/, "");
}

/** An integer with thousands separators. */
export function count(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 0 });
}

/** A share as a percentage, with one digit below 10 %; never rounded to 0 % or 100 %. */
export function percent(share: number): string {
  const value = 100 * share;
  if (!Number.isFinite(value)) return `${unknown(value)} %`;
  if (value > 0 && value < 0.01) return "< 0.01 %";
  if (value > 99.5 && value < 100) return "> 99.5 %";
  return `${Math.abs(value) >= 10 ? value.toFixed(0) : Number(value.toPrecision(1))} %`;
}

/** The first names, and an ellipsis if there are more. */
export function listed(names: readonly string[], max = 6): string {
  return names.slice(0, max).join(", ") + (names.length > max ? ", …" : "");
}

/** Such as 2024-05-31 13:45:00, in UTC; zero seconds and midnight are omitted, fractions have up to six digits. */
export function moment(ms: number): string {
  if (!isDate(ms)) return number(ms);
  const [date, clock] = isoTime(ms, fractionOf(ms)).slice(0, -1).split("T") as [string, string];
  if (clock === "00:00:00") return date;
  return `${date} ${clock.replace(/^(\d\d:\d\d):00$/, "$1")}`;
}

const isDate = (ms: number) => Number.isFinite(ms) && Math.abs(ms) <= 8.64e15;

/** The number of decimals that the seconds of a time need. */
function fractionOf(ms: number): 0 | 3 | 6 {
  const us = Math.round(ms * 1000);
  return us % 1000 !== 0 ? 6 : us % 1_000_000 !== 0 ? 3 : 0;
}

/** ISO 8601 in UTC with that many decimals of a second. */
function isoTime(ms: number, fraction: 0 | 3 | 6): string {
  const us = Math.round(ms * 1000);
  const whole = new Date(Math.floor(us / 1000)).toISOString().slice(0, -1);
  if (fraction === 6) return `${whole}${String(us - 1000 * Math.floor(us / 1000)).padStart(3, "0")}Z`;
  return fraction === 3 ? `${whole}Z` : `${whole.slice(0, -4)}Z`;
}

/**
 * Formats the times of a column in ISO 8601. All get as many decimals as the finest one needs, so that different times
 * never look the same.
 */
export function isoWriter(times: Float64Array): (ms: number) => string {
  let fraction: 0 | 3 | 6 = 0;
  for (const ms of times) {
    const needed = isDate(ms) ? fractionOf(ms) : 0;
    if (needed > fraction) fraction = needed;
    if (fraction === 6) break;
  }
  return (ms) => (isDate(ms) ? isoTime(ms, fraction) : "");
}

/** A value with the unit in its column's name, such as 0.12 V. */
export function quantity(value: number, column: string, digits = 3): string {
  const unit = unitOf(column);
  return number(value, digits) + (unit === undefined ? "" : ` ${unit}`);
}
