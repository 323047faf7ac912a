/** The timing run: measures, on a network that is discarded, how long an epoch takes, and plans as much as fits into a time budget. */
import { nowMs, type Pace } from "../pace.ts";
import type { ResolvedTrainingOptions, TrainingOptions } from "../settings/options.ts";
import { defaultOf, trainingSettings } from "../settings/settings.ts";
import { Diverged, type Trainer } from "./trainer.ts";

/** Shares of the budget: the longest measurement, and the time to plan with. */
const measuringShare = 0.02;
const plannedShare = 0.83;
/** A measurement is long enough once it shows that the plan takes less than this share of the budget. */
const certainShare = 0.3;
/** The shortest measurement, and the part of each that is discarded, because the engine is still compiling. */
const minMeasuringMs = 20;
const compilingShare = 0.6;
/** The cost of predicting a row, relative to training on it. */
const predictionCost = 0.4;

/**
 * The plan for a budget: first fewer networks, unless the caller has set their number, then fewer epochs.
 *
 * The clock and the number of cores affect only this plan, before the first real step: the planned numbers give the same bits
 * without a budget.
 * @param trainer a separate trainer, which is discarded.
 * @param jobs networks that are trained at the same time.
 */
export async function planForBudget(
  trainer: Trainer,
  validationRows: number,
  settings: ResolvedTrainingOptions,
  options: TrainingOptions,
  budgetMs: number,
  jobs: number,
  pace: Pace,
): Promise<Pick<ResolvedTrainingOptions, "epochs" | "networks">> {
  const available = plannedShare * budgetMs;
  /** Milliseconds of one network. */
  const cost = (epochs: number, epochMs: number) => {
    const every =
      options.validateEvery ?? defaultOf(trainingSettings.validateEvery, { epochs, trainRows: trainer.trainRows });
    const validationMs = (predictionCost * epochMs * validationRows) / trainer.trainRows;
    return epochs * epochMs + Math.ceil(epochs / every) * validationMs;
  };
  const rounds = (networks: number) => Math.ceil(networks / jobs);
  const fitsEasily = (epochMs: number) =>
    cost(settings.epochs, epochMs) * rounds(settings.networks) < certainShare * budgetMs;
  const epochMs = await timeOfEpoch(trainer, measuringShare * budgetMs, fitsEasily, options.signal, pace);
  const affordable = Math.floor(available / cost(settings.epochs, epochMs)) * jobs;
  const networks =
    options.networks ?? Math.min(settings.networks, Math.max(Math.min(settings.networks, minNetworks), affordable));
  const epochs = maxEpochs(settings.epochs, (count) => cost(count, epochMs), available / rounds(networks));
  return { epochs, networks };
}

/** Fewer networks are worse than shorter trainings. */
const minNetworks = 4;

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

/** Milliseconds of one epoch; a signal ends the measurement. */
async function timeOfEpoch(
  trainer: Trainer,
  measuringMs: number,
  isCertain: (epochMs: number) => boolean,
  signal: { readonly aborted: boolean } | undefined,
  pace: Pace,
): Promise<number> {
  const startMs = nowMs();
  let compiled: { epochs: number; atMs: number } | undefined;
  let now = { epochs: 0, atMs: startMs };
  const estimate = () => {
    const from = compiled !== undefined && compiled.epochs < now.epochs ? compiled : { epochs: 0, atMs: startMs };
    return Math.max(1e-3, (now.atMs - from.atMs) / Math.max(1e-9, now.epochs - from.epochs));
  };
  const isOver = () => {
    const measuredMs = now.atMs - startMs;
    return measuredMs >= measuringMs || (measuredMs >= minMeasuringMs && isCertain(estimate()));
  };
  try {
    while (!isOver() && !signal?.aborted) {
      const before = trainer.epoch;
      for (const turn of trainer.runEpoch()) {
        if (pace.due) await pace.yieldToEventLoop();
        if (signal?.aborted) break;
        if (turn === undefined) continue;
        now = { epochs: before + turn.progress, atMs: nowMs() };
        if (compiled === undefined && now.atMs - startMs >= compilingShare * measuringMs) compiled = now;
        if (isOver()) break;
      }
    }
  } catch (error) {
    if (!(error instanceof Diverged)) throw error; // the real training diverges too, and retries at a lower rate
  }
  return estimate();
}
