/** nn.functional: layers and losses as functions, with PyTorch's arguments in one order. */

import { display, fault } from "../fault.ts";
import { checkTensor } from "../tensor/check.ts";
import type { TensorData } from "../tensor/create.ts";
import { full } from "../tensor/create.ts";
import { cat } from "../tensor/indexing.ts";
import { linear as product } from "../tensor/matrix.ts";
import { show } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import {
  BCEWithLogitsLoss,
  type BCEWithLogitsOptions,
  CrossEntropyLoss,
  type CrossEntropyOptions,
} from "./cross-entropy.ts";
import { dropout as drop } from "./dropout.ts";
import { HuberLoss, L1Loss, type LossOptions, MSELoss, SmoothL1Loss } from "./losses.ts";
import { checkOptions, flag, integer, positiveInteger, wholeNumber } from "./options.ts";
import { BCELoss, type BCELossOptions, NLLLoss, type NLLLossOptions } from "./probability-losses.ts";
import { GaussianNLLLoss, type GaussianNLLOptions } from "./uncertainty.ts";

export { elu, gelu, leakyRelu, silu, softplus } from "../tensor/activation.ts";
export { logSoftmax, relu, sigmoid, softmax, tanh } from "../tensor/forms.ts";
export { conv1d } from "./conv1d.ts";

/**
 * y = x Wᵀ + b. Shapes: x (…, in), W (out, in), b (out) → (…, out).
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.linear.html
 * @throws RangeError for mismatched shapes.
 * @example nn.functional.linear(x, layer.weight, layer.bias)
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor): Tensor {
  checkTensor("linear", "x", x);
  checkTensor("linear", "weight", weight);
  if (bias !== undefined) checkTensor("linear", "bias", bias);
  const [out, features] = weight.shape;
  const fits = weight.rank === 2 && x.rank > 0 && x.shape[x.rank - 1] === features;
  if (!fits || (bias !== undefined && !(bias.rank === 1 && bias.shape[0] === out))) {
    const received = [x, weight, ...(bias ? [bias] : [])].map(({ shape }) => show(shape)).join(", ");
    throw fault("shape", "linear", "x (…, in), weight (out, in), bias (out)", received, "check the previous layer");
  }
  return product(x, weight, bias);
}

/**
 * Dropout with probability p (0.5 by default) unless `training` is false.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.dropout.html
 * @throws TypeError unless p is a number from 0 to 1.
 * @example nn.functional.dropout(features, 0.2, this.training)
 */
export function dropout(x: Tensor, p = 0.5, training = true): Tensor {
  checkOptions("dropout", { training }, { training: flag });
  checkTensor("dropout", "x", x);
  return training ? drop(x, p) : x;
}

/**
 * `nn.MSELoss` as a function. Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.mse_loss.html
 * @throws RangeError if the shapes differ.
 */
export function mseLoss(prediction: Tensor, target: Tensor, options?: LossOptions): Tensor {
  return new MSELoss(options).forward(prediction, target);
}

/**
 * `nn.L1Loss` as a function. Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.l1_loss.html
 * @throws RangeError if the shapes differ.
 */
export function l1Loss(prediction: Tensor, target: Tensor, options?: LossOptions): Tensor {
  return new L1Loss(options).forward(prediction, target);
}

/**
 * `nn.SmoothL1Loss` as a function. Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.smooth_l1_loss.html
 * @throws RangeError if the shapes differ.
 */
export function smoothL1Loss(prediction: Tensor, target: Tensor, options?: LossOptions & { beta?: number }): Tensor {
  return new SmoothL1Loss(options).forward(prediction, target);
}

/**
 * `nn.HuberLoss` as a function. Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.huber_loss.html
 * @throws RangeError if the shapes differ.
 */
export function huberLoss(prediction: Tensor, target: Tensor, options?: LossOptions & { delta?: number }): Tensor {
  return new HuberLoss(options).forward(prediction, target);
}

/**
 * `nn.CrossEntropyLoss` as a function. Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.cross_entropy.html
 * @throws RangeError for mismatched shapes, and for targets that are not class indices.
 */
export function crossEntropy(prediction: Tensor, target: Tensor | TensorData, options?: CrossEntropyOptions): Tensor {
  return new CrossEntropyLoss(options).forward(prediction, target);
}

/**
 * `nn.NLLLoss` as a function. Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.nll_loss.html
 * @throws RangeError for mismatched shapes, and for targets that are not class indices.
 */
export function nllLoss(prediction: Tensor, target: Tensor | TensorData, options?: NLLLossOptions): Tensor {
  return new NLLLoss(options).forward(prediction, target);
}

/**
 * `nn.BCELoss` as a function. Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.binary_cross_entropy.html
 * @throws RangeError if the shapes differ, and for predictions outside 0 … 1.
 */
export function binaryCrossEntropy(prediction: Tensor, target: Tensor, options?: BCELossOptions): Tensor {
  return new BCELoss(options).forward(prediction, target);
}

/**
 * `nn.BCEWithLogitsLoss` as a function.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.binary_cross_entropy_with_logits.html
 * @throws RangeError if the shapes differ.
 */
export function binaryCrossEntropyWithLogits(
  prediction: Tensor,
  target: Tensor,
  options?: BCEWithLogitsOptions,
): Tensor {
  return new BCEWithLogitsLoss(options).forward(prediction, target);
}

/**
 * `nn.GaussianNLLLoss` as a function. Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.gaussian_nll_loss.html
 * @throws RangeError for mismatched shapes.
 */
export function gaussianNllLoss(
  prediction: Tensor,
  target: Tensor,
  variance: Tensor,
  options?: GaussianNLLOptions,
): Tensor {
  return new GaussianNLLLoss(options).forward(prediction, target, variance);
}

/**
 * One-hot rows of class indices, with as many classes as the largest index needs by default.
 *
 * Shapes: any → the same with the classes as a new last dimension.
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.one_hot.html
 * @throws RangeError for indices that are not integers from 0 to numClasses − 1.
 * @example nn.functional.oneHot(tensor([2, 0]), 3).toArray() // [[0, 0, 1], [1, 0, 0]]
 */
export function oneHot(index: Tensor, numClasses?: number): Tensor {
  checkTensor("oneHot", "index", index);
  checkOptions("oneHot", { numClasses }, { numClasses: positiveInteger });
  const classes = numClasses ?? (index.numel === 0 ? 0 : index.max().item() + 1);
  return full([...index.shape, Number.isInteger(classes) && classes > 0 ? classes : 1], 0).scatter(
    index.rank,
    index.unsqueeze(index.rank),
    1,
  );
}

/**
 * Constant values before and after the last dimensions: [before, after] of the last, then of the one before it, and so on.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.pad.html
 * @throws RangeError for an odd number of sizes, or more than two per dimension.
 * @example nn.functional.pad(x, [2, 0]) // two zeros before the start of the last dimension
 */
export function pad(x: Tensor, sizes: readonly number[], value = 0): Tensor {
  checkTensor("pad", "x", x);
  if (!Array.isArray(sizes) || sizes.length % 2 === 1 || sizes.length > 2 * x.rank) {
    throw fault("shape", "pad", `[before, after] of at most ${x.rank} dimensions`, display(sizes), "check the sizes");
  }
  let y = x;
  for (let i = 0; i < sizes.length; i += 2) {
    const dim = x.rank - 1 - i / 2;
    const [before, after] = [sizes[i], sizes[i + 1]];
    checkOptions("pad", { before, after }, { before: wholeNumber, after: wholeNumber }, ["before", "after"]);
    const filler = (size: number) => full(y.shape.with(dim, size), value);
    y = cat([...(before > 0 ? [filler(before)] : []), y, ...(after > 0 ? [filler(after)] : [])], dim);
  }
  return y;
}

/**
 * x / max(‖x‖, 10⁻¹²) along a dimension (1 by default). Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.normalize.html
 * @throws RangeError for a dimension that does not exist.
 * @example nn.functional.normalize(vectors)
 */
export function normalize(x: Tensor, p = 2, dim = 1): Tensor {
  checkTensor("normalize", "x", x);
  checkOptions("normalize", { dim }, { dim: integer });
  return x.div(x.norm(p, dim, true).clamp(1e-12));
}

export {
  /** @deprecated Write leakyRelu. */
  leakyRelu as leaky_relu,
} from "../tensor/activation.ts";
export {
  /** @deprecated Write logSoftmax. */
  logSoftmax as log_softmax,
} from "../tensor/forms.ts";
// PyTorch's spellings of the same functions.
export {
  /** @deprecated Write binaryCrossEntropy. */
  binaryCrossEntropy as binary_cross_entropy,
  /** @deprecated Write binaryCrossEntropyWithLogits. */
  binaryCrossEntropyWithLogits as binary_cross_entropy_with_logits,
  /** @deprecated Write crossEntropy. */
  crossEntropy as cross_entropy,
  /** @deprecated Write gaussianNllLoss. */
  gaussianNllLoss as gaussian_nll_loss,
  /** @deprecated Write huberLoss. */
  huberLoss as huber_loss,
  /** @deprecated Write l1Loss. */
  l1Loss as l1_loss,
  /** @deprecated Write mseLoss. */
  mseLoss as mse_loss,
  /** @deprecated Write nllLoss. */
  nllLoss as nll_loss,
  /** @deprecated Write oneHot. */
  oneHot as one_hot,
  /** @deprecated Write smoothL1Loss. */
  smoothL1Loss as smooth_l1_loss,
};
