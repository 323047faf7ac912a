/** The fully connected layer. */
import { fault } from "../fault.ts";
import { checkTensor } from "../tensor/check.ts";
import { uniform } from "../tensor/create.ts";
import { linear } from "../tensor/matrix.ts";
import { show } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Module, Parameter } from "./module.ts";
import { checkOptions, flag, positiveInteger } from "./options.ts";

/** Settings of `Linear`. */
export interface LinearOptions {
  /** Whether to add b; true by default. */
  bias?: boolean;
}

/**
 * y = x Wᵀ + b on the last dimension.
 *
 * Shapes: x (…, in) → y (…, out); W (out, in) and b (out) are drawn from U(−1/√in, 1/√in).
 * Source: https://pytorch.org/docs/stable/generated/torch.nn.Linear.html
 * @throws RangeError if the last dimension is not `inFeatures`.
 * @example new nn.Linear(32, 1).forward(features) // (batch, time, 32) → (batch, time, 1)
 */
export class Linear extends Module {
  readonly weight: Parameter;
  readonly bias: Parameter | undefined;

  constructor(
    readonly inFeatures: number,
    readonly outFeatures: number,
    options: LinearOptions = {},
  ) {
    super();
    checkOptions(
      "nn.Linear",
      { inFeatures, outFeatures },
      { inFeatures: positiveInteger, outFeatures: positiveInteger },
      ["inFeatures", "outFeatures"],
    );
    checkOptions("nn.Linear", options, { bias: flag });
    // kaiming_uniform with a = √5, as PyTorch computes it: √3 · √(2 / (1 + 5)) / √in
    const deviation = Math.sqrt(2 / (1 + Math.sqrt(5) ** 2)) / Math.sqrt(inFeatures);
    const bound = Math.sqrt(3) * deviation;
    this.weight = new Parameter(uniform(-bound, bound, [outFeatures, inFeatures]));
    const biasBound = 1 / Math.sqrt(inFeatures);
    this.bias = (options.bias ?? true) ? new Parameter(uniform(-biasBound, biasBound, [outFeatures])) : undefined;
  }

  forward(x: Tensor): Tensor {
    checkTensor("nn.Linear", "x", x);
    if (x.shape[x.rank - 1] !== this.inFeatures) {
      throw fault(
        "shape",
        "nn.Linear",
        `${this.inFeatures} features in the last dimension`,
        `${x.shape[x.rank - 1] ?? "a scalar"} (shape ${show(x.shape)})`,
        `construct it with inFeatures = ${x.shape[x.rank - 1] ?? 1} or check the previous layer`,
      );
    }
    return linear(x, this.weight, this.bias);
  }

  protected override describe(): string {
    return `in_features=${this.inFeatures}, out_features=${this.outFeatures}, bias=${this.bias === undefined ? "False" : "True"}`;
  }
}
