/** Training: `train` returns a `Training`, which yields reports and provides the best model so far and checkpoints. */
import { checkIsFrame, type Frame } from "./data/frame.ts";
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
 */
export function train(frame: Frame, options: TrainOptions): Training {
  checkIsFrame("train", frame);
  checkTrainOptions(options);
  const { modelOptions, trainingOptions } = divided(options);
  checkSize(resolveModelOptions(modelOptions, 0));
  const { resume } = trainingOptions;
  const resumed = resume === undefined ? undefined : readCheckpoint(resume, modelOptions, trainingOptions);
  return new Training({ frame, modelOptions, options: trainingOptions, resumed });
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
