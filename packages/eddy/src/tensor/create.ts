/** Functions that create tensors: from given values, filled, in ranges, and random. */
import { display, fault } from "../fault.ts";
import { defaultGenerator } from "../random.ts";
import { checkNumber, checkTensor, kindOf } from "./check.ts";
import { checkSizes, maxDimensions, numelOf, type Shape, type Sizes, show, sizesOf } from "./shape.ts";
import { Mask, type Nested, Tensor } from "./tensor.ts";

/** The input of `tensor`: a number, nested arrays of equal lengths, or a typed array of numbers. */
export type TensorData =
  | number
  | boolean
  | readonly TensorData[]
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint8Array;

/**
 * A tensor of the given values, rounded to float32; typed arrays are copied. True and false give a mask of 1 and 0.
 *
 * Shape: `shape`, or by default that of the nested arrays; [] for a number.
 * Source: https://pytorch.org/docs/stable/generated/torch.tensor.html
 * @throws RangeError for ragged arrays or a shape with a different number of elements; TypeError for non-numeric values.
 * @example tensor(new Float32Array([1, 2, 3, 4]), [2, 2]).toArray() // [[1, 2], [3, 4]]
 */
export function tensor(data: TensorData, shape?: Shape): Tensor {
  if (isTruth(data)) {
    const mask = tensor(asNumbers(data), shape);
    return new Mask(mask.values, mask.shape);
  }
  const typed = isTyped(data);
  const sizes = typed ? [(data as Float32Array).length] : nesting(data as Nested);
  const values = typed ? Float32Array.from(data as Float32Array) : new Float32Array(numelOf(sizes));
  if (!typed) flatten(data as Nested, sizes, 0, values, 0);
  if (shape === undefined) return new Tensor(values, sizes);
  checkSizes("tensor", shape);
  if (numelOf(shape) !== values.length) {
    throw fault(
      "shape",
      "tensor",
      `${numelOf(shape)} values for shape ${show(shape)}`,
      `${values.length}`,
      "correct the shape",
    );
  }
  return new Tensor(values, [...shape]);
}

/** Whether the first entry of nested arrays is true or false: then the tensor is a mask. */
function isTruth(data: unknown): boolean {
  let first = data;
  for (let depth = 0; Array.isArray(first) && depth < maxDimensions; depth++) first = first[0];
  return typeof first === "boolean";
}

/** Nested truth values as 1 and 0. */
function asNumbers(data: TensorData, depth = 0): TensorData {
  if (typeof data === "boolean") return Number(data);
  return Array.isArray(data) && depth < maxDimensions ? data.map((entry) => asNumbers(entry, depth + 1)) : data;
}

/** Whether the data is a typed array of numbers; throws for BigInts, which would be rounded, and for a DataView. */
function isTyped(data: unknown): boolean {
  if (!ArrayBuffer.isView(data)) return false;
  if (!(data instanceof DataView || data instanceof BigInt64Array || data instanceof BigUint64Array)) return true;
  throw fault("type", "tensor", "a typed array of numbers", display(data), "convert it");
}

function nesting(data: Nested): number[] {
  const sizes: number[] = [];
  for (let level: Nested | undefined = data; Array.isArray(level); level = level[0]) {
    if (sizes.length === maxDimensions) {
      throw fault(
        "shape",
        "tensor",
        `arrays nested at most ${maxDimensions} deep`,
        "deeper ones, or an array that contains itself",
        "flatten them",
      );
    }
    sizes.push(level.length);
  }
  checkSizes("tensor", sizes);
  return sizes;
}

function flatten(data: Nested, sizes: Shape, dim: number, values: Float32Array, at: number): number {
  if (dim === sizes.length) {
    if (typeof data !== "number") {
      throw Array.isArray(data)
        ? fault(
            "shape",
            "tensor",
            "arrays of equal lengths and depths",
            "a list where another entry is a number",
            "nest all of them alike",
          )
        : fault("type", "tensor", "numbers", `${kindOf(data)} (${display(data)})`, "convert the values with Number(…)");
    }
    values[at] = data;
    return at + 1;
  }
  if (!Array.isArray(data) || data.length !== sizes[dim]) {
    throw fault(
      "shape",
      "tensor",
      "arrays of equal lengths",
      `${Array.isArray(data) ? `${data.length} entries` : display(data)}, while the first has ${sizes[dim]}`,
      "pad the shorter ones",
    );
  }
  let next = at;
  for (const entry of data) next = flatten(entry, sizes, dim + 1, values, next);
  return next;
}

/**
 * A tensor filled with 0, of the given sizes.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.zeros.html
 * @throws RangeError for sizes that are not integers ≥ 0, or for more than 2²⁹ elements in total.
 * @example zeros(2, 3) // the same as zeros([2, 3])
 */
export function zeros(...sizes: Sizes): Tensor {
  return full(sizesOf("zeros", sizes), 0);
}

/**
 * A tensor filled with 1, of the given sizes.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.ones.html
 * @throws RangeError for sizes that are not integers ≥ 0, or for more than 2²⁹ elements in total.
 * @example ones(2).toArray() // [1, 1]
 */
export function ones(...sizes: Sizes): Tensor {
  return full(sizesOf("ones", sizes), 1);
}

/**
 * A tensor filled with one value.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.full.html
 * @throws RangeError for sizes that are not integers ≥ 0, or for more than 2²⁹ elements in total.
 * @example full([2], 7).toArray() // [7, 7]
 */
export function full(shape: Shape, value: number): Tensor {
  checkSizes("full", shape);
  checkNumber("full", "value", value);
  const values = new Float32Array(numelOf(shape));
  return new Tensor(value === 0 ? values : values.fill(value), [...shape]);
}

/**
 * The values start, start + step, … below `end` (above it, if the step is negative). `start` is 0 and `step` 1 by default.
 *
 * Shape: (⌈(end − start) / step⌉). Source: https://pytorch.org/docs/stable/generated/torch.arange.html
 * @throws RangeError for a step of 0 or one in the wrong direction.
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
    throw fault(
      "value",
      "arange",
      "finite bounds and a step that leads from start to end",
      `${display(start)}, ${display(end)}, step ${display(step)}`,
      "for example arange(0, 10, 2)",
    );
  }
  const length = Math.ceil((end - start) / step);
  checkSizes("arange", [length]);
  const values = inVectors(
    length,
    (i) => start + step * i,
    (first, i) => first + step * i,
  );
  return new Tensor(values, [length]);
}

/**
 * Fills a range as PyTorch does, so that the last bits agree: 16 elements at a time as two vectors of 8. `at` computes the
 * first element of a vector and `next` the others from it; `at` computes each of the remaining elements.
 */
function inVectors(length: number, at: (i: number) => number, next: (first: number, i: number) => number) {
  const values = new Float32Array(length);
  const vectorised = length - (length % 16);
  for (let i = 0; i < length; i++) {
    const offset = i % 8;
    values[i] = i < vectorised && offset > 0 ? next(values[i - offset], offset) : at(i);
  }
  return values;
}

/** A function of x that creates a tensor of x's shape. */
function checkedShape(operation: string, x: Tensor): Shape {
  checkTensor(operation, "x", x);
  return x.shape;
}

/**
 * Zeros of another tensor's shape. Source: https://pytorch.org/docs/stable/generated/torch.zeros_like.html
 * @example zerosLike(x)
 */
export function zerosLike(x: Tensor): Tensor {
  return full(checkedShape("zerosLike", x), 0);
}

/**
 * Ones of another tensor's shape. Source: https://pytorch.org/docs/stable/generated/torch.ones_like.html
 * @example onesLike(x)
 */
export function onesLike(x: Tensor): Tensor {
  return full(checkedShape("onesLike", x), 1);
}

/**
 * One value in another tensor's shape. Source: https://pytorch.org/docs/stable/generated/torch.full_like.html
 * @example fullLike(x, 0.5)
 */
export function fullLike(x: Tensor, value: number): Tensor {
  return full(checkedShape("fullLike", x), value);
}

/**
 * Random numbers on [0, 1) of another tensor's shape. Source: https://pytorch.org/docs/stable/generated/torch.rand_like.html
 * @example randLike(x)
 */
export function randLike(x: Tensor): Tensor {
  return uniform(0, 1, checkedShape("randLike", x));
}

/**
 * Random numbers from the normal distribution, of another tensor's shape.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.randn_like.html
 * @example x.add(randnLike(x).mul(0.1)) // noise
 */
export function randnLike(x: Tensor): Tensor {
  return normal(0, 1, checkedShape("randnLike", x));
}

/**
 * The identity matrix, or the first columns of one. Source: https://pytorch.org/docs/stable/generated/torch.eye.html
 * @throws RangeError for sizes that are not integers ≥ 0.
 * @example eye(2).toArray() // [[1, 0], [0, 1]]
 */
export function eye(rows: number, columns = rows): Tensor {
  checkSizes("eye", [rows, columns]);
  const values = new Float32Array(rows * columns);
  for (let i = 0; i < Math.min(rows, columns); i++) values[i * columns + i] = 1;
  return new Tensor(values, [rows, columns]);
}

/**
 * `steps` evenly spaced values from `start` to `end`, inclusive, computed in float32 from both ends as in PyTorch.
 *
 * The last digits may differ from NumPy's linspace, which computes in float64 and rounds once.
 * Shape: (steps). Source: https://pytorch.org/docs/stable/generated/torch.linspace.html
 * @throws RangeError if `steps` is not an integer ≥ 0.
 * @example linspace(0, 1, 3).toArray() // [0, 0.5, 1]
 */
export function linspace(start: number, end: number, steps: number): Tensor {
  checkNumber("linspace", "start", start);
  checkNumber("linspace", "end", end);
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
    (i) => (i < half ? sumOnce(first, step * i) : sumOnce(last, -step * (steps - i - 1))),
    (first, i) => sumOnce(first, fround(step * i)),
  );
  return new Tensor(values, [steps]);
}

/**
 * a + b rounded once to float32. If the float64 sum is halfway between two float32 numbers, its rounding error decides
 * which of them is nearer.
 */
function sumOnce(a: number, b: number): number {
  const { fround } = Math;
  const sum = a + b;
  const rounded = fround(sum);
  const other = rounded + 2 * (sum - rounded);
  if (other === rounded || fround(other) !== other) return rounded; // not halfway
  const part = sum - a;
  const lost = a - (sum - part) + (b - part);
  return lost !== 0 && lost > 0 === other > rounded ? other : rounded;
}

/**
 * Random numbers from the uniform distribution on [0, 1), of the given sizes.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.rand.html
 * @throws RangeError for sizes that are not integers ≥ 0, or for more than 2²⁹ elements in total.
 * @example manualSeed(42); rand(2).toArray() // [0.8822692632675171, 0.9150039553642273]
 */
export function rand(...sizes: Sizes): Tensor {
  return uniform(0, 1, sizesOf("rand", sizes));
}

/**
 * Random numbers from the uniform distribution on [from, to).
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.Tensor.uniform_.html
 * @throws RangeError unless from ≤ to and both are finite in float32, and for sizes that are not integers ≥ 0.
 * @example uniform(-1, 1, [2, 3])
 */
export function uniform(from: number, to: number, shape: Shape): Tensor {
  checkSizes("uniform", shape);
  return new Tensor(defaultGenerator.uniform(new Float32Array(numelOf(shape)), from, to), [...shape]);
}

/**
 * Random numbers from the normal distribution with mean 0 and standard deviation 1, of the given sizes.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.randn.html
 * @throws RangeError for sizes that are not integers ≥ 0, or for more than 2²⁹ elements in total.
 * @example randn(2, 3)
 */
export function randn(...sizes: Sizes): Tensor {
  return normal(0, 1, sizesOf("randn", sizes));
}

/**
 * Random numbers from the normal distribution with the given mean and standard deviation.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.normal.html
 * @throws RangeError unless the mean is finite and std is finite and ≥ 0, and for sizes that are not integers ≥ 0.
 * @example normal(20, 0.5, [100])
 */
export function normal(mean: number, std: number, shape: Shape): Tensor {
  checkSizes("normal", shape);
  return new Tensor(defaultGenerator.normal(new Float32Array(numelOf(shape)), mean, std), [...shape]);
}

/**
 * Random integers from `low` (0 by default) to `high` − 1, uniformly distributed.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.randint.html
 * @throws RangeError unless low < high are integers within ±2²⁴, where float32 represents every integer.
 * @example randint(1, 4, [1]).item() // 1, 2 or 3
 */
export function randint(high: number, shape: Shape): Tensor;
export function randint(low: number, high: number, shape: Shape): Tensor;
export function randint(first: number, second: number | Shape, third?: Shape): Tensor {
  const [low, high, shape] = third === undefined ? [0, first, second as Shape] : [first, second as number, third];
  checkSizes("randint", shape);
  return new Tensor(defaultGenerator.integers(new Float32Array(numelOf(shape)), low, high), [...shape]);
}

/**
 * The integers from 0 to n − 1 in random order.
 *
 * Shape: (n). Source: https://pytorch.org/docs/stable/generated/torch.randperm.html
 * @throws RangeError unless n is an integer from 0 to 2²⁴, where float32 represents every integer.
 * @example manualSeed(1); randperm(3).toArray() // [1, 2, 0]
 */
export function randperm(n: number): Tensor {
  checkSizes("randperm", [n]);
  return new Tensor(Float32Array.from(defaultGenerator.permutation(n)), [n]);
}
