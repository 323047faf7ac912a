/** One chunk's loss and its gradients, exactly, in slices of time short enough to let others run in between. */
import { record } from "../../tensor/autograd.ts";
import { zeros } from "../../tensor/create.ts";
import { cat } from "../../tensor/indexing.ts";
import { Tensor } from "../../tensor/tensor.ts";
import type { Network, State } from "../network/network.ts";
import { productsPerRow, productsPerTurn } from "../network/predict-windows.ts";
import type { Paced } from "../pace.ts";
import type { LaneChunk } from "./lanes.ts";

/** The training rows: x (rows, inputs) and y (rows, targets), scaled; a NaN in y costs nothing. */
export interface TrainingRows {
  x: Float32Array;
  y: Float32Array;
}

/** What a chunk leaves: its loss, how many values it is the mean of, and each lane's state at its end. */
export interface ChunkResult {
  loss: number;
  values: number;
  state: State;
}

/**
 * Σ (prediction − target)² / count over the targets that are there; a NaN target costs nothing and pulls nowhere.
 *
 * Shapes: (batch, time, target) and as many values → a scalar.
 */
function maskedSquaredError(prediction: Tensor, target: Float32Array, count: number): Tensor {
  const p = prediction.data;
  let sum = 0;
  for (let i = 0; i < p.length; i++) if (!Number.isNaN(target[i])) sum += (p[i] - target[i]) ** 2;
  return record(
    Float32Array.of(sum / count),
    [],
    [prediction],
    ([dy]) => {
      const dp = new Float32Array(p.length);
      for (let i = 0; i < p.length; i++) if (!Number.isNaN(target[i])) dp[i] = ((2 * dy) / count) * (p[i] - target[i]);
      return [dp];
    },
    [],
  );
}

/**
 * Forward and backward through one chunk of all lanes; the parameters' `grad` is filled where any target is there.
 *
 * The gradient through the whole chunk is taken slice by slice: each slice starts from a copy of the state before it, and
 * on the way back hands that copy's gradient to the slice before. It is the same sum, so slices bound only the time
 * without a pause, not the steps through which gradients flow.
 * @param slice steps of a slice; what takes some milliseconds by default.
 */
export function* chunkGradients(
  network: Network,
  rows: TrainingRows,
  lanes: readonly LaneChunk[],
  carried: State,
  slice = Math.max(1, Math.floor(productsPerTurn / (lanes.length * productsPerRow(network)))),
): Paced<ChunkResult> {
  const time = lanes.reduce((most, lane) => Math.max(most, lane.rows), 0);
  const slices = Math.ceil(time / slice);
  const targets: Float32Array[] = [];
  for (let k = 0; k < slices; k++)
    targets.push(targetsOf(rows.y, lanes, k * slice, Math.min(time, (k + 1) * slice), network));
  const values = targets.reduce((sum, own) => sum + present(own), 0);

  let state = startState(network, lanes, carried);
  let loss = 0;
  const legs: { entry: State; loss: Tensor; exit: State }[] = [];
  for (let k = 0; k < slices; k++) {
    const [from, to] = [k * slice, Math.min(time, (k + 1) * slice)];
    const entry = k === 0 ? state : state.map(leafOf);
    const x = inputsOf(rows.x, lanes, from, to, network);
    const lengths = lanes.map((lane) => Math.max(1, Math.min(lane.rows, to) - from));
    const [y, exit] = network.forward(x, entry, lengths.every((length) => length === to - from) ? {} : { lengths });
    const own = maskedSquaredError(y, targets[k], Math.max(1, values));
    loss += own.item();
    legs.push({ entry, loss: own, exit });
    state = exit;
    yield;
  }
  if (values > 0 && Number.isFinite(loss)) {
    for (let k = slices - 1; k >= 0; k--) {
      let root = legs[k].loss;
      const later = legs[k + 1]?.entry;
      for (const [i, exit] of legs[k].exit.entries()) {
        const gradient = later?.[i].grad;
        if (gradient !== undefined) root = root.add(exit.mul(gradient).sum());
      }
      root.backward();
      yield;
    }
  }
  return { loss, values, state: endStates(legs, lanes, carried, slice) };
}

/** Each lane's state after its own last row; what a lane carries where it had none. */
function endStates(
  legs: readonly { exit: State }[],
  lanes: readonly LaneChunk[],
  carried: State,
  slice: number,
): State {
  const last = legs.length - 1;
  const legOf = ({ rows }: LaneChunk) => Math.ceil(rows / slice) - 1;
  return carried.map((before, i) => {
    const found = legs[last].exit[i].detach();
    if (lanes.every((lane) => legOf(lane) === last)) return found;
    const ends = lanes.map((lane, at) => {
      const leg = legOf(lane);
      return (leg < 0 ? before : legs[leg].exit[i].detach()).narrow(1, at, 1);
    });
    return cat(ends, 1);
  });
}

/** The same values as a leaf of its own: where the way back stops for now. */
function leafOf(part: Tensor): Tensor {
  const leaf = part.detach();
  leaf.requiresGrad = true;
  return leaf;
}

/** Each lane's carried state, or the network's own start where the lane begins anew. */
function startState(network: Network, lanes: readonly LaneChunk[], carried: State): State {
  if (lanes.every(({ fresh }) => !fresh)) return carried;
  const start = network.start(lanes.length);
  if (lanes.every(({ fresh }) => fresh)) return start;
  return start.map((part, i) =>
    cat(
      lanes.map(({ fresh }, lane) => (fresh ? part : carried[i]).narrow(1, lane, 1)),
      1,
    ),
  );
}

/** The state of lanes before the first chunk, where all of them are fresh. */
export function noState(network: Network, lanes: number): State {
  return network.start(1).map((part) => zeros(part.shape[0], lanes, part.shape[2]));
}

/** x of all lanes from step `from` to `to` of the chunk, (lanes, time, inputs); 0 behind a lane's end. */
function inputsOf(x: Float32Array, lanes: readonly LaneChunk[], from: number, to: number, network: Network): Tensor {
  const { inputSize } = network.options;
  const time = to - from;
  const batch = new Float32Array(lanes.length * time * inputSize);
  for (const [lane, { row, rows }] of lanes.entries()) {
    const end = Math.min(rows, to);
    if (from < end) batch.set(x.subarray((row + from) * inputSize, (row + end) * inputSize), lane * time * inputSize);
  }
  return new Tensor(batch, [lanes.length, time, inputSize]);
}

/** The same of y, (lanes, time, targets); NaN behind a lane's end and in its warm-up. */
function targetsOf(
  y: Float32Array,
  lanes: readonly LaneChunk[],
  from: number,
  to: number,
  network: Network,
): Float32Array {
  const { targetSize } = network.options;
  const time = to - from;
  const batch = new Float32Array(lanes.length * time * targetSize).fill(Number.NaN);
  for (const [lane, { row, rows, warmUp }] of lanes.entries()) {
    const start = Math.max(from, warmUp);
    const end = Math.min(rows, to);
    if (start >= end) continue;
    batch.set(
      y.subarray((row + start) * targetSize, (row + end) * targetSize),
      (lane * time + start - from) * targetSize,
    );
  }
  return batch;
}

function present(targets: Float32Array): number {
  let count = 0;
  for (let i = 0; i < targets.length; i++) if (!Number.isNaN(targets[i])) count++;
  return count;
}
