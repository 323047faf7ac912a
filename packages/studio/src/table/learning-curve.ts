// The learning curve while training: the mean of the networks' latest losses and validation errors, by epoch.
import type { TrainingReport } from "eddy/series";

export class LearningCurve {
  /** Epoch → network → loss and validation error. */
  readonly #epochs = new Map<number, Map<number, { loss: number; validation: number }>>();

  add({ phase, kind, network, epoch, loss, validation }: TrainingReport): void {
    if (phase !== "fit" || kind !== "epoch" || validation === undefined) return;
    const networks = this.#epochs.get(epoch) ?? new Map();
    this.#epochs.set(epoch, networks.set(network, { loss, validation: validation.rmse }));
  }

  /** The root of the mean squares over the networks that were validated after an epoch. */
  get points(): { epochs: number[]; loss: number[]; validation: number[] } {
    const sorted = [...this.#epochs].sort(([a], [b]) => a - b);
    const mean = (networks: Map<number, Record<"loss" | "validation", number>>, name: "loss" | "validation") => {
      const power = name === "loss" ? 1 : 2; // the loss is a square already
      return ([...networks.values()].reduce((sum, one) => sum + one[name] ** power, 0) / networks.size) ** (1 / power);
    };
    return {
      epochs: sorted.map(([epoch]) => epoch),
      loss: sorted.map(([, networks]) => mean(networks, "loss")),
      validation: sorted.map(([, networks]) => mean(networks, "validation")),
    };
  }
}
