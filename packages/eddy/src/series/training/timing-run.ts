/** The timing run: measures, on a network that is discarded, how long an epoch takes, and plans as much as fits into a time budget. */
import { nowMs, type Pace } from "../pace.ts";
import type { ResolvedTrainingOptions, TrainingOptions } from "../settings/options.ts";
import { defaultOf, trainingSettings } from "../settings/settings.ts";
import { Diverged, type Trainer } from "./trainer.ts";

/**
 * Shares of the budget: the longest measurement, and the time to plan with. Networks that are trained at the same time are slower than
 * the one that is measured, and a training that the clock ends before its learning rate has decayed has up to twice the error.
 */
const measuringShare = 0.02;
const plannedShare = 0.65;
/** A measurement is long enough once it shows that the plan takes less than this share of the budget. */
const certainShare = 0.3;
/** The shortest measurement, and the number of parts of each. */
const minMeasuringMs = 20;
const parts = 10;
/** The cost of predicting a row, relative to training on it. */
const predictionCost = 0.4;

/** What a plan depends on. */
export interface PlanFor {
  validationRows: number;
  settings: ResolvedTrainingOptions;
  /** The settings of the caller, which are not changed. */
  given: TrainingOptions;
  budgetMs: number;
  /** Networks that are trained at the same time. */
  jobs: number;
  /** The cost of each variant relative to the first. */
  costs: readonly number[];
}

/**
 * The plan for a budget: first fewer variants, then fewer networks, unless the caller has set their number, then fewer epochs.
 *
 * The clock and the number of cores affect only this plan, before the first real step: the planned numbers give the same bits
 * without a budget.
 * @param trainer a separate trainer, which is discarded.
 */
export async function planForBudget(
  trainer: Trainer,
  pace: Pace,
  signal: { readonly aborted: boolean } | undefined,
  { validationRows, settings, given, budgetMs, jobs, costs }: PlanFor,
): Promise<{ epochs: number; networks: number; variants: number }> {
  const available = plannedShare * budgetMs;
  /** Milliseconds of one network. */
  const cost = (epochs: number, epochMs: number) => {
    const every =
      given.validateEvery ?? defaultOf(trainingSettings.validateEvery, { epochs, trainRows: trainer.trainRows });
    const validationMs = (predictionCost * epochMs * validationRows) / trainer.trainRows;
    return epochs * epochMs + Math.ceil(epochs / every) * validationMs;
  };
  /** How many times the cost of one network the training takes. */
  const rounds = (networks: number, variants: number) =>
    costs.slice(0, variants).reduce((sum, own) => sum + own, 0) * Math.ceil(networks / jobs);
  const isEasy = (epochMs: number) =>
    cost(settings.epochs, epochMs) * rounds(settings.networks, costs.length) < certainShare * budgetMs;
  const epochMs = await timeOfEpoch(trainer, measuringShare * budgetMs, isEasy, signal, pace);
  const fits = (networks: number, variants: number) =>
    cost(settings.epochs, epochMs) * rounds(networks, variants) <= available;
  let [networks, variants] = [settings.networks, costs.length];
  while (variants > 1 && !fits(networks, variants)) variants--;
  while (given.networks === undefined && networks > minNetworks && !fits(networks, variants)) networks--;
  const epochs = maxEpochs(settings.epochs, (count) => cost(count, epochMs), available / rounds(networks, variants));
  return { epochs, networks, variants };
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

/** Milliseconds of one epoch, by the fastest part of the measurement; a signal ends it. */
async function timeOfEpoch(
  trainer: Trainer,
  measuringMs: number,
  isCertain: (epochMs: number) => boolean,
  signal: { readonly aborted: boolean } | undefined,
  pace: Pace,
): Promise<number> {
  const startMs = nowMs();
  let fastest = Number.POSITIVE_INFINITY;
  /** The start of the current part. */
  let from = { epochs: 0, atMs: startMs };
  const isOver = (atMs: number) =>
    atMs - startMs >= measuringMs || (atMs - startMs >= minMeasuringMs && isCertain(fastest));
  try {
    for (let atMs = startMs; !isOver(atMs) && !signal?.aborted; ) {
      const before = trainer.epoch;
      for (const turn of trainer.runEpoch()) {
        if (pace.due) await pace.yieldToEventLoop();
        if (signal?.aborted) break;
        if (turn === undefined) continue;
        atMs = nowMs();
        const now = { epochs: before + turn.progress, atMs };
        // The engine compiles while the first parts run, and other programs may have taken time from any of them.
        if (atMs - from.atMs >= Math.min(minMeasuringMs, measuringMs / parts)) {
          fastest = Math.min(fastest, (atMs - from.atMs) / Math.max(1e-9, now.epochs - from.epochs));
          from = now;
        }
        if (isOver(atMs)) break;
      }
    }
  } catch (error) {
    if (!(error instanceof Diverged)) throw error; // the real training diverges too, and retries at a lower rate
  }
  return Math.max(1e-3, Number.isFinite(fastest) ? fastest : nowMs() - startMs);
}
