/** Sums and products along a dimension, cumulative ones too: forward and backward together. */
import { record } from "./autograd.ts";
import { checkFlag } from "./check.ts";
import { around } from "./reduce.ts";
import { dimension } from "./shape.ts";
import type { Tensor } from "./tensor.ts";

/** Calls `visit(start, stride, size)` for each run of elements along a dimension. */
export function eachLane(
  { shape }: Tensor,
  dim: number,
  visit: (start: number, stride: number, size: number) => void,
): void {
  const [outer, size, inner] = around(shape, dim);
  for (let o = 0; o < outer; o++) for (let i = 0; i < inner; i++) visit(o * size * inner + i, inner, size);
}

export function cumsum(x: Tensor, dim: number): Tensor {
  const d = dimension("cumsum", dim, x.rank);
  const run = (from: Float32Array, backwards: boolean) => {
    const to = new Float32Array(from.length);
    eachLane(x, d, (start, stride, size) => {
      let sum = 0;
      for (let s = 0; s < size; s++) {
        const at = start + (backwards ? size - 1 - s : s) * stride;
        to[at] = sum += from[at];
      }
    });
    return to;
  };
  return record(run(x.values, false), x.shape, [x], (dy) => [run(dy, true)], []);
}

export function cumprod(x: Tensor, dim: number): Tensor {
  const d = dimension("cumprod", dim, x.rank);
  const { values } = x;
  const y = new Float32Array(values.length);
  eachLane(x, d, (start, stride, size) => {
    let product = 1;
    for (let s = 0, at = start; s < size; s++, at += stride) y[at] = product *= values[at];
  });
  return record(
    y,
    x.shape,
    [x],
    (dy) => {
      // dx_k = Π_{i<k} x_i · Σ_{j≥k} dy_j Π_{k<i≤j} x_i, without a division by x_k, which may be 0
      const dx = new Float32Array(dy.length);
      eachLane(x, d, (start, stride, size) => {
        let sum = 0;
        for (let s = size - 1, at = start + s * stride; s >= 0; s--, at -= stride) {
          sum = dy[at] + (s < size - 1 ? values[at + stride] * sum : 0);
          dx[at] = (s > 0 ? y[at - stride] : 1) * sum;
        }
      });
      return [dx];
    },
    [x, "result"],
  );
}

export function prod(x: Tensor, dim?: number, keepdim = false): Tensor {
  if (dim === undefined) return prod(x.reshape(-1), 0);
  const d = dimension("prod", dim, x.rank);
  checkFlag("prod", "keepdim", keepdim);
  const { values } = x;
  const shape = keepdim ? x.shape.map((size, i) => (i === d ? 1 : size)) : x.shape.filter((_, i) => i !== d);
  const [outer, , inner] = around(x.shape, d);
  const y = new Float32Array(outer * inner);
  let lane = 0;
  eachLane(x, d, (start, stride, size) => {
    let product = 1;
    for (let s = 0, at = start; s < size; s++, at += stride) product *= values[at];
    y[lane++] = product;
  });
  return record(
    y,
    shape,
    [x],
    (dy) => {
      // dx_k = dy · Π_{i≠k} x_i: the product of those before k, times the product of those after it
      const dx = new Float32Array(values.length);
      let lane = 0;
      eachLane(x, d, (start, stride, size) => {
        let product = dy[lane++];
        for (let s = 0, at = start; s < size; s++, at += stride) {
          dx[at] = product;
          product *= values[at];
        }
        product = 1;
        for (let s = size - 1, at = start + s * stride; s >= 0; s--, at -= stride) {
          dx[at] *= product;
          product *= values[at];
        }
      });
      return [dx];
    },
    [x],
  );
}
