/** Operations that gather many elements into fewer: sums, extremes, softmax. */
import { fault } from "../fault.ts";
import { kernels } from "../kernels/index.ts";
import { type Backward, record } from "./autograd.ts";
import { checkFlag, kindOf } from "./check.ts";
import { dimension, mostDimensions, numelOf, type Shape, show } from "./shape.ts";
import { Tensor } from "./tensor.ts";
import { permute } from "./views.ts";

/** Sums over all dimensions (also given as []), one, or several. Source: https://pytorch.org/docs/stable/generated/torch.sum.html */
export function sum(x: Tensor, dim?: number | readonly number[], keepdim = false): Tensor {
  const dims = reducedDimensions("sum", x, dim);
  checkFlag("sum", "keepdim", keepdim);
  const result = keepdim
    ? x.shape.map((size, i) => (dims.includes(i) ? 1 : size))
    : x.shape.filter((_, i) => !dims.includes(i));
  if (dims.length === x.rank) {
    return record(new Float32Array([kernels.sum(x.values)]), result, [x], spreadOver(x.numel), []);
  }
  if (dims.length !== 1) return sumSeveral(x, dims, keepdim);
  // x is read as (outer, size, inner); y[o, i] = Σ_s x[o, s, i]
  const [outer, size, inner] = around(x.shape, dims[0]);
  const { values: data } = x;
  const y = new Float32Array(outer * inner);
  for (let o = 0; o < outer; o++) {
    const block =
      size === 0
        ? new Float32Array(inner)
        : kernels.sumRows(data.subarray(o * size * inner, (o + 1) * size * inner), size, inner);
    y.set(block, o * inner);
  }
  return record(y, result, [x], spreadAlong(outer, size, inner), []);
}

/** The backward of a sum of all: each element's gradient is the sum's. */
const spreadOver =
  (count: number): Backward =>
  (dy) => [new Float32Array(count).fill(dy[0])];

/** The backward of a sum along the middle of (outer, size, inner). */
function spreadAlong(outer: number, size: number, inner: number): Backward {
  return (dy) => {
    const dx = new Float32Array(outer * size * inner);
    for (let o = 0; o < outer; o++) {
      const row = dy.subarray(o * inner, (o + 1) * inner);
      for (let s = 0; s < size; s++) dx.set(row, (o * size + s) * inner);
    }
    return [dx];
  };
}

/** Brings the summed dimensions to the front, where they are one. */
function sumSeveral(x: Tensor, dims: readonly number[], keepdim: boolean): Tensor {
  const kept = x.shape.map((_, i) => i).filter((i) => !dims.includes(i));
  const front = permute(x, [...dims, ...kept]).reshape(
    numelOf(dims.map((i) => x.shape[i])),
    ...kept.map((i) => x.shape[i]),
  );
  const total = sum(front, 0);
  return keepdim ? total.reshape(x.shape.map((size, i) => (dims.includes(i) ? 1 : size))) : total;
}

/**
 * The mean over all dimensions, one, or several.
 *
 * The one over given dimensions counts x among what its backward reads, as PyTorch 1.13's does.
 * Source: https://pytorch.org/docs/stable/generated/torch.mean.html
 */
export function mean(x: Tensor, dim?: number | readonly number[], keepdim = false): Tensor {
  const count = numelOf(reducedDimensions("mean", x, dim).map((d) => x.shape[d]));
  const total = sum(x, dim, keepdim);
  return record(divided(total.values, count), total.shape, [total], shareOf(count), dim === undefined ? [] : [x]);
}

/** x / n, where x · (1 / n) would have another last bit. */
function divided(x: Float32Array, n: number): Float32Array {
  return kernels.div(x, new Float32Array(x.length).fill(n));
}

const shareOf =
  (count: number): Backward =>
  (dy) => [divided(dy, count)];

function reducedDimensions(operation: string, x: Tensor, dim?: number | readonly number[]): number[] {
  if (dim === undefined || (Array.isArray(dim) && dim.length === 0)) return x.shape.map((_, i) => i);
  if (typeof dim !== "number" && !Array.isArray(dim)) {
    throw fault("type", operation, "a dimension or an array of them", kindOf(dim), "leave it out for all dimensions");
  }
  const given: readonly number[] = typeof dim === "number" ? [dim] : dim.slice(0, mostDimensions + 1);
  const dims = Array.from(given, (d) => dimension(operation, d, x.rank)); // a hole is refused too
  if (new Set(dims).size !== dims.length) {
    throw fault("value", operation, "each dimension once", show(given), "leave out the repeated ones");
  }
  return x.rank === 0 ? [] : dims.sort((a, b) => a - b);
}

/** A shape seen from one of its dimensions: elements before it, along it, after it. */
export function around(shape: Shape, dim: number): [outer: number, size: number, inner: number] {
  return [numelOf(shape.slice(0, dim)), shape[dim] ?? 1, numelOf(shape.slice(dim + 1))];
}

/** From here on float32 skips whole numbers, and an index would name another position. */
export const mostIndices = 2 ** 24;

type Extreme = "max" | "min";

/** NaN wins, so that it is never lost; then the first of the extremes. */
function better(kind: Extreme, candidate: number, best: number): boolean {
  if (Number.isNaN(best)) return false;
  if (Number.isNaN(candidate)) return true;
  return kind === "max" ? candidate > best : candidate < best;
}

/**
 * The largest or smallest element; its gradient is shared evenly among ties, as in PyTorch.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.max.html
 * @throws RangeError for a tensor without elements.
 */
export function extreme(kind: Extreme, x: Tensor): Tensor {
  const { values: data } = x;
  if (data.length === 0) throw fault("shape", kind, "at least one element", "none", "check the tensor's shape");
  let best = data[0];
  for (const value of data) if (better(kind, value, best)) best = value;
  return record(
    new Float32Array([best]),
    [],
    [x],
    (dy) => {
      const wins = (value: number) => value === best || (Number.isNaN(best) && Number.isNaN(value));
      let ties = 0;
      for (const value of data) if (wins(value)) ties++;
      return [data.map((value) => (wins(value) ? dy[0] / ties : 0))];
    },
    [x, "result"],
  );
}

/** The largest or smallest element along a dimension and where it stands; the first of equals gets the gradient. */
export function extremeAlong(kind: Extreme, x: Tensor, dim: number, keepdim: boolean): [Tensor, Tensor] {
  const d = dimension(kind, dim, x.rank);
  const [outer, size, inner] = around(x.shape, d);
  checkFlag(kind, "keepdim", keepdim);
  if (size === 0 || size > mostIndices) {
    throw fault(
      "shape",
      kind,
      `at least one element in dimension ${d} and at most 2^24, to which float32 can count`,
      size === 0 ? "none" : `${size}`,
      "check the tensor's shape",
    );
  }
  const { values: data } = x;
  const shape = keepdim ? x.shape.map((size, i) => (i === d ? 1 : size)) : x.shape.filter((_, i) => i !== d);
  const values = new Float32Array(outer * inner);
  const indices = new Float32Array(outer * inner);
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const start = o * size * inner + i;
      let best = 0;
      for (let s = 1; s < size; s++) if (better(kind, data[start + s * inner], data[start + best * inner])) best = s;
      values[o * inner + i] = data[start + best * inner];
      indices[o * inner + i] = best;
    }
  }
  const positions = new Tensor(indices, shape);
  const { length } = data;
  const result = record(
    values,
    shape,
    [x],
    (dy) => {
      const dx = new Float32Array(length);
      for (let o = 0; o < outer; o++) {
        for (let i = 0; i < inner; i++) dx[(o * size + indices[o * inner + i]) * inner + i] = dy[o * inner + i];
      }
      return [dx];
    },
    [positions],
  );
  return [result, positions];
}

/** Where the largest element stands, overall or along a dimension. Source: https://pytorch.org/docs/stable/generated/torch.argmax.html */
export function argmax(x: Tensor, dim?: number, keepdim = false): Tensor {
  return dim === undefined
    ? extremeAlong("max", x.detach().reshape(-1), 0, false)[1]
    : extremeAlong("max", x.detach(), dim, keepdim)[1];
}

/** y_i = e^{x_i} / Σ_j e^{x_j} along a dimension. Source: https://pytorch.org/docs/stable/generated/torch.softmax.html */
export function softmax(x: Tensor, dim: number): Tensor {
  return alongLast(x, dimension("softmax", dim, x.rank), (x, rows, columns) =>
    // dx_i = y_i · (dy_i − Σ_j dy_j y_j)
    ofRows(
      x,
      rows,
      columns,
      false,
      (dy, y) => dy * y,
      (dy, y, dot) => y * (dy - dot),
    ),
  );
}

/** y_i = x_i − ln Σ_j e^{x_j} along a dimension. Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.log_softmax.html */
export function logSoftmax(x: Tensor, dim: number): Tensor {
  return alongLast(x, dimension("logSoftmax", dim, x.rank), (x, rows, columns) =>
    // dx_i = dy_i − e^{y_i} · Σ_j dy_j
    ofRows(
      x,
      rows,
      columns,
      true,
      (dy) => dy,
      (dy, y, total) => dy - Math.exp(y) * total,
    ),
  );
}

/** Records the softmax of each row, with dx_i = slope(dy_i, y_i, Σ_j term(dy_j, y_j)). */
function ofRows(
  x: Tensor,
  rows: number,
  columns: number,
  logarithm: boolean,
  term: (dy: number, y: number) => number,
  slope: (dy: number, y: number, sum: number) => number,
): Tensor {
  const y = kernels.softmax(x.values, rows, columns, logarithm);
  return record(
    y,
    x.shape,
    [x],
    (dy) => {
      const dx = new Float32Array(y.length);
      for (let start = 0; start < dx.length; start += columns) {
        let sum = 0;
        for (let i = start; i < start + columns; i++) sum += term(dy[i], y[i]);
        for (let i = start; i < start + columns; i++) dx[i] = slope(dy[i], y[i], sum);
      }
      return [dx];
    },
    ["result"],
  );
}

/** Computes along the last dimension what is asked along another. */
function alongLast(x: Tensor, dim: number, compute: (x: Tensor, rows: number, columns: number) => Tensor): Tensor {
  const last = x.rank - 1;
  const columns = x.shape[dim] ?? 1;
  if (x.rank === 0 || dim === last) return compute(x, columns === 0 ? 0 : x.numel / columns, columns);
  return alongLast(x.transpose(dim, last), last, compute).transpose(dim, last);
}
