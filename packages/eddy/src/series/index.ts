/** Series: learn one signal from another, from frames of real data. */
export { DataError, describe } from "./data/data-error.ts";
export { Frame, type FrameOptions, type Groups, type RowRange } from "./data/frame.ts";
export type { DataSource } from "./data/origin.ts";
export {
  inspectTime,
  type RepairedTime,
  repairTime,
  type TimeGap,
  type TimeRepair,
  type TimeReport,
} from "./data/time.ts";
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
export { type Evaluation, Regressor } from "./model.ts";
export type { State } from "./network/network.ts";
export type { Divergence, Moment, Note, NoteCode, NoteOf, NoteValues, Plan } from "./record/notes.ts";
export type {
  Comparison,
  CurvePoint,
  FitReport,
  FitSummary,
  SkippedRows,
  Standings,
  StopReason,
  Winner,
} from "./record/report.ts";
export { autocorrelation, type Scores, type TargetScores } from "./scores/metrics.ts";
export type { FitOptions, RegressorOptions, ResolvedFit, ResolvedOptions, Task } from "./settings/options.ts";
export type { Step, Stream, StreamOptions } from "./stream.ts";
export type { ColumnRange, ScalerKind } from "./training/fit-scaler.ts";
export { chronologicalSplit, type Split } from "./training/split.ts";
export type { DataAspect, DataErrorCode, DataErrorValues, DataPart } from "./training/words.ts";
