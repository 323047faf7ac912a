// What each set is trained with. Chosen on the training part alone: its last 25 % are validation, test.csv stays closed.
import type { FitOptions, RegressorOptions } from "eddy/series";

/** The protocol sets the rest: columns, seeds, the zero initial state, and which rows validate. */
export interface Settings {
  model: Omit<RegressorOptions, "inputs" | "targets" | "task" | "seed" | "initialState">;
  fit: Omit<FitOptions, "validation" | "test" | "signal" | "resume">;
}

export const chosen: Readonly<Record<string, Settings>> = {
  // Taken over from trials that were ranked by RMSE on validation (the last 25,000 training rows).
  wiener_hammerstein_2009: {
    model: { cell: "gru", hiddenSize: 32 },
    fit: { lanes: 8, chunk: 128, epochs: 160, learningRate: 0.01 },
  },
  // Taken over from trials that were ranked by RMSE on validation (the last 2038 training rows). Restarts are chosen among
  // on validation within each run; the final training then learns those rows too.
  ball_and_hoop: {
    model: { cell: "gru", hiddenSize: 32 },
    fit: { lanes: 1, chunk: 128, epochs: 250, learningRate: 0.005, restarts: 2, refit: true },
  },
  // Taken over from trials that were ranked by RMSE on validation (the last 256 training rows). A chunk is the whole
  // training part, so an epoch is one step. Restarts and final training as above.
  cascaded_tanks: {
    model: { cell: "lstm", numLayers: 2, hiddenSize: 16 },
    fit: { lanes: 1, chunk: 768, epochs: 3000, learningRate: 0.003, restarts: 7, refit: true },
  },
};

/** What a user gets who names inputs and targets and waits a minute. */
export const defaults: Settings = { model: {}, fit: { budgetMs: 60_000 } };
