/** The schedule that waits for a measured value to stop getting better. */
import { display, fault } from "../fault.ts";
import { belowOne, checkOptions, nonNegative, oneOf, rule, wholeNumber } from "../nn/options.ts";
import { Tensor } from "../tensor/tensor.ts";
import { forEach, perGroup, RateControl, type Scheduled, type ScheduleState, savedForEach } from "./rate-control.ts";

/** Settings of `ReduceLROnPlateau`, with PyTorch's defaults. */
export interface PlateauOptions {
  /** Whether small or large values are good; "min" by default. */
  mode?: "min" | "max";
  /** The rate becomes this share of itself; 0.1 by default. */
  factor?: number;
  /** So many steps in a row may be no better; 10 by default. */
  patience?: number;
  /** Better means better by more than this; 1e-4 by default. */
  threshold?: number;
  /** Whether the threshold is a share of the best value or a difference; "rel" by default. */
  thresholdMode?: "rel" | "abs";
  /** So many steps after a reduction do not count; 0 by default. */
  cooldown?: number;
  /** Rates do not fall below, for all groups or one for each; 0 by default. */
  minLr?: number | readonly number[];
  /** Smaller changes of a rate are left out; 1e-8 by default. */
  eps?: number;
}

/**
 * Lowers the rates when a value (the validation loss) has not got better for more than `patience` steps.
 *
 * Source: https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ReduceLROnPlateau.html
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
   * Takes one measured value and, when there was no better one for too long, lowers the rates. NaN is never better.
   * @throws TypeError for anything but a number or a tensor of one element.
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
      const lower = Math.max(group.lr * factor, this.#minLrs[i]);
      if (group.lr - lower > eps) group.lr = lower;
    });
    this.#coolingDown = cooldown;
    this.#badEpochs = 0;
  }

  /** Before the first value there is no `best`: null, so that it survives JSON. */
  protected override get progress(): ScheduleState {
    return {
      min_lrs: [...this.#minLrs],
      best: Number.isFinite(this.#best) ? this.#best : null,
      num_bad_epochs: this.#badEpochs,
      cooldown_counter: this.#coolingDown,
    };
  }

  protected override checkProgress(owner: string, saved: ScheduleState): () => void {
    const minLrs = savedForEach(owner, this.groups, "min_lrs", saved);
    const { num_bad_epochs: badEpochs, cooldown_counter: coolingDown, best } = saved;
    const measured = rule("a number or null", (value) => value === null || typeof value === "number");
    checkOptions(
      owner,
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
