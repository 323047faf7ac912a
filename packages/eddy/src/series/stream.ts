/** Stream: predictions one step at a time, with a carried state. A stream that keeps learning will be `learner.ts`, beside this file. */
import { display, fault } from "../fault.ts";
import { checkOptions, rule } from "../nn/options.ts";
import { numelOf, show } from "../tensor/shape.ts";
import type { PlainTensor } from "../tensor/tensor.ts";
import { partsOfGaps } from "./data/gaps.ts";
import { type HeldInputs, startOfHeld, stepFeatures } from "./data/held-inputs.ts";
import { dataError } from "./data/words.ts";
import type { ModelParts } from "./file/model-parts.ts";
import { defaultLevel } from "./intervals/intervals.ts";
import { levelRule, predictedColumns } from "./intervals/predicted-columns.ts";
import type { SimulatorState } from "./network/simulator.ts";

/**
 * A state as plain data: the latest features that the filter reads, (taps − 1, 1, features), if any; then for each network the
 * parts of its cell's state, h and for an LSTM c, (layers, 1, hidden); then how far inputs were outside of their range. If missing
 * inputs are filled, the last value of each input and its age in rows follow, (2, 1, inputs). A Tensor is plain data too.
 */
export type State = readonly PlainTensor[];

/** Settings of `Model.stream`. */
export interface StreamOptions {
  /** The state to continue from: the `state` of another stream. By default, the initial state of a series. */
  state?: State;
  /** The probability of the intervals, from 0.5 to 0.99; false for none. 0.9 by default. */
  level?: number | false;
}

/** The targets of one step with the bounds of their intervals, as in `Model.predict`; NaN where an input was missing. */
export type Step = Record<string, number>;

/**
 * Predicts row by row with a carried state. Every step takes the same time; the results are bit-identical to `Model.predict`, except
 * that a stream cannot look ahead: where the model interpolates gaps, a stream holds the last value.
 *
 * @example const { y } = model.stream().predict({ u: 0.3 });
 */
export class Stream {
  readonly #model: ModelParts;
  readonly #level: number | false;
  #state: SimulatorState;
  #held: HeldInputs;
  #filled: readonly string[] = [];
  #interrupted: readonly string[] = [];

  /** @internal Use `Model.stream`. */
  constructor(model: ModelParts, options: StreamOptions) {
    const rules = { state: rule("the state of a stream", Array.isArray), level: levelRule };
    checkOptions("Model.stream", options, rules);
    this.#model = model;
    this.#level = options.level ?? defaultLevel;
    const { ensemble } = model;
    const start = startOfHeld(model.options);
    if (options.state === undefined) [this.#state, this.#held] = [ensemble.start(1), start];
    else {
      const parts = checkedState(options.state, stateShapes(model));
      this.#state = parts.slice(0, ensemble.parts.length);
      this.#held = parts[ensemble.parts.length] ?? start;
    }
  }

  /** A copy of the carried state. */
  get state(): State {
    const shapes = stateShapes(this.#model);
    return [...this.#state, this.#held]
      .slice(0, shapes.length)
      .map((part, i) => ({ shape: shapes[i], data: part.slice() }));
  }

  /** The inputs that were missing in the latest step and filled with their last value. */
  get filled(): readonly string[] {
    return this.#filled;
  }

  /** The inputs that were missing in the latest step and not filled: it has no prediction, and the state starts again after it. */
  get interrupted(): readonly string[] {
    return this.#interrupted;
  }

  /**
   * Advances by one row and predicts its targets in the data's units. A category is given as text.
   *
   * A missing input (NaN, or for a category a text that the model does not know) is filled with the last value for as many rows as
   * the model's option `gaps` says; `filled` then has its name. After that, the step gives NaN and resets the state, as in
   * `Model.predict`, and `interrupted` has its name.
   * @throws DataError for inputs that are omitted, of the wrong type, infinite or beyond float32 after scaling.
   */
  predict(row: Record<string, number | string>): Step {
    if (typeof row !== "object" || row === null) {
      throw fault("type", "Stream.predict", "an object of inputs", display(row), "for example { u: 0.3 }");
    }
    const { options, inputScaler, ensemble } = this.#model;
    const { x, filled, interrupted, held } = stepFeatures("Stream.predict", row, options, inputScaler, this.#held);
    if (interrupted.length > 0) {
      this.#advance(ensemble.start(1), held, filled, interrupted);
      const none = new Float32Array(options.targets.length).fill(Number.NaN);
      return stepOf(predictedColumns(this.#model, none, none, Float32Array.of(0), this.#level));
    }
    const [y, next, spread, outside] = ensemble.forward(x, 1, this.#state);
    const step = stepOf(predictedColumns(this.#model, y, spread, outside, this.#level));
    const infinite = Object.values(step).find((value) => !Number.isFinite(value));
    if (infinite !== undefined) throw dataError("beyond-output", { received: String(infinite) }, "Stream.predict");
    this.#advance(next, held, filled, interrupted);
    return step;
  }

  #advance(state: SimulatorState, held: HeldInputs, filled: readonly string[], interrupted: readonly string[]): void {
    [this.#state, this.#held, this.#filled, this.#interrupted] = [state, held, filled, interrupted];
  }
}

/** The values of columns with one row. */
const stepOf = (columns: ReadonlyMap<string, Float64Array>): Step =>
  Object.fromEntries(Array.from(columns, ([name, [value]]) => [name, value]));

/** The shape of each part of a stream's state: those of the ensemble and, if the model fills gaps, the values that it holds. */
const stateShapes = ({ ensemble, options }: ModelParts): number[][] => [
  ...ensemble.parts.map(({ rows, width }) => [rows, 1, width]),
  ...(partsOfGaps(options.gaps).rows > 0 ? [[2, 1, options.inputs.length]] : []),
];

/** A copy of a state, whose parts must have these shapes. */
function checkedState(state: readonly unknown[], shapes: readonly number[][]): Float32Array[] {
  const expected = shapes.map(show).join(" and ");
  const received = state.map((part) => {
    const { shape: own, data } = (part ?? {}) as Partial<PlainTensor>;
    const isPlain = Array.isArray(own) && data instanceof Float32Array && data.length === numelOf(own);
    return isPlain ? show(own) : display(part);
  });
  if (received.join(" and ") !== expected) {
    const found = received.join(" and ") || "none";
    throw fault(
      "shape",
      "Model.stream",
      expected === "" ? "an empty state" : `a state of shape ${expected}`,
      found,
      "pass the state of a stream of this model",
    );
  }
  const parts = (state as State).map(({ data }) => data.slice());
  const wrong = parts.flatMap((data) => data.find((value) => !Number.isFinite(value)) ?? []);
  if (wrong.length > 0) throw fault("value", "Model.stream", "a state of finite numbers", String(wrong[0]));
  return parts;
}
