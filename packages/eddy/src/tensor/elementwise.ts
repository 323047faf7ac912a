/** Operations on each element, with NumPy's broadcasting: forward and backward side by side. */
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

/** A number becomes a scalar tensor. */
function asTensor(operation: string, value: Tensor | number): Tensor {
  if (value instanceof Tensor) return value;
  if (typeof value !== "number") {
    throw fault("type", operation, "a Tensor or a number", kindOf(value), "make one with tensor(…)");
  }
  return new Tensor(new Float32Array([value]), []);
}

/** The values of x as if it had the larger shape. */
function broadcastTo(x: Tensor, shape: Shape): Float32Array {
  if (sameShape(x.shape, shape)) return x.values;
  if (x.numel === 1) return new Float32Array(numelOf(shape)).fill(x.memory[x.offset]);
  return gatherStrided(x.memory, shape, broadcastStrides(x.shape, x.strides, shape), x.offset);
}

/** The gradient of a broadcast: sums, in float64, over the elements that one element was repeated to. */
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
 * Records z = f(a, b) after broadcasting; da and db give gradients at the broadcast shape.
 *
 * @param saves what they read, of the two tensors and the result, from which of the two gradients will be needed.
 */
function binary(
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

/** What the gradients of a product read: each factor's reads the other. */
export function readByProduct(x: Tensor, w: Tensor): readonly Tensor[] {
  if (!x.requiresGrad) return w.requiresGrad ? [x] : [];
  return w.requiresGrad ? [w, x] : [w];
}

/** Records z = a ± b, whose gradients read no values. */
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

/** y = f(x) for each element, where no kernel is worth having. */
export function map(x: Float32Array, f: (value: number) => number): Float32Array {
  const y = new Float32Array(x.length);
  for (let i = 0; i < x.length; i++) y[i] = f(x[i]);
  return y;
}

/** z = f(x, y) for each pair of elements. */
function map2(x: Float32Array, y: Float32Array, f: (x: number, y: number) => number): Float32Array {
  const z = new Float32Array(x.length);
  for (let i = 0; i < x.length; i++) z[i] = f(x[i], y[i]);
  return z;
}

/** z = a + b, broadcast. Source: https://pytorch.org/docs/stable/generated/torch.add.html */
export function add(a: Tensor | number, b: Tensor | number): Tensor {
  return sumOf("add", a, b);
}

/** z = a − b, broadcast. Source: https://pytorch.org/docs/stable/generated/torch.sub.html */
export function sub(a: Tensor | number, b: Tensor | number): Tensor {
  return sumOf("sub", a, b);
}

/** z = a · b for each element, broadcast. Source: https://pytorch.org/docs/stable/generated/torch.mul.html */
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

/** z = a / b for each element, broadcast. Source: https://pytorch.org/docs/stable/generated/torch.div.html */
export function div(a: Tensor | number, b: Tensor | number): Tensor {
  return binary(
    "div",
    a,
    b,
    kernels.div,
    (a, b) => ({
      da: (dz) => kernels.div(dz, b),
      // dz/db = −(a / b) / b: b² may be out of range where this is not
      db: (dz) => kernels.mul(kernels.scale(dz, -1), kernels.div(kernels.div(a, b), b)),
    }),
    (x, w) => (w.requiresGrad ? [x, w] : [w]),
  );
}

/** aᵇ as C has it: 1 to any power is 1, also to NaN, and ±1 to an infinite one, where JavaScript says NaN. */
function power(a: number, b: number): number {
  return a === 1 || (a === -1 && Math.abs(b) === Number.POSITIVE_INFINITY) ? 1 : a ** b;
}

/** The same where b is a number and no tensor: PyTorch takes roots then, which differ at −0 and −∞. */
function powerOfNumber(a: number, b: number): number {
  if (b === 0.5) return Math.sqrt(a);
  return b === -0.5 ? 1 / Math.sqrt(a) : power(a, b);
}

/** z = aᵇ for each element, broadcast. Source: https://pytorch.org/docs/stable/generated/torch.pow.html */
export function pow(a: Tensor | number, b: Tensor | number): Tensor {
  const raise = typeof b === "number" ? powerOfNumber : power;
  return binary(
    "pow",
    a,
    b,
    (a, b) => map2(a, b, raise),
    (a, b, z) => ({
      // a⁰ is constant, also at a = 0, where b · aᵇ⁻¹ would be 0 · ∞.
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

/** y = −x. Source: https://pytorch.org/docs/stable/generated/torch.neg.html */
export function neg(x: Tensor): Tensor {
  return record(kernels.scale(x.values, -1), x.shape, [x], negate, []);
}

/** y = eˣ. Source: https://pytorch.org/docs/stable/generated/torch.exp.html */
export function exp(x: Tensor): Tensor {
  const y = kernels.exp(x.values);
  return record(y, x.shape, [x], (dy) => [kernels.mul(dy, y)], ["result"]);
}

/** y = ln x; NaN below 0. Source: https://pytorch.org/docs/stable/generated/torch.log.html */
export function log(x: Tensor): Tensor {
  return each(x, Math.log, (dy, x) => dy / x);
}

/** y = √x; NaN below 0, and an infinite gradient at 0. Source: https://pytorch.org/docs/stable/generated/torch.sqrt.html */
export function sqrt(x: Tensor): Tensor {
  const y = map(x.values, Math.sqrt);
  return record(y, x.shape, [x], (dy) => [map2(dy, y, (dy, y) => dy / (2 * y))], ["result"]);
}

/**
 * Hyperbolic tangent of each element, y = tanh(x).
 *
 * Shape: any → the same. Source: https://pytorch.org/docs/stable/generated/torch.tanh.html
 * @example tanh(tensor([0, 1])).toArray() // [0, 0.7615942]
 */
export function tanh(x: Tensor): Tensor {
  const y = kernels.tanh(x.values);
  return record(y, x.shape, [x], (dy) => [kernels.tanhBackward(dy, y)], ["result"]); // dx = dy · (1 − y²)
}

/** y = 1 / (1 + e⁻ˣ). Source: https://pytorch.org/docs/stable/generated/torch.sigmoid.html */
export function sigmoid(x: Tensor): Tensor {
  const y = kernels.sigmoid(x.values);
  return record(y, x.shape, [x], (dy) => [kernels.sigmoidBackward(dy, y)], ["result"]); // dx = dy · y · (1 − y)
}

/** y = max(x, 0), with gradient 0 at 0, and 1 at NaN. Source: https://pytorch.org/docs/stable/generated/torch.relu.html */
export function relu(x: Tensor): Tensor {
  const y = kernels.relu(x.values);
  return record(y, x.shape, [x], (dy) => [kernels.reluBackward(dy, y)], ["result"]);
}

/** Records y = f(x) with dx = slope(dy, x), where no kernel is worth having. */
function each(x: Tensor, f: (x: number) => number, slope: (dy: number, x: number) => number): Tensor {
  const { values } = x;
  return record(map(values, f), x.shape, [x], (dy) => [map2(dy, values, slope)]);
}

/** y = sin x, x in radians. Source: https://pytorch.org/docs/stable/generated/torch.sin.html */
export function sin(x: Tensor): Tensor {
  return each(x, Math.sin, (dy, x) => dy * Math.cos(x));
}

/** y = cos x, x in radians. Source: https://pytorch.org/docs/stable/generated/torch.cos.html */
export function cos(x: Tensor): Tensor {
  return each(x, Math.cos, (dy, x) => -dy * Math.sin(x));
}

/** y = |x|, with gradient 0 at 0 and at NaN. Source: https://pytorch.org/docs/stable/generated/torch.abs.html */
export function abs(x: Tensor): Tensor {
  return each(x, Math.abs, (dy, x) => dy * (Math.sign(x) || 0));
}

/** 1 where the condition holds, else 0; carries no gradient. */
function compare(
  operation: string,
  a: Tensor | number,
  b: Tensor | number,
  holds: (a: number, b: number) => boolean,
): Tensor {
  const x = asTensor(operation, a);
  const w = asTensor(operation, b);
  const shape = broadcastShape(operation, x.shape, w.shape);
  return new Tensor(
    map2(broadcastTo(x, shape), broadcastTo(w, shape), (a, b) => (holds(a, b) ? 1 : 0)),
    shape,
  );
}

/** 1 where a = b, else 0. Source: https://pytorch.org/docs/stable/generated/torch.eq.html */
export const eq = (a: Tensor | number, b: Tensor | number) => compare("eq", a, b, (a, b) => a === b);

/** 1 where a > b, else 0. Source: https://pytorch.org/docs/stable/generated/torch.gt.html */
export const gt = (a: Tensor | number, b: Tensor | number) => compare("gt", a, b, (a, b) => a > b);

/** 1 where a < b, else 0. Source: https://pytorch.org/docs/stable/generated/torch.lt.html */
export const lt = (a: Tensor | number, b: Tensor | number) => compare("lt", a, b, (a, b) => a < b);

/**
 * a where the condition is not 0, else b; all three broadcast.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.where.html
 * @example where(x.gt(0), x, 0)
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
