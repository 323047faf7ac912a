/** Dropout: what keeps a network from leaning on single features. */
import { kernels } from "../kernels/index.ts";
import { defaultGenerator } from "../random.ts";
import { record } from "../tensor/autograd.ts";
import type { Tensor } from "../tensor/tensor.ts";

/**
 * Sets each element to 0 with probability p and scales the others by 1 / (1 − p), so that the mean stays.
 *
 * Shape: any → the same. Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.dropout.html
 */
export function dropout(x: Tensor, p: number): Tensor {
  const mask = new Float32Array(x.numel);
  for (let i = 0; i < mask.length; i++) mask[i] = defaultGenerator.nextDouble() < 1 - p ? 1 / (1 - p) : 0;
  return record(kernels.mul(x.data, mask), x.shape, [x], (dy) => [kernels.mul(dy, mask)], []);
}
