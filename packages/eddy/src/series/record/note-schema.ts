/** What the notes in a file must look like; the sentences of format 1 are discarded. */
import { count, list, number, object, oneOf, positive, refuse, type Schema, text } from "../file/schema.ts";
import type { Note, NoteCode, NoteOf, NoteValues, Plan } from "./notes.ts";

const plan = object<Plan>({ epochs: positive, restarts: count });
const moment = {
  phase: oneOf("fit", "refit"),
  restart: count,
  epoch: count,
  quantity: oneOf("loss", "gradient", "validation"),
  value: text,
};

const values: { [Code in NoteCode]: Schema<NoteValues[Code]> } = {
  "test-merged": object<NoteValues["test-merged"]>({ rows: count, least: count }),
  "validation-merged": object<NoteValues["validation-merged"]>({ train: count, validation: count, least: count }),
  "no-validation": object({}),
  "parts-merged": object({}),
  "constant-input": object<NoteValues["constant-input"]>({ column: text, value: number }),
  "shortened-plan": object<NoteValues["shortened-plan"]>({ budgetMs: positive, from: plan, to: plan }),
  diverged: object<NoteValues["diverged"]>({ ...moment, backTo: count, learningRate: number }),
  "gave-up": object<NoteValues["gave-up"]>({ ...moment, retries: count }),
  refit: object({}),
  "refit-unfinished": object({}),
};

export const note: Schema<Note> = (value, path) => {
  const { code } = object<{ code: string }>({ code: text })(value, path);
  if (!Object.hasOwn(values, code)) refuse(`${path}.code`, "the code of a note", code);
  return { code, ...values[code as NoteCode](value, path) } as Note;
};

export const notes: Schema<Note[]> = (value, path) =>
  list(note)(Array.isArray(value) ? value.filter((entry) => typeof entry !== "string") : value, path);

export const mergedParts: Schema<Note[]> = (value, path) =>
  typeof value === "string" ? [{ code: "parts-merged" }] : list(note)(value, path);

export const refitNote: Schema<NoteOf<"refit">> = () => ({ code: "refit" });
