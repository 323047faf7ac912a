/** Data for the tests of eddy/series: signals with a known law, trainings that run to their end, and models of given weights. */
import { fromSafetensors, type Tensor, toSafetensors } from "eddy";
import {
  Frame,
  Model,
  stateDictOf,
  type Training,
  type TrainingReport,
  type TrainingSummary,
  type TrainOptions,
  train,
} from "eddy/series";
import type { Ensemble } from "../src/series/network/ensemble.ts";
import { resolveModelOptions } from "../src/series/training/defaults.ts";
import { Hash, wordsOf } from "../src/series/training/fingerprint.ts";

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

/** A small model and a short training of one network, for tests of something else. */
export const small = { inputs: ["u"], targets: ["y"], cell: "gru" as const, hiddenSize: 6, numLayers: 1, seed: 3 };
export const short = { epochs: 4, chunk: 25, lanes: 2, networks: 1, learningRate: 0.05 };

/** The bits of a model's weights. */
export const weightBits = (model: Model) =>
  Object.entries(stateDictOf(model))
    .map(
      ([name, { data }]) => `${name} ${Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64")}`,
    )
    .join("\n");

/** A summary without the only value that depends on the clock. */
export const timeless = (summary: TrainingSummary) => ({ ...summary, elapsedMs: 0 });

/** The bits of a frame's column. */
export function bitsOf(frame: Frame, name = "y"): string {
  const { buffer, byteOffset, byteLength } = frame.column(name);
  return Buffer.from(buffer, byteOffset, byteLength).toString("base64");
}

/** A model of inputs u0, u1 … and targets y0, y1 …, whose scaled units are the data's. */
export function modelWith(ensemble: Ensemble): Model {
  const { inputSize, targetSize, ...sizes } = ensemble.options;
  const names = (letter: string, count: number) => Array.from({ length: count }, (_, i) => `${letter}${i}`);
  const unit = (width: number) => ({
    kind: "standard" as const,
    center: Array<number>(width).fill(0),
    scale: Array<number>(width).fill(1),
  });
  return new Model({
    options: resolveModelOptions(
      { inputs: names("u", inputSize), targets: names("y", targetSize), gaps: "restart", ...sizes },
      100,
    ),
    inputScaler: unit(inputSize),
    targetScaler: unit(targetSize),
    ensemble,
    origin: {},
    record: { baselines: { mean: Array(targetSize).fill(0), ridge: 0 }, summary: undefined },
  });
}

/** A checkpoint with a valid checksum, whatever its JSON says. */
export function sealed(tensors: Record<string, Tensor>, eddy: string): Uint8Array {
  const hash = new Hash().addText(eddy);
  for (const name of Object.keys(tensors).sort()) {
    const { data } = tensors[name];
    hash.addText(`${name} ${data.length}`).addWords(wordsOf(data));
  }
  return toSafetensors(tensors, { eddy, checksum: hash.digest() });
}

/** The tensors of a model's only network, by their names in it. */
export function networkTensors(bytes: Uint8Array): Record<string, Tensor> {
  const prefix = "networks.0.";
  return Object.fromEntries(
    Object.entries(fromSafetensors(bytes).tensors).flatMap(([name, value]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), value]] : [],
    ),
  );
}

/** A model of one network in format 2, which had the linear filter in its record. */
export function inFormat2(bytes: Uint8Array, linear: unknown): Uint8Array {
  const record = JSON.parse(fromSafetensors(bytes).metadata.eddy);
  const baselines = { mean: record.baselines.mean, linear };
  return toSafetensors(networkTensors(bytes), { eddy: JSON.stringify({ ...record, format: 2, baselines }) });
}
