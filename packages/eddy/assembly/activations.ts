// exp, sigmoid and tanh of four float32 at a time, within 2 ulp or 1e-7, NaN in and NaN out.
//
// Source: the polynomials of Cephes (expf, tanhf), https://netlib.org/cephes/

/** eʳ for |r| ≤ ln 2 / 2. */
@inline
function expOfRemainder(r: v128): v128 {
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  return f32x4.add(f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r), f32x4.splat(1));
}

/** n = round(x / ln 2) */
@inline
function powerOf2In(x: v128): v128 {
  return f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504088896341)));
}

/** x − n · ln 2, in two parts, so that no precision is lost. */
@inline
function remainderOf(x: v128, n: v128): v128 {
  return f32x4.sub(f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375))), f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
}

/** 2ⁿ for integer n from −126 to 127, and ∞ for 128. */
@inline
function powerOf2(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/** eˣ for x from −87 to 89, where it is ∞ above 88.37: with a single factor, which cannot represent 2¹²⁸. */
@inline
function expFrom87To89(x: v128): v128 {
  const n = powerOf2In(x);
  return f32x4.mul(expOfRemainder(remainderOf(x, n)), powerOf2(i32x4.trunc_sat_f32x4_s(n)));
}

/** x clamped to [from, to]; NaN is preserved, because both comparisons with it are false. */
@inline
function clamp(x: v128, from: f32, to: f32): v128 {
  return f32x4.pmax(f32x4.pmin(x, f32x4.splat(to)), f32x4.splat(from));
}

/** eˣ: ∞ above 88.73, denormal and then 0 below −87.3. */
@inline
function exp4(x: v128): v128 {
  const within = clamp(x, -105, 105);
  const n = powerOf2In(within);
  const integer = i32x4.trunc_sat_f32x4_s(n);
  const half = i32x4.shr_s(integer, 1); // 2ⁿ in two factors, because one float32 cannot represent 2¹²⁸ or 2⁻¹⁵⁰
  const y = f32x4.mul(expOfRemainder(remainderOf(within, n)), powerOf2(half));
  return f32x4.mul(y, powerOf2(i32x4.sub(integer, half)));
}

/** 1 / (1 + e⁻ˣ); 0 below −88.37 */
@inline
export function sigmoid4(x: v128): v128 {
  const one = f32x4.splat(1);
  return f32x4.div(one, f32x4.add(one, expFrom87To89(clamp(f32x4.neg(x), -87, 89))));
}

/** tanh: 1 − 2 / (e²ˣ + 1) for large |x|, a polynomial for small ones, to avoid cancellation. */
@inline
export function tanh4(x: v128): v128 {
  const size = f32x4.pmin(f32x4.abs(x), f32x4.splat(10));
  const one = f32x4.splat(1);
  const e = expFrom87To89(f32x4.add(size, size));
  const large = f32x4.sub(one, f32x4.div(f32x4.splat(2), f32x4.add(e, one)));
  const square = f32x4.mul(x, x);
  let p = f32x4.splat(-5.70498872745e-3);
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(2.06390887954e-2));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(-5.37397155531e-2));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(1.33314422036e-1));
  p = f32x4.add(f32x4.mul(p, square), f32x4.splat(-3.33332819422e-1));
  const small = f32x4.add(f32x4.mul(f32x4.mul(p, square), x), x);
  // The sign is that of x, also of −0.
  return v128.or(v128.bitselect(large, small, f32x4.gt(size, f32x4.splat(0.625))), v128.and(x, f32x4.splat(-0.0)));
}

// In place on arrays whose length is padded to a multiple of 4.

export function exp(x: usize, length: usize): void {
  for (let i = x, end = x + (length << 2); i < end; i += 16) v128.store(i, exp4(v128.load(i)));
}

export function sigmoid(x: usize, length: usize): void {
  for (let i = x, end = x + (length << 2); i < end; i += 16) v128.store(i, sigmoid4(v128.load(i)));
}

export function tanh(x: usize, length: usize): void {
  for (let i = x, end = x + (length << 2); i < end; i += 16) v128.store(i, tanh4(v128.load(i)));
}
