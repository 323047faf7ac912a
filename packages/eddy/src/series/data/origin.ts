/** Origin: how a model's training data was read, and its sampling interval, which other data must share. */

/**
 * How the file of the training data was read; the library keeps it with the model and returns it unchanged.
 *
 * The fields are for programs that read files: none of them changes what a model computes.
 */
export interface DataSource {
  /** Name of the time column. */
  time?: string;
  /** Format of the times, for example `%d/%m/%Y %H:%M`. */
  timeFormat?: string;
  /** Name of the column that groups the rows into series. */
  group?: string;
  /** The query whose result is the table. */
  sql?: string;
  /** The decimal separator. */
  decimal?: "point" | "comma";
  /** How unsorted rows and duplicate timestamps were repaired. */
  repairTime?: "first" | "last" | "mean";
  /** Codes for a missing value, words or numbers. */
  missing?: readonly string[];
  /** Units by column name. */
  units?: Readonly<Record<string, string>>;
  /** Anything else that the reader needs to read another such file. */
  other?: Readonly<Record<string, string | number | boolean>>;
}

/** What a model remembers of its training data. */
export interface Origin {
  /** The usual step of time in training; omitted without time. */
  stepMs?: number;
  source?: DataSource;
}

/** A source holds text, numbers, flags and lists of them, all of which JSON keeps. */
export function copyOfSource(source: DataSource): DataSource {
  return JSON.parse(JSON.stringify(source));
}
