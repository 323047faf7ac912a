/** Origin: how a model's training data was read, and its sampling interval, which all other data must have, too. */

/**
 * How the file of the training data was read; the library keeps it with the model and returns it unchanged.
 *
 * The fields are for programs that read files; none of them affects what a model computes.
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
  /** Codes for a missing value, as text: words or numbers. */
  missing?: readonly string[];
  /** The intervals into which the rows were resampled, for example `10s`, and how columns were summarised, for example `pulses=sum`. */
  every?: string;
  everyBy?: string;
  /** The condition that rows meet; the others were excluded. */
  when?: string;
  /** Units by column name. */
  units?: Readonly<Record<string, string>>;
  /** Other settings that the reader needs to read a similar file. */
  other?: Readonly<Record<string, string | number | boolean>>;
}

/** What is stored with a model about its training data. */
export interface Origin {
  /** The median time step of the training data; undefined if it had no time. */
  stepMs?: number;
  source?: DataSource;
}

/** A copy by way of JSON, which preserves the text, numbers, flags and lists of a source. */
export function copyOfSource(source: DataSource): DataSource {
  return JSON.parse(JSON.stringify(source));
}
