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
  const { known, low, high, lows, highs, afterLow, beforeHigh } = extremesOf(values);
  if (known < minKnown || low === high) return undefined;
  for (const [code, repeated, gap, range] of [
    [low, lows, afterLow - low, high - afterLow],
    [high, highs, high - beforeHigh, beforeHigh - low],
  ] as const) {
    const needed = (usualCode.test(String(code)) ? usualGap : otherGap) * range;
    if (repeated >= 2 && gap > needed && Math.abs(code) > 1 && isVaried(values, code)) return code;
  }
  return undefined;
}

/** The lowest and highest value, how often each occurs, and the values next to them. */
function extremesOf(values: Float64Array) {
  let known = 0;
  let [low, afterLow, lows] = [Infinity, Infinity, 0];
  let [high, beforeHigh, highs] = [-Infinity, -Infinity, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    known++;
    if (value < low) [afterLow, low, lows] = [low, value, 1];
    else if (value === low) lows++;
    else if (value < afterLow) afterLow = value;
    if (value > high) [beforeHigh, high, highs] = [high, value, 1];
    else if (value === high) highs++;
    else if (value > beforeHigh) beforeHigh = value;
  }
  return { known, low, high, lows, highs, afterLow, beforeHigh };
}

/** Whether a column has many values besides one. */
function isVaried(values: Float64Array, besides: number): boolean {
  const others = values.filter((value) => !Number.isNaN(value) && value !== besides).sort();
  return new Set(others.subarray(0, 2000)).size >= 10;
}
