/** Notes: what a fit has to tell beside its scores, as codes and values, and what each says in English. */

/** A plan of trainings. */
export interface Plan {
  epochs: number;
  restarts: number;
}

/** Where in a fit something happened. */
export interface Moment {
  phase: "fit" | "refit";
  /** 0 for the first training. */
  restart: number;
  /** From 1. */
  epoch: number;
}

/** What was no longer a number, or too large, and its value as text, since JSON has no NaN. */
export interface Divergence {
  quantity: "loss" | "gradient" | "validation";
  value: string;
}

/** The number and its noun. */
export const counted = (value: number, one: string, others = `${one}s`) => `${value} ${value === 1 ? one : others}`;

const digits = (value: number) => Number(value.toPrecision(3));
const told = ({ epochs, restarts }: Plan) =>
  `${restarts === 0 ? "" : `${restarts + 1} trainings of `}${counted(digits(epochs), "epoch")}`;
const moment = ({ phase, restart, epoch }: Moment) =>
  `${phase === "refit" ? "final training, " : restart > 0 ? `restart ${restart}, ` : ""}epoch ${epoch}`;
const quantities = { loss: "a loss of", gradient: "a gradient of norm", validation: "a validation error of" };
const cause = ({ quantity, value }: Divergence) => `training diverged (${quantities[quantity]} ${value})`;

export const noteWords = {
  "test-merged": ({ rows, least }: { rows: number; least: number }) =>
    `The test part would have ${counted(rows, "usable row")}, fewer than ${least}: its rows went to the other parts. There is no ` +
    "test score, and no row was kept back from every choice.",
  "validation-merged": ({ train, validation, least }: { train: number; validation: number; least: number }) =>
    `Training and validation would get ${train} and ${counted(validation, "usable row")}, and each needs ${least}: ${sameRows}`,
  "no-validation": () => `No validation part was asked for: ${sameRows}`,
  "parts-merged": () => "Parts of the data were merged for lack of rows: the scores deserve less trust.",
  "constant-input": ({ column, value }: { column: string; value: number }) =>
    `Input "${column}" has one value, ${value}, in every training row: it counts for nothing.`,
  "shortened-plan": ({ budgetMs, from, to }: { budgetMs: number; from: Plan; to: Plan }) =>
    `The budget of ${digits(budgetMs / 1000)} s shortens the plan from ${told(from)} to ${told(to)}.`,
  diverged: (at: Moment & Divergence & { backTo: number; learningRate: number }) =>
    `${moment(at)}: ${cause(at)}; back to the weights after epoch ${at.backTo}, learning rate ${digits(at.learningRate)} from there on`,
  "gave-up": (at: Moment & Divergence & { retries: number }) =>
    `${moment(at)}: ${cause(at)} again after ${counted(at.retries, "retry", "retries")} at lower rates; it ends here`,
  refit: () =>
    "This model is the chosen one, trained on with all rows, validation and test included. The scores belong to the model " +
    "before it, which had not seen them; nothing is left to score this one on.",
  "refit-unfinished": () =>
    "The final training on all rows was not finished: this is the model that the scores belong to.",
};

const sameRows =
  "both are the same rows. The model stops and is chosen on rows that it learns from, so the validation scores " +
  "say how well it repeats what it has seen, not how well it predicts what comes.";

export type NoteCode = keyof typeof noteWords;

/** The values that belong to each code. */
export type NoteValues = {
  readonly [Code in NoteCode]: Parameters<(typeof noteWords)[Code]> extends [infer Values]
    ? Values
    : Record<never, never>;
};

/** The notes of some codes. */
export type NoteOf<Codes extends NoteCode> = { [Code in Codes]: { code: Code } & NoteValues[Code] }[Codes];

/** A code with its values, for programs and translations; `describe` words it. */
export type Note = NoteOf<NoteCode>;
