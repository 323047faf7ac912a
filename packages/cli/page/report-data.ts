// The data of the report page: `eddy train` and `eddy evaluate` write it, report.ts reads it.

export interface ReportData {
  texts: ReportTexts;
  /** Names of the targets, the first shown first. */
  targets: string[];
  /** Names of the inputs that are drawn, the most important one first. */
  inputs: string[];
  signals: Signals[];
  /** Autocorrelation of the residuals of the scored part, by target. */
  autocorrelation: Autocorrelation[];
  curve?: { epoch: number[]; loss: number[]; validation: number[]; best: number };
  learned: Learned;
}

/** Data with predictions: a file, or one series of a file with several. */
export interface Signals {
  title: string;
  /** The meaning of x: epoch milliseconds, a numeric time, or a row number. */
  xIs: "date" | "number" | "row";
  /** The use of the rows (training, validation, test), by ranges of x. */
  parts: { name: string; from: number; to: number; scored: boolean }[];
  /** The rows that are left out, by ranges of x. */
  excluded: Range[];
  /** The start of each series, if there are several. */
  borders: { label: string; at: number }[];
  targets: TargetSignals[];
  inputs: InputSignals;
}

/** The rows that a chart of this target needs. */
export interface TargetSignals {
  x: number[];
  /** Null for missing values. */
  measured: (number | null)[];
  predicted: (number | null)[];
  /** Half the width of the interval around the predicted value; missing without intervals. */
  halfWidth?: (number | null)[];
  /** What the interval and the prediction are limited to; null where there is no limit. */
  limits?: [low: number | null, high: number | null];
  /** The ranges that the buttons select. */
  stretches: { first: Range; last: Range; worst: Range };
}

/** The inputs at the rows that their charts need. */
export interface InputSignals {
  x: number[];
  /** By input; null for missing values. */
  values: (number | null)[][];
}

export type Range = [from: number, to: number];

export interface Autocorrelation {
  /** From lag 1; null if no pair of values has this lag. */
  values: (number | null)[];
  /** For white noise, 95 % of the values are between −band and band. */
  band: number;
  /** The length of a lag in rows: the median distance between measured values. */
  rowsApart: number;
}

export interface Learned {
  /** The unit of lags and horizons. */
  lagUnit: "rows" | "us" | "ms" | "s" | "min" | "h" | "d";
  /** Lags in that unit. */
  lags: number[];
  /** For each input. */
  influence: number[][];
  horizons: (number | null)[];
  /** By target, then input; `sizes` are the heights of the steps in the inputs. */
  responses: { lags: number[]; step: number[][][]; impulse: number[][][]; sizes: number[] };
  inputs: string[];
  /** By target, then input. */
  gain: { x: number[]; y: number[] }[][];
}

/** The texts that the charts need; the others are already in the page. */
interface ReportTexts {
  measured: string;
  predicted: string;
  residual: string;
  time: string;
  /** For numeric times. */
  plainTime: string;
  row: string;
  lagRows: string;
  /** With the placeholder {rows}. */
  lagValues: string;
  /** With the placeholder {unit}. */
  lag: string;
  lagUnits: Record<Learned["lagUnit"], string>;
  epoch: string;
  loss: string;
  validation: string;
  autocorrelation: string;
  influence: string;
  /** With the placeholders {name}, {from} and {to}. */
  shown: string;
}
