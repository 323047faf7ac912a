/** SGD: stochastic gradient descent, with momentum. */
import { fault } from "../fault.ts";
import { inUse, sgd } from "../kernels/index.ts";
import { flag, nonNegative } from "../nn/options.ts";
import { zeros } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Optimizer, type ParameterList } from "./optimizer.ts";

/** Settings of `SGD`, with PyTorch's defaults. */
export interface SGDOptions {
  /** Learning rate; required here or in every group. */
  lr?: number;
  /** μ, the fraction of the previous update that is kept; 0 by default. */
  momentum?: number;
  /** τ (dampening), the fraction of the gradient that is not added to the momentum; 0 by default. */
  dampening?: number;
  /** λ: adds λ θ to the gradient; 0 by default. */
  weightDecay?: number;
  /** Whether to use Nesterov momentum, θ ← θ − lr · (g + μ b); false by default. */
  nesterov?: boolean;
  /** Whether to maximise the loss instead; false by default. */
  maximize?: boolean;
}

/**
 * Stochastic gradient descent: b ← μ b + (1 − τ) g,  θ ← θ − lr · b; the first b is g.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.SGD.html
 * @throws TypeError for settings out of range, for Nesterov momentum without momentum or with dampening, and for parameters
 * that are not leaves.
 * @example const optimizer = new optim.SGD(model.parameters(), { lr: 0.1, momentum: 0.9 });
 */
export class SGD extends Optimizer<SGDOptions> {
  protected override readonly stateNames = { required: [], optional: ["momentum_buffer"] };

  constructor(parameters: ParameterList<SGDOptions>, options: SGDOptions) {
    super(
      "optim.SGD",
      parameters,
      options,
      { lr: 0, momentum: 0, dampening: 0, weightDecay: 0, nesterov: false, maximize: false },
      {
        lr: nonNegative,
        momentum: nonNegative,
        dampening: nonNegative,
        weightDecay: nonNegative,
        nesterov: flag,
        maximize: flag,
      },
      ["lr"],
      ({ nesterov, momentum, dampening }) => {
        if (nesterov && (momentum === 0 || dampening !== 0)) {
          throw fault(
            "type",
            "optim.SGD",
            "momentum > 0 and no dampening with nesterov",
            `momentum ${momentum}, dampening ${dampening}`,
            "for example momentum: 0.9",
          );
        }
      },
    );
  }

  protected override update(
    parameter: Tensor,
    values: Float32Array,
    gradient: Float32Array,
    settings: Required<SGDOptions>,
  ): void {
    let buffer: Tensor | undefined;
    let first = false;
    if (settings.momentum !== 0) {
      buffer = this.state.get(parameter)?.momentum_buffer as Tensor | undefined;
      first = buffer === undefined;
      buffer ??= zeros(parameter.shape);
      if (first) this.state.set(parameter, { momentum_buffer: buffer });
    }
    inUse(sgd)(values, gradient, buffer?.values, first, settings);
  }
}
