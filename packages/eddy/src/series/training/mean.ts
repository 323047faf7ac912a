/** The mean of a few numbers, and how uncertain it is. */

/** The mean of the numbers that are not NaN, and its standard error. */
export function meanOf(values: readonly number[]): { mean: number; standardError: number } {
  const known = values.filter((value) => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / Math.max(1, known.length);
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardError: known.length < 2 ? 0 : Math.sqrt(squares / (known.length - 1) / known.length) };
}
