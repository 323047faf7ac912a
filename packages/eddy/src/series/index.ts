/**
 * Entry point `eddy/series`: learns signals from other signals, from frames of measured data.
 *
 * Rooms, each importing only rooms before it: `data` (frames, time, scalers, segments), `forecast` (the plan and
 * the derived columns of a forecast), `network` (the networks, the filter and
 * their ensemble), `intervals`, `settings`, `file` (the model file), `baselines`, `scores`, `record` (reports, notes and the summary of a
 * training), `training`. The files next to this one contain the functions that users call.
 *
 * The tasks are `simulate`, targets from inputs alone, and forecasts, which are models of derived columns (`forecast`). Another task adds
 * a file next to each file that is specific to it. `classify`: training/loss.ts, baselines/baselines.ts, scores/metrics.ts.
 * A stream that keeps learning will be learner.ts, next to stream.ts.
 *
 * Terms: `Rows` is any range of rows; a *segment* is an uninterrupted one, over which the state is carried; a *window* is a
 * range to predict, with its warm-up; a *subset* is the training, validation or test part. Training processes the segments
 * as *lanes* (the entries of a batch), *chunk* by chunk. A training consists of several networks; each is validated on a *block* of
 * the rows that it does not learn from. *Variants* are networks with other settings, among which validation chooses.
 */

export { type CellName, cellNames } from "../nn/cells.ts";
export { mismatchOf, type Rule } from "../nn/options.ts";
export {
  type Backtest,
  type BacktestOptions,
  backtest,
  backtestAsync,
  type ForecastMethod,
  type ForecastWindow,
  forecastMethods,
  type ScoredForecast,
  type TargetBacktest,
} from "./backtest.ts";
export { compareModels } from "./compare-models.ts";
export type { Bounds } from "./data/bounds.ts";
export type { Feature } from "./data/features.ts";
export type { Gaps } from "./data/gaps.ts";
export { type RepairedTime, repairTime, type TimeRepair } from "./data/repair-time.ts";
export { type ResampleOptions, resample, type Summary } from "./data/resample.ts";
export type { ColumnRange, ScalerKind } from "./data/scaler.ts";
export { inspectTime, type TimeGap, type TimeReport } from "./data/time.ts";
export { type DataErrorCode, type DataErrorValues, describe } from "./describe.ts";
export { type EvaluateOptions, type Evaluation, evaluate, evaluateAsync } from "./evaluate.ts";
export type { ForecastPlan } from "./forecast/plan.ts";
export type { ForecastRow, ForecastStream, ForecastStreamOptions } from "./forecast-stream.ts";
export { Forecaster, type ForecastOptions } from "./forecaster.ts";
export {
  type Estimate,
  type Importance,
  type ImportanceOptions,
  type InputImportance,
  importance,
  importanceAsync,
} from "./importance.ts";
export {
  impulseResponse,
  type MemoryHorizon,
  type MemoryOptions,
  memoryHorizon,
  type Response,
  type ResponseOptions,
  type StaticGain,
  staticGain,
  stepResponse,
} from "./insight.ts";
export { boundNames } from "./intervals/intervals.ts";
export {
  DataError,
  type DataSource,
  Frame,
  type FrameOptions,
  type Groups,
  Model,
  type PlainTensor,
  type PredictOptions,
  type ResolvedModelOptions,
  type Rows,
  type State,
  type Step,
  type Stream,
  type StreamOptions,
} from "./model.ts";
export { type ModelColumns, modelFrom } from "./model-from.ts";
export { modelToOnnx } from "./onnx.ts";
export type { Divergence, Note, NoteCode, NoteOf, NoteValues, Plan, TrainingPosition } from "./record/notes.ts";
export type { CurvePoint, SkippedRows, StopReason, TrainingReport, TrainingSummary } from "./record/report.ts";
export { rowNotes } from "./row-notes.ts";
export type { Comparison, SkillScores, Winner } from "./scores/comparison.ts";
export type { ErrorSizes, GroupErrors } from "./scores/error-sizes.ts";
export type { BandScores, ForecastErrors } from "./scores/forecast-scores.ts";
export { autocorrelation, type Scores, type TargetScores } from "./scores/metrics.ts";
export type { Rivalry, TargetRivalry } from "./scores/rivalry.ts";
export type { Coverage } from "./scores/subset.ts";
export { meanings } from "./settings/meanings.ts";
export type { ModelOptions, ResolvedTrainingOptions, TrainingOptions, TrainOptions } from "./settings/options.ts";
export {
  computingSettings,
  type FlaggedSetting,
  modelSettings,
  partSettings,
  type Setting,
  type SettingName,
  trainingSettings,
} from "./settings/settings.ts";
export { stateDictOf } from "./state-dict.ts";
export { summaryOf } from "./summary.ts";
export { type RetrainOptions, Training, train } from "./train.ts";
export {
  type ForecastColumns,
  type ForecastSummary,
  ForecastTraining,
  type ForecastTrainOptions,
  trainForecast,
} from "./train-forecast.ts";
export type { DataAspect, DataPart } from "./training/fingerprint.ts";
export type { JudgedPath } from "./training/forecast-path.ts";
export { chronologicalSplit, type Split } from "./training/split.ts";
