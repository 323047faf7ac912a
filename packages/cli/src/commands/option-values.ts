// Parsers of option values: numbers, choices, shares, durations and names.

import { namesIn } from "@eddy/ui/results";
import { type Gaps, mismatchOf, type Rule } from "eddy/series";
import { UsageError } from "../failure.ts";
import type { Texts } from "../texts/languages.ts";

/** An integer of at least `minimum`, in decimal digits. */
export function integer(texts: Texts, flag: string, minimum: number, example: number) {
  return (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= minimum) return value;
    throw new UsageError(texts.wrongValue(flag, texts.integer(minimum), text, String(example)));
  };
}

/** A finite number above zero, such as 0.02 or 2e-2. */
export function positiveNumber(texts: Texts, flag: string, example: number) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() !== "" && Number.isFinite(value) && value > 0) return value;
    throw new UsageError(texts.wrongValue(flag, texts.positiveNumber, text, String(example)));
  };
}

/** A number that satisfies one of the library's rules. */
export function numberBy(rule: Rule, texts: Texts, flag: string, example: string) {
  return (text: string): number => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    const mismatch = mismatchOf(rule, value);
    if (mismatch === undefined) return value;
    throw new UsageError(texts.wrongValue(flag, texts.numberRule(mismatch.expected), text, example));
  };
}

/** A rule for gaps in the library's notation. */
export function gapsBy(rule: Rule, texts: Texts, flag: string, example: string) {
  return (text: string): Gaps => {
    if (mismatchOf(rule, text) === undefined) return text as Gaps;
    throw new UsageError(texts.wrongValue(flag, texts.gapsRule, text, example));
  };
}

/** One of several choices. */
export function choice<const Choice extends string>(texts: Texts, flag: string, choices: readonly Choice[]) {
  return (text: string): Choice => {
    const chosen = choices.find((name) => name === text);
    if (chosen !== undefined) return chosen;
    throw new UsageError(texts.wrongValue(flag, texts.oneOf(choices.join(", ")), text, choices[0]!));
  };
}

/** A share of the rows, above 0 and below 1: 25%, 25 % or 0.25. */
export function share(texts: Texts, flag: string, example: string) {
  return (text: string): number => {
    const value = shareOf(text);
    if (value !== undefined) return value;
    throw new UsageError(texts.wrongValue(flag, texts.share, text, example));
  };
}

export function shareOf(text: string): number | undefined {
  const [, digits, percent] = /^([\d.]+)\s*(%?)$/.exec(text.trim()) ?? [];
  const value = Number(digits) / (percent ? 100 : 1);
  return value > 0 && value < 1 ? value : undefined;
}

/** The probability of intervals, which the library limits to 50% to 99%; false for `none`. */
export function intervalLevel(texts: Texts, flag: string) {
  return (text: string): number | false => {
    if (text === "none") return false;
    const value = shareOf(text);
    if (value !== undefined && value >= 0.5 && value <= 0.99) return value;
    throw new UsageError(texts.wrongValue(flag, texts.level, text, "80%"));
  };
}

/** A duration such as 90s, 5m, 1h, 500ms or plain seconds, in milliseconds; Infinity for `none`. */
export function timeSpan(texts: Texts, flag: string, example: string) {
  const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 };
  return (text: string): number => {
    if (text === "none") return Number.POSITIVE_INFINITY;
    const [, digits, unit] = /^(\d*\.?\d+)\s*(ms|s|min|m|h|)$/.exec(text.trim()) ?? [];
    const value = Number(digits) * units[unit || "s"]!;
    if (value > 0 && Number.isFinite(value)) return value;
    throw new UsageError(texts.wrongValue(flag, texts.span, text, example));
  };
}

/** Comma-separated column names, without duplicates; a name in double quotes may contain commas. */
export function columnNames(texts: Texts, flag: string) {
  return (text: string, before: readonly string[] = []): string[] => {
    const names = namesIn(text);
    if (names.length === 0) throw new UsageError(texts.wrongValue(flag, texts.columnNames, text, "a,b"));
    return [...new Set([...before, ...names])];
  };
}
