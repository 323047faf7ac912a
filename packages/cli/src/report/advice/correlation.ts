// The correlation of one signal with an earlier one, within stretches of rows.

/** Pearson's r of each value of `later` with the value of `earlier` that lies `lag` rows before it; 0 if it is undefined. */
export function correlationAtLag(
  earlier: readonly Float64Array[],
  later: readonly Float64Array[],
  lag: number,
): number {
  // Distances from one value of each signal, which keep the sums of squares exact.
  const [fromX, fromY] = [earlier, later].map((parts) => firstKnown(parts)) as [number, number];
  let [n, x, y, xx, yy, xy] = [0, 0, 0, 0, 0, 0];
  for (const [i, values] of later.entries()) {
    for (let row = lag; row < values.length; row++) {
      const a = earlier[i]![row - lag]! - fromX;
      const b = values[row]! - fromY;
      if (Number.isNaN(a + b)) continue;
      n++;
      x += a;
      y += b;
      xx += a * a;
      yy += b * b;
      xy += a * b;
    }
  }
  const r = (n * xy - x * y) / Math.sqrt((n * xx - x * x) * (n * yy - y * y));
  return Number.isFinite(r) ? r : 0;
}

function firstKnown(parts: readonly Float64Array[]): number {
  for (const values of parts) {
    const value = values.find((value) => !Number.isNaN(value));
    if (value !== undefined) return value;
  }
  return 0;
}
