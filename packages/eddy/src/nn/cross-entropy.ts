/** Classification losses: cross-entropy over several classes, and its binary form. */
import { fault } from "../fault.ts";
import { record } from "../tensor/autograd.ts";
import { checkTensor } from "../tensor/check.ts";
import { type TensorData, tensor } from "../tensor/create.ts";
import { around, maxIndices } from "../tensor/reduce.ts";
import { sameShape, show } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { checkPair, Loss, type LossOptions, reduce } from "./losses.ts";
import { fraction, integer } from "./options.ts";
import { softCrossEntropy, tensorRule } from "./probability-losses.ts";

/** Settings of `CrossEntropyLoss`. */
export interface CrossEntropyOptions extends LossOptions {
  /** Weight of each class: (classes); all 1 by default. */
  weight?: Tensor;
  /** Targets of this value are excluded from the loss; −100 by default. */
  ignoreIndex?: number;
  /** Label smoothing: the fraction of the target that is distributed evenly over all classes; 0 by default. */
  labelSmoothing?: number;
}

/**
 * Cross-entropy, −w_y · ln softmax(x)_y, of unnormalised scores x and the true class y; the mean is weighted by w_y.
 *
 * Shapes: x (classes), (batch, classes) or (batch, classes, …), class indices (), (batch) or (batch, …) → a scalar, or the
 * shape of the indices with reduction "none". A target of the prediction's shape holds class probabilities.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html
 * @throws RangeError for mismatched shapes, and for targets that are not class indices.
 * @example new nn.CrossEntropyLoss().forward(scores, [0, 2, 1]) // scores (3, classes)
 */
export class CrossEntropyLoss extends Loss {
  readonly #ignoreIndex: number;
  readonly #labelSmoothing: number;
  readonly #classWeight: Tensor | undefined;

  constructor(options: CrossEntropyOptions = {}) {
    super("nn.CrossEntropyLoss", options, {
      weight: tensorRule,
      ignoreIndex: integer,
      labelSmoothing: fraction,
    });
    this.#ignoreIndex = options.ignoreIndex ?? -100;
    this.#labelSmoothing = options.labelSmoothing ?? 0;
    this.#classWeight = options.weight?.detach().clone();
  }

  forward(prediction: Tensor, target: Tensor | TensorData): Tensor {
    checkTensor("nn.CrossEntropyLoss", "prediction", prediction);
    const classes = target instanceof Tensor ? target : tensor(target);
    const dim = prediction.rank === 1 ? 0 : 1;
    if (prediction.rank > 0 && sameShape(classes.shape, prediction.shape)) {
      const losses = softCrossEntropy(prediction, classes, this.#classWeight, this.#labelSmoothing);
      const samples = prediction.numel / prediction.shape[dim];
      return this.reduction === "mean" ? losses.sum().div(samples) : reduce(losses, this.reduction);
    }
    const expected = prediction.shape.filter((_, i) => i !== dim);
    if (prediction.rank === 0 || !sameShape(classes.shape, expected)) {
      throw fault(
        "shape",
        "nn.CrossEntropyLoss",
        `a prediction (batch, classes, …) and a target of shape ${show(expected)}`,
        `${show(prediction.shape)} and ${show(classes.shape)}`,
        "transpose the classes to dimension 1, or squeeze the target",
      );
    }
    const [outer, count, inner] = around(prediction.shape, dim);
    const w = this.#classWeight?.values ?? new Float32Array(count).fill(1);
    if (w.length !== count) {
      throw fault(
        "shape",
        "nn.CrossEntropyLoss",
        `weights of ${count} classes`,
        `${w.length}`,
        "construct it with one weight per class",
      );
    }
    const x = prediction.values;
    const y = classes.values;
    const { reduction } = this;
    const epsilon = this.#labelSmoothing;
    const ignoreIndex = this.#ignoreIndex;
    // With soft targets t_k = (1 − ε) w_y [k = y] + ε w_k / classes the loss is −Σ t_k ln p_k, and dx_k = p_k Σ t − t_k.
    const soft = (k: number, chosen: number) =>
      (k === chosen ? (1 - epsilon) * w[k] : 0) + (epsilon === 0 ? 0 : (epsilon * w[k]) / count);
    const losses = new Float32Array(y.length);
    const slopes = new Float32Array(x.length);
    let total = 0; // the weight of all targets that are not ignored
    for (let n = 0; n < outer * inner; n++) {
      const chosen = y[n];
      if (chosen === ignoreIndex) continue;
      if (!Number.isInteger(chosen) || chosen < 0 || chosen >= Math.min(count, maxIndices)) {
        throw fault(
          "value",
          "nn.CrossEntropyLoss",
          `targets from 0 to ${Math.min(count, maxIndices) - 1}`,
          `${chosen}`,
          "count classes from 0 or set ignoreIndex",
        );
      }
      total += w[chosen];
      const start = Math.floor(n / inner) * count * inner + (n % inner);
      let largest = Number.NEGATIVE_INFINITY;
      for (let k = 0; k < count; k++) largest = Math.max(largest, x[start + k * inner]);
      let sum = 0;
      for (let k = 0; k < count; k++) sum += Math.exp(x[start + k * inner] - largest);
      // ln p_k = (x_k − largest) − ln Σ: in ln p_k = x_k − (largest + ln Σ), large scores would absorb ln Σ.
      const logSum = Math.log(sum);
      let loss = 0;
      let weight = 0;
      for (let k = 0; k < count; k++) {
        const t = soft(k, chosen);
        weight += t;
        // A score of −∞ adds no loss, not 0 · ∞, unless it is the target's or label smoothing is on.
        if (k === chosen || epsilon !== 0) loss -= t * (x[start + k * inner] - largest - logSum);
      }
      losses[n] = loss;
      for (let k = 0; k < count; k++) {
        slopes[start + k * inner] = Math.exp(x[start + k * inner] - largest - logSum) * weight - soft(k, chosen);
      }
    }
    const all = record(
      losses,
      classes.shape,
      [prediction],
      (dy) => {
        const dx = new Float32Array(slopes.length);
        for (let i = 0; i < dx.length; i++) {
          const n = Math.floor(i / (count * inner)) * inner + (i % inner);
          if (y[n] !== ignoreIndex) dx[i] = dy[n] * slopes[i]; // else 0, even if the mean is NaN
        }
        return [dx];
      },
      ["private", classes, ...(this.#classWeight === undefined ? [] : [this.#classWeight])],
    );
    // The mean is NaN if the total weight is 0, even if smoothing leaves a loss.
    return reduction === "mean" ? all.sum().div(total || Number.NaN) : reduce(all, reduction);
  }
}

/** ln(1 + eˣ), computed without overflow. */
const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** Settings of `BCEWithLogitsLoss`. */
export interface BCEWithLogitsOptions extends LossOptions {
  /** Weight of each element, broadcast to the prediction's shape; 1 by default. */
  weight?: Tensor;
  /** Weight p of positive targets, broadcast to the prediction's shape; 1 by default. */
  posWeight?: Tensor;
}

/**
 * Binary cross-entropy, −w (p y ln σ(x) + (1 − y) ln(1 − σ(x))), of scores x and targets y from 0 to 1.
 *
 * Shapes: prediction and target of the same shape → a scalar, or that shape with reduction "none".
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html
 * @throws RangeError if the shapes differ.
 * @example new nn.BCEWithLogitsLoss().forward(scores, tensor([1, 0, 1])) // scores (3)
 */
export class BCEWithLogitsLoss extends Loss {
  readonly #elementWeight: Tensor | undefined;
  readonly #posWeight: Tensor | undefined;

  constructor(options: BCEWithLogitsOptions = {}) {
    super("nn.BCEWithLogitsLoss", options, {
      weight: tensorRule,
      posWeight: tensorRule,
    });
    this.#elementWeight = options.weight?.detach().clone();
    this.#posWeight = options.posWeight?.detach().clone();
  }

  forward(prediction: Tensor, target: Tensor): Tensor {
    checkPair("nn.BCEWithLogitsLoss", prediction, target);
    const x = prediction.values;
    const y = target.values;
    const elementWeight = this.#elementWeight;
    const posWeight = this.#posWeight;
    const w = elementWeight?.expand(prediction.shape).values;
    const p = posWeight?.expand(prediction.shape).values;
    const losses = new Float32Array(x.length);
    for (let i = 0; i < x.length; i++) {
      // −ln σ(x) = softplus(−x); ln(1 − σ(x)) = ln σ(x) − x
      losses[i] = (w?.[i] ?? 1) * ((1 - y[i]) * x[i] + (1 + ((p?.[i] ?? 1) - 1) * y[i]) * softplus(-x[i]));
    }
    const all = record(
      losses,
      prediction.shape,
      [prediction, target],
      (dy) => {
        const dx = new Float32Array(dy.length);
        const dTarget = target.requiresGrad ? new Float32Array(dy.length) : undefined;
        for (let i = 0; i < dx.length; i++) {
          const positive = p?.[i] ?? 1;
          const g = dy[i] * (w?.[i] ?? 1);
          const sigma = 1 / (1 + Math.exp(-x[i])); // forming 1 − σ instead would lose a small σ
          const t = positive * y[i];
          dx[i] = g * ((t + 1 - y[i]) * sigma - t);
          if (dTarget !== undefined) {
            dTarget[i] = g * (p === undefined ? -x[i] : positive * softplus(-x[i]) - softplus(x[i]));
          }
        }
        return [dx, dTarget];
      },
      [prediction, target, ...(elementWeight ? [elementWeight] : []), ...(posWeight ? [posWeight] : [])],
    );
    return reduce(all, this.reduction);
  }
}
