/**
 * Entry `eddy/series`: learns one signal from another, from frames of real data.
 *
 * Rooms, each importing only rooms before it: `data` (frames, time, scalers, segments), `network` (the network and its
 * predictions), `settings`, `file` (the model file), `baselines`, `scores`, `record` (reports, notes and the summary of a
 * training), `training`. The files beside this one are what users call.
 *
 * The one task today is `simulate`: targets from inputs alone. Another task adds a file next to each file that is special to
 * it. `forecast`: network/predict-windows.ts. `classify`: training/loss.ts, baselines/baselines.ts, scores/metrics.ts.
 * A stream that keeps learning will be learner.ts, next to stream.ts.
 *
 * Words: `Rows` is any range of rows; a *segment* is an uninterrupted one, through which a state is carried; a *window* is
 * rows to predict with their warm-up; a *subset* is the training, validation or test part. Training processes the segments
 * as *lanes* (the entries of a batch), *chunk* by chunk.
 */

export { type CellName, cellNames } from "../nn/cells.ts";
export { mismatchOf, type Rule } from "../nn/options.ts";
export { type RepairedTime, repairTime, type TimeRepair } from "./data/repair-time.ts";
export type { ColumnRange, ScalerKind } from "./data/scaler.ts";
export { inspectTime, type TimeGap, type TimeReport } from "./data/time.ts";
export { type DataErrorCode, type DataErrorValues, describe } from "./describe.ts";
export { type EvaluateOptions, type Evaluation, evaluate, evaluateAsync } from "./evaluate.ts";
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
  type PlainTensor,
  type ResolvedModelOptions,
  type Rows,
  type State,
  type Step,
  type Stream,
  type StreamOptions,
} from "./model.ts";
export { modelToOnnx } from "./onnx.ts";
export type { Divergence, Moment, Note, NoteCode, NoteOf, NoteValues, Plan } from "./record/notes.ts";
export type { CurvePoint, SkippedRows, StopReason, TrainingReport, TrainingSummary } from "./record/report.ts";
export type { Comparison, Standings, Winner } from "./scores/comparison.ts";
export { autocorrelation, type Scores, type TargetScores } from "./scores/metrics.ts";
export { meanings } from "./settings/meanings.ts";
export type { ModelOptions, ResolvedTrainingOptions, TrainingOptions, TrainOptions } from "./settings/options.ts";
export {
  type FlaggedSetting,
  modelSettings,
  partSettings,
  type Setting,
  type SettingName,
  trainingSettings,
} from "./settings/settings.ts";
export { stateDictOf } from "./state-dict.ts";
export { summaryOf } from "./summary.ts";
export { Training, train } from "./train.ts";
export type { DataAspect, DataPart } from "./training/fingerprint.ts";
export { chronologicalSplit, type Split } from "./training/split.ts";
