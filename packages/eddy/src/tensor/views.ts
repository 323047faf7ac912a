/** Views: other shapes and orders of the same elements, which share their parent's memory. */
import { display, fault } from "../fault.ts";
import { passOn, record, recordRun, recordView } from "./autograd.ts";
import { kindOf } from "./check.ts";
import { checkSizes, dimension, maxDimensions, numelOf, reshapedStrides, type Shape, show } from "./shape.ts";
import type { Tensor } from "./tensor.ts";

export function clone(x: Tensor): Tensor {
  const { values: data } = x;
  return record(x.isContiguous ? data.slice() : data, x.shape, [x], passOn, []);
}

const isSize = (size: number) => Number.isInteger(size) && size >= 0;

/** Throws unless the sizes or dimensions are a list of reasonable length. */
export function checkList(operation: string, sizes: unknown): void {
  if (Array.isArray(sizes) && sizes.length <= maxDimensions) return;
  const received = Array.isArray(sizes) ? `${sizes.length} of them` : kindOf(sizes);
  throw fault("type", operation, `at most ${maxDimensions} numbers`, received, `for example ${operation}(1, 0)`);
}

/** Replaces one −1 by the size that the number of elements implies. */
function complete(operation: string, x: Tensor, sizes: Shape): Shape {
  checkList(operation, sizes);
  const unknown = sizes.indexOf(-1);
  if (unknown < 0) {
    checkSizes(operation, sizes);
    if (numelOf(sizes) === x.numel) return sizes.slice(); // the caller's own array may change
  }
  const shape = Array.from(sizes);
  if (shape.every(Number.isInteger)) {
    if (unknown >= 0) shape[unknown] = -x.numel / numelOf(sizes);
    if (numelOf(shape) === x.numel && shape.every(isSize)) return shape;
  }
  throw fault(
    "shape",
    operation,
    `sizes for ${x.numel} elements (shape ${show(x.shape)})`,
    show(sizes),
    "one size may be -1: it is inferred",
  );
}

export function reshape(x: Tensor, sizes: Shape): Tensor {
  const shape = complete("reshape", x, sizes);
  if (x.isContiguous) return recordRun(x, 0, shape);
  const strides = reshapedStrides(x.shape, x.strides, shape);
  return strides === undefined ? recordRun(clone(x), 0, shape) : recordView(x, shape, (_, at) => [strides, at], true);
}

export function view(x: Tensor, sizes: Shape): Tensor {
  if (!x.isContiguous && reshapedStrides(x.shape, x.strides, complete("view", x, sizes)) === undefined) {
    throw fault(
      "state",
      "view",
      `strides that allow shape ${show(sizes)} without a copy`,
      `a strided view of shape ${show(x.shape)}`,
      "use reshape, which copies if necessary",
    );
  }
  return reshape(x, sizes);
}

export function transpose(x: Tensor, dim0: number, dim1: number): Tensor {
  const order = x.shape.map((_, i) => i);
  const a = dimension("transpose", dim0, x.rank);
  const b = dimension("transpose", dim1, x.rank);
  if (x.rank === 0) return permute(x, []);
  [order[a], order[b]] = [order[b], order[a]];
  return permute(x, order);
}

export function permute(x: Tensor, dims: Shape): Tensor {
  checkList("permute", dims);
  const order = Array.from(dims, (dim) => dimension("permute", dim, x.rank));
  if (order.length !== x.rank || new Set(order).size !== x.rank) {
    throw fault("value", "permute", `each of the ${x.rank} dimensions once`, show(dims), "name each dimension");
  }
  return recordView(
    x,
    order.map((dim) => x.shape[dim]),
    (strides, offset) => [order.map((dim) => strides[dim]), offset],
  );
}

export function select(x: Tensor, dim: number, index: number): Tensor {
  const d = dimension("select", dim, x.rank);
  const size = x.shape[d] ?? 0;
  if (!Number.isInteger(index) || index < -size || index >= size) {
    throw fault(
      "value",
      "select",
      `an index from ${-size} to ${size - 1} in dimension ${d} of shape ${show(x.shape)}`,
      display(index),
      "negative indices count from the end",
    );
  }
  const at = index < 0 ? index + size : index;
  const shape = without(x.shape, d);
  // In a batch of one, each step of a loop over time is one contiguous run.
  let isFirst = x.isContiguous;
  for (let i = 0; i < d; i++) isFirst &&= x.shape[i] === 1;
  if (isFirst) return recordRun(x, at * numelOf(shape), shape);
  return recordView(x, shape, (strides, offset) => [without(strides, d), offset + at * strides[d]]);
}

export function narrow(x: Tensor, dim: number, start: number, length: number): Tensor {
  const d = dimension("narrow", dim, x.rank);
  const size = x.shape[d] ?? 0;
  const from = Number.isInteger(start) && start < 0 ? start + size : start;
  if (!isSize(from) || !isSize(length) || from + length > size) {
    throw fault(
      "value",
      "narrow",
      `start and length within the ${size} positions of dimension ${d} (shape ${show(x.shape)})`,
      `start ${display(start)}, length ${display(length)}`,
      "negative indices count from the end",
    );
  }
  const shape = x.shape.map((size, i) => (i === d ? length : size));
  return recordView(x, shape, (strides, offset) => [strides, offset + from * strides[d]]);
}

export function squeeze(x: Tensor, dim?: number): Tensor {
  const chosen = dim === undefined ? undefined : dimension("squeeze", dim, x.rank);
  const kept = x.shape.map((_, i) => i).filter((i) => x.shape[i] !== 1 || (chosen !== undefined && i !== chosen));
  return recordView(
    x,
    kept.map((i) => x.shape[i]),
    (strides, offset) => [kept.map((i) => strides[i]), offset],
  );
}

export function unsqueeze(x: Tensor, dim: number): Tensor {
  const d = dimension("unsqueeze", dim, x.rank + 1);
  const shape = [...x.shape.slice(0, d), 1, ...x.shape.slice(d)];
  checkSizes("unsqueeze", shape);
  return recordView(x, shape, (strides, offset) => [
    [...strides.slice(0, d), (strides[d] ?? 1) * (x.shape[d] ?? 1), ...strides.slice(d)],
    offset,
  ]);
}

export function expand(x: Tensor, sizes: Shape): Tensor {
  checkList("expand", sizes);
  const missing = sizes.length - x.rank;
  const shape = sizes.map((size, i) => (size === -1 && i >= missing ? x.shape[i - missing] : size));
  const fits = missing >= 0 && x.shape.every((size, i) => size === 1 || size === shape[i + missing]);
  if (!fits) {
    throw fault(
      "shape",
      "expand",
      `sizes that repeat dimensions of size 1 of ${show(x.shape)}, or add leading ones`,
      show(sizes),
      "reshape it first",
    );
  }
  checkSizes("expand", shape);
  return recordView(x, shape, (strides, offset) => [
    shape.map((size, i) => (i < missing || x.shape[i - missing] !== size ? 0 : strides[i - missing])),
    offset,
  ]);
}

function without(list: readonly number[], index: number): number[] {
  const rest = new Array<number>(Math.max(0, list.length - 1));
  for (let i = 0; i < rest.length; i++) rest[i] = list[i < index ? i : i + 1];
  return rest;
}
