/** The inputs of one step of a stream as scaled features, with the last values of those that are missing. */
import { display } from "../../fault.ts";
import type { FeatureRules } from "./features.ts";
import { partsOfGaps } from "./gaps.ts";
import { type Scaler, scaled } from "./scaler.ts";
import { dataError } from "./words.ts";

/** For each input the last value, scaled, or the position of the last label; then how many rows ago each was measured. */
export type HeldInputs = Float32Array;

/** Before the first row nothing can be held. */
export const startOfHeld = ({ inputs, gaps }: FeatureRules): HeldInputs =>
  Float32Array.from({ length: 2 * inputs.length }, (_, i) => (i < inputs.length ? 0 : partsOfGaps(gaps).rows + 1));

/** The features of one step. */
export interface StepFeatures {
  /** (features), scaled; NaN where missing. */
  x: Float32Array;
  /** Names of the inputs that were missing and filled, and of those that were missing and not filled. */
  filled: string[];
  interrupted: string[];
  held: HeldInputs;
}

/** @throws DataError for inputs that are omitted, of the wrong type, infinite or beyond float32 after scaling. */
export function stepFeatures(
  where: string,
  row: Readonly<Record<string, unknown>>,
  { inputs, features, gaps, missing }: FeatureRules,
  scaler: Scaler,
  before: HeldInputs,
): StepFeatures {
  const { rows: most } = partsOfGaps(gaps);
  const step: StepFeatures = {
    x: new Float32Array(features.length),
    filled: [],
    interrupted: [],
    held: before.slice(),
  };
  let j = 0;
  for (const [i, input] of inputs.entries()) {
    const labels: string[] = [];
    for (let k = j; k < features.length && features[k].input === input; k++) {
      const { label } = features[k];
      if (label !== undefined) labels.push(label);
    }
    const isCategory = labels.length > 0;
    const value = isCategory ? position(where, input, row[input], labels) : number(where, input, row[input], missing);
    const isMissing = Number.isNaN(value);
    const age = isMissing ? before[inputs.length + i] + 1 : 0;
    step.held[inputs.length + i] = Math.min(age, most + 1);
    const isFilled = isMissing && age <= most;
    if (isFilled) step.filled.push(input);
    else if (isMissing) step.interrupted.push(input);
    for (; j < features.length && features[j].input === input; j++) {
      const { label, filled } = features[j];
      if (isMissing && !isFilled) step.x[j] = Number.NaN;
      else if (filled) step.x[j] = scaled(isFilled ? 1 : 0, scaler, j);
      else if (label !== undefined) {
        const own = isFilled ? before[i] : value;
        step.x[j] = scaled(labels[own] === label ? 1 : 0, scaler, j);
        step.held[i] = own;
      } else {
        step.x[j] = isFilled ? before[i] : scaled(value, scaler, j);
        if (!Number.isFinite(step.x[j])) throw dataError("beyond-scale", { column: input, received: value }, where);
        step.held[i] = step.x[j];
      }
    }
  }
  return step;
}

/** A number; NaN for a code of a missing value. */
function number(where: string, column: string, value: unknown, missing: readonly number[]): number {
  if (typeof value !== "number") throw dataError("no-value", { column, received: received(value) }, where);
  return missing.includes(value) ? Number.NaN : value;
}

/** The position of a text in the labels; NaN for a missing or unknown one. */
function position(where: string, column: string, value: unknown, labels: readonly string[]): number {
  if (typeof value !== "string" && !Number.isNaN(value)) {
    throw dataError("no-label", { column, labels, received: received(value) }, where);
  }
  const at = labels.indexOf(value as string);
  return at < 0 ? Number.NaN : at;
}

function received(value: unknown): string {
  if (value === undefined) return "nothing";
  return typeof value === "string" ? `"${value.slice(0, 40)}"` : display(value);
}
