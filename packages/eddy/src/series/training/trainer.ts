/** Trainer: one network and its optimiser, epoch by epoch, with a state that can be saved and restored. */
import { clipGradNorm } from "../../nn/clip.ts";
import { Adam } from "../../optim/adam.ts";
import type { OptimizerStateDict } from "../../optim/optimizer.ts";
import { zeros } from "../../tensor/create.ts";
import { cat } from "../../tensor/indexing.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { countRows, type Rows } from "../data/rows.ts";
import type { Network, TensorState } from "../network/network.ts";
import type { Divergence } from "../record/notes.ts";
import type { ResolvedTrainingOptions } from "../settings/options.ts";
import { chunkGradients, noState, type TrainingRows } from "./chunk-gradients.ts";
import { adamBetas, finalRateShare, laneWarmUp } from "./defaults.ts";
import { chunkCount, chunksOf, type LaneRows, planLanes } from "./lanes.ts";

/** The state of a trainer after an epoch, from which it continues bit for bit. */
export interface TrainerState {
  /** Completed epochs. */
  epoch: number;
  step: number;
  /** Factor on the learning rate, reduced by each divergence. */
  rateFactor: number;
  weights: Record<string, Tensor>;
  /** The running average of the weights, if one is kept. */
  average: Record<string, Tensor> | undefined;
  optimizer: OptimizerStateDict;
  /** The final state of each lane in the last epoch, by name: h, and c of an LSTM; undefined before the first epoch. */
  ends: Record<string, Tensor> | undefined;
}

/** The completed share of an epoch, and its loss so far. */
export interface EpochProgress {
  progress: number;
  loss: number;
}

/** Thrown when a loss or gradient is not finite, or has exploded. */
export class Diverged extends Error {
  constructor(
    readonly quantity: Divergence["quantity"],
    readonly value: number,
  ) {
    super();
  }
}

/** Scaled targets have variance 1: a loss a thousand times larger means divergence. */
const explodedLoss = 1e3;

const stateNames = ["h", "c"];

export class Trainer {
  epoch = 0;
  step = 0;
  rateFactor = 1;
  readonly #plan: LaneRows[][];
  readonly #chunks: number;
  readonly #optimizer: Adam;
  readonly #warmUp: number;
  /** Rows of one epoch. */
  readonly trainRows: number;
  #average: Record<string, Tensor> | undefined;
  #ends: TensorState | undefined;

  constructor(
    readonly network: Network,
    private readonly rows: TrainingRows,
    segments: readonly Rows[],
    private readonly settings: ResolvedTrainingOptions,
  ) {
    const { learningRate, weightDecay, lanes, chunk, average } = settings;
    this.#plan = planLanes(segments, lanes);
    this.#chunks = chunkCount(this.#plan, chunk);
    this.#optimizer = new Adam(network.parameters(), { lr: learningRate, betas: adamBetas, weightDecay });
    this.trainRows = countRows(segments);
    this.#warmUp = Math.min(laneWarmUp, Math.floor(this.trainRows / lanes / 4));
    this.#average = average > 0 ? weightsOf(network) : undefined;
  }

  /** The running average of the weights, if one is kept. */
  get average(): Record<string, Tensor> | undefined {
    return this.#average;
  }

  /** The learning rate after a number of epochs: half a cosine from its initial value to its final share. */
  learningRate(epochs: number): number {
    const height = (1 + Math.cos(Math.PI * Math.min(1, epochs / this.settings.epochs))) / 2;
    return this.settings.learningRate * this.rateFactor * (finalRateShare + (1 - finalRateShare) * height);
  }

  /**
   * One epoch; pauses often, and yields the progress after each step of the optimiser.
   *
   * Each lane starts with the final state of the previous lane in the last epoch; at the start of a segment, the state is reset.
   * @throws Diverged if the loss or gradient is not finite or explodes.
   */
  *runEpoch(): Generator<EpochProgress | undefined, { loss: number }, undefined> {
    const { network } = this;
    const { lanes, chunk, clip } = this.settings;
    const parameters = network.parameters();
    let done = 0;
    let [sum, count] = [0, 0];
    let state = this.#ends === undefined ? noState(network, lanes) : this.#ends.map(shiftLanes);
    for (const chunks of chunksOf(this.#plan, chunk, this.#ends === undefined ? this.#warmUp : undefined)) {
      this.#optimizer.zeroGrad();
      const result = yield* chunkGradients(network, this.rows, chunks, state);
      state = result.state;
      done++;
      if (result.values === 0) continue;
      if (!(result.loss < explodedLoss)) throw new Diverged("loss", result.loss);
      const norm = clipGradNorm(parameters, clip);
      if (!Number.isFinite(norm)) throw new Diverged("gradient", norm);
      const progress = done / this.#chunks;
      for (const group of this.#optimizer.paramGroups) group.lr = this.learningRate(this.epoch + progress);
      this.#optimizer.step();
      this.step++;
      this.#updateAverage();
      sum += result.loss * result.values;
      count += result.values;
      yield { progress, loss: sum / count };
    }
    this.#ends = state;
    this.epoch++;
    return { loss: sum / count };
  }

  /** a ← d a + (1 − d) w, with a decay d that is small at first, so that the initial weights have little influence. */
  #updateAverage(): void {
    if (this.#average === undefined) return;
    const share = 1 - Math.min(this.settings.average, (1 + this.step) / (10 + this.step));
    for (const [name, { data: weights }] of Object.entries(this.network.stateDict())) {
      const { data } = this.#average[name];
      for (let i = 0; i < data.length; i++) data[i] += share * (weights[i] - data[i]);
    }
  }

  /** A copy of the state on which the next epoch depends. */
  state(): TrainerState {
    return {
      epoch: this.epoch,
      step: this.step,
      rateFactor: this.rateFactor,
      weights: weightsOf(this.network),
      average: this.#average && copyOf(this.#average),
      optimizer: this.#optimizer.stateDict(),
      ends: this.#ends && copyOf(Object.fromEntries(this.#ends.map((part, i) => [stateNames[i], part]))),
    };
  }

  restore(state: TrainerState): void {
    this.epoch = state.epoch;
    this.step = state.step;
    this.rateFactor = state.rateFactor;
    this.network.loadStateDict(state.weights);
    this.#average = state.average && copyOf(state.average);
    this.#optimizer.loadStateDict(state.optimizer);
    const { ends } = state;
    this.#ends = ends && stateNames.filter((name) => ends[name] !== undefined).map((name) => ends[name]);
  }
}

/** Lane k receives the state of lane k − 1; lane 0 receives zeros, since it starts a series. */
function shiftLanes(part: Tensor): Tensor {
  const [layers, lanes, hidden] = part.shape;
  const first = zeros(layers, 1, hidden);
  return lanes === 1 ? first : cat([first, part.narrow(1, 0, lanes - 1)], 1);
}

function copyOf(tensors: Record<string, Tensor>): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name, new Tensor(tensor.data.slice(), tensor.shape)]),
  );
}

/** A copy of a network's weights. */
export function weightsOf(network: Network): Record<string, Tensor> {
  return copyOf(network.stateDict());
}
