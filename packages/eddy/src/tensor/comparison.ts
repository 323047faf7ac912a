/** Comparisons: masks of 1 where a condition holds and 0 elsewhere, which have no gradient. */
import { fault } from "../fault.ts";
import { checkNumber, checkTensor } from "./check.ts";
import { asTensor, broadcastTo } from "./elementwise.ts";
import { broadcastShape, sameShape } from "./shape.ts";
import { Mask, type Tensor } from "./tensor.ts";

function compare(
  operation: string,
  a: Tensor | number,
  b: Tensor | number,
  condition: (a: number, b: number) => boolean,
): Mask {
  const x = asTensor(operation, a);
  const w = asTensor(operation, b);
  const shape = broadcastShape(operation, x.shape, w.shape);
  const left = broadcastTo(x, shape);
  const right = broadcastTo(w, shape);
  const mask = new Float32Array(left.length);
  for (let i = 0; i < mask.length; i++) mask[i] = condition(left[i], right[i]) ? 1 : 0;
  return new Mask(mask, shape);
}

export function eq(a: Tensor | number, b: Tensor | number): Mask {
  return compare("eq", a, b, (a, b) => a === b);
}

export function ne(a: Tensor | number, b: Tensor | number): Mask {
  return compare("ne", a, b, (a, b) => a !== b);
}

export function gt(a: Tensor | number, b: Tensor | number): Mask {
  return compare("gt", a, b, (a, b) => a > b);
}

export function ge(a: Tensor | number, b: Tensor | number): Mask {
  return compare("ge", a, b, (a, b) => a >= b);
}

export function lt(a: Tensor | number, b: Tensor | number): Mask {
  return compare("lt", a, b, (a, b) => a < b);
}

export function le(a: Tensor | number, b: Tensor | number): Mask {
  return compare("le", a, b, (a, b) => a <= b);
}

export function isnan(x: Tensor): Mask {
  return compare("isnan", x, 0, Number.isNaN);
}

export function isfinite(x: Tensor): Mask {
  return compare("isfinite", x, 0, Number.isFinite);
}

/**
 * 1 where both are not 0. Source: https://pytorch.org/docs/stable/generated/torch.logical_and.html
 * @throws RangeError if the shapes do not broadcast.
 * @example logicalAnd(x.gt(0), x.lt(1))
 */
export function logicalAnd(a: Tensor, b: Tensor): Mask {
  return compare("logicalAnd", a, b, (a, b) => a !== 0 && b !== 0);
}

/**
 * 1 where at least one is not 0. Source: https://pytorch.org/docs/stable/generated/torch.logical_or.html
 * @throws RangeError if the shapes do not broadcast.
 * @example logicalOr(x.lt(0), x.gt(1))
 */
export function logicalOr(a: Tensor, b: Tensor): Mask {
  return compare("logicalOr", a, b, (a, b) => a !== 0 || b !== 0);
}

/**
 * 1 where x is 0, else 0. Source: https://pytorch.org/docs/stable/generated/torch.logical_not.html
 * @example logicalNot(x.isnan())
 */
export function logicalNot(x: Tensor): Mask {
  return compare("logicalNot", x, 0, (x) => x === 0);
}

/**
 * Whether two tensors have the same shape and the same values. Source: https://pytorch.org/docs/stable/generated/torch.equal.html
 * @example equal(tensor([1, 2]), tensor([1, 2])) // true
 */
export function equal(a: Tensor, b: Tensor): boolean {
  return close("equal", a, b, (x, y) => x === y);
}

/** Settings of `allclose`. */
export interface CloseOptions {
  /** Relative tolerance; 1e-5 by default. */
  rtol?: number;
  /** Absolute tolerance; 1e-8 by default. */
  atol?: number;
}

/**
 * Whether |a − b| ≤ atol + rtol · |b| for all elements of two tensors of one shape.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.allclose.html
 * @throws TypeError for a tolerance that is not a number.
 * @example allclose(own, reference, { rtol: 1e-4 })
 */
export function allclose(a: Tensor, b: Tensor, { rtol = 1e-5, atol = 1e-8 }: CloseOptions = {}): boolean {
  checkNumber("allclose", "rtol", rtol);
  checkNumber("allclose", "atol", atol);
  return close("allclose", a, b, (x, y) => x === y || Math.abs(x - y) <= atol + rtol * Math.abs(y));
}

function close(operation: string, a: Tensor, b: Tensor, isClose: (x: number, y: number) => boolean): boolean {
  checkTensor(operation, "a", a);
  checkTensor(operation, "b", b);
  const other = b.values;
  return sameShape(a.shape, b.shape) && a.values.every((x, i) => isClose(x, other[i]));
}

/** Throws unless a condition is a Tensor whose shape broadcasts to x. */
export function checkMask(operation: string, x: Tensor, mask: unknown): asserts mask is Tensor {
  checkTensor(operation, "mask", mask);
  if (!sameShape(broadcastShape(operation, x.shape, mask.shape), x.shape)) {
    throw fault("shape", operation, "a mask that broadcasts to x", `[${mask.shape.join(", ")}]`, "expand x first");
  }
}
