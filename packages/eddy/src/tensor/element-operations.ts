/** Methods of a tensor for comparisons, rounding and bounds, cumulative sums, statistics. */
import * as comparison from "./comparison.ts";
import { TensorOperations } from "./operations.ts";
import * as pointwise from "./pointwise.ts";
import * as scans from "./scans.ts";
import type { VarianceOptions } from "./statistics.ts";
import * as statistics from "./statistics.ts";
import type { Mask, Tensor } from "./tensor.ts";

/** More operations on elements; those on two operands broadcast. */
export abstract class ElementOperations extends TensorOperations {
  /**
   * 1 where a ≠ b, else 0; without a gradient. Source: https://pytorch.org/docs/stable/generated/torch.ne.html
   * @throws RangeError if the shapes do not broadcast.
   * @example tensor([1, 2]).ne(2).toArray() // [1, 0]
   */
  ne(this: Tensor, other: Tensor | number): Mask {
    return comparison.ne(this, other);
  }

  /**
   * 1 where a ≥ b, else 0; without a gradient. Source: https://pytorch.org/docs/stable/generated/torch.ge.html
   * @throws RangeError if the shapes do not broadcast.
   * @example tensor([1, 2]).ge(2).toArray() // [0, 1]
   */
  ge(this: Tensor, other: Tensor | number): Mask {
    return comparison.ge(this, other);
  }

  /**
   * 1 where a ≤ b, else 0; without a gradient. Source: https://pytorch.org/docs/stable/generated/torch.le.html
   * @throws RangeError if the shapes do not broadcast.
   * @example tensor([1, 2]).le(1).toArray() // [1, 0]
   */
  le(this: Tensor, other: Tensor | number): Mask {
    return comparison.le(this, other);
  }

  /**
   * 1 where an element is NaN, else 0; without a gradient.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.isnan.html
   * @example x.isnan().sum().item() // the number of missing values
   */
  isnan(this: Tensor): Mask {
    return comparison.isnan(this);
  }

  /**
   * 1 where an element is neither NaN nor infinite, else 0; without a gradient.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.isfinite.html
   * @example x.index(x.isfinite())
   */
  isfinite(this: Tensor): Mask {
    return comparison.isfinite(this);
  }

  /**
   * 1 if any element is not 0, else 0; without a gradient.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.any.html
   * @throws RangeError if there are no elements.
   * @example x.isnan().any().item() === 1
   */
  any(this: Tensor): Tensor {
    return this.ne(0).max();
  }

  /**
   * 1 if no element is 0, else 0; without a gradient.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.all.html
   * @throws RangeError if there are no elements.
   * @example x.isfinite().all().item() === 1
   */
  all(this: Tensor): Tensor {
    return this.ne(0).min();
  }

  /**
   * Each element, or the bound that it exceeds; the gradient is 0 beyond the bounds.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.clamp.html
   * @throws TypeError for a bound that is not a number; null or undefined is none.
   * @example tensor([-2, 0, 2]).clamp(-1, 1).toArray() // [-1, 0, 1]
   */
  clamp(this: Tensor, min?: number | null, max?: number | null): Tensor {
    return pointwise.clamp(this, min, max);
  }

  /**
   * The larger of each pair of elements; NaN takes precedence, and equal ones share the gradient.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.maximum.html
   * @throws RangeError if the shapes do not broadcast.
   * @example tensor([1, 5]).maximum(3).toArray() // [3, 5]
   */
  maximum(this: Tensor, other: Tensor | number): Tensor {
    return pointwise.maximum(this, other);
  }

  /**
   * The smaller of each pair of elements; NaN takes precedence, and equal ones share the gradient.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.minimum.html
   * @throws RangeError if the shapes do not broadcast.
   * @example tensor([1, 5]).minimum(3).toArray() // [1, 3]
   */
  minimum(this: Tensor, other: Tensor | number): Tensor {
    return pointwise.minimum(this, other);
  }

  /**
   * The largest integer ≤ x of each element; its gradient is 0.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.floor.html
   * @example tensor([1.5, -1.5]).floor().toArray() // [1, -2]
   */
  floor(this: Tensor): Tensor {
    return pointwise.floor(this);
  }

  /**
   * The smallest integer ≥ x of each element; its gradient is 0.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.ceil.html
   * @example tensor([1.5, -1.5]).ceil().toArray() // [2, -1]
   */
  ceil(this: Tensor): Tensor {
    return pointwise.ceil(this);
  }

  /**
   * The nearest integer of each element, the even one of two; its gradient is 0.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.round.html
   * @example tensor([0.5, 1.5]).round().toArray() // [0, 2]
   */
  round(this: Tensor): Tensor {
    return pointwise.round(this);
  }

  /**
   * Each element without its fraction; its gradient is 0.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.trunc.html
   * @example tensor([1.5, -1.5]).trunc().toArray() // [1, -1]
   */
  trunc(this: Tensor): Tensor {
    return pointwise.trunc(this);
  }

  /**
   * −1, 0 or 1 by the sign of each element; its gradient is 0.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.sign.html
   * @example tensor([-3, 0]).sign().toArray() // [-1, 0]
   */
  sign(this: Tensor): Tensor {
    return pointwise.sign(this);
  }

  /**
   * ln(1 + x) of each element, exact for small x. Source: https://pytorch.org/docs/stable/generated/torch.log1p.html
   * @example tensor(1).log1p().item() // 0.6931471824645996
   */
  log1p(this: Tensor): Tensor {
    return pointwise.log1p(this);
  }

  /**
   * eˣ − 1 of each element, exact for small x. Source: https://pytorch.org/docs/stable/generated/torch.expm1.html
   * @example tensor(1).expm1().item() // 1.7182817459106445
   */
  expm1(this: Tensor): Tensor {
    return pointwise.expm1(this);
  }

  /**
   * Cumulative sum along a dimension. Source: https://pytorch.org/docs/stable/generated/torch.cumsum.html
   * @throws RangeError for a dimension that does not exist.
   * @example tensor([1, 2, 3]).cumsum(0).toArray() // [1, 3, 6]
   */
  cumsum(this: Tensor, dim: number): Tensor {
    return scans.cumsum(this, dim);
  }

  /**
   * Cumulative product along a dimension. Source: https://pytorch.org/docs/stable/generated/torch.cumprod.html
   * @throws RangeError for a dimension that does not exist.
   * @example tensor([1, 2, 3]).cumprod(0).toArray() // [1, 2, 6]
   */
  cumprod(this: Tensor, dim: number): Tensor {
    return scans.cumprod(this, dim);
  }

  /**
   * Product of all elements (the default), or along a dimension.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.prod.html
   * @throws RangeError for a dimension that does not exist.
   * @example tensor([2, 3]).prod().item() // 6
   */
  prod(this: Tensor, dim?: number, keepdim = false): Tensor {
    return scans.prod(this, dim, keepdim);
  }

  /**
   * Variance of all elements (the default), or over dimensions, Σ (x − mean)² / (n − 1).
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.var.html
   * @throws RangeError for a dimension that does not exist.
   * @example tensor([1, 2, 3]).var().item() // 1
   */
  var(this: Tensor, dim?: number | readonly number[], options?: VarianceOptions): Tensor {
    return statistics.variance(this, dim, options);
  }

  /**
   * Standard deviation, √var; its gradient is 0 where it is 0.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.std.html
   * @throws RangeError for a dimension that does not exist.
   * @example tensor([1, 2, 3]).std(0, { correction: 0 }).item() // 0.8164966106414795
   */
  std(this: Tensor, dim?: number | readonly number[], options?: VarianceOptions): Tensor {
    return statistics.std(this, dim, options);
  }

  /**
   * (Σ |x|ᵖ)^{1/p} of all elements (the default), or over dimensions; p is 2 by default, and Infinity gives the largest |x|.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.norm.html
   * @throws TypeError unless p > 0; RangeError for a dimension that does not exist.
   * @example tensor([3, 4]).norm().item() // 5
   */
  norm(this: Tensor, p?: number, dim?: number | readonly number[], keepdim = false): Tensor {
    return statistics.norm(this, p, dim, keepdim);
  }

  /**
   * ln Σ eˣ along a dimension, without overflow.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.logsumexp.html
   * @throws RangeError for a dimension that does not exist.
   * @example tensor([0, 0]).logsumexp(0).item() // 0.6931471824645996
   */
  logsumexp(this: Tensor, dim: number, keepdim = false): Tensor {
    return statistics.logsumexp(this, dim, keepdim);
  }
}
