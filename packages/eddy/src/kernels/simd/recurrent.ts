/** RNN, GRU and LSTM over whole sequences by WebAssembly SIMD: one call a layer and direction each way. */
import type { RecurrentBackward, RecurrentForward, RecurrentWeights, SequenceShape } from "../interface.ts";
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

type Kind = "rnn" | "gru" | "lstm";
const gatesOf = { rnn: 1, gru: 3, lstm: 4 } as const;

/** Layers whose packed weights are kept, at the most, and their bytes together. */
const keptLayers = 32;
const keptLimit = 64 * 2 ** 20;

/** Weights as the forward kernels read them. */
interface Packed {
  of: RecurrentWeights;
  version: number;
  weightIh: Address;
  weightHh: Address;
  bias: Address;
}

const kept = new Map<Float32Array, Packed>();

/** The hidden size in whole panels of 8. */
const padded = (size: number) => (size + 7) & ~7;

function packBias(bias: Float32Array | undefined, gates: number, hidden: number, to: Address): void {
  if (bias === undefined) fill(to, gates * padded(hidden), 0);
  else if (padded(hidden) === hidden) write(bias, to);
  else wasm.packBias(put(bias), gates, hidden, to);
}

/** The packed weights of a layer, packed again only after they have changed. */
function packedWeights(kind: Kind, { inputSize, hiddenSize }: SequenceShape, weights: RecurrentWeights): Packed {
  const found = kept.get(weights.weightHh);
  const same =
    found !== undefined &&
    found.of.weightIh === weights.weightIh &&
    found.of.biasIh === weights.biasIh &&
    found.of.biasHh === weights.biasHh;
  if (same && found.version === weights.version) return found;
  const gates = gatesOf[kind];
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

/** Where things lie in a trace: states [step + 1][sequence][P], then what the family keeps besides, in floats. */
function traceLayout(kind: Kind, { time, batch, hiddenSize }: SequenceShape) {
  const step = batch * padded(hiddenSize);
  const states = (time + 1) * step;
  const gates = kind === "rnn" ? 0 : time * step * gatesOf[kind];
  // An LSTM's cells, like its states; a GRU's products W_hn h + b_hn.
  const extra = kind === "lstm" ? states : kind === "gru" ? time * step : 0;
  return { step, states, gates, extra, total: states + gates + extra };
}

/** Rows in scratch in the order of the walk, `toWidth` wide: those of the caller's layout, or a copy. */
function inWalkOrder(rows: Address, width: number, toWidth: number, shape: SequenceShape, lengths: Address): Address {
  const { time, batch, batchFirst, reverse } = shape;
  const inOrder = !reverse && lengths === 0 && (batch === 1 || time === 1 || !batchFirst);
  if (inOrder && width === toWidth) return rows;
  const to = take(time * batch * toWidth);
  wasm.gather(rows, width, to, toWidth, time, batch, batchFirst, reverse, lengths);
  return to;
}

/** Brings a state (batch, hidden) to an address where its rows are padded. */
function writeState(state: Float32Array, hidden: number, batch: number, to: Address): void {
  const p = padded(hidden);
  if (p === hidden) write(state, to);
  else wasm.copyRows(put(state), hidden, to, p, hidden, batch);
}

/** Copies rows out whose ends are padding. */
function copyOutRows(at: Address, hidden: number, rows: number): Float32Array {
  const p = padded(hidden);
  if (p === hidden) return copyOut(at, rows * hidden);
  const to = take(rows * hidden);
  wasm.copyRows(at, p, to, hidden, hidden, rows);
  return copyOut(to, rows * hidden);
}

function forwardOf(kind: Kind): RecurrentForward {
  return (shape, input, state, weights, keepTrace) => {
    const { time, batch, inputSize, hiddenSize, batchFirst, reverse, relu = false } = shape;
    const packed = packedWeights(kind, shape, weights);
    beginScratch();
    const p = padded(hiddenSize);
    const layout = traceLayout(kind, shape);
    const lengths = shape.lengths === undefined ? 0 : putIntegers(shape.lengths);
    const strips = takeStrips();
    const x = inWalkOrder(put(input), inputSize, inputSize, shape, lengths);
    const states = take(layout.total);
    const gates = states + layout.states * 4;
    const extra = gates + layout.gates * 4;
    writeState(state[0], hiddenSize, batch, states);
    const products = take(layout.step * gatesOf[kind]);
    const { weightIh, weightHh, bias } = packed;
    if (kind === "rnn") {
      wasm.rnnForward(
        time,
        batch,
        inputSize,
        hiddenSize,
        relu,
        lengths,
        x,
        weightIh,
        weightHh,
        bias,
        states,
        products,
        strips,
      );
    } else if (kind === "gru") {
      wasm.gruForward(
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
    } else {
      writeState(state[1], hiddenSize, batch, extra);
      wasm.lstmForward(
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
        extra,
        gates,
        products,
        strips,
      );
    }
    const outputs = time * batch * hiddenSize;
    const finals = batch * hiddenSize;
    const size = outputs + finals * (kind === "lstm" ? 2 : 1);
    const values = take(size);
    const first = states + layout.step * 4;
    wasm.scatter(first, p, values, hiddenSize, time, batch, batchFirst, reverse, lengths);
    wasm.copyFinal(states, values + outputs * 4, hiddenSize, time, batch, lengths);
    if (kind === "lstm") {
      wasm.copyFinal(extra, values + (outputs + finals) * 4, hiddenSize, time, batch, lengths);
    }
    return { values: copyOut(values, size), trace: keepTrace ? copyOut(states, layout.total) : undefined };
  };
}

function backwardOf(kind: Kind): RecurrentBackward {
  const gateCount = gatesOf[kind];
  return (shape, input, _, weights, result, gradient, needsInput, needsState) => {
    const { time, batch, inputSize, hiddenSize, batchFirst, reverse, relu = false } = shape;
    beginScratch();
    const p = padded(hiddenSize);
    const rows = time * batch;
    const layout = traceLayout(kind, shape);
    const lengths = shape.lengths === undefined ? 0 : putIntegers(shape.lengths);
    const strips = takeStrips();
    const states = put(result.trace!);
    const gates = states + layout.states * 4;
    const extra = gates + layout.gates * 4;

    const outputs = rows * hiddenSize;
    const finals = batch * hiddenSize;
    const dValues = put(gradient); // of the outputs and, behind them, of the final state
    // These rows may be the outputs' own, which the kernel then overwrites: only the final states' are read afterwards.
    const dStates = inWalkOrder(dValues, hiddenSize, p, shape, lengths);
    wasm.addFinal(dValues + outputs * 4, dStates, hiddenSize, time, batch, lengths);

    const weightHh = take(gateCount * p * p);
    wasm.packGatesBack(put(weights.weightHh), gateCount, hiddenSize, hiddenSize, weightHh);
    const dHidden = take(layout.step);
    const dCell = take(layout.step);
    // Gradients of what the input and what h gave to each gate; one and the same but for a GRU.
    let [fromInput, fromHidden] = [gates, gates];
    if (kind === "rnn") {
      [fromInput, fromHidden] = [dStates, dStates];
      wasm.rnnBackward(time, batch, hiddenSize, relu, weightHh, states, dStates, needsState ? dHidden : 0, strips);
    } else if (kind === "gru") {
      fromHidden = take(layout.gates);
      wasm.gruBackward(time, batch, hiddenSize, weightHh, states, gates, extra, fromHidden, dStates, dHidden, strips);
    } else {
      const dFinalCell = dValues + (outputs + finals) * 4;
      wasm.lstmBackward(
        time,
        batch,
        hiddenSize,
        lengths,
        weightHh,
        extra,
        gates,
        dStates,
        dFinalCell,
        needsState ? dHidden : 0,
        dCell,
        strips,
      );
    }

    const x = inWalkOrder(put(input), inputSize, inputSize, shape, lengths);
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
    const dState: (Float32Array | undefined)[] = [needsState ? copyOutRows(dHidden, hiddenSize, batch) : undefined];
    if (kind === "lstm") dState.push(needsState ? copyOutRows(dCell, hiddenSize, batch) : undefined);
    return {
      input: dInput,
      state: dState,
      weightIh: all.subarray(0, sizeIh),
      weightHh: all.subarray(sizeIh, biasStart),
      biasIh: sizeBias > 0 ? all.subarray(biasStart, biasStart + sizeBias) : undefined,
      biasHh: sizeBias > 0 ? all.subarray(biasStart + sizeBias) : undefined,
    };
  };
}

export const rnnForward = forwardOf("rnn");
export const rnnBackward = backwardOf("rnn");
export const gruForward = forwardOf("gru");
export const gruBackward = backwardOf("gru");
export const lstmForward = forwardOf("lstm");
export const lstmBackward = backwardOf("lstm");
