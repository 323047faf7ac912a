/** Schedules by a function or by milestones, with restarts, and one after another. */
import { fault, isListOf } from "../fault.ts";
import { mismatchOf, nonNegative, numberThat, positiveInteger, rule, wholeNumber } from "../nn/options.ts";
import type { ParameterGroup } from "./optimizer.ts";
import type { Scheduled, ScheduleState } from "./rate-control.ts";
import { Schedule } from "./schedules.ts";

/** The factor of the initial learning rate after a number of steps. */
export type RateFactor = (epoch: number) => number;

/**
 * The initial rate times a function of the number of steps, η_t = η_0 · f(t); or one function for each group.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LambdaLR.html
 * @throws TypeError for anything other than functions, one for each group.
 * @example const schedule = new optim.LambdaLR(optimizer, (epoch) => 0.95 ** epoch);
 */
export class LambdaLR extends Schedule {
  readonly #factors: readonly RateFactor[];

  constructor(optimizer: Scheduled, lrLambda: RateFactor | readonly RateFactor[]) {
    const count = optimizer?.paramGroups?.length;
    const isFunction = (value: unknown) => typeof value === "function";
    super("optim.LambdaLR", optimizer, { lrLambda }, {}, {
      lrLambda: rule(
        "a function, or a list with one for each group",
        (value) => isFunction(value) || (isListOf(value, isFunction) && (value as unknown[]).length === count),
      ),
    }, ["lrLambda"]); // biome-ignore format: the arguments of the base
    this.#factors = typeof lrLambda === "function" ? this.groups.map(() => lrLambda) : [...lrLambda];
    this.apply();
  }

  protected rate(_: ParameterGroup, index: number): number {
    return this.initialRates[index] * this.#factors[index](this.epoch);
  }
}

const milestonesRule = rule("a list of integers ≥ 0 in ascending order", (value) => {
  const list = value as number[];
  return (
    isListOf(value, (step) => !mismatchOf(wholeNumber, step)) && list.every((step, i) => i === 0 || step >= list[i - 1])
  );
});

/**
 * Multiplies the rate by `gamma` (0.1 by default) at each of the milestones.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.MultiStepLR.html
 * @throws TypeError for settings out of range.
 * @example const schedule = new optim.MultiStepLR(optimizer, { milestones: [30, 80] });
 */
export class MultiStepLR extends Schedule<{ milestones: readonly number[]; gamma: number }> {
  constructor(optimizer: Scheduled, options: { milestones: readonly number[]; gamma?: number }) {
    super("optim.MultiStepLR", optimizer, options, { milestones: [milestonesRule], gamma: [nonNegative, 0.1] });
    this.settings.milestones = [...this.settings.milestones];
    this.apply();
  }

  protected rate({ lr }: ParameterGroup): number {
    const { milestones, gamma } = this.settings;
    return lr * gamma ** milestones.filter((step) => step === this.epoch).length;
  }
}

const aboveZero = numberThat("a number above 0, at most 1", (value) => value > 0 && value <= 1);

/**
 * Multiplies the rate by `factor` (1/3 by default) for the first `totalIters` (5) steps.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ConstantLR.html
 * @throws TypeError for settings out of range.
 * @example const warmUp = new optim.ConstantLR(optimizer, { factor: 0.1, totalIters: 10 });
 */
export class ConstantLR extends Schedule<{ factor: number; totalIters: number }> {
  constructor(optimizer: Scheduled, options: { factor?: number; totalIters?: number } = {}) {
    super("optim.ConstantLR", optimizer, options, { factor: [aboveZero, 1 / 3], totalIters: [positiveInteger, 5] });
    this.apply();
  }

  protected rate({ lr }: ParameterGroup): number {
    const { factor, totalIters } = this.settings;
    if (this.epoch === 0) return lr * factor;
    return this.epoch === totalIters ? lr * (1 / factor) : lr;
  }
}

/**
 * Cosine annealing with restarts: from the initial rate to `etaMin` (0 by default) within `t0` steps, then again within
 * `tMult` (1) times as many, and so on.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingWarmRestarts.html
 * @throws TypeError for settings out of range.
 * @example const schedule = new optim.CosineAnnealingWarmRestarts(optimizer, { t0: 10, tMult: 2 });
 */
export class CosineAnnealingWarmRestarts extends Schedule<{ t0: number; tMult: number; etaMin: number }> {
  constructor(optimizer: Scheduled, options: { t0: number; tMult?: number; etaMin?: number }) {
    super("optim.CosineAnnealingWarmRestarts", optimizer, options, {
      t0: [positiveInteger],
      tMult: [positiveInteger, 1],
      etaMin: [nonNegative, 0],
    });
    this.apply();
  }

  protected rate(_: ParameterGroup, index: number): number {
    const { t0, tMult, etaMin } = this.settings;
    let length = t0;
    let at = this.epoch;
    if (tMult === 1) at %= t0;
    for (; at >= length; length *= tMult) at -= length;
    return etaMin + ((this.initialRates[index] - etaMin) * (1 + Math.cos((Math.PI * at) / length))) / 2;
  }
}

/**
 * Schedules one after another: each milestone is the step at which the next one begins.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.SequentialLR.html
 * @throws TypeError unless there is one milestone fewer than there are schedules.
 * @example
 * const warmUp = new optim.LinearLR(optimizer, { totalIters: 5 });
 * const decay = new optim.CosineAnnealingLR(optimizer, { tMax: 95 });
 * const schedule = new optim.SequentialLR(optimizer, { schedulers: [warmUp, decay], milestones: [5] });
 */
export class SequentialLR extends Schedule<{ milestones: readonly number[] }> {
  readonly #schedulers: readonly Schedule[];

  constructor(optimizer: Scheduled, options: { schedulers: readonly Schedule[]; milestones: readonly number[] }) {
    const schedulersRule = rule(
      "a list of schedules that step without arguments",
      (value) => isListOf(value, (entry) => entry instanceof Schedule) && (value as unknown[]).length > 0,
    );
    super("optim.SequentialLR", optimizer, options, { milestones: [milestonesRule] }, { schedulers: schedulersRule }, [
      "schedulers",
    ]);
    const { schedulers, milestones } = options;
    if (milestones.length !== schedulers.length - 1) {
      const expected = `${schedulers.length - 1} milestones for ${schedulers.length} schedules`;
      throw fault("type", "optim.SequentialLR", expected, `${milestones.length}`, "a milestone ends each but the last");
    }
    this.#schedulers = [...schedulers];
    this.settings.milestones = [...milestones];
    schedulers[0].restart();
  }

  override step(): void {
    this.epoch++;
    const { milestones } = this.settings;
    const at = milestones.filter((step) => step <= this.epoch).length;
    if (at > 0 && milestones[at - 1] === this.epoch) this.#schedulers[at].restart();
    else this.#schedulers[at].step();
  }

  protected rate({ lr }: ParameterGroup): number {
    return lr;
  }

  protected override get progress(): ScheduleState {
    return { ...super.progress, _schedulers: this.#schedulers.map((schedule) => schedule.stateDict()) };
  }

  override loadStateDict(saved: ScheduleState): void {
    const states: unknown = saved?._schedulers;
    if (!Array.isArray(states) || states.length !== this.#schedulers.length) {
      const expected = `the states of ${this.#schedulers.length} schedules`;
      throw fault(
        "state",
        "optim.SequentialLR.loadStateDict",
        expected,
        "others",
        "load the state of the same schedules",
      );
    }
    super.loadStateDict(saved);
    for (const [i, schedule] of this.#schedulers.entries()) schedule.loadStateDict(states[i]);
  }
}
