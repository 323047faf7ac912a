/** Dropout: sets random elements to 0 in training. */
import { kernels } from "../kernels/index.ts";
import { defaultGenerator } from "../random.ts";
import { record } from "../tensor/autograd.ts";
import { checkTensor } from "../tensor/check.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Module } from "./module.ts";
import { checkOptions, fraction, pythonNumber } from "./options.ts";

/**
 * Sets each element to 0 with probability p and divides the others by 1 − p; draws from the default generator in PyTorch's order.
 *
 * Shape: any → the same. Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.dropout.html
 * @throws TypeError unless p is a number from 0 to 1.
 * @example nn.dropout(features, 0.2)
 */
export function dropout(x: Tensor, p: number): Tensor {
  checkTensor("nn.dropout", "x", x);
  checkOptions("nn.dropout", { p }, { p: fraction }, ["p"]);
  if (p === 0 || x.numel === 0) return x;
  const mask = new Float32Array(x.numel);
  if (p < 1) {
    const scale = 1 / Math.fround(1 - p);
    for (let i = 0; i < mask.length; i++) mask[i] = defaultGenerator.nextDouble() < 1 - p ? scale : 0;
  }
  return record(kernels.mul(x.values, mask), x.shape, [x], (dy) => [kernels.mul(dy, mask)], ["private"]);
}

/**
 * In training mode, sets each element to 0 with probability p (0.5 by default) and divides the others by 1 − p; in evaluation mode, y = x.
 *
 * Shape: any → the same. Source: https://pytorch.org/docs/stable/generated/torch.nn.Dropout.html
 * @throws TypeError unless p is a number from 0 to 1.
 * @example new nn.Sequential(new nn.Linear(8, 8), new nn.Dropout(0.2)).eval() // without dropout
 */
export class Dropout extends Module {
  constructor(readonly p = 0.5) {
    super();
    checkOptions("nn.Dropout", { p }, { p: fraction });
  }

  forward(x: Tensor): Tensor {
    checkTensor("nn.Dropout", "x", x);
    return this.training ? dropout(x, this.p) : x;
  }

  protected override describe(): string {
    return `p=${pythonNumber(this.p)}, inplace=False`;
  }
}
