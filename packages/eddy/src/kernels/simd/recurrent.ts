/** Recurrences over whole sequences by WebAssembly SIMD: the parts that all families share. */
import type { RecurrentKernels, RecurrentWeights, SequenceShape } from "../interface.ts";
import type { SimdExports } from "./exports.ts";
import {
  type Address,
  beginScratch,
  copyOut,
  fill,
  keep,
  keptBytes,
  put,
  putIntegers,
  releaseKept,
  take,
  takeStrips,
  wasm,
  write,
} from "./memory.ts";

/** A family's sizes and its functions in assembly/, which take the same arguments in all families. */
export interface SimdFamily {
  /** Blocks of `hiddenSize` rows in the weights. */
  gates: number;
  /** The tensors of a state: h alone, or h and c. */
  parts: 1 | 2;
  /** The contents of a trace after the states, in arrays of (batch, P): the gates, and the cells or other values. */
  trace(time: number): readonly [gates: number, extra: number];
  /** Whether the gradients of the hidden parts W_hh h + b_hh differ from those of the input parts W_ih x + b_ih. */
  splitsGradient?: boolean;
  /** Functions, because `wasm` is undefined until it has started. */
  forward(): SimdExports["lstmForward"];
  backward(): SimdExports["lstmBackward"];
}

/** Limits of the cache of packed weights: the number of layers, and their total bytes. */
const keptLayers = 32;
const keptLimit = 64 * 2 ** 20;

/** Weights packed for the forward kernels. */
interface Packed {
  of: RecurrentWeights;
  version: number;
  weightIh: Address;
  weightHh: Address;
  bias: Address;
}

const kept = new Map<Float32Array, Packed>();

/** The hidden size, padded to a multiple of 8. */
const padded = (size: number) => (size + 7) & ~7;

function packBias(bias: Float32Array | undefined, gates: number, hidden: number, to: Address): void {
  if (bias === undefined) fill(to, gates * padded(hidden), 0);
  else if (padded(hidden) === hidden) write(bias, to);
  else wasm.packBias(put(bias), gates, hidden, to);
}

/** The packed weights of a layer. They are packed again only after a change. */
function packedWeights(gates: number, { inputSize, hiddenSize }: SequenceShape, weights: RecurrentWeights): Packed {
  const found = kept.get(weights.weightHh);
  const same =
    found !== undefined &&
    found.of.weightIh === weights.weightIh &&
    found.of.biasIh === weights.biasIh &&
    found.of.biasHh === weights.biasHh;
  if (same && found.version === weights.version) return found;
  const columns = gates * padded(hiddenSize);
  let packed = found;
  if (!same) {
    const size = columns * (inputSize + hiddenSize + 2);
    if (kept.size >= keptLayers || keptBytes() + size * 4 > keptLimit) {
      kept.clear();
      releaseKept();
    }
    const weightIh = keep(size);
    const weightHh = weightIh + columns * inputSize * 4;
    packed = { of: weights, version: Number.NaN, weightIh, weightHh, bias: weightHh + columns * hiddenSize * 4 };
    kept.set(weights.weightHh, packed);
  }
  beginScratch();
  const { biasIh, biasHh } = weights;
  wasm.packGates(put(weights.weightIh), gates, hiddenSize, inputSize, packed!.weightIh);
  wasm.packGates(put(weights.weightHh), gates, hiddenSize, hiddenSize, packed!.weightHh);
  packBias(biasIh, gates, hiddenSize, packed!.bias);
  packBias(biasHh, gates, hiddenSize, packed!.bias + columns * 4);
  packed!.version = weights.version;
  return packed!;
}

/** The parts of a trace, in floats. */
function traceLayout(family: SimdFamily, { time, batch, hiddenSize }: SequenceShape) {
  const step = batch * padded(hiddenSize);
  const states = (time + 1) * step;
  const [gates, extra] = family.trace(time);
  return { step, states, gates: gates * step, total: states + (gates + extra) * step };
}

/** Rows in scratch memory in processing order, `toWidth` wide: the given rows, or a reordered copy. */
function inStepOrder(rows: Address, width: number, toWidth: number, shape: SequenceShape, lengths: Address): Address {
  const { time, batch, batchFirst, reverse } = shape;
  const inOrder = !reverse && lengths === 0 && (batch === 1 || time === 1 || !batchFirst);
  if (inOrder && width === toWidth) return rows;
  const to = take(time * batch * toWidth);
  wasm.gather(rows, width, to, toWidth, time, batch, batchFirst, reverse, lengths);
  return to;
}

/** Writes a state (batch, hidden) with padded rows. */
function writeState(state: Float32Array, hidden: number, batch: number, to: Address): void {
  const p = padded(hidden);
  if (p === hidden) write(state, to);
  else wasm.copyRows(put(state), hidden, to, p, hidden, batch);
}

/** Copies padded rows out, without their padding. */
function copyOutRows(at: Address, hidden: number, rows: number): Float32Array {
  const p = padded(hidden);
  if (p === hidden) return copyOut(at, rows * hidden);
  const to = take(rows * hidden);
  wasm.copyRows(at, p, to, hidden, hidden, rows);
  return copyOut(to, rows * hidden);
}

/** The forward pass of a family. */
export function forwardOf(family: SimdFamily): RecurrentKernels["forward"] {
  const { gates: gateCount, parts } = family;

  return (shape, input, state, weights, keepTrace) => {
    const { time, batch, inputSize, hiddenSize, batchFirst, reverse } = shape;
    const { weightIh, weightHh, bias } = packedWeights(gateCount, shape, weights);
    beginScratch();
    const layout = traceLayout(family, shape);
    const lengths = shape.lengths === undefined ? 0 : putIntegers(shape.lengths);
    const strips = takeStrips();
    const x = inStepOrder(put(input), inputSize, inputSize, shape, lengths);
    const states = take(layout.total);
    const gates = states + layout.states * 4;
    const extra = gates + layout.gates * 4;
    writeState(state[0], hiddenSize, batch, states);
    if (parts === 2) writeState(state[1], hiddenSize, batch, extra);
    const products = take(layout.step * gateCount);
    const forward = family.forward();
    forward(
      time,
      batch,
      inputSize,
      hiddenSize,
      lengths,
      x,
      weightIh,
      weightHh,
      bias,
      states,
      gates,
      extra,
      products,
      strips,
    );

    const outputs = time * batch * hiddenSize;
    const finals = batch * hiddenSize;
    const size = outputs + finals * parts;
    const values = take(size);
    const first = states + layout.step * 4;
    wasm.scatter(first, padded(hiddenSize), values, hiddenSize, time, batch, batchFirst, reverse, lengths);
    wasm.copyFinal(states, values + outputs * 4, hiddenSize, time, batch, lengths);
    if (parts === 2) wasm.copyFinal(extra, values + (outputs + finals) * 4, hiddenSize, time, batch, lengths);
    return { values: copyOut(values, size), trace: keepTrace ? copyOut(states, layout.total) : undefined };
  };
}

/** The backward pass of a family. */
export function backwardOf(family: SimdFamily): RecurrentKernels["backward"] {
  const { gates: gateCount, parts } = family;

  return (shape, input, _, weights, result, gradient, needsInput, needsState) => {
    const { time, batch, inputSize, hiddenSize, batchFirst, reverse } = shape;
    beginScratch();
    const p = padded(hiddenSize);
    const rows = time * batch;
    const layout = traceLayout(family, shape);
    const lengths = shape.lengths === undefined ? 0 : putIntegers(shape.lengths);
    const strips = takeStrips();
    const states = put(result.trace!);
    const gates = states + layout.states * 4;
    const extra = gates + layout.gates * 4;

    const outputs = rows * hiddenSize;
    const finals = batch * hiddenSize;
    const dValues = put(gradient); // of the outputs, followed by the final state
    // These rows may share memory with `dValues`, which the family overwrites; then only the final states are read.
    const dStates = inStepOrder(dValues, hiddenSize, p, shape, lengths);
    wasm.addFinal(dValues + outputs * 4, dStates, hiddenSize, time, batch, lengths);
    const dFinalCell = dValues + (outputs + finals) * 4;

    const weightHh = take(gateCount * p * p);
    wasm.packGatesBack(put(weights.weightHh), gateCount, hiddenSize, hiddenSize, weightHh);
    const dHidden = take(layout.step);
    const dCell = take(layout.step);
    // The family overwrites its gates, or dStates if its trace has none, with the gradients of the input parts.
    const fromInput = layout.gates === 0 ? dStates : gates;
    const fromHidden = family.splitsGradient ? take(layout.gates) : fromInput;
    const backward = family.backward();
    backward(
      time,
      batch,
      hiddenSize,
      lengths,
      weightHh,
      states,
      gates,
      extra,
      dStates,
      dFinalCell,
      needsState ? dHidden : 0,
      dCell,
      fromHidden,
      strips,
    );

    const x = inStepOrder(put(input), inputSize, inputSize, shape, lengths);
    const sizeIh = gateCount * hiddenSize * inputSize;
    const sizeHh = gateCount * hiddenSize * hiddenSize;
    const sizeBias = weights.biasIh === undefined ? 0 : gateCount * hiddenSize;
    const widest = padded(Math.max(inputSize, hiddenSize));
    const scratch = take((rows + 2 * gateCount * p) * widest);
    const dWeightIh = take(sizeIh + sizeHh + 2 * sizeBias);
    const dWeightHh = dWeightIh + sizeIh * 4;
    const dBias = dWeightHh + sizeHh * 4;
    wasm.weightGradient(fromInput, x, inputSize, rows, gateCount, hiddenSize, inputSize, dWeightIh, scratch, strips);
    wasm.weightGradient(fromHidden, states, p, rows, gateCount, hiddenSize, hiddenSize, dWeightHh, scratch, strips);
    if (sizeBias > 0) {
      wasm.biasGradient(fromInput, rows, gateCount, hiddenSize, dBias, scratch);
      const dBiasHh = dBias + sizeBias * 4;
      if (fromHidden === fromInput) wasm.copyRows(dBias, sizeBias, dBiasHh, sizeBias, sizeBias, 1);
      else wasm.biasGradient(fromHidden, rows, gateCount, hiddenSize, dBiasHh, scratch);
    }
    const all = copyOut(dWeightIh, sizeIh + sizeHh + 2 * sizeBias);
    const biasStart = sizeIh + sizeHh;

    let dInput: Float32Array | undefined;
    if (needsInput) {
      const columns = padded(inputSize);
      const weightIh = take(gateCount * p * columns);
      wasm.packGatesBack(put(weights.weightIh), gateCount, hiddenSize, inputSize, weightIh);
      const product = take(rows * columns);
      const width = gateCount * p;
      wasm.gemm(fromInput, width * 4, 4, rows, width, weightIh, columns, product, columns * 4, false, strips);
      const target = take(rows * inputSize);
      wasm.scatter(product, columns, target, inputSize, time, batch, batchFirst, reverse, lengths);
      dInput = copyOut(target, rows * inputSize);
    }
    return {
      input: dInput,
      state: [dHidden, dCell].slice(0, parts).map((d) => (needsState ? copyOutRows(d, hiddenSize, batch) : undefined)),
      weightIh: all.subarray(0, sizeIh),
      weightHh: all.subarray(sizeIh, biasStart),
      biasIh: sizeBias > 0 ? all.subarray(biasStart, biasStart + sizeBias) : undefined,
      biasHh: sizeBias > 0 ? all.subarray(biasStart + sizeBias) : undefined,
    };
  };
}
