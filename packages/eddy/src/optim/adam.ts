/** Adam: steps scaled by running averages of the gradient and its square. */
import { kernels } from "../kernels/index.ts";
import { belowOne, checkOptions, flag, nonNegative } from "../nn/options.ts";
import { zeros } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Optimizer, type ParameterState } from "./optimizer.ts";

/** Settings of `Adam`, with PyTorch's defaults. */
export interface AdamOptions {
  /** Learning rate; 0.001 by default. */
  lr?: number;
  /** Decay of the averages of g and g²; [0.9, 0.999] by default. */
  betas?: readonly [number, number];
  /** Keeps the denominator from 0; 1e-8 by default. */
  eps?: number;
  /** Adds this share of the parameter to its gradient; 0 by default. */
  weightDecay?: number;
  /** Uses the largest average of g² so far. */
  amsgrad?: boolean;
  /** Climbs instead of descending. */
  maximize?: boolean;
}

/**
 * m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²,  θ ← θ − lr · m̂ / (√v̂ + ε).
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.Adam.html (Kingma and Ba, 2014)
 */
export class Adam extends Optimizer {
  lr: number;
  private options: Required<Omit<AdamOptions, "lr">>;

  constructor(parameters: readonly Tensor[], options: AdamOptions = {}) {
    super("optim.Adam", parameters);
    const pair = [
      "two numbers from 0 up to but without 1",
      (value: unknown) => Array.isArray(value) && value.length === 2 && value.every(belowOne[1]),
    ] as const;
    checkOptions("optim.Adam", options, {
      lr: nonNegative,
      betas: pair,
      eps: nonNegative,
      weightDecay: nonNegative,
      amsgrad: flag,
      maximize: flag,
    });
    this.lr = options.lr ?? 1e-3;
    this.options = {
      betas: options.betas ?? [0.9, 0.999],
      eps: options.eps ?? 1e-8,
      weightDecay: options.weightDecay ?? 0,
      amsgrad: options.amsgrad ?? false,
      maximize: options.maximize ?? false,
    };
  }

  protected override update(parameter: Tensor, gradient: Float32Array): void {
    const { betas, eps, weightDecay, amsgrad, maximize } = this.options;
    let state = this.state.get(parameter);
    if (state === undefined) {
      state = {
        step: 0,
        exp_avg: zeros([...parameter.shape]),
        exp_avg_sq: zeros([...parameter.shape]),
      } as ParameterState;
      if (amsgrad) state.max_exp_avg_sq = zeros([...parameter.shape]);
      this.state.set(parameter, state);
    }
    const step = (state.step as number) + 1;
    state.step = step;
    kernels.adam(
      parameter.data,
      gradient,
      (state.exp_avg as Tensor).data,
      (state.exp_avg_sq as Tensor).data,
      (state.max_exp_avg_sq as Tensor | undefined)?.data,
      {
        lr: this.lr,
        beta1: betas[0],
        beta2: betas[1],
        eps,
        weightDecay,
        correction1: 1 - betas[0] ** step,
        correction2: 1 - betas[1] ** step,
        maximize,
      },
    );
  }

  protected override settings(): Record<string, unknown> {
    const { betas, eps, weightDecay, amsgrad, maximize } = this.options;
    return { lr: this.lr, betas: [...betas], eps, weight_decay: weightDecay, amsgrad, maximize };
  }

  protected override restoreSettings(saved: Record<string, unknown>): void {
    const restored = new Adam(this.parameters, {
      lr: saved.lr as number,
      betas: saved.betas as [number, number],
      eps: saved.eps as number,
      weightDecay: saved.weight_decay as number,
      amsgrad: saved.amsgrad as boolean,
      maximize: saved.maximize as boolean,
    });
    this.lr = restored.lr;
    this.options = restored.options;
  }
}
