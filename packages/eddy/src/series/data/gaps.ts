/** Gaps: the rule for missing inputs, and the values that fill them. */
import { rule } from "../../nn/options.ts";
import type { Frame } from "./frame.ts";
import type { Rows } from "./rows.ts";
import { timeGaps } from "./time.ts";

/**
 * What happens where an input is missing. `hold:N` repeats its last value for up to N rows, `interpolate:N` connects the values
 * before and after a gap of up to N rows by a straight line. Beyond that, and with `restart`, the row is not predicted, and
 * the state starts again after it.
 */
export type Gaps = "restart" | `hold:${number}` | `interpolate:${number}`;

const written = /^(?:restart|(hold|interpolate):([1-9]\d{0,8}))$/;

export const gapsRule = rule<Gaps>(
  'hold:N or interpolate:N with a number of rows N, or "restart"',
  (value) => typeof value === "string" && written.test(value),
);

/** The parts of the rule: the way of filling, and the most rows that are filled; 0 for `restart`. */
export function partsOfGaps(gaps: Gaps): { fill: "hold" | "interpolate"; rows: number } {
  const [, fill = "hold", rows = "0"] = written.exec(gaps)!;
  return { fill: fill as "hold" | "interpolate", rows: Number(rows) };
}

/** The rows over which values may be carried: each series, cut at gaps in time and at excluded rows. */
export function carriedRows(frame: Frame): Rows[] {
  const { excluded } = frame;
  const gaps = timeGaps(frame);
  let nextGap = 0;
  const ranges: Rows[] = [];
  for (const { start, end } of frame.series()) {
    let from = start;
    const close = (to: number, next: number) => {
      if (from < to) ranges.push({ start: from, end: to });
      from = next;
    };
    for (let row = start; row < end; row++) {
      if (gaps[nextGap] === row) {
        close(row, row);
        nextGap++;
      }
      if (excluded?.[row]) close(row, row + 1);
    }
    close(end, end);
  }
  return ranges;
}

/** A column whose gaps are filled, and 1 for each filled row; the column itself, without marks, if it has none to fill. */
export interface Filled {
  values: Float64Array;
  marks?: Uint8Array;
}

/** Fills the gaps of a column within ranges of rows; the position of a label is never interpolated. */
export function filledColumn(values: Float64Array, ranges: readonly Rows[], gaps: Gaps, isCategory: boolean): Filled {
  const { fill, rows } = partsOfGaps(gaps);
  if (rows === 0 || !values.some(Number.isNaN)) return { values };
  const filled = values.slice();
  const marks = new Uint8Array(values.length);
  for (const { start, end } of ranges) {
    for (let row = start, last = -1; row < end; row++) {
      if (!Number.isNaN(values[row])) {
        last = row;
        continue;
      }
      let next = row + 1;
      while (next < end && Number.isNaN(values[next])) next++;
      const known = last >= 0 && (fill === "hold" || (next < end && next - row <= rows));
      for (let at = row; known && at < Math.min(next, row + rows); at++) {
        const step = fill === "hold" || isCategory ? 0 : (at - last) / (next - last);
        filled[at] = step === 0 ? values[last] : values[last] + step * (values[next] - values[last]);
        marks[at] = 1;
      }
      row = next - 1;
    }
  }
  return { values: filled, marks };
}
