/** What each error of the series room says in English, from its code and its values; `note-words.ts` has the notes. */
import { counted, type NoteOf } from "../record/notes.ts";

const listed = (names: readonly string[]) => names.map((name) => `"${name}"`).join(", ") || "none";
const shown = (value: unknown) => (typeof value === "string" ? `"${value.slice(0, 40)}"` : String(value));
const seconds = (ms: number) => `${Number((ms / 1000).toPrecision(6))} s`;

type Column = { column: string };
type Cell = { column: string; row: number };

/** Each gives a sentence without its owner: "expected …, received …; remedy". Rows count from 0. */
export const errorWords = {
  // frames
  "column-length": ({ column, like, expected, received }: Column & { like: string } & Counts) =>
    `expected ${counted(expected, "row")} in each column as in "${like}", received ${received} in "${column}"; mark missing values as NaN`,
  "no-column": ({ column, names }: Column & { names: readonly string[] }) =>
    `expected a column "${column}", received the columns ${listed(names)}; check the name's spelling`,
  "no-columns": () => "expected at least one column, received none; pass for example { u: [0, 1] }",
  "column-name": ({ column }: Column) =>
    `expected names of columns that are not empty, received ${shown(column)}; give each column a name`,
  "not-a-number": ({ column, row, received }: Cell & { received: string }) =>
    `expected a number in column "${column}", row ${row}, received ${received}; NaN or null marks a missing value`,
  "group-length": ({ expected, received }: Counts) =>
    `expected a group for each of ${counted(expected, "row")}, received ${received}; pass one per row`,
  "group-code": ({ row, labels, received }: { row: number; labels: number; received: number }) =>
    `expected group codes from 0 to ${labels - 1} (the labels), received ${received} in row ${row}; add its label`,
  "group-scattered": ({ row, group }: { row: number; group: string }) =>
    `expected the rows of each group together, received group "${group}" again in row ${row}; sort the rows by group, then by time`,
  "missing-columns": ({ expected, missing, names }: Named) =>
    `expected the columns ${listed(expected)}, received a frame without ${listed(missing)}; it has ${listed(names)}`,
  "no-rows": () => "expected rows, received a frame without any; check the file or the query",

  // time
  "no-time": () => "expected a frame with time, received one without; pass { time }",
  "uneven-steps": ({ uneven }: { uneven: number }) =>
    `expected rows at equal steps in time, received ${uneven} steps of other lengths; resample them, ` +
    "or leave the time out to take each row as one step",
  "time-order": ({ row, untimed, unsorted, duplicates }: Cell & TimeFaults) => {
    const found = [
      [untimed, "without a time"],
      [unsorted, "earlier than the row before"],
      [duplicates, "at the time of the row before"],
    ] as const;
    const told = found
      .filter(([count]) => count > 0)
      .map(([count, kind]) => `${count} ${count === 1 ? "row" : "rows"} ${kind}`);
    return `expected rows in the order of time, received ${told.join(", ")}, the first at row ${row}; repair them with repairTime`;
  },
  "untimed-rows": ({ row, count }: Cell & { count: number }) =>
    `expected a time in every row, received ${count} without one, the first in row ${row}; leave those rows out`,
  "unsorted-rows": ({ row, count }: Cell & { count: number }) =>
    `expected rows in the order of time, received ${count} that are not, the first in row ${row}; pass { sort: true }`,
  "duplicate-times": ({ row, count }: Cell & { count: number }) =>
    `expected each time once, received ${count} rows of the same time, row ${row} among them; ` +
    'pass { duplicates: "first", "last" or "mean" }',
  "long-gap": ({ row, most, missing, stepMs }: Cell & { most: number; missing: number; stepMs: number }) =>
    `expected gaps that ${most} rows fill, received one of ${counted(missing, "row")} at the usual step ${stepMs} before row ${row}; ` +
    "split the file there, or leave the gaps: they end a run without being filled",
  "other-interval": ({ expectedMs, receivedMs, moments }: Interval) => {
    const every = (ms: number) => (moments ? seconds(ms) : `${Number(ms.toPrecision(6))} units of time`);
    return (
      `expected a row every ${every(expectedMs)} as in training, received one every ${every(receivedMs)}; ` +
      "resample the rows to that interval, or train a model for this one"
    );
  },

  // values
  infinite: ({ column, row, received }: Cell & { received: number }) =>
    `expected finite numbers in column "${column}", received ${received} in row ${row}; ` +
    "mark it as missing (NaN) or leave the column out",
  "all-missing": ({ column }: Column) =>
    `expected numbers in column "${column}", received none in the training rows: all are missing; ` +
    "choose another column or another split",
  "beyond-float64": ({ column, received }: Column & { received: number }) =>
    `expected values whose squares a float64 can add up, received up to ${received} in column "${column}"; ` +
    "divide the column by a power of ten",
  outlier: ({ column, row, received, spread, median }: Cell & { received: number; spread: number; median: number }) =>
    `expected values of one size in column "${column}", received ${received} in row ${row} where the middle half lies ` +
    `within ${spread} around ${median}; mark it as missing (NaN) if it is no measurement`,
  "beyond-scale": ({ column, row, received }: Column & { row?: number; received: number }) =>
    `expected numbers like those of the training rows in column "${column}", received ${received}` +
    `${row === undefined ? "" : ` in row ${row}`}; mark it as missing (NaN) if it is no measurement`,
  "beyond-output": ({ row, received }: { row?: number; received: string }) =>
    `expected inputs like those of the training rows, received values${row === undefined ? "" : ` in row ${row}`} that ` +
    `lead to ${received}; mark them as missing (NaN) if they are no measurements`,
  "no-value": ({ column, received }: Column & { received: string }) =>
    `expected a number as "${column}", received ${received}; pass NaN where it is missing`,

  // what a fit needs
  "input-and-target": ({ column }: Column) =>
    `expected targets that are no inputs, received "${column}" as both; a target's own values would give it away`,
  "too-many-weights": ({ received, most }: { received: number; most: number }) =>
    `expected a network of at most ${most} weights, received sizes that make ${received}; choose a smaller hiddenSize or fewer layers`,
  "duplicate-name": ({ column, role }: Column & { role: "inputs" | "targets" }) =>
    `expected ${role} with each name once, received "${column}" twice; leave one out`,
  "no-training-share": ({ validation, test }: { validation: number; test: number }) =>
    `expected shares of validation and test that leave rows to train on, received ${validation} and ${test}; for example 0.25 and 0.2`,
  "few-training-rows": ({ least, received, rows }: { least: number; received: number; rows: number }) =>
    `expected at least ${least} training rows with all inputs and a target, received ${received} of ${counted(rows, "row")}; ` +
    "bring more rows, or choose columns with fewer missing values",
  "few-scored-rows": ({ part, least, received, rows, washout }: PartRows) =>
    `expected at least ${least} rows with all inputs and a target in the ${part} part, received ${received} of ${counted(rows, "row")}` +
    `${washout > 0 ? ` (washout leaves out ${washout} after each start)` : ""}; ` +
    `bring more rows, or choose columns with fewer missing values${washout > 0 ? ", another split or a smaller washout" : " or another split"}`,
  "nothing-to-score": ({ rows }: { rows: number }) =>
    `expected rows with all inputs and a target, received none in ${counted(rows, "row")}; check for missing values and washout`,
  "constant-target": ({ column, value }: Column & { value: number }) =>
    `expected a target that changes, received "${column}" with ${value} in every training row; ` +
    "there is nothing to learn: choose another target or more rows",
  "constant-inputs": ({ columns }: Column & { columns: readonly string[] }) =>
    `expected an input that changes, received ${listed(columns)} with one value${columns.length === 1 ? "" : " each"} in every training row; ` +
    "choose other inputs or more rows",
  diverged: ({ last }: { last: NoteOf<"diverged" | "gave-up"> | undefined }) =>
    `expected a training that comes to an end, received one that diverged at every rate${
      last === undefined ? "" : ` (${last.quantity} ${last.value} in epoch ${last.epoch})`
    }; lower learningRate or clip, and look for outliers in the columns`,

  // what has to be done before
  "fit-under-way": () =>
    "expected one fit at a time, received a second one; wait for the first or make another Regressor",
  "no-fit": () => "expected a fit that has begun, received none; call fit first",
  untrained: () => "expected a trained model, received one without a fit; call fit, or read one with fromBytes",
  "unknown-input": ({ column, inputs }: Column & { inputs: readonly string[] }) =>
    `expected an input of the model (${listed(inputs)}), received "${column}"; check the name's spelling`,
  unfinished: () =>
    "expected a model whose fit came to its end, received one whose fit was left; run the fit to its end",
  "short-runs": ({ least, longest }: { least: number; longest: number }) =>
    `expected a run of at least ${least} rows with all inputs, received ${longest} at most; bring more rows`,

  // files
  "weights-alone": () =>
    "expected a model that Regressor.toBytes wrote, received weights alone, without settings and scalers; " +
    "read them with fromSafetensors and loadStateDict",
  "damaged-model": ({ path, expected, received }: InFile) =>
    `expected ${expected} as ${path}, received ${received}; the file is damaged, or written by a newer Eddy`,
  "damaged-checkpoint": ({ path, expected, received }: InFile) =>
    `expected ${expected} as ${path}, received ${received}; the file is damaged, or no checkpoint of this Eddy`,
  "other-setting": ({ name, expected, received }: { name: string; expected: string; received: string }) =>
    `expected the settings of the checkpoint, received ${name} = ${received} where it has ${expected}; ` +
    "leave it as it was, or start anew without resume",
  "other-data": ({ part, what, column }: { part: DataPart; what: DataAspect; column?: string }) =>
    `expected the rows that the checkpoint was made with, received another ${what}` +
    `${column === undefined ? "" : ` "${column}"`} in the ${part} data; ` +
    "pass the same frame, validation and test, or start anew without resume",
};

type Counts = { expected: number; received: number };
type Named = Column & { expected: readonly string[]; missing: readonly string[]; names: readonly string[] };
type TimeFaults = { untimed: number; unsorted: number; duplicates: number };
type PartRows = {
  part: "training" | "validation" | "test";
  least: number;
  received: number;
  rows: number;
  washout: number;
};
/** `moments` where times are epoch milliseconds rather than plain numbers. */
type Interval = { expectedMs: number; receivedMs: number; moments: boolean };
type InFile = { path: string; expected: string; received: string };

/** Which of the frames of a fit differs from the checkpoint's. */
export type DataPart = "training" | "validation" | "test";
/** What of it differs. */
export type DataAspect = "number of rows" | "time" | "grouping" | "split" | "input" | "target";

export type DataErrorCode = keyof typeof errorWords;

/** The values that belong to each code. */
export type DataErrorValues = {
  readonly [Code in DataErrorCode]: Parameters<(typeof errorWords)[Code]> extends [infer Values]
    ? Readonly<Values>
    : Readonly<Record<never, never>>;
};
