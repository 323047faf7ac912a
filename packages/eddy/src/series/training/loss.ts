/** The regression loss. The task `classify` will add its cross-entropy here. */
import { record } from "../../tensor/autograd.ts";
import type { Tensor } from "../../tensor/tensor.ts";

/**
 * Σ (prediction − target)² / count over the known targets; missing targets (NaN) are excluded from the loss.
 *
 * Shapes: (batch, time, target) and as many values → a scalar.
 */
export function maskedSquaredError(prediction: Tensor, target: Float32Array, count: number): Tensor {
  const p = prediction.data;
  let sum = 0;
  for (let i = 0; i < p.length; i++) if (!Number.isNaN(target[i])) sum += (p[i] - target[i]) ** 2;
  return record(
    Float32Array.of(sum / count),
    [],
    [prediction],
    ([dy]) => {
      const dp = new Float32Array(p.length);
      for (let i = 0; i < p.length; i++) if (!Number.isNaN(target[i])) dp[i] = ((2 * dy) / count) * (p[i] - target[i]);
      return [dp];
    },
    [],
  );
}
