/** Solves symmetric positive definite systems by Cholesky factorisation in float64. */
import type { Paced } from "../pace.ts";

const productsPerYield = 1 << 21;

/**
 * The upper factor U of A = Uᵀ U, from the upper triangle of A (n, n), row-major.
 *
 * The leading m × m block of U is the factor of the leading m × m block of A: one factorisation serves all nested systems.
 * Returns undefined if A is not positive definite.
 */
export function* cholesky(a: Float64Array, n: number): Paced<Float64Array | undefined> {
  const u = new Float64Array(n * n);
  for (let i = 0; i < n; i++) u.set(a.subarray(i * n + i, (i + 1) * n), i * n + i);
  let products = 0;
  for (let i = 0; i < n; i++) {
    const pivot = u[i * n + i];
    if (!(pivot > 0)) return undefined;
    const root = Math.sqrt(pivot);
    for (let j = i; j < n; j++) u[i * n + j] /= root;
    for (let r = i + 1; r < n; r++) {
      const factor = u[i * n + r];
      if (factor === 0) continue;
      for (let j = r; j < n; j++) u[r * n + j] -= factor * u[i * n + j];
    }
    products += (n - i) ** 2 / 2;
    if (products > productsPerYield) {
      products = 0;
      yield;
    }
  }
  return u;
}

/** z with Uᵀ z = b; its first m values solve the leading m × m system. */
export function solveLower(u: Float64Array, n: number, b: Float64Array): Float64Array {
  const z = b.slice();
  for (let i = 0; i < n; i++) {
    z[i] /= u[i * n + i];
    for (let j = i + 1; j < n; j++) z[j] -= u[i * n + j] * z[i];
  }
  return z;
}

/** w with U w = z, for the leading m × m block of U. */
export function solveUpper(u: Float64Array, n: number, z: Float64Array, m: number): Float64Array {
  const w = z.slice(0, m);
  for (let i = m - 1; i >= 0; i--) {
    for (let j = i + 1; j < m; j++) w[i] -= u[i * n + j] * w[j];
    w[i] /= u[i * n + i];
  }
  return w;
}
