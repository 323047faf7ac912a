/** OneCycleLR: one rise to a high learning rate, then a decay far below the initial rate. */
import { fault } from "../fault.ts";
import { belowOne, flag, fraction, oneOf, positive, positiveInteger } from "../nn/options.ts";
import type { ParameterGroup } from "./optimizer.ts";
import { forEach, perGroup, type Scheduled, type ScheduleState, savedForEach } from "./rate-control.ts";
import { Schedule } from "./schedules.ts";

/** Settings of `OneCycleLR`, with PyTorch's defaults. */
export interface OneCycleOptions {
  /** The maximum rate, one for all groups or one per group. */
  maxLr: number | readonly number[];
  /** The length of the cycle in steps; by default epochs · stepsPerEpoch. */
  totalSteps?: number;
  /** The number of epochs, if `totalSteps` is omitted. */
  epochs?: number;
  /** The number of steps (batches) per epoch, if `totalSteps` is omitted. */
  stepsPerEpoch?: number;
  /** Fraction of the cycle in which the rate rises; 0.3 by default. */
  pctStart?: number;
  /** The shape of the rise and the decay: a cosine or a line; "cos" by default. */
  annealStrategy?: "cos" | "linear";
  /** Whether momentum (Adam: β₁) falls while the rate rises, and vice versa; true by default. */
  cycleMomentum?: boolean;
  /** Momentum at the maximum rate; 0.85 by default. */
  baseMomentum?: number;
  /** Momentum at the start and the end; 0.95 by default. */
  maxMomentum?: number;
  /** The initial rate is maxLr / divFactor; 25 by default. */
  divFactor?: number;
  /** The final rate is the initial rate / finalDivFactor; 1e4 by default. */
  finalDivFactor?: number;
  /** Whether the rate returns to the initial rate, as fast as it rose, before the final decay; false by default. */
  threePhase?: boolean;
}

/** Momentum in a group's settings, by either name. */
type Momentum = { momentum?: number; betas?: readonly [number, number] };

/**
 * One rise from maxLr / divFactor to maxLr, then a decay far below the initial rate: "super-convergence".
 *
 * Call `step()` after every batch. It overwrites the rates, so it cannot be combined with other schedules.
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.OneCycleLR.html (Smith and Topin, 2017)
 * @throws RangeError for a step beyond the cycle; TypeError without its length, or without momentum to cycle.
 * @example const schedule = new optim.OneCycleLR(optimizer, { maxLr: 0.1, epochs: 10, stepsPerEpoch: batches.length });
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
        "pass the number of batches in the training run",
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
        "set totalSteps to the number of batches in the training run",
      );
    }
    super.step();
  }

  protected rate(group: ParameterGroup & Momentum, index: number): number {
    const { totalSteps, pctStart, cycleMomentum, baseMomentum, maxMomentum, finalDivFactor, threePhase } =
      this.settings;
    const first = this.initialRates[index];
    const peak = this.#peaks[index];
    const rise = { end: pctStart * totalSteps - 1, from: first, to: peak, momentum: [maxMomentum, baseMomentum] };
    const last = { end: totalSteps - 1, to: first / finalDivFactor };
    const phases = threePhase
      ? [
          rise,
          { end: 2 * pctStart * totalSteps - 2, from: peak, to: first, momentum: [baseMomentum, maxMomentum] },
          { ...last, from: first, momentum: [maxMomentum, maxMomentum] },
        ]
      : [rise, { ...last, from: peak, momentum: [baseMomentum, maxMomentum] }];
    let at = phases.findIndex(({ end }) => this.epoch <= end);
    if (at < 0) at = phases.length - 1;
    const start = at === 0 ? 0 : phases[at - 1].end;
    const phase = phases[at];
    const progress = phase.end === start ? 1 : (this.epoch - start) / (phase.end - start); // a phase of one step is at its end
    if (cycleMomentum) {
      const momentum = this.#anneal(phase.momentum[0], phase.momentum[1], progress);
      if (group.betas !== undefined) group.betas = [momentum, group.betas[1]];
      else group.momentum = momentum;
    }
    return this.#anneal(phase.from, phase.to, progress);
  }

  #anneal(from: number, to: number, progress: number): number {
    if (this.settings.annealStrategy === "linear") return (to - from) * progress + from;
    return to + ((from - to) / 2) * (Math.cos(Math.PI * progress) + 1);
  }

  protected override get progress(): ScheduleState {
    return { ...super.progress, max_lrs: [...this.#peaks] };
  }

  protected override checkProgress(caller: string, saved: ScheduleState): () => void {
    const restore = super.checkProgress(caller, saved);
    const peaks = savedForEach(caller, this.groups, "max_lrs", saved, positive);
    return () => {
      restore();
      this.#peaks = peaks;
    };
  }
}
