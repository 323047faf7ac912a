/** Methods of a tensor for indexing, parts, order and products of vectors and batches. */
import { ElementOperations } from "./element-operations.ts";
import * as order from "./order.ts";
import type { IndexPart } from "./picking.ts";
import * as picking from "./picking.ts";
import * as pieces from "./pieces.ts";
import { outer, productOf } from "./products.ts";
import { type Sizes, sizesGiven } from "./shape.ts";
import type { Tensor } from "./tensor.ts";

/** Operations that select, arrange and order elements. */
export abstract class IndexOperations extends ElementOperations {
  /**
   * A view of one index along each of the first dimensions, as `x[0, -1]` in PyTorch.
   *
   * Source: https://pytorch.org/docs/stable/tensor_view.html
   * @throws RangeError for an index that does not exist.
   * @example tensor([[1, 2], [3, 4]]).at(-1).toArray() // [3, 4]
   */
  at(this: Tensor, ...indices: number[]): Tensor {
    return pieces.at(this, indices);
  }

  /**
   * A view from `start` to before `end` along a dimension, every `step`-th index; negative ends count from the end, as in Python.
   *
   * Source: https://pytorch.org/docs/stable/tensor_view.html
   * @throws RangeError for a step below 1.
   * @example x.slice(1, 0, -1) // x[:, :-1]: all time steps but the last
   */
  slice(this: Tensor, dim: number, start?: number, end?: number, step?: number): Tensor {
    return pieces.slice(this, dim, start, end, step);
  }

  /**
   * The elements at numbers, slices (":", "1:", "::2"), "...", null (a new dimension), masks, and tensors or arrays of indices.
   *
   * A mask is the result of a comparison, or `tensor([true, false])`. Numbers and slices alone give a view.
   *
   * Source: https://pytorch.org/docs/stable/tensor_view.html
   * @throws RangeError for an index that does not exist.
   * @example x.index(":", -1) // x[:, -1]: the last time step; x.index(x.gt(0)) // the positive elements
   */
  index(this: Tensor, ...parts: IndexPart[]): Tensor {
    return picking.index(this, parts);
  }

  /**
   * Views of consecutive parts, all of one size (the last may be smaller) or of the given sizes.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.split.html
   * @throws RangeError unless the sizes add up to the dimension.
   * @example arange(5).split(2).map(String) // three parts: 2, 2 and 1 elements
   */
  split(this: Tensor, sizes: number | readonly number[], dim = 0): Tensor[] {
    return pieces.split(this, sizes, dim);
  }

  /**
   * Views of consecutive parts, at most the given number, of one size except for the last.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.chunk.html
   * @throws RangeError for a dimension that does not exist.
   * @example const [left, right] = x.chunk(2, -1);
   */
  chunk(this: Tensor, chunks: number, dim = 0): Tensor[] {
    return pieces.chunk(this, chunks, dim);
  }

  /**
   * Views of every index along a dimension. Source: https://pytorch.org/docs/stable/generated/torch.unbind.html
   * @throws RangeError for a dimension that does not exist.
   * @example for (const step of x.unbind(1)) console.log(step.shape);
   */
  unbind(this: Tensor, dim = 0): Tensor[] {
    return pieces.unbind(this, dim);
  }

  /**
   * The elements in reverse order along the given dimensions.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.flip.html
   * @throws RangeError for a dimension that does not exist.
   * @example tensor([1, 2]).flip(0).toArray() // [2, 1]
   */
  flip(this: Tensor, ...dims: Sizes): Tensor {
    return pieces.flip(this, sizesGiven(dims));
  }

  /**
   * Copies of the tensor along each dimension; more numbers than dimensions add leading ones.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.Tensor.repeat.html
   * @throws RangeError for fewer numbers than dimensions.
   * @example tensor([1, 2]).repeat(2).toArray() // [1, 2, 1, 2]
   */
  repeat(this: Tensor, ...counts: Sizes): Tensor {
    return pieces.repeat(this, sizesGiven(counts));
  }

  /**
   * The dimensions from the first (0 by default) to the last (−1) merged into one.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.flatten.html
   * @throws RangeError for a dimension that does not exist.
   * @example zeros(2, 3, 4).flatten(1).shape // [2, 12]
   */
  flatten(this: Tensor, startDim?: number, endDim?: number): Tensor {
    return pieces.flatten(this, startDim, endDim);
  }

  /**
   * A view with one dimension at another position.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.movedim.html
   * @throws RangeError for a dimension that does not exist.
   * @example zeros(2, 3, 4).movedim(0, 2).shape // [3, 4, 2]
   */
  movedim(this: Tensor, source: number, destination: number): Tensor {
    return pieces.movedim(this, source, destination);
  }

  /**
   * The elements in order along a dimension (−1 by default) and their indices; NaN is the largest, equal ones keep their order.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.sort.html
   * @throws RangeError for a dimension that does not exist.
   * @example const [values, indices] = tensor([3, 1]).sort(); // [1, 3] and [1, 0]
   */
  sort(this: Tensor, dim?: number, descending?: boolean): [values: Tensor, indices: Tensor] {
    return order.sort(this, dim, descending);
  }

  /**
   * The indices that sort a dimension (−1 by default).
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.argsort.html
   * @throws RangeError for a dimension that does not exist.
   * @example tensor([3, 1]).argsort().toArray() // [1, 0]
   */
  argsort(this: Tensor, dim?: number, descending?: boolean): Tensor {
    return order.argsort(this, dim, descending);
  }

  /**
   * The k largest elements along a dimension (−1 by default), or the smallest, in order, and their indices.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.topk.html
   * @throws RangeError for a k that exceeds the dimension.
   * @example const [values, indices] = tensor([3, 1, 4]).topk(2); // [4, 3] and [2, 0]
   */
  topk(this: Tensor, k: number, dim?: number, largest?: boolean): [values: Tensor, indices: Tensor] {
    return order.topk(this, k, dim, largest);
  }

  /**
   * Index of the smallest element, among all (the default) or along a dimension; without a gradient.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.argmin.html
   * @throws RangeError if there are no elements.
   * @example tensor([3, 1]).argmin().item() // 1
   */
  argmin(this: Tensor, dim?: number, keepdim = false): Tensor {
    return order.argmin(this, dim, keepdim);
  }

  /**
   * The value where the mask is not 0, else the element.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.Tensor.masked_fill.html
   * @throws RangeError for a mask that does not broadcast to the tensor.
   * @example scores.maskedFill(isPadding, -Infinity)
   */
  maskedFill(this: Tensor, mask: Tensor, value: number | Tensor): Tensor {
    return picking.maskedFill(this, mask, value);
  }

  /**
   * The elements where the mask is not 0, as a vector.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.masked_select.html
   * @throws RangeError for a mask that does not broadcast to the tensor.
   * @example x.maskedSelect(x.gt(0))
   */
  maskedSelect(this: Tensor, mask: Tensor): Tensor {
    return picking.maskedSelect(this, mask);
  }

  /**
   * The given indices along a dimension, in their order.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.index_select.html
   * @throws RangeError for an index that does not exist.
   * @example x.indexSelect(0, tensor([2, 0])) // rows 2 and 0
   */
  indexSelect(this: Tensor, dim: number, index: Tensor): Tensor {
    return picking.indexSelect(this, dim, index);
  }

  /**
   * A copy with y[index[i][j]][j] = source[i][j] for dim = 0, and likewise for other dimensions.
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.scatter.html
   * @throws RangeError for an index that does not exist, and for mismatched shapes.
   * @example zeros(2, 3).scatter(1, tensor([[2], [0]]), 1) // one-hot rows
   */
  scatter(this: Tensor, dim: number, index: Tensor, source: Tensor | number): Tensor {
    return picking.scatter(this, dim, index, source);
  }

  /**
   * As `scatter`, but the values are added. Source: https://pytorch.org/docs/stable/generated/torch.scatter_add.html
   * @throws RangeError for an index that does not exist, and for mismatched shapes.
   * @example zeros(3).scatterAdd(0, tensor([2, 2]), 1).toArray() // [0, 0, 2]
   */
  scatterAdd(this: Tensor, dim: number, index: Tensor, source: Tensor | number): Tensor {
    return picking.scatterAdd(this, dim, index, source);
  }

  /**
   * Product of two matrices. Shapes: (m, k) · (k, n) → (m, n).
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.mm.html
   * @throws RangeError unless both are matrices that fit.
   * @example a.mm(b)
   */
  mm(this: Tensor, other: Tensor): Tensor {
    return productOf("mm", 2, this, other);
  }

  /**
   * Products of two batches of matrices. Shapes: (batch, m, k) · (batch, k, n) → (batch, m, n).
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.bmm.html
   * @throws RangeError unless both have three dimensions that fit.
   * @example queries.bmm(keys.transpose(1, 2))
   */
  bmm(this: Tensor, other: Tensor): Tensor {
    return productOf("bmm", 3, this, other);
  }

  /**
   * Inner product of two vectors. Source: https://pytorch.org/docs/stable/generated/torch.dot.html
   * @throws RangeError unless both are vectors of one size.
   * @example tensor([1, 2]).dot(tensor([3, 4])).item() // 11
   */
  dot(this: Tensor, other: Tensor): Tensor {
    return productOf("dot", 1, this, other);
  }

  /**
   * Outer product of two vectors. Shapes: (m) and (n) → (m, n).
   *
   * Source: https://pytorch.org/docs/stable/generated/torch.outer.html
   * @throws RangeError unless both are vectors.
   * @example tensor([1, 2]).outer(tensor([3, 4])).toArray() // [[3, 4], [6, 8]]
   */
  outer(this: Tensor, other: Tensor): Tensor {
    return outer(this, other);
  }
}
