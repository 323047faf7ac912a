// The input of a report: a model, its scores, and the data with the predictions.

import type { TimeKind } from "@eddy/ui/reading";
import type { Comparison, Coverage, Frame, Importance, Model } from "eddy/series";

/** A frame with its name, and the predictions of its last rows. */
export interface PredictedFile {
  file: string;
  frame: Frame;
  timeKind: TimeKind | undefined;
  predicted: Frame;
}

/** The scores of one part. */
export interface ScoredPart {
  part: "train" | "validation" | "test" | "data";
  comparison: Comparison;
  /** For each target, how well the intervals hold; missing for the rows that calibrated them, and without intervals. */
  coverage?: Record<string, Coverage> | undefined;
  /** The scores without the initial window, if the model has one. */
  fromZero?: Comparison | undefined;
}

/** The importance of the inputs, and the part that it was measured on. */
export interface MeasuredImportance extends Importance {
  part: ScoredPart["part"];
}

export interface Material {
  kind: "train" | "evaluate";
  model: Model;
  /** The parts that were scored, the most reliable first. */
  scored: ScoredPart[];
  /** Missing if there are too few rows. */
  importance?: MeasuredImportance | undefined;
  /** The training file, or the evaluated file. */
  mainFile: PredictedFile;
  /** The file of `--test`. */
  testFile?: PredictedFile;
  /** Whether the rows of `mainFile` are in the order of the file. */
  rowsAsInFile?: boolean;
  command: string[];
}

/** The probability of the intervals in a report. */
export const intervalLevel = 0.9;

/** Of a longer series only the last rows are predicted and drawn: drawing must not keep the user waiting. */
const maxRowsDrawn = 400_000;

/** Predicts the rows of a frame that the report shows. */
export function predictFile(
  model: Model,
  file: string,
  { frame, timeKind }: Omit<PredictedFile, "file" | "predicted">,
): PredictedFile {
  const rows = frame.slice(Math.max(0, frame.length - maxRowsDrawn));
  return { file, frame, timeKind, predicted: model.predict(rows, { level: intervalLevel }) };
}
