/** Stream: predictions one step at a time, with a state that moves on. */

import { display, fault } from "../fault.ts";
import { checkOptions, rule } from "../nn/options.ts";
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
  constructor(model: Model, options: StreamOptions) {
    checkOptions("Regressor.stream", options, { state: rule("what a stream's state gave", Array.isArray) });
    this.#model = model;
    const start = noGrad(() => model.network.start(1));
    this.#state = options.state === undefined ? start : checkedState(options.state, start);
  }

  /** A copy of the carried state: h, and c of an LSTM, each (layers, 1, hidden). */
  get state(): State {
    return this.#state.map(copyOf);
  }

  /**
   * Moves on by one row and gives its targets in the data's units.
   *
   * A missing input (NaN) gives NaN and starts the state anew, as a gap does in `predict`.
   * @throws DataError for inputs that are left out, no numbers, infinite or beyond float32 after scaling.
   */
  predict(row: Record<string, number>): Step {
    if (typeof row !== "object" || row === null) {
      throw fault("type", "Stream.predict", "an object of inputs", display(row), "for example { u: 0.3 }");
    }
    const { options, inputScaler, targetScaler, network } = this.#model;
    const x = new Float32Array(options.inputs.length);
    let missing = false;
    for (const [j, name] of options.inputs.entries()) {
      const value: unknown = row[name];
      if (typeof value !== "number") {
        const received =
          value === undefined ? "nothing" : typeof value === "string" ? `"${value.slice(0, 40)}"` : display(value);
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
    const step = options.targets.map(
      (name, j) => [name, y.data[j] * targetScaler.scale[j] + targetScaler.center[j]] as const,
    );
    const beyond = step.find(([, value]) => !Number.isFinite(value));
    if (beyond !== undefined) throw new DataError("beyond-output", { received: String(beyond[1]) }, "Stream.predict");
    this.#state = next;
    return Object.fromEntries(step);
  }
}

const copyOf = (part: Tensor) => new Tensor(part.data.slice(), part.shape);

/** A copy of a state that fits the network, as its start does. */
function checkedState(state: readonly unknown[], start: State): State {
  const expected = start.map(({ shape }) => `[${shape.join(", ")}]`).join(" and ");
  const received = state.map((part) => (part instanceof Tensor ? `[${part.shape.join(", ")}]` : display(part)));
  if (received.join(" and ") !== expected) {
    const found = received.join(" and ") || "none";
    throw fault(
      "shape",
      "Regressor.stream",
      `a state of shape ${expected}`,
      found,
      "pass the state of a stream of this model",
    );
  }
  const parts = (state as readonly Tensor[]).map(copyOf);
  const wrong = parts.flatMap(({ data }) => data.find((value) => !Number.isFinite(value)) ?? []);
  if (wrong.length > 0) throw fault("value", "Regressor.stream", "a state of finite numbers", String(wrong[0]));
  return parts;
}
