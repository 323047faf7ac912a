/** The timing run: measures, on a network that is discarded, how many epochs fit into a time budget. */
import { nowMs, type Pace } from "../pace.ts";
import type { Subset } from "../scores/subset.ts";
import type { ResolvedTrainingOptions, TrainingOptions } from "../settings/options.ts";
import { defaultOf, trainingSettings } from "../settings/settings.ts";
import { Diverged, type Trainer } from "./trainer.ts";

/** Shares of the budget: to measure epochs, to measure validations, and to plan with. */
const epochShare = 0.08;
const validationShare = 0.04;
const plannedShare = 0.83;
/** The longest measurement: a larger budget does not need a more precise one. */
const maxMeasuringMs = 10_000;
/** Share of the measurement that is discarded, because the engine is still compiling. */
const compilingShare = 0.6;

/**
 * The plan for a budget: first fewer restarts, unless the caller has set their number, then fewer epochs.
 *
 * The clock affects only this plan, before the first real step: the planned number of epochs gives the same bits without
 * a budget.
 * @param trainer a separate trainer, which is discarded.
 */
export async function planForBudget(
  trainer: Trainer,
  validation: Subset,
  settings: ResolvedTrainingOptions,
  options: TrainingOptions,
  budgetMs: number,
  pace: Pace,
): Promise<Pick<ResolvedTrainingOptions, "epochs" | "restarts">> {
  const epochMs = await timeOfEpoch(trainer, Math.min(maxMeasuringMs, epochShare * budgetMs), pace);
  const validationMs =
    (settings.average > 0 ? 2 : 1) * (await timeOfValidation(validation, trainer, budgetMs, epochMs, pace));
  const cost = (epochs: number) => {
    const every =
      options.validateEvery ?? defaultOf(trainingSettings.validateEvery, { epochs, trainRows: trainer.trainRows });
    return epochs * epochMs + Math.ceil(epochs / every) * validationMs;
  };
  const available = plannedShare * budgetMs;
  const runs = Math.max(1, Math.floor(available / cost(settings.epochs)));
  const restarts = options.restarts ?? Math.min(settings.restarts, runs - 1);
  return { epochs: maxEpochs(settings.epochs, cost, available / (restarts + 1)), restarts };
}

/** The maximum number of epochs within the available time; a fraction if a single epoch takes longer. */
function maxEpochs(planned: number, cost: (epochs: number) => number, availableMs: number): number {
  if (cost(planned) <= availableMs) return planned;
  if (cost(1) > availableMs) return availableMs / cost(1);
  let [affordable, excessive] = [1, planned];
  while (excessive - affordable > 1) {
    const middle = Math.floor((affordable + excessive) / 2);
    if (cost(middle) <= availableMs) affordable = middle;
    else excessive = middle;
  }
  return affordable;
}

/** Milliseconds of one epoch. */
async function timeOfEpoch(trainer: Trainer, measuringMs: number, pace: Pace): Promise<number> {
  const startMs = nowMs();
  let compiled: { epochs: number; atMs: number } | undefined;
  let now = { epochs: 0, atMs: startMs };
  try {
    while (now.atMs - startMs < measuringMs) {
      const before = trainer.epoch;
      for (const turn of trainer.runEpoch()) {
        if (pace.due) await pace.yieldToEventLoop();
        if (turn === undefined) continue;
        now = { epochs: before + turn.progress, atMs: nowMs() };
        if (compiled === undefined && now.atMs - startMs >= compilingShare * measuringMs) compiled = now;
        if (now.atMs - startMs >= measuringMs) break;
      }
    }
  } catch (error) {
    if (!(error instanceof Diverged)) throw error; // the real training diverges too, and retries at a lower rate
  }
  const from = compiled !== undefined && compiled.epochs < now.epochs ? compiled : { epochs: 0, atMs: startMs };
  return Math.max(1e-3, (now.atMs - from.atMs) / Math.max(1e-9, now.epochs - from.epochs));
}

/** Milliseconds of one validation: the fastest of several, or an estimate from its rows if none ends in time. */
async function timeOfValidation(
  validation: Subset,
  { network, trainRows }: Trainer,
  budgetMs: number,
  epochMs: number,
  pace: Pace,
): Promise<number> {
  const measuringMs = Math.min(maxMeasuringMs, validationShare * budgetMs);
  const endMs = nowMs() + measuringMs;
  let fastestMs = Number.POSITIVE_INFINITY;
  while (nowMs() < endMs) {
    const startMs = nowMs();
    const scoring = validation.score(network.predictor);
    while (!scoring.next().done) {
      if (pace.due) await pace.yieldToEventLoop();
      if (nowMs() >= endMs && fastestMs < Number.POSITIVE_INFINITY) return fastestMs;
      if (nowMs() >= endMs) return Math.max(measuringMs, (epochMs * validation.rows) / trainRows);
    }
    fastestMs = Math.min(fastestMs, nowMs() - startMs);
  }
  return fastestMs;
}
