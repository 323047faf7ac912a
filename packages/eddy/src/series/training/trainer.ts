/** Trainer: one network and its optimiser, epoch by epoch, with a state that can be saved and restored. */
import { clipGradNorm } from "../../nn/clip.ts";
import { Adam } from "../../optim/adam.ts";
import { zeros } from "../../tensor/create.ts";
import { cat } from "../../tensor/indexing.ts";
import { Tensor } from "../../tensor/tensor.ts";
import { countRows, longestOf, type Rows } from "../data/rows.ts";
import type { Network, TensorState } from "../network/network.ts";
import type { Divergence } from "../record/notes.ts";
import type { ResolvedTrainingOptions } from "../settings/options.ts";
import { chunkGradients, noState, type TrainingRows } from "./chunk-gradients.ts";
import { adamBetas, finalRateShare, laneWarmUp } from "./defaults.ts";
import { chunkCount, chunksOf, type LaneChunk, type LaneRows, piecesOf, planLanes } from "./lanes.ts";
import { type PackedMoments, packedMoments, packedWeights, unpackMoments, unpackWeights } from "./packed.ts";
import { randomShare } from "./seeds.ts";

/** The state of a trainer after an epoch, as plain data, from which it continues bit for bit. */
export interface TrainerState {
  /** Completed epochs. */
  epoch: number;
  step: number;
  /** Factor on the learning rate, reduced by each divergence. */
  rateFactor: number;
  weights: Float32Array;
  /** The running average of the weights, if one is kept. */
  average: Float32Array | undefined;
  moments: PackedMoments;
  /** The final state of each lane in the last epoch: h, and c of an LSTM; undefined before the first epoch. */
  ends: Float32Array[] | undefined;
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

export class Trainer {
  epoch = 0;
  step = 0;
  rateFactor = 1;
  readonly #optimizer: Adam;
  readonly #warmUp: number;
  /** Rows of one epoch. */
  readonly trainRows: number;
  #average: Float32Array | undefined;
  #ends: TensorState | undefined;

  /** @param seed determines where the series are cut. */
  constructor(
    readonly network: Network,
    private readonly rows: TrainingRows,
    private readonly segments: readonly Rows[],
    private readonly settings: ResolvedTrainingOptions,
    private readonly seed: number,
  ) {
    const { learningRate, weightDecay, lanes, average } = settings;
    this.#optimizer = new Adam(network.parameters(), { lr: learningRate, betas: adamBetas, weightDecay });
    this.trainRows = countRows(segments);
    this.#warmUp = Math.min(laneWarmUp, Math.floor(this.trainRows / lanes / 4));
    this.#average = average > 0 ? packedWeights(network) : undefined;
  }

  /** The weights to validate and to use: their running average, if one is kept. */
  get result(): Float32Array {
    return this.#average?.slice() ?? packedWeights(this.network);
  }

  /** The learning rate after a number of epochs: half a cosine from its initial value to its final share. */
  learningRate(epochs: number): number {
    const height = (1 + Math.cos(Math.PI * Math.min(1, epochs / this.settings.epochs))) / 2;
    return this.settings.learningRate * this.rateFactor * (finalRateShare + (1 - finalRateShare) * height);
  }

  /**
   * One epoch; pauses often, and yields the progress after each step of the optimiser.
   *
   * Each lane starts with the final state of the previous lane in the last epoch; at the start of a segment or piece, the state is
   * reset.
   * @throws Diverged if the loss or gradient is not finite or explodes.
   */
  *runEpoch(): Generator<EpochProgress | undefined, { loss: number }, undefined> {
    const { network } = this;
    const { clip, lanes } = this.settings;
    const parameters = network.parameters();
    let done = 0;
    let [sum, count] = [0, 0];
    const { steps, chunks } = this.#plan();
    let state = this.#ends === undefined ? noState(network, lanes) : this.#ends.map(shiftLanes);
    for (const rows of chunks) {
      this.#optimizer.zeroGrad();
      // As many lanes as pieces of one series: all of them are reset.
      const carried = rows.length === lanes ? state : noState(network, rows.length);
      const result = yield* chunkGradients(network, this.rows, rows, carried);
      if (rows.length === lanes) state = result.state;
      done++;
      if (result.values === 0) continue;
      if (!(result.loss < explodedLoss)) throw new Diverged("loss", result.loss);
      const norm = clipGradNorm(parameters, clip);
      if (!Number.isFinite(norm)) throw new Diverged("gradient", norm);
      const progress = done / steps;
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

  /** The chunks of the next epoch. Series that are trained without truncation run in parallel with the other pieces of the same series. */
  #plan(): { steps: number; chunks: Iterable<LaneChunk[]> } {
    const { lanes, chunk, randomStarts } = this.settings;
    const cut = randomShare(this.seed, this.epoch, 0) < randomStarts;
    const pieces = cut
      ? piecesOf(this.segments, randomShare(this.seed, this.epoch, 1))
      : this.segments.map((own) => [own]);
    if (lanes === 1 && chunk >= longestOf(this.segments)) {
      const start = ({ start, end }: Rows) => ({ row: start, rows: end - start, reset: true, warmUp: 0 });
      return { steps: pieces.length, chunks: pieces.map((ranges) => ranges.map(start)) };
    }
    const plan: LaneRows[][] = planLanes(pieces.flat(), lanes);
    const warmUp = this.#ends === undefined ? this.#warmUp : undefined;
    return { steps: chunkCount(plan, chunk), chunks: chunksOf(plan, chunk, warmUp) };
  }

  /** a ← d a + (1 − d) w, with a decay d that is small at first, so that the initial weights have little influence. */
  #updateAverage(): void {
    if (this.#average === undefined) return;
    const share = 1 - Math.min(this.settings.average, (1 + this.step) / (10 + this.step));
    const average = this.#average;
    let at = 0;
    for (const { data } of this.network.parameters()) {
      for (let i = 0; i < data.length; i++, at++) average[at] += share * (data[i] - average[at]);
    }
  }

  /** A copy of the state on which the next epoch depends. */
  state(): TrainerState {
    return {
      epoch: this.epoch,
      step: this.step,
      rateFactor: this.rateFactor,
      weights: packedWeights(this.network),
      average: this.#average?.slice(),
      moments: packedMoments(this.network.parameters(), this.#optimizer.stateDict().state),
      ends: this.#ends?.map(({ data }) => data.slice()),
    };
  }

  restore({ epoch, step, rateFactor, weights, average, moments, ends }: TrainerState): void {
    this.epoch = epoch;
    this.step = step;
    this.rateFactor = rateFactor;
    unpackWeights(this.network, weights);
    this.#average = average?.slice();
    const state = unpackMoments(this.network.parameters(), moments);
    this.#optimizer.loadStateDict({ ...this.#optimizer.stateDict(), state });
    const { numLayers, hiddenSize } = this.network.options;
    this.#ends = ends?.map((data) => new Tensor(data.slice(), [numLayers, this.settings.lanes, hiddenSize]));
  }
}

/** Lane k receives the state of lane k − 1; lane 0 receives zeros, since it starts a series. */
function shiftLanes(part: Tensor): Tensor {
  const [layers, lanes, hidden] = part.shape;
  const first = zeros(layers, 1, hidden);
  return lanes === 1 ? first : cat([first, part.narrow(1, 0, lanes - 1)], 1);
}
