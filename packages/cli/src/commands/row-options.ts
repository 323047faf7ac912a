// Options about the rows of a table: resampling, excluded rows, missing-value codes and bounds.
import type { Bounds, Summary } from "eddy/series";
import { UsageError } from "../failure.ts";
import type { Texts } from "../texts/languages.ts";

const units: Record<string, number> = {
  us: 0.001,
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** The length of an interval such as 10s, 5m, 1h or 1d in milliseconds; undefined if it is none. A bare number is in the unit of the times. */
export function intervalOf(text: string): number | undefined {
  const [, digits, unit] = /^(\d*\.?\d+)\s*([a-z]*)$/.exec(text.trim()) ?? [];
  const value = Number(digits) * (unit === "" ? 1 : (units[unit!] ?? Number.NaN));
  return value > 0 && Number.isFinite(value) ? value : undefined;
}

/** Checks the value of `--every` and returns it as it is. */
export function interval(texts: Texts, flag: string) {
  return (text: string): string => {
    if (intervalOf(text) !== undefined) return text;
    throw new UsageError(texts.wrongValue(flag, texts.interval, text, "10s"));
  };
}

/** Parts such as `name=value`; a name in double quotes may contain commas. Undefined if the text is something else. */
function assignments(text: string): [name: string, value: string][] | undefined {
  const found: [string, string][] = [];
  const part = /\s*(?:"((?:[^"]|"")*)"|([^",=][^,=]*?))\s*=\s*([^,\s]+)\s*(?:,|$)/gy;
  for (let match = part.exec(text); match !== null; match = part.exec(text)) {
    const [, quoted, plain, value] = match;
    found.push([quoted === undefined ? plain!.trim() : quoted.replaceAll('""', '"'), value!]);
    if (part.lastIndex === text.length) return found;
  }
  return undefined;
}

/** How `--every-by` summarises columns, by name; undefined if the text is something else. */
export function summariesOf(text: string): Record<string, Summary> | undefined {
  const parts = assignments(text);
  if (parts === undefined || parts.some(([, value]) => !/^(mean|last|sum)$/.test(value))) return undefined;
  return Object.fromEntries(parts) as Record<string, Summary>;
}

/** Checks the value of `--every-by` and returns it as it is. */
export function summaries(texts: Texts, flag: string) {
  return (text: string): string => {
    if (summariesOf(text) !== undefined) return text;
    throw new UsageError(texts.wrongValue(flag, texts.summaries, text, "flow=sum,valve=last"));
  };
}

/** A range FROM..TO, of which one may be missing; repeatable. */
export function ranges(texts: Texts, flag: string) {
  return (text: string, before: readonly string[] = []): string[] => {
    if (/^.*\S.*\.\.|\.\..*\S/.test(text)) return [...before, text];
    throw new UsageError(texts.wrongValue(flag, texts.range, text, "2024-05-01..2024-05-03"));
  };
}

const isNumber = (text: string) => text.trim() !== "" && Number.isFinite(Number(text));

/** Numbers separated by commas. */
export function numberList(texts: Texts, flag: string, example: string) {
  return (text: string): number[] => {
    const parts = text.split(",");
    if (parts.every(isNumber)) return [...new Set(parts.map(Number))];
    throw new UsageError(texts.wrongValue(flag, texts.numberList, text, example));
  };
}

/** Bounds such as level=0..100,flow=0.. */
export function bounds(texts: Texts, flag: string, example: string) {
  return (text: string): Bounds => {
    const limits = assignments(text)?.map(([name, value]) => {
      const [, low = "?", high = "?"] = /^(.*?)\.\.(.*)$/.exec(value) ?? [];
      return { name, low, high };
    });
    const isValid = (low: string, high: string) =>
      (low === "" || isNumber(low)) &&
      (high === "" || isNumber(high)) &&
      (low !== "" || high !== "") &&
      (low === "" || high === "" || Number(low) < Number(high));
    if (limits === undefined || !limits.every(({ low, high }) => isValid(low, high))) {
      throw new UsageError(texts.wrongValue(flag, texts.bounds, text, example));
    }
    const bound = (text: string) => (text === "" ? null : Number(text));
    return Object.fromEntries(limits.map(({ name, low, high }) => [name, [bound(low), bound(high)]]));
  };
}

/** Bounds as their option reads them. */
export function boundsWritten(bounds: Bounds): string {
  const written = (name: string) => (/[,="]|^\s|\s$/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);
  return Object.entries(bounds)
    .map(([name, [low, high]]) => `${written(name)}=${low ?? ""}..${high ?? ""}`)
    .join(",");
}
