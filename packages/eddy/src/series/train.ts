/** Training: `train` returns a `Training`, which yields reports and provides the best model so far and checkpoints. */
import { checkOptions, rule } from "../nn/options.ts";
import { checkIsFrame, type Frame } from "./data/frame.ts";
import type { Rows } from "./data/rows.ts";
import { Model } from "./model.ts";
import type { TrainingReport, TrainingSummary } from "./record/report.ts";
import {
  checkSize,
  checkTrainOptions,
  type ModelOptions,
  type ResolvedModelOptions,
  type TrainingOptions,
  type TrainOptions,
} from "./settings/options.ts";
import { modelSettings } from "./settings/settings.ts";
import { readCheckpoint, writeCheckpoint } from "./training/checkpoint.ts";
import { resolveModelOptions } from "./training/defaults.ts";
import { draftOf } from "./training/selection.ts";
import { bestModel, perform } from "./training/training-job.ts";
import type { TrainingJob } from "./training/training-state.ts";
import { trainingError } from "./training/words.ts";

/**
 * Trains a model on a frame, split in time order: training part, validation part (for early stopping and the selection of
 * the best weights) and a test part (scored once, at the end).
 *
 * Training runs while the caller iterates over the returned `Training`.
 * @throws TypeError for unknown or invalid settings.
 * @throws DataError for settings that contradict one another or the checkpoint in `resume`.
 * @example
 * const training = train(frame, { inputs: ["u"], targets: ["y"] });
 * for await (const { epoch, validation } of training) console.log(epoch, validation?.rmse);
 * const { y } = training.model.stream().predict({ u: 0.3 });
 * const retraining = train(newFrame, { from: training.model }); // continues from a model on new data
 */
export function train(frame: Frame, options: TrainOptions | RetrainOptions): Training {
  checkIsFrame("train", frame);
  const { from, ...given } = (options ?? {}) as RetrainOptions;
  const whole = from === undefined ? (given as TrainOptions) : continued(from, given);
  checkTrainOptions(whole);
  const { modelOptions, trainingOptions } = divided(whole);
  checkSize(resolveModelOptions(modelOptions, 0));
  const { resume } = trainingOptions;
  const resumed = resume === undefined ? undefined : readCheckpoint(resume, modelOptions, trainingOptions);
  return new Training({ frame, modelOptions, options: trainingOptions, from: from?.parts, resumed });
}

/**
 * Options of a training that continues from a model, on new data: its columns, scalers and settings are kept, and its networks learn
 * at a fifth of the learning rate for half of the epochs. The linear filter is replaced if one that is fitted to the new data is
 * better on blocks that it was fitted without, by more than chance. The summary compares the new model with this one (`previous`).
 */
export interface RetrainOptions extends Partial<ModelOptions>, TrainingOptions {
  /** The model; settings that differ from its own are rejected, except those that its weights do not depend on. */
  from: Model;
}

/** Settings that may differ from those of the model that a training continues from. */
const changeable: ReadonlySet<string> = new Set(["seed", "washout", "initialWindow", "bounds"]);

/** The settings of a model, with those that are given. */
function continued(from: Model, given: Partial<ModelOptions> & TrainingOptions): TrainOptions {
  checkOptions("train", { from }, { from: rule("a Model", (value) => value instanceof Model) });
  const { features: _, ...own } = from.options;
  for (const [name, expected] of Object.entries(own)) {
    const received = (given as Record<string, unknown>)[name];
    if (received === undefined || changeable.has(name)) continue;
    const [kept, other] = [expected, received].map((value) => JSON.stringify(value));
    if (kept !== other) throw trainingError("fixed-by-model", { name, expected: kept, received: other }, "train, from");
  }
  const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...own, ...known };
}

/** The options of the model, copied so that later changes to the caller's lists have no effect, and those of its training. */
function divided(options: TrainOptions): { modelOptions: ModelOptions; trainingOptions: TrainingOptions } {
  const { inputs, targets, forecast, ...settings } = options;
  const part = (ofModel: boolean) =>
    Object.fromEntries(Object.entries(settings).filter(([name]) => name in modelSettings === ofModel));
  return {
    modelOptions: { ...part(true), inputs: [...inputs], targets: [...targets], ...(forecast && { forecast }) },
    trainingOptions: part(false),
  };
}

/**
 * A training run: an async iterable of reports that can be iterated over once.
 *
 * It yields a report at each validation and twice a second in between. The event loop gets its turn every few milliseconds.
 * Leaving the loop early keeps the best weights so far, without a summary; an aborted `signal` keeps them with one, or
 * rejects with its reason before the first validation. The same seed, data and settings give the same bits. Only `budgetMs`
 * depends on the clock; the `epochs` stated in the summary give the same bits without it.
 * @throws DataError from the loop for unusable data, with the row and column where possible.
 */
export class Training implements AsyncIterable<TrainingReport> {
  readonly #job: TrainingJob;
  #iterated = false;
  #model: Model | undefined;

  /** @internal Use `train`. */
  constructor(job: TrainingJob) {
    this.#job = job;
  }

  [Symbol.asyncIterator](): AsyncGenerator<TrainingReport, void> {
    if (this.#iterated) throw trainingError("already-iterated", {}, "Training");
    this.#iterated = true;
    return perform(this.#job);
  }

  /** The settings of the model, defaults included; before the first report, those for a long series. */
  get options(): ResolvedModelOptions {
    const { state, modelOptions, model } = this.#job;
    const options = model?.options ?? state?.variants[0].options ?? modelOptions;
    return resolveModelOptions(options, Number.POSITIVE_INFINITY);
  }

  /**
   * The model with the best weights so far; at the end, the final one.
   *
   * @throws DataError before the first validation.
   */
  get model(): Model {
    const parts = bestModel(this.#job);
    if (parts === undefined) throw trainingError("untrained", {}, "Training.model");
    if (this.#model?.parts !== parts) this.#model = new Model(parts);
    return this.#model;
  }

  /**
   * The filter and the networks so far, for a look at what they have learned; undefined before the first validation.
   *
   * Unlike `model`, it is made without predictions and takes no time: the networks have their latest weights instead of the best.
   */
  get draft(): Model | undefined {
    const { prepared, state } = this.#job;
    const parts = prepared && state && draftOf(prepared, state);
    return parts && new Model(parts);
  }

  /**
   * The rows of each block on which networks are validated and from which the others learn; one block if the validation rows are not
   * training rows, none before the data was prepared.
   */
  get blocks(): readonly (readonly Rows[])[] {
    return this.#job.prepared?.folds.map(({ validated }) => validated) ?? [];
  }

  /** The summary of the training; undefined until its end. */
  get summary(): TrainingSummary | undefined {
    return this.#job.summary;
  }

  /**
   * A safetensors file from which `train(frame, { resume })` continues bit for bit, as of the last validation.
   *
   * @throws DataError before the training has started.
   */
  checkpoint(): Uint8Array {
    const { state } = this.#job;
    if (state === undefined) throw trainingError("not-started", {}, "Training.checkpoint");
    return writeCheckpoint(state);
  }
}
