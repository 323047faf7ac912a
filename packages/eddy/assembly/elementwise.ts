// Elements and rows: arithmetic on pairs, gradients of activations, sums, softmax. Lengths are padded to a multiple of 4.
import { exp } from "./activations";

/** The operation of `each`: a constant at every call, so that only one branch remains. */
const ADD = 0;
const SUB = 1;
const MUL = 2;
const DIV = 3;
const TANH_BACKWARD = 4;
const SIGMOID_BACKWARD = 5;
const RELU_BACKWARD = 6;

@inline
function combined(operation: i32, a: v128, b: v128): v128 {
  const one = f32x4.splat(1);
  if (operation == ADD) return f32x4.add(a, b);
  if (operation == SUB) return f32x4.sub(a, b);
  if (operation == MUL) return f32x4.mul(a, b);
  if (operation == DIV) return f32x4.div(a, b);
  if (operation == TANH_BACKWARD) return f32x4.mul(a, f32x4.sub(one, f32x4.mul(b, b))); // dy · (1 − y²)
  if (operation == SIGMOID_BACKWARD) return f32x4.mul(f32x4.mul(a, f32x4.sub(one, b)), b); // dy · (1 − y) · y
  return v128.andnot(a, f32x4.le(b, f32x4.splat(0))); // 0 where y ≤ 0
}

/** a ← a ∘ b */
@inline
function each(operation: i32, a: usize, b: usize, length: usize): void {
  for (let i: usize = 0, end = length << 2; i < end; i += 16) {
    v128.store(a + i, combined(operation, v128.load(a + i), v128.load(b + i)));
  }
}

export function add(a: usize, b: usize, length: usize): void {
  each(ADD, a, b, length);
}
export function sub(a: usize, b: usize, length: usize): void {
  each(SUB, a, b, length);
}
export function mul(a: usize, b: usize, length: usize): void {
  each(MUL, a, b, length);
}
export function div(a: usize, b: usize, length: usize): void {
  each(DIV, a, b, length);
}
export function tanhBackward(dy: usize, y: usize, length: usize): void {
  each(TANH_BACKWARD, dy, y, length);
}
export function sigmoidBackward(dy: usize, y: usize, length: usize): void {
  each(SIGMOID_BACKWARD, dy, y, length);
}
export function reluBackward(dy: usize, y: usize, length: usize): void {
  each(RELU_BACKWARD, dy, y, length);
}

/** x ← x · factor */
export function scale(x: usize, factor: f32, length: usize): void {
  const f = f32x4.splat(factor);
  for (let i = x, end = x + (length << 2); i < end; i += 16) v128.store(i, f32x4.mul(v128.load(i), f));
}

/** x ← max(x, 0); NaN propagates. */
export function relu(x: usize, length: usize): void {
  const zero = f32x4.splat(0);
  for (let i = x, end = x + (length << 2); i < end; i += 16) v128.store(i, f32x4.pmax(v128.load(i), zero));
}

@inline
function upperPair(x: v128): v128 {
  return f64x2.promote_low_f32x4(i32x4.shuffle(x, x, 2, 3, 2, 3));
}

/** Column sums of (rows, width) in float64, in ascending order of rows; `totals` is a buffer of `width` float64. */
export function sumRows(x: usize, rows: usize, width: usize, totals: usize, to: usize): void {
  memory.fill(totals, 0, width << 3);
  for (let r: usize = 0; r < rows; r++) {
    for (let i: usize = 0; i < width; i += 4, x += 16) {
      const row = v128.load(x);
      const at = totals + (i << 3);
      v128.store(at, f64x2.add(v128.load(at), f64x2.promote_low_f32x4(row)));
      v128.store(at, f64x2.add(v128.load(at, 16), upperPair(row)), 16);
    }
  }
  for (let i: usize = 0; i < width; i++) store<f32>(to + (i << 2), <f32>load<f64>(totals + (i << 3)));
}

@inline
function largestOf(x: v128): f32 {
  const pair = f32x4.pmax(x, i32x4.shuffle(x, x, 2, 3, 0, 1));
  const a = f32x4.extract_lane(pair, 0);
  const b = f32x4.extract_lane(pair, 1);
  return a < b ? b : a;
}

/** Softmax of each row of (rows, width), in place; rows are padded with −∞. The sum is in float64. */
export function softmax(x: usize, rows: usize, width: usize): void {
  const bytes = width << 2;
  for (let r: usize = 0; r < rows; r++, x += bytes) {
    const end = x + bytes;
    let largest = f32x4.splat(-<f32>Infinity);
    for (let i = x; i < end; i += 16) largest = f32x4.pmax(largest, v128.load(i));
    const shift = f32x4.splat(largestOf(largest));
    for (let i = x; i < end; i += 16) v128.store(i, f32x4.sub(v128.load(i), shift));
    exp(x, width);
    let total = f64x2.splat(0);
    for (let i = x; i < end; i += 16) {
      const e = v128.load(i);
      total = f64x2.add(total, f64x2.add(f64x2.promote_low_f32x4(e), upperPair(e)));
    }
    const sum = f32x4.splat(<f32>(f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1)));
    for (let i = x; i < end; i += 16) v128.store(i, f32x4.div(v128.load(i), sum));
  }
}
