// The settings of a training: the defaults, and those that were chosen for some sets on the training part alone.
import type { ModelOptions, TrainingOptions } from "eddy/series";

/** The protocol sets the rest: columns, seeds, the initial window, and the test part. */
export interface Settings {
  model: Omit<ModelOptions, "inputs" | "targets" | "task" | "seed" | "initialWindow">;
  fit: Omit<TrainingOptions, "test" | "signal" | "resume">;
}

/** Besides inputs, targets and seed, only the budget is set, as by `eddy train`. */
export const defaults: Settings = { model: {}, fit: { budgetMs: 50_000 } };

/** Chosen by validation on the last 25 % of the training part, for single networks. */
export const chosen: Readonly<Record<string, Settings>> = {
  // Number of lanes ranked on validation (the last 25,000 training rows) with PyTorch: 128 lanes 18 mV, 32 lanes 8 mV,
  // 16 lanes 2.7 mV, 8 lanes 1.6 mV: the number of steps matters. No sign of overfitting, so no weight decay.
  wiener_hammerstein_2009: {
    model: { cell: "gru", hiddenSize: 32, numLayers: 1 },
    fit: { lanes: 8, chunk: 128, epochs: 160, learningRate: 0.01, weightDecay: 0, randomStarts: 0 },
  },
  // Learning rate and weight decay ranked on validation (the last 2038 training rows): 0.140 without decay, 0.127 with
  // 1e-5, 0.16 with 1e-4. The first half of training has no negative input and the second no positive one, so that the
  // final training on all rows was decided from a trial inside the training part.
  ball_and_hoop: {
    model: { cell: "gru", hiddenSize: 32, numLayers: 1 },
    fit: {
      lanes: 1,
      chunk: 128,
      epochs: 250,
      learningRate: 0.005,
      weightDecay: 1e-5,
      networks: 3,
      randomStarts: 0,
      refit: true,
    },
  },
  // Some 67 settings ranked on validation (the last 256 training rows, which are few: expect the test to be worse). A chunk is
  // the whole training part, so an epoch is one step. It overfits at once: weight decay, two layers of 16 and a short
  // second average of Adam took validation from 0.52 to 0.32.
  cascaded_tanks: {
    model: { cell: "lstm", hiddenSize: 16, numLayers: 2 },
    fit: {
      lanes: 1,
      epochs: 3000,
      learningRate: 0.003,
      weightDecay: 1e-3,
      average: 0.99,
      networks: 8,
      randomStarts: 0,
      refit: true,
    },
  },
};
