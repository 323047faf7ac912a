// The input of a report: a model, its scores, and the data with the predictions.
import type { Frame, Model } from "eddy/series";
import type { TimeKind } from "../reading/written-times.ts";
import type { MeasuredImportance } from "./importance.ts";
import type { ScoredPart } from "./verdict.ts";

/** A frame with its name, and the predictions of its last rows. */
export interface PredictedFile {
  file: string;
  frame: Frame;
  timeKind: TimeKind | undefined;
  predicted: Frame;
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

/** Of a longer series only the last rows are predicted and drawn: drawing must not keep the user waiting. */
const maxRowsDrawn = 400_000;

/** Predicts the rows of a frame that the report shows. */
export function predictFile(
  model: Model,
  file: string,
  { frame, timeKind }: Omit<PredictedFile, "file" | "predicted">,
): PredictedFile {
  return { file, frame, timeKind, predicted: model.predict(frame.slice(Math.max(0, frame.length - maxRowsDrawn))) };
}
