// Finds the number that probably stands for missing values in a column.

/** The fewest values from which it is concluded. */
const minKnown = 20;

/** The values that loggers write for missing ones: nines, powers of ten and the limits of integers. */
const usualCode = /^-?(9{2,}(\.9+)?|[1-9]0{2,}|32767|32768|65535|2147483647|2147483648)$|^-?\d(\.\d+)?e\+\d\d/;
/** The gap between such a value and the others, as a share of their range, and of any other value. */
const usualGap = 0.1;
const otherGap = 3;

/** The lowest or highest value of a column if it probably stands for missing ones: repeated, and far from all others. */
export function missingCodeOf(values: Float64Array): number | undefined {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  if (sorted.length < minKnown) return undefined;
  const [low, high] = [sorted[0]!, sorted.at(-1)!];
  const afterLow = sorted.findIndex((value) => value !== low);
  const beforeHigh = sorted.findLastIndex((value) => value !== high);
  if (afterLow < 0) return undefined;
  for (const [code, others, gap, repeated] of [
    [low, sorted.subarray(afterLow), sorted[afterLow]! - low, afterLow],
    [high, sorted.subarray(0, beforeHigh + 1), high - sorted[beforeHigh]!, sorted.length - 1 - beforeHigh],
  ] as const) {
    const range = others.at(-1)! - others[0]!;
    const varied = new Set(others.subarray(0, 2000)).size >= 10;
    const needed = (usualCode.test(String(code)) ? usualGap : otherGap) * range;
    if (repeated >= 2 && varied && gap > needed && Math.abs(code) > 1) return code;
  }
  return undefined;
}
