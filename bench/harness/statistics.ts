// Statistics of measurements: medians, the spread of rounds, and ratios within a round.

/** The q-quantile of the values, interpolated linearly. */
export function quantile(values: readonly number[], q: number): number {
  if (values.length === 0) throw new Error("quantile: expected at least one value, received none");
  const sorted = [...values].sort((a, b) => a - b);
  const position = q * (sorted.length - 1);
  const below = sorted[Math.floor(position)];
  return below + (sorted[Math.ceil(position)] - below) * (position % 1);
}

export const median = (values: readonly number[]) => quantile(values, 0.5);

/** The median over rounds, and the lowest and highest round. */
export interface Summary {
  median: number;
  lowest: number;
  highest: number;
}

export function summarize(rounds: readonly number[]): Summary {
  return { median: median(rounds), lowest: quantile(rounds, 0), highest: quantile(rounds, 1) };
}

/**
 * How many times longer one contestant took than another: the median of the ratios within each round that both ran in.
 *
 * The machine's speed changes between rounds and cancels out of a ratio within one.
 */
export function ratio(rounds: readonly number[], reference: readonly number[]): number {
  return median(rounds.slice(0, reference.length).map((value, i) => value / reference[i]));
}

/** The largest difference between values at the same positions, relative to the largest value. */
export function disagreement(values: readonly number[], reference: readonly number[]): number {
  const shared = Math.min(values.length, reference.length);
  const scale = Math.max(...reference.slice(0, shared).map(Math.abs));
  return Math.max(...values.slice(0, shared).map((value, i) => Math.abs(value - reference[i]) / scale));
}

/** Where a curve bends: two straight lines in the log-log plane that meet at the point where they fit best. */
export interface Bend {
  at: number;
  /** Slope before the bend: 0 is a constant cost, 1 a proportional one. */
  before: number;
  after: number;
}

export function bendOf(sizes: readonly number[], costs: readonly number[]): Bend {
  const points = sizes.map((size, i) => [Math.log(size), Math.log(costs[i])] as const);
  let best: (Bend & { error: number }) | undefined;
  for (let k = 1; k < points.length - 1; k++) {
    const [left, right] = [fitLine(points.slice(0, k + 1)), fitLine(points.slice(k))];
    const error = left.error + right.error;
    if (best === undefined || error < best.error) {
      best = { at: sizes[k], before: left.slope, after: right.slope, error };
    }
  }
  if (best === undefined) throw new Error(`bendOf: expected at least 3 points, received ${points.length}`);
  return { at: best.at, before: best.before, after: best.after };
}

/** Least squares: y = offset + slope · x. */
function fitLine(points: (readonly [x: number, y: number])[]): { slope: number; error: number } {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const spread = mean(points.map(([x]) => (x - meanX) ** 2));
  const slope = mean(points.map(([x, y]) => (x - meanX) * (y - meanY))) / spread;
  const error = points.reduce((sum, [x, y]) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0);
  return { slope, error };
}
