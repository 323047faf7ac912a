/** Error messages for the use of a model: about frames, their times and values, and model files. */
import { errorsOf } from "./data-error.ts";

type Counts = { expected: number; received: number };
export type Column = { column: string };
export type Cell = { column: string; row: number };
export type InFile = { path: string; expected: string; received: string };

/** A number and its noun. */
export const counted = (value: number, singular: string, plural = `${singular}s`) =>
  `${value} ${value === 1 ? singular : plural}`;
/** Column names as a list. */
export const listed = (names: readonly string[]) => names.map((name) => `"${name}"`).join(", ") || "none";

const seconds = (ms: number) => `${Number((ms / 1000).toPrecision(6))} s`;

export const usageMessages = {
  // frames
  "column-length": ({ column, like, expected, received }: Column & { like: string } & Counts) =>
    `expected ${counted(expected, "row")} in each column, as in "${like}", received ${received} in "${column}"; mark missing values as NaN`,
  "no-column": ({ column, names }: Column & { names: readonly string[] }) =>
    `expected a column "${column}", received the columns ${listed(names)}; check the spelling of the name`,
  "no-columns": () => "expected at least one column, received none; pass for example { u: [0, 1] }",
  "column-name": ({ column }: Column) =>
    `expected non-empty column names, received "${column}"; give each column a name`,
  "not-a-number": ({ column, row, received }: Cell & { received: string }) =>
    `expected a number in column "${column}", row ${row}, received ${received}; mark a missing value as NaN or null`,
  "category-code": ({ column, row, labels, received }: Cell & { labels: number; received: number }) =>
    `expected positions from 0 to ${labels - 1} (the labels) in column "${column}", received ${received} in row ${row}; add its label`,
  "not-categories": ({ column }: Column) =>
    `expected categories in column "${column}" as in training, received numbers; pass { categories: ["${column}"] } to the frame`,
  "not-numbers": ({ column }: Column) =>
    `expected numbers in column "${column}", received categories; choose another column, or read it as numbers`,
  "group-length": ({ expected, received }: Counts) =>
    `expected a group for each of ${counted(expected, "row")}, received ${received}; pass one per row`,
  "group-code": ({ row, labels, received }: { row: number; labels: number; received: number }) =>
    `expected group codes from 0 to ${labels - 1} (the labels), received ${received} in row ${row}; add its label`,
  "group-scattered": ({ row, group }: { row: number; group: string }) =>
    `expected the rows of each group to be contiguous, received group "${group}" again in row ${row}; sort the rows by group, then by time`,
  "missing-columns": ({
    expected,
    missing,
    names,
  }: Column & { expected: readonly string[]; missing: readonly string[]; names: readonly string[] }) =>
    `expected the columns ${listed(expected)}, received a frame without ${listed(missing)}; it has ${listed(names)}`,
  "no-rows": () => "expected rows, received an empty frame; check the file or the query",

  // time
  "no-time": () => "expected a frame with time, received one without; pass { time }",
  "uneven-steps": ({ uneven }: { uneven: number }) =>
    `expected rows at a constant sampling interval, received ${uneven} irregular intervals; resample the rows, ` +
    "or omit the time to treat each row as one step",
  "time-order": ({
    row,
    untimed,
    unsorted,
    duplicates,
  }: Cell & { untimed: number; unsorted: number; duplicates: number }) => {
    const counts = [
      [untimed, "without a time"],
      [unsorted, "earlier than the previous row"],
      [duplicates, "with the same time as the previous row"],
    ] as const;
    const received = counts.filter(([count]) => count > 0).map(([count, kind]) => `${counted(count, "row")} ${kind}`);
    return `expected rows in time order, received ${received.join(", ")}, the first at row ${row}; repair them with repairTime`;
  },
  /** `moments`: the times are epoch milliseconds rather than plain numbers. */
  "other-interval": ({
    expectedMs,
    receivedMs,
    moments,
  }: {
    expectedMs: number;
    receivedMs: number;
    moments: boolean;
  }) => {
    const interval = (ms: number) => (moments ? seconds(ms) : `${Number(ms.toPrecision(6))} time units`);
    return (
      `expected a row every ${interval(expectedMs)} as in training, received one every ${interval(receivedMs)}; ` +
      "resample the rows to that interval, or train a model for this one"
    );
  },

  // values
  infinite: ({ column, row, received }: Cell & { received: number }) =>
    `expected finite numbers in column "${column}", received ${received} in row ${row}; ` +
    "mark it as missing (NaN) or omit the column",
  "beyond-scale": ({ column, row, received }: Column & { row?: number; received: number }) =>
    `expected values like those of the training rows in column "${column}", received ${received}` +
    `${row === undefined ? "" : ` in row ${row}`}; mark it as missing (NaN) if it is not a measurement`,
  "beyond-output": ({ row, received }: { row?: number; received: string }) =>
    `expected inputs like those of the training rows, received values${row === undefined ? "" : ` in row ${row}`} that ` +
    `lead to a prediction of ${received}; mark them as missing (NaN) if they are not measurements`,
  "no-value": ({ column, received }: Column & { received: string }) =>
    `expected a number as "${column}", received ${received}; pass NaN for a missing value`,
  "no-label": ({ column, labels, received }: Column & { labels: readonly string[]; received: string }) =>
    `expected one of ${listed(labels)} as "${column}", received ${received}; pass NaN for a missing value`,

  // model files
  "weights-alone": () =>
    "expected a model written by Model.toBytes, received only weights, without settings and scalers; " +
    "read them with fromSafetensors and loadStateDict",
  "damaged-model": ({ path, expected, received }: InFile) =>
    `expected ${expected} as ${path}, received ${received}; the file is damaged, or was written by a newer version of Eddy`,
};

export const dataError = errorsOf(usageMessages);
