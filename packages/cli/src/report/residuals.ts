// Residuals and their autocorrelation.
import { autocorrelation } from "eddy/series";
import type { Autocorrelation } from "../../page/report-data.js";
import type { Stretch } from "./predicted.ts";
import { rounded } from "./signals.ts";

const maxLags = 60;

/** Measured minus predicted. */
export function residualsOf({ frame, predicted }: Stretch, target: string): Float64Array {
  const predictions = predicted.column(target);
  return frame.column(target).map((value, row) => value - predictions[row]!);
}

/**
 * The autocorrelation from lag 1, with the band that contains 95 % of the values of white noise.
 *
 * A lag is one row or, if most rows are not measured, the median distance between measured values. Values of different
 * stretches are never compared.
 */
export function correlogram(stretches: readonly Float64Array[]): Autocorrelation {
  const rowsApart = medianDistance(stretches);
  const known = (residuals: Float64Array) => residuals.filter((value) => !Number.isNaN(value));
  const used = rowsApart > 1 ? stretches.map(known) : stretches;
  const longest = used.reduce((most, { length }) => Math.max(most, length), 0);
  const rows = used.reduce((sum, residuals) => sum + known(residuals).length, 0);
  const lags = Math.min(maxLags, Math.max(1, Math.floor(longest / 4)), longest - 1);
  if (lags < 1 || rows < 2) return { values: [], band: 1, rowsApart };
  // Missing values between the stretches, as many as there are lags, separate them.
  const joined = new Float64Array(used.reduce((sum, { length }) => sum + length + lags, -lags)).fill(Number.NaN);
  let at = 0;
  for (const residuals of used) {
    joined.set(residuals, at);
    at += residuals.length + lags;
  }
  const values = Array.from(autocorrelation(joined, lags).subarray(1), (value) =>
    Number.isFinite(value) ? rounded(value) : null,
  );
  return { values, band: 1.96 / Math.sqrt(rows), rowsApart };
}

/** The median number of rows from one known value to the next. */
function medianDistance(stretches: readonly Float64Array[]): number {
  const distances: number[] = [];
  for (const residuals of stretches) {
    let lastKnown = -1;
    for (let row = 0; row < residuals.length; row++) {
      if (Number.isNaN(residuals[row])) continue;
      if (lastKnown >= 0) distances.push(row - lastKnown);
      lastKnown = row;
    }
  }
  distances.sort((a, b) => a - b);
  return distances[Math.floor((distances.length - 1) / 2)] ?? 1;
}
