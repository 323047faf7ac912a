/**
 * Entry `eddy/series`: learning one signal from another, from frames of real data.
 *
 * A frame is prepared (`data/`), a network learns from it (`training/`), its scores stand next to those of baselines
 * (`scores/`, `baselines/`), and a model is what remains (`model.ts`, `network/`, `file/`). Tasks: `simulate` predicts
 * targets from inputs alone. What is special to it is marked where a further task will add its own: the prediction
 * (`network/predict-windows.ts`), the loss (`training/loss.ts`), baselines (`baselines/baselines.ts`) and metrics
 * (`scores/metrics.ts`). A stream that keeps learning will be `learner.ts`, next to `stream.ts`.
 */

export { type CellName, cellNames } from "../nn/cells.ts";
export { type RepairedTime, repairTime, type TimeRepair } from "./data/repair-time.ts";
export type { ColumnRange, ScalerKind } from "./data/scaler.ts";
export { inspectTime, type TimeGap, type TimeReport } from "./data/time.ts";
export { type DataErrorCode, type DataErrorValues, describe } from "./describe.ts";
export { type EvaluateOptions, type Evaluation, evaluate, evaluateInTurns } from "./evaluate.ts";
export {
  impulseResponse,
  type MemoryHorizon,
  memoryHorizon,
  type Response,
  type ResponseOptions,
  type StaticGain,
  staticGain,
  stepResponse,
} from "./insight.ts";
export {
  DataError,
  type DataSource,
  Frame,
  type FrameOptions,
  type Groups,
  Model,
  type ResolvedOptions,
  type Rows,
  type State,
  type Step,
  type Stream,
  type StreamOptions,
  type Task,
} from "./model.ts";
export { toOnnx } from "./onnx.ts";
export type { Divergence, Moment, Note, NoteCode, NoteOf, NoteValues, Plan } from "./record/notes.ts";
export type { CurvePoint, FitReport, FitSummary, SkippedRows, StopReason } from "./record/report.ts";
export type { Comparison, Standings, Winner } from "./scores/comparison.ts";
export { autocorrelation, type Scores, type TargetScores } from "./scores/metrics.ts";
export type { FitOptions, RegressorOptions, ResolvedFit } from "./settings/options.ts";
export { summaryOf } from "./summary.ts";
export { Training, type TrainOptions, train } from "./train.ts";
export type { DataAspect, DataPart } from "./training/fingerprint.ts";
export { chronologicalSplit, type Split } from "./training/split.ts";
