// The columns of a report's data: the course, range, gaps and suspicions of each.
import type { Frame, Model } from "eddy/series";
import { analyse, type Suspicion } from "../overview/analysis.ts";
import type { ColumnOverview } from "../overview/overview.ts";
import type { Values } from "../overview/relations.ts";

/** A column with numbers, as the report draws it. */
export interface DrawnColumn {
  name: string;
  role: "input" | "target";
  low: number;
  high: number;
  missing: number;
  rows: number;
  /** Lowest and highest value of consecutive parts of the rows; NaN where all are missing. */
  course: [low: number, high: number][];
}

export interface ReportColumns {
  columns: DrawnColumn[];
  suspicions: Suspicion[];
}

const maxParts = 240;
/** Suspicions are sought in at most this many rows. */
const maxRows = 1 << 16;
/** The maximum number of columns that are drawn. */
const maxDrawn = 40;

/** The columns of a model in its data, without missing-value codes and excluded rows; categories are not drawn. */
export function columnsOfReport({ options }: Model, frame: Frame): ReportColumns {
  const { inputs, targets, missing } = options;
  const known = (name: string) =>
    frame.column(name).map((value, row) => (frame.excluded?.[row] || missing.includes(value) ? Number.NaN : value));
  const numeric = [...inputs, ...targets].filter((name) => !frame.categories.has(name));
  const columns = numeric
    .slice(0, maxDrawn)
    .map((name) => drawn(name, targets.includes(name) ? "target" : "input", known(name)));
  const overviews: ColumnOverview[] = columns.map(({ name, rows, missing, low, high }) => ({
    ...{ name, rows, missing, low, high, kind: "number" },
  }));
  const values = new Map(
    columns.map(({ name }): [string, Values] => {
      const own = known(name).subarray(0, maxRows);
      return [name, { values: own, stretch: own.length }];
    }),
  );
  const suspicions = targets.flatMap((target) => {
    const reserved = new Set(targets.filter((other) => other !== target));
    return analyse({ columns: overviews, values, labelled: [], reserved, target }).suspicions;
  });
  const distinct = new Map(suspicions.map((suspicion) => [JSON.stringify(suspicion), suspicion]));
  return { columns, suspicions: [...distinct.values()] };
}

function drawn(name: string, role: DrawnColumn["role"], values: Float64Array): DrawnColumn {
  const parts = Math.min(maxParts, values.length);
  const course = Array.from({ length: parts }, (_, part): [number, number] => {
    let [low, high] = [Number.NaN, Number.NaN];
    const end = Math.floor(((part + 1) * values.length) / parts);
    for (let row = Math.floor((part * values.length) / parts); row < end; row++) {
      if (!(values[row]! >= low)) low = Number.isNaN(values[row]!) ? low : values[row]!;
      if (!(values[row]! <= high)) high = Number.isNaN(values[row]!) ? high : values[row]!;
    }
    return [low, high];
  });
  const known = course.filter(([low]) => !Number.isNaN(low));
  return {
    name,
    role,
    low: known.reduce((least, [low]) => Math.min(least, low), Number.POSITIVE_INFINITY),
    high: known.reduce((most, [, high]) => Math.max(most, high), Number.NEGATIVE_INFINITY),
    missing: values.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0),
    rows: values.length,
    course,
  };
}
