// The messages between the page and the worker that reads tables, trains and predicts.
import type { TimeKind } from "@eddy/ui/reading";
import type { Comparison, Coverage, DataSource, Rows, TrainingReport, TrainingSummary } from "eddy/series";
import type { Fan, ForecastChoice, ForecastFacts, ForecastResults } from "./forecast/protocol.ts";
import type { Problem } from "./reading/problem.ts";
import type { ColumnKind, DayAndClock, Roles } from "./reading/table.ts";
import type { Decisions } from "./reading/text-table.ts";

/** A message in each language, since the language may change while it is shown. */
export interface Words {
  en: string;
  zh: string;
}

/** Something went wrong: with the file as data, or with the data in the library's words. */
export type Failure = { problem: Problem } | { words: Words };

/** The lowest and highest value of each of some equal parts of a column; NaN without values. */
export interface Sparkline {
  low: Float32Array;
  high: Float32Array;
}

export interface ColumnOverview {
  name: string;
  kind: ColumnKind;
  /** Whether it can be the time. */
  mayBeTime: boolean;
  timeKind: TimeKind | undefined;
  madeOf: DayAndClock | undefined;
  mayBeGroup: boolean;
  /** Of a category. */
  labels: string[] | undefined;
  /** The number that probably stands for missing values. */
  missingCode: number | undefined;
  missing: number;
  /** Ranges of consecutive missing values, and the length of the longest one. */
  gaps: number;
  longestGap: number;
  /** The range: of the numbers, or of the times. */
  low: number;
  high: number;
  sparkline: Sparkline | undefined;
  problem: Problem | undefined;
  timeProblem: Problem | undefined;
  /** Of times: their median step, and what is irregular about them. */
  steps: { stepMs: number; gaps: number; missingRows: number; regular: boolean } | undefined;
}

export interface TableOverview {
  rows: number;
  columns: ColumnOverview[];
}

/** What is trained. */
export interface TrainingChoice extends Roles {
  /** Numbers that stand for missing values. */
  missing: number[];
  /** Share of the rows at the end, from 0 to below 1. */
  test: number;
  budgetMs: number | undefined;
  /** How the file was read. */
  source: DataSource;
  /** Of a training that forecasts the next rows; undefined for one that estimates the targets from inputs. */
  forecast?: ForecastChoice | undefined;
}

/** The values of a range of rows, or of their lowest and highest ones: for each row a position and a value for each column. */
export interface Excerpt {
  /** Times, or row numbers from 1. */
  x: Float64Array;
  columns: Record<string, Float64Array>;
  /** The labels of the inputs that are categories. */
  labels: Record<string, readonly string[]>;
}

/** A trained model, as the page shows it. */
export interface ModelFacts {
  inputs: string[];
  targets: string[];
  parameters: number;
  stepMs: number | undefined;
  summary: TrainingSummary | undefined;
  notes: Words[];
  /** The range and mean of each input in training, for playing. */
  inputsRange: Record<string, { min: number; max: number; mean: number }>;
  targetsRange: Record<string, { min: number; max: number; mean: number }>;
  /** The labels of the inputs that are categories. */
  labels: Record<string, string[]>;
}

/** The scores of the model on the rows of another file. */
export interface Followed {
  file: string;
  rows: number;
  comparison: Comparison | undefined;
  coverage: Record<string, Coverage> | undefined;
}

/** A curve of the target after a step of an input, and how far back the input matters. */
export interface Insight {
  input: string;
  from: number;
  to: number;
  settled: boolean;
  responses: Record<string, Float64Array>;
  before: Record<string, number>;
  /** Rows that contain 99 % of the influence, and the influence by lag; undefined without data. */
  memory: { rows: number; complete: boolean; influence: Float64Array } | undefined;
}

export type ExportFormat = "safetensors" | "onnx" | "csv";
/** The table that a chart shows: the chosen columns, those of the training, or the table that was fed in afterwards. */
export type Shown = "table" | "trained" | "followed";

export type Request =
  | { kind: "open"; file: Blob; name: string; decisions: Decisions; missing: number[] }
  /** Treats these numbers as missing values in what is shown. */
  | { kind: "treat"; missing: number[] }
  /** Selects the columns that `view` shows before a training. */
  | { kind: "choose"; roles: Roles }
  | { kind: "train"; choice: TrainingChoice }
  /** Keeps the best model so far. */
  | { kind: "stop" }
  | { kind: "load"; bytes: Uint8Array }
  /** Predicts a file with the model; scores it if it has the targets. */
  | { kind: "follow"; file: Blob; name: string }
  /** At most so many points of these rows. */
  | { kind: "view"; id: number; of: Shown; start: number; end: number; points: number }
  /** The targets for inputs that are drawn; the first row is repeated before them until the state has settled. */
  | { kind: "play"; id: number; inputs: Record<string, Float64Array> }
  /** Scores the forecasts of a table with bands of another level. */
  | { kind: "level"; of: Shown; level: number }
  /** The forecast from an origin of a series, or the next rows for the number after the last origin. */
  | { kind: "fan"; id: number; of: Shown; target: string; series: number; origin: number }
  | { kind: "export"; id: number; format: ExportFormat; of: Shown };

export type Report =
  | { kind: "opened"; name: string; table: TableOverview }
  | {
      kind: "failed";
      during: "open" | "treat" | "choose" | "train" | "load" | "follow" | "play" | "export" | "view" | "level" | "fan";
      failure: Failure;
    }
  /** The table, after other numbers count as missing. */
  | { kind: "treated"; table: TableOverview }
  /** The chosen columns can be shown; the test part ends each of the series. */
  | { kind: "chosen"; rows: number; series: Rows[] }
  | { kind: "training"; report: TrainingReport; note: Words | undefined; blocks: Rows[][] | undefined }
  /** What the networks so far predict on a stretch of rows before the test part. */
  | { kind: "draft"; target: string; x: Float64Array; measured: Float64Array; predicted: Float64Array }
  | { kind: "trained"; facts: ModelFacts; loaded: boolean }
  | { kind: "forecaster"; facts: ForecastFacts; loaded: boolean }
  /** The forecasts of a table. */
  | { kind: "forecasted"; of: Shown; results: ForecastResults }
  | { kind: "fan"; id: number; fan: Fan | undefined }
  | { kind: "insights"; insights: Insight[] }
  | { kind: "followed"; followed: Followed }
  | { kind: "view"; id: number; of: Shown; excerpt: Excerpt; rows: number }
  | { kind: "played"; id: number; columns: Record<string, Float64Array> }
  | { kind: "exported"; id: number; format: ExportFormat; bytes: Uint8Array };
