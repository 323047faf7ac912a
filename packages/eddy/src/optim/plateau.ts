/** ReduceLROnPlateau: lower learning rates when a measured value stops improving. */
import { display, fault } from "../fault.ts";
import { belowOne, checkOptions, nonNegative, oneOf, rule, wholeNumber } from "../nn/options.ts";
import { Tensor } from "../tensor/tensor.ts";
import { forEach, perGroup, RateControl, type Scheduled, type ScheduleState, savedForEach } from "./rate-control.ts";

/** Settings of `ReduceLROnPlateau`, with PyTorch's defaults. */
export interface PlateauOptions {
  /** Whether lower ("min") or higher ("max") values are better; "min" by default. */
  mode?: "min" | "max";
  /** The factor by which a rate is multiplied; 0.1 by default. */
  factor?: number;
  /** The number of consecutive steps without improvement to tolerate; 10 by default. */
  patience?: number;
  /** The minimum change that counts as an improvement; 1e-4 by default. */
  threshold?: number;
  /** Whether the threshold is relative to the best value or absolute; "rel" by default. */
  thresholdMode?: "rel" | "abs";
  /** The number of steps after a reduction in which bad values are ignored; 0 by default. */
  cooldown?: number;
  /** Lower bound of the rates, one for all groups or one per group; 0 by default. */
  minLr?: number | readonly number[];
  /** The minimum change of a rate; smaller ones are skipped; 1e-8 by default. */
  eps?: number;
}

/**
 * Multiplies the rates by `factor` when a value (the validation loss) has not improved for more than `patience` steps.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ReduceLROnPlateau.html
 * @throws TypeError for settings out of range.
 * @example
 * const schedule = new optim.ReduceLROnPlateau(optimizer, { patience: 5, factor: 0.5 });
 * schedule.step(validationLoss); // after each epoch
 */
export class ReduceLROnPlateau extends RateControl<Required<Omit<PlateauOptions, "minLr">>> {
  #minLrs: readonly number[];
  #best: number;
  #badEpochs = 0;
  #coolingDown = 0;

  constructor(optimizer: Scheduled, options: PlateauOptions = {}) {
    super(
      "optim.ReduceLROnPlateau",
      optimizer,
      options,
      {
        mode: [oneOf("min", "max"), "min"],
        factor: [belowOne, 0.1],
        patience: [wholeNumber, 10],
        threshold: [nonNegative, 1e-4],
        thresholdMode: [oneOf("rel", "abs"), "rel"],
        cooldown: [wholeNumber, 0],
        eps: [nonNegative, 1e-8],
      },
      { minLr: perGroup(nonNegative, optimizer) },
    );
    this.#minLrs = forEach(this.groups, options.minLr ?? 0);
    this.#best = this.#worst;
  }

  get #worst(): number {
    return this.settings.mode === "min" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  }

  #isBetter(value: number): boolean {
    const { mode, threshold, thresholdMode } = this.settings;
    const sign = mode === "min" ? -1 : 1;
    const bound = thresholdMode === "rel" ? this.#best * (1 + sign * threshold) : this.#best + sign * threshold;
    return mode === "min" ? value < bound : value > bound;
  }

  /**
   * Receives one measured value, and lowers the rates after more than `patience` without improvement. NaN is never an improvement.
   *
   * @throws TypeError for anything other than a number or a tensor of one element.
   */
  step(value: number | Tensor): void {
    const measured = value instanceof Tensor ? value.item() : value;
    if (typeof measured !== "number") {
      throw fault(
        "type",
        "optim.ReduceLROnPlateau.step",
        "the measured value",
        display(value),
        "pass the validation loss",
      );
    }
    this.epoch++;
    if (this.#isBetter(measured)) {
      this.#best = measured;
      this.#badEpochs = 0;
    } else {
      this.#badEpochs++;
    }
    if (this.#coolingDown > 0) {
      this.#coolingDown--;
      this.#badEpochs = 0;
    }
    const { patience, cooldown, factor, eps } = this.settings;
    if (this.#badEpochs <= patience) return;
    this.groups.forEach((group, i) => {
      const newRate = Math.max(group.lr * factor, this.#minLrs[i]);
      if (group.lr - newRate > eps) group.lr = newRate;
    });
    this.#coolingDown = cooldown;
    this.#badEpochs = 0;
  }

  /** `best` is null before the first value, because JSON cannot represent Infinity. */
  protected override get progress(): ScheduleState {
    return {
      min_lrs: [...this.#minLrs],
      best: Number.isFinite(this.#best) ? this.#best : null,
      num_bad_epochs: this.#badEpochs,
      cooldown_counter: this.#coolingDown,
    };
  }

  protected override checkProgress(caller: string, saved: ScheduleState): () => void {
    const minLrs = savedForEach(caller, this.groups, "min_lrs", saved);
    const { num_bad_epochs: badEpochs, cooldown_counter: coolingDown, best } = saved;
    const measured = rule("a number or null", (value) => value === null || typeof value === "number");
    checkOptions(
      caller,
      { badEpochs, coolingDown, best },
      { badEpochs: wholeNumber, coolingDown: wholeNumber, best: measured },
      ["badEpochs", "coolingDown"],
    );
    return () => {
      this.#minLrs = minLrs;
      this.#best = (best as number | null | undefined) ?? this.#worst;
      this.#badEpochs = badEpochs as number;
      this.#coolingDown = coolingDown as number;
    };
  }
}
