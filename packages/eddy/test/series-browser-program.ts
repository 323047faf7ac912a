// What the browser test of series runs in Node and in Chromium: trainings to their end, and a model's file read again.
import { Frame, Model, type TrainingOptions, train } from "eddy/series";

export interface Outcome {
  /** The model's file. */
  file: number[];
  /** What the trained model predicts for the probe. */
  predicted: number[];
  /** Turns that timers got during the training. */
  turns: number;
  curve: { epoch: number; loss: number; validation: number }[];
}

/** Inputs that the model has not seen. */
export function probe(): Frame {
  return new Frame({ u: Float64Array.from({ length: 300 }, (_, t) => Math.round(100 * Math.sin(t * t)) / 50) });
}

/** What a model's file predicts for the probe. */
export function predictedBy(file: number[]): number[] {
  return [...Model.fromBytes(new Uint8Array(file)).predict(probe()).column("y")];
}

const small = { hiddenSize: 12, epochs: 12, chunk: 64, lanes: 2, networks: 1 };

/** The shortest training for which threads are started. */
export const threaded = { hiddenSize: 64, epochs: 30, chunk: 25, lanes: 8, networks: 2, jobs: 2 };

type Settings = TrainingOptions & { hiddenSize: number };

/** The training of a model on a first-order lag. */
function training(settings: Settings, checkpoint?: number[]) {
  const u = Float64Array.from({ length: 1500 }, (_, t) => Math.round(100 * Math.sin(Math.floor(t / 9) ** 2)) / 50);
  const y = new Float64Array(u.length);
  for (let t = 1; t < y.length; t++) y[t] = 0.9 * y[t - 1] + u[t] ** 2 / 8;
  return train(new Frame({ u, y }), {
    ...{ inputs: ["u"], targets: ["y"], cell: "gru", numLayers: 1, test: 0.1 },
    ...settings,
    ...(checkpoint && { resume: new Uint8Array(checkpoint) }),
  });
}

/** The checkpoint of a training that was left in its middle. */
export async function interrupted(): Promise<number[]> {
  const started = training(small);
  for await (const { kind, epoch } of started) if (kind === "epoch" && epoch === 6) break;
  return [...started.checkpoint()];
}

/** Completes the training of a checkpoint, and returns what its model predicts for the probe. */
export async function completed(checkpoint: number[]): Promise<number[]> {
  const resumed = training(small, checkpoint);
  for await (const _ of resumed);
  return [...resumed.model.predict(probe()).column("y")];
}

/** Trains a model; timers run meanwhile. */
export async function run(settings: Settings = small): Promise<Outcome> {
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const started = training(settings);
  for await (const _ of started);
  clearInterval(timer);
  const { model, summary } = started;
  const file = [...model.toBytes()];
  return { file, predicted: [...model.predict(probe()).column("y")], turns, curve: summary!.curve };
}
