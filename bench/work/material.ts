// The common start of every library: weights drawn by Eddy from one seed, and signals.
import { manualSeed, nn, uniform } from "eddy";
import { type Stream, shapesOf, type Training, type Work } from "./work.ts";

export const SEED = 1;

/** The floats of a work's file, in the order of `shapesOf`. */
export function drawMaterial(work: Work): Float32Array {
  manualSeed(SEED);
  const { inputs, targets } = shapesOf(work);
  if (work.kind === "product") return joined(inputs.map((shape) => uniform(-1, 1, shape).data));
  const parameters = networkOf(work).flatMap((layer) => layer.parameters().map(({ data }) => data));
  return joined([...parameters, ...inputs.map(waves(Math.sin)), ...targets.map(waves(Math.cos))]);
}

function networkOf({ cell, inputSize, hiddenSize, numLayers }: Training | Stream): nn.Module[] {
  const Layer = cell === "lstm" ? nn.LSTM : nn.RNN;
  return [new Layer({ inputSize, hiddenSize, numLayers }), new nn.Linear(hiddenSize, 1)];
}

/** Half a period in each window, both ends included, as in the tutorial; every row and feature with its own phase. */
function waves(wave: (angle: number) => number): (shape: number[], window: number) => Float32Array {
  return ([batch, time, features], window) =>
    Float32Array.from({ length: batch * time * features }, (_, i) => {
      const [row, t, feature] = [Math.floor(i / (time * features)), Math.floor(i / features) % time, i % features];
      return wave(Math.PI * (window + (time > 1 ? t / (time - 1) : 0)) + 0.1 * row + 0.3 * feature);
    });
}

function joined(parts: Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
