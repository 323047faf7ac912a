/** Rehearsal: how many epochs fit into a budget, measured on a network that is thrown away. */
import type { FitOptions, ResolvedFit } from "./options.ts";
import { nowMs, type Pace } from "./pace.ts";
import type { Part } from "./part.ts";
import { defaultOf, trainingSettings } from "./settings.ts";
import { Diverged, type Training } from "./training.ts";

/** Shares of the budget: to watch the training, to watch validations, and to plan with. */
const watched = 0.08;
const watchedValidation = 0.04;
const planned = 0.83;
/** No budget is so large that an epoch must be watched for longer. */
const mostWatchedMs = 10_000;
/** What runs before this share of the watch counts for nothing: it is compiled meanwhile. */
const settling = 0.6;

/**
 * The settings for a budget: fewer trainings where their number was left open, then fewer epochs.
 *
 * Before the first real step the clock has decided everything that it decides: the epochs found here give the same bits
 * without a budget.
 * @param training one of its own, which is thrown away.
 */
export async function rehearsed(
  training: Training,
  validation: Part,
  settings: ResolvedFit,
  options: FitOptions,
  budgetMs: number,
  pace: Pace,
): Promise<Pick<ResolvedFit, "epochs" | "restarts">> {
  const passMs = await timeOfPass(training, Math.min(mostWatchedMs, watched * budgetMs), pace);
  const judgeMs =
    (settings.average > 0 ? 2 : 1) * (await timeOfValidation(validation, training, budgetMs, passMs, pace));
  const cost = (epochs: number) => {
    const every =
      options.validateEvery ?? defaultOf(trainingSettings.validateEvery, { epochs, trainRows: training.trainRows });
    return epochs * passMs + Math.ceil(epochs / every) * judgeMs;
  };
  const available = planned * budgetMs;
  const trainings = Math.max(1, Math.floor(available / cost(settings.epochs)));
  const restarts = options.restarts ?? Math.min(settings.restarts, trainings - 1);
  return { epochs: mostEpochs(settings.epochs, cost, available / (restarts + 1)), restarts };
}

/** The largest number of epochs that costs no more than is there; a part of one where even the first costs more. */
function mostEpochs(wanted: number, cost: (epochs: number) => number, availableMs: number): number {
  if (cost(wanted) <= availableMs) return wanted;
  if (cost(1) > availableMs) return availableMs / cost(1);
  let [few, many] = [1, wanted];
  while (many - few > 1) {
    const middle = Math.floor((few + many) / 2);
    if (cost(middle) <= availableMs) few = middle;
    else many = middle;
  }
  return few;
}

/** Milliseconds of one pass over the training rows. */
async function timeOfPass(training: Training, watchMs: number, pace: Pace): Promise<number> {
  const startMs = nowMs();
  let settled: { passes: number; atMs: number } | undefined;
  let now = { passes: 0, atMs: startMs };
  try {
    while (now.atMs - startMs < watchMs) {
      const before = training.epoch;
      for (const turn of training.runEpoch()) {
        if (pace.due) await pace.breathe();
        if (turn === undefined) continue;
        now = { passes: before + turn.progress, atMs: nowMs() };
        if (settled === undefined && now.atMs - startMs >= settling * watchMs) settled = now;
        if (now.atMs - startMs >= watchMs) break;
      }
    }
  } catch (error) {
    if (!(error instanceof Diverged)) throw error; // the real training will meet it, and knows the way back
  }
  const from = settled !== undefined && settled.passes < now.passes ? settled : { passes: 0, atMs: startMs };
  return Math.max(1e-3, (now.atMs - from.atMs) / Math.max(1e-9, now.passes - from.passes));
}

/** Milliseconds of one validation, the quickest of some; from its rows where not even one is over in the time to watch. */
async function timeOfValidation(
  validation: Part,
  { network, trainRows }: Training,
  budgetMs: number,
  passMs: number,
  pace: Pace,
): Promise<number> {
  const watchMs = Math.min(mostWatchedMs, watchedValidation * budgetMs);
  const endMs = nowMs() + watchMs;
  let quickestMs = Number.POSITIVE_INFINITY;
  while (nowMs() < endMs) {
    const startMs = nowMs();
    const scoring = validation.score(network);
    while (!scoring.next().done) {
      if (pace.due) await pace.breathe();
      if (nowMs() >= endMs && quickestMs < Number.POSITIVE_INFINITY) return quickestMs;
      if (nowMs() >= endMs) return Math.max(watchMs, (passMs * validation.rows) / trainRows);
    }
    quickestMs = Math.min(quickestMs, nowMs() - startMs);
  }
  return quickestMs;
}
