/** Features: the numbers that a model receives for each row, made from its input columns. */
import type { Paced } from "../pace.ts";
import { Frame } from "./frame.ts";
import { carriedRows, filledColumn, type Gaps } from "./gaps.ts";
import { dataError } from "./words.ts";

/** One number of a row: the value of an input, whether that value was filled in, or whether a category has this label. */
export interface Feature {
  /** Unique among the features and targets of a model. */
  name: string;
  input: string;
  filled?: boolean;
  label?: string;
}

/** How a model makes its features. */
export interface FeatureRules {
  inputs: readonly string[];
  features: readonly Feature[];
  gaps: Gaps;
  /** Numbers that stand for a missing value. */
  missing: readonly number[];
}

/** The features of inputs that have numbers and no common gaps: their values. */
export const plainFeatures = (inputs: readonly string[]): Feature[] => inputs.map((input) => ({ name: input, input }));

export const featureNames = ({ features }: Pick<FeatureRules, "features">): string[] =>
  features.map(({ name }) => name);

/** The features of a frame. */
export interface FeatureRows {
  /** The features and targets by name; NaN where missing or excluded. */
  frame: Frame;
  /** For each input with filled gaps, 1 in the rows where it was filled. */
  filled: ReadonlyMap<string, Uint8Array>;
}

/**
 * Makes the features of a frame, and takes its columns `others` over; missing-value codes and excluded rows become NaN.
 *
 * A label that the model does not know is a missing value.
 */
export function* featureRows(
  where: string,
  frame: Frame,
  { inputs, features, gaps, missing }: FeatureRules,
  others: readonly string[] = [],
): Paced<FeatureRows> {
  const ranges = carriedRows(frame);
  const filled = new Map<string, Uint8Array>();
  const columns = new Map<string, Float64Array>();
  for (const input of inputs) {
    const own = features.filter((feature) => feature.input === input);
    const labels = own.flatMap(({ label }) => label ?? []);
    checkKind(where, frame, input, labels.length > 0);
    const measured = cleanColumn(frame, input, missing);
    const known = labels.length > 0 ? recoded(measured, frame.categories.get(input)!, labels) : measured;
    const { values, marks } = filledColumn(known, ranges, gaps, labels.length > 0);
    if (marks !== undefined) filled.set(input, marks);
    for (const { name, label, filled: isMark } of own) {
      if (isMark)
        columns.set(
          name,
          withGapsOf(values, (row) => marks?.[row] ?? 0),
        );
      else if (label === undefined) columns.set(name, values);
      else {
        const position = labels.indexOf(label);
        columns.set(
          name,
          withGapsOf(values, (row) => (values[row] === position ? 1 : 0)),
        );
      }
    }
    yield;
  }
  for (const name of others) {
    checkKind(where, frame, name, false);
    columns.set(name, cleanColumn(frame, name, missing));
    yield;
  }
  return { frame: new Frame(columns, frame.rowOptions), filled };
}

function checkKind(where: string, frame: Frame, column: string, isCategory: boolean): void {
  if (frame.categories.has(column) === isCategory) return;
  throw dataError(isCategory ? "not-categories" : "not-numbers", { column }, where);
}

/** A column without missing-value codes and excluded rows; the column itself if it has none. */
export function cleanColumn(frame: Frame, name: string, missing: readonly number[]): Float64Array {
  const values = frame.column(name);
  const codes = frame.categories.has(name) ? [] : missing;
  const { excluded } = frame;
  if (excluded === undefined && !(codes.length > 0 && values.some((value) => codes.includes(value)))) return values;
  return values.map((value, row) => (excluded?.[row] || codes.includes(value) ? Number.NaN : value));
}

/** Positions in the labels of a model, from positions in the labels of a frame. */
function recoded(codes: Float64Array, from: readonly string[], to: readonly string[]): Float64Array {
  const positions = from.map((label) => to.indexOf(label));
  return codes.map((code) => {
    const position = Number.isNaN(code) ? -1 : positions[code];
    return position < 0 ? Number.NaN : position;
  });
}

/** NaN where a value is missing. */
const withGapsOf = (values: Float64Array, of: (row: number) => number): Float64Array =>
  values.map((value, row) => (Number.isNaN(value) ? Number.NaN : of(row)));
