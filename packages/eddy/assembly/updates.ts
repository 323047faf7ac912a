// One optimiser step in one pass, rounded to float32 where PyTorch rounds; lengths are padded to a multiple of 4.

/** Bits of `flags`. */
const MAXIMIZE = 1;
const LARGEST = 2;
const DECAY = 4;

/**
 * m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²,  θ ← θ · shrink + step · m / (√v / root + ε)
 *
 * `step` is −lr / (1 − β₁ᵗ), `root` √(1 − β₂ᵗ); with LARGEST the largest v so far divides (AMSGrad).
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
      v = v128.bitselect(old, v, f32x4.le(v, old)); // a NaN in v goes on
      v128.store(largest + i, v);
    }
    const denominator = f32x4.add(f32x4.div(f32x4.sqrt(v), f32x4.splat(root)), f32x4.splat(eps));
    v128.store(parameter + i, f32x4.add(before, f32x4.div(f32x4.mul(f32x4.splat(step), m), denominator)));
  }
}
