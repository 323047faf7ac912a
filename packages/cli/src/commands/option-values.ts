// Reads the words after an option as numbers, choices, shares, times and names, or reports what was expected.
import { mismatchOf, type Rule } from "eddy/series";
import { UsageError } from "../failure.ts";
import type { Texts } from "../texts/languages.ts";

/** A whole number of at least `minimum`, written in digits. */
export function wholeNumber(texts: Texts, flag: string, minimum: number, example: number) {
  return (word: string): number => {
    const value = Number(word);
    if (/^\d+$/.test(word) && Number.isSafeInteger(value) && value >= minimum) return value;
    throw new UsageError(texts.wrongValue(flag, texts.wholeNumber(minimum), word, String(example)));
  };
}

/** A finite number above zero, such as 0.02 or 2e-2. */
export function positiveNumber(texts: Texts, flag: string, example: number) {
  return (word: string): number => {
    const value = Number(word);
    if (word.trim() !== "" && Number.isFinite(value) && value > 0) return value;
    throw new UsageError(texts.wrongValue(flag, texts.positiveNumber, word, String(example)));
  };
}

/** A number that one of the library's rules accepts. */
export function numberBy(rule: Rule, texts: Texts, flag: string, example: string) {
  return (word: string): number => {
    const value = word.trim() === "" ? Number.NaN : Number(word);
    const mismatch = mismatchOf(rule, value);
    if (mismatch === undefined) return value;
    throw new UsageError(texts.wrongValue(flag, texts.numberRule(mismatch.expected), word, example));
  };
}

/** One of a few words. */
export function choice<const Choice extends string>(texts: Texts, flag: string, choices: readonly Choice[]) {
  return (word: string): Choice => {
    const found = choices.find((one) => one === word);
    if (found !== undefined) return found;
    throw new UsageError(texts.wrongValue(flag, texts.oneOf(choices.join(", ")), word, choices[0]!));
  };
}

/** A share of the rows above 0 and below 1: 25%, 25 % or 0.25. */
export function share(texts: Texts, flag: string, example: string) {
  return (word: string): number => {
    const value = shareOf(word);
    if (value !== undefined) return value;
    throw new UsageError(texts.wrongValue(flag, texts.share, word, example));
  };
}

export function shareOf(word: string): number | undefined {
  const [, digits, sign] = /^([\d.]+)\s*(%?)$/.exec(word.trim()) ?? [];
  const value = Number(digits) / (sign ? 100 : 1);
  return value > 0 && value < 1 ? value : undefined;
}

/** Milliseconds of 90s, 5m, 1h, 500ms or plain seconds; Infinity for `none`. */
export function timeSpan(texts: Texts, flag: string, example: string) {
  const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 };
  return (word: string): number => {
    if (word === "none") return Number.POSITIVE_INFINITY;
    const [, digits, unit] = /^(\d*\.?\d+)\s*(ms|s|min|m|h|)$/.exec(word.trim()) ?? [];
    const value = Number(digits) * units[unit || "s"]!;
    if (value > 0 && Number.isFinite(value)) return value;
    throw new UsageError(texts.wrongValue(flag, texts.span, word, example));
  };
}

/** Names with commas between them, each once; a name in double quotes may hold a comma. */
export function columnNames(texts: Texts, flag: string) {
  return (word: string, before: readonly string[] = []): string[] => {
    const names = [...word.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,]*))\s*(?:,|$)/g)]
      .map(([, quoted, plain]) => (quoted === undefined ? plain!.trim() : quoted.replaceAll('""', '"')))
      .filter((name) => name !== "");
    if (names.length === 0) throw new UsageError(texts.wrongValue(flag, texts.columnNames, word, "a,b"));
    return [...new Set([...before, ...names])];
  };
}
