/** Comparison of a model with its baselines on the same rows: skill scores and the winner. */
import type { Baselines } from "../baselines/baselines.ts";
import { Ensemble } from "../network/ensemble.ts";
import type { Filter } from "../network/filter.ts";
import type { Simulator } from "../network/simulator.ts";
import type { NetworkOptions } from "../network/sizes.ts";
import type { Paced } from "../pace.ts";
import type { Group } from "./error-sizes.ts";
import { type Scores, skill } from "./metrics.ts";
import type { Subset } from "./subset.ts";

/**
 * The predictor with the lowest RMSE; ties go to the simplest.
 *
 * "none" if the model or the linear filter has the lowest RMSE but an R² below 0, because the mean of the scored rows would
 * have been a better prediction; and if the rows decide nothing: none is scored, or all measured values are equal.
 */
export type Winner = "model" | "linear" | "mean" | "none";

/** The skill scores of a model relative to its baselines, and the winner. */
export interface SkillScores {
  /** 1 − MSE / MSE of the baseline. */
  skill: { mean: number; linear: number };
  winner: Winner;
}

/**
 * The scores of a model and of its baselines, on the same rows.
 *
 * With several targets, the overall skill scores and winner compare the means over targets of MSE / variance of the scored
 * rows, so that units do not matter; targets that are constant in these rows are excluded.
 */
export interface Comparison extends SkillScores {
  model: Scores;
  baselines: {
    /** The mean of the training rows. */
    mean: Scores;
    /** A ridge-regularised linear filter of the latest inputs; its length and strength are chosen on validation rows. */
    linear: Scores & { taps: number; ridge: number };
  };
  /** For each target, even if there is only one. */
  perTarget: Record<string, SkillScores>;
}

/** Scores a model and its baselines, which are filters, on a subset; `known` are the model's scores if already computed. */
export function* compare(
  subset: Subset,
  simulator: Simulator,
  { mean, linear }: Baselines,
  known?: Scores,
): Paced<Comparison> {
  const { options } = simulator;
  const model = known ?? (yield* subset.score(simulator)).scores;
  const baselines = {
    mean: yield* scoresOfFilter(subset, options, constant(mean)),
    linear: { ...(yield* scoresOfFilter(subset, options, linear)), taps: linear.taps, ridge: linear.ridge },
  };
  return { model, baselines, ...comparisonOf(subset.targets, { model, ...baselines }) };
}

/** Scores predictions that were made elsewhere: columns of each target, in the data's units, from the subset's first row. */
export function* comparePredictions(
  subset: Subset,
  options: NetworkOptions,
  columns: Pick<ByPredictor<readonly Float64Array[]>, "model" | "linear">,
  { mean, linear: { taps, ridge } }: Baselines,
): Paced<Comparison> {
  const model = yield* subset.scoreColumns(columns.model);
  const linear = { ...(yield* subset.scoreColumns(columns.linear, noGroups)), taps, ridge };
  const baselines = { mean: yield* scoresOfFilter(subset, options, constant(mean)), linear };
  return { model, baselines, ...comparisonOf(subset.targets, { model, ...baselines }) };
}

/** Only the model is scored by group. */
const noGroups: readonly Group[] = [];

function* scoresOfFilter(subset: Subset, options: NetworkOptions, filter: Filter): Paced<Scores> {
  return (yield* subset.score(new Ensemble(options, filter), noGroups)).scores;
}

/** A filter that predicts one constant per target. */
const constant = (mean: readonly number[]): Filter => ({ taps: 0, weights: mean.map((value) => [value]) });

/** A value for each predictor that is compared. */
interface ByPredictor<Value> {
  model: Value;
  linear: Value;
  mean: Value;
}

/** Skill scores and winners from the scores, overall and by target. */
export function comparisonOf(
  targets: readonly string[],
  scores: ByPredictor<Scores>,
): Pick<Comparison, "skill" | "winner" | "perTarget"> {
  const scoresByTarget = targets.map((target) => {
    const pick = ({ perTarget, ...single }: Scores) => perTarget?.[target] ?? single;
    return { model: pick(scores.model), linear: pick(scores.linear), mean: pick(scores.mean) };
  });
  const perTarget = Object.fromEntries(targets.map((target, i) => [target, skillScores(scoresByTarget[i])]));
  if (scoresByTarget.length === 1) return { ...perTarget[targets[0]], perTarget };
  const varying = scoresByTarget.filter(({ model }) => !Number.isNaN(model.r2));
  const overall = (predictor: keyof ByPredictor<Scores>) => {
    const share = varying.reduce((sum, target) => sum + 1 - target[predictor].r2, 0) / varying.length;
    return { rmse: Math.sqrt(share), r2: 1 - share };
  };
  const combined = { model: overall("model"), linear: overall("linear"), mean: overall("mean") };
  return { ...skillScores(varying.length === 0 ? scores : combined), perTarget };
}

function skillScores(scores: ByPredictor<Pick<Scores, "rmse" | "r2">>): SkillScores {
  const { model, linear, mean } = scores;
  const best = Math.min(model.rmse, linear.rmse, mean.rmse);
  // Ties go to the simplest predictor.
  const first = (["mean", "linear", "model"] as const).find((predictor) => scores[predictor].rmse === best) ?? "mean";
  const decided = Number.isFinite(model.r2) && (first === "mean" || scores[first].r2 >= 0);
  const winner = decided ? first : "none";
  return { skill: { mean: skill(model, mean), linear: skill(model, linear) }, winner };
}
