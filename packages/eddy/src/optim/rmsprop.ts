/** RMSprop: updates scaled by a moving average of the squared gradient. */
import { inUse, rmsprop } from "../kernels/index.ts";
import { flag, nonNegative } from "../nn/options.ts";
import { zeros } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Optimizer, type ParameterList, type ParameterState } from "./optimizer.ts";

/** Settings of `RMSprop`, with PyTorch's defaults. */
export interface RMSpropOptions {
  /** Learning rate; 0.01 by default. */
  lr?: number;
  /** Decay rate of the average of g²; 0.99 by default. */
  alpha?: number;
  /** ε, which keeps the denominator above 0; 1e-8 by default. */
  eps?: number;
  /** λ: adds λ θ to the gradient; 0 by default. */
  weightDecay?: number;
  /** μ, the fraction of the previous update that is kept; 0 by default. */
  momentum?: number;
  /** Whether to divide by the standard deviation of the gradient instead of its root mean square; false by default. */
  centered?: boolean;
  /** Whether to maximise the loss instead; false by default. */
  maximize?: boolean;
}

/**
 * RMSprop: v ← α v + (1 − α) g²,  θ ← θ − lr · g / (√v + ε).
 *
 * With `centered`, the root is of v − ḡ², where ḡ is the moving average of g; with `momentum`, b ← μ b + g / (√v + ε) and
 * θ ← θ − lr · b.
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.RMSprop.html (Tieleman and Hinton, 2012; centered: Graves, 2013)
 * @throws TypeError for settings out of range, and for parameters that are not leaves.
 * @example const optimizer = new optim.RMSprop(model.parameters(), { lr: 0.001 });
 */
export class RMSprop extends Optimizer<RMSpropOptions> {
  protected override readonly stateNames = {
    required: ["step", "square_avg"],
    optional: ["momentum_buffer", "grad_avg"],
  };

  constructor(parameters: ParameterList<RMSpropOptions>, options: RMSpropOptions = {}) {
    super(
      "optim.RMSprop",
      parameters,
      options,
      { lr: 0.01, alpha: 0.99, eps: 1e-8, weightDecay: 0, momentum: 0, centered: false, maximize: false },
      {
        lr: nonNegative,
        alpha: nonNegative,
        eps: nonNegative,
        weightDecay: nonNegative,
        momentum: nonNegative,
        centered: flag,
        maximize: flag,
      },
    );
  }

  protected override update(
    parameter: Tensor,
    values: Float32Array,
    gradient: Float32Array,
    settings: Required<RMSpropOptions>,
  ): void {
    const { momentum, centered } = settings;
    let state = this.state.get(parameter);
    if (state === undefined) {
      state = { step: 0, square_avg: zeros(parameter.shape) } as ParameterState;
      this.state.set(parameter, state);
    }
    if (momentum > 0) state.momentum_buffer ??= zeros(parameter.shape);
    if (centered) state.grad_avg ??= zeros(parameter.shape);
    state.step = (state.step as number) + 1;
    inUse(rmsprop)(
      values,
      gradient,
      (state.square_avg as Tensor).values,
      centered ? (state.grad_avg as Tensor).values : undefined,
      momentum > 0 ? (state.momentum_buffer as Tensor).values : undefined,
      settings,
    );
  }
}
