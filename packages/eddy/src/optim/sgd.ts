/** Stochastic gradient descent, with momentum. */
import { kernels } from "../kernels/index.ts";
import { checkOptions, flag, nonNegative } from "../nn/options.ts";
import { zeros } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Optimizer } from "./optimizer.ts";

/** Settings of `SGD`, with PyTorch's defaults. */
export interface SGDOptions {
  /** Learning rate. */
  lr: number;
  /** Share of the last step that goes on; 0 by default. */
  momentum?: number;
  /** Share of the gradient that momentum leaves out; 0 by default. */
  dampening?: number;
  /** Adds this share of the parameter to its gradient; 0 by default. */
  weightDecay?: number;
  /** Looks ahead along the momentum. */
  nesterov?: boolean;
  /** Climbs instead of descending. */
  maximize?: boolean;
}

/**
 * b ← μ b + (1 − τ) g,  θ ← θ − lr · b.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.SGD.html
 */
export class SGD extends Optimizer {
  lr: number;
  private options: Required<Omit<SGDOptions, "lr">>;

  constructor(parameters: readonly Tensor[], options: SGDOptions) {
    super("optim.SGD", parameters);
    checkOptions(
      "optim.SGD",
      options,
      {
        lr: nonNegative,
        momentum: nonNegative,
        dampening: nonNegative,
        weightDecay: nonNegative,
        nesterov: flag,
        maximize: flag,
      },
      ["lr"],
    );
    const { momentum = 0, dampening = 0, weightDecay = 0, nesterov = false, maximize = false } = options;
    if (nesterov && (momentum === 0 || dampening !== 0)) {
      throw new TypeError(
        `optim.SGD: expected momentum > 0 and no dampening with nesterov, received momentum ${momentum}, dampening ${dampening}`,
      );
    }
    this.lr = options.lr;
    this.options = { momentum, dampening, weightDecay, nesterov, maximize };
  }

  protected override update(parameter: Tensor, gradient: Float32Array): void {
    const { momentum } = this.options;
    let buffer: Tensor | undefined;
    let first = false;
    if (momentum !== 0) {
      const state = this.state.get(parameter);
      first = state === undefined;
      buffer = (state?.momentum_buffer as Tensor | undefined) ?? zeros([...parameter.shape]);
      if (first) this.state.set(parameter, { momentum_buffer: buffer });
    }
    kernels.sgd(parameter.data, gradient, buffer?.data, { lr: this.lr, ...this.options, first });
  }

  protected override settings(): Record<string, unknown> {
    const { weightDecay, ...rest } = this.options;
    return { lr: this.lr, ...rest, weight_decay: weightDecay };
  }

  protected override restoreSettings(saved: Record<string, unknown>): void {
    const restored = new SGD(this.parameters, {
      lr: saved.lr as number,
      momentum: saved.momentum as number,
      dampening: saved.dampening as number,
      weightDecay: saved.weight_decay as number,
      nesterov: saved.nesterov as boolean,
      maximize: saved.maximize as boolean,
    });
    this.lr = restored.lr;
    this.options = restored.options;
  }
}
