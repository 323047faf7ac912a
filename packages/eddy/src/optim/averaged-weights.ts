/** Averaged weights: the moving average of a model's weights over its training, or their mean. */
import { fault } from "../fault.ts";
import { Module } from "../nn/module.ts";
import { checkOptions, fraction } from "../nn/options.ts";
import type { Tensor } from "../tensor/tensor.ts";

/**
 * The average of a model's weights over all updates (SWA), or with `decay` their exponential moving average (EMA).
 *
 * w̄ ← w̄ + (w − w̄) / n, or w̄ ← decay · w̄ + (1 − decay) · w; buffers are copied. It keeps a copy of the weights; the model goes on
 * training with its own.
 * Source: https://pytorch.org/docs/stable/optim.html#weight-averaging-swa-and-ema
 * @throws TypeError for anything other than a module, and for a decay that is not from 0 to 1.
 * @example
 * const average = new optim.AveragedWeights(model, { decay: 0.999 });
 * optimizer.step(); average.update();
 * const loss = average.use(() => validate(model)); // with the averaged weights
 * model.loadStateDict(average.stateDict()); // at the end
 */
export class AveragedWeights {
  readonly #model: Module;
  readonly #decay: number | undefined;
  readonly #averages = new Map<string, Float32Array>();
  #updates = 0;

  constructor(model: Module, options: { decay?: number } = {}) {
    if (!(model instanceof Module)) {
      throw fault("type", "optim.AveragedWeights", "a module", typeof model, "pass the model, not its parameters");
    }
    checkOptions("optim.AveragedWeights", options, { decay: fraction });
    this.#model = model;
    this.#decay = options.decay;
    for (const [name, tensor] of this.#tensors()) this.#averages.set(name, tensor.values.slice());
  }

  /** The number of updates so far. */
  get updates(): number {
    return this.#updates;
  }

  #tensors(): [string, Tensor][] {
    return Object.entries(this.#model.stateDict());
  }

  /** Includes the model's present weights in the average; the first update copies them. */
  update(): void {
    const buffers = new Set(this.#model.namedBuffers().map(([name]) => name));
    const share = this.#decay === undefined ? 1 / (this.#updates + 1) : 1 - this.#decay;
    for (const [name, { values }] of this.#tensors()) {
      const average = this.#averages.get(name);
      if (average === undefined) continue;
      if (this.#updates === 0 || buffers.has(name)) average.set(values);
      else for (let i = 0; i < average.length; i++) average[i] += (values[i] - average[i]) * share;
    }
    this.#updates++;
  }

  /** A copy of the averaged weights by their names, for `model.loadStateDict`. */
  stateDict(): Record<string, Tensor> {
    return Object.fromEntries(
      this.#tensors().map(([name, tensor]) => {
        const copy = tensor.clone();
        copy.values.set(this.#averages.get(name) ?? copy.values);
        return [name, copy];
      }),
    );
  }

  /**
   * Runs a function while the model has the averaged weights, then restores its own, and returns the result.
   *
   * @throws Error if the function returns a promise: the model would get its weights back too early.
   */
  use<Result>(compute: () => Result): Result {
    if (typeof compute !== "function") {
      throw fault(
        "type",
        "optim.AveragedWeights.use",
        "a function",
        typeof compute,
        "write use(() => validate(model))",
      );
    }
    const own = Object.fromEntries(this.#tensors().map(([name, tensor]) => [name, tensor.clone()]));
    this.#model.loadStateDict(this.stateDict());
    try {
      const result = compute();
      if (result instanceof Promise) {
        throw fault(
          "state",
          "optim.AveragedWeights.use",
          "a synchronous function",
          "an async one",
          "load stateDict() into another model",
        );
      }
      return result;
    } finally {
      this.#model.loadStateDict(own);
    }
  }
}
