/** Learning-rate schedules that depend only on the number of steps. */
import { fraction, nonNegative, numberThat, positiveInteger } from "../nn/options.ts";
import type { ParameterGroup } from "./optimizer.ts";
import { RateControl, type Scheduled, type ScheduleState, savedForEach } from "./rate-control.ts";

/**
 * The base of schedules: construct one after the optimiser, and call `step()` once per epoch (or per batch), after
 * `optimizer.step()`.
 *
 * A step multiplies the group's current rate, so several schedules of one optimiser can be combined (except OneCycleLR).
 * Source: https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate
 * @example
 * const warmUp = new optim.LinearLR(optimizer, { startFactor: 0.1, totalIters: 5 });
 * const decay = new optim.ExponentialLR(optimizer, { gamma: 0.95 });
 * // after each epoch: warmUp.step(); decay.step();
 */
export abstract class Schedule<Options extends object = object> extends RateControl<Options> {
  /** The groups' initial rates. */
  protected initialRates: number[];

  constructor(...given: ConstructorParameters<typeof RateControl<Options>>) {
    super(...given);
    // The first schedule stores the initial rate; later ones would find it changed already.
    for (const group of this.groups) group.initialLr ??= group.lr;
    this.initialRates = this.groups.map((group) => group.initialLr as number);
  }

  /** The group's rate at this epoch; at epoch 0, the initial one. */
  protected abstract rate(group: ParameterGroup, index: number): number;

  /** Sets the rates; a subclass calls it at the end of its constructor. */
  protected apply(): void {
    this.groups.forEach((group, i) => {
      group.lr = this.rate(group, i);
    });
  }

  /** @internal Starts again from the initial rates, for a schedule that follows another one. */
  restart(): void {
    this.epoch = 0;
    this.groups.forEach((group, i) => {
      group.lr = this.initialRates[i];
    });
    this.apply();
  }

  /** Sets every group's rate for the next step. */
  step(): void {
    this.epoch++;
    this.apply();
  }

  protected override get progress(): ScheduleState {
    return { base_lrs: [...this.initialRates], _step_count: this.epoch + 1 };
  }

  protected override checkProgress(caller: string, saved: ScheduleState): () => void {
    const rates = savedForEach(caller, this.groups, "base_lrs", saved);
    return () => {
      this.initialRates = rates;
    };
  }
}

/**
 * Multiplies the rate by `gamma` (0.1 by default) every `stepSize` steps.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.StepLR.html
 * @throws TypeError for settings out of range.
 * @example const schedule = new optim.StepLR(optimizer, { stepSize: 30 });
 */
export class StepLR extends Schedule<{ stepSize: number; gamma: number }> {
  constructor(optimizer: Scheduled, options: { stepSize: number; gamma?: number }) {
    super("optim.StepLR", optimizer, options, { stepSize: [positiveInteger], gamma: [nonNegative, 0.1] });
    this.apply();
  }

  protected rate({ lr }: ParameterGroup): number {
    const { stepSize, gamma } = this.settings;
    return this.epoch > 0 && this.epoch % stepSize === 0 ? lr * gamma : lr;
  }
}

/**
 * Multiplies the rate by `gamma` at every step.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ExponentialLR.html
 * @throws TypeError for settings out of range.
 * @example const schedule = new optim.ExponentialLR(optimizer, { gamma: 0.95 });
 */
export class ExponentialLR extends Schedule<{ gamma: number }> {
  constructor(optimizer: Scheduled, options: { gamma: number }) {
    super("optim.ExponentialLR", optimizer, options, { gamma: [nonNegative] });
    this.apply();
  }

  protected rate({ lr }: ParameterGroup): number {
    return this.epoch > 0 ? lr * this.settings.gamma : lr;
  }
}

/** A rate of 0 could never rise again. */
const aboveZero = numberThat("a number above 0, at most 1", (value) => value > 0 && value <= 1);

/**
 * Multiplies the initial rate by a factor that changes linearly, as in a warm-up.
 *
 * The factor goes from `startFactor` (1/3 by default) to `endFactor` (1) within `totalIters` (5) steps.
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LinearLR.html
 * @throws TypeError for settings out of range.
 * @example const warmUp = new optim.LinearLR(optimizer, { startFactor: 0.1, totalIters: 10 });
 */
export class LinearLR extends Schedule<{ startFactor: number; endFactor: number; totalIters: number }> {
  constructor(optimizer: Scheduled, options: { startFactor?: number; endFactor?: number; totalIters?: number } = {}) {
    super("optim.LinearLR", optimizer, options, {
      startFactor: [aboveZero, 1 / 3],
      endFactor: [fraction, 1],
      totalIters: [positiveInteger, 5],
    });
    this.apply();
  }

  protected rate({ lr }: ParameterGroup): number {
    const { epoch } = this;
    const { startFactor, endFactor, totalIters } = this.settings;
    if (epoch === 0) return lr * startFactor;
    if (epoch > totalIters) return lr;
    const slope = endFactor - startFactor;
    return lr * (1 + slope / (totalIters * startFactor + (epoch - 1) * slope)); // factor(t) / factor(t − 1)
  }
}

/**
 * Cosine annealing, η_t = η_min + (η_0 − η_min) (1 + cos(π t / T)) / 2.
 *
 * The rate falls to η_min = `etaMin` (0 by default) within T = `tMax` steps, then rises again.
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingLR.html
 * @throws TypeError for settings out of range.
 * @example const schedule = new optim.CosineAnnealingLR(optimizer, { tMax: 100 });
 */
export class CosineAnnealingLR extends Schedule<{ tMax: number; etaMin: number }> {
  constructor(optimizer: Scheduled, options: { tMax: number; etaMin?: number }) {
    super("optim.CosineAnnealingLR", optimizer, options, { tMax: [positiveInteger], etaMin: [nonNegative, 0] });
    this.apply();
  }

  protected rate({ lr }: ParameterGroup, index: number): number {
    const { epoch } = this;
    const { tMax, etaMin } = this.settings;
    if (epoch === 0) return lr;
    // At the minimum the quotient below would be 0 / 0.
    if ((epoch - 1 - tMax) % (2 * tMax) === 0) {
      return lr + ((this.initialRates[index] - etaMin) * (1 - Math.cos(Math.PI / tMax))) / 2;
    }
    const height = (t: number) => 1 + Math.cos((Math.PI * t) / tMax);
    return (height(epoch) / height(epoch - 1)) * (lr - etaMin) + etaMin;
  }
}
