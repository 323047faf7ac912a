/** Making tensors from numbers, shapes and chance. */
import { defaultGenerator } from "../random.ts";
import { checkSizes, numelOf, type Shape, type Sizes, sizesOf } from "./shape.ts";
import { type Nested, Tensor } from "./tensor.ts";

/** What `tensor` takes: a number, nested arrays of equal lengths, or a typed array. */
export type TensorData = number | readonly TensorData[] | Float32Array | Float64Array | Int32Array | Uint8Array;

/**
 * A tensor of these values; a Float32Array is copied, so that nothing outside can change it.
 *
 * @param shape the sizes to read the values with; by default the nesting of the arrays.
 * @throws RangeError for ragged arrays or a shape of another number of elements; TypeError for values that are no numbers.
 * Source: https://pytorch.org/docs/stable/generated/torch.tensor.html
 * @example tensor(new Float32Array([1, 2, 3, 4]), [2, 2])
 */
export function tensor(data: TensorData, shape?: Shape): Tensor {
  const typed = ArrayBuffer.isView(data);
  const sizes = typed ? [(data as Float32Array).length] : nesting(data as Nested);
  const values = typed ? Float32Array.from(data as Float32Array) : new Float32Array(numelOf(sizes));
  if (!typed) flatten(data as Nested, sizes, 0, values, 0);
  if (shape === undefined) return new Tensor(values, sizes);
  checkSizes("tensor", shape);
  if (numelOf(shape) !== values.length) {
    throw new RangeError(
      `tensor: expected ${numelOf(shape)} values for shape [${shape.join(", ")}], received ${values.length}`,
    );
  }
  return new Tensor(values, [...shape]);
}

function nesting(data: Nested): number[] {
  const sizes: number[] = [];
  for (let level: Nested | undefined = data; Array.isArray(level); level = level[0]) sizes.push(level.length);
  return sizes;
}

function flatten(data: Nested, sizes: Shape, dim: number, values: Float32Array, at: number): number {
  if (dim === sizes.length) {
    if (typeof data !== "number") {
      throw Array.isArray(data)
        ? new RangeError(
            "tensor: expected arrays of equal lengths and depths, received a list where another entry is a number",
          )
        : new TypeError(`tensor: expected numbers, received ${data === null ? "null" : typeof data} (${String(data)})`);
    }
    values[at] = data;
    return at + 1;
  }
  if (!Array.isArray(data) || data.length !== sizes[dim]) {
    throw new RangeError(
      `tensor: expected arrays of equal lengths, received ${Array.isArray(data) ? `${data.length} entries` : String(data)} where the first has ${sizes[dim]}`,
    );
  }
  let next = at;
  for (const entry of data) next = flatten(entry, sizes, dim + 1, values, next);
  return next;
}

/** All 0. Source: https://pytorch.org/docs/stable/generated/torch.zeros.html */
export function zeros(...sizes: Sizes): Tensor {
  return full(sizesOf("zeros", sizes), 0);
}

/** All 1. Source: https://pytorch.org/docs/stable/generated/torch.ones.html */
export function ones(...sizes: Sizes): Tensor {
  return full(sizesOf("ones", sizes), 1);
}

/** One value everywhere. Source: https://pytorch.org/docs/stable/generated/torch.full.html */
export function full(shape: Shape, value: number): Tensor {
  checkSizes("full", shape);
  return new Tensor(new Float32Array(numelOf(shape)).fill(value), [...shape]);
}

/**
 * `start`, `start + step`, … up to but without `end`.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.arange.html
 * @throws RangeError for a step of 0 or one that leads away from `end`.
 * @example arange(3).toArray() // [0, 1, 2]
 */
export function arange(end: number): Tensor;
export function arange(start: number, end: number, step?: number): Tensor;
export function arange(first: number, second?: number, step = 1): Tensor {
  const [start, end] = second === undefined ? [0, first] : [first, second];
  if (
    !Number.isFinite(start) ||
    !Number.isFinite(end) ||
    !Number.isFinite(step) ||
    step === 0 ||
    (end - start) / step < 0
  ) {
    throw new RangeError(
      `arange: expected finite bounds and a step that leads from start to end, received ${start}, ${end}, step ${step}`,
    );
  }
  const length = Math.ceil((end - start) / step);
  const values = inVectors(
    length,
    (i) => start + step * i,
    (first, i) => first + step * i,
  );
  return new Tensor(values, [length]);
}

/**
 * Fills a range as PyTorch does, so that last bits agree: 16 elements at a time as two vectors of 8, of which the formula
 * gives the first element and `next` the others from it; what is left over, each by the formula.
 */
function inVectors(length: number, at: (i: number) => number, next: (first: number, i: number) => number) {
  const values = new Float32Array(length);
  const whole = length - (length % 16);
  for (let i = 0; i < length; i++) {
    const lane = i % 8;
    values[i] = i < whole && lane > 0 ? next(values[i - lane], lane) : at(i);
  }
  return values;
}

/**
 * `steps` values from `start` to `end`, both included, computed in float32 from both ends as PyTorch does.
 *
 * NumPy's linspace, in float64 and rounded once, gives other last digits.
 * Source: https://pytorch.org/docs/stable/generated/torch.linspace.html
 */
export function linspace(start: number, end: number, steps: number): Tensor {
  checkSizes("linspace", [steps]);
  const { fround } = Math;
  const first = fround(start);
  const last = fround(end);
  if (steps === 1) return new Tensor(new Float32Array([first]), [1]);
  const step = fround(fround(last - first) / (steps - 1));
  const half = Math.floor(steps / 2);
  // Products with i are exact in float64, as in the fused multiply-add of PyTorch on processors with AVX2.
  const values = inVectors(
    steps,
    (i) => (i < half ? first + step * i : last - step * (steps - i - 1)),
    (first, i) => first + fround(step * i),
  );
  return new Tensor(values, [steps]);
}

/** Uniform on [0, 1). Source: https://pytorch.org/docs/stable/generated/torch.rand.html */
export function rand(...sizes: Sizes): Tensor {
  return uniform(0, 1, sizesOf("rand", sizes));
}

/** Uniform on [from, to), drawn as `torch.empty(shape).uniform_(from, to)` draws. */
export function uniform(from: number, to: number, shape: Shape): Tensor {
  checkSizes("uniform", shape);
  return new Tensor(defaultGenerator.uniform(new Float32Array(numelOf(shape)), from, to), [...shape]);
}

/** Normal with mean 0 and standard deviation 1. Source: https://pytorch.org/docs/stable/generated/torch.randn.html */
export function randn(...sizes: Sizes): Tensor {
  return normal(0, 1, sizesOf("randn", sizes));
}

/** Normal with this mean and standard deviation. Source: https://pytorch.org/docs/stable/generated/torch.normal.html */
export function normal(mean: number, std: number, shape: Shape): Tensor {
  checkSizes("normal", shape);
  return new Tensor(defaultGenerator.normal(new Float32Array(numelOf(shape)), mean, std), [...shape]);
}

/**
 * Whole numbers from `low` (0 when left out) up to but without `high`.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.randint.html
 * @example randint(1, 4, [1]).item() // 1, 2 or 3
 */
export function randint(high: number, shape: Shape): Tensor;
export function randint(low: number, high: number, shape: Shape): Tensor;
export function randint(first: number, second: number | Shape, third?: Shape): Tensor {
  const [low, high, shape] = third === undefined ? [0, first, second as Shape] : [first, second as number, third];
  checkSizes("randint", shape);
  return new Tensor(defaultGenerator.integers(new Float32Array(numelOf(shape)), low, high), [...shape]);
}

/** The numbers from 0 to n − 1 in random order. Source: https://pytorch.org/docs/stable/generated/torch.randperm.html */
export function randperm(n: number): Tensor {
  checkSizes("randperm", [n]);
  return new Tensor(Float32Array.from(defaultGenerator.permutation(n)), [n]);
}
