// One optimiser step in one pass, rounded to float32 where PyTorch rounds; lengths are padded to a multiple of 4.

/** Bits of `flags`. */
const MAXIMIZE = 1;
const LARGEST = 2;
const DECAY = 4;
const FIRST = 8;
const NESTEROV = 16;

/**
 * m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²,  θ ← θ · shrink + step · m / (√v / root + ε)
 *
 * `step` is −lr / (1 − β₁ᵗ), `root` √(1 − β₂ᵗ); with LARGEST, the divisor uses the maximum of v so far (AMSGrad).
 */
export function adam(
  parameter: usize,
  gradient: usize,
  average: usize,
  averageSquare: usize,
  largest: usize,
  length: usize,
  beta1: f32,
  beta2: f32,
  rest1: f32,
  rest2: f32,
  step: f32,
  root: f32,
  eps: f32,
  decay: f32,
  shrink: f32,
  flags: i32,
): void {
  const sign = f32x4.splat(flags & MAXIMIZE ? -1 : 1);
  for (let i: usize = 0, end = length << 2; i < end; i += 16) {
    const before = f32x4.mul(v128.load(parameter + i), f32x4.splat(shrink));
    let g = f32x4.mul(v128.load(gradient + i), sign);
    if (flags & DECAY) g = f32x4.add(g, f32x4.mul(f32x4.splat(decay), before));
    const m = f32x4.add(f32x4.mul(v128.load(average + i), f32x4.splat(beta1)), f32x4.mul(f32x4.splat(rest1), g));
    let v = f32x4.mul(f32x4.mul(f32x4.splat(rest2), g), g);
    v = f32x4.add(f32x4.mul(v128.load(averageSquare + i), f32x4.splat(beta2)), v);
    v128.store(average + i, m);
    v128.store(averageSquare + i, v);
    if (flags & LARGEST) {
      const old = v128.load(largest + i);
      v = v128.bitselect(old, v, f32x4.le(v, old)); // a NaN in v propagates
      v128.store(largest + i, v);
    }
    const denominator = f32x4.add(f32x4.div(f32x4.sqrt(v), f32x4.splat(root)), f32x4.splat(eps));
    v128.store(parameter + i, f32x4.add(before, f32x4.div(f32x4.mul(f32x4.splat(step), m), denominator)));
  }
}

/** b ← μ b + (1 − τ) g, or g itself at first;  θ ← θ − lr · b, with Nesterov's θ ← θ − lr · (g + μ b); `momentum` 0: θ ← θ − lr · g */
export function sgd(
  parameter: usize,
  gradient: usize,
  momentum: usize,
  length: usize,
  step: f32,
  mu: f32,
  rest: f32,
  decay: f32,
  flags: i32,
): void {
  const sign = f32x4.splat(flags & MAXIMIZE ? -1 : 1);
  for (let i: usize = 0, end = length << 2; i < end; i += 16) {
    const before = v128.load(parameter + i);
    let g = f32x4.mul(v128.load(gradient + i), sign);
    if (flags & DECAY) g = f32x4.add(g, f32x4.mul(f32x4.splat(decay), before));
    if (momentum != 0) {
      let b = g;
      if (!(flags & FIRST)) {
        b = f32x4.add(f32x4.mul(v128.load(momentum + i), f32x4.splat(mu)), f32x4.mul(f32x4.splat(rest), g));
      }
      v128.store(momentum + i, b);
      g = flags & NESTEROV ? f32x4.add(g, f32x4.mul(f32x4.splat(mu), b)) : b;
    }
    v128.store(parameter + i, f32x4.add(before, f32x4.mul(f32x4.splat(step), g)));
  }
}

/** v ← α v + (1 − α) g²,  θ ← θ − lr · g / (√v + ε); with `average` √(v − ḡ²), with `momentum` b ← μ b + g / …, θ ← θ − lr · b */
export function rmsprop(
  parameter: usize,
  gradient: usize,
  averageSquare: usize,
  average: usize,
  momentum: usize,
  length: usize,
  step: f32,
  alpha: f32,
  rest: f32,
  eps: f32,
  mu: f32,
  decay: f32,
  flags: i32,
): void {
  const sign = f32x4.splat(flags & MAXIMIZE ? -1 : 1);
  for (let i: usize = 0, end = length << 2; i < end; i += 16) {
    const before = v128.load(parameter + i);
    let g = f32x4.mul(v128.load(gradient + i), sign);
    if (flags & DECAY) g = f32x4.add(g, f32x4.mul(f32x4.splat(decay), before));
    let v = f32x4.mul(f32x4.mul(f32x4.splat(rest), g), g);
    v = f32x4.add(f32x4.mul(v128.load(averageSquare + i), f32x4.splat(alpha)), v);
    v128.store(averageSquare + i, v);
    if (average != 0) {
      const mean = f32x4.add(f32x4.mul(v128.load(average + i), f32x4.splat(alpha)), f32x4.mul(f32x4.splat(rest), g));
      v128.store(average + i, mean);
      v = f32x4.sub(v, f32x4.mul(mean, mean));
    }
    const denominator = f32x4.add(f32x4.sqrt(v), f32x4.splat(eps));
    let change: v128;
    if (momentum != 0) {
      const b = f32x4.add(f32x4.mul(v128.load(momentum + i), f32x4.splat(mu)), f32x4.div(g, denominator));
      v128.store(momentum + i, b);
      change = f32x4.mul(f32x4.splat(step), b);
    } else {
      change = f32x4.div(f32x4.mul(f32x4.splat(step), g), denominator);
    }
    v128.store(parameter + i, f32x4.add(before, change));
  }
}
