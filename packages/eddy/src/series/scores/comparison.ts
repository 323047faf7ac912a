/** A trained model as one piece: settings, scalers, network, baselines and the record of its training. */
import type { LinearFilter } from "../baselines/linear-filter.ts";
import type { Origin } from "../data/origin.ts";
import type { Network, NetworkOptions } from "../network/network.ts";
import type { Paced } from "../pace.ts";
import type { Comparison, FitSummary, Standings } from "../record/report.ts";
import type { ResolvedOptions } from "../settings/options.ts";
import type { Scaler } from "../training/fit-scaler.ts";
import { type Scores, skill } from "./metrics.ts";
import type { Part } from "./subset.ts";

/** What the network is measured against, fitted on the same rows. */
export interface Baselines {
  /** Each target's mean, in scaled units. */
  mean: number[];
  linear: LinearFilter;
}

/** A network with all that turns a frame into predictions and scores. */
export interface Model {
  options: ResolvedOptions;
  inputScaler: Scaler;
  targetScaler: Scaler;
  network: Network;
  baselines: Baselines;
  origin: Origin;
  /** Missing only while the first fit is under way. */
  summary: FitSummary | undefined;
}

export function networkOptions(options: ResolvedOptions): NetworkOptions {
  const { cell, hiddenSize, numLayers, linear, initialState, inputs, targets } = options;
  return { cell, hiddenSize, numLayers, linear, initialState, inputSize: inputs.length, targetSize: targets.length };
}

/** The model's scores on a part, where they are not known yet, beside those of its baselines. */
export function* compare(part: Part, network: Network, { mean, linear }: Baselines, known?: Scores): Paced<Comparison> {
  const model = known ?? (yield* part.score(network)).scores;
  const baselines = {
    mean: yield* part.scoreConstant(mean),
    linear: {
      ...(yield* part.scoreFilter(linear, network.options.inputSize)),
      taps: linear.taps,
      ridge: linear.ridge,
    },
  };
  return { model, baselines, ...comparisonOf(part.targets, { model, ...baselines }) };
}

/** The scores that are compared. */
interface Contest<Entry> {
  model: Entry;
  linear: Entry;
  mean: Entry;
}

/** Skills and winners, over all targets and of each, from the scores. */
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
  // At equal scores the simpler one wins.
  const first = (["mean", "linear", "model"] as const).find((who) => contest[who].rmse === best) ?? "mean";
  const winner = first === "model" && model.r2 < 0 ? "none" : first;
  return { skill: { mean: skill(model, mean), linear: skill(model, linear) }, winner };
}
