/** The error of the series room: a code and values, and the one sentence that is made of them. */
import { display, fault } from "../../fault.ts";
import { type Note, noteWords } from "../record/notes.ts";
import { type DataErrorCode, type DataErrorValues, errorWords } from "../training/words.ts";

/**
 * Thrown for data, settings, files and checkpoints that cannot be used; the message says expected, received and remedy.
 *
 * `code` says what is wrong and `values` with what, for programs and translations. `row` counts from 0 within the frame; a
 * reader of files adds what stands above the first row.
 * @example catch (error) { if (error instanceof DataError) console.log(error.code, error.column, error.row); }
 */
export class DataError<Code extends DataErrorCode = DataErrorCode> extends Error {
  override readonly name = "DataError";
  /** Who refused, for example `Regressor.fit`; the message begins with it. */
  readonly where: string | undefined;
  readonly code: Code;
  readonly values: DataErrorValues[Code];

  constructor(code: Code, values: DataErrorValues[Code], where?: string) {
    const sentence = inWords(errorWords, code, values);
    super(where === undefined ? sentence : `${where}: ${sentence}`);
    this.where = where;
    this.code = code;
    this.values = values;
  }

  get row(): number | undefined {
    return (this.values as { row?: number }).row;
  }

  get column(): string | undefined {
    return (this.values as { column?: string }).column;
  }
}

/** A note, or an error without its owner, in English. */
export function describe(told: Note | DataError): string {
  if (typeof told !== "object" || told === null)
    throw fault("type", "describe", "a note or a DataError", display(told));
  return told instanceof DataError ? inWords(errorWords, told.code, told.values) : inWords(noteWords, told.code, told);
}

function inWords(words: object, code: string, values: object): string {
  if (!Object.hasOwn(words, code)) throw fault("type", "describe", "a code of a note or an error", display(code));
  return (words as Record<string, (values: object) => string>)[code](values);
}
