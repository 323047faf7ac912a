/** A frame prepared for a network: scaled features and targets in float32, and the segments. */
import type { Paced } from "../pace.ts";
import { type FeatureRules, featureNames } from "./features.ts";
import type { Frame } from "./frame.ts";
import { type Scaler, scaledColumns } from "./scaler.ts";
import { findSegments, type Segments } from "./segments.ts";

/** The scalers of a model. */
export interface Scalers {
  inputScaler: Scaler;
  targetScaler: Scaler;
}

/** The scaled features of a frame, and its segments. */
export interface ScaledInputs extends Segments {
  /** (rows, features); NaN where missing. */
  x: Float32Array;
}

export interface ScaledFrame extends ScaledInputs {
  frame: Frame;
  /** (rows, targets); NaN where missing or excluded as washout. */
  y: Float32Array;
  /** The same, with the values in the washout. */
  measured: Float32Array;
  targetScaler: Scaler;
}

/** Columns by name, in this order. */
export function columnsOf(frame: Frame, names: readonly string[]): Map<string, Float64Array> {
  return new Map(names.map((name) => [name, frame.column(name)]));
}

/** Scales a frame of features and finds its segments. */
export function* scaleFeatures(
  frame: Frame,
  rules: Pick<FeatureRules, "features">,
  inputScaler: Scaler,
): Paced<ScaledInputs> {
  const names = featureNames(rules);
  const x = yield* scaledColumns(inputScaler, columnsOf(frame, names), frame.length);
  return { x, ...(yield* findSegments(frame, x, names.length)) };
}

/** Scales a frame of features and targets; targets in the first `washout` rows of each segment become NaN. */
export function* scaleFrame(
  frame: Frame,
  { features, targets, washout }: Pick<FeatureRules, "features"> & { targets: readonly string[]; washout: number },
  { inputScaler, targetScaler }: Scalers,
): Paced<ScaledFrame> {
  const scaledInputs = yield* scaleFeatures(frame, { features }, inputScaler);
  const measured = yield* scaledColumns(targetScaler, columnsOf(frame, targets), frame.length);
  const y = washout === 0 ? measured : measured.slice();
  for (const { start, end } of washout === 0 ? [] : scaledInputs.segments) {
    y.fill(Number.NaN, start * targets.length, Math.min(end, start + washout) * targets.length);
  }
  return { frame, ...scaledInputs, y, measured, targetScaler };
}

/** Whether a row of y (rows, width) has a value in at least one target. */
export function hasTarget(y: Float32Array, row: number, width: number): boolean {
  for (let at = row * width; at < (row + 1) * width; at++) if (!Number.isNaN(y[at])) return true;
  return false;
}
