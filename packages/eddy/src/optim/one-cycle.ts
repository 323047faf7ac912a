/** The schedule that climbs to a high rate once and comes down far below the first. */
import { fault } from "../fault.ts";
import { belowOne, flag, fraction, oneOf, positive, positiveInteger } from "../nn/options.ts";
import type { ParameterGroup } from "./optimizer.ts";
import { forEach, perGroup, type Scheduled, type ScheduleState, savedForEach } from "./rate-control.ts";
import { Schedule } from "./schedules.ts";

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
export class OneCycleLR extends Schedule<Required<Omit<OneCycleOptions, "epochs" | "stepsPerEpoch" | "maxLr">>> {
  #peaks: readonly number[];

  constructor(optimizer: Scheduled, options: OneCycleOptions) {
    super(
      "optim.OneCycleLR",
      optimizer,
      options,
      {
        totalSteps: [positiveInteger, Number.NaN],
        pctStart: [fraction, 0.3],
        annealStrategy: [oneOf("cos", "linear"), "cos"],
        cycleMomentum: [flag, true],
        baseMomentum: [belowOne, 0.85],
        maxMomentum: [belowOne, 0.95],
        divFactor: [positive, 25],
        finalDivFactor: [positive, 1e4],
        threePhase: [flag, false],
      },
      { maxLr: perGroup(positive, optimizer), epochs: positiveInteger, stepsPerEpoch: positiveInteger },
      ["maxLr"],
    );
    const { settings } = this;
    const { maxLr, epochs = Number.NaN, stepsPerEpoch = Number.NaN } = options;
    settings.totalSteps ||= epochs * stepsPerEpoch;
    if (Number.isNaN(settings.totalSteps)) {
      throw fault(
        "type",
        "optim.OneCycleLR",
        "totalSteps, or epochs and stepsPerEpoch",
        "neither",
        "count the batches of the whole training",
      );
    }
    if (settings.cycleMomentum && this.groups.some((group) => !("momentum" in group) && !("betas" in group))) {
      throw fault(
        "type",
        "optim.OneCycleLR",
        "an optimiser with momentum or betas",
        "one without",
        "pass { cycleMomentum: false }",
      );
    }
    this.#peaks = forEach(this.groups, maxLr);
    this.initialRates = this.#peaks.map((rate) => rate / settings.divFactor);
    this.groups.forEach((group, i) => {
      group.initialLr = this.initialRates[i];
    });
    this.apply();
  }

  override step(): void {
    if (this.epoch >= this.settings.totalSteps) {
      throw fault(
        "value",
        "optim.OneCycleLR",
        `at most ${this.settings.totalSteps} steps`,
        "one more",
        "set totalSteps to the batches of the whole training",
      );
    }
    super.step();
  }

  protected rate(group: ParameterGroup & Momentum, index: number): number {
    const { totalSteps, pctStart, cycleMomentum, baseMomentum, maxMomentum, finalDivFactor, threePhase } =
      this.settings;
    const first = this.initialRates[index];
    const peak = this.#peaks[index];
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
      const momentum = this.#anneal(phase.momentum[0], phase.momentum[1], share);
      if (group.betas !== undefined) group.betas = [momentum, group.betas[1]];
      else group.momentum = momentum;
    }
    return this.#anneal(phase.from, phase.to, share);
  }

  #anneal(from: number, to: number, share: number): number {
    if (this.settings.annealStrategy === "linear") return (to - from) * share + from;
    return to + ((from - to) / 2) * (Math.cos(Math.PI * share) + 1);
  }

  protected override get progress(): ScheduleState {
    return { ...super.progress, max_lrs: [...this.#peaks] };
  }

  protected override checkProgress(owner: string, saved: ScheduleState): () => void {
    const takeOver = super.checkProgress(owner, saved);
    const peaks = savedForEach(owner, this.groups, "max_lrs", saved, positive);
    return () => {
      takeOver();
      this.#peaks = peaks;
    };
  }
}
