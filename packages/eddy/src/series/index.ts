/** Series: learn one signal from another, from frames of real data. */
export { mismatchOf, type Rule } from "../nn/options.ts";
export { DataError, describe } from "./data-error.ts";
export { Frame, type FrameOptions, type Groups, type RowRange } from "./frame.ts";
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
export { meanings } from "./meanings.ts";
export { autocorrelation, type Scores, type TargetScores } from "./metrics.ts";
export type { State } from "./network.ts";
export type { Divergence, Moment, Note, NoteCode, NoteOf, NoteValues, Plan } from "./note-words.ts";
export type { FitOptions, RegressorOptions, ResolvedFit, ResolvedOptions } from "./options.ts";
export type { DataSource } from "./origin.ts";
export { type Evaluation, Regressor } from "./regressor.ts";
export type {
  Comparison,
  CurvePoint,
  FitReport,
  FitSummary,
  SkippedRows,
  Standings,
  StopReason,
  Winner,
} from "./report.ts";
export type { ColumnRange, ScalerKind } from "./scaler.ts";
export {
  cells,
  type FlaggedSetting,
  modelSettings,
  partSettings,
  type Setting,
  type SettingName,
  trainingSettings,
} from "./settings.ts";
export { chronologicalSplit, type Split } from "./split.ts";
export type { Step, Stream, StreamOptions } from "./stream.ts";
export { inspectTime, type RepairedTime, repairTime, type TimeGap, type TimeRepair, type TimeReport } from "./time.ts";
export type { DataAspect, DataErrorCode, DataErrorValues, DataPart } from "./words.ts";
