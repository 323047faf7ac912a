/** The course of one training: validation now and then, early stopping, the clock, and the way back from a divergence. */
import type { Tensor } from "../tensor/tensor.ts";
import { maxRetries, retryRate } from "./defaults.ts";
import type { Scores } from "./metrics.ts";
import { drawNetwork, type Network } from "./network.ts";
import type { NoteOf } from "./note-words.ts";
import type { ResolvedFit } from "./options.ts";
import { nowMs, type Pace } from "./pace.ts";
import type { Part } from "./part.ts";
import type { CurvePoint, FitReport, StopReason } from "./report.ts";
import { Diverged, type Training, type TrainingState, weightsOf } from "./training.ts";

/** The best weights of a training so far. */
export interface Best {
  epoch: number;
  /** Mean over targets of the squared error in scaled units. */
  error: number;
  scores: Scores;
  weights: Record<string, Tensor>;
}

/** Where a training stands after its last validation; plain data and tensors, to be written down. */
export interface Standing {
  /** As it was before the first epoch, then at each validation. */
  training: TrainingState;
  best: Best | undefined;
  retries: number;
  curve: CurvePoint[];
  /** Wall-clock time that this training took. */
  elapsedMs: number;
}

/** What a course is given. */
export interface Journey {
  training: Training;
  /** Where it begins: at the first epoch, or where an earlier course was left. Kept up as it goes on. */
  standing: Standing;
  settings: ResolvedFit;
  /** Left out in the final training on all rows. */
  validation?: Part;
  /** Wall-clock time for this training; infinite where there is no budget. */
  budgetMs: number;
  signal: { readonly aborted: boolean } | undefined;
  pace: Pace;
  /** What the reports share. */
  report: Pick<FitReport, "restart" | "phase">;
  note(note: NoteOf<"diverged" | "gave-up">): void;
  /** Of all trainings before this one. */
  elapsedBeforeMs: number;
}

const progressMs = 500;

/** Runs a training to its end; reports after each validation, and twice a second in between. */
export async function* follow(journey: Journey): AsyncGenerator<FitReport, StopReason> {
  const { training, settings, pace, standing, validation } = journey;
  const { epochs, validateEvery, patience } = settings;
  const startMs = nowMs() - standing.elapsedMs;
  const elapsed = () => nowMs() - startMs;
  const reports = new Reports(journey, elapsed);
  const judge = judgeOf(journey);
  training.restore(standing.training);
  let loss = standing.curve.at(-1)?.loss ?? Number.NaN;

  while (training.epoch < epochs) {
    const { best } = standing;
    if (best !== undefined && training.epoch % validateEvery === 0 && training.epoch - best.epoch >= patience) {
      return "patience";
    }
    // On a busy machine the clock may be past before the first step: something is learnt even then.
    if (elapsed() >= journey.budgetMs && (best !== undefined || validation === undefined)) return "budget";
    let stopped: StopReason | undefined;
    let passes = training.epoch;
    try {
      const epoch = training.runEpoch();
      for (let turn = epoch.next(); ; turn = epoch.next()) {
        if (pace.due) await pace.breathe();
        if (turn.done) {
          loss = turn.value.loss;
          passes = training.epoch;
          break;
        }
        if (turn.value === undefined) continue;
        passes = training.epoch + turn.value.progress;
        loss = turn.value.loss;
        if (journey.signal?.aborted) stopped = "signal";
        else if (elapsed() >= journey.budgetMs || (epochs < 1 && passes >= epochs)) stopped = "budget";
        if (stopped !== undefined) break;
        if (reports.due) yield reports.make("progress", passes, loss);
      }
      if (stopped === "signal" && standing.best !== undefined) return stopped;
      // An unfinished epoch counts where nothing else is there, or where all that the budget allows has been learnt.
      if (stopped !== undefined) training.epoch++;
      const last = stopped !== undefined || training.epoch >= epochs;
      if (!last && training.epoch % validateEvery !== 0) {
        if (reports.due) yield reports.make("progress", passes, loss);
        continue;
      }
      const scores = await judge(loss);
      if (stopped === undefined) {
        standing.training = training.state();
        standing.elapsedMs = elapsed();
      }
      yield reports.make("epoch", passes, loss, scores && { validation: scores });
      if (stopped !== undefined) return stopped;
      if (journey.signal?.aborted) return "signal";
    } catch (error) {
      if (!(error instanceof Diverged)) throw error;
      const { quantity, value } = error;
      const found = { ...journey.report, epoch: Math.floor(passes) + 1, quantity, value: String(value) };
      standing.retries++;
      if (standing.retries > maxRetries) {
        journey.note({ code: "gave-up", ...found, retries: maxRetries });
        return "divergence";
      }
      standing.training = { ...standing.training, rateFactor: standing.training.rateFactor * retryRate };
      training.restore(standing.training);
      const learningRate = settings.learningRate * training.rateFactor;
      const note = { code: "diverged", ...found, backTo: training.epoch, learningRate } as const;
      journey.note(note);
      yield reports.make("progress", training.epoch, loss, { note });
      if (journey.signal?.aborted) return "signal";
    }
  }
  return "epochs";
}

/** Scores the present weights, and their average where there is one, and keeps the best so far; nothing without validation. */
function judgeOf({ training, standing, validation, pace }: Journey): (loss: number) => Promise<Scores | undefined> {
  if (validation === undefined) return async () => undefined;
  const averaged = training.average === undefined ? undefined : drawNetwork(training.network.options, 0);
  return async (loss) => {
    const candidates: Network[] = [training.network];
    if (averaged !== undefined) {
      averaged.loadStateDict(training.average!);
      candidates.push(averaged);
    }
    let found: { scores: Scores; error: number; network: Network } | undefined;
    for (const network of candidates) {
      const judged = await pace.finish(validation.score(network));
      if (!Number.isFinite(judged.error)) throw new Diverged("validation", judged.error);
      if (found === undefined || judged.error < found.error) found = { ...judged, network };
    }
    const { scores, error, network } = found!;
    const { epoch } = training;
    if (error < (standing.best?.error ?? Number.POSITIVE_INFINITY)) {
      standing.best = { epoch, error, scores, weights: weightsOf(network) };
    }
    standing.curve.push({ epoch, loss, validation: scores.rmse });
    return scores;
  };
}

/** The reports of one course. */
class Reports {
  readonly #journey: Journey;
  readonly #elapsed: () => number;
  readonly #firstStep: number;
  readonly #startMs = nowMs();
  #lastMs = nowMs();

  constructor(journey: Journey, elapsed: () => number) {
    this.#journey = journey;
    this.#elapsed = elapsed;
    this.#firstStep = journey.standing.training.step;
  }

  /** Whether the last one is half a second ago. */
  get due(): boolean {
    return nowMs() - this.#lastMs >= progressMs;
  }

  make(kind: FitReport["kind"], passes: number, loss: number, more?: Partial<FitReport>): FitReport {
    const { training, standing, settings, report, elapsedBeforeMs, budgetMs } = this.#journey;
    this.#lastMs = nowMs();
    const elapsedMs = this.#elapsed();
    const seconds = Math.max(1e-3, (this.#lastMs - this.#startMs) / 1000);
    return {
      kind,
      epoch: Math.ceil(passes),
      epochs: Math.ceil(settings.epochs),
      step: training.step,
      ...report,
      loss,
      ...(standing.best && { best: { epoch: standing.best.epoch, rmse: standing.best.scores.rmse } }),
      learningRate: training.learningRate(passes),
      stepsPerSecond: (training.step - this.#firstStep) / seconds,
      elapsedMs: elapsedBeforeMs + elapsedMs,
      ...(passes > 0 && {
        remainingMs: Math.max(0, Math.min((elapsedMs * (settings.epochs - passes)) / passes, budgetMs - elapsedMs)),
      }),
      ...more,
    };
  }
}
