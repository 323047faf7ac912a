/** The rules for the notes in a file; the texts of format 1 are discarded. */
import { finite, oneOf, positive, type Rule, refuse, text, wholeNumber } from "../../nn/options.ts";
import { list, object } from "../settings/schema.ts";
import type { Note, NoteCode, NoteOf, NoteValues, Plan } from "./notes.ts";

const planFields = object<Plan>({ epochs: positive, networks: wholeNumber });

/** Notes of formats 1 and 2 count restarts. */
const plan: Rule<Plan> = (value, path) =>
  planFields(
    renamed(value, (restarts) => ({ networks: restarts + 1 })),
    path,
  );

function renamed(value: unknown, rename: (restarts: number) => object): unknown {
  const { restarts, restart = restarts } = (value ?? {}) as { restarts?: unknown; restart?: unknown };
  return typeof restart === "number" ? { ...rename(restart), ...(value as object) } : value;
}

const position = {
  phase: oneOf("fit", "refit"),
  network: wholeNumber,
  epoch: wholeNumber,
  quantity: oneOf("loss", "gradient", "validation"),
  value: text,
};

const rowCounts = { rows: wholeNumber, of: wholeNumber };

const values: { [Code in NoteCode]: Rule<NoteValues[Code]> } = {
  "test-merged": object<NoteValues["test-merged"]>({ rows: wholeNumber, least: wholeNumber }),
  "validation-merged": object<NoteValues["validation-merged"]>({
    train: wholeNumber,
    validation: wholeNumber,
    least: wholeNumber,
  }),
  "no-validation": object({}),
  "parts-merged": object({}),
  "constant-input": object<NoteValues["constant-input"]>({ column: text, value: finite }),
  "filled-rows": object<NoteValues["filled-rows"]>({
    ...rowCounts,
    fill: oneOf("hold", "interpolate"),
    most: wholeNumber,
    columns: list(text),
    marked: list(text),
  }),
  "unpredicted-rows": object<NoteValues["unpredicted-rows"]>({ ...rowCounts, most: wholeNumber }),
  "excluded-rows": object<NoteValues["excluded-rows"]>(rowCounts),
  "unknown-label": object<NoteValues["unknown-label"]>({ column: text, label: text, rows: wholeNumber }),
  "beyond-bounds": object<NoteValues["beyond-bounds"]>({ column: text, rows: wholeNumber, low: text, high: text }),
  "shortened-plan": object<NoteValues["shortened-plan"]>({ budgetMs: positive, from: plan, to: plan }),
  diverged: object<NoteValues["diverged"]>({ ...position, backTo: wholeNumber, learningRate: finite }),
  "gave-up": object<NoteValues["gave-up"]>({ ...position, retries: wholeNumber }),
  refit: object({}),
  "refit-unfinished": object({}),
};

export const note: Rule<Note> = (value, path) => {
  const { code } = object<{ code: string }>({ code: text })(value, path);
  if (!Object.hasOwn(values, code)) refuse(`${path}.code`, "the code of a note", code);
  const known = values[code as NoteCode](
    renamed(value, (restart) => ({ network: restart })),
    path,
  );
  return { code, ...known } as Note;
};

export const notes: Rule<Note[]> = (value, path) =>
  list(note)(Array.isArray(value) ? value.filter((entry) => typeof entry !== "string") : value, path);

export const mergedParts: Rule<Note[]> = (value, path) =>
  typeof value === "string" ? [{ code: "parts-merged" }] : list(note)(value, path);

export const refitNote: Rule<NoteOf<"refit">> = () => ({ code: "refit" });
