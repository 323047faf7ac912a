/** The loop of one training: epochs, validation, early stopping, the time limit and retries after a divergence. */
import type { Tensor } from "../../tensor/tensor.ts";
import { drawNetwork, type Network } from "../network/network.ts";
import { nowMs, type Pace } from "../pace.ts";
import type { NoteOf } from "../record/notes.ts";
import type { CurvePoint, StopReason, TrainingReport } from "../record/report.ts";
import type { Scores } from "../scores/metrics.ts";
import type { Subset } from "../scores/subset.ts";
import type { ResolvedTrainingOptions } from "../settings/options.ts";
import { maxRetries, retryRate } from "./defaults.ts";
import { Diverged, type Trainer, type TrainerState, weightsOf } from "./trainer.ts";

/** The best weights of a training so far. */
export interface Best {
  epoch: number;
  /** Mean over targets of the mean squared error in scaled units. */
  error: number;
  scores: Scores;
  weights: Record<string, Tensor>;
}

/** The state of a training after its last validation: plain data and tensors, as a checkpoint holds them. */
export interface Standing {
  /** Before the first epoch, then at each validation. */
  training: TrainerState;
  best: Best | undefined;
  retries: number;
  curve: CurvePoint[];
  /** Wall-clock time of this training. */
  elapsedMs: number;
}

/** One training, its settings and its limits. */
export interface Loop {
  trainer: Trainer;
  /** Where it begins: at the first epoch, or where an earlier loop was left. Updated at each validation. */
  standing: Standing;
  settings: ResolvedTrainingOptions;
  /** Undefined in the final training on all rows. */
  validation?: Subset;
  /** Wall-clock limit of this training; infinite without a budget. */
  budgetMs: number;
  signal: { readonly aborted: boolean } | undefined;
  pace: Pace;
  /** The fields that all reports share. */
  report: Pick<TrainingReport, "restart" | "phase">;
  note(note: NoteOf<"diverged" | "gave-up">): void;
  /** Wall-clock time of all trainings before this one. */
  elapsedBeforeMs: number;
}

const reportEveryMs = 500;

/** Runs a training to its end; reports at each validation, and twice a second in between. */
export async function* trainingLoop(loop: Loop): AsyncGenerator<TrainingReport, StopReason> {
  const { trainer, settings, pace, standing, validation } = loop;
  const { epochs, validateEvery, patience } = settings;
  const startMs = nowMs() - standing.elapsedMs;
  const elapsed = () => nowMs() - startMs;
  const reports = new Reports(loop, elapsed);
  const validate = validatorOf(loop);
  trainer.restore(standing.training);
  let loss = standing.curve.at(-1)?.loss ?? Number.NaN;

  while (trainer.epoch < epochs) {
    const { best } = standing;
    if (best !== undefined && trainer.epoch % validateEvery === 0 && trainer.epoch - best.epoch >= patience) {
      return "patience";
    }
    // On a busy machine the time may be up before the first step: the model then still learns something.
    if (elapsed() >= loop.budgetMs && (best !== undefined || validation === undefined)) return "budget";
    let stopped: StopReason | undefined;
    let epochsDone = trainer.epoch;
    try {
      const epoch = trainer.runEpoch();
      for (let turn = epoch.next(); ; turn = epoch.next()) {
        if (pace.due) await pace.breathe();
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
      if (stopped === "signal" && standing.best !== undefined) return stopped;
      // An unfinished epoch counts if there is no other result, or if the budget is used up.
      if (stopped !== undefined) trainer.epoch++;
      const last = stopped !== undefined || trainer.epoch >= epochs;
      if (!last && trainer.epoch % validateEvery !== 0) {
        if (reports.due) yield reports.make("progress", epochsDone, loss);
        continue;
      }
      const scores = await validate(loss);
      if (stopped === undefined) {
        standing.training = trainer.state();
        standing.elapsedMs = elapsed();
      }
      yield reports.make("epoch", epochsDone, loss, scores && { validation: scores });
      if (stopped !== undefined) return stopped;
      if (loop.signal?.aborted) return "signal";
    } catch (error) {
      if (!(error instanceof Diverged)) throw error;
      const { quantity, value } = error;
      const found = { ...loop.report, epoch: Math.floor(epochsDone) + 1, quantity, value: String(value) };
      standing.retries++;
      if (standing.retries > maxRetries) {
        loop.note({ code: "gave-up", ...found, retries: maxRetries });
        return "divergence";
      }
      standing.training = { ...standing.training, rateFactor: standing.training.rateFactor * retryRate };
      trainer.restore(standing.training);
      const learningRate = settings.learningRate * trainer.rateFactor;
      const note = { code: "diverged", ...found, backTo: trainer.epoch, learningRate } as const;
      loop.note(note);
      yield reports.make("progress", trainer.epoch, loss, { note });
      if (loop.signal?.aborted) return "signal";
    }
  }
  return "epochs";
}

/** Scores the current weights, and their average if one is kept, and keeps the best so far. */
function validatorOf({ trainer, standing, validation, pace }: Loop): (loss: number) => Promise<Scores | undefined> {
  if (validation === undefined) return async () => undefined;
  const averaged = trainer.average === undefined ? undefined : drawNetwork(trainer.network.options, 0);
  return async (loss) => {
    const candidates: Network[] = [trainer.network];
    if (averaged !== undefined) {
      averaged.loadStateDict(trainer.average!);
      candidates.push(averaged);
    }
    let found: { scores: Scores; error: number; network: Network } | undefined;
    for (const network of candidates) {
      const result = await pace.finish(validation.score(network.predictor));
      if (!Number.isFinite(result.error)) throw new Diverged("validation", result.error);
      if (found === undefined || result.error < found.error) found = { ...result, network };
    }
    const { scores, error, network } = found!;
    const { epoch } = trainer;
    if (error < (standing.best?.error ?? Number.POSITIVE_INFINITY)) {
      standing.best = { epoch, error, scores, weights: weightsOf(network) };
    }
    standing.curve.push({ epoch, loss, validation: scores.rmse });
    return scores;
  };
}

/** The reports of one loop. */
class Reports {
  readonly #loop: Loop;
  readonly #elapsed: () => number;
  readonly #firstStep: number;
  readonly #startMs = nowMs();
  #lastMs = nowMs();

  constructor(loop: Loop, elapsed: () => number) {
    this.#loop = loop;
    this.#elapsed = elapsed;
    this.#firstStep = loop.standing.training.step;
  }

  /** Whether the last report was at least half a second ago. */
  get due(): boolean {
    return nowMs() - this.#lastMs >= reportEveryMs;
  }

  make(kind: TrainingReport["kind"], epochsDone: number, loss: number, more?: Partial<TrainingReport>): TrainingReport {
    const { trainer, standing, settings, report, elapsedBeforeMs, budgetMs } = this.#loop;
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
      ...(standing.best && { best: { epoch: standing.best.epoch, rmse: standing.best.scores.rmse } }),
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
