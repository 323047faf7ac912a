/** Losses of classes: cross-entropy over several, and its binary form. */
import { fault } from "../fault.ts";
import { record } from "../tensor/autograd.ts";
import { checkTensor } from "../tensor/check.ts";
import { type TensorData, tensor } from "../tensor/create.ts";
import { around, mostIndices } from "../tensor/reduce.ts";
import { sameShape, show } from "../tensor/shape.ts";
import { Tensor } from "../tensor/tensor.ts";
import { checkPair, Loss, type LossOptions, reduce } from "./losses.ts";
import { fraction, integer, rule } from "./options.ts";

const tensorRule = rule("a Tensor", (value) => value instanceof Tensor);

/** Settings of `CrossEntropyLoss`. */
export interface CrossEntropyOptions extends LossOptions {
  /** How much each class counts: (classes). */
  weight?: Tensor;
  /** Positions with this target do not count; −100 by default. */
  ignoreIndex?: number;
  /** This share of the target is spread over all classes; 0 by default. */
  labelSmoothing?: number;
}

/**
 * −w_y · ln softmax(x)_y, from unnormalised scores x and the true class y; the mean is weighted by w_y.
 *
 * Shapes: x (classes), (batch, classes) or (batch, classes, …), target whole numbers (), (batch) or (batch, …).
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html
 * @throws RangeError for shapes that do not fit and targets that are no class.
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
    const expected = prediction.shape.filter((_, i) => i !== dim);
    if (prediction.rank === 0 || !sameShape(classes.shape, expected)) {
      throw fault(
        "shape",
        "nn.CrossEntropyLoss",
        `a prediction (batch, classes, …) and a target of shape ${show(expected)}`,
        `${show(prediction.shape)} and ${show(classes.shape)}`,
        "bring the classes to dimension 1 with transpose, or squeeze the target",
      );
    }
    const [outer, count, inner] = around(prediction.shape, dim);
    const w = this.#classWeight?.values ?? new Float32Array(count).fill(1);
    if (w.length !== count) {
      throw fault(
        "shape",
        "nn.CrossEntropyLoss",
        `a weight for each of ${count} classes`,
        `${w.length}`,
        "construct it with as many weights as the prediction has classes",
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
    let total = 0; // the weight of all that counts
    for (let n = 0; n < outer * inner; n++) {
      const chosen = y[n];
      if (chosen === ignoreIndex) continue;
      if (!Number.isInteger(chosen) || chosen < 0 || chosen >= Math.min(count, mostIndices)) {
        throw fault(
          "value",
          "nn.CrossEntropyLoss",
          `targets from 0 to ${Math.min(count, mostIndices) - 1}`,
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
      // ln p_k = (x_k − largest) − ln Σ: with `largest` on the other side, ln Σ would be lost beside large scores.
      const logSum = Math.log(sum);
      let loss = 0;
      let weight = 0;
      for (let k = 0; k < count; k++) {
        const t = soft(k, chosen);
        weight += t;
        // What is impossible (−∞) costs nothing while no target asks for it; with smoothing all are asked for.
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
          if (y[n] !== ignoreIndex) dx[i] = dy[n] * slopes[i]; // 0, also where the mean of nothing is NaN
        }
        return [dx];
      },
      ["private", classes, ...(this.#classWeight === undefined ? [] : [this.#classWeight])],
    );
    // A mean of what weighs nothing is NaN, also where smoothing leaves a loss.
    return reduction === "mean" ? all.sum().div(total || Number.NaN) : reduce(all, reduction);
  }
}

/** ln(1 + eˣ), which never overflows. */
const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** Settings of `BCEWithLogitsLoss`. */
export interface BCEWithLogitsOptions extends LossOptions {
  /** How much each element counts; broadcast to the prediction's shape. */
  weight?: Tensor;
  /** How much a positive target counts against a negative one; broadcast to the prediction's shape. */
  posWeight?: Tensor;
}

/**
 * −w (p y ln σ(x) + (1 − y) ln(1 − σ(x))), from scores x and targets y between 0 and 1.
 *
 * Shapes: two of the same → a scalar, or the same with reduction "none".
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html
 * @throws RangeError when the shapes differ.
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
          const sigma = 1 / (1 + Math.exp(-x[i])); // 1 − σ in its place would be lost where σ is small
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
