/** Training: one network from its first weights on, epoch by epoch, with a state that can be taken down and gone on from. */
import { clipGradNorm } from "../nn/clip.ts";
import { Adam } from "../optim/adam.ts";
import type { OptimizerStateDict } from "../optim/optimizer.ts";
import { type GeneratorState, Generator as RandomNumbers } from "../random.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { chunkGradients, noState, type TrainingRows } from "./chunk-step.ts";
import { chunksOf, planLanes } from "./chunks.ts";
import { fallsAfter, laneWarmUp, lastRate } from "./defaults.ts";
import type { RowRange } from "./frame.ts";
import type { Network, State } from "./network.ts";
import type { ResolvedFit } from "./options.ts";
import { countRows } from "./runs.ts";

/** What a training needs to go on bit for bit, at the end of an epoch. */
export interface TrainingState {
  /** Epochs that are done. */
  epoch: number;
  step: number;
  /** What divergences left of the learning rate. */
  rateFactor: number;
  weights: Record<string, Tensor>;
  optimizer: OptimizerStateDict;
  generator: GeneratorState;
}

/** How far an epoch has come, from 0 to 1, and its loss so far. */
export interface EpochProgress {
  progress: number;
  loss: number;
}

/** Thrown inside a training whose loss or gradient is no longer a number, or has exploded. */
export class Diverged extends Error {}

/** Scaled targets have variance 1: a model whose error is a thousand times that is no longer learning. */
const explodedLoss = 1e3;

export class Training {
  epoch = 0;
  step = 0;
  rateFactor = 1;
  /** Passes planned, not whole where a budget ends within one; the learning rate falls towards it. */
  planned: number;
  readonly #optimizer: Adam;
  readonly #generator: RandomNumbers;
  readonly #warmUp: number;

  constructor(
    readonly network: Network,
    private readonly rows: TrainingRows,
    private readonly runs: readonly RowRange[],
    private readonly settings: ResolvedFit,
    seed: number,
  ) {
    this.planned = settings.epochs;
    this.#optimizer = new Adam(network.parameters(), { lr: settings.learningRate });
    this.#generator = new RandomNumbers(seed);
    this.#warmUp = Math.min(laneWarmUp, Math.floor(countRows(runs) / settings.lanes / 4));
  }

  /** The rate now: level, then falling as half a cosine towards the last planned epoch. */
  learningRate(progress: number): number {
    const share = Math.min(1, progress / this.planned);
    const fall = Math.max(0, (share - fallsAfter) / (1 - fallsAfter));
    const height = lastRate + ((1 - lastRate) * (1 + Math.cos(Math.PI * fall))) / 2;
    return this.settings.learningRate * this.rateFactor * height;
  }

  /**
   * One pass over the training rows; pauses often, and yields after each step of the optimiser how much of the pass is done.
   *
   * @throws Diverged when loss or gradient is no number or explodes.
   */
  *runEpoch(): Generator<EpochProgress | undefined, { loss: number }, undefined> {
    const { settings, network } = this;
    const plan = planLanes(this.runs, settings.lanes, this.#generator);
    const parameters = network.parameters();
    const longest = Math.max(...plan.map((pieces) => countRows(pieces)));
    let done = 0;
    let [sum, count] = [0, 0];
    let state: State = noState(network, settings.lanes);
    for (const lanes of chunksOf(plan, settings.chunk, this.#warmUp)) {
      this.#optimizer.zeroGrad();
      const result = yield* chunkGradients(network, this.rows, lanes, state);
      state = result.state;
      const progress = Math.min(1, done / longest);
      done += settings.chunk;
      if (result.values === 0) continue;
      if (!(result.loss < explodedLoss)) throw new Diverged(`a loss of ${result.loss}`);
      const norm = clipGradNorm(parameters, settings.clip);
      if (!Number.isFinite(norm)) throw new Diverged(`a gradient of norm ${norm}`);
      for (const group of this.#optimizer.paramGroups) group.lr = this.learningRate(this.epoch + progress);
      this.#optimizer.step();
      this.step++;
      sum += result.loss * result.values;
      count += result.values;
      yield { progress: Math.min(1, done / longest), loss: sum / count };
    }
    this.epoch++;
    return { loss: sum / count };
  }

  /** A copy of everything that the next epoch depends on. */
  state(): TrainingState {
    return {
      epoch: this.epoch,
      step: this.step,
      rateFactor: this.rateFactor,
      weights: weightsOf(this.network),
      optimizer: this.#optimizer.stateDict(),
      generator: this.#generator.state(),
    };
  }

  restore(state: TrainingState): void {
    this.epoch = state.epoch;
    this.step = state.step;
    this.rateFactor = state.rateFactor;
    this.network.loadStateDict(state.weights);
    this.#optimizer.loadStateDict(state.optimizer);
    this.#generator.setState(state.generator);
  }
}

/** A copy of a network's weights. */
export function weightsOf(network: Network): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(network.stateDict()).map(([name, tensor]) => [name, tensor.clone()]));
}
