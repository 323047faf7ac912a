/** Frames for the tests of eddy/series: signals with a known law, and trainings that run to their end. */
import {
  Frame,
  type Model,
  type Training,
  type TrainingReport,
  type TrainingSummary,
  type TrainOptions,
  train,
} from "eddy/series";

/** Numbers from −1 to 1 that look random and are the same everywhere. */
export function noise(rows: number, seed = 1): Float64Array {
  let bits = seed;
  return Float64Array.from({ length: rows }, () => {
    bits = (Math.imul(bits, 1664525) + 1013904223) >>> 0;
    return bits / 2 ** 31 - 1;
  });
}

/** A voltage that jumps now and then, and a level that follows it: y′ = 0.8 y + 2 tanh(u), around 10. */
export function tank(rows: number, seed = 1): { u: Float64Array; y: Float64Array } {
  const random = noise(rows, seed);
  const u = new Float64Array(rows);
  const y = new Float64Array(rows);
  for (let t = 0; t < rows; t++) {
    u[t] = t === 0 || random[t] > 0.7 ? 2 * random[rows - 1 - t] : u[t - 1];
    y[t] = 0.8 * (t === 0 ? 0 : y[t - 1]) + 2 * Math.tanh(u[t]);
  }
  return { u, y: y.map((value) => value + 10) };
}

export const tankFrame = (rows: number, seed = 1) => new Frame({ ...tank(rows, seed) });

export interface Trained {
  training: Training;
  model: Model;
  reports: TrainingReport[];
  summary: TrainingSummary;
}

/** Settings of training alone. */
export type TrainingOptions = Omit<TrainOptions, "inputs" | "targets">;

/** Trains to the end. */
export async function trained(settings: TrainOptions, frame: Frame, options: TrainingOptions = {}): Promise<Trained> {
  const training = train(frame, { ...settings, ...options });
  const reports: TrainingReport[] = [];
  for await (const report of training) reports.push(report);
  return { training, model: training.model, reports, summary: training.summary! };
}

/** A small model and a short training, for tests of something else. */
export const small = { inputs: ["u"], targets: ["y"], cell: "gru" as const, hiddenSize: 6, numLayers: 1, seed: 3 };
export const short = { epochs: 4, chunk: 25, lanes: 2, restarts: 0 };

/** The bits of a frame's column. */
export function bitsOf(frame: Frame, name = "y"): string {
  const { buffer, byteOffset, byteLength } = frame.column(name);
  return Buffer.from(buffer, byteOffset, byteLength).toString("base64");
}
