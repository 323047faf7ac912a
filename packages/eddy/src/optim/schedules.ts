/** Schedules of learning rates that depend on the number of steps alone. */
import { display, fault, isListOf } from "../fault.ts";
import { checkOptions, fraction, nonNegative, positive, positiveInteger, type Rule } from "../nn/options.ts";
import type { Optimizer, ParameterGroup } from "./optimizer.ts";

/** A schedule's state by PyTorch's names: plain data that survives JSON. */
export type ScheduleState = Record<string, unknown>;

/** Any optimiser: a schedule reads and writes its groups' rates. */
export type Scheduled = Pick<Optimizer, "paramGroups">;

/** The groups whose rates a schedule moves; throws a TypeError for what is no optimiser. */
export function groupsOf(owner: string, optimizer: Scheduled): ParameterGroup[] {
  if (!Array.isArray(optimizer?.paramGroups)) {
    throw fault("type", owner, "an optimiser", display(optimizer), "pass what new optim.Adam(…) gave");
  }
  return optimizer.paramGroups as ParameterGroup[];
}

/**
 * The base of schedules: construct one after the optimiser and call `step()` once per epoch (or per batch), after
 * `optimizer.step()`.
 *
 * The rate of the next step comes from the group's present rate, so that several schedules of one optimiser multiply
 * when each of them steps (all but OneCycleLR).
 * Source: https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate
 * @example
 * const warmUp = new optim.LinearLR(optimizer, { startFactor: 0.1, totalIters: 5 });
 * const decay = new optim.ExponentialLR(optimizer, { gamma: 0.95 });
 * // after each epoch: warmUp.step(); decay.step();
 */
export abstract class Schedule {
  protected readonly groups: ParameterGroup[];
  /** How many steps were taken. */
  protected epoch = 0;
  /** The groups' rates at the beginning. */
  protected initialRates: number[];

  constructor(owner: string, optimizer: Scheduled) {
    this.groups = groupsOf(owner, optimizer);
    // The first schedule notes the rate; those after it see one that is changed already.
    for (const group of this.groups) group.initialLr ??= group.lr;
    this.initialRates = this.groups.map((group) => group.initialLr as number);
  }

  /** The group's rate at this epoch; at epoch 0, the one to begin with. */
  protected abstract rate(group: ParameterGroup, index: number): number;

  /** Sets the rates; a subclass calls it at the end of its constructor. */
  protected apply(): void {
    this.groups.forEach((group, i) => {
      group.lr = this.rate(group, i);
    });
  }

  /** Moves every group's rate on by one step. */
  step(): void {
    this.epoch++;
    this.apply();
  }

  /** The groups' present rates. */
  get lastLr(): number[] {
    return this.groups.map((group) => group.lr);
  }

  /** What the options must be, by their names in camel case. */
  protected abstract readonly rules: Record<string, Rule>;
  /** The settings by PyTorch's names, to be saved with the state. */
  protected abstract settings(): ScheduleState;
  /** Takes over saved settings. */
  protected abstract restoreSettings(saved: ScheduleState): void;

  /** What `loadStateDict` needs to go on; the rates themselves are the optimiser's state. */
  stateDict(): ScheduleState {
    return {
      ...this.settings(),
      base_lrs: [...this.initialRates],
      last_epoch: this.epoch,
      _step_count: this.epoch + 1,
      _last_lr: this.lastLr,
    };
  }

  /**
   * Goes on from a saved state; load the optimiser's state too, which holds the rates.
   * Where anything does not fit, nothing is changed.
   * @throws Error for the state of another number of groups or another kind of schedule; TypeError for settings that
   * the constructor would refuse.
   */
  loadStateDict(saved: ScheduleState): void {
    const owner = `${this.constructor.name}.loadStateDict`;
    const rates = checkSaved(owner, "base_lrs", this.groups.length, saved);
    checkSettings(owner, Object.keys(this.settings()), this.rules, saved);
    this.restoreSettings(saved);
    this.initialRates = rates;
    this.epoch = saved.last_epoch as number;
  }
}

/** Gives the saved list of one number for each group; throws where it is not there, or `last_epoch` is not. */
export function checkSaved(owner: string, list: string, groups: number, saved: ScheduleState): number[] {
  const rates: unknown = saved?.[list];
  const epoch: unknown = saved?.last_epoch;
  const fits = isListOf(rates, nonNegative[1]) && (rates as unknown[]).length === groups;
  if (!fits || !Number.isSafeInteger(epoch) || (epoch as number) < 0) {
    throw fault(
      "state",
      owner,
      `last_epoch and ${list} of ${groups} groups`,
      `last_epoch ${display(epoch)}, ${list} ${display(rates)}`,
      "load the state of a schedule of the same optimiser",
    );
  }
  return [...(rates as number[])];
}

/** Throws unless the saved state has these settings and a constructor would take them. */
export function checkSettings(
  owner: string,
  names: readonly string[],
  rules: Record<string, Rule>,
  saved: ScheduleState,
): void {
  const missing = names.filter((name) => saved[name] === undefined);
  if (missing.length > 0) {
    const received = `none of ${missing.join(", ")}`;
    throw fault("state", owner, names.join(", "), received, "load the state of the same kind of schedule");
  }
  checkOptions(owner, Object.fromEntries(names.map((name) => [camelCase(name), saved[name]])), rules);
}

/** step_size → stepSize, T_max → tMax */
function camelCase(name: string): string {
  return name.replace(/^[A-Z]/, (letter) => letter.toLowerCase()).replace(/_([a-z])/g, (_, next) => next.toUpperCase());
}

/**
 * Multiplies the rate by `gamma` (0.1 by default) every `stepSize` steps.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.StepLR.html
 */
export class StepLR extends Schedule {
  protected readonly rules = { stepSize: positiveInteger, gamma: nonNegative };
  private stepSize: number;
  private gamma: number;

  constructor(optimizer: Scheduled, options: { stepSize: number; gamma?: number }) {
    super("optim.StepLR", optimizer);
    checkOptions("optim.StepLR", options, this.rules, ["stepSize"]);
    this.stepSize = options.stepSize;
    this.gamma = options.gamma ?? 0.1;
    this.apply();
  }

  protected rate({ lr }: ParameterGroup): number {
    return this.epoch > 0 && this.epoch % this.stepSize === 0 ? lr * this.gamma : lr;
  }

  protected settings(): ScheduleState {
    return { step_size: this.stepSize, gamma: this.gamma };
  }

  protected restoreSettings(saved: ScheduleState): void {
    this.stepSize = saved.step_size as number;
    this.gamma = saved.gamma as number;
  }
}

/**
 * Multiplies the rate by `gamma` at every step.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ExponentialLR.html
 */
export class ExponentialLR extends Schedule {
  protected readonly rules = { gamma: nonNegative };
  private gamma: number;

  constructor(optimizer: Scheduled, options: { gamma: number }) {
    super("optim.ExponentialLR", optimizer);
    checkOptions("optim.ExponentialLR", options, this.rules, ["gamma"]);
    this.gamma = options.gamma;
    this.apply();
  }

  protected rate({ lr }: ParameterGroup): number {
    return this.epoch > 0 ? lr * this.gamma : lr;
  }

  protected settings(): ScheduleState {
    return { gamma: this.gamma };
  }

  protected restoreSettings(saved: ScheduleState): void {
    this.gamma = saved.gamma as number;
  }
}

/** From 0 no factor could lead up again. */
const aboveZero: Rule = ["a number above 0, at most 1", (value) => positive[1](value) && fraction[1](value)];

/**
 * Lets a factor on the rate go linearly from `startFactor` (1/3) to `endFactor` (1) over `totalIters` (5) steps: a warm-up.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LinearLR.html
 */
export class LinearLR extends Schedule {
  protected readonly rules = { startFactor: aboveZero, endFactor: fraction, totalIters: positiveInteger };
  private startFactor: number;
  private endFactor: number;
  private totalIters: number;

  constructor(optimizer: Scheduled, options: { startFactor?: number; endFactor?: number; totalIters?: number } = {}) {
    super("optim.LinearLR", optimizer);
    checkOptions("optim.LinearLR", options, this.rules);
    this.startFactor = options.startFactor ?? 1 / 3;
    this.endFactor = options.endFactor ?? 1;
    this.totalIters = options.totalIters ?? 5;
    this.apply();
  }

  protected rate({ lr }: ParameterGroup): number {
    const { epoch, startFactor, endFactor, totalIters } = this;
    if (epoch === 0) return lr * startFactor;
    if (epoch > totalIters) return lr;
    const slope = endFactor - startFactor;
    return lr * (1 + slope / (totalIters * startFactor + (epoch - 1) * slope)); // factor(t) / factor(t − 1)
  }

  protected settings(): ScheduleState {
    return { start_factor: this.startFactor, end_factor: this.endFactor, total_iters: this.totalIters };
  }

  protected restoreSettings(saved: ScheduleState): void {
    this.startFactor = saved.start_factor as number;
    this.endFactor = saved.end_factor as number;
    this.totalIters = saved.total_iters as number;
  }
}

/**
 * η_t = η_min + (η_0 − η_min) (1 + cos(π t / T)) / 2: down within T = `tMax` steps, then up again.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingLR.html
 */
export class CosineAnnealingLR extends Schedule {
  protected readonly rules = { tMax: positiveInteger, etaMin: nonNegative };
  private tMax: number;
  private etaMin: number;

  constructor(optimizer: Scheduled, options: { tMax: number; etaMin?: number }) {
    super("optim.CosineAnnealingLR", optimizer);
    checkOptions("optim.CosineAnnealingLR", options, this.rules, ["tMax"]);
    this.tMax = options.tMax;
    this.etaMin = options.etaMin ?? 0;
    this.apply();
  }

  protected rate({ lr }: ParameterGroup, index: number): number {
    const { epoch, tMax, etaMin } = this;
    if (epoch === 0) return lr;
    // At the bottom the quotient below would be 0 / 0.
    if ((epoch - 1 - tMax) % (2 * tMax) === 0) {
      return lr + ((this.initialRates[index] - etaMin) * (1 - Math.cos(Math.PI / tMax))) / 2;
    }
    const height = (t: number) => 1 + Math.cos((Math.PI * t) / tMax);
    return (height(epoch) / height(epoch - 1)) * (lr - etaMin) + etaMin;
  }

  protected settings(): ScheduleState {
    return { T_max: this.tMax, eta_min: this.etaMin };
  }

  protected restoreSettings(saved: ScheduleState): void {
    this.tMax = saved.T_max as number;
    this.etaMin = saved.eta_min as number;
  }
}
