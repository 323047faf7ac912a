// Published results on the test parts by the same protocol, in their unit, and Eddy's goals.

interface Published {
  method: string;
  /** RMSE, or the lowest and the highest of several runs. */
  rmse: number | readonly [lowest: number, highest: number];
  source: string;
}

export interface Reference {
  unit: string;
  /** The factor from the column's unit to the reported one. */
  perColumn: number;
  /** The maximum median for Eddy with chosen settings; 1.5 times that with the defaults. */
  goal: number;
  published: readonly Published[];
}

const paper = "arXiv 2405.10779";
/** The README of the data: the best published figure, and its own measurements. */
const readme = "data README";
/** Single runs, as TSFast prints them; the hardware is not stated. */
const tsfast = "TSFast, one run";

export const references: Readonly<Record<string, Reference>> = {
  cascaded_tanks: {
    unit: "V",
    perColumn: 1,
    goal: 0.35,
    published: [
      { method: "best", rmse: 0.191, source: readme },
      { method: "GRU", rmse: 0.396, source: paper },
      { method: "LSTM", rmse: 0.49, source: paper },
      { method: "RNN", rmse: 0.543, source: paper },
      { method: "GRU", rmse: 0.639, source: tsfast },
      { method: "LSTM", rmse: 0.95, source: tsfast },
      { method: "linear FIR, ridge", rmse: 1.13, source: readme },
      { method: "mean", rmse: 2.11, source: readme },
    ],
  },
  wiener_hammerstein_2009: {
    unit: "mV",
    perColumn: 1000, // the files are in volts
    goal: 3,
    published: [
      { method: "best", rmse: 0.241, source: readme },
      { method: "GRU, 2 × 40", rmse: 2.3, source: tsfast },
      { method: "LSTM, 40, 10 epochs", rmse: 3.37, source: tsfast },
      { method: "GRU", rmse: 3.97, source: paper },
      { method: "LSTM", rmse: 4.45, source: paper },
      { method: "RNN", rmse: 6.87, source: paper },
      { method: "linear FIR, ridge", rmse: 43.4, source: readme },
      { method: "mean", rmse: 244, source: readme },
    ],
  },
  ball_and_hoop: {
    unit: "",
    perColumn: 1,
    goal: 0.15,
    published: [
      { method: "GRU, 16", rmse: [0.14, 0.25], source: "data README, a trial" },
      { method: "linear FIR, ridge", rmse: 1.02, source: readme },
      { method: "mean", rmse: 6.87, source: readme },
    ],
  },
};
