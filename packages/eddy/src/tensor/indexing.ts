/** Joining tensors, and selecting elements by index. */
import { fault } from "../fault.ts";
import { type Backward, record } from "./autograd.ts";
import { checkTensor, checkTensors } from "./check.ts";
import { around, maxIndices } from "./reduce.ts";
import { checkSizes, contiguousStrides, dimension, numelOf, type Shape, sameShape, show } from "./shape.ts";
import type { Tensor } from "./tensor.ts";

/**
 * Joins tensors along an existing dimension, 0 by default; an empty vector is ignored, as in PyTorch.
 *
 * Shapes: equal except in `dim` → the same with the sum of the sizes there.
 * Source: https://pytorch.org/docs/stable/generated/torch.cat.html
 * @throws RangeError for an empty list, or if the tensors differ in another dimension.
 * @example cat([tensor([1, 2]), tensor([3])]).toArray() // [1, 2, 3]
 */
export function cat(tensors: readonly Tensor[], dim = 0): Tensor {
  const isEmptyVector = (tensor: Tensor) => tensor.rank === 1 && tensor.numel === 0;
  const given = firstOf("cat", tensors);
  const first = tensors.find((tensor) => !isEmptyVector(tensor)) ?? given;
  const d = dimension("cat", dim, first.rank);
  for (const tensor of tensors) {
    if (isEmptyVector(tensor)) continue;
    if (
      tensor.rank !== first.rank ||
      first.rank === 0 ||
      tensor.shape.some((size, i) => i !== d && size !== first.shape[i])
    ) {
      throw mismatch("cat", `tensors that are equal except in dimension ${d}`, first, tensor);
    }
  }
  const sizes = tensors.map((tensor) => (isEmptyVector(tensor) ? 0 : tensor.shape[d]));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const shape = first.shape.map((size, i) => (i === d ? total : size));
  const [outer, , inner] = around(shape, d);
  return join(
    "cat",
    tensors,
    shape,
    outer,
    sizes.map((size) => size * inner),
  );
}

/** The first of the tensors; throws unless all are tensors and there is at least one. */
function firstOf(operation: string, tensors: readonly Tensor[]): Tensor {
  checkTensors(operation, tensors);
  if (tensors.length > 0) return tensors[0];
  throw fault("value", operation, "at least one tensor", "none", `for example ${operation}([a, b])`);
}

function mismatch(operation: string, expected: string, first: Tensor, other: Tensor): Error {
  return fault("shape", operation, expected, `${show(first.shape)} and ${show(other.shape)}`, "reshape one of them");
}

/** Interleaves tensors: tensor t is read as `outer` runs of `runs[t]` elements; the result takes one run of each in turn. */
function join(
  operation: string,
  tensors: readonly Tensor[],
  shape: Shape,
  outer: number,
  runs: readonly number[],
): Tensor {
  checkSizes(operation, shape);
  const y = new Float32Array(numelOf(shape));
  const rowLength = y.length / outer;
  let start = 0;
  for (let t = 0; t < tensors.length; t++) {
    const { values: data } = tensors[t];
    const run = runs[t];
    for (let o = 0; o < outer; o++) copyRun(y, o * rowLength + start, data, o * run, run);
    start += run;
  }
  const areNeeded = tensors.map((tensor) => tensor.requiresGrad);
  return record(y, shape, tensors, split(outer, rowLength, runs, areNeeded), []);
}

/** The backward of `join`. */
function split(outer: number, rowLength: number, runs: readonly number[], areNeeded: readonly boolean[]): Backward {
  return (dy) => {
    const gradients = new Array<Float32Array | undefined>(runs.length);
    let start = 0;
    for (let t = 0; t < runs.length; t++) {
      const run = runs[t];
      if (areNeeded[t]) {
        const dx = new Float32Array(outer * run);
        for (let o = 0; o < outer; o++) copyRun(dx, o * run, dy, o * rowLength + start, run);
        gradients[t] = dx;
      }
      start += run;
    }
    return gradients;
  };
}

/** Copies `length` elements; for a short run, a loop is faster than creating a view. */
function copyRun(to: Float32Array, at: number, from: Float32Array, start: number, length: number): void {
  if (length > 64) to.set(from.subarray(start, start + length), at);
  else for (let i = 0; i < length; i++) to[at + i] = from[start + i];
}

/**
 * Joins n tensors of one shape along a new dimension, 0 by default.
 *
 * Shapes: n of the same → that shape with n inserted at `dim`.
 * Source: https://pytorch.org/docs/stable/generated/torch.stack.html
 * @throws RangeError for an empty list, or if the shapes differ.
 * @example stack([tensor([1, 2]), tensor([3, 4])], 1).toArray() // [[1, 3], [2, 4]]
 */
export function stack(tensors: readonly Tensor[], dim = 0): Tensor {
  const first = firstOf("stack", tensors);
  const d = dimension("stack", dim, first.rank + 1);
  for (const tensor of tensors) {
    if (!sameShape(tensor.shape, first.shape)) throw mismatch("stack", "tensors of one shape", first, tensor);
  }
  const shape = [...first.shape.slice(0, d), tensors.length, ...first.shape.slice(d)];
  const [outer, , inner] = around(shape, d);
  return join("stack", tensors, shape, outer, new Array<number>(tensors.length).fill(inner));
}

/** The positions, in x's row-major order, that an index selects along a dimension. */
export function positionsAlong(operation: string, x: Tensor, dim: number, index: Tensor): Int32Array {
  const d = dimension(operation, dim, x.rank);
  // As in PyTorch, a scalar counts as a vector of one element, and an empty index may have any shape.
  const from = x.rank === 0 ? [1] : x.shape;
  const to = index.rank === 0 ? [1] : index.shape;
  const fits = to.length === from.length && to.every((size, i) => i === d || size <= from[i]);
  if (!fits && index.numel > 0) {
    throw fault(
      "shape",
      operation,
      `an index of rank ${x.rank}, no larger than ${show(x.shape)} except in dimension ${d}`,
      show(index.shape),
      "narrow the index",
    );
  }
  const strides = contiguousStrides(from);
  const size = Math.min(from[d], maxIndices);
  const positions = new Int32Array(index.numel);
  const indices = index.values;
  const at = new Array<number>(to.length).fill(0);
  for (let i = 0; i < positions.length; i++) {
    const chosen = indices[i];
    if (!Number.isInteger(chosen) || chosen < 0 || chosen >= size) {
      throw fault("value", operation, `indices from 0 to ${size - 1}`, `${chosen}`, "count from 0");
    }
    let position = 0;
    for (let k = 0; k < at.length; k++) position += (k === d ? chosen : at[k]) * strides[k];
    positions[i] = position;
    for (let k = at.length - 1; k >= 0 && ++at[k] === to[k]; k--) at[k] = 0;
  }
  return positions;
}

export function gather(x: Tensor, dim: number, index: Tensor): Tensor {
  checkTensor("gather", "index", index);
  const positions = positionsAlong("gather", x, dim, index);
  const { values: data } = x;
  const y = new Float32Array(positions.length);
  for (let i = 0; i < y.length; i++) y[i] = data[positions[i]];
  return record(
    y,
    index.shape,
    [x],
    (dy) => {
      const dx = new Float64Array(x.numel); // an element that is selected often receives a long sum
      for (let i = 0; i < dy.length; i++) dx[positions[i]] += dy[i];
      return [Float32Array.from(dx)];
    },
    [x, index],
  );
}
