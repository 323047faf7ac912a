/** Errors and notes in English, and the types of all their codes. */
import { display, fault } from "../fault.ts";
import { DataError, type ValuesOf } from "./data/data-error.ts";
import type { repairMessages } from "./data/repair-time.ts";
import type { resampleMessages } from "./data/resample.ts";
import type { usageMessages } from "./data/words.ts";
import type { forecastMessages } from "./forecast/words.ts";
import { type Note, noteMessages } from "./record/notes.ts";
import type { settingsMessages } from "./settings/words.ts";
import type { trainingMessages } from "./training/words.ts";

type ErrorMessages = typeof usageMessages &
  typeof forecastMessages &
  typeof repairMessages &
  typeof resampleMessages &
  typeof settingsMessages &
  typeof trainingMessages;

export type DataErrorCode = keyof ErrorMessages;

/** The values of each code of a `DataError`. */
export type DataErrorValues = ValuesOf<ErrorMessages>;

/** A note, or a DataError without its `where`, in English. */
export function describe(noteOrError: Note | DataError): string {
  if (noteOrError instanceof DataError) return noteOrError.describe();
  if (typeof noteOrError !== "object" || noteOrError === null) {
    throw fault("type", "describe", "a note or a DataError", display(noteOrError));
  }
  const { code } = noteOrError;
  if (!Object.hasOwn(noteMessages, code)) throw fault("type", "describe", "the code of a note", display(code));
  return (noteMessages[code] as (values: Note) => string)(noteOrError);
}
