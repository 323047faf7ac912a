// Grades the winner of each target, which the library determines: how useful the model is, and by how much.
import type { Comparison, TargetScores, Winner } from "eddy/series";

/** The possible judgements of the model on one target. */
export type Judgement =
  /** Clearly better than both baselines. */
  | "beats"
  /** Better than both, but most of the variance stays unexplained. */
  | "weak"
  /** The model or the filter wins, but neither explains a notable share of the variance. */
  | "nothing"
  /** Better than the linear filter by a negligible amount. */
  | "barely"
  /** The linear filter is better by a negligible amount. */
  | "linearSlightly"
  /** The networks add nothing, so that the model is the filter. */
  | "isFilter"
  /** The linear filter is nearly perfect with one tap: an input may contain the target. */
  | "leak"
  /** All measured values are equal, so there is no variance to explain. */
  | "constant"
  | "linearWins"
  /** No predictor is as good as the mean of the scored rows. */
  | "worseThanMean"
  /** Worse than always predicting the training mean. */
  | "meanWins"
  /** No row has a prediction and a measured value, or the errors are not finite. */
  | "unscored";

export type Tone = "good" | "even" | "bad";

export const toneOf: Record<Judgement, Tone> = {
  beats: "good",
  weak: "even",
  barely: "even",
  linearSlightly: "even",
  isFilter: "even",
  leak: "even",
  constant: "even",
  nothing: "bad",
  linearWins: "bad",
  worseThanMean: "bad",
  meanWins: "bad",
  unscored: "bad",
};

/** The limits between judgements. */
const thresholds = {
  /** Skill over the linear filter below which the model is barely better. */
  notableSkill: 0.05,
  /** R² below which a model that beats both baselines still explains little. */
  weakR2: 0.3,
  /** R² below which a model or filter explains nothing notable. */
  noR2: 0.05,
  /** A filter's lead is small where the model's RMSE is at most this many times the filter's … */
  smallRatio: 1.05,
  /** … or where the filter explains at most this much more of the variance, of which the model explains … */
  smallVariance: 0.01,
  /** … at least this share. */
  excellentR2: 0.9,
  /** R² from which a filter of one tap suggests that an input is the target. */
  leakR2: 0.9999,
};

/** The scores of the model and of each baseline on one target. */
export interface TargetComparison {
  target: string;
  winner: Winner;
  model: TargetScores;
  linear: TargetScores & { taps: number };
  mean: TargetScores;
}

/** The comparison for each target: targets have different units, so scores over all of them have none. */
export function byTarget({ model, baselines, perTarget }: Comparison, targets: readonly string[]): TargetComparison[] {
  const { linear, mean } = baselines;
  const scoresOf = <Kind extends TargetScores & { perTarget?: Record<string, TargetScores> }>(
    of: Kind,
    target: string,
  ) => of.perTarget?.[target] ?? of;
  return targets.map((target) => ({
    target,
    winner: perTarget[target]!.winner,
    model: scoresOf(model, target),
    linear: { ...scoresOf(linear, target), taps: linear.taps },
    mean: scoresOf(mean, target),
  }));
}

export function judge({ winner, model, linear }: TargetComparison): Judgement {
  if (model.rows === 0 || !Number.isFinite(model.rmse)) return "unscored";
  if (Number.isNaN(model.r2)) return "constant";
  if (linear.taps <= 1 && linear.r2 >= thresholds.leakR2) return "leak";
  if (winner === "mean") return "meanWins";
  if (winner === "none") return "worseThanMean";
  if (Math.max(model.r2, linear.r2) < thresholds.noR2) return "nothing";
  if (winner === "linear" && model.rmse === linear.rmse) return "isFilter";
  if (winner === "linear") {
    const { smallRatio, smallVariance, excellentR2 } = thresholds;
    const closeError = model.r2 >= 0 && model.rmse <= smallRatio * linear.rmse;
    const closeVariance = model.r2 >= excellentR2 && linear.r2 - model.r2 <= smallVariance;
    return closeError || closeVariance ? "linearSlightly" : "linearWins";
  }
  if (model.r2 < thresholds.weakR2) return "weak";
  const skill = linear.rmse === 0 ? 0 : 1 - (model.rmse / linear.rmse) ** 2;
  return skill < thresholds.notableSkill ? "barely" : "beats";
}
