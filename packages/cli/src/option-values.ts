// Turns the words after an option into numbers and choices, or says what was expected instead.
import { UsageError } from "./failure.ts";
import type { Texts } from "./language.ts";

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

/** One of a few words. */
export function choice<const Choice extends string>(texts: Texts, flag: string, choices: readonly Choice[]) {
  return (word: string): Choice => {
    const found = choices.find((one) => one === word);
    if (found !== undefined) return found;
    throw new UsageError(texts.wrongValue(flag, texts.oneOf(choices.join(", ")), word, choices[0]!));
  };
}
