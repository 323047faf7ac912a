/** How large the errors of one target are, in its own unit: the typical error, the error of 95 % of the rows, the largest. */
import type { Paced } from "../pace.ts";

/** Sizes of absolute errors |measured − predicted|, in the target's unit. */
export interface ErrorSizes {
  /** Half of the rows have an error of at most this: the ⌈n/2⌉-th smallest of n absolute errors. */
  typical: number;
  /** 95 % of the rows have an error of at most this: the ⌈0.95 n⌉-th smallest. */
  within95: number;
  largest: number;
  /** The row of the largest error in the scored frame, from 0; the first one if there are several. */
  largestRow: number;
}

/** The errors of one group, that is, of one series of the frame. */
export interface GroupErrors extends ErrorSizes {
  group: string;
  /** Scored rows of the group. */
  rows: number;
}

/** A series of the frame that has a name. */
export interface Group {
  label: string;
  start: number;
  end: number;
}

/** The scored rows of a column: their numbers in ascending order, and the absolute error of each. */
export interface RowErrors {
  rows: Int32Array;
  errors: Float64Array;
}

/** The sizes of the errors; undefined without rows. Reorders the errors. */
export function* errorSizes({ rows, errors }: RowErrors): Paced<ErrorSizes | undefined> {
  const { length } = errors;
  if (length === 0) return undefined;
  let at = 0;
  for (let i = 1; i < length; i++) {
    if (i % rowsPerTurn === 0) yield;
    if (errors[i] > errors[at]) at = i;
  }
  const [largest, largestRow] = [errors[at], rows[at]];
  const typical = yield* nthSmallest(errors, Math.ceil(0.5 * length));
  const within95 = yield* nthSmallest(errors, Math.ceil(0.95 * length));
  return { typical, within95, largest, largestRow };
}

/** The sizes of the errors of each group that has scored rows, in the order of the groups. */
export function* errorsByGroup({ rows, errors }: RowErrors, groups: readonly Group[]): Paced<GroupErrors[]> {
  const found: GroupErrors[] = [];
  let first = 0;
  for (const { label, start, end } of groups) {
    while (first < rows.length && rows[first] < start) first++;
    let last = first;
    while (last < rows.length && rows[last] < end) last++;
    const own = { rows: rows.subarray(first, last), errors: errors.slice(first, last) };
    const sizes = yield* errorSizes(own);
    if (sizes !== undefined) found.push({ group: label, rows: last - first, ...sizes });
    first = last;
  }
  return found;
}

const rowsPerTurn = 1 << 18;

/** The nth smallest value, from 1, by Hoare's selection: linear time on average, while a sort would block the event loop. */
function* nthSmallest(values: Float64Array, n: number): Paced<number> {
  const k = n - 1;
  let [low, high] = [0, values.length - 1];
  let steps = 0;
  while (low < high) {
    const [a, b, c] = [values[low], values[(low + high) >>> 1], values[high]];
    const pivot = Math.max(Math.min(a, b), Math.min(Math.max(a, b), c)); // the middle one of the three
    let [i, j] = [low, high];
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i <= j) {
        [values[i], values[j]] = [values[j], values[i]];
        i++;
        j--;
      }
      if (++steps % rowsPerTurn === 0) yield;
    }
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else break;
    yield;
  }
  return values[k];
}
