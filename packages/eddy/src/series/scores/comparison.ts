/** Comparison of a model with its baselines, on the same rows: skills and winners. */
import type { Baselines } from "../baselines/baselines.ts";
import type { Predictor } from "../network/predictor.ts";
import type { Paced } from "../pace.ts";
import { type Scores, skill } from "./metrics.ts";
import type { Subset } from "./subset.ts";

/**
 * The predictor with the lowest RMSE; of equal ones, the simplest. "none" where the model has the lowest RMSE but an R² below 0:
 * the mean of the scored rows would predict better than anything learned.
 */
export type Winner = "model" | "linear" | "mean" | "none";

/** How a model compares with its baselines. */
export interface Standings {
  /** 1 − MSE / MSE of the baseline. */
  skill: { mean: number; linear: number };
  winner: Winner;
}

/**
 * The scores of a model and of its baselines, on the same rows.
 *
 * With several targets, the overall skill and winner compare means over targets of MSE / variance of the scored rows, so that
 * no unit outweighs another; targets that are constant in these rows are excluded.
 */
export interface Comparison extends Standings {
  model: Scores;
  baselines: {
    /** The mean of the training rows. */
    mean: Scores;
    /** A ridge-regularised linear filter of the latest inputs; its length and strength are chosen on validation rows. */
    linear: Scores & { taps: number; ridge: number };
  };
  /** By target, also with a single one. */
  perTarget: Record<string, Standings>;
}

/** Scores a model's network and its baselines on a subset; `known` are the network's scores where they exist already. */
export function* compare(
  subset: Subset,
  network: Predictor,
  { mean, linear }: Baselines,
  known?: Scores,
): Paced<Comparison> {
  const model = known ?? (yield* subset.score(network)).scores;
  const baselines = {
    mean: yield* subset.scoreConstant(mean),
    linear: {
      ...(yield* subset.scoreFilter(linear, network.options.inputSize)),
      taps: linear.taps,
      ridge: linear.ridge,
    },
  };
  return { model, baselines, ...comparisonOf(subset.targets, { model, ...baselines }) };
}

/** The values that are compared. */
interface Contest<Entry> {
  model: Entry;
  linear: Entry;
  mean: Entry;
}

/** Skills and winners from the scores, overall and by target. */
export function comparisonOf(
  targets: readonly string[],
  contest: Contest<Scores>,
): Pick<Comparison, "skill" | "winner" | "perTarget"> {
  const each = targets.map((target) => {
    const own = ({ perTarget, ...scores }: Scores) => perTarget?.[target] ?? scores;
    return { model: own(contest.model), linear: own(contest.linear), mean: own(contest.mean) };
  });
  const perTarget = Object.fromEntries(targets.map((target, i) => [target, standings(each[i])]));
  if (each.length === 1) return { ...perTarget[targets[0]], perTarget };
  const varying = each.filter(({ model }) => !Number.isNaN(model.r2));
  const overall = (who: keyof Contest<Scores>) => {
    const share = varying.reduce((sum, own) => sum + 1 - own[who].r2, 0) / varying.length;
    return { rmse: Math.sqrt(share), r2: 1 - share };
  };
  const all = { model: overall("model"), linear: overall("linear"), mean: overall("mean") };
  return { ...standings(varying.length === 0 ? contest : all), perTarget };
}

function standings(contest: Contest<Pick<Scores, "rmse" | "r2">>): Standings {
  const { model, linear, mean } = contest;
  const best = Math.min(model.rmse, linear.rmse, mean.rmse);
  // Of equal scores, the simplest predictor wins.
  const first = (["mean", "linear", "model"] as const).find((who) => contest[who].rmse === best) ?? "mean";
  const winner = first === "model" && model.r2 < 0 ? "none" : first;
  return { skill: { mean: skill(model, mean), linear: skill(model, linear) }, winner };
}
