// References on the test parts by the same protocol: a linear filter and the mean for each target, and published results.

/** The results of one source. */
interface Published {
  source: string;
  /** RMSE by method, or the lowest and the highest of several runs. */
  rmse: Readonly<Record<string, number | readonly [lowest: number, highest: number]>>;
}

/** Predictors that were fitted on the whole training part; RMSE. */
export interface Baselines {
  filter: number;
  mean: number;
}

/** The references of one set, in its unit. */
interface Reference {
  unit: string;
  /** The factor from the columns' unit to the reported one; 1 by default. */
  perColumn?: number;
  /**
   * For each target, a ridge-regularised FIR filter (a reference, not the best filter) and the mean. Source: the README of the
   * data, which gives the recipe.
   */
  baselines: Readonly<Record<string, Baselines>>;
  published: readonly Published[];
}

const paper = "arXiv 2405.10779";
/** The README of the data: the best published figure, and its own measurements. */
const readme = "data README";
/** Single runs, as TSFast prints them: on Wiener-Hammerstein, the LSTM after 10 epochs; the hardware is not stated. */
const tsfast = "TSFast";

export const references: Readonly<Record<string, Reference>> = {
  ball_and_hoop: {
    unit: "",
    baselines: { y: { filter: 1.02, mean: 6.87 } },
    published: [{ source: "data README, a trial", rmse: { "GRU 16": [0.14, 0.25] } }],
  },
  ballbeam: { unit: "", baselines: { y: { filter: 0.0502, mean: 0.0739 } }, published: [] },
  buck_converter: { unit: "V", baselines: { y: { filter: 0.64, mean: 1.29 } }, published: [] },
  cascaded_tanks: {
    unit: "V",
    baselines: { y: { filter: 1.13, mean: 2.11 } },
    published: [
      { source: readme, rmse: { best: 0.191 } },
      { source: paper, rmse: { GRU: 0.396, LSTM: 0.49, RNN: 0.543 } },
      { source: tsfast, rmse: { GRU: 0.639, LSTM: 0.95 } },
    ],
  },
  cstr: {
    unit: "",
    baselines: { y1: { filter: 0.00258, mean: 0.0148 }, y2: { filter: 0.275, mean: 3.53 } },
    published: [],
  },
  debutanizer: { unit: "", baselines: { y: { filter: 0.123, mean: 0.193 } }, published: [] },
  gas_furnace: { unit: "% CO2", baselines: { y: { filter: 1.2, mean: 3.43 } }, published: [] },
  two_tank_wigren: {
    unit: "",
    baselines: { y1: { filter: 0.584, mean: 2.29 }, y2: { filter: 0.424, mean: 2.69 } },
    published: [],
  },
  wiener_hammerstein_2009: {
    unit: "mV",
    perColumn: 1000, // the files are in volts
    baselines: { y: { filter: 43.4, mean: 244 } },
    published: [
      { source: readme, rmse: { best: 0.241 } },
      { source: paper, rmse: { GRU: 3.97, LSTM: 4.45, RNN: 6.87 } },
      { source: tsfast, rmse: { "GRU 2×40": 2.3, "LSTM 40": 3.37 } },
    ],
  },
};
