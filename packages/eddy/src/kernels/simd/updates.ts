/** Optimiser updates by WebAssembly SIMD: one pass over scratch memory, bit-identical to the plain kernels. */
import type { AdamSettings, RmspropSettings, SgdSettings } from "../interface.ts";
import { type Address, beginScratch, put, read, wasm } from "./memory.ts";

/** Bits of `flags` in assembly/updates.ts. */
const maximizeFlag = 1;
const largestFlag = 2;
const decayFlag = 4;
const firstFlag = 8;
const nesterovFlag = 16;

function putOptional(values: Float32Array | undefined): Address {
  return values === undefined ? 0 : put(values);
}

function flagsOf(maximize: boolean, decay: number): number {
  return (maximize ? maximizeFlag : 0) | (decay === 0 ? 0 : decayFlag);
}

export function adam(
  parameter: Float32Array,
  gradient: Float32Array,
  average: Float32Array,
  averageSquare: Float32Array,
  maxAverageSquare: Float32Array | undefined,
  settings: AdamSettings,
): void {
  beginScratch();
  const p = put(parameter);
  const g = put(gradient);
  const m = put(average);
  const v = put(averageSquare);
  const largest = putOptional(maxAverageSquare);
  const { lr, beta1, beta2, eps, weightDecay, decoupled } = settings;
  const decay = decoupled ? 0 : weightDecay;
  wasm.adam(
    p,
    g,
    m,
    v,
    largest,
    parameter.length,
    beta1,
    beta2,
    1 - beta1,
    1 - beta2,
    -lr / settings.correction1,
    Math.sqrt(settings.correction2),
    eps,
    decay,
    decoupled ? 1 - lr * weightDecay : 1,
    flagsOf(settings.maximize, decay) | (largest === 0 ? 0 : largestFlag),
  );
  read(p, parameter);
  read(m, average);
  read(v, averageSquare);
  if (maxAverageSquare !== undefined) read(largest, maxAverageSquare);
}

export function sgd(
  parameter: Float32Array,
  gradient: Float32Array,
  momentum: Float32Array | undefined,
  first: boolean,
  settings: SgdSettings,
): void {
  beginScratch();
  const p = put(parameter);
  const g = put(gradient);
  const b = putOptional(momentum);
  const { weightDecay } = settings;
  const flags =
    flagsOf(settings.maximize, weightDecay) | (first ? firstFlag : 0) | (settings.nesterov ? nesterovFlag : 0);
  const rest = 1 - settings.dampening;
  wasm.sgd(p, g, b, parameter.length, -settings.lr, settings.momentum, rest, weightDecay, flags);
  read(p, parameter);
  if (momentum !== undefined) read(b, momentum);
}

export function rmsprop(
  parameter: Float32Array,
  gradient: Float32Array,
  averageSquare: Float32Array,
  average: Float32Array | undefined,
  momentum: Float32Array | undefined,
  settings: RmspropSettings,
): void {
  beginScratch();
  const p = put(parameter);
  const g = put(gradient);
  const v = put(averageSquare);
  const mean = putOptional(average);
  const b = putOptional(momentum);
  const { alpha, eps, weightDecay } = settings;
  wasm.rmsprop(
    p,
    g,
    v,
    mean,
    b,
    parameter.length,
    -settings.lr,
    alpha,
    1 - alpha,
    eps,
    settings.momentum,
    weightDecay,
    flagsOf(settings.maximize, weightDecay),
  );
  read(p, parameter);
  read(v, averageSquare);
  if (average !== undefined) read(mean, average);
  if (momentum !== undefined) read(b, momentum);
}
