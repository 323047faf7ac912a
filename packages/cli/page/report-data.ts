// What the report's script is given to draw: `eddy train` and `eddy evaluate` write it, report.ts reads it.

export interface ReportData {
  texts: ReportTexts;
  /** Names of the targets, the first shown first. */
  targets: string[];
  signals: Signals[];
  /** Of the residuals of the scored part, by target. */
  autocorrelation: Autocorrelation[];
  curve?: { epoch: number[]; loss: number[]; validation: number[]; best: number };
  learned: Learned;
}

/** One stretch of data with its predictions: a file, or one series of a file of several. */
export interface Signals {
  title: string;
  /** What x is: epoch milliseconds, a time that is a plain number, or the number of the row. */
  xIs: "date" | "number" | "row";
  /** What the rows were used for, from one value of x to another. */
  parts: { name: string; from: number; to: number; scored: boolean }[];
  /** Where each series begins, if there are several. */
  borders: { label: string; at: number }[];
  targets: TargetSignals[];
}

/** Rows as many as a chart of this target needs. */
export interface TargetSignals {
  x: number[];
  /** Null where there is no value. */
  measured: (number | null)[];
  predicted: (number | null)[];
  /** What the buttons show. */
  stretches: { first: Range; last: Range; worst: Range };
}

export type Range = [from: number, to: number];

export interface Autocorrelation {
  /** From lag 1; null where there is no pair. */
  values: (number | null)[];
  /** Where 95 % of the values of white noise lie: between −band and band. */
  band: number;
  /** How many rows there usually are from one measured value to the next: a lag is that long. */
  rowsApart: number;
}

export interface Learned {
  /** The unit of lags and horizons. */
  lagUnit: "rows" | "us" | "ms" | "s" | "min" | "h" | "d";
  /** Lags in that unit. */
  lags: number[];
  /** Of each input. */
  influence: number[][];
  horizons: (number | null)[];
  /** By target, then input; `sizes` are by how much each input was raised. */
  responses: { lags: number[]; step: number[][][]; impulse: number[][][]; sizes: number[] };
  inputs: string[];
  /** By target, then input. */
  gain: { x: number[]; y: number[] }[][];
}

/** The texts that charts need while they are drawn; the others stand in the page already. */
interface ReportTexts {
  measured: string;
  predicted: string;
  residual: string;
  time: string;
  /** Of times that are plain numbers. */
  plainTime: string;
  row: string;
  lagRows: string;
  /** With {rows}. */
  lagValues: string;
  /** With {unit}. */
  lag: string;
  lagUnits: Record<Learned["lagUnit"], string>;
  epoch: string;
  loss: string;
  validation: string;
  autocorrelation: string;
  influence: string;
  /** With {name}, {from}, {to}. */
  shown: string;
}
