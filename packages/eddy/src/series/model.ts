/** A trained model as one piece: settings, scalers, network, baselines and the record of its training. */
import type { LinearFilter } from "./linear-filter.ts";
import { type Scores, skill } from "./metrics.ts";
import type { Network, NetworkOptions } from "./network.ts";
import type { ResolvedOptions } from "./options.ts";
import type { Paced } from "./pace.ts";
import type { Part } from "./part.ts";
import type { Comparison, FitSummary } from "./report.ts";
import type { Scaler } from "./scaler.ts";

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
  return { model, baselines, ...standings(model, baselines) };
}

function standings(
  model: Scores,
  { mean, linear }: { mean: Scores; linear: Scores },
): Pick<Comparison, "skill" | "winner"> {
  const ranked = [
    ["model", model.rmse],
    ["linear", linear.rmse],
    ["mean", mean.rmse],
  ] as const;
  const best = Math.min(...ranked.map(([, rmse]) => rmse));
  // At equal scores the simpler one wins.
  const winner = ranked.findLast(([, rmse]) => rmse === best)?.[0] ?? "mean";
  return { skill: { mean: skill(model, mean), linear: skill(model, linear) }, winner };
}
