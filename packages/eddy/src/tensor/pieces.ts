/** Parts of a tensor and other arrangements of its dimensions, composed of views. */
import { display, fault, isListOf } from "../fault.ts";
import { recordView } from "./autograd.ts";
import { checkSizes, dimension, type Shape, show } from "./shape.ts";
import type { Tensor } from "./tensor.ts";
import { checkList, clone, expand, narrow, permute, select } from "./views.ts";

/** Integers of a slice as Python reads them: negative ones count from the end, and both ends are cut off at the borders. */
export function slice(x: Tensor, dim: number, start?: number, end?: number, step = 1): Tensor {
  const d = dimension("slice", dim, x.rank);
  for (const given of [start, end, step]) {
    if (given === undefined || Number.isInteger(given)) continue;
    throw fault("type", "slice", "integers as start, end and step", display(given), "for example slice(1, 0, -1)");
  }
  if (step < 1) throw fault("value", "slice", "a step ≥ 1", `${step}`, "use flip for the reverse order");
  const size = x.shape[d] ?? 0;
  const inside = (at: number) => Math.min(Math.max(at < 0 ? at + size : at, 0), size);
  const from = inside(start ?? 0);
  const length = Math.max(0, inside(end ?? size) - from);
  const run = narrow(x, d, from, length);
  if (step === 1) return run;
  const shape = run.shape.map((size, i) => (i === d ? Math.ceil(size / step) : size));
  return recordView(run, shape, (strides, at) => [strides.map((stride, i) => (i === d ? stride * step : stride)), at]);
}

export function at(x: Tensor, indices: readonly number[]): Tensor {
  let part = x;
  for (const index of indices) part = select(part, 0, index);
  return part;
}

export function split(x: Tensor, sizes: number | readonly number[], dim = 0): Tensor[] {
  const d = dimension("split", dim, x.rank);
  const total = x.shape[d] ?? 0;
  let given = sizes as readonly number[];
  if (typeof sizes === "number" && Number.isInteger(sizes) && sizes > 0) {
    given = Array.from({ length: Math.max(1, Math.ceil(total / sizes)) }, (_, i) => Math.min(sizes, total - i * sizes));
  }
  if (typeof given === "number") {
    throw fault("value", "split", "a size ≥ 1, or the sizes of all parts", display(sizes), "for example split(2)");
  }
  const areSizes = isListOf(given, (size) => Number.isInteger(size) && (size as number) >= 0);
  const sum = areSizes ? given.reduce((sum, size) => sum + size, 0) : Number.NaN;
  if (sum !== total) {
    throw fault(
      "shape",
      "split",
      `sizes whose sum is ${total} (shape ${show(x.shape)})`,
      display(given),
      "check the sizes",
    );
  }
  let start = 0;
  return given.map((size) => {
    start += size;
    return narrow(x, d, start - size, size);
  });
}

export function chunk(x: Tensor, chunks: number, dim = 0): Tensor[] {
  if (!Number.isInteger(chunks) || chunks < 1) {
    throw fault("value", "chunk", "a number of parts ≥ 1", display(chunks), "for example chunk(2)");
  }
  return split(x, Math.max(1, Math.ceil((x.shape[dimension("chunk", dim, x.rank)] ?? 0) / chunks)), dim);
}

export function unbind(x: Tensor, dim = 0): Tensor[] {
  const d = dimension("unbind", dim, x.rank);
  if (x.rank === 0) throw fault("shape", "unbind", "at least one dimension", "a scalar", "use item()");
  return Array.from({ length: x.shape[d] }, (_, i) => select(x, d, i));
}

export function flip(x: Tensor, dims: Shape): Tensor {
  checkList("flip", dims);
  const flipped = new Set(Array.from(dims, (dim) => dimension("flip", dim, x.rank)));
  const reversed = recordView(x, x.shape, (strides, offset) => [
    strides.map((stride, i) => (flipped.has(i) ? -stride : stride)),
    strides.reduce((at, stride, i) => (flipped.has(i) ? at + Math.max(0, x.shape[i] - 1) * stride : at), offset),
  ]);
  return clone(reversed);
}

export function repeat(x: Tensor, counts: Shape): Tensor {
  checkSizes("repeat", counts);
  const missing = counts.length - x.rank;
  if (missing < 0) {
    throw fault("shape", "repeat", `at least ${x.rank} numbers (shape ${show(x.shape)})`, show(counts), "one each");
  }
  const sizes = counts.map((_, i) => x.shape[i - missing] ?? 1);
  const interleaved = counts.flatMap((count, i) => [count, sizes[i]]);
  const shape = counts.map((count, i) => count * sizes[i]);
  checkSizes("repeat", shape);
  const separate = x.reshape(sizes.flatMap((size) => [1, size]));
  return clone(expand(separate, interleaved)).reshape(shape);
}

export function flatten(x: Tensor, start = 0, end = -1): Tensor {
  const from = dimension("flatten", start, x.rank);
  const to = dimension("flatten", end, x.rank);
  if (from > to) throw fault("value", "flatten", "start ≤ end", `${start} and ${end}`, "exchange them");
  const merged = x.shape.slice(from, to + 1).reduce((product, size) => product * size, 1);
  return x.reshape([...x.shape.slice(0, from), merged, ...x.shape.slice(to + 1)]);
}

export function movedim(x: Tensor, from: number, to: number): Tensor {
  const source = dimension("movedim", from, x.rank);
  const target = dimension("movedim", to, x.rank);
  const order = x.shape.map((_, i) => i).filter((i) => i !== source);
  if (x.rank > 0) order.splice(target, 0, source);
  return permute(x, order);
}
