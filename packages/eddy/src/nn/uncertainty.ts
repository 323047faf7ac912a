/** Losses of predictions with an uncertainty: a variance, or quantiles. */
import { display, fault, isListOf } from "../fault.ts";
import { passOn, record } from "../tensor/autograd.ts";
import { checkTensor } from "../tensor/check.ts";
import { map } from "../tensor/elementwise.ts";
import { sameShape, show } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { checkPair, Loss, type LossOptions, reduce } from "./losses.ts";
import { flag, positive } from "./options.ts";

/** Settings of `GaussianNLLLoss`. */
export interface GaussianNLLOptions extends LossOptions {
  /** Adds the constant ln(2π) / 2; false by default. */
  full?: boolean;
  /** Lower bound of the variance; 1e-6 by default. */
  eps?: number;
}

/**
 * Negative log-likelihood of a normal distribution, (ln v + (target − prediction)² / v) / 2 with the predicted variance v.
 *
 * The gradient ignores the lower bound of v, as in PyTorch.
 * Shapes: prediction and target (…, n), variance (…, n), (…, 1) or (…) → a scalar, or (…, n) with reduction "none".
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.GaussianNLLLoss.html
 * @throws RangeError for shapes that do not fit, and for negative variances.
 * @example new nn.GaussianNLLLoss().forward(mean, target, logVariance.exp())
 */
export class GaussianNLLLoss extends Loss {
  readonly #full: boolean;
  readonly #eps: number;

  constructor(options: GaussianNLLOptions = {}) {
    super("nn.GaussianNLLLoss", options, { full: flag, eps: positive });
    this.#full = options.full ?? false;
    this.#eps = options.eps ?? 1e-6;
  }

  forward(prediction: Tensor, target: Tensor, variance: Tensor): Tensor {
    checkPair("nn.GaussianNLLLoss", prediction, target);
    checkTensor("nn.GaussianNLLLoss", "variance", variance);
    const { shape } = prediction;
    const perRow = shape.slice(0, -1);
    const given = sameShape(variance.shape, perRow) && !sameShape(shape, perRow) ? variance.unsqueeze(-1) : variance;
    if (!sameShape(given.shape, shape) && !sameShape(given.shape, [...perRow, 1])) {
      throw fault(
        "shape",
        "nn.GaussianNLLLoss",
        `a variance of shape ${show(shape)}, ${show(perRow)} or ${show([...perRow, 1])}`,
        show(variance.shape),
        "reshape it",
      );
    }
    const negative = given.values.find((value) => value < 0);
    if (negative !== undefined) {
      throw fault(
        "value",
        "nn.GaussianNLLLoss",
        "variances ≥ 0",
        `${negative}`,
        "predict the logarithm and pass its exp()",
      );
    }
    const eps = this.#eps;
    const v = record(
      map(given.values, (value) => Math.max(value, eps)),
      given.shape,
      [given],
      passOn,
      [],
    );
    const d = prediction.sub(target);
    const losses = v.log().add(d.mul(d).div(v)).mul(0.5);
    return reduce(this.#full ? losses.add(0.5 * Math.log(2 * Math.PI)) : losses, this.reduction);
  }
}

/**
 * Pinball loss, max(q e, (q − 1) e) with e = target − prediction: it is minimal at the q-quantile of the target.
 *
 * The gradient at e = 0 is that of e > 0.
 * Shapes: prediction (…, quantiles), target (…) → a scalar, or (…, quantiles) with reduction "none".
 * Source: Koenker and Bassett, Regression Quantiles, 1978, https://doi.org/10.2307/1913643
 * @throws RangeError unless every quantile is between 0 and 1, exclusive, and for shapes that do not fit.
 * @example new nn.QuantileLoss([0.05, 0.5, 0.95]).forward(prediction, target) // (batch, time, 3), (batch, time)
 */
export class QuantileLoss extends Loss {
  readonly #quantiles: readonly number[];

  constructor(quantiles: readonly number[], options: LossOptions = {}) {
    super("nn.QuantileLoss", options);
    const isQuantile = (q: unknown) => typeof q === "number" && q > 0 && q < 1;
    if (!isListOf(quantiles, isQuantile) || quantiles.length === 0) {
      throw fault(
        "value",
        "nn.QuantileLoss",
        "a list of numbers between 0 and 1",
        Array.isArray(quantiles) ? show(quantiles) : display(quantiles),
        "for example [0.05, 0.5, 0.95]",
      );
    }
    this.#quantiles = [...quantiles];
  }

  forward(prediction: Tensor, target: Tensor): Tensor {
    checkTensor("nn.QuantileLoss", "prediction", prediction);
    checkTensor("nn.QuantileLoss", "target", target);
    const quantiles = this.#quantiles;
    const count = quantiles.length;
    if (!sameShape(prediction.shape, [...target.shape, count])) {
      throw fault(
        "shape",
        "nn.QuantileLoss",
        `a prediction of shape ${show([...target.shape, count])} (the target's shape, and ${count} quantiles)`,
        show(prediction.shape),
        "squeeze the target or reshape the prediction",
      );
    }
    const p = prediction.values;
    const t = target.values;
    const errors = Float32Array.from(p, (value, i) => t[Math.floor(i / count)] - value);
    const slope = (i: number) => (errors[i] >= 0 ? quantiles[i % count] : quantiles[i % count] - 1);
    const losses = errors.map((e, i) => e * slope(i));
    const all = record(
      losses,
      prediction.shape,
      [prediction, target],
      (dy) => {
        const dTarget = new Float64Array(t.length);
        const dPrediction = dy.map((g, i) => -g * slope(i));
        for (let i = 0; i < dy.length; i++) dTarget[Math.floor(i / count)] -= dPrediction[i];
        return [dPrediction, Float32Array.from(dTarget)];
      },
      ["private"],
    );
    return reduce(all, this.reduction);
  }
}
