/** The operations of a tensor, as methods: what each computes, its shapes, its errors and an example. */
import * as comparison from "./comparison.ts";
import * as elementwise from "./elementwise.ts";
import * as indexing from "./indexing.ts";
import * as matrix from "./matrix.ts";
import * as reduce from "./reduce.ts";
import { type Sizes, sizesGiven } from "./shape.ts";
import type { Mask, Tensor } from "./tensor.ts";
import { TensorNames } from "./tensor-names.ts";
import * as views from "./views.ts";

/**
 * The base of Tensor: arithmetic, functions of elements, reductions and views, which pass gradients on.
 *
 * Operations on two operands broadcast as in NumPy: shapes are aligned at the last dimension, and a size of 1 is repeated.
 */
export abstract class TensorOperations extends TensorNames {
  /**
   * Sum, z = a + b of each pair of elements. Source: https://pytorch.org/docs/stable/generated/torch.add.html
   * @throws RangeError if the shapes do not broadcast.
   * @example tensor([1, 2]).add(tensor([[10], [20]])).toArray() // [[11, 12], [21, 22]]
   */
  add(this: Tensor, other: Tensor | number): Tensor {
    return elementwise.add(this, other);
  }

  /**
   * Difference, z = a − b of each pair of elements. Source: https://pytorch.org/docs/stable/generated/torch.sub.html
   * @throws RangeError if the shapes do not broadcast.
   * @example tensor([1, 2]).sub(1).toArray() // [0, 1]
   */
  sub(this: Tensor, other: Tensor | number): Tensor {
    return elementwise.sub(this, other);
  }

  /**
   * Product, z = a · b of each pair of elements. Source: https://pytorch.org/docs/stable/generated/torch.mul.html
   * @throws RangeError if the shapes do not broadcast.
   * @example tensor([1, 2]).mul(tensor([3, 4])).toArray() // [3, 8]
   */
  mul(this: Tensor, other: Tensor | number): Tensor {
    return elementwise.mul(this, other);
  }

  /**
   * Quotient, z = a / b of each pair of elements. Source: https://pytorch.org/docs/stable/generated/torch.div.html
   * @throws RangeError if the shapes do not broadcast.
   * @example tensor([1, 2]).div(2).toArray() // [0.5, 1]
   */
  div(this: Tensor, other: Tensor | number): Tensor {
    return elementwise.div(this, other);
  }

  /**
   * Power, z = aᵇ of each pair of elements. Source: https://pytorch.org/docs/stable/generated/torch.pow.html
   * @throws RangeError if the shapes do not broadcast.
   * @example tensor([1, 2, 3]).pow(2).toArray() // [1, 4, 9]
   */
  pow(this: Tensor, exponent: Tensor | number): Tensor {
    return elementwise.pow(this, exponent);
  }

  /**
   * Negation, y = −x of each element. Source: https://pytorch.org/docs/stable/generated/torch.neg.html
   * @example tensor([1, -2]).neg().toArray() // [-1, 2]
   */
  neg(this: Tensor): Tensor {
    return elementwise.neg(this);
  }

  /**
   * Exponential, y = eˣ of each element. Source: https://pytorch.org/docs/stable/generated/torch.exp.html
   * @example tensor(1).exp().item() // 2.7182817459106445
   */
  exp(this: Tensor): Tensor {
    return elementwise.exp(this);
  }

  /**
   * Natural logarithm, y = ln x of each element; NaN below 0.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.log.html
   * @example tensor([1, 0]).log().toArray() // [0, -Infinity]
   */
  log(this: Tensor): Tensor {
    return elementwise.log(this);
  }

  /**
   * Square root, y = √x of each element; NaN below 0, and an infinite gradient at 0.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.sqrt.html
   * @example tensor([4, 9]).sqrt().toArray() // [2, 3]
   */
  sqrt(this: Tensor): Tensor {
    return elementwise.sqrt(this);
  }

  /**
   * Hyperbolic tangent, y = tanh(x) of each element. Source: https://pytorch.org/docs/stable/generated/torch.tanh.html
   * @example tensor(1).tanh().item() // 0.7615941762924194
   */
  tanh(this: Tensor): Tensor {
    return elementwise.tanh(this);
  }

  /**
   * Logistic function, y = 1 / (1 + e⁻ˣ) of each element.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.sigmoid.html
   * @example tensor(0).sigmoid().item() // 0.5
   */
  sigmoid(this: Tensor): Tensor {
    return elementwise.sigmoid(this);
  }

  /**
   * Rectified linear unit, y = max(x, 0) of each element; its gradient is 0 at 0 and 1 at NaN.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.relu.html
   * @example tensor([-1, 2]).relu().toArray() // [0, 2]
   */
  relu(this: Tensor): Tensor {
    return elementwise.relu(this);
  }

  /**
   * Sine, y = sin x of each element, in radians. Source: https://pytorch.org/docs/stable/generated/torch.sin.html
   * @example tensor(Math.PI / 2).sin().item() // 1
   */
  sin(this: Tensor): Tensor {
    return elementwise.sin(this);
  }

  /**
   * Cosine, y = cos x of each element, in radians. Source: https://pytorch.org/docs/stable/generated/torch.cos.html
   * @example tensor(0).cos().item() // 1
   */
  cos(this: Tensor): Tensor {
    return elementwise.cos(this);
  }

  /**
   * Absolute value, y = |x| of each element; its gradient is 0 at 0 and at NaN.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.abs.html
   * @example tensor([-1, 2]).abs().toArray() // [1, 2]
   */
  abs(this: Tensor): Tensor {
    return elementwise.abs(this);
  }

  /**
   * 1 where a = b, else 0; without a gradient. Source: https://pytorch.org/docs/stable/generated/torch.eq.html
   * @throws RangeError if the shapes do not broadcast.
   * @example tensor([1, 2]).eq(2).toArray() // [0, 1]
   */
  eq(this: Tensor, other: Tensor | number): Mask {
    return comparison.eq(this, other);
  }

  /**
   * 1 where a > b, else 0; without a gradient. Source: https://pytorch.org/docs/stable/generated/torch.gt.html
   * @throws RangeError if the shapes do not broadcast.
   * @example tensor([1, 2]).gt(1).toArray() // [0, 1]
   */
  gt(this: Tensor, other: Tensor | number): Mask {
    return comparison.gt(this, other);
  }

  /**
   * 1 where a < b, else 0; without a gradient. Source: https://pytorch.org/docs/stable/generated/torch.lt.html
   * @throws RangeError if the shapes do not broadcast.
   * @example tensor([1, 2]).lt(2).toArray() // [1, 0]
   */
  lt(this: Tensor, other: Tensor | number): Mask {
    return comparison.lt(this, other);
  }

  /**
   * Matrix product; a vector on the left is a row, one on the right a column, and leading dimensions broadcast.
   *
   * Shapes: (…, m, k) · (…, k, n) → (…, m, n). Source: https://pytorch.org/docs/stable/generated/torch.matmul.html
   * @throws RangeError if the inner sizes differ or an operand is a scalar.
   * @example tensor([[1, 2], [3, 4]]).matmul(tensor([1, 1])).toArray() // [3, 7]
   */
  matmul(this: Tensor, other: Tensor): Tensor {
    return matrix.matmul(this, other);
  }

  /**
   * Sum over one dimension, several, or all of them (the default, or []); `keepdim` keeps each as size 1.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.sum.html
   * @throws RangeError for a dimension that does not exist or is repeated.
   * @example tensor([[1, 2], [3, 4]]).sum(0).toArray() // [4, 6]
   */
  sum(this: Tensor, dim?: number | readonly number[], keepdim = false): Tensor {
    return reduce.sum(this, dim, keepdim);
  }

  /**
   * Mean over one dimension, several, or all of them (the default, or []); `keepdim` keeps each as size 1.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.mean.html
   * @throws RangeError for a dimension that does not exist or is repeated.
   * @example tensor([[1, 2], [3, 4]]).mean(1, true).toArray() // [[1.5], [3.5]]
   */
  mean(this: Tensor, dim?: number | readonly number[], keepdim = false): Tensor {
    return reduce.mean(this, dim, keepdim);
  }

  /**
   * The largest element, or along a dimension the largest elements and their indices; NaN counts as the largest.
   *
   * Ties share the gradient evenly without `dim`; with `dim`, the first of them receives it.
   * Source: https://pytorch.org/docs/stable/generated/torch.max.html
   * @throws RangeError if there are no elements.
   * @example const [values, indices] = tensor([[1, 3], [4, 2]]).max(1); // [3, 4] and [1, 0]
   */
  max(this: Tensor): Tensor;
  max(this: Tensor, dim: number, keepdim?: boolean): [values: Tensor, indices: Tensor];
  max(this: Tensor, dim?: number, keepdim = false): Tensor | [Tensor, Tensor] {
    return dim === undefined ? reduce.extreme("max", this) : reduce.extremeAlong("max", this, dim, keepdim);
  }

  /**
   * The smallest element, or along a dimension the smallest elements and their indices; NaN counts as the smallest. Ties as in `max`.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.min.html
   * @throws RangeError if there are no elements.
   * @example tensor([[1, 3], [4, 2]]).min().item() // 1
   */
  min(this: Tensor): Tensor;
  min(this: Tensor, dim: number, keepdim?: boolean): [values: Tensor, indices: Tensor];
  min(this: Tensor, dim?: number, keepdim = false): Tensor | [Tensor, Tensor] {
    return dim === undefined ? reduce.extreme("min", this) : reduce.extremeAlong("min", this, dim, keepdim);
  }

  /**
   * Index of the largest element, among all (the default) or along a dimension; without a gradient.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.argmax.html
   * @throws RangeError if there are no elements.
   * @example tensor([[1, 3], [4, 2]]).argmax(1).toArray() // [1, 0]
   */
  argmax(this: Tensor, dim?: number, keepdim = false): Tensor {
    return reduce.argmax(this, dim, keepdim);
  }

  /**
   * Softmax along a dimension, yᵢ = e^{xᵢ} / Σⱼ e^{xⱼ}.
   *
   * Shape: any → the same. Source: https://pytorch.org/docs/stable/generated/torch.softmax.html
   * @throws RangeError for a dimension that does not exist.
   * @example tensor([0, 0]).softmax(0).toArray() // [0.5, 0.5]
   */
  softmax(this: Tensor, dim: number): Tensor {
    return reduce.softmax(this, dim);
  }

  /**
   * Logarithm of the softmax along a dimension, yᵢ = xᵢ − ln Σⱼ e^{xⱼ}.
   *
   * Shape: any → the same. Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.log_softmax.html
   * @throws RangeError for a dimension that does not exist.
   * @example scores.logSoftmax(1) // (batch, classes) → log-probabilities of the same shape
   */
  logSoftmax(this: Tensor, dim: number): Tensor {
    return reduce.logSoftmax(this, dim);
  }

  /**
   * The same elements in another shape: a view if the strides allow it, otherwise a copy. One size may be −1: it is inferred.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.reshape.html
   * @throws RangeError if the sizes are for another number of elements.
   * @example tensor([1, 2, 3, 4]).reshape(2, -1).toArray() // [[1, 2], [3, 4]]
   */
  reshape(this: Tensor, ...sizes: Sizes): Tensor {
    return views.reshape(this, sizesGiven(sizes));
  }

  /**
   * As `reshape`, but always a view, which shares memory with this tensor.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.Tensor.view.html
   * @throws RangeError if the sizes are for another number of elements; Error if only a copy could have this shape.
   * @example tensor([[1, 2], [3, 4]]).view(4).toArray() // [1, 2, 3, 4]
   */
  view(this: Tensor, ...sizes: Sizes): Tensor {
    return views.view(this, sizesGiven(sizes));
  }

  /**
   * A view with two dimensions swapped. Source: https://pytorch.org/docs/stable/generated/torch.transpose.html
   * @throws RangeError for a dimension that does not exist.
   * @example tensor([[1, 2], [3, 4]]).transpose(0, 1).toArray() // [[1, 3], [2, 4]]
   */
  transpose(this: Tensor, dim0: number, dim1: number): Tensor {
    return views.transpose(this, dim0, dim1);
  }

  /**
   * A view with the dimensions in another order. Source: https://pytorch.org/docs/stable/generated/torch.permute.html
   * @throws RangeError unless each dimension is given exactly once.
   * @example sequences.permute(1, 0, 2) // (batch, time, feature) → (time, batch, feature)
   */
  permute(this: Tensor, ...dims: Sizes): Tensor {
    return views.permute(this, sizesGiven(dims));
  }

  /**
   * A view of one index along a dimension, without that dimension; negative indices count from the end.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.select.html
   * @throws RangeError for a dimension or an index that does not exist.
   * @example features.select(1, t) // (batch, time, feature) → (batch, feature)
   */
  select(this: Tensor, dim: number, index: number): Tensor {
    return views.select(this, dim, index);
  }

  /**
   * A view of `length` indices along a dimension, from `start`; a negative `start` counts from the end.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.narrow.html
   * @throws RangeError if the range exceeds the dimension.
   * @example tensor([1, 2, 3, 4]).narrow(0, 1, 2).toArray() // [2, 3]
   */
  narrow(this: Tensor, dim: number, start: number, length: number): Tensor {
    return views.narrow(this, dim, start, length);
  }

  /**
   * A view with one dimension of size 1 removed, or all of them (the default); dimensions of other sizes are kept.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.squeeze.html
   * @throws RangeError for a dimension that does not exist.
   * @example tensor([[1, 2]]).squeeze(0).toArray() // [1, 2]
   */
  squeeze(this: Tensor, dim?: number): Tensor {
    return views.squeeze(this, dim);
  }

  /**
   * A view with a new dimension of size 1. Source: https://pytorch.org/docs/stable/generated/torch.unsqueeze.html
   * @throws RangeError for a position outside −(rank + 1) … rank.
   * @example tensor([1, 2]).unsqueeze(1).toArray() // [[1], [2]]
   */
  unsqueeze(this: Tensor, dim: number): Tensor {
    return views.unsqueeze(this, dim);
  }

  /**
   * A view that repeats dimensions of size 1, and new leading ones, without copying; −1 keeps a size.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.Tensor.expand.html
   * @throws RangeError if a size other than 1 would change.
   * @example tensor([1, 2]).expand(2, -1).toArray() // [[1, 2], [1, 2]]
   */
  expand(this: Tensor, ...sizes: Sizes): Tensor {
    return views.expand(this, sizesGiven(sizes));
  }

  /**
   * Selects elements by index along a dimension: y[i][j] = x[index[i][j]][j] for dim = 0, and likewise for other dimensions.
   *
   * Shape: that of `index`. Source: https://pytorch.org/docs/stable/generated/torch.gather.html
   * @throws RangeError for an index that is not an integer within the dimension, and for mismatched shapes.
   * @example tensor([[1, 2], [3, 4]]).gather(1, tensor([[1], [0]])).toArray() // [[2], [3]]
   */
  gather(this: Tensor, dim: number, index: Tensor): Tensor {
    return indexing.gather(this, dim, index);
  }
}
