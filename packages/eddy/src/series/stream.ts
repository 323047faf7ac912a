/** Stream: predictions one step at a time, with a carried state. A stream that keeps learning will be `learner.ts`, beside this file. */
import { display, fault } from "../fault.ts";
import { checkOptions, rule } from "../nn/options.ts";
import { numelOf, show } from "../tensor/shape.ts";
import type { PlainTensor } from "../tensor/tensor.ts";
import { scaled } from "./data/scaler.ts";
import { dataError } from "./data/words.ts";
import type { ModelParts } from "./file/model-parts.ts";
import { defaultLevel } from "./intervals/intervals.ts";
import { levelRule, predictedColumns } from "./intervals/predicted-columns.ts";
import type { Ensemble } from "./network/ensemble.ts";
import type { SimulatorState } from "./network/simulator.ts";

/**
 * A state as plain data: the latest inputs that the filter reads, (taps − 1, 1, inputs), if any; then for each network the
 * parts of its cell's state, h and for an LSTM c, (layers, 1, hidden). A Tensor is plain data too.
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
 * Predicts row by row with a carried state. Every step takes the same time; the results are bit-identical to `Model.predict`.
 *
 * @example const { y } = model.stream().predict({ u: 0.3 });
 */
export class Stream {
  readonly #model: ModelParts;
  readonly #level: number | false;
  #state: SimulatorState;

  /** @internal Use `Model.stream`. */
  constructor(model: ModelParts, options: StreamOptions) {
    const rules = { state: rule("the state of a stream", Array.isArray), level: levelRule };
    checkOptions("Model.stream", options, rules);
    this.#model = model;
    this.#level = options.level ?? defaultLevel;
    this.#state = options.state === undefined ? model.ensemble.start(1) : checkedState(options.state, model.ensemble);
  }

  /** A copy of the carried state. */
  get state(): State {
    const shapes = stateShapes(this.#model.ensemble);
    return this.#state.map((part, i) => ({ shape: shapes[i], data: part.slice() }));
  }

  /**
   * Advances by one row and predicts its targets in the data's units.
   *
   * A missing input (NaN) gives NaN and resets the state, as in `Model.predict`.
   * @throws DataError for inputs that are omitted, not numbers, infinite or beyond float32 after scaling.
   */
  predict(row: Record<string, number>): Step {
    if (typeof row !== "object" || row === null) {
      throw fault("type", "Stream.predict", "an object of inputs", display(row), "for example { u: 0.3 }");
    }
    const { options, inputScaler, ensemble } = this.#model;
    const x = new Float32Array(options.inputs.length);
    let missing = false;
    for (const [j, name] of options.inputs.entries()) {
      const value: unknown = row[name];
      if (typeof value !== "number") {
        const received =
          value === undefined ? "nothing" : typeof value === "string" ? `"${value.slice(0, 40)}"` : display(value);
        throw dataError("no-value", { column: name, received }, "Stream.predict");
      }
      x[j] = scaled(value, inputScaler, j);
      if (Number.isNaN(value)) missing = true;
      else if (!Number.isFinite(x[j])) {
        throw dataError("beyond-scale", { column: name, received: value }, "Stream.predict");
      }
    }
    if (missing) {
      this.#state = ensemble.start(1);
      const none = new Float32Array(options.targets.length).fill(Number.NaN);
      return stepOf(predictedColumns(this.#model, none, none, Float32Array.of(0), this.#level));
    }
    const [y, next, spread, outside] = ensemble.forward(x, 1, this.#state);
    const step = stepOf(predictedColumns(this.#model, y, spread, outside, this.#level));
    const beyond = Object.values(step).find((value) => !Number.isFinite(value));
    if (beyond !== undefined) throw dataError("beyond-output", { received: String(beyond) }, "Stream.predict");
    this.#state = next;
    return step;
  }
}

/** The values of columns with one row. */
const stepOf = (columns: ReadonlyMap<string, Float64Array>): Step =>
  Object.fromEntries(Array.from(columns, ([name, [value]]) => [name, value]));

/** The shape of each part of a stream's state. */
const stateShapes = ({ parts }: Ensemble) => parts.map(({ rows, width }) => [rows, 1, width]);

/** A copy of a state, whose parts must have the shapes of the ensemble's. */
function checkedState(state: readonly unknown[], ensemble: Ensemble): SimulatorState {
  const expected = stateShapes(ensemble).map(show).join(" and ");
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
