/** Exact loss and gradients of one chunk, computed in time slices that are short enough for the event loop. */
import { zeros } from "../../tensor/create.ts";
import { cat } from "../../tensor/indexing.ts";
import { Tensor } from "../../tensor/tensor.ts";
import type { Network, TensorState } from "../network/network.ts";
import { productsPerTurn } from "../network/predict-windows.ts";
import { productsPerRow } from "../network/sizes.ts";
import type { Paced } from "../pace.ts";
import type { LaneChunk } from "./lanes.ts";
import { maskedSquaredError } from "./loss.ts";

/** The training rows: x (rows, inputs) and y (rows, targets), scaled; missing targets (NaN) are excluded from the loss. */
export interface TrainingRows {
  x: Float32Array;
  y: Float32Array;
}

/** The result of a chunk: its loss, the number of values that it averages, and the final state of each lane. */
export interface ChunkResult {
  loss: number;
  values: number;
  state: TensorState;
}

/**
 * Forward and backward pass through one chunk of all lanes; sets the parameters' `grad` if the chunk has any target.
 *
 * The gradient of the whole chunk is computed slice by slice: each slice starts from a copy of the state before it, and its
 * backward pass hands the gradient of that copy to the previous slice. The gradient is exact: slices limit the time between
 * pauses, not the number of steps through which gradients flow.
 * @param slice steps of a slice; by default as many as take a few milliseconds.
 */
export function* chunkGradients(
  network: Network,
  rows: TrainingRows,
  lanes: readonly LaneChunk[],
  carried: TensorState,
  slice = Math.max(1, Math.floor(productsPerTurn / (lanes.length * productsPerRow(network.options)))),
): Paced<ChunkResult> {
  const time = lanes.reduce((max, lane) => Math.max(max, lane.rows), 0);
  const slices = Math.ceil(time / slice);
  const targets: Float32Array[] = [];
  for (let k = 0; k < slices; k++)
    targets.push(targetsOf(rows.y, lanes, k * slice, Math.min(time, (k + 1) * slice), network));
  const values = targets.reduce((sum, sliceTargets) => sum + countPresent(sliceTargets), 0);

  let state = startState(network, lanes, carried);
  let loss = 0;
  const done: { entry: TensorState; loss: Tensor; exit: TensorState }[] = [];
  for (let k = 0; k < slices; k++) {
    const [from, to] = [k * slice, Math.min(time, (k + 1) * slice)];
    const entry = k === 0 ? state : state.map(leafOf);
    const x = inputsOf(rows.x, lanes, from, to, network);
    const lengths = lanes.map((lane) => Math.max(1, Math.min(lane.rows, to) - from));
    const [y, exit] = network.forward(x, entry, lengths.every((length) => length === to - from) ? {} : { lengths });
    const sliceLoss = maskedSquaredError(y, targets[k], Math.max(1, values));
    loss += sliceLoss.item();
    done.push({ entry, loss: sliceLoss, exit });
    state = exit;
    yield;
  }
  if (values > 0 && Number.isFinite(loss)) {
    for (let k = slices - 1; k >= 0; k--) {
      let root = done[k].loss;
      const later = done[k + 1]?.entry;
      for (const [i, exit] of done[k].exit.entries()) {
        const gradient = later?.[i].grad;
        if (gradient !== undefined) root = root.add(exit.mul(gradient).sum());
      }
      root.backward();
      yield;
    }
  }
  return { loss, values, state: endStates(done, lanes, carried, slice) };
}

/** The final state of each lane; a lane without rows keeps its carried state. */
function endStates(
  done: readonly { exit: TensorState }[],
  lanes: readonly LaneChunk[],
  carried: TensorState,
  slice: number,
): TensorState {
  const last = done.length - 1;
  const sliceOf = ({ rows }: LaneChunk) => Math.ceil(rows / slice) - 1;
  return carried.map((before, i) => {
    const final = done[last].exit[i].detach();
    if (lanes.every((lane) => sliceOf(lane) === last)) return final;
    const ends = lanes.map((lane, at) => {
      const slice = sliceOf(lane);
      return (slice < 0 ? before : done[slice].exit[i].detach()).narrow(1, at, 1);
    });
    return cat(ends, 1);
  });
}

/** The same values as a new leaf, at which the backward pass of a slice stops. */
function leafOf(part: Tensor): Tensor {
  const leaf = part.detach();
  leaf.requiresGrad = true;
  return leaf;
}

/** The carried state of each lane, or the initial state of the network if the lane is reset. */
function startState(network: Network, lanes: readonly LaneChunk[], carried: TensorState): TensorState {
  if (lanes.every(({ reset }) => !reset)) return carried;
  const start = network.start(lanes.length);
  if (lanes.every(({ reset }) => reset)) return start;
  return start.map((part, i) =>
    cat(
      lanes.map(({ reset }, lane) => (reset ? part : carried[i]).narrow(1, lane, 1)),
      1,
    ),
  );
}

/** The state of the lanes before the first chunk, in which all of them are reset. */
export function noState(network: Network, lanes: number): TensorState {
  return network.start(1).map((part) => zeros(part.shape[0], lanes, part.shape[2]));
}

/** x of all lanes from step `from` to `to` of the chunk, (lanes, time, inputs); 0 after the end of a lane. */
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

/** y of all lanes, (lanes, time, targets); NaN after the end of a lane and in its warm-up. */
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

function countPresent(targets: Float32Array): number {
  let count = 0;
  for (let i = 0; i < targets.length; i++) if (!Number.isNaN(targets[i])) count++;
  return count;
}
