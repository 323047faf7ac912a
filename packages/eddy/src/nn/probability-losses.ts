/** Losses of probabilities: of log-probabilities and class indices, of class probabilities, and the binary one. */
import { fault } from "../fault.ts";
import { record } from "../tensor/autograd.ts";
import { checkTensor } from "../tensor/check.ts";
import { type TensorData, tensor } from "../tensor/create.ts";
import { where } from "../tensor/elementwise.ts";
import { sameShape, show } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { checkPair, Loss, type LossOptions, reduce } from "./losses.ts";
import { integer, rule } from "./options.ts";

export const tensorRule = rule("a Tensor", (value) => value instanceof Tensor);

/** The weights of the classes, shaped to multiply a prediction with its classes in dimension `dim`. */
function classWeights(loss: string, prediction: Tensor, dim: number, weight: Tensor | undefined): Tensor | undefined {
  if (weight === undefined) return undefined;
  const count = prediction.shape[dim];
  if (weight.rank !== 1 || weight.shape[0] !== count) {
    const remedy = "construct it with one weight per class";
    throw fault("shape", loss, `weights of ${count} classes`, show(weight.shape), remedy);
  }
  return weight.reshape(prediction.shape.map((size, i) => (i === dim ? size : 1)));
}

/**
 * −Σ_c w_c t_c ln softmax(x)_c of scores x and class probabilities t, both (batch, classes, …); the mean is over the samples.
 *
 * @param smoothing the fraction of the target that is distributed evenly over all classes.
 */
export function softCrossEntropy(
  prediction: Tensor,
  target: Tensor,
  weight: Tensor | undefined,
  smoothing: number,
): Tensor {
  const dim = prediction.rank === 1 ? 0 : 1;
  const weights = classWeights("nn.CrossEntropyLoss", prediction, dim, weight);
  const smoothed = smoothing === 0 ? target : target.mul(1 - smoothing).add(smoothing / prediction.shape[dim]);
  const terms = prediction.logSoftmax(dim).mul(smoothed);
  return (weights === undefined ? terms : terms.mul(weights)).sum(dim).neg();
}

/** Settings of `NLLLoss`. */
export interface NLLLossOptions extends LossOptions {
  /** Weight of each class: (classes); all 1 by default. */
  weight?: Tensor;
  /** Targets of this value are excluded from the loss; −100 by default. */
  ignoreIndex?: number;
}

/**
 * Negative log-likelihood, −w_y · x_y, of log-probabilities x and the true class y; the mean is weighted by w_y.
 *
 * Shapes: x (classes) or (batch, classes, …), class indices () or (batch, …) → a scalar, or the shape of the indices with
 * reduction "none". Source: https://pytorch.org/docs/stable/generated/torch.nn.NLLLoss.html
 * @throws RangeError for mismatched shapes, and for targets that are not class indices.
 * @example new nn.NLLLoss().forward(scores.logSoftmax(1), [0, 2, 1]) // the same as CrossEntropyLoss of scores
 */
export class NLLLoss extends Loss {
  readonly #ignoreIndex: number;
  readonly #classWeight: Tensor | undefined;

  constructor(options: NLLLossOptions = {}) {
    super("nn.NLLLoss", options, { weight: tensorRule, ignoreIndex: integer });
    this.#ignoreIndex = options.ignoreIndex ?? -100;
    this.#classWeight = options.weight?.detach().clone();
  }

  forward(prediction: Tensor, target: Tensor | TensorData): Tensor {
    checkTensor("nn.NLLLoss", "prediction", prediction);
    const classes = target instanceof Tensor ? target.detach() : tensor(target);
    const dim = prediction.rank === 1 ? 0 : 1;
    const expected = prediction.shape.filter((_, i) => i !== dim);
    if (prediction.rank === 0 || !sameShape(classes.shape, expected)) {
      throw fault(
        "shape",
        "nn.NLLLoss",
        `a prediction (batch, classes, …) and a target of shape ${show(expected)}`,
        `${show(prediction.shape)} and ${show(classes.shape)}`,
        "transpose the classes to dimension 1, or squeeze the target",
      );
    }
    const isIgnored = classes.eq(this.#ignoreIndex);
    const index = classes.maskedFill(isIgnored, 0).unsqueeze(dim);
    const weights = classWeights("nn.NLLLoss", prediction, dim, this.#classWeight)?.expand(prediction.shape);
    const chosen = prediction.gather(dim, index).squeeze(dim).neg();
    const own = weights?.gather(dim, index).squeeze(dim).maskedFill(isIgnored, 0) ?? isIgnored.eq(0);
    const losses = where(isIgnored, 0, weights === undefined ? chosen : chosen.mul(own));
    return this.reduction === "mean" ? losses.sum().div(own.sum()) : reduce(losses, this.reduction);
  }
}

/** Settings of `BCELoss`. */
export interface BCELossOptions extends LossOptions {
  /** Weight of each element, broadcast to the prediction's shape; 1 by default. */
  weight?: Tensor;
}

/**
 * Binary cross-entropy, −w (y ln x + (1 − y) ln(1 − x)), of probabilities x and targets y from 0 to 1; logarithms are ≥ −100.
 *
 * `BCEWithLogitsLoss` of the scores is more accurate. Shapes: prediction and target of the same shape → a scalar, or that shape
 * with reduction "none". Source: https://pytorch.org/docs/stable/generated/torch.nn.BCELoss.html
 * @throws RangeError if the shapes differ, and for predictions outside 0 … 1.
 * @example new nn.BCELoss().forward(scores.sigmoid(), tensor([1, 0, 1])) // scores (3)
 */
export class BCELoss extends Loss {
  readonly #elementWeight: Tensor | undefined;

  constructor(options: BCELossOptions = {}) {
    super("nn.BCELoss", options, { weight: tensorRule });
    this.#elementWeight = options.weight?.detach().clone();
  }

  forward(prediction: Tensor, target: Tensor): Tensor {
    checkPair("nn.BCELoss", prediction, target);
    const x = prediction.values;
    const y = target.values;
    const outside = x.find((p) => !(p >= 0 && p <= 1));
    if (outside !== undefined) {
      throw fault(
        "value",
        "nn.BCELoss",
        "probabilities from 0 to 1",
        `${outside}`,
        "apply sigmoid(), or use BCEWithLogitsLoss",
      );
    }
    const w = this.#elementWeight?.expand(prediction.shape).values;
    const log = (p: number) => Math.max(Math.log(p), -100);
    const losses = x.map((p, i) => -(w?.[i] ?? 1) * (y[i] * log(p) + (1 - y[i]) * log(1 - p)));
    const all = record(
      losses,
      prediction.shape,
      [prediction, target],
      (dy) => [
        dy.map((dy, i) => ((w?.[i] ?? 1) * dy * (x[i] - y[i])) / Math.max(x[i] * (1 - x[i]), 1e-12)),
        target.requiresGrad ? dy.map((dy, i) => (w?.[i] ?? 1) * dy * (log(1 - x[i]) - log(x[i]))) : undefined,
      ],
      [prediction, target, ...(this.#elementWeight ? [this.#elementWeight] : [])],
    );
    return reduce(all, this.reduction);
  }
}
