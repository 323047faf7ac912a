/** Schedules of learning rates that depend on the number of steps alone. */
import {
  belowOne,
  checkOptions,
  flag,
  fraction,
  nonNegative,
  oneOf,
  positive,
  positiveInteger,
  type Rule,
} from "../nn/options.ts";
import type { Optimizer, ParameterGroup } from "./optimizer.ts";

/** A schedule's state by PyTorch's names: plain data that survives JSON. */
export type ScheduleState = Record<string, unknown>;

/** Any optimiser: a schedule reads and writes its groups' rates. */
export type Scheduled = Pick<Optimizer, "paramGroups">;

/** The groups whose rates a schedule moves; throws a TypeError for what is no optimiser. */
export function groupsOf(owner: string, optimizer: Scheduled): ParameterGroup[] {
  if (!Array.isArray(optimizer?.paramGroups)) {
    throw new TypeError(
      `${owner}: expected an optimiser, received ${String(optimizer)}; pass what new optim.Adam(…) gave`,
    );
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
   * @throws Error for the state of another number of groups.
   */
  loadStateDict(saved: ScheduleState): void {
    const rates = saved.base_lrs as number[] | undefined;
    if (!Array.isArray(rates) || rates.length !== this.groups.length || !Number.isInteger(saved.last_epoch)) {
      throw new Error(
        `${this.constructor.name}.loadStateDict: expected last_epoch and base_lrs of ${this.groups.length} groups, ` +
          `received last_epoch ${String(saved.last_epoch)}, base_lrs ${String(rates)}; load the state of a schedule of the same optimiser`,
      );
    }
    checkSaved(this.constructor.name, this.settings(), saved);
    this.restoreSettings(saved);
    this.initialRates = [...rates];
    this.epoch = saved.last_epoch as number;
  }
}

/** Throws unless the saved settings have the names and kinds of a schedule's own. */
export function checkSaved(owner: string, own: ScheduleState, saved: ScheduleState): void {
  for (const [name, value] of Object.entries(own)) {
    const given: unknown = saved[name];
    if (typeof given !== typeof value || (typeof given === "number" && !Number.isFinite(given))) {
      throw new Error(
        `${owner}.loadStateDict: expected ${name} as in ${JSON.stringify(own)}, received ${String(given)}; load the state of the same kind of schedule`,
      );
    }
  }
}

/**
 * Multiplies the rate by `gamma` (0.1 by default) every `stepSize` steps.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.StepLR.html
 */
export class StepLR extends Schedule {
  private stepSize: number;
  private gamma: number;

  constructor(optimizer: Scheduled, options: { stepSize: number; gamma?: number }) {
    super("optim.StepLR", optimizer);
    checkOptions("optim.StepLR", options, { stepSize: positiveInteger, gamma: nonNegative }, ["stepSize"]);
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
  private gamma: number;

  constructor(optimizer: Scheduled, options: { gamma: number }) {
    super("optim.ExponentialLR", optimizer);
    checkOptions("optim.ExponentialLR", options, { gamma: nonNegative }, ["gamma"]);
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

/**
 * Lets a factor on the rate go linearly from `startFactor` (1/3) to `endFactor` (1) over `totalIters` (5) steps: a warm-up.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LinearLR.html
 */
export class LinearLR extends Schedule {
  private startFactor: number;
  private endFactor: number;
  private totalIters: number;

  constructor(optimizer: Scheduled, options: { startFactor?: number; endFactor?: number; totalIters?: number } = {}) {
    super("optim.LinearLR", optimizer);
    // From 0 no factor could lead up again.
    const aboveZero: Rule = ["a number above 0, at most 1", (value) => positive[1](value) && fraction[1](value)];
    checkOptions("optim.LinearLR", options, {
      startFactor: aboveZero,
      endFactor: fraction,
      totalIters: positiveInteger,
    });
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
  private tMax: number;
  private etaMin: number;

  constructor(optimizer: Scheduled, options: { tMax: number; etaMin?: number }) {
    super("optim.CosineAnnealingLR", optimizer);
    checkOptions("optim.CosineAnnealingLR", options, { tMax: positiveInteger, etaMin: nonNegative }, ["tMax"]);
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

/** Settings of `OneCycleLR`, with PyTorch's defaults. */
export interface OneCycleOptions {
  /** The peak, for all groups or one for each. */
  maxLr: number | readonly number[];
  /** The cycle's length in steps; or give `epochs` and `stepsPerEpoch`. */
  totalSteps?: number;
  epochs?: number;
  stepsPerEpoch?: number;
  /** Share of the cycle that climbs; 0.3 by default. */
  pctStart?: number;
  annealStrategy?: "cos" | "linear";
  /** Lets momentum (Adam: β₁) fall while the rate climbs; true by default. */
  cycleMomentum?: boolean;
  /** Momentum at the peak of the rate; 0.85 by default. */
  baseMomentum?: number;
  /** Momentum at the ends; 0.95 by default. */
  maxMomentum?: number;
  /** The first rate is maxLr / divFactor; 25 by default. */
  divFactor?: number;
  /** The last rate is the first / finalDivFactor; 1e4 by default. */
  finalDivFactor?: number;
  /** Comes down as it went up, before the last descent. */
  threePhase?: boolean;
}

/** What a group's momentum is called. */
type Momentum = { momentum?: number; betas?: readonly [number, number] };

/**
 * One climb to a high rate and a descent far below the first: "super-convergence".
 *
 * Step it after every batch; it sets the rates and does not multiply with other schedules.
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.OneCycleLR.html (Smith and Topin, 2017)
 * @throws RangeError on a step beyond the cycle.
 */
export class OneCycleLR extends Schedule {
  private options: Required<Omit<OneCycleOptions, "epochs" | "stepsPerEpoch" | "maxLr">> & { maxLr: readonly number[] };

  constructor(optimizer: Scheduled, options: OneCycleOptions) {
    super("optim.OneCycleLR", optimizer);
    const rates = [
      `a number > 0, or one for each of ${this.groups.length} groups`,
      (value: unknown) =>
        Array.isArray(value) ? value.length === this.groups.length && value.every(positive[1]) : positive[1](value),
    ] as const;
    checkOptions(
      "optim.OneCycleLR",
      options,
      {
        maxLr: rates,
        totalSteps: positiveInteger,
        epochs: positiveInteger,
        stepsPerEpoch: positiveInteger,
        pctStart: fraction,
        annealStrategy: oneOf("cos", "linear"),
        cycleMomentum: flag,
        baseMomentum: belowOne,
        maxMomentum: belowOne,
        divFactor: positive,
        finalDivFactor: positive,
        threePhase: flag,
      },
      ["maxLr"],
    );
    const { maxLr, epochs = Number.NaN, stepsPerEpoch = Number.NaN, cycleMomentum = true } = options;
    const totalSteps = options.totalSteps ?? epochs * stepsPerEpoch;
    if (Number.isNaN(totalSteps)) {
      throw new TypeError(
        "optim.OneCycleLR: expected totalSteps, or epochs and stepsPerEpoch, received neither; count the batches of the whole training",
      );
    }
    if (cycleMomentum && this.groups.some((group) => !("momentum" in group) && !("betas" in group))) {
      throw new TypeError(
        "optim.OneCycleLR: expected an optimiser with momentum or betas, received one without; pass { cycleMomentum: false }",
      );
    }
    this.options = {
      maxLr: typeof maxLr === "number" ? this.groups.map(() => maxLr) : [...maxLr],
      totalSteps,
      pctStart: options.pctStart ?? 0.3,
      annealStrategy: options.annealStrategy ?? "cos",
      cycleMomentum,
      baseMomentum: options.baseMomentum ?? 0.85,
      maxMomentum: options.maxMomentum ?? 0.95,
      divFactor: options.divFactor ?? 25,
      finalDivFactor: options.finalDivFactor ?? 1e4,
      threePhase: options.threePhase ?? false,
    };
    this.initialRates = this.options.maxLr.map((rate) => rate / this.options.divFactor);
    this.groups.forEach((group, i) => {
      group.initialLr = this.initialRates[i];
    });
    this.apply();
  }

  override step(): void {
    if (this.epoch >= this.options.totalSteps) {
      throw new RangeError(
        `optim.OneCycleLR: expected at most ${this.options.totalSteps} steps, received one more; set totalSteps to the batches of the whole training`,
      );
    }
    super.step();
  }

  protected rate(group: ParameterGroup & Momentum, index: number): number {
    const { maxLr, totalSteps, pctStart, cycleMomentum, baseMomentum, maxMomentum, finalDivFactor, threePhase } =
      this.options;
    const first = this.initialRates[index];
    const peak = maxLr[index];
    const climb = { end: pctStart * totalSteps - 1, from: first, to: peak, momentum: [maxMomentum, baseMomentum] };
    const last = { end: totalSteps - 1, to: first / finalDivFactor };
    const phases = threePhase
      ? [
          climb,
          { end: 2 * pctStart * totalSteps - 2, from: peak, to: first, momentum: [baseMomentum, maxMomentum] },
          { ...last, from: first, momentum: [maxMomentum, maxMomentum] },
        ]
      : [climb, { ...last, from: peak, momentum: [baseMomentum, maxMomentum] }];
    let at = phases.findIndex(({ end }) => this.epoch <= end);
    if (at < 0) at = phases.length - 1;
    const start = at === 0 ? 0 : phases[at - 1].end;
    const phase = phases[at];
    const share = phase.end === start ? 1 : (this.epoch - start) / (phase.end - start); // a climb of one step is its end
    if (cycleMomentum) {
      const momentum = this.anneal(phase.momentum[0], phase.momentum[1], share);
      if (group.betas !== undefined) group.betas = [momentum, group.betas[1]];
      else group.momentum = momentum;
    }
    return this.anneal(phase.from, phase.to, share);
  }

  private anneal(from: number, to: number, share: number): number {
    if (this.options.annealStrategy === "linear") return (to - from) * share + from;
    return to + ((from - to) / 2) * (Math.cos(Math.PI * share) + 1);
  }

  protected settings(): ScheduleState {
    const { maxLr, ...rest } = this.options;
    return { one_cycle: { maxLr: [...maxLr], ...rest } };
  }

  protected restoreSettings(saved: ScheduleState): void {
    this.options = { ...this.options, ...(saved.one_cycle as object) };
  }
}
