/** Sorting, and what follows from an order: the largest elements, the smallest one, the median. */
import { fault } from "../fault.ts";
import { checkFlag, checkTensor } from "./check.ts";
import { gather } from "./indexing.ts";
import { extremeAlong, maxIndices } from "./reduce.ts";
import { eachLane } from "./scans.ts";
import { dimension } from "./shape.ts";
import { Tensor } from "./tensor.ts";

export function argsort(x: Tensor, dim = -1, descending = false): Tensor {
  const d = dimension("sort", dim, x.rank);
  checkFlag("sort", "descending", descending);
  if ((x.shape[d] ?? 1) > maxIndices) {
    throw fault("shape", "sort", `at most 2^24 elements in dimension ${d}`, `${x.shape[d]}`, "split the tensor");
  }
  const { values } = x;
  const order = new Float32Array(values.length);
  eachLane(x, d, (start, stride, size) => {
    const at = (i: number) => values[start + i * stride];
    // NaN counts as the largest; equal elements keep their order.
    const compare = (i: number, j: number) => {
      const [a, b] = descending ? [at(j), at(i)] : [at(i), at(j)];
      return a === b ? 0 : Number.isNaN(a) ? (Number.isNaN(b) ? 0 : 1) : a > b ? 1 : -1;
    };
    const sorted = Array.from({ length: size }, (_, i) => i).sort(compare);
    for (let i = 0; i < size; i++) order[start + i * stride] = sorted[i];
  });
  return new Tensor(order, x.shape);
}

export function sort(x: Tensor, dim = -1, descending = false): [values: Tensor, indices: Tensor] {
  const order = argsort(x, dim, descending);
  return [gather(x, dim, order), order];
}

export function topk(x: Tensor, k: number, dim = -1, largest = true): [values: Tensor, indices: Tensor] {
  checkFlag("topk", "largest", largest);
  const order = argsort(x, dim, largest);
  const size = x.rank === 0 ? 1 : x.shape[dimension("topk", dim, x.rank)];
  if (!Number.isInteger(k) || k < 0 || k > size) {
    throw fault("value", "topk", `k from 0 to ${size}`, String(k), "it is the number of elements to keep");
  }
  const kept = x.rank === 0 ? order : order.narrow(dim, 0, k).clone();
  return [gather(x, dim, kept), kept];
}

export function argmin(x: Tensor, dim?: number, keepdim = false): Tensor {
  const own = x.detach();
  return dim === undefined
    ? extremeAlong("min", own.reshape(-1), 0, false)[1]
    : extremeAlong("min", own, dim, keepdim)[1];
}

/**
 * The median of all elements: of an even number of them, the lower of the two in the middle.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.median.html
 * @throws RangeError if there are no elements.
 * @example median(tensor([3, 1, 2])).item() // 2
 */
export function median(x: Tensor): Tensor {
  checkTensor("median", "x", x);
  if (x.numel === 0) throw fault("shape", "median", "at least one element", "none", "check the tensor's shape");
  return sort(x.reshape(-1))[0].select(0, (x.numel - 1) >> 1);
}
