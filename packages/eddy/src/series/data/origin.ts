/** Where a model's data came from: how its file was read, and the sampling interval, which other data must share. */
import { DataError } from "./data-error.ts";
import type { Frame } from "./frame.ts";
import { areMoments, usualSteps } from "./time.ts";

/**
 * How the file was read that a model was trained on; the library keeps it with the model and gives it back unchanged.
 *
 * All fields are for whoever reads files: nothing here changes what a model computes.
 */
export interface DataSource {
  /** Name of the column of times. */
  time?: string;
  /** How times are written, for example `%d/%m/%Y %H:%M`. */
  timeFormat?: string;
  /** Name of the column that tells the series of each row. */
  group?: string;
  /** The query that made the table. */
  sql?: string;
  /** The sign before the decimals. */
  decimal?: "point" | "comma";
  /** What was done with rows out of order and with equal times. */
  repairTime?: "first" | "last" | "mean";
  /** Words and numbers that stand for a missing value. */
  missing?: readonly string[];
  /** Units of columns, by name. */
  units?: Readonly<Record<string, string>>;
  /** Whatever else the reader needs to read such a file alike. */
  other?: Readonly<Record<string, string | number | boolean>>;
}

/** What a model remembers of its data. */
export interface Origin {
  /** The usual step of time in training; left out where there was no time. */
  stepMs?: number;
  source?: DataSource;
}

/** The origin of a fit's data. */
export function originOf(frame: Frame, source: DataSource | undefined): Origin {
  const stepMs = frame.time === undefined ? Number.NaN : usualSteps(frame.time, frame.series()).stepMs;
  return { ...(stepMs > 0 && { stepMs }), ...(source && { source: copyOfSource(source) }) };
}

/** Intervals that differ by less, as shares, are the same one by another clock; a few steps may differ by more. */
const sameInterval = 0.01;
const sameFew = 0.2;
const fewSteps = 10;

/**
 * Throws a DataError for a frame whose rows follow one another at another interval than those of the training.
 *
 * A frame without time, or with a single row in each series, passes: nothing says that it is another interval.
 */
export function checkInterval(owner: string, frame: Frame, { stepMs: expectedMs }: Origin): void {
  const { time } = frame;
  if (time === undefined || expectedMs === undefined) return;
  const { stepMs: receivedMs, steps, spreadMs } = usualSteps(time, frame.series());
  // Where steps tremble, their median does too: by about the interquartile range over √n.
  const trembling = steps < fewSteps ? sameFew * expectedMs : (3 * spreadMs) / Math.sqrt(steps);
  if (!(Math.abs(receivedMs - expectedMs) > Math.max(sameInterval * expectedMs, trembling))) return;
  throw new DataError("other-interval", { expectedMs, receivedMs, moments: areMoments(time) }, owner);
}

/** A source holds texts, numbers, flags and lists of them, so that JSON carries all of it. */
export function copyOfSource(source: DataSource): DataSource {
  return JSON.parse(JSON.stringify(source));
}
