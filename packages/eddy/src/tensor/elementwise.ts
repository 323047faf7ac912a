/** Elementwise operations with NumPy's broadcasting: forward and backward together. */
import { fault } from "../fault.ts";
import { kernels } from "../kernels/index.ts";
import { type Backward, record, type Saved } from "./autograd.ts";
import { checkTensor, kindOf } from "./check.ts";
import {
  broadcastShape,
  broadcastStrides,
  contiguousStrides,
  gatherStrided,
  numelOf,
  type Shape,
  sameShape,
} from "./shape.ts";
import { Tensor } from "./tensor.ts";

/** Converts a number to a scalar tensor. */
export function asTensor(operation: string, value: Tensor | number): Tensor {
  if (value instanceof Tensor) return value;
  if (typeof value !== "number") {
    throw fault("type", operation, "a Tensor or a number", kindOf(value), "make one with tensor(…)");
  }
  return new Tensor(new Float32Array([value]), []);
}

/** The values of x, repeated to the larger shape. */
export function broadcastTo(x: Tensor, shape: Shape): Float32Array {
  if (sameShape(x.shape, shape)) return x.values;
  if (x.numel === 1) return new Float32Array(numelOf(shape)).fill(x.memory[x.offset]);
  return gatherStrided(x.memory, shape, broadcastStrides(x.shape, x.strides, shape), x.offset);
}

/** The gradient of a broadcast: for each element the sum, in float64, over its repetitions. */
function sumTo(dy: Float32Array, shape: Shape, target: Shape): Float32Array {
  if (sameShape(shape, target)) return dy;
  const sums = new Float64Array(numelOf(target));
  const positions = broadcastStrides(target, contiguousStrides(target), shape);
  const index = new Array<number>(shape.length).fill(0);
  let position = 0;
  for (let i = 0; i < dy.length; i++) {
    sums[position] += dy[i];
    for (let dim = shape.length - 1; dim >= 0; dim--) {
      position += positions[dim];
      if (++index[dim] < shape[dim]) break;
      position -= positions[dim] * shape[dim];
      index[dim] = 0;
    }
  }
  return Float32Array.from(sums);
}

type Gradients = (dy: Float32Array) => Float32Array;

/**
 * Records z = f(a, b) after broadcasting; da and db compute gradients of the broadcast shape.
 *
 * @param saves which of x, w and the result the gradients read, given which inputs require gradients.
 */
export function binary(
  operation: string,
  left: Tensor | number,
  right: Tensor | number,
  forward: (a: Float32Array, b: Float32Array) => Float32Array,
  gradients: (a: Float32Array, b: Float32Array, z: Float32Array) => { da: Gradients; db: Gradients },
  saves: (x: Tensor, w: Tensor) => readonly Saved[],
): Tensor {
  const x = asTensor(operation, left);
  const w = asTensor(operation, right);
  const shape = broadcastShape(operation, x.shape, w.shape);
  const a = broadcastTo(x, shape);
  const b = broadcastTo(w, shape);
  const z = forward(a, b);
  const { da, db } = gradients(a, b, z);
  return record(
    z,
    shape,
    [x, w],
    (dz) => [
      x.requiresGrad ? sumTo(da(dz), shape, x.shape) : undefined,
      w.requiresGrad ? sumTo(db(dz), shape, w.shape) : undefined,
    ],
    saves(x, w),
  );
}

/** The tensors that the gradients of a product read: the gradient of each factor reads the other factor. */
export function readByProduct(x: Tensor, w: Tensor): readonly Tensor[] {
  if (!x.requiresGrad) return w.requiresGrad ? [x] : [];
  return w.requiresGrad ? [w, x] : [w];
}

/** Records z = a ± b; its gradients read no values. */
function sumOf(operation: "add" | "sub", left: Tensor | number, right: Tensor | number): Tensor {
  const x = asTensor(operation, left);
  const w = asTensor(operation, right);
  const shape = broadcastShape(operation, x.shape, w.shape);
  const z = kernels[operation](broadcastTo(x, shape), broadcastTo(w, shape));
  return record(z, shape, [x, w], spread(shape, shapeIfNeeded(x), shapeIfNeeded(w), operation === "sub"), []);
}

function shapeIfNeeded(x: Tensor): Shape | undefined {
  return x.requiresGrad ? x.shape : undefined;
}

function spread(shape: Shape, left: Shape | undefined, right: Shape | undefined, negative: boolean): Backward {
  return (dz) => [left && sumTo(dz, shape, left), right && sumTo(negative ? kernels.scale(dz, -1) : dz, shape, right)];
}

/** y = f(x) for each element, for functions that are too rare for a kernel. */
export function map(x: Float32Array, f: (value: number) => number): Float32Array {
  const y = new Float32Array(x.length);
  for (let i = 0; i < x.length; i++) y[i] = f(x[i]);
  return y;
}

/** z = f(x, y) for each pair of elements. */
export function map2(x: Float32Array, y: Float32Array, f: (x: number, y: number) => number): Float32Array {
  const z = new Float32Array(x.length);
  for (let i = 0; i < x.length; i++) z[i] = f(x[i], y[i]);
  return z;
}

export function add(a: Tensor | number, b: Tensor | number): Tensor {
  return sumOf("add", a, b);
}

export function sub(a: Tensor | number, b: Tensor | number): Tensor {
  return sumOf("sub", a, b);
}

export function mul(a: Tensor | number, b: Tensor | number): Tensor {
  return binary(
    "mul",
    a,
    b,
    kernels.mul,
    (a, b) => ({ da: (dz) => kernels.mul(dz, b), db: (dz) => kernels.mul(dz, a) }),
    readByProduct,
  );
}

export function div(a: Tensor | number, b: Tensor | number): Tensor {
  return binary(
    "div",
    a,
    b,
    kernels.div,
    (a, b) => ({
      da: (dz) => kernels.div(dz, b),
      // dz/db = −(a / b) / b, because b² may overflow or underflow
      db: (dz) => kernels.mul(kernels.scale(dz, -1), kernels.div(kernels.div(a, b), b)),
    }),
    (x, w) => (w.requiresGrad ? [x, w] : [w]),
  );
}

/** aᵇ as in C: 1 to any power is 1, even to NaN, and so is −1 to ±∞; JavaScript returns NaN in these cases. */
function power(a: number, b: number): number {
  return a === 1 || (a === -1 && Math.abs(b) === Number.POSITIVE_INFINITY) ? 1 : a ** b;
}

/** aᵇ for an exponent that is a number, not a tensor: PyTorch then takes square roots, which differ at −0 and −∞. */
function powerOfNumber(a: number, b: number): number {
  if (b === 0.5) return Math.sqrt(a);
  return b === -0.5 ? 1 / Math.sqrt(a) : power(a, b);
}

export function pow(a: Tensor | number, b: Tensor | number): Tensor {
  const raise = typeof b === "number" ? powerOfNumber : power;
  return binary(
    "pow",
    a,
    b,
    (a, b) => map2(a, b, raise),
    (a, b, z) => ({
      // a⁰ is constant, even at a = 0, where b · aᵇ⁻¹ would be 0 · ∞.
      da: (dz) =>
        kernels.mul(
          dz,
          map2(a, b, (a, b) => (b === 0 ? 0 : b * raise(a, b - 1))),
        ),
      // z · ln a tends to 0 with a where b ≥ 0.
      db: (dz) =>
        map2(
          dz,
          map3(z, a, b, (z, a, b) => (a === 0 && b >= 0 ? 0 : z * Math.log(a))),
          (dz, slope) => dz * slope,
        ),
    }),
    (x, w) => (typeof b === "number" ? [x] : [x, w, "result"]),
  );
}

function map3(
  x: Float32Array,
  y: Float32Array,
  z: Float32Array,
  f: (x: number, y: number, z: number) => number,
): Float32Array {
  const result = new Float32Array(x.length);
  for (let i = 0; i < x.length; i++) result[i] = f(x[i], y[i], z[i]);
  return result;
}

const negate: Backward = (dy) => [kernels.scale(dy, -1)];

export function neg(x: Tensor): Tensor {
  return record(kernels.scale(x.values, -1), x.shape, [x], negate, []);
}

export function exp(x: Tensor): Tensor {
  const y = kernels.exp(x.values);
  return record(y, x.shape, [x], (dy) => [kernels.mul(dy, y)], ["result"]); // dx = dy · eˣ
}

export function log(x: Tensor): Tensor {
  return each(x, Math.log, (dy, x) => dy / x);
}

export function sqrt(x: Tensor): Tensor {
  const y = map(x.values, Math.sqrt);
  return record(y, x.shape, [x], (dy) => [map2(dy, y, (dy, y) => dy / (2 * y))], ["result"]);
}

export function tanh(x: Tensor): Tensor {
  const y = kernels.tanh(x.values);
  return record(y, x.shape, [x], (dy) => [kernels.tanhBackward(dy, y)], ["result"]); // dx = dy · (1 − y²)
}

export function sigmoid(x: Tensor): Tensor {
  const y = kernels.sigmoid(x.values);
  return record(y, x.shape, [x], (dy) => [kernels.sigmoidBackward(dy, y)], ["result"]); // dx = dy · y · (1 − y)
}

export function relu(x: Tensor): Tensor {
  const y = kernels.relu(x.values);
  return record(y, x.shape, [x], (dy) => [kernels.reluBackward(dy, y)], ["result"]); // 1 at NaN, as in PyTorch
}

/** Records y = f(x) with dx = slope(dy, x), for functions that are too rare for a kernel. */
export function each(x: Tensor, f: (x: number) => number, slope: (dy: number, x: number) => number): Tensor {
  const { values } = x;
  return record(map(values, f), x.shape, [x], (dy) => [map2(dy, values, slope)]);
}

export function sin(x: Tensor): Tensor {
  return each(x, Math.sin, (dy, x) => dy * Math.cos(x));
}

export function cos(x: Tensor): Tensor {
  return each(x, Math.cos, (dy, x) => -dy * Math.sin(x));
}

export function abs(x: Tensor): Tensor {
  return each(x, Math.abs, (dy, x) => dy * (Math.sign(x) || 0));
}

/**
 * z = a where the condition is not 0, else b.
 *
 * Shapes: three that broadcast → the broadcast shape. Source: https://pytorch.org/docs/stable/generated/torch.where.html
 * @throws RangeError if the shapes do not broadcast; TypeError if the condition is not a Tensor.
 * @example where(x.gt(0), x, 0) // keeps the positive elements
 */
export function where(condition: Tensor, a: Tensor | number, b: Tensor | number): Tensor {
  checkTensor("where", "condition", condition);
  const x = asTensor("where", a);
  const w = asTensor("where", b);
  const shape = broadcastShape("where", condition.shape, broadcastShape("where", x.shape, w.shape));
  const chosen = broadcastTo(condition, shape);
  const z = map3(chosen, broadcastTo(x, shape), broadcastTo(w, shape), (chosen, a, b) => (chosen !== 0 ? a : b));
  return record(
    z,
    shape,
    [x, w],
    (dz) => [
      x.requiresGrad
        ? sumTo(
            map2(dz, chosen, (dz, chosen) => (chosen !== 0 ? dz : 0)),
            shape,
            x.shape,
          )
        : undefined,
      w.requiresGrad
        ? sumTo(
            map2(dz, chosen, (dz, chosen) => (chosen !== 0 ? 0 : dz)),
            shape,
            w.shape,
          )
        : undefined,
    ],
    [condition],
  );
}
