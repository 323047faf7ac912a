// How columns relate: correlations at several lags, constant steps, and values that stand for missing ones.

/** The values of a column in stretches of consecutive rows, one after the other; NaN if missing. */
export interface Values {
  values: Float64Array;
  /** Number of rows in each stretch. */
  stretch: number;
}

/** The lags at which an input is compared with the target: rows by which it is earlier, and rows by which it is later. */
const maxDelay = 256;
const maxLead = 32;
/** The number of rows in which lags are compared. */
const maxLagRows = 16_384;
const lagPiece = 1024;

/**
 * Pearson's correlation of a, `lag` rows earlier, with b, over the rows in which both are present; NaN if one of them is constant
 * there.
 */
export function correlation({ values: a, stretch }: Values, { values: b }: Values, lag = 0): number {
  const paired = [...pairedRows({ length: b.length, stretch }, lag)];
  let rows = 0;
  let sumA = 0;
  let sumB = 0;
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (const { from, to } of paired) {
    for (let row = from; row < to; row++) {
      const x = a[row - lag]!;
      const y = b[row]!;
      if (!Number.isFinite(x - y)) continue; // NaN if one is missing
      rows++;
      sumA += x;
      sumB += y;
    }
  }
  const meanA = sumA / rows;
  const meanB = sumB / rows;
  for (const { from, to } of paired) {
    for (let row = from; row < to; row++) {
      const x = a[row - lag]! - meanA;
      const y = b[row]! - meanB;
      if (!Number.isFinite(x - y)) continue;
      ab += x * y;
      aa += x * x;
      bb += y * y;
    }
  }
  return ab / Math.sqrt(aa * bb);
}

/** The rows, within some of all rows, whose row `lag` rows before is in the same stretch. */
function* pairedRows({ length, stretch }: { length: number; stretch: number }, lag: number, start = 0, end = length) {
  for (let row = start; row < end; ) {
    const first = row - (row % stretch);
    const next = Math.min(length, first + stretch);
    yield { from: Math.max(row, first + lag), to: Math.min(end, next, next + lag) };
    row = next;
  }
}

/** Closer to 1 than this, two columns differ by rounding. */
const sameCorrelation = 1 - 1e-9;

/** How an input relates to the target. */
export interface Relation {
  /** The correlation in the same row. */
  correlation: number;
  /** The lag with the largest correlation, if it is clearly larger than in the same row: rows by which the input is earlier. */
  lag: number;
  /** The correlation at that lag. */
  atLag: number;
  /** Whether the input is the target of another row, or a linear function of it: then the lag says of which. */
  copy: boolean;
}

/** A larger correlation at another lag matters if 1 − r² is smaller by this share. */
const lagGain = 0.05;
/** Of two neighbouring rows of a smooth signal, one predicts the other well: a copy is closer by this factor. */
const copyFactor = 100;
const copyCorrelation = 1 - 1e-6;

/** Compares an input with the target at all lags. */
export function relationOf(input: Values, target: Values): Relation {
  const same = correlation(input, target);
  const none: Relation = { correlation: same, lag: 0, atLag: same, copy: Math.abs(same) > sameCorrelation };
  if (none.copy || Number.isNaN(same)) return none;
  const found = roughLags(input, target);
  const best = [...found.keys()].reduce((a, b) => (Math.abs(found.get(b)!) > Math.abs(found.get(a)!) ? b : a), 0);
  if (best === 0) return none;
  const atLag = correlation(input, target, best);
  const rest = 1 - atLag * atLag;
  if (!(rest < (1 - lagGain) * (1 - same * same)) || best === maxDelay) return none;
  const neighbours = [best - 1, best + 1].map((lag) => 1 - Math.abs(correlation(input, target, lag)));
  const copy =
    Math.abs(atLag) > copyCorrelation && neighbours.every((other) => other > copyFactor * (1 - Math.abs(atLag)));
  return { correlation: same, lag: best, atLag, copy };
}

/** The correlation at each lag in some of the rows, where missing values count as the mean. */
function roughLags(input: Values, target: Values): Map<number, number> {
  const { stretch, values } = target;
  const length = values.length;
  const pieces = Math.ceil(length / lagPiece);
  const every = Math.max(1, Math.ceil(length / maxLagRows));
  const [a, b] = [centred(input.values), centred(values)];
  const reach = Math.floor(Math.min(stretch, length) / 4);
  const found = new Map<number, number>();
  for (let lag = -Math.min(maxLead, reach); lag <= Math.min(maxDelay, reach); lag++) {
    let [ab, aa, bb] = [0, 0, 0];
    for (let piece = 0; piece < pieces; piece += every) {
      const end = Math.min(length, (piece + 1) * lagPiece);
      for (const { from, to } of pairedRows({ length, stretch }, lag, piece * lagPiece, end)) {
        for (let row = from; row < to; row++) {
          const x = a[row - lag]!;
          const y = b[row]!;
          ab += x * y;
          aa += x * x;
          bb += y * y;
        }
      }
    }
    if (aa * bb > 0) found.set(lag, ab / Math.sqrt(aa * bb));
  }
  return found;
}

function centred(values: Float64Array): Float64Array {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  const mean = sum / Math.max(1, count);
  return values.map((value) => (Number.isNaN(value) ? 0 : value - mean));
}

/** The fewest values from which a constant step is concluded. */
const minKnown = 20;

/** Whether these are row numbers, identifiers or times: values that change in one direction by a nearly constant step. */
export function isCounter({ values, stretch }: Values): boolean {
  const known = values.subarray(0, Math.min(stretch, 2048)).filter((value) => !Number.isNaN(value));
  if (known.length < minKnown) return false;
  const steps = known.subarray(1).map((value, i) => value - known[i]!);
  const median = Float64Array.from(steps).sort()[Math.floor(steps.length / 2)]!;
  const same = steps.filter((step) => Math.abs(step - median) <= 0.01 * Math.abs(median)).length;
  return median !== 0 && steps.every((step) => step * median > 0) && same >= 0.9 * steps.length;
}

/** The share of rows in which all columns are present. */
export function completeShare(columns: readonly Values[]): number {
  const rows = columns[0]!.values.length;
  let complete = 0;
  for (let row = 0; row < rows; row++) if (columns.every(({ values }) => !Number.isNaN(values[row]))) complete++;
  return rows === 0 ? 0 : complete / rows;
}

/** A run of equal values. */
export interface Run {
  row: number;
  rows: number;
}

/** A run is suspicious if it is this long and this many times longer than the next shorter ones usually are. */
const minRun = 30;
const runFactor = 10;
/** A value that is never negative and returns to zero this often, such as rain, is not suspicious at zero. */
const minZeroRuns = 10;

/** The longest run of equal values of a column that otherwise changes from row to row; for contiguous values. */
export function frozenRun({ values }: Values): Run | undefined {
  let [longest, start, changes, steps]: [Run, number, number, number] = [{ row: 0, rows: 0 }, 0, 0, 0];
  const ordinary = returnsToZero(values) ? 0 : Number.NaN;
  for (let row = 1; row <= values.length; row++) {
    const same = row < values.length && values[row] === values[row - 1];
    if (row < values.length && !Number.isNaN(values[row]! - values[row - 1]!))
      [steps, changes] = [steps + 1, changes + (same ? 0 : 1)];
    if (same) continue;
    if (row - start > longest.rows && values[start] !== ordinary) longest = { row: start, rows: row - start };
    start = row;
  }
  const others = steps - longest.rows + 1;
  const typical = others / Math.max(1, changes);
  return longest.rows >= minRun && changes > 0.5 * others && longest.rows > runFactor * typical ? longest : undefined;
}

function returnsToZero(values: Float64Array): boolean {
  let runs = 0;
  for (const [row, value] of values.entries()) {
    if (value < 0) return false;
    if (value === 0 && values[row - 1] !== 0) runs++;
  }
  return runs >= minZeroRuns;
}
