/** Regression losses: how far a prediction is from its target. */
import { fault } from "../fault.ts";
import { allocate } from "../kernels/pool.ts";
import { record } from "../tensor/autograd.ts";
import { checkTensor } from "../tensor/check.ts";
import { broadcastShape, sameShape, show } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";
import { checkOptions, nonNegative, oneOf, positive, type Rule } from "./options.ts";

/** How a loss combines its elements: "mean", "sum", or "none" for one loss per element. */
export type Reduction = "mean" | "sum" | "none";

/** Settings of a loss. */
export interface LossOptions {
  /** "mean" by default. */
  reduction?: Reduction;
}

const { fround } = Math;

const reductionRule = oneOf("mean", "sum", "none");

/** The base of all losses: checks the options, and stores the reduction. */
export abstract class Loss extends Module {
  protected readonly reduction: Reduction;

  constructor(caller: string, options: LossOptions, rules: Record<string, Rule> = {}) {
    super();
    checkOptions(caller, options, { reduction: reductionRule, ...rules });
    this.reduction = options.reduction ?? "mean";
  }
}

/** Combines the losses of all elements. */
export function reduce(losses: Tensor, reduction: Reduction): Tensor {
  if (reduction === "none") return losses;
  return reduction === "sum" ? losses.sum() : losses.mean();
}

/** Throws unless the shapes are equal: broadcasting (10, 1) with (10) would compare each element with all others. */
export function checkPair(loss: string, prediction: Tensor, target: Tensor): void {
  checkTensor(loss, "prediction", prediction);
  checkTensor(loss, "target", target);
  if (!sameShape(prediction.shape, target.shape)) {
    const wouldBroadcast = (() => {
      try {
        return ` (broadcasting to ${show(broadcastShape(loss, prediction.shape, target.shape))} would compare unrelated elements)`;
      } catch {
        return "";
      }
    })();
    throw fault(
      "shape",
      loss,
      `a target of the prediction's shape ${show(prediction.shape)}`,
      `${show(target.shape)}${wouldBroadcast}`,
      "reshape one of them",
    );
  }
}

/** Records the reduction of f(d), with d = prediction − target, as one node; dd = weight · f′(d) · dy. */
function ofDifference(
  loss: string,
  prediction: Tensor,
  target: Tensor,
  reduction: Reduction,
  f: (d: number) => number,
  slope: (d: number) => number,
): Tensor {
  checkPair(loss, prediction, target);
  const p = prediction.values;
  const t = target.values;
  const d = allocate(p.length);
  for (let i = 0; i < d.length; i++) d[i] = p[i] - t[i];
  const count = reduction === "mean" ? d.length : 1;
  const weight = fround(1 / count);
  return record(
    reduction === "none" ? d.map(f) : new Float32Array([totalOf(d, f) / count]),
    reduction === "none" ? prediction.shape : [],
    [prediction, target],
    (dy) => {
      const dp = allocate(d.length);
      const step = reduction === "none" ? 1 : 0; // one gradient per element, or one for all
      for (let i = 0; i < dp.length; i++) dp[i] = fround(weight * slope(d[i])) * dy[i * step];
      return [
        prediction.requiresGrad ? dp : undefined,
        target.requiresGrad ? dp.map((gradient) => -gradient) : undefined,
      ];
    },
  );
}

/** Σ f(d) of losses that are rounded to float32, in float64 and rounded once. */
function totalOf(d: Float32Array, f: (d: number) => number): number {
  let total = 0;
  for (let i = 0; i < d.length; i++) total += fround(f(d[i]));
  return fround(total);
}

const square = (d: number) => d * d;
const twice = (d: number) => 2 * d;

/**
 * Mean squared error, (prediction − target)².
 *
 * Shapes: prediction and target of the same shape → a scalar, or that shape with reduction "none".
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.MSELoss.html
 * @throws RangeError if the shapes differ.
 * @example new nn.MSELoss().forward(tensor([1, 2]), tensor([1, 4])).item() // 2
 */
export class MSELoss extends Loss {
  constructor(options: LossOptions = {}) {
    super("nn.MSELoss", options);
  }

  forward(prediction: Tensor, target: Tensor): Tensor {
    return ofDifference("nn.MSELoss", prediction, target, this.reduction, square, twice);
  }
}

/**
 * Mean absolute error, |prediction − target|.
 *
 * Shapes: as `MSELoss`. Source: https://pytorch.org/docs/stable/generated/torch.nn.L1Loss.html
 * @throws RangeError if the shapes differ.
 * @example new nn.L1Loss().forward(tensor([1, 2]), tensor([1, 4])).item() // 1
 */
export class L1Loss extends Loss {
  constructor(options: LossOptions = {}) {
    super("nn.L1Loss", options);
  }

  forward(prediction: Tensor, target: Tensor): Tensor {
    checkPair("nn.L1Loss", prediction, target);
    return reduce(prediction.sub(target).abs(), this.reduction);
  }
}

/**
 * Smooth L1 loss, with d = prediction − target: d² / (2β) where |d| < β, else |d| − β / 2.
 *
 * β is the option `beta`, 1 by default; with 0 it equals `L1Loss`.
 * Shapes: as `MSELoss`. Source: https://pytorch.org/docs/stable/generated/torch.nn.SmoothL1Loss.html
 * @throws RangeError if the shapes differ; TypeError for β < 0.
 * @example new nn.SmoothL1Loss().forward(tensor([1, 2]), tensor([1, 4])).item() // 0.75
 */
export class SmoothL1Loss extends Loss {
  readonly #beta: number;

  constructor(options: LossOptions & { beta?: number } = {}) {
    super("nn.SmoothL1Loss", options, { beta: nonNegative });
    this.#beta = options.beta ?? 1;
  }

  forward(prediction: Tensor, target: Tensor): Tensor {
    const beta = this.#beta;
    return ofDifference(
      "nn.SmoothL1Loss",
      prediction,
      target,
      this.reduction,
      (d) => (Math.abs(d) < beta ? (d * d) / (2 * beta) : Math.abs(d) - beta / 2),
      (d) => (Math.abs(d) < beta ? d / beta : Math.sign(d)),
    );
  }
}

/**
 * Huber loss, with d = prediction − target: d² / 2 where |d| ≤ δ, else δ (|d| − δ / 2).
 *
 * δ is the option `delta`, 1 by default.
 * Shapes: as `MSELoss`. Source: https://pytorch.org/docs/stable/generated/torch.nn.HuberLoss.html
 * @throws RangeError if the shapes differ; TypeError for δ ≤ 0.
 * @example new nn.HuberLoss({ delta: 2 }).forward(tensor([1, 2]), tensor([1, 4])).item() // 1
 */
export class HuberLoss extends Loss {
  readonly #delta: number;

  constructor(options: LossOptions & { delta?: number } = {}) {
    super("nn.HuberLoss", options, { delta: positive });
    this.#delta = options.delta ?? 1;
  }

  forward(prediction: Tensor, target: Tensor): Tensor {
    const delta = this.#delta;
    return ofDifference(
      "nn.HuberLoss",
      prediction,
      target,
      this.reduction,
      (d) => (Math.abs(d) <= delta ? (d * d) / 2 : delta * (Math.abs(d) - delta / 2)),
      (d) => (Math.abs(d) <= delta ? d : delta * Math.sign(d)),
    );
  }
}
