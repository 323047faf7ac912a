/** Shapes, strides and broadcasting: the arithmetic of indices, without data. */
import { display, displayList, fault } from "../fault.ts";

export type Shape = readonly number[];

/** The number of elements of a shape. */
export function numelOf(shape: Shape): number {
  let count = 1;
  for (let i = 0; i < shape.length; i++) count *= shape[i];
  return count;
}

/** Strides of a row-major tensor. */
export function contiguousStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = stride;
    stride *= shape[i];
  }
  return strides;
}

/** Whether the strides are those of a row-major tensor; a dimension of size 1 may have any stride. */
export function isContiguous(shape: Shape, strides: readonly number[]): boolean {
  let expected = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    if (shape[i] !== 1 && strides[i] !== expected) return false;
    expected *= shape[i];
  }
  return true;
}

/**
 * Strides that read the same elements in the same order in another shape, or undefined if that requires a copy.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.Tensor.view.html
 */
export function reshapedStrides(shape: Shape, strides: readonly number[], target: Shape): number[] | undefined {
  const result = contiguousStrides(target);
  if (numelOf(shape) === 0) return result;
  // From the last dimension to the first: dimensions that form one run of `stride` are split among those of the target.
  let t = target.length - 1;
  let stride = strides[shape.length - 1];
  let size = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    size *= shape[d];
    const runContinues = d > 0 && (shape[d - 1] === 1 || strides[d - 1] === size * stride);
    if (runContinues) continue;
    let taken = 1;
    for (; t >= 0 && (taken < size || target[t] === 1); t--) {
      result[t] = taken * stride;
      taken *= target[t];
    }
    if (taken !== size) return undefined;
    stride = strides[d - 1];
    size = 1;
  }
  return t < 0 ? result : undefined;
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** A shape as error messages show it. */
export function show(shape: Shape): string {
  return displayList(shape);
}

/** Converts a dimension that may count from the end to one that counts from 0; throws a RangeError if there is none. */
export function dimension(operation: string, dim: number, rank: number): number {
  const size = Math.max(rank, 1);
  if (!Number.isInteger(dim) || dim < -size || dim >= size) {
    throw fault(
      "value",
      operation,
      `a dimension from ${-size} to ${size - 1}`,
      `${display(dim)} (the tensor has ${rank} dimensions)`,
      "negative dimensions count from the end",
    );
  }
  return dim < 0 ? dim + size : dim;
}

/** PyTorch's limit. */
export const maxDimensions = 64;

/** 2 GiB: JavaScript engines may reject larger allocations, or crash when the memory is used. */
export const maxElements = 2 ** 29;

/** Throws unless every size is an integer ≥ 0 and there are at most `maxElements` elements. */
export function checkSizes(operation: string, sizes: unknown): asserts sizes is Shape {
  if (!Array.isArray(sizes)) {
    throw fault("type", operation, "sizes as numbers", display(sizes), "for example [2, 3]");
  }
  if (sizes.length > maxDimensions) {
    throw fault("shape", operation, `at most ${maxDimensions} dimensions`, `${sizes.length}`, "merge some of them");
  }
  let count = 1;
  for (const size of sizes) {
    if (!Number.isInteger(size) || size < 0) {
      throw fault("value", operation, "sizes that are integers ≥ 0", show(sizes), "for example [2, 3]");
    }
    if (size > 0) count *= size;
  }
  if (count > maxElements) {
    throw fault("value", operation, "sizes of at most 2^29 elements", show(sizes), "process it in parts");
  }
}

/** `f(2, 3)` and `f([2, 3])` mean the same, as in PyTorch. */
export type Sizes = number[] | [Shape];

/** The sizes of either form, not yet checked: one of them may be −1, which is inferred later. */
export function sizesGiven(sizes: Sizes): Shape {
  return sizes.length === 1 && Array.isArray(sizes[0]) ? (sizes[0] as Shape) : (sizes as number[]);
}

export function sizesOf(operation: string, sizes: Sizes): Shape {
  const shape = sizesGiven(sizes);
  checkSizes(operation, shape);
  return shape;
}

/** The shape that two shapes broadcast to, by NumPy's rules; throws a RangeError if they do not. */
export function broadcastShape(operation: string, a: Shape, b: Shape): Shape {
  if (sameShape(a, b)) return a;
  const rank = Math.max(a.length, b.length);
  const result = new Array<number>(rank);
  for (let i = 1; i <= rank; i++) {
    const left = i <= a.length ? a[a.length - i] : 1;
    const right = i <= b.length ? b[b.length - i] : 1;
    if (left !== right && left !== 1 && right !== 1) {
      throw fault(
        "shape",
        operation,
        "shapes that broadcast",
        `${show(a)} and ${show(b)}, with sizes ${left} and ${right} in dimension ${rank - i}`,
        "reshape one so that the sizes are equal or one is 1",
      );
    }
    result[rank - i] = left === 1 ? right : left;
  }
  checkSizes(operation, result); // [2^20, 1] and [2^20] are small, their broadcast shape is not
  return result;
}

/** Strides that read a tensor as if it had the larger shape: 0 along repeated dimensions. */
export function broadcastStrides(shape: Shape, strides: readonly number[], target: Shape): number[] {
  const missing = target.length - shape.length;
  return target.map((size, i) => (i < missing || (shape[i - missing] === 1 && size !== 1) ? 0 : strides[i - missing]));
}

/** Calls `visit(position, length, stride)` for each run along the last dimension, in row-major order. */
function eachRun(
  shape: Shape,
  strides: readonly number[],
  offset: number,
  visit: (position: number, length: number, stride: number) => void,
): void {
  const rank = shape.length;
  if (rank === 0) {
    visit(offset, 1, 1);
    return;
  }
  const length = shape[rank - 1];
  const stride = strides[rank - 1];
  if (rank === 1) {
    visit(offset, length, stride);
    return;
  }
  if (numelOf(shape) === 0) return;
  const index = new Array<number>(rank - 1).fill(0);
  let position = offset;
  for (;;) {
    visit(position, length, stride);
    let dim = rank - 2;
    while (dim >= 0) {
      position += strides[dim];
      if (++index[dim] < shape[dim]) break;
      position -= strides[dim] * shape[dim];
      index[dim] = 0;
      dim--;
    }
    if (dim < 0) return;
  }
}

/** Copies a strided tensor into a new row-major array. */
export function gatherStrided(
  source: Float32Array,
  shape: Shape,
  strides: readonly number[],
  offset: number,
): Float32Array {
  const out = new Float32Array(numelOf(shape));
  let to = 0;
  eachRun(shape, strides, offset, (position, length, stride) => {
    for (let i = 0; i < length; i++, position += stride) out[to++] = source[position];
  });
  return out;
}

/** target[strided] = source, source row-major. */
export function scatterStrided(
  target: Float32Array,
  shape: Shape,
  strides: readonly number[],
  offset: number,
  source: Float32Array,
): void {
  let from = 0;
  eachRun(shape, strides, offset, (position, length, stride) => {
    for (let i = 0; i < length; i++, position += stride) target[position] = source[from++];
  });
}

/** target[strided] += source, source row-major; positions that repeat (stride 0) accumulate. */
export function addStrided(
  target: Float32Array | Float64Array,
  shape: Shape,
  strides: readonly number[],
  offset: number,
  source: Float32Array,
): void {
  let from = 0;
  eachRun(shape, strides, offset, (position, length, stride) => {
    for (let i = 0; i < length; i++, position += stride) target[position] += source[from++];
  });
}
