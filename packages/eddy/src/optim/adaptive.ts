/** NAdam, RAdam, Adagrad and Adamax: variants of scaling updates by the sizes of earlier gradients. */

import { isListOf } from "../fault.ts";
import { belowOne, flag, mismatchOf, nonNegative, type Rule, rule } from "../nn/options.ts";
import { zeros } from "../tensor/create.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { Optimizer, type ParameterList, type ParameterState } from "./optimizer.ts";

/** Settings that these optimisers share. */
interface Shared {
  /** Learning rate. */
  lr?: number;
  /** λ: adds λ θ to the gradient; 0 by default. */
  weightDecay?: number;
  /** Whether to maximise the loss instead; false by default. */
  maximize?: boolean;
}

/** The decay rates of averages and the term that keeps the denominator above 0. */
interface Moments {
  /** Decay rates of the averages; [0.9, 0.999] by default. */
  betas?: readonly [number, number];
  /** ε, which keeps the denominator above 0; 1e-8 by default. */
  eps?: number;
}

const shared = { lr: nonNegative, weightDecay: nonNegative, maximize: flag };
const moments = {
  betas: rule(
    "two numbers ≥ 0 and < 1",
    (value) => isListOf(value, (beta) => !mismatchOf(belowOne, beta)) && (value as unknown[]).length === 2,
  ),
  eps: nonNegative,
};
const common = { weightDecay: 0, maximize: false };
const usual: Required<Moments> = { betas: [0.9, 0.999], eps: 1e-8 };

const { sqrt, abs, max } = Math;

/** The base: counts steps, creates the state, and applies weight decay and the sign to the gradient. */
abstract class Adaptive<Options extends Shared> extends Optimizer<Options> {
  protected override readonly stateNames: {
    readonly required: readonly string[];
    readonly optional: readonly string[];
  };

  /** @param parts the names of the state's tensors. */
  protected constructor(
    caller: string,
    parameters: ParameterList<Options>,
    options: Options,
    defaults: Required<Options>,
    rules: { [Name in keyof Required<Options>]: Rule },
    private readonly parts: readonly string[],
    private readonly scalars: readonly string[] = [],
  ) {
    super(caller, parameters, options, defaults, rules);
    this.stateNames = { required: ["step", ...scalars, ...parts], optional: [] };
  }

  /** The value of a new element of the state. */
  protected initial(_settings: Required<Options>): number {
    return 0;
  }

  /** Prepares a step; returns the change of one element from its gradient g, and updates the state at i. */
  protected abstract rule(
    settings: Required<Options>,
    step: number,
    state: ParameterState,
    parts: readonly Float32Array[],
  ): (g: number, i: number) => number;

  protected override update(
    parameter: Tensor,
    values: Float32Array,
    gradient: Float32Array,
    settings: Required<Options>,
  ): void {
    let state = this.state.get(parameter);
    if (state === undefined) {
      state = { step: 0 };
      for (const name of this.scalars) state[name] = 1;
      for (const name of this.parts) {
        const part = zeros(parameter.shape);
        part.values.fill(this.initial(settings));
        state[name] = part;
      }
      this.state.set(parameter, state);
    }
    const step = (state.step as number) + 1;
    state.step = step;
    const saved = state;
    const change = this.rule(
      settings,
      step,
      saved,
      this.parts.map((name) => (saved[name] as Tensor).values),
    );
    const sign = settings.maximize ? -1 : 1;
    const decay = settings.weightDecay as number;
    for (let i = 0; i < values.length; i++) values[i] += change(sign * gradient[i] + decay * values[i], i);
  }
}

/** Settings of `NAdam`, with PyTorch's defaults. */
export interface NAdamOptions extends Omit<Shared, "maximize">, Moments {
  /** ψ, by which the momentum grows from half of β₁ to β₁; 0.004 by default. */
  momentumDecay?: number;
}

/**
 * Adam with Nesterov momentum: with μ_t = β₁ (1 − 0.96^{tψ} / 2), the update mixes the gradient and the next average.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.NAdam.html (Dozat, 2016); the learning rate is 0.002 by default.
 * @throws TypeError for settings out of range, and for parameters that are not leaves.
 * @example const optimizer = new optim.NAdam(model.parameters(), { lr: 0.002 });
 */
export class NAdam extends Adaptive<NAdamOptions> {
  constructor(parameters: ParameterList<NAdamOptions>, options: NAdamOptions = {}) {
    super(
      "optim.NAdam",
      parameters,
      options,
      { lr: 2e-3, weightDecay: 0, momentumDecay: 4e-3, ...usual },
      { lr: nonNegative, weightDecay: nonNegative, momentumDecay: nonNegative, ...moments },
      ["exp_avg", "exp_avg_sq"],
      ["mu_product"],
    );
  }

  protected override rule(
    { lr, betas: [beta1, beta2], eps, momentumDecay }: Required<NAdamOptions>,
    step: number,
    state: ParameterState,
    [average, averageSquare]: readonly Float32Array[],
  ) {
    const momentum = (t: number) => beta1 * (1 - 0.5 * 0.96 ** (t * momentumDecay));
    const now = momentum(step);
    const next = momentum(step + 1);
    const product = Math.fround((state.mu_product as number) * now);
    state.mu_product = product;
    const correction = 1 - beta2 ** step;
    return (g: number, i: number) => {
      average[i] = beta1 * average[i] + (1 - beta1) * g;
      averageSquare[i] = beta2 * averageSquare[i] + (1 - beta2) * g * g;
      const denominator = sqrt(averageSquare[i] / correction) + eps;
      return (-lr * (((1 - now) / (1 - product)) * g + (next / (1 - product * next)) * average[i])) / denominator;
    };
  }
}

/** Settings of `RAdam`, with PyTorch's defaults. */
export interface RAdamOptions extends Omit<Shared, "maximize">, Moments {}

/**
 * Rectified Adam: the first steps, whose variance is not yet known, are those of momentum alone.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.RAdam.html (Liu et al., 2020); the learning rate is 0.001 by default.
 * @throws TypeError for settings out of range, and for parameters that are not leaves.
 * @example const optimizer = new optim.RAdam(model.parameters(), { lr: 0.001 });
 */
export class RAdam extends Adaptive<RAdamOptions> {
  constructor(parameters: ParameterList<RAdamOptions>, options: RAdamOptions = {}) {
    super(
      "optim.RAdam",
      parameters,
      options,
      { lr: 1e-3, weightDecay: 0, ...usual },
      { lr: nonNegative, weightDecay: nonNegative, ...moments },
      ["exp_avg", "exp_avg_sq"],
    );
  }

  protected override rule(
    { lr, betas: [beta1, beta2], eps }: Required<RAdamOptions>,
    step: number,
    _: ParameterState,
    [average, averageSquare]: readonly Float32Array[],
  ) {
    const correction1 = 1 - beta1 ** step;
    const correction2 = 1 - beta2 ** step;
    const limit = 2 / (1 - beta2) - 1;
    const length = limit - (2 * step * beta2 ** step) / correction2; // of the moving average
    const rectification = sqrt(((length - 4) * (length - 2) * limit) / ((limit - 4) * (limit - 2) * length));
    return (g: number, i: number) => {
      average[i] = beta1 * average[i] + (1 - beta1) * g;
      averageSquare[i] = beta2 * averageSquare[i] + (1 - beta2) * g * g;
      const scale = length > 5 ? (rectification * sqrt(correction2)) / (sqrt(averageSquare[i]) + eps) : 1;
      return (-lr * average[i] * scale) / correction1;
    };
  }
}

/** Settings of `Adagrad`, with PyTorch's defaults. */
export interface AdagradOptions extends Shared {
  /** ε, which keeps the denominator above 0; 1e-10 by default. */
  eps?: number;
  /** The learning rate is divided by 1 + (t − 1) · lrDecay; 0 by default. */
  lrDecay?: number;
  /** The value at which the sums of g² start; 0 by default. */
  initialAccumulatorValue?: number;
}

/**
 * Adagrad: s ← s + g²,  θ ← θ − lr · g / (√s + ε).
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.Adagrad.html (Duchi et al., 2011); the learning rate is 0.01 by
 * default.
 * @throws TypeError for settings out of range, and for parameters that are not leaves.
 * @example const optimizer = new optim.Adagrad(model.parameters(), { lr: 0.01 });
 */
export class Adagrad extends Adaptive<AdagradOptions> {
  constructor(parameters: ParameterList<AdagradOptions>, options: AdagradOptions = {}) {
    super(
      "optim.Adagrad",
      parameters,
      options,
      { lr: 0.01, eps: 1e-10, lrDecay: 0, initialAccumulatorValue: 0, ...common },
      { ...shared, eps: nonNegative, lrDecay: nonNegative, initialAccumulatorValue: nonNegative },
      ["sum"],
    );
  }

  protected override initial(settings: Required<AdagradOptions>): number {
    return settings.initialAccumulatorValue;
  }

  protected override rule(
    { lr, lrDecay, eps }: Required<AdagradOptions>,
    step: number,
    _: ParameterState,
    [sums]: readonly Float32Array[],
  ) {
    const rate = lr / (1 + (step - 1) * lrDecay);
    return (g: number, i: number) => {
      sums[i] += g * g;
      return (-rate * g) / (sqrt(sums[i]) + eps);
    };
  }
}

/** Settings of `Adamax`, with PyTorch's defaults. */
export interface AdamaxOptions extends Shared, Moments {}

/**
 * Adamax: Adam with the maximum norm, u ← max(β₂ u, |g| + ε),  θ ← θ − lr / (1 − β₁ᵗ) · m / u.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.Adamax.html (Kingma and Ba, 2015); the learning rate is 0.002 by
 * default.
 * @throws TypeError for settings out of range, and for parameters that are not leaves.
 * @example const optimizer = new optim.Adamax(model.parameters(), { lr: 0.002 });
 */
export class Adamax extends Adaptive<AdamaxOptions> {
  constructor(parameters: ParameterList<AdamaxOptions>, options: AdamaxOptions = {}) {
    super("optim.Adamax", parameters, options, { lr: 2e-3, ...common, ...usual }, { ...shared, ...moments }, [
      "exp_avg",
      "exp_inf",
    ]);
  }

  protected override rule(
    { lr, betas: [beta1, beta2], eps }: Required<AdamaxOptions>,
    step: number,
    _: ParameterState,
    [average, largest]: readonly Float32Array[],
  ) {
    const rate = lr / (1 - beta1 ** step);
    return (g: number, i: number) => {
      average[i] = beta1 * average[i] + (1 - beta1) * g;
      largest[i] = max(beta2 * largest[i], abs(g) + eps);
      return (-rate * average[i]) / largest[i];
    };
  }
}
