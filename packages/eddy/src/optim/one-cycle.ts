/** The schedule that climbs to a high rate once and comes down far below the first. */
import { fault, isListOf } from "../fault.ts";
import { belowOne, checkOptions, flag, fraction, oneOf, positive, positiveInteger, type Rule } from "../nn/options.ts";
import type { ParameterGroup } from "./optimizer.ts";
import { Schedule, type Scheduled, type ScheduleState } from "./schedules.ts";

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

const cycleRules = {
  totalSteps: positiveInteger,
  pctStart: fraction,
  annealStrategy: oneOf("cos", "linear"),
  cycleMomentum: flag,
  baseMomentum: belowOne,
  maxMomentum: belowOne,
  divFactor: positive,
  finalDivFactor: positive,
  threePhase: flag,
};

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
  protected readonly rules: Record<string, Rule> = {
    oneCycle: ["the settings of a OneCycleLR", (value) => typeof value === "object" && value !== null],
  };
  private options: Required<Omit<OneCycleOptions, "epochs" | "stepsPerEpoch" | "maxLr">> & { maxLr: readonly number[] };

  constructor(optimizer: Scheduled, options: OneCycleOptions) {
    super("optim.OneCycleLR", optimizer);
    checkOptions(
      "optim.OneCycleLR",
      options,
      { maxLr: this.maxLrRule, ...cycleRules, epochs: positiveInteger, stepsPerEpoch: positiveInteger },
      ["maxLr"],
    );
    const { maxLr, epochs = Number.NaN, stepsPerEpoch = Number.NaN, cycleMomentum = true } = options;
    const totalSteps = options.totalSteps ?? epochs * stepsPerEpoch;
    if (Number.isNaN(totalSteps)) {
      throw fault(
        "type",
        "optim.OneCycleLR",
        "totalSteps, or epochs and stepsPerEpoch",
        "neither",
        "count the batches of the whole training",
      );
    }
    if (cycleMomentum && this.groups.some((group) => !("momentum" in group) && !("betas" in group))) {
      throw fault(
        "type",
        "optim.OneCycleLR",
        "an optimiser with momentum or betas",
        "one without",
        "pass { cycleMomentum: false }",
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

  private get maxLrRule(): Rule {
    const count = this.groups.length;
    return [
      `a number > 0, or one for each of ${count} groups`,
      (value) => (Array.isArray(value) ? value.length === count && isListOf(value, positive[1]) : positive[1](value)),
    ];
  }

  override step(): void {
    if (this.epoch >= this.options.totalSteps) {
      throw fault(
        "value",
        "optim.OneCycleLR",
        `at most ${this.options.totalSteps} steps`,
        "one more",
        "set totalSteps to the batches of the whole training",
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
    const options = saved.one_cycle as typeof this.options;
    const rules = { maxLr: this.maxLrRule, ...cycleRules };
    checkOptions("OneCycleLR.loadStateDict", options, rules, Object.keys(rules));
    this.options = { ...options, maxLr: [...options.maxLr] };
  }
}
