/** Stream: predictions one step at a time, with a state that moves on. */
import { noGrad } from "../tensor/autograd.ts";
import { Tensor } from "../tensor/tensor.ts";
import { DataError } from "./data-error.ts";
import type { Model } from "./model.ts";
import type { State } from "./network.ts";

/** Settings of `Regressor.stream`. */
export interface StreamOptions {
  /** Where to go on: what another stream's `state` gave. The start of a series by default. */
  state?: State;
}

/** The targets of one step; NaN where an input was missing. */
export type Step = Record<string, number>;

/**
 * One carried state; each step costs the same, and gives the bits that `predict` gives for the same rows.
 *
 * @example const { y } = model.stream().predict({ u: 0.3 });
 */
export class Stream {
  readonly #model: Model;
  #state: State;

  /** @internal Use `Regressor.stream`. */
  constructor(model: Model, { state }: StreamOptions) {
    this.#model = model;
    this.#state = state ?? noGrad(() => model.network.start(1));
  }

  /** The carried state: h, and c of an LSTM, each (layers, 1, hidden). */
  get state(): State {
    return this.#state;
  }

  /**
   * Moves on by one row and gives its targets in the data's units.
   *
   * A missing input (NaN) gives NaN and starts the state anew, as a gap does in `predict`.
   * @throws DataError for inputs that are left out, no numbers, infinite or beyond float32 after scaling.
   */
  predict(row: Record<string, number>): Step {
    const { options, inputScaler, targetScaler, network } = this.#model;
    const x = new Float32Array(options.inputs.length);
    let missing = false;
    for (const [j, name] of options.inputs.entries()) {
      const value: unknown = row[name];
      if (typeof value !== "number") {
        const received = value === undefined ? "nothing" : String(value);
        throw new DataError("no-value", { column: name, received }, "Stream.predict");
      }
      const scale = inputScaler.scale[j];
      x[j] = scale === 0 ? value * 0 : (value - inputScaler.center[j]) / scale;
      if (Number.isNaN(value)) missing = true;
      else if (!Number.isFinite(x[j])) {
        throw new DataError("beyond-scale", { column: name, received: value }, "Stream.predict");
      }
    }
    if (missing) {
      this.#state = noGrad(() => network.start(1));
      return Object.fromEntries(options.targets.map((name) => [name, Number.NaN]));
    }
    const [y, next] = noGrad(() => network.forward(new Tensor(x, [1, 1, x.length]), this.#state));
    this.#state = next;
    return Object.fromEntries(
      options.targets.map((name, j) => [name, y.data[j] * targetScaler.scale[j] + targetScaler.center[j]]),
    );
  }
}
