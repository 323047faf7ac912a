/** Selecting and writing elements by position: integers, slices, masks and tensors of indices. */
import { display, fault, isListOf } from "../fault.ts";
import { record, type Saved } from "./autograd.ts";
import { checkNumber, checkTensor } from "./check.ts";
import { checkMask } from "./comparison.ts";
import { where } from "./elementwise.ts";
import { positionsAlong } from "./indexing.ts";
import { slice } from "./pieces.ts";
import { around } from "./reduce.ts";
import { broadcastShape, dimension, numelOf, type Shape, show } from "./shape.ts";
import { Mask, Tensor } from "./tensor.ts";
import { expand, permute, select, unsqueeze } from "./views.ts";

/** A slice as Python writes it, for example "1:", ":-1" or "::2". */
export type Slice = `${number | ""}:${number | ""}` | `${number | ""}:${number | ""}:${number | ""}`;

/**
 * One part of an index: a number (removes the dimension), a slice, "..." for all dimensions that are not named, null for a
 * new dimension, a mask, or a tensor or an array of indices.
 */
export type IndexPart = number | Slice | "..." | null | Tensor | readonly number[];

export function maskedFill(x: Tensor, mask: Tensor, value: number | Tensor): Tensor {
  checkMask("maskedFill", x, mask);
  return where(mask, value, x);
}

export function indexSelect(x: Tensor, dim: number, index: Tensor): Tensor {
  checkTensor("indexSelect", "index", index);
  const d = dimension("indexSelect", dim, x.rank);
  const positions = checkedPositions("indexSelect", index, x.shape[d] ?? 1);
  return takeAlong(x, d, positions, x.rank === 0 ? [] : x.shape.with(d, positions.length), [index]);
}

/** y[o, k, i] = x[o, positions[k], i], with x as (outer, size, inner). */
function takeAlong(x: Tensor, dim: number, positions: Int32Array, shape: Shape, saved: readonly Saved[]): Tensor {
  const [outer, size, inner] = around(x.shape, dim);
  const count = positions.length;
  const { values } = x;
  const y = new Float32Array(outer * count * inner);
  const eachRun = (visit: (from: number, to: number) => void) => {
    for (let o = 0; o < outer; o++) {
      for (let k = 0; k < count; k++) visit((o * size + positions[k]) * inner, (o * count + k) * inner);
    }
  };
  eachRun((from, to) => y.set(values.subarray(from, from + inner), to));
  return record(
    y,
    shape,
    [x],
    (dy) => {
      const dx = new Float64Array(outer * size * inner); // an element that is selected often receives a long sum
      eachRun((from, to) => {
        for (let i = 0; i < inner; i++) dx[from + i] += dy[to + i];
      });
      return [Float32Array.from(dx)];
    },
    saved,
  );
}

/** The indices as integers from 0; negative ones count from the end. */
function checkedPositions(operation: string, index: Tensor, size: number): Int32Array {
  return Int32Array.from(index.values, (i) => {
    if (!Number.isInteger(i) || i < -size || i >= size) {
      throw fault(
        "value",
        operation,
        `indices from ${-size} to ${size - 1}`,
        `${i}`,
        "negative ones count from the end",
      );
    }
    return i < 0 ? i + size : i;
  });
}

/**
 * The positions of the elements that are not 0, one row each.
 *
 * Shape: any of rank r → (count, r). Source: https://pytorch.org/docs/stable/generated/torch.nonzero.html
 * @example nonzero(tensor([0, 5, 0, 7])).toArray() // [[1], [3]]
 */
export function nonzero(x: Tensor): Tensor {
  checkTensor("nonzero", "x", x);
  const { values, shape } = x;
  const found: number[] = [];
  for (let i = 0; i < values.length; i++) {
    if (values[i] === 0) continue;
    let rest = i;
    const start = found.length;
    for (let d = shape.length - 1; d >= 0; d--) {
      found[start + d] = rest % shape[d];
      rest = Math.floor(rest / shape[d]);
    }
  }
  const rows = shape.length === 0 ? (values[0] === 0 ? 0 : 1) : found.length / shape.length;
  return new Tensor(Float32Array.from(found), [rows, shape.length]);
}

export function maskedSelect(x: Tensor, mask: Tensor): Tensor {
  checkMask("maskedSelect", x, mask);
  return index(x, [new Mask(expand(mask, x.shape).values, x.shape)]);
}

export function index(x: Tensor, parts: readonly IndexPart[]): Tensor {
  const named = parts.reduce<number>((count, part) => count + dimensionsOf(part), 0);
  if (named > x.rank) {
    throw fault("shape", "index", `at most ${x.rank} parts (shape ${show(x.shape)})`, `${named}`, "remove some");
  }
  // Views first; the tensors of indices are collected with the dimension that each selects from.
  let part = x;
  let d = 0;
  const lists = new Map<number, Tensor>();
  for (const given of parts) {
    if (given === null) part = unsqueeze(part, d++);
    else if (given === "...") d += x.rank - named;
    else if (typeof given === "number") part = select(part, d, given);
    else if (typeof given === "string") part = slice(part, d++, ...boundsOf(given));
    else if (given instanceof Mask) {
      if (given.shape.some((size, i) => size !== part.shape[d + i])) {
        throw fault("shape", "index", `a mask of x's shape ${show(x.shape)}`, show(given.shape), "expand it first");
      }
      const positions = nonzero(given);
      for (let i = 0; i < given.rank; i++) lists.set(d++, select(positions, 1, i));
    } else lists.set(d++, given instanceof Tensor ? given : new Tensor(Float32Array.from(given), [given.length]));
  }
  return lists.size === 0 ? part : takeAt(part, lists);
}

/** How many dimensions a part of an index consumes; throws for a value that is none. */
function dimensionsOf(part: unknown): number {
  if (part === null || part === "...") return 0;
  if (part instanceof Mask) return part.rank;
  const isSlice = typeof part === "string" && /^(-?\d+)?:(-?\d+)?(:(\d+)?)?$/.test(part);
  if (typeof part === "number" || isSlice || part instanceof Tensor || isListOf(part, Number.isInteger)) return 1;
  throw fault(
    "type",
    "index",
    'numbers, slices, "...", null, Tensors',
    display(part),
    'for example index(0, "1:", mask)',
  );
}

function boundsOf(text: string): [number | undefined, number | undefined, number | undefined] {
  const [start, end, step] = text.split(":").map((bound) => (bound === "" ? undefined : Number(bound)));
  return [start, end, step];
}

/** Selects by tensors of indices, by dimension: they broadcast, and their shape replaces the dimensions that they select from. */
function takeAt(x: Tensor, lists: ReadonlyMap<number, Tensor>): Tensor {
  const dims = [...lists.keys()];
  const others = x.shape.map((_, i) => i).filter((i) => !lists.has(i));
  const shape = [...lists.values()].reduce<Shape>((shape, list) => broadcastShape("index", shape, list.shape), []);
  const positions = new Int32Array(numelOf(shape));
  for (const [d, list] of lists) {
    const own = checkedPositions("index", expand(list, shape), x.shape[d]);
    for (let i = 0; i < positions.length; i++) positions[i] = positions[i] * x.shape[d] + own[i];
  }
  const rest = others.map((i) => x.shape[i]);
  const front = permute(x, [...dims, ...others]).reshape(numelOf(dims.map((d) => x.shape[d])), ...rest);
  const taken = takeAlong(front, 0, positions, [...shape, ...rest], [...lists.values()]);
  // As in NumPy, the result's dimensions stay in place if the selected dimensions are next to each other.
  const [first] = dims;
  if (dims.some((d, i) => d !== first + i)) return taken;
  const order = taken.shape.map((_, i) => i);
  return permute(taken, [...order.splice(shape.length, first), ...order]);
}

/** Writes values at positions along a dimension; with `add`, adds them. */
function scattered(operation: string, x: Tensor, dim: number, index: Tensor, source: Tensor | number, add: boolean) {
  checkTensor(operation, "index", index);
  if (!(source instanceof Tensor)) checkNumber(operation, "source", source);
  const given = source instanceof Tensor ? source : new Tensor(new Float32Array(index.numel).fill(source), index.shape);
  const fits = given.rank === index.rank && index.shape.every((size, i) => size <= given.shape[i]);
  if (!fits) {
    throw fault("shape", operation, `a source at least as large as the index ${show(index.shape)}`, show(given.shape));
  }
  const positions = positionsAlong(operation, x, dim, index);
  const part = index.shape.reduce((part, size, d) => part.narrow(d, 0, size), given);
  const written = part.values;
  const y = x.values.slice();
  for (let i = 0; i < positions.length; i++) y[positions[i]] = written[i] + (add ? y[positions[i]] : 0);
  return record(
    y,
    x.shape,
    [x, part],
    (dy) => {
      const dx = dy.slice();
      if (!add) for (const at of positions) dx[at] = 0;
      return [dx, Float32Array.from(positions, (at) => dy[at])];
    },
    [index],
  );
}

export function scatter(x: Tensor, dim: number, index: Tensor, source: Tensor | number): Tensor {
  return scattered("scatter", x, dim, index, source, false);
}

export function scatterAdd(x: Tensor, dim: number, index: Tensor, source: Tensor | number): Tensor {
  return scattered("scatterAdd", x, dim, index, source, true);
}
