/** Batch normalisation: each feature has mean 0 and variance 1 over the batch. */
import { fault } from "../fault.ts";
import { noGrad } from "../tensor/autograd.ts";
import { checkTensor } from "../tensor/check.ts";
import { ones, zeros } from "../tensor/create.ts";
import { writeInPlace } from "../tensor/in-place.ts";
import { show } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Buffer, Module, Parameter } from "./module.ts";
import {
  checkOptions,
  flag,
  fraction,
  mismatchOf,
  nonNegative,
  positiveInteger,
  pythonNumber,
  rule,
} from "./options.ts";

/** Settings of `BatchNorm1d`. */
export interface BatchNormOptions {
  /** ε, which keeps the denominator above 0; 1e-5 by default. */
  eps?: number;
  /** The weight of the current batch in the running averages, 0.1 by default; null for the average over all batches. */
  momentum?: number | null;
  /** Whether to scale and shift each feature by trainable γ and β; true by default. */
  affine?: boolean;
  /** Whether to keep running averages for evaluation mode; true by default. */
  trackRunningStats?: boolean;
}

/**
 * y = γ (x − mean) / √(variance + ε) + β for each feature.
 *
 * In training, mean and variance are those of the batch, and running averages follow them; in evaluation mode, they are the
 * running averages, which are buffers.
 * Shapes: x (batch, feature) or (batch, feature, time) → the same.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.BatchNorm1d.html
 * @throws RangeError for another number of features, or for one value per feature in training.
 * @example new nn.BatchNorm1d(16).forward(x) // (batch, 16)
 */
export class BatchNorm1d extends Module {
  readonly weight: Parameter | undefined;
  readonly bias: Parameter | undefined;
  readonly running_mean: Buffer | undefined;
  readonly running_var: Buffer | undefined;
  readonly num_batches_tracked: Buffer | undefined;
  readonly eps: number;
  readonly momentum: number | null;

  constructor(
    readonly numFeatures: number,
    options: BatchNormOptions = {},
  ) {
    super();
    checkOptions("nn.BatchNorm1d", { numFeatures }, { numFeatures: positiveInteger }, ["numFeatures"]);
    const momentum = rule("a number from 0 to 1, or null", (value) => value === null || !mismatchOf(fraction, value));
    checkOptions("nn.BatchNorm1d", options, { eps: nonNegative, momentum, affine: flag, trackRunningStats: flag });
    this.eps = options.eps ?? 1e-5;
    this.momentum = options.momentum === undefined ? 0.1 : options.momentum;
    if (options.affine ?? true) {
      this.weight = new Parameter(ones(numFeatures));
      this.bias = new Parameter(zeros(numFeatures));
    }
    if (options.trackRunningStats ?? true) {
      this.running_mean = new Buffer(zeros(numFeatures));
      this.running_var = new Buffer(ones(numFeatures));
      this.num_batches_tracked = new Buffer(zeros());
    }
  }

  forward(x: Tensor): Tensor {
    checkTensor("nn.BatchNorm1d", "x", x);
    const { numFeatures, weight, bias, running_mean, running_var } = this;
    if ((x.rank !== 2 && x.rank !== 3) || x.shape[1] !== numFeatures) {
      const expected = `x of shape (batch, ${numFeatures}) or (batch, ${numFeatures}, time)`;
      const remedy = "transpose(1, 2) turns (batch, time, feature) into (batch, feature, time)";
      throw fault("shape", "nn.BatchNorm1d", expected, show(x.shape), remedy);
    }
    const sizes = x.rank === 2 ? [numFeatures] : [numFeatures, 1];
    const spread = (values: Tensor) => values.reshape(sizes);
    const usesBatch = this.training || running_mean === undefined || running_var === undefined;
    const normal = usesBatch
      ? this.#normalised(x)
      : x.sub(spread(running_mean)).div(spread(running_var).add(this.eps).sqrt());
    return weight === undefined || bias === undefined ? normal : normal.mul(spread(weight)).add(spread(bias));
  }

  #normalised(x: Tensor): Tensor {
    const dims = x.rank === 2 ? [0] : [0, 2];
    const count = x.numel / this.numFeatures;
    if (count <= 1) {
      const remedy = "use larger batches, or eval()";
      throw fault("shape", "nn.BatchNorm1d", "more than one value per feature", show(x.shape), remedy);
    }
    const mean = x.mean(dims, true);
    const distance = x.sub(mean);
    const variance = distance.mul(distance).mean(dims, true);
    if (this.training) this.#follow(mean, variance.mul(count / (count - 1)));
    return distance.div(variance.add(this.eps).sqrt());
  }

  /** Moves the running averages towards the batch's mean and unbiased variance. */
  #follow(mean: Tensor, variance: Tensor): void {
    const { running_mean, running_var, num_batches_tracked } = this;
    if (running_mean === undefined || running_var === undefined || num_batches_tracked === undefined) return;
    num_batches_tracked.add_(1);
    const share = this.momentum ?? 1 / num_batches_tracked.item();
    for (const [running, now] of [
      [running_mean, mean],
      [running_var, variance],
    ]) {
      const next = noGrad(() => running.mul(1 - share).add(now.reshape(this.numFeatures).mul(share)));
      writeInPlace(running, next.values);
    }
  }

  protected override describe(): string {
    const { numFeatures, eps, momentum } = this;
    const bool = (value: unknown) => (value === undefined ? "False" : "True");
    const rate = momentum === null ? "None" : pythonNumber(momentum);
    const rest = `affine=${bool(this.weight)}, track_running_stats=${bool(this.running_mean)}`;
    return `${numFeatures}, eps=${pythonNumber(eps)}, momentum=${rate}, ${rest}`;
  }
}
