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

/** One stretch of data with its predictions: the file, or the file of `--test`. */
export interface Signals {
  title: string;
  /** Epoch milliseconds, or the number of the row. */
  x: number[];
  isTime: boolean;
  /** What the rows were used for, from one value of x to another. */
  parts: { name: string; from: number; to: number; scored: boolean }[];
  /** Measured and predicted values of each target; null where there are none. */
  measured: (number | null)[][];
  predicted: (number | null)[][];
  /** Of each target: the stretches that the buttons show. */
  stretches: { first: Range; last: Range; worst: Range }[];
}

export type Range = [from: number, to: number];

interface Autocorrelation {
  /** From lag 1. */
  values: number[];
  /** Where 95 % of the values of white noise lie: between −band and band. */
  band: number;
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
  row: string;
  lagRows: string;
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
