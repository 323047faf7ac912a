// The protocol: open-loop simulation of y from u alone, several models per set; test.csv is opened once per trained model, and only
// on demand.
import { evaluate, Frame, type Model, type TrainingReport, type TrainingSummary, train } from "eddy/series";
import { references } from "./published.ts";
import { type DataSet, readPart } from "./sets.ts";
import type { Settings } from "./settings.ts";

/** One trained model; errors are RMSE in the set's reported unit. */
export interface Score {
  seed: number;
  validation: number;
  test?: number;
  /** From the frame to the finished model: preparation, restarts and final training included. */
  seconds: number;
  epochs: number;
  bestEpoch: number;
  /** The number of training runs compared on validation data. */
  trainings: number;
  parameters: number;
}

/** The results that do not depend on a seed. */
interface Baseline {
  validation: number;
  test?: number;
}

export interface Measured {
  rows: { train: number; validation: number; test?: number; dropped: number };
  models: Score[];
  mean: Baseline;
  linear: Baseline & { taps: number; ridge: number };
  /** With the defaults resolved by the library. */
  settings: Omit<TrainingSummary["settings"], "seed">;
}

export interface Run {
  settings: Settings;
  /** Trained models. */
  seeds: number;
  /** Opens the test part. */
  final: boolean;
  onReport?(seed: number, report: TrainingReport): void;
  onModel?(score: Score): void;
}

/** The last share of the training part, for early stopping and model selection. */
const validation = 0.25;

/**
 * Trains and scores the models of one set.
 *
 * Their seeds are 1, 2, …; restarts take the seeds after a model's own, and the next model starts after those, so that no two
 * models share a training.
 */
export async function measure(set: DataSet, { settings, seeds, final, onReport, onModel }: Run): Promise<Measured> {
  const record = readPart(set, "train");
  const inUnit = (rmse: number) => rmse * (references[set.name]?.perColumn ?? 1);
  const models: Score[] = [];
  let shared: Omit<Measured, "models"> | undefined;
  let seed = 1;
  while (models.length < seeds) {
    const startedAt = performance.now();
    const training = train(record, {
      ...{ ...settings.model, inputs: ["u"], targets: ["y"], initialState: "zero", seed },
      ...{ ...settings.fit, validation },
    });
    for await (const report of training) onReport?.(seed, report);
    const seconds = (performance.now() - startedAt) / 1000;
    const { model } = training;
    const summary = training.summary!;
    const test = final ? readPart(set, "test") : undefined;
    const score: Score = {
      seed,
      validation: inUnit(summary.validation.model.rmse),
      ...(test && { test: inUnit(simulationError(model, test, set.initWindow)) }),
      seconds,
      epochs: summary.epochs,
      bestEpoch: summary.bestEpoch,
      trainings: summary.trainings.length,
      parameters: model.parameterCount,
    };
    models.push(score);
    onModel?.(score);
    shared ??= describe(set, model, summary, test, inUnit);
    seed = 1 + Math.max(seed, ...summary.trainings.map((training) => training.seed));
  }
  return { ...shared!, models };
}

/** RMSE over a record without its first rows: the model receives u alone and starts from a zero state. */
function simulationError(model: Model, record: Frame, dropped: number): number {
  const [measured, predicted] = [record, model.predict(new Frame({ u: record.column("u") }))].map((frame) =>
    frame.column("y").subarray(dropped),
  );
  return Math.sqrt(measured.reduce((sum, y, row) => sum + (y - predicted[row]) ** 2, 0) / measured.length);
}

/** The results that all models of a set share: baselines depend on rows and settings, not on a seed. */
function describe(
  set: DataSet,
  model: Model,
  summary: TrainingSummary,
  test: Frame | undefined,
  inUnit: (rmse: number) => number,
): Omit<Measured, "models"> {
  const { seed: _, ...settings } = summary.settings;
  const { mean, linear } = summary.validation.baselines;
  const tested = test && evaluate(model, test, { washout: set.initWindow }).baselines;
  const { train, validation } = summary.rows;
  return {
    rows: { train, validation, ...(test && { test: test.length }), dropped: set.initWindow },
    mean: { validation: inUnit(mean.rmse), ...(tested && { test: inUnit(tested.mean.rmse) }) },
    linear: {
      validation: inUnit(linear.rmse),
      ...(tested && { test: inUnit(tested.linear.rmse) }),
      taps: linear.taps,
      ridge: linear.ridge,
    },
    settings,
  };
}
