/** Errors and notes in English, and the types of all their codes. */
import { display, fault } from "../fault.ts";
import { DataError, type ValuesOf } from "./data/data-error.ts";
import type { repairWords } from "./data/repair-time.ts";
import type { useWords } from "./data/words.ts";
import { type Note, noteWords } from "./record/notes.ts";
import type { settingsWords } from "./settings/words.ts";
import type { trainingWords } from "./training/words.ts";

type ErrorWords = typeof useWords & typeof repairWords & typeof settingsWords & typeof trainingWords;

export type DataErrorCode = keyof ErrorWords;

/** The values that belong to each code of a `DataError`. */
export type DataErrorValues = ValuesOf<ErrorWords>;

/** A note, or a DataError without its `where`, in English. */
export function describe(described: Note | DataError): string {
  if (described instanceof DataError) return described.describe();
  if (typeof described !== "object" || described === null) {
    throw fault("type", "describe", "a note or a DataError", display(described));
  }
  const { code } = described;
  if (!Object.hasOwn(noteWords, code)) throw fault("type", "describe", "the code of a note", display(code));
  return (noteWords[code] as (values: Note) => string)(described);
}
