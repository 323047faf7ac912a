/** Entry `eddy/model`: a trained model in use. It predicts frames and streams and can be saved to a file; nothing here trains or scores. */
import { fault } from "../fault.ts";
import { checkOptions, wholeNumber } from "../nn/options.ts";
import { checkFrame } from "./data/check-frame.ts";
import { featureRows } from "./data/features.ts";
import { Frame } from "./data/frame.ts";
import { copyOfSource, type DataSource } from "./data/origin.ts";
import type { Window } from "./data/rows.ts";
import { columnsOf, scaleFeatures } from "./data/scaled-frame.ts";
import { scaledColumns } from "./data/scaler.ts";
import { dataError } from "./data/words.ts";
import { readModel, writeModel } from "./file/model-file.ts";
import type { ModelParts } from "./file/model-parts.ts";
import { defaultLevel } from "./intervals/intervals.ts";
import { levelRule, predictedColumns } from "./intervals/predicted-columns.ts";
import { withInferredStates } from "./network/initial-state.ts";
import { firstNotFinite, predictWindows } from "./network/predict-windows.ts";
import { type Abort, finish, inTurns, type Paced, signalRule } from "./pace.ts";
import type { ResolvedModelOptions } from "./settings/options.ts";
import { Stream, type StreamOptions } from "./stream.ts";

export type { PlainTensor } from "../tensor/tensor.ts";
export { DataError } from "./data/data-error.ts";
export type { FrameOptions, Groups } from "./data/frame.ts";
export type { DataSource } from "./data/origin.ts";
export type { Rows } from "./data/rows.ts";
export type { ResolvedModelOptions } from "./settings/options.ts";
export type { State, Step, Stream, StreamOptions } from "./stream.ts";
export { Frame };

/** Settings of `Model.predict`. */
export interface PredictOptions {
  /** The probability of the intervals, from 0.5 to 0.99; false for none. 0.9 by default. */
  level?: number | false;
  /**
   * The first rows of each series from whose measured targets its initial state is inferred, if the frame has the targets; by default
   * those that the model was trained with; 0 for none. Predictions of these rows have seen their targets.
   */
  initialWindow?: number;
}

const predictRules = { level: levelRule, initialWindow: wholeNumber };

/**
 * A trained model, a linear filter and the networks that correct it, with its scalers: predicts targets from inputs alone, in consecutive rows.
 *
 * Shape: a frame of n rows → a frame of n rows. One state is carried through each series. Missing inputs are filled as the option
 * `gaps` says; the state is reset after a row whose inputs were not filled, after a gap in time and after excluded rows.
 * @example
 * const model = Model.fromBytes(new Uint8Array(await (await fetch("model.safetensors")).arrayBuffer()));
 * const { y } = model.predict(frame);
 */
export class Model {
  /** @internal What the functions of `eddy/series` read. */
  readonly parts: ModelParts;

  /** @internal Use `train` or `Model.fromBytes`. */
  constructor(parts: ModelParts) {
    this.parts = parts;
  }

  /** The settings of the model, defaults included. */
  get options(): ResolvedModelOptions {
    const { options } = this.parts;
    return JSON.parse(JSON.stringify(options));
  }

  /** How the training data was read: the `source` that `train` received. */
  get source(): DataSource | undefined {
    const { source } = this.parts.origin;
    return source && copyOfSource(source);
  }

  /** The sampling interval of the training data: milliseconds, or the unit of `time` if it was plain numbers; undefined without time. */
  get stepMs(): number | undefined {
    return this.parts.origin.stepMs;
  }

  /** The number of learned parameters. */
  get parameterCount(): number {
    return this.parts.ensemble.parameterCount;
  }

  /**
   * Predicts the targets of each row in the data's units, with the frame's time and groups; NaN where an input is missing and not
   * filled, and in excluded rows.
   *
   * For each target `y`, the columns `y_low` and `y_high` contain the interval in which the measured value is expected with
   * probability `level`; models of formats 1 and 2 have none.
   * Rows without time are taken to be consecutive; rows with time must have the sampling interval of training, to within 1 %.
   * @throws DataError for missing columns, values that are infinite or beyond float32 after scaling, and a different sampling interval.
   */
  predict(frame: Frame, options: PredictOptions = {}): Frame {
    checkOptions("Model.predict", options, predictRules);
    if (this.parts.options.forecast !== undefined) {
      const columns = `the derived columns of a forecast, such as "${this.parts.options.targets[0]}"`;
      throw fault("state", "Model.predict", "a model of inputs", columns, "use new Forecaster(model).forecast(frame)");
    }
    return finish(this.predicting(frame, options));
  }

  /** Like `predict`, but yields to the event loop every few milliseconds; if `signal` is aborted, the promise rejects with its reason. */
  async predictAsync(frame: Frame, options: PredictOptions & { signal?: Abort } = {}): Promise<Frame> {
    checkOptions("Model.predictAsync", options, { ...predictRules, signal: signalRule });
    return inTurns(this.predicting(frame, options), options.signal);
  }

  /** @internal `spreadInto` receives the spread of the networks (rows, targets), scaled. */
  *predicting(frame: Frame, settings: PredictOptions = {}, spreadInto?: Float32Array): Paced<Frame> {
    const { options, inputScaler, targetScaler, ensemble, origin, known, intervals } = this.parts;
    const { inputs, targets } = options;
    const { level = defaultLevel, initialWindow = options.initialWindow } = settings;
    checkFrame("Model.predict", frame, inputs, origin);
    const measured = targets.every((name) => frame.has(name)) ? targets : [];
    const { frame: rows } = yield* featureRows("Model.predict", frame, options, measured);
    const { x, segments } = yield* scaleFeatures(rows, options, inputScaler);
    let windows: Window[] = segments.map(({ start, end }) => ({ warmUpStart: start, start, end }));
    if (known && intervals && initialWindow > 0 && measured.length > 0) {
      const y = yield* scaledColumns(targetScaler, columnsOf(rows, targets), frame.length);
      const first = { x, y, rows: initialWindow, typical: intervals.typical };
      windows = withInferredStates(ensemble, known, first, windows);
    }
    const numbers = (width: number) => new Float32Array(frame.length * width).fill(Number.NaN);
    const [out, spread, outside] = [numbers(targets.length), spreadInto ?? numbers(targets.length), numbers(1)];
    yield* predictWindows(ensemble, x, windows, out, 0, [spread, outside]);
    const columns = predictedColumns(this.parts, out, spread, outside, level);
    for (const values of columns.values()) {
      const row = firstNotFinite(values, segments);
      if (row !== undefined) throw dataError("beyond-output", { row, received: String(values[row]) }, "Model.predict");
    }
    return new Frame(columns, frame.rowOptions);
  }

  /** A stream that predicts row by row; its state is carried from step to step. */
  stream(options: StreamOptions = {}): Stream {
    return new Stream(this.parts, options);
  }

  /** The model as a safetensors file: weights, and everything else as JSON under `__metadata__.eddy`. */
  toBytes(): Uint8Array {
    return writeModel(this.parts);
  }

  /**
   * Reads the bytes that `toBytes` returned, in Node or a browser; the model's predictions are bit-identical.
   *
   * @throws DataError for damaged bytes and files without a model.
   */
  static fromBytes(bytes: Uint8Array): Model {
    return new Model(readModel("Model.fromBytes", bytes));
  }
}
