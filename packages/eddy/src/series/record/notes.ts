/** Notes on a training: codes with values, and their English text. */
import { counted, listed } from "../data/words.ts";

/** The planned length of a training. */
export interface Plan {
  epochs: number;
  networks: number;
}

/** A position in a training. */
export interface TrainingPosition {
  phase: "fit" | "refit";
  /** From 0. */
  network: number;
  /** From 1. */
  epoch: number;
}

/** The quantity that was not finite or too large; its value is text, since JSON has no NaN. */
export interface Divergence {
  quantity: "loss" | "gradient" | "validation";
  value: string;
}

/** A number of rows, and the number of all rows. */
interface RowCounts {
  rows: number;
  of: number;
}

/** How rows were filled, in which columns, and which of these have a feature that says so. */
interface Filling {
  fill: "hold" | "interpolate";
  most: number;
  columns: readonly string[];
  marked: readonly string[];
}

const digits = (value: number) => Number(value.toPrecision(3));
const planned = ({ epochs, networks }: Plan) =>
  `${counted(networks, "network")} trained for ${counted(digits(epochs), "epoch")}`;
const position = ({ phase, network, epoch }: TrainingPosition) =>
  `${phase === "refit" ? "final training, " : ""}network ${network + 1}, epoch ${epoch}`;
const quantities = { loss: "a loss of", gradient: "a gradient of norm", validation: "a validation error of" };
const cause = ({ quantity, value }: Divergence) => `training diverged (${quantities[quantity]} ${value})`;

export const noteMessages = {
  "test-merged": ({ rows, least }: { rows: number; least: number }) =>
    `The test part would have ${counted(rows, "usable row")}, fewer than ${least}: its rows were added to the other parts. There is no ` +
    "test score, because no rows were held out.",
  "validation-merged": ({ train, validation, least }: { train: number; validation: number; least: number }) =>
    `Training and validation would have ${train} and ${counted(validation, "usable row")}, and each needs ${least}: ${sameRows}`,
  "no-validation": () => `The validation share is 0: ${sameRows}`,
  "parts-merged": () => "Parts of the data were merged because they had too few rows: the scores are less reliable.",
  "constant-input": ({ column, value }: { column: string; value: number }) =>
    `Input "${column}" has one value, ${value}, in every training row: it has no influence.`,
  "filled-rows": ({ rows, of, fill, most, columns, marked }: RowCounts & Filling) =>
    `${counted(rows, "row")} of ${of} had missing values of ${listed(columns)}, which were ` +
    `${fill === "hold" ? "filled with the last value" : "interpolated"}, in gaps of up to ${counted(most, "row")}` +
    `${marked.length > 0 ? `; the model is told where ${listed(marked)} was missing` : ""}.`,
  "unpredicted-rows": ({ rows, of, most }: RowCounts & { most: number }) =>
    `${counted(rows, "row")} of ${of} had missing inputs${most > 0 ? " beyond that" : ""}: there is no prediction, and the state starts ` +
    "again after them.",
  "excluded-rows": ({ rows, of }: RowCounts) =>
    `${counted(rows, "row")} of ${of} were excluded; the state starts again after them.`,
  "unknown-label": ({ column, label, rows }: { column: string; label: string; rows: number }) =>
    `Column "${column}" has the value "${label}" in ${counted(rows, "row")}, which the training rows do not have: it counts as missing.`,
  "beyond-bounds": ({ column, rows, low, high }: { column: string; rows: number; low: string; high: string }) =>
    `${counted(rows, "measured value")} of "${column}" ${rows === 1 ? "lies" : "lie"} outside its bounds, ${low} to ${high}.`,
  "shortened-plan": ({ budgetMs, from, to }: { budgetMs: number; from: Plan; to: Plan }) =>
    `The budget of ${digits(budgetMs / 1000)} s shortens the plan from ${planned(from)} to ${planned(to)}.`,
  diverged: (at: TrainingPosition & Divergence & { backTo: number; learningRate: number }) =>
    `${position(at)}: ${cause(at)}; returned to the weights after epoch ${at.backTo} with learning rate ${digits(at.learningRate)}`,
  "gave-up": (at: TrainingPosition & Divergence & { retries: number }) =>
    `${position(at)}: ${cause(at)} again after ${counted(at.retries, "retry", "retries")} at lower learning rates; the network was left out`,
  refit: () =>
    "The networks were trained further on all rows, validation and test included. The scores are those of the model " +
    "before that, which had not seen those rows; no rows are left to score the final model on.",
  "refit-unfinished": () => "The final training on all rows was not completed: this is the model that was scored.",
};

const sameRows =
  "both use the same rows. Early stopping and the choice of the model use rows that it was trained on, so the validation " +
  "scores measure how well it reproduces known rows, not how well it predicts new ones.";

export type NoteCode = keyof typeof noteMessages;

/** The values of each code. */
export type NoteValues = {
  readonly [Code in NoteCode]: Parameters<(typeof noteMessages)[Code]> extends [infer Values]
    ? Values
    : Record<never, never>;
};

/** The notes with these codes. */
export type NoteOf<Codes extends NoteCode> = { [Code in Codes]: { code: Code } & NoteValues[Code] }[Codes];

/** A code with its values, for programs and translations; `describe` returns the text. */
export type Note = NoteOf<NoteCode>;
