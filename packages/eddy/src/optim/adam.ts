/** Adam and AdamW: updates scaled by moving averages of the gradient and its square. */
import { isListOf } from "../fault.ts";
import { adam, inUse } from "../kernels/index.ts";
import type { AdamSettings } from "../kernels/interface.ts";
import { belowOne, flag, mismatchOf, nonNegative, type Rule, rule } from "../nn/options.ts";
import { zeros } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Optimizer, type ParameterList, type ParameterState } from "./optimizer.ts";

/** Settings of `Adam` and `AdamW`, with PyTorch's defaults. */
export interface AdamOptions {
  /** Learning rate; 0.001 by default. */
  lr?: number;
  /** Decay rates of the averages of g and g²; [0.9, 0.999] by default. */
  betas?: readonly [number, number];
  /** ε, which keeps the denominator above 0; 1e-8 by default. */
  eps?: number;
  /** λ. Adam adds λ θ to the gradient, with 0 by default; AdamW subtracts lr · λ θ from θ, with 0.01 by default. */
  weightDecay?: number;
  /** Whether to use the maximum of all averages of g² so far; false by default. */
  amsgrad?: boolean;
  /** Whether to maximise the loss instead; false by default. */
  maximize?: boolean;
}

const rules: Record<keyof AdamOptions, Rule> = {
  lr: nonNegative,
  betas: rule(
    "two numbers ≥ 0 and < 1",
    (value) => isListOf(value, (beta) => !mismatchOf(belowOne, beta)) && (value as unknown[]).length === 2,
  ),
  eps: nonNegative,
  weightDecay: nonNegative,
  amsgrad: flag,
  maximize: flag,
};

const defaults: Required<AdamOptions> = {
  lr: 1e-3,
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: 0,
  amsgrad: false,
  maximize: false,
};

/** The base of Adam and AdamW, which differ only in weight decay. */
abstract class AdaptiveMoments extends Optimizer<AdamOptions> {
  protected override readonly stateNames = {
    required: ["step", "exp_avg", "exp_avg_sq"],
    optional: ["max_exp_avg_sq"],
  };

  /** One object for all updates, so that an update allocates nothing. */
  readonly #kernelSettings: AdamSettings;
  /** The step of the bias corrections in #kernelSettings: they are reused, because powers are slow. */
  #correctedStep = 0;

  /** @param decoupled whether weight decay bypasses the averages. */
  protected constructor(
    caller: string,
    parameters: ParameterList<AdamOptions>,
    options: AdamOptions,
    defaults: Required<AdamOptions>,
    decoupled: boolean,
  ) {
    super(caller, parameters, options, defaults, rules);
    this.#kernelSettings = { ...defaults, beta1: 0, beta2: 0, decoupled, correction1: 1, correction2: 1 };
  }

  protected override update(
    parameter: Tensor,
    values: Float32Array,
    gradient: Float32Array,
    settings: Required<AdamOptions>,
  ): void {
    const { betas, amsgrad } = settings;
    let state = this.state.get(parameter);
    if (state === undefined) {
      state = {
        step: 0,
        exp_avg: zeros(parameter.shape),
        exp_avg_sq: zeros(parameter.shape),
      } as ParameterState;
      this.state.set(parameter, state);
    }
    if (amsgrad) state.max_exp_avg_sq ??= zeros(parameter.shape);
    const step = (state.step as number) + 1;
    state.step = step;
    const kernelSettings = this.#kernelSettings;
    kernelSettings.lr = settings.lr;
    kernelSettings.eps = settings.eps;
    kernelSettings.weightDecay = settings.weightDecay;
    if (step !== this.#correctedStep || betas[0] !== kernelSettings.beta1 || betas[1] !== kernelSettings.beta2) {
      kernelSettings.correction1 = 1 - betas[0] ** step;
      kernelSettings.correction2 = 1 - betas[1] ** step;
      kernelSettings.beta1 = betas[0];
      kernelSettings.beta2 = betas[1];
      this.#correctedStep = step;
    }
    kernelSettings.maximize = settings.maximize;
    inUse(adam)(
      values,
      gradient,
      (state.exp_avg as Tensor).values,
      (state.exp_avg_sq as Tensor).values,
      amsgrad ? (state.max_exp_avg_sq as Tensor).values : undefined,
      kernelSettings,
    );
  }
}

/**
 * Adam: m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²,  θ ← θ − lr · m̂ / (√v̂ + ε).
 *
 * m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ) correct the bias of the averages at step t.
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.Adam.html (Kingma and Ba, 2014)
 * @throws TypeError for settings out of range, and for parameters that are not leaves.
 * @example const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 });
 */
export class Adam extends AdaptiveMoments {
  constructor(parameters: ParameterList<AdamOptions>, options: AdamOptions = {}) {
    super("optim.Adam", parameters, options, defaults, false);
  }
}

/**
 * Adam with decoupled weight decay: θ ← θ (1 − lr · λ), then Adam's update without weight decay.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.AdamW.html (Loshchilov and Hutter, 2017)
 * @throws TypeError for settings out of range, and for parameters that are not leaves.
 * @example const optimizer = new optim.AdamW(model.parameters(), { lr: 0.01, weightDecay: 0.1 });
 */
export class AdamW extends AdaptiveMoments {
  constructor(parameters: ParameterList<AdamOptions>, options: AdamOptions = {}) {
    super("optim.AdamW", parameters, options, { ...defaults, weightDecay: 0.01 }, true);
  }
}
