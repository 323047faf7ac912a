/** Regressor: learns targets from inputs in a frame, predicts them, scores itself and goes into a file. */
import { fault } from "../fault.ts";
import { checkOptions, wholeNumber } from "../nn/options.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { readCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import { DataError } from "./data-error.ts";
import { resolveOptions } from "./defaults.ts";
import { readModel, writeModel } from "./file.ts";
import { type FitProgress, fitting } from "./fit.ts";
import { Frame } from "./frame.ts";
import { compare, type Model, networkOptions } from "./model.ts";
import { parameterCount } from "./network.ts";
import { regressorToOnnx } from "./onnx-export.ts";
import {
  checkFitOptions,
  checkRegressorOptions,
  checkSize,
  type FitOptions,
  type RegressorOptions,
  type ResolvedOptions,
} from "./options.ts";
import { checkInterval, copyOfSource, type DataSource } from "./origin.ts";
import { type Abort, finish, inTurns, type Paced } from "./pace.ts";
import { columnsOf, Part, scaleFrame } from "./part.ts";
import { firstNotFinite, predictStretches } from "./prediction.ts";
import { checkFrame } from "./preparation.ts";
import type { Comparison, FitReport, FitSummary } from "./report.ts";
import { findRuns } from "./runs.ts";
import { scaled, unscaled } from "./scaler.ts";
import { Stream, type StreamOptions } from "./stream.ts";

function copyOfOptions<Options extends RegressorOptions>(options: Options): Options {
  return { ...options, inputs: [...options.inputs], targets: [...options.targets] };
}

/** What `evaluate` gives: scores beside the baselines' on the same rows, and the predictions behind them. */
export interface Evaluation extends Comparison {
  /** Rows of the frame. */
  rows: number;
  /** The targets' predictions, as `predict` gives them. */
  predicted: Frame;
}

/**
 * Learns targets from inputs alone, in rows that follow one another in time: a recurrent network with its scalers,
 * baselines and training record.
 *
 * Shape: a frame of n rows → a frame of n rows. One state is carried through each series; it starts anew behind a row with
 * a missing input and behind a gap in time.
 * @example
 * const model = new Regressor({ inputs: ["u"], targets: ["y"] });
 * for await (const { epoch, validation } of model.fit(frame)) console.log(epoch, validation?.rmse);
 * const { y } = model.predict(other);
 */
export class Regressor {
  readonly #given: RegressorOptions;
  #model: Model | undefined;
  #progress: FitProgress | undefined;
  #fitting = false;

  /** @throws TypeError for settings that are unknown or wrong. */
  constructor(options: RegressorOptions) {
    checkRegressorOptions(options);
    checkSize(options);
    this.#given = copyOfOptions(options);
  }

  /** The settings with their defaults: before a fit, those for a long series. */
  get options(): ResolvedOptions {
    return copyOfOptions(this.#model?.options ?? resolveOptions(this.#given, Number.POSITIVE_INFINITY));
  }

  /**
   * Trains on a frame, in time order: training part, validation part (which stops and chooses), test part (scored once, at
   * the end).
   *
   * Gives a report with each validation, twice a second in between, and the summary at last. The event loop gets a
   * macrotask every few milliseconds. Leaving the loop early keeps the best weights so far, without a summary;
   * `signal` keeps them with one. Equal seeds, data and settings give equal bits; `budgetMs` alone brings in the clock,
   * and the `epochs` that its summary tells give the same bits without it.
   * @throws DataError for data that cannot be learnt from, with row and column where there is one.
   */
  fit(frame: Frame, options: FitOptions = {}): AsyncGenerator<FitReport, FitSummary> {
    // What changes in the options between this call and the first report changes nothing.
    return this.#fit(frame, typeof options === "object" && options !== null ? { ...options } : options);
  }

  async *#fit(frame: Frame, options: FitOptions): AsyncGenerator<FitReport, FitSummary> {
    checkFitOptions(options);
    if (this.#fitting) {
      throw new DataError("fit-under-way", {}, "Regressor.fit");
    }
    const resumed = options.resume === undefined ? undefined : readCheckpoint(options.resume, this.#given, options);
    const before = { model: this.#model, progress: this.#progress };
    this.#fitting = true;
    try {
      return yield* fitting(this.#given, frame, options, resumed, {
        model: (model) => {
          this.#model = model;
        },
        progress: (progress) => {
          this.#progress = progress;
        },
      });
    } finally {
      this.#fitting = false;
      this.#settle(before.model);
    }
  }

  /** After a fit that was left or failed: the best weights so far, or the model that was there before. */
  #settle(before: Model | undefined): void {
    const model = this.#model;
    if (model === undefined || model.summary !== undefined) return;
    const bests = [this.#progress?.champion?.best, this.#progress?.standing?.best].filter((best) => best !== undefined);
    if (bests.length === 0) this.#model = before;
    else model.network.loadStateDict(bests.reduce((a, b) => (b.error < a.error ? b : a)).weights);
  }

  /**
   * The targets of each row in the data's units, with the frame's time and groups; NaN where an input is missing.
   *
   * A frame without time is taken as one row after another; one with time must have the training's sampling interval, to 1 %.
   * @throws DataError for missing columns, values that are infinite or beyond float32 after scaling, and another interval.
   */
  predict(frame: Frame, ...more: never[]): Frame {
    if (more.length > 0)
      throw fault("type", "Regressor.predict", "a Frame alone", `${more.length} further argument(s)`);
    return finish(this.#predicting(frame));
  }

  /** As `predict`, with a macrotask for the event loop every few milliseconds; `signal` ends it with its reason. */
  async predictInTurns(frame: Frame, { signal }: { signal?: Abort } = {}): Promise<Frame> {
    return inTurns(this.#predicting(frame), signal);
  }

  *#predicting(frame: Frame): Paced<Frame> {
    const model = this.trained("predict");
    const { inputs, targets } = this.options;
    checkFrame("Regressor.predict", frame, inputs);
    checkInterval("Regressor.predict", frame, model.origin);
    const x = yield* scaled(model.inputScaler, columnsOf(frame, inputs), frame.length);
    const { ranges } = yield* findRuns(frame, x, inputs.length);
    const out = new Float32Array(frame.length * targets.length).fill(Number.NaN);
    const stretches = ranges.map(({ start, end }) => ({ from: start, start, end }));
    yield* predictStretches(model.network, x, stretches, out);
    const columns = new Map(targets.map((name, j) => [name, unscaled(model.targetScaler, out, j)]));
    for (const values of columns.values()) {
      const row = firstNotFinite(values, ranges);
      if (row === undefined) continue;
      throw new DataError("beyond-output", { row, received: String(values[row]) }, "Regressor.predict");
    }
    return new Frame(columns, { time: frame.time, group: frame.groups });
  }

  /**
   * The model's scores on a frame with targets, beside the baselines' on the same rows.
   *
   * @param options.washout rows after each start of a state that are not scored; the model's own by default.
   */
  evaluate(frame: Frame, options: { washout?: number } = {}): Evaluation {
    return finish(this.#evaluating(frame, options));
  }

  /** As `evaluate`, with a macrotask for the event loop every few milliseconds; `signal` ends it with its reason. */
  async evaluateInTurns(
    frame: Frame,
    { signal, ...options }: { washout?: number; signal?: Abort } = {},
  ): Promise<Evaluation> {
    return inTurns(this.#evaluating(frame, options), signal);
  }

  *#evaluating(frame: Frame, options: { washout?: number }): Paced<Evaluation> {
    const model = this.trained("evaluate");
    checkOptions("Regressor.evaluate", options, { washout: wholeNumber });
    const { inputs, targets } = this.options;
    checkFrame("Regressor.evaluate", frame, [...inputs, ...targets]);
    checkInterval("Regressor.evaluate", frame, model.origin);
    const settings = { ...this.options, washout: options.washout ?? this.options.washout };
    const data = yield* scaleFrame(frame, settings, model.inputScaler, model.targetScaler);
    const part = new Part(data, frame.series(), targets, settings.washout);
    if (part.scoredRows === 0) {
      throw new DataError("nothing-to-score", { rows: frame.length }, "Regressor.evaluate");
    }
    const predicted = yield* this.#predicting(frame);
    const scores = yield* part.scoreColumns(targets.map((name) => predicted.column(name)));
    const comparison = yield* compare(part, model.network, model.baselines, scores);
    return { rows: frame.length, ...comparison, predicted };
  }

  /** A state that moves on with each step. */
  stream(options: StreamOptions = {}): Stream {
    return new Stream(this.trained("stream"), options);
  }

  /** How the data was read that the model was trained on: what `fit` was given as `source`. */
  get source(): DataSource | undefined {
    const source = this.#model?.origin.source;
    return source && copyOfSource(source);
  }

  /** The usual step of time in training, in the unit of the frame's time; undefined where the frame had none. */
  get stepMs(): number | undefined {
    return this.#model?.origin.stepMs;
  }

  /** The record of the last fit that came to its end. */
  get summary(): FitSummary | undefined {
    return this.#model?.summary;
  }

  /** Numbers that are learnt. */
  get parameterCount(): number {
    return parameterCount(networkOptions(this.options));
  }

  /** The weights by PyTorch's names. */
  stateDict(): Record<string, Tensor> {
    return this.trained("stateDict").network.stateDict();
  }

  /** The model as a safetensors file: weights, and under `__metadata__.eddy` everything else as JSON. */
  toBytes(): Uint8Array {
    return writeModel(this.trained("toBytes"));
  }

  /**
   * Reads what `toBytes` wrote, here or elsewhere; it predicts the same bits.
   * @throws Error for damaged bytes and files that hold no Regressor.
   */
  static fromBytes(bytes: Uint8Array): Regressor {
    const model = readModel(bytes);
    const regressor = new Regressor(model.options);
    regressor.#model = model;
    return regressor;
  }

  /**
   * The model for ONNX Runtime and others: raw columns in, targets in the data's units out, scaling inside, in float64 at
   * both ends.
   *
   * Inputs: `x` (batch, time, input) and the states `h_0` (and `c_0`), each (layers, batch, hidden), zeros at a series'
   * start, or what the metadata's `eddy` calls `start` where it is learned. Outputs: `y` (batch, time, target), `h_n` (and `c_n`).
   */
  toOnnx(): Uint8Array {
    return regressorToOnnx(this.trained("toOnnx"));
  }

  /** What `fit({ resume })` needs to go on bit for bit, as of the last validation: a safetensors file. */
  checkpoint(): Uint8Array {
    if (this.#progress === undefined) {
      throw new DataError("no-fit", {}, "Regressor.checkpoint");
    }
    return writeCheckpoint(this.#progress);
  }

  /** @internal All parts of the model; an error in the method's name where there is none yet. */
  trained(method: string): Model {
    if (this.#model !== undefined) return this.#model;
    throw new DataError("untrained", {}, `Regressor.${method}`);
  }
}
