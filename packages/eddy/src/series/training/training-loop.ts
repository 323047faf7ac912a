/** The loop of one training run: epochs, validation, early stopping, the time limit and retries after a divergence. */
import type { Tensor } from "../../tensor/tensor.ts";
import { drawNetwork, type Network } from "../network/network.ts";
import { nowMs, type Pace } from "../pace.ts";
import type { NoteOf } from "../record/notes.ts";
import type { CurvePoint, StopReason, TrainingReport } from "../record/report.ts";
import type { Scores } from "../scores/metrics.ts";
import type { Subset } from "../scores/subset.ts";
import type { ResolvedTrainingOptions } from "../settings/options.ts";
import { maxRetries, retryRateFactor } from "./defaults.ts";
import { Diverged, type Trainer, type TrainerState, weightsOf } from "./trainer.ts";

/** The best weights of a training run so far. */
export interface Best {
  epoch: number;
  /** Mean over targets of the mean squared error in scaled units. */
  error: number;
  scores: Scores;
  weights: Record<string, Tensor>;
}

/** The state of a training run after its last validation: plain data and tensors, as a checkpoint stores them. */
export interface TrainingProgress {
  /** Saved before the first epoch, then at each validation. */
  trainer: TrainerState;
  best: Best | undefined;
  retries: number;
  curve: CurvePoint[];
  /** Wall-clock time of this training run. */
  elapsedMs: number;
}

/** One training run, its settings and its limits. */
export interface LoopOptions {
  trainer: Trainer;
  /** Where the run starts: at the first epoch, or where an earlier loop was interrupted. Updated at each validation. */
  progress: TrainingProgress;
  settings: ResolvedTrainingOptions;
  /** Undefined in the final training on all rows. */
  validation?: Subset;
  /** Wall-clock limit of this training run; infinite without a budget. */
  budgetMs: number;
  signal: { readonly aborted: boolean } | undefined;
  pace: Pace;
  /** The fields that all reports share. */
  report: Pick<TrainingReport, "restart" | "phase">;
  note(note: NoteOf<"diverged" | "gave-up">): void;
  /** Wall-clock time of all previous training runs. */
  elapsedBeforeMs: number;
}

const reportEveryMs = 500;

/** Completes a training run; reports at each validation, and twice a second in between. */
export async function* trainingLoop(loop: LoopOptions): AsyncGenerator<TrainingReport, StopReason> {
  const { trainer, settings, pace, progress, validation } = loop;
  const { epochs, validateEvery, patience } = settings;
  const startMs = nowMs() - progress.elapsedMs;
  const elapsed = () => nowMs() - startMs;
  const reports = new Reports(loop, elapsed);
  const validate = validatorOf(loop);
  trainer.restore(progress.trainer);
  let loss = progress.curve.at(-1)?.loss ?? Number.NaN;

  while (trainer.epoch < epochs) {
    const { best } = progress;
    if (best !== undefined && trainer.epoch % validateEvery === 0 && trainer.epoch - best.epoch >= patience) {
      return "patience";
    }
    // On a busy machine the time may be up before the first step: the model is still trained for at least one step.
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
      if (stopped === "signal" && progress.best !== undefined) return stopped;
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

/** Scores the current weights, and their average if one is kept, and keeps the best so far. */
function validatorOf({
  trainer,
  progress,
  validation,
  pace,
}: LoopOptions): (loss: number) => Promise<Scores | undefined> {
  if (validation === undefined) return async () => undefined;
  const averaged = trainer.average === undefined ? undefined : drawNetwork(trainer.network.options, 0);
  return async (loss) => {
    const candidates: Network[] = [trainer.network];
    if (averaged !== undefined) {
      averaged.loadStateDict(trainer.average!);
      candidates.push(averaged);
    }
    let best: { scores: Scores; error: number; network: Network } | undefined;
    for (const network of candidates) {
      const result = await pace.finish(validation.score(network.predictor));
      if (!Number.isFinite(result.error)) throw new Diverged("validation", result.error);
      if (best === undefined || result.error < best.error) best = { ...result, network };
    }
    const { scores, error, network } = best!;
    const { epoch } = trainer;
    if (error < (progress.best?.error ?? Number.POSITIVE_INFINITY)) {
      progress.best = { epoch, error, scores, weights: weightsOf(network) };
    }
    progress.curve.push({ epoch, loss, validation: scores.rmse });
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

  make(kind: TrainingReport["kind"], epochsDone: number, loss: number, more?: Partial<TrainingReport>): TrainingReport {
    const { trainer, progress, settings, report, elapsedBeforeMs, budgetMs } = this.#loop;
    this.#lastMs = nowMs();
    const elapsedMs = this.#elapsed();
    const seconds = Math.max(1e-3, (this.#lastMs - this.#startMs) / 1000);
    return {
      kind,
      epoch: Math.ceil(epochsDone),
      epochs: Math.ceil(settings.epochs),
      step: trainer.step,
      ...report,
      loss,
      ...(progress.best && { best: { epoch: progress.best.epoch, rmse: progress.best.scores.rmse } }),
      learningRate: trainer.learningRate(epochsDone),
      stepsPerSecond: (trainer.step - this.#firstStep) / seconds,
      elapsedMs: elapsedBeforeMs + elapsedMs,
      ...(epochsDone > 0 && {
        remainingMs: Math.max(
          0,
          Math.min((elapsedMs * (settings.epochs - epochsDone)) / epochsDone, budgetMs - elapsedMs),
        ),
      }),
      ...more,
    };
  }
}
