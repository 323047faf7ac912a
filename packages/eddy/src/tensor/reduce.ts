/** Reductions: sums, means, extremes; and softmax, which normalises by one. */
import { fault } from "../fault.ts";
import { kernels } from "../kernels/index.ts";
import { type Backward, record } from "./autograd.ts";
import { checkFlag, kindOf } from "./check.ts";
import { dimension, maxDimensions, numelOf, type Shape, show } from "./shape.ts";
import { Tensor } from "./tensor.ts";
import { permute } from "./views.ts";

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

/** The backward of a sum over all elements: each receives the gradient of the sum. */
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

/** Moves the summed dimensions to the front and merges them into one. */
function sumSeveral(x: Tensor, dims: readonly number[], keepdim: boolean): Tensor {
  const kept = x.shape.map((_, i) => i).filter((i) => !dims.includes(i));
  const front = permute(x, [...dims, ...kept]).reshape(
    numelOf(dims.map((i) => x.shape[i])),
    ...kept.map((i) => x.shape[i]),
  );
  const total = sum(front, 0);
  return keepdim ? total.reshape(x.shape.map((size, i) => (dims.includes(i) ? 1 : size))) : total;
}

export function mean(x: Tensor, dim?: number | readonly number[], keepdim = false): Tensor {
  const count = numelOf(reducedDimensions("mean", x, dim).map((d) => x.shape[d]));
  const total = sum(x, dim, keepdim);
  // With given dimensions, the backward is treated as reading x, as in PyTorch 1.13.
  return record(divided(total.values, count), total.shape, [total], shareOf(count), dim === undefined ? [] : [x]);
}

/** x / n; x · (1 / n) would differ in the last bit. */
function divided(x: Float32Array, n: number): Float32Array {
  return kernels.div(x, new Float32Array(x.length).fill(n));
}

const shareOf =
  (count: number): Backward =>
  (dy) => [divided(dy, count)];

function reducedDimensions(operation: string, x: Tensor, dim?: number | readonly number[]): number[] {
  if (dim === undefined || (Array.isArray(dim) && dim.length === 0)) return x.shape.map((_, i) => i);
  if (typeof dim !== "number" && !Array.isArray(dim)) {
    throw fault("type", operation, "a dimension or an array of them", kindOf(dim), "omit it for all dimensions");
  }
  const given: readonly number[] = typeof dim === "number" ? [dim] : dim.slice(0, maxDimensions + 1);
  const dims = Array.from(given, (d) => dimension(operation, d, x.rank)); // Array.from also visits holes
  if (new Set(dims).size !== dims.length) {
    throw fault("value", operation, "each dimension once", show(given), "remove the duplicates");
  }
  return x.rank === 0 ? [] : dims.sort((a, b) => a - b);
}

/** Splits a shape at one of its dimensions: the numbers of elements before it, along it and after it. */
export function around(shape: Shape, dim: number): [outer: number, size: number, inner: number] {
  return [numelOf(shape.slice(0, dim)), shape[dim] ?? 1, numelOf(shape.slice(dim + 1))];
}

/** From this number on, float32 skips integers, so an index could name another position. */
export const maxIndices = 2 ** 24;

type Extreme = "max" | "min";

/** NaN takes precedence, so that it is never hidden; in a tie, the first element is used. */
function better(kind: Extreme, candidate: number, best: number): boolean {
  if (Number.isNaN(best)) return false;
  if (Number.isNaN(candidate)) return true;
  return kind === "max" ? candidate > best : candidate < best;
}

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
      // Ties share the gradient, as in PyTorch.
      const wins = (value: number) => value === best || (Number.isNaN(best) && Number.isNaN(value));
      let ties = 0;
      for (const value of data) if (wins(value)) ties++;
      return [data.map((value) => (wins(value) ? dy[0] / ties : 0))];
    },
    [x, "result"],
  );
}

export function extremeAlong(kind: Extreme, x: Tensor, dim: number, keepdim: boolean): [Tensor, Tensor] {
  const d = dimension(kind, dim, x.rank);
  const [outer, size, inner] = around(x.shape, d);
  checkFlag(kind, "keepdim", keepdim);
  if (size === 0 || size > maxIndices) {
    throw fault(
      "shape",
      kind,
      `from 1 to 2^24 elements in dimension ${d}`,
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

export function argmax(x: Tensor, dim?: number, keepdim = false): Tensor {
  return dim === undefined
    ? extremeAlong("max", x.detach().reshape(-1), 0, false)[1]
    : extremeAlong("max", x.detach(), dim, keepdim)[1];
}

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

/** Moves a dimension to the end, computes there and moves it back. */
function alongLast(x: Tensor, dim: number, compute: (x: Tensor, rows: number, columns: number) => Tensor): Tensor {
  const last = x.rank - 1;
  const columns = x.shape[dim] ?? 1;
  if (x.rank === 0 || dim === last) return compute(x, columns === 0 ? 0 : x.numel / columns, columns);
  return alongLast(x.transpose(dim, last), last, compute).transpose(dim, last);
}
