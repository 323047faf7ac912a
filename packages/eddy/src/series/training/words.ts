/** Error messages of training and of the functions around it: about data, the order of calls and checkpoints. */
import { errorsOf } from "../data/data-error.ts";
import { type Cell, type Column, counted, type InFile, listed } from "../data/words.ts";
import type { NoteOf } from "../record/notes.ts";
import type { DataAspect, DataPart } from "./fingerprint.ts";

export const trainingMessages = {
  // scalers
  "all-missing": ({ column }: Column) =>
    `expected numbers in column "${column}", received only missing values in the training rows; ` +
    "choose another column or another split",
  "too-many-labels": ({ column, most, received }: Column & { most: number; received: number }) =>
    `expected at most ${most} different texts in column "${column}", received ${received}; choose another column, or merge rare texts`,
  "beyond-float64": ({ column, received }: Column & { received: number }) =>
    `expected values whose squares a float64 can sum, received up to ${received} in column "${column}"; ` +
    "divide the column by a power of ten",
  outlier: ({ column, row, received, spread, median }: Cell & { received: number; spread: number; median: number }) =>
    `expected values of similar magnitude in column "${column}", received ${received} in row ${row}, where the interquartile ` +
    `range is ${spread} and the median ${median}; mark it as missing (NaN) if it is not a measurement`,

  // data
  "few-training-rows": ({ least, received, rows }: { least: number; received: number; rows: number }) =>
    `expected at least ${least} training rows with all inputs and a target, received ${received} of ${counted(rows, "row")}; ` +
    "provide more rows, or choose columns with fewer missing values",
  "few-scored-rows": ({
    part,
    least,
    received,
    rows,
    washout,
  }: {
    part: DataPart;
    least: number;
    received: number;
    rows: number;
    washout: number;
  }) =>
    `expected at least ${least} rows with all inputs and a target in the ${part} part, received ${received} of ${counted(rows, "row")}` +
    `${washout > 0 ? ` (washout excludes ${washout} after each start of the state)` : ""}; ` +
    `provide more rows, or choose columns with fewer missing values${washout > 0 ? ", another split or a smaller washout" : " or another split"}`,
  "nothing-to-score": ({ rows }: { rows: number }) =>
    `expected rows with all inputs and a target, received none in ${counted(rows, "row")}; check for missing values and washout`,
  "constant-target": ({ column, value }: Column & { value: number }) =>
    `expected a target that varies, received "${column}" with ${value} in every training row; ` +
    "choose another target or provide more rows",
  "constant-inputs": ({ columns }: Column & { columns: readonly string[] }) =>
    `expected an input that varies, received ${listed(columns)} with one value${columns.length === 1 ? "" : " each"} in every training row; ` +
    "choose other inputs or provide more rows",
  "short-segments": ({ least, longest }: { least: number; longest: number }) =>
    `expected at least ${least} consecutive rows with all inputs, received at most ${longest}; provide more rows`,
  diverged: ({ last }: { last: NoteOf<"diverged" | "gave-up"> | undefined }) =>
    `expected a training that converges, received one that diverged at every learning rate${
      last === undefined ? "" : ` (${last.quantity} ${last.value} in epoch ${last.epoch})`
    }; lower learningRate or clip, and look for outliers in the columns`,

  // order of calls
  "already-iterated": () =>
    "expected one loop over a training, received a second one; call train again for a new training",
  "not-started": () =>
    "expected a training that has started, received one that has not; iterate over the training first",
  untrained: () => "expected a training with a validated model, received none yet; wait for a report with validation",
  unfinished: () =>
    "expected a model whose training was completed, received one whose training was interrupted; iterate to the end",
  "unknown-input": ({ column, inputs }: Column & { inputs: readonly string[] }) =>
    `expected an input of the model (${listed(inputs)}), received "${column}"; check the spelling of the name`,

  // continuing from a model
  "fixed-by-model": ({ name, expected, received }: { name: string; expected: string; received: string }) =>
    `expected the settings of the model in from, received ${name} = ${received} instead of ${expected}; ` +
    "omit the setting, or train a new model without from",
  "other-targets": ({ expected, received }: { expected: readonly string[]; received: readonly string[] }) =>
    `expected two models with the same targets, received ${listed(expected)} and ${listed(received)}; compare models of the same targets`,

  // checkpoints
  "damaged-checkpoint": ({ path, expected, received }: InFile) =>
    `expected ${expected} as ${path}, received ${received}; the file is damaged, or not a checkpoint of this version of Eddy`,
  "other-setting": ({ name, expected, received }: { name: string; expected: string; received: string }) =>
    `expected the settings of the checkpoint, received ${name} = ${received} instead of ${expected}; ` +
    "keep the setting, or start again without resume",
  "other-data": ({ part, what, column }: { part: DataPart; what: DataAspect; column?: string }) =>
    `expected the data of the checkpoint, received a different ${what}` +
    `${column === undefined ? "" : ` "${column}"`} in the ${part} data; ` +
    "pass the same frame, validation, test and networks, or start again without resume",
};

export const trainingError = errorsOf(trainingMessages);
