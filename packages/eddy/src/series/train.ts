/** Training: `train` starts one, and the `Training` that it returns gives reports, the best model so far and checkpoints. */
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
import { bestModel, perform, type Run } from "./training/run.ts";
import { trainingError } from "./training/words.ts";

/**
 * Trains a model on a frame, in time order: training part, validation part (for early stopping and the choice of the best
 * weights), test part (scored once, at the end).
 *
 * Training runs while the caller iterates over the returned `Training`.
 * @throws TypeError for settings that are unknown or wrong.
 * @throws DataError for settings that contradict one another or the checkpoint in `resume`.
 * @example
 * const training = train(frame, { inputs: ["u"], targets: ["y"] });
 * for await (const { epoch, validation } of training) console.log(epoch, validation?.rmse);
 * const { y } = training.model.stream().predict({ u: 0.3 });
 */
export function train(frame: Frame, options: TrainOptions): Training {
  checkIsFrame("train", frame);
  checkTrainOptions(options);
  const { given, fit } = divided(options);
  checkSize(resolveModelOptions(given, 0));
  const resumed = fit.resume === undefined ? undefined : readCheckpoint(fit.resume, given, fit);
  return new Training({ frame, given, options: fit, resumed });
}

/** The options of the model, copied so that later changes to the caller's lists have no effect, and those of its training. */
function divided(options: TrainOptions): { given: ModelOptions; fit: TrainingOptions } {
  const { inputs, targets, ...others } = options;
  const part = (ofModel: boolean) =>
    Object.fromEntries(Object.entries(others).filter(([name]) => name in modelSettings === ofModel));
  return { given: { ...part(true), inputs: [...inputs], targets: [...targets] }, fit: part(false) };
}

/**
 * A training: an async iterable of reports, to be iterated over once.
 *
 * It gives a report at each validation and twice a second in between, and yields to the event loop every few milliseconds.
 * Leaving the loop early keeps the best weights so far, without a summary; an aborted `signal` keeps them with one. Equal
 * seeds, data and settings give equal bits. Only `budgetMs` depends on the clock, and the `epochs` that the summary then
 * states give the same bits without it.
 * @throws DataError from the loop for data that cannot be learned from, with row and column if there is one.
 */
export class Training implements AsyncIterable<TrainingReport> {
  readonly #run: Run;
  #iterated = false;
  #model: Model | undefined;

  /** @internal Use `train`. */
  constructor(run: Run) {
    this.#run = run;
  }

  [Symbol.asyncIterator](): AsyncGenerator<TrainingReport, void> {
    if (this.#iterated) throw trainingError("already-iterated", {}, "Training");
    this.#iterated = true;
    return perform(this.#run);
  }

  /** The settings of the model, defaults included; before the first report, those for a long series. */
  get options(): ResolvedModelOptions {
    const { state, given } = this.#run;
    return resolveModelOptions(state?.options ?? given, Number.POSITIVE_INFINITY);
  }

  /**
   * The model with the best weights so far; at the end, the final one.
   *
   * @throws DataError before the first validation.
   */
  get model(): Model {
    const parts = bestModel(this.#run);
    if (parts === undefined) throw trainingError("untrained", {}, "Training.model");
    if (this.#model?.parts !== parts) this.#model = new Model(parts);
    return this.#model;
  }

  /** The summary of the training; undefined until its end. */
  get summary(): TrainingSummary | undefined {
    return this.#run.summary;
  }

  /**
   * What `train(frame, { resume })` needs to continue bit for bit, as of the last validation: a safetensors file.
   *
   * @throws DataError before the training has started.
   */
  checkpoint(): Uint8Array {
    const { state } = this.#run;
    if (state === undefined) throw trainingError("not-started", {}, "Training.checkpoint");
    return writeCheckpoint(state);
  }
}
