/** RMSprop: steps scaled by a running average of the squared gradient. */
import { rmsprop, serving } from "../kernels/index.ts";
import { flag, nonNegative } from "../nn/options.ts";
import { zeros } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Optimizer, type ParameterList, type ParameterState } from "./optimizer.ts";

/** Settings of `RMSprop`, with PyTorch's defaults. */
export interface RMSpropOptions {
  /** Learning rate; 0.01 by default. */
  lr?: number;
  /** Decay of the average of g²; 0.99 by default. */
  alpha?: number;
  /** Keeps the denominator from 0; 1e-8 by default. */
  eps?: number;
  /** Adds this share of the parameter to its gradient; 0 by default. */
  weightDecay?: number;
  /** Share of the last step that goes on; 0 by default. */
  momentum?: number;
  /** Divides by the deviation around the average gradient instead of the root of the average square. */
  centered?: boolean;
  /** Climbs instead of descending. */
  maximize?: boolean;
}

/**
 * v ← α v + (1 − α) g²,  θ ← θ − lr · g / (√v + ε); centered: v − ḡ² under the root, with ḡ the average of g.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.RMSprop.html (Tieleman and Hinton, 2012; centered: Graves, 2013)
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
    serving(rmsprop)(
      values,
      gradient,
      (state.square_avg as Tensor).values,
      centered ? (state.grad_avg as Tensor).values : undefined,
      momentum > 0 ? (state.momentum_buffer as Tensor).values : undefined,
      settings,
    );
  }
}
