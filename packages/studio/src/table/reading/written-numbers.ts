// Reads the numbers of a column of text with the signs that were detected for it.
import { missingWords, noCounts, type SignCounts, type Signs, signNames, signPatterns } from "@eddy/ui/reading";

const missing = new Set(missingWords);
const longestWord = Math.max(...missingWords.map((word) => word.length));

/** Whether a value is one of the words for a missing value. */
export function isMissing(text: string): boolean {
  return text.length <= longestWord && missing.has(text.toLowerCase());
}

const plain = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
/** A decimal point that cannot separate thousands: the most frequent numbers by far. */
const clearPoint = /^[+-]?(?:(?:0\d*|\d{4,})?\.\d*|\d+\.(?:\d{0,2}|\d{4,}))$/;
const whole = signNames.map((name) => [name, new RegExp(`^(?:${signPatterns[name]})$`)] as const);

/** Most texts that are no numbers are times; this spares them the patterns below. */
const isClock = (text: string) => text.includes(":");

export const startCounts = (): SignCounts => ({ ...noCounts });

/** Counts how a value is written; returns whether its sign is ambiguous. */
export function addToCounts(counts: SignCounts, text: string): boolean {
  if (!/[.,\s'’]/.test(text) || isClock(text)) return false;
  if (clearPoint.test(text)) {
    counts.pointDecimal++;
    return false;
  }
  let either = false;
  for (const [name, pattern] of whole) {
    if (!pattern.test(text)) continue;
    counts[name]++;
    either ||= name === "commaEither" || name === "pointEither";
  }
  return either;
}

const separators = { ".": "\\.", ",": ",", " ": "[ \\u00a0\\u2009\\u202f]", "'": "['’]" };

/** The reader of a column's numbers: NaN for other values. */
export function numberReader({ decimal, thousands }: Signs): (text: string) => number {
  const group = thousands && separators[thousands];
  const point = separators[decimal];
  const grouped = group && new RegExp(`^[+\\-−]?\\d{1,3}(?:${group}\\d{3})+(?:${point}\\d*)?$`);
  const groups = group && new RegExp(group, "g");
  return (text) => {
    if (decimal === "." && plain.test(text)) return Number(text);
    if (isClock(text)) return Number.NaN;
    let bare = grouped && groups && grouped.test(text) ? text.replace(groups, "") : text;
    if (decimal === ",") {
      if (bare.includes(".")) return Number.NaN;
      bare = bare.replace(",", ".");
    }
    bare = bare.replace("−", "-").replace(/[dD](?=[+-]?\d)/, "e"); // the minus sign U+2212; Fortran exponents
    if (plain.test(bare)) return Number(bare);
    if (/^[+-]?inf(inity)?$/i.test(bare)) return bare.startsWith("-") ? -Infinity : Infinity;
    return /^true$/i.test(bare) ? 1 : /^false$/i.test(bare) ? 0 : Number.NaN;
  };
}
