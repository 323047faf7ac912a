/** Optimiser updates in plain TypeScript, rounded to float32 where PyTorch rounds. */
import type { AdamSettings, RmspropSettings, SgdSettings } from "../interface.ts";

const { fround, sqrt } = Math;

export function adam(
  parameter: Float32Array,
  gradient: Float32Array,
  average: Float32Array,
  averageSquare: Float32Array,
  maxAverageSquare: Float32Array | undefined,
  settings: AdamSettings,
): void {
  // m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²,  θ ← θ − lr / (1 − β₁ᵗ) · m / (√v / √(1 − β₂ᵗ) + ε)
  const beta1 = fround(settings.beta1);
  const beta2 = fround(settings.beta2);
  const rest1 = fround(1 - settings.beta1);
  const rest2 = fround(1 - settings.beta2);
  const step = fround(-settings.lr / settings.correction1);
  const root = fround(sqrt(settings.correction2));
  const eps = fround(settings.eps);
  const decay = settings.decoupled ? 0 : fround(settings.weightDecay);
  const shrink = settings.decoupled ? fround(1 - settings.lr * settings.weightDecay) : 1; // AdamW's θ ← θ (1 − lr λ)
  const sign = settings.maximize ? -1 : 1;
  for (let i = 0; i < parameter.length; i++) {
    let g = fround(sign * gradient[i]);
    const before = fround(parameter[i] * shrink);
    if (decay !== 0) g = fround(g + fround(decay * before));
    const m = fround(fround(average[i] * beta1) + fround(rest1 * g));
    const v = fround(fround(averageSquare[i] * beta2) + fround(fround(rest2 * g) * g));
    average[i] = m;
    averageSquare[i] = v;
    let largest = v;
    if (maxAverageSquare !== undefined) {
      if (v > maxAverageSquare[i] || Number.isNaN(v)) maxAverageSquare[i] = v;
      largest = maxAverageSquare[i];
    }
    const denominator = fround(fround(fround(sqrt(largest)) / root) + eps);
    parameter[i] = before + fround(fround(step * m) / denominator);
  }
}

export function sgd(
  parameter: Float32Array,
  gradient: Float32Array,
  momentum: Float32Array | undefined,
  first: boolean,
  settings: SgdSettings,
): void {
  // b ← μ b + (1 − τ) g,  θ ← θ − lr · b, with Nesterov's θ ← θ − lr · (g + μ b)
  const lr = fround(-settings.lr);
  const mu = fround(settings.momentum);
  const rest = fround(1 - settings.dampening);
  const decay = fround(settings.weightDecay);
  const sign = settings.maximize ? -1 : 1;
  for (let i = 0; i < parameter.length; i++) {
    let g = fround(sign * gradient[i]);
    if (decay !== 0) g = fround(g + fround(decay * parameter[i]));
    if (momentum !== undefined) {
      momentum[i] = first ? g : fround(momentum[i] * mu) + fround(rest * g);
      g = settings.nesterov ? fround(g + fround(mu * momentum[i])) : momentum[i];
    }
    parameter[i] = parameter[i] + fround(lr * g);
  }
}

export function rmsprop(
  parameter: Float32Array,
  gradient: Float32Array,
  averageSquare: Float32Array,
  average: Float32Array | undefined,
  momentum: Float32Array | undefined,
  settings: RmspropSettings,
): void {
  // v ← α v + (1 − α) g²,  θ ← θ − lr · g / (√v + ε); centered: √(v − ḡ²); momentum: b ← μ b + g / (√v + ε), θ ← θ − lr · b
  const lr = fround(-settings.lr);
  const alpha = fround(settings.alpha);
  const rest = fround(1 - settings.alpha);
  const eps = fround(settings.eps);
  const mu = fround(settings.momentum);
  const decay = fround(settings.weightDecay);
  const sign = settings.maximize ? -1 : 1;
  for (let i = 0; i < parameter.length; i++) {
    let g = fround(sign * gradient[i]);
    if (decay !== 0) g = fround(g + fround(decay * parameter[i]));
    const v = fround(fround(averageSquare[i] * alpha) + fround(fround(rest * g) * g));
    averageSquare[i] = v;
    let square = v;
    if (average !== undefined) {
      const mean = fround(fround(average[i] * alpha) + fround(rest * g));
      average[i] = mean;
      square = fround(v - fround(mean * mean));
    }
    const denominator = fround(fround(sqrt(square)) + eps);
    if (momentum !== undefined) {
      momentum[i] = fround(momentum[i] * mu) + fround(g / denominator);
      parameter[i] = parameter[i] + fround(lr * momentum[i]);
    } else {
      parameter[i] = parameter[i] + fround(fround(lr * g) / denominator);
    }
  }
}
