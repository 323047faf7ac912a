/** The course of one training: validation after each epoch, early stopping, budget, and the way back from a divergence. */
import type { Tensor } from "../tensor/tensor.ts";
import { mostRetries, retryRate } from "./defaults.ts";
import type { Scores } from "./metrics.ts";
import type { ResolvedFit } from "./options.ts";
import { nowMs, type Pace } from "./pace.ts";
import type { Part } from "./part.ts";
import type { CurvePoint, FitReport, StopReason } from "./report.ts";
import { Diverged, type Training, type TrainingState, weightsOf } from "./training.ts";

/** The best weights of a training so far. */
export interface Best {
  epoch: number;
  /** Passes done, with a fraction where a budget ended within one. */
  passes: number;
  /** Passes that were planned then, which decide the learning rates on the way. */
  planned: number;
  /** Mean over targets of the squared error in scaled units. */
  error: number;
  scores: Scores;
  weights: Record<string, Tensor>;
}

/** Where a training stands after its last finished epoch; plain data and tensors, to be written down. */
export interface Standing {
  /** As it was before the first epoch, then after each. */
  training: TrainingState;
  /** Passes planned; a budget settles it once. */
  planned: number;
  planSettled: boolean;
  best: Best | undefined;
  retries: number;
  curve: CurvePoint[];
  /** Wall-clock time that this training took. */
  elapsedMs: number;
}

/** What a course is given. */
export interface Journey {
  training: Training;
  /** Where it begins: at the first epoch, or where an earlier course was left. Replaced as it goes on. */
  standing: Standing;
  settings: ResolvedFit;
  /** Left out in the final training on all rows. */
  validation?: Part;
  /** Passes after which to stop, where they are known beforehand. */
  until?: number;
  /** Wall-clock time for this training; infinite where there is no budget. */
  budgetMs: number;
  signal: { readonly aborted: boolean } | undefined;
  pace: Pace;
  /** What the reports share. */
  report: Pick<FitReport, "restart" | "phase">;
  note(text: string): void;
  /** Of all trainings before this one. */
  elapsedBeforeMs: number;
}

const progressMs = 500;
/** Share of a budget that is watched before the number of epochs is settled, and share that stays in reserve. */
const watchedShare = 0.1;
const reservedShare = 0.07;

/** Runs a training to its end; reports after each epoch and twice a second within long ones. */
export async function* follow(journey: Journey): AsyncGenerator<FitReport, StopReason> {
  const { training, settings, pace, validation, standing } = journey;
  const startedMs = nowMs() - standing.elapsedMs;
  const firstStep = standing.training.step;
  const sessionMs = nowMs();
  training.restore(standing.training);
  training.planned = standing.planned;
  let loss = standing.curve.at(-1)?.loss ?? Number.NaN;
  let lastReportMs = nowMs();

  const elapsed = () => nowMs() - startedMs;
  const end = () => journey.until ?? training.planned;
  const late = () => elapsed() >= journey.budgetMs;
  const report = (kind: FitReport["kind"], passes: number, more: Partial<FitReport> = {}): FitReport => {
    const seconds = Math.max(1e-3, (nowMs() - sessionMs) / 1000);
    const left = passes > 0 ? (elapsed() * Math.max(0, end() - passes)) / passes : undefined;
    return {
      kind,
      epoch: kind === "epoch" ? training.epoch : training.epoch + 1,
      epochs: Math.ceil(end()),
      step: training.step,
      ...journey.report,
      loss,
      ...(standing.best && { best: { epoch: standing.best.epoch, rmse: standing.best.scores.rmse } }),
      learningRate: training.learningRate(passes),
      stepsPerSecond: (training.step - firstStep) / seconds,
      elapsedMs: journey.elapsedBeforeMs + elapsed(),
      ...(left !== undefined && {
        remainingMs: Math.min(left, Math.max(0, journey.budgetMs - elapsed())),
      }),
      ...more,
    };
  };
  /** Turns the time that passes took into the number of them that fits; whole ones where there is more than one. */
  const settlePlan = (passes: number) => {
    if (standing.planSettled || elapsed() < watchedShare * journey.budgetMs) return;
    const fitting = (passes * journey.budgetMs * (1 - reservedShare)) / elapsed();
    const planned = Math.min(settings.epochs, fitting >= 1 ? Math.floor(fitting) : fitting);
    standing.planSettled = true;
    standing.planned = training.planned = Math.max(planned, Math.min(passes, settings.epochs));
  };
  const judge = async (passes: number) => {
    if (validation === undefined) return undefined;
    const { scores, error } = await pace.finish(validation.score(training.network));
    if (!Number.isFinite(error)) throw new Diverged(`a validation error of ${error}`);
    if (error < (standing.best?.error ?? Number.POSITIVE_INFINITY)) {
      const { epoch, network, planned } = training;
      standing.best = { epoch, passes, planned, error, scores, weights: weightsOf(network) };
    }
    standing.curve.push({ epoch: training.epoch, loss, validation: scores.rmse });
    return scores;
  };

  for (;;) {
    if (training.epoch >= end()) return "epochs";
    if (late()) return "budget";
    let stopped: StopReason | undefined;
    try {
      let passes = training.epoch;
      const epoch = training.runEpoch();
      for (;;) {
        const { done, value } = epoch.next();
        if (done) {
          loss = value.loss;
          passes = training.epoch;
          break;
        }
        if (pace.due) await pace.breathe();
        if (value === undefined) continue;
        passes = training.epoch + value.progress;
        loss = value.loss;
        if (journey.signal?.aborted) stopped = "signal";
        else if (late()) stopped = "budget";
        else if (!Number.isInteger(end()) && passes >= end())
          stopped = journey.until === undefined ? "budget" : "epochs";
        if (stopped !== undefined) break;
        settlePlan(passes);
        if (nowMs() - lastReportMs >= progressMs) {
          lastReportMs = nowMs();
          yield report("progress", passes);
        }
      }
      if (stopped !== undefined) {
        // The unfinished epoch counts where nothing else is there, and where it ends as it was planned.
        if (standing.best === undefined || stopped !== "signal") {
          training.epoch++;
          const scores = await judge(passes);
          yield report("epoch", passes, { ...(scores && { validation: scores }) });
        }
        return stopped;
      }
      const scores = await judge(passes);
      settlePlan(passes);
      const stalled = validation !== undefined && training.epoch - standing.best!.epoch >= settings.patience;
      standing.training = training.state();
      standing.elapsedMs = elapsed();
      lastReportMs = nowMs();
      yield report("epoch", passes, { ...(scores && { validation: scores }) });
      if (journey.signal?.aborted) return "signal";
      if (stalled) return "patience";
    } catch (error) {
      if (!(error instanceof Diverged)) throw error;
      const found = `epoch ${training.epoch + 1}: training diverged (${error.message})`;
      standing.retries++;
      if (standing.retries > mostRetries) {
        journey.note(`${found} again after ${mostRetries} retries at lower rates; it ends here`);
        return "divergence";
      }
      standing.training = { ...standing.training, rateFactor: standing.training.rateFactor * retryRate };
      training.restore(standing.training);
      const note =
        `${found}; back to the weights after epoch ${training.epoch}, learning rate ` +
        `${settings.learningRate * training.rateFactor} from here on`;
      journey.note(note);
      lastReportMs = nowMs();
      yield report("progress", training.epoch, { note });
      if (journey.signal?.aborted) return "signal";
    }
  }
}
