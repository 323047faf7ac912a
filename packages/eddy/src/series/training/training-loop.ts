/** The loop that trains one network: epochs, validation, early stopping, the time limit and retries after a divergence. */
import { drawNetwork } from "../network/network.ts";
import { nowMs, type Pace } from "../pace.ts";
import type { NoteOf } from "../record/notes.ts";
import type { StopReason, TrainingReport } from "../record/report.ts";
import type { Scores } from "../scores/metrics.ts";
import type { Subset } from "../scores/subset.ts";
import type { ResolvedTrainingOptions } from "../settings/options.ts";
import { maxRetries, retryRateFactor } from "./defaults.ts";
import { packedWeights, unpackWeights } from "./packed.ts";
import { Diverged, type Trainer, type TrainerState } from "./trainer.ts";

/** One validation of a network. */
export interface Validation {
  epoch: number;
  /** Training loss in scaled units. */
  loss: number;
  /** Mean over targets of the mean squared error in scaled units. */
  error: number;
  rmse: number;
}

/** The weights of a network at one of its validations. */
interface Snapshot {
  epoch: number;
  weights: Float32Array;
}

/** The state of one network's training after its last validation: plain data, as a checkpoint and a worker's message hold it. */
export interface TrainingProgress {
  /** Saved before the first epoch, then at each validation. */
  trainer: TrainerState;
  validations: Validation[];
  snapshots: Snapshot[];
  retries: number;
  /** Wall-clock time of this network's training. */
  elapsedMs: number;
}

/** The training of one network, its settings and its limits. */
export interface LoopOptions {
  trainer: Trainer;
  /** Where the training starts: at the first epoch, or where an earlier loop was interrupted. Updated at each validation. */
  progress: TrainingProgress;
  settings: ResolvedTrainingOptions;
  /** Undefined in the final training on all rows. */
  validation: Subset | undefined;
  /** Wall-clock limit of this network's training; infinite without a budget. */
  budgetMs: number;
  signal: { readonly aborted: boolean } | undefined;
  pace: Pace;
  /** The fields that all reports share. */
  report: { network: number; phase: "fit" | "refit" };
  note(note: NoteOf<"diverged" | "gave-up">): void;
}

/** A report on one network; what it says about all of them is added later. */
export interface LoopReport extends Omit<TrainingReport, "networks" | "completed" | "progress" | "remainingMs"> {
  /** Completed epochs, the current one in part. */
  epochsDone: number;
}

const reportEveryMs = 500;

/** The snapshots of a network hold at most this many numbers; with more weights, fewer of them are kept. */
const maxSnapshotNumbers = 2 ** 22;

/** Trains a network to its end; reports at each validation, and twice a second in between. */
export async function* trainingLoop(loop: LoopOptions): AsyncGenerator<LoopReport, StopReason> {
  const { trainer, settings, pace, progress, validation } = loop;
  const { epochs, validateEvery, patience } = settings;
  const startMs = nowMs() - progress.elapsedMs;
  const elapsed = () => nowMs() - startMs;
  const reports = new Reports(loop, elapsed);
  const validate = validatorOf(loop);
  trainer.restore(progress.trainer);
  // An unfinished epoch that was validated when a signal stopped it is trained again.
  dropAfter(progress, trainer.epoch);
  let loss = progress.validations.at(-1)?.loss ?? Number.NaN;

  while (trainer.epoch < epochs) {
    const best = bestOf(progress.validations);
    if (best !== undefined && trainer.epoch % validateEvery === 0 && trainer.epoch - best.epoch >= patience) {
      return "patience";
    }
    // On a busy machine the time may be up before the first step: the network is still trained for at least one step.
    if (elapsed() >= loop.budgetMs && (best !== undefined || validation === undefined)) return "budget";
    let stopped: StopReason | undefined;
    let epochsDone = trainer.epoch;
    try {
      const epoch = trainer.runEpoch();
      for (let turn = epoch.next(); ; turn = epoch.next()) {
        if (pace.due) await pace.yieldToEventLoop();
        if (turn.done) {
          loss = turn.value.loss;
          epochsDone = trainer.epoch;
          break;
        }
        if (turn.value === undefined) continue;
        epochsDone = trainer.epoch + turn.value.progress;
        loss = turn.value.loss;
        if (loop.signal?.aborted) stopped = "signal";
        else if (elapsed() >= loop.budgetMs || (epochs < 1 && epochsDone >= epochs)) stopped = "budget";
        if (stopped !== undefined) break;
        if (reports.due) yield reports.make("progress", epochsDone, loss);
      }
      if (stopped === "signal" && best !== undefined) return stopped;
      // An unfinished epoch counts if there is no other result, or if the budget is used up.
      if (stopped !== undefined) trainer.epoch++;
      const last = stopped !== undefined || trainer.epoch >= epochs;
      if (!last && trainer.epoch % validateEvery !== 0) {
        if (reports.due) yield reports.make("progress", epochsDone, loss);
        continue;
      }
      const scores = await validate(loss);
      if (stopped === undefined) {
        progress.trainer = trainer.state();
        progress.elapsedMs = elapsed();
      }
      yield reports.make("epoch", epochsDone, loss, scores && { validation: scores });
      if (stopped !== undefined) return stopped;
      if (loop.signal?.aborted) return "signal";
    } catch (error) {
      if (!(error instanceof Diverged)) throw error;
      const { quantity, value } = error;
      const divergence = { ...loop.report, epoch: Math.floor(epochsDone) + 1, quantity, value: String(value) };
      progress.retries++;
      if (progress.retries > maxRetries) {
        loop.note({ code: "gave-up", ...divergence, retries: maxRetries });
        return "divergence";
      }
      progress.trainer = { ...progress.trainer, rateFactor: progress.trainer.rateFactor * retryRateFactor };
      trainer.restore(progress.trainer);
      const learningRate = settings.learningRate * trainer.rateFactor;
      const note = { code: "diverged", ...divergence, backTo: trainer.epoch, learningRate } as const;
      loop.note(note);
      yield reports.make("progress", trainer.epoch, loss, { note });
      if (loop.signal?.aborted) return "signal";
    }
  }
  return "epochs";
}

/** The validation with the smallest error. */
function bestOf(validations: readonly Validation[]): Validation | undefined {
  return validations.reduce<Validation | undefined>(
    (best, one) => (best === undefined || one.error < best.error ? one : best),
    undefined,
  );
}

function dropAfter(progress: TrainingProgress, epoch: number): void {
  progress.validations = progress.validations.filter((validation) => validation.epoch <= epoch);
  progress.snapshots = progress.snapshots.filter((snapshot) => snapshot.epoch <= epoch);
}

/** Scores the current weights, or their average if one is kept, and keeps a snapshot of them. */
function validatorOf({
  trainer,
  progress,
  settings,
  validation,
  pace,
}: LoopOptions): (loss: number) => Promise<Scores | undefined> {
  if (validation === undefined) return async () => undefined;
  const { network } = trainer;
  const averaged = settings.average > 0 ? drawNetwork(network.options, 0) : network;
  const most = Math.max(1, Math.floor(maxSnapshotNumbers / packedWeights(network).length));
  const thinning = Math.ceil(settings.epochs / settings.validateEvery / most);
  return async (loss) => {
    const { epoch, result: weights } = trainer;
    if (averaged !== network) unpackWeights(averaged, weights);
    const { scores, rmse, error } = await pace.finish(validation.score(averaged.predictor));
    if (!Number.isFinite(error)) throw new Diverged("validation", error);
    progress.validations.push({ epoch, loss, error, rmse });
    // The last snapshot is replaced until it is one to keep.
    if ((progress.validations.length - 2) % thinning !== 0) progress.snapshots.pop();
    progress.snapshots.push({ epoch, weights });
    return scores;
  };
}

/** The reports of one loop. */
class Reports {
  readonly #loop: LoopOptions;
  readonly #elapsed: () => number;
  readonly #firstStep: number;
  readonly #startMs = nowMs();
  #lastMs = nowMs();

  constructor(loop: LoopOptions, elapsed: () => number) {
    this.#loop = loop;
    this.#elapsed = elapsed;
    this.#firstStep = loop.progress.trainer.step;
  }

  /** Whether the last report was at least half a second ago. */
  get due(): boolean {
    return nowMs() - this.#lastMs >= reportEveryMs;
  }

  make(kind: TrainingReport["kind"], epochsDone: number, loss: number, more?: Partial<TrainingReport>): LoopReport {
    const { trainer, progress, settings, report } = this.#loop;
    this.#lastMs = nowMs();
    const seconds = Math.max(1e-3, (this.#lastMs - this.#startMs) / 1000);
    const best = bestOf(progress.validations);
    return {
      kind,
      epochsDone,
      epoch: Math.ceil(epochsDone),
      epochs: Math.ceil(settings.epochs),
      step: trainer.step,
      ...report,
      loss,
      ...(best && { best: { epoch: best.epoch, rmse: best.rmse } }),
      learningRate: trainer.learningRate(epochsDone),
      stepsPerSecond: (trainer.step - this.#firstStep) / seconds,
      elapsedMs: this.#elapsed(),
      ...more,
    };
  }
}
