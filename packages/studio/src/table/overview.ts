// The overview of a table: range, gaps and a small curve of each column, and the columns that are probably meant.
import { missingCodeOf } from "@eddy/ui/reading";
import { Frame, inspectTime } from "eddy/series";
import type { ColumnOverview, Sparkline, TableOverview } from "./protocol.ts";
import type { Column, Table } from "./reading/table.ts";

const sparklineParts = 160;
/** The values among which a code of missing ones is looked for, evenly spread. */
const codeSamples = 65_536;

export function overviewOf({ rows, columns }: Table): TableOverview {
  return { rows, columns: columns.map(columnOverview) };
}

function columnOverview(column: Column): ColumnOverview {
  const { name, kind, missing, values, labelled, times, timeKind, madeOf, problem, timeProblem } = column;
  const shown = kind === "time" ? times : kind === "category" ? labelled?.codes : values;
  const mayBeTime = times !== undefined || timeProblem !== undefined;
  return {
    ...{ name, kind, mayBeTime, timeKind, missing, problem, timeProblem },
    ...{ madeOf, labels: kind === "category" ? labelled?.labels : undefined },
    mayBeGroup: kind !== "time" && labelled !== undefined && mayBeGroup(labelled.labels.length, labelled.codes.length),
    missingCode: kind === "number" && values ? missingCodeOf(sampled(values)) : undefined,
    ...missingRanges(shown),
    ...rangeOf(shown),
    sparkline: shown && kind !== "time" ? sparklineOf(shown) : undefined,
    steps: times && timeProblem === undefined ? stepsOf(times) : undefined,
  };
}

const mayBeGroup = (labels: number, rows: number) => labels >= 2 && 2 * labels <= rows;

function sampled(values: Float64Array): Float64Array {
  const every = Math.ceil(values.length / codeSamples);
  return every === 1
    ? values
    : Float64Array.from({ length: Math.floor(values.length / every) }, (_, i) => values[i * every]!);
}

function missingRanges(values: Float64Array | undefined): { gaps: number; longestGap: number } {
  let [gaps, longestGap, length] = [0, 0, 0];
  for (const value of values ?? []) {
    length = Number.isNaN(value) ? length + 1 : 0;
    if (length === 1) gaps++;
    if (length > longestGap) longestGap = length;
  }
  return { gaps, longestGap };
}

function rangeOf(values: Float64Array | undefined): { low: number; high: number } {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values ?? []) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? { low, high } : { low: Number.NaN, high: Number.NaN };
}

function sparklineOf(values: Float64Array): Sparkline {
  const parts = Math.min(sparklineParts, values.length);
  const low = new Float32Array(parts).fill(Number.NaN);
  const high = new Float32Array(parts).fill(Number.NaN);
  for (const [row, value] of values.entries()) {
    const part = Math.floor((row * parts) / values.length);
    if (!(value >= low[part]!)) low[part] = Number.isNaN(value) ? low[part]! : value;
    if (!(value <= high[part]!)) high[part] = Number.isNaN(value) ? high[part]! : value;
  }
  return { low, high };
}

function stepsOf(times: Float64Array): ColumnOverview["steps"] {
  const { stepMs, gaps, regular } = inspectTime(new Frame({}, { time: times }));
  return { stepMs, gaps: gaps.count, missingRows: gaps.missingRows, regular };
}
