// The protocol: open-loop simulation of the targets from the inputs alone, one model per seed, each scored once; test.csv is opened
// only on demand.
import {
  type Evaluation,
  evaluate,
  type Frame,
  type Scores,
  type TrainingReport,
  type TrainingSummary,
  train,
} from "eddy/series";
import { references } from "./published.ts";
import { type DataSet, readPart } from "./sets.ts";
import type { Settings } from "./settings.ts";

/** How well one model predicts one target on the test rows; errors are RMSE in the set's reported unit. */
export interface Score {
  seed: number;
  /** From a zero state. */
  rmse: number;
  /** Of a second model, which infers its initial state from the measured targets of the rows that are not scored. */
  rmseWithInitialWindow?: number;
  /** The share of the rows within the 90 % interval. */
  coverage: number;
  /** The mean width of that interval, in standard deviations of the target. */
  width: number;
  /** The share of the networks in the prediction; the rest is the linear filter's. */
  share: number;
  /** From the frame to the finished model. */
  seconds: number;
  /** The networks whose predictions are averaged. */
  networks: number;
}

/** The results for one target. */
export interface MeasuredTarget {
  target: string;
  models: Score[];
  /** Eddy's own linear filter. */
  filter: { rmse: number; taps: number; ridge: number };
  /** The mean of the training rows. */
  mean: { rmse: number };
}

export interface Measured {
  rows: { train: number; test: number; dropped: number };
  targets: MeasuredTarget[];
  /** Those of the first model, with the defaults resolved by the library. */
  settings: Omit<TrainingSummary["settings"], "seed">;
}

export interface Run {
  settings: Settings;
  /** Trained models. */
  seeds: number;
  /** Opens test.csv; otherwise, the last rows of train.csv stand for it. */
  final: boolean;
  /** Trains a second model for each seed, with an initial window. */
  initialWindow: boolean;
  onReport?(seed: number, report: TrainingReport): void;
  /** The scores of the next seed, one for each target. */
  onScores?(scores: ReadonlyMap<string, Score>): void;
}

/** The share of train.csv that stands for test.csv. */
export const heldOutShare = 0.3;

/** Trains and scores the models of one set; their seeds are 1, 2, … */
export async function measure(set: DataSet, run: Run): Promise<Measured> {
  const parts = partsOf(set, run.final);
  const models: Map<string, Score>[] = [];
  let first: Trained | undefined;
  for (let seed = 1; seed <= run.seeds; seed++) {
    const trained = await trainAndScore(set, run, parts, { seed, initialWindow: 0 });
    const second = run.initialWindow
      ? await trainAndScore(set, run, parts, { seed, initialWindow: set.initWindow })
      : undefined;
    const scores = new Map(set.targets.map((target) => [target, scoreOf(set, target, trained, second)]));
    models.push(scores);
    run.onScores?.(scores);
    first ??= trained;
  }
  const { evaluation, summary } = first!;
  const { mean, linear } = evaluation.baselines; // they depend on the rows, not on a seed
  const { seed: _, ...settings } = summary.settings;
  return {
    rows: { train: parts.training.length, test: parts.test.length, dropped: set.initWindow },
    targets: set.targets.map((target) => ({
      target,
      models: models.map((scores) => scores.get(target)!),
      filter: { rmse: rmseOf(set, linear, target), taps: linear.taps, ridge: linear.ridge },
      mean: { rmse: rmseOf(set, mean, target) },
    })),
    settings,
  };
}

interface Parts {
  training: Frame;
  test: Frame;
}

/** The rows for training and for the test. */
function partsOf(set: DataSet, final: boolean): Parts {
  const training = readPart(set, "train");
  if (final) return { training, test: readPart(set, "test") };
  const end = training.length - Math.round(heldOutShare * training.length);
  return { training: training.slice(0, end), test: training.slice(end, training.length) };
}

/** A finished training, and its model's only evaluation. */
interface Trained {
  seed: number;
  seconds: number;
  summary: TrainingSummary;
  evaluation: Evaluation;
}

async function trainAndScore(
  { inputs, targets, initWindow }: DataSet,
  { settings, onReport }: Run,
  { training, test }: Parts,
  { seed, initialWindow }: { seed: number; initialWindow: number },
): Promise<Trained> {
  const startedAt = performance.now();
  const job = train(training, { ...settings.model, ...settings.fit, inputs, targets, initialWindow, seed });
  for await (const report of job) onReport?.(seed, report);
  const seconds = (performance.now() - startedAt) / 1000;
  // Without an initial window, the predictions depend on the inputs alone.
  const evaluation = evaluate(job.model, test, { washout: initWindow });
  return { seed, seconds, summary: job.summary!, evaluation };
}

function scoreOf(
  set: DataSet,
  target: string,
  { seed, seconds, summary, evaluation }: Trained,
  second?: Trained,
): Score {
  const { coverage, width } = evaluation.coverage![target];
  return {
    seed,
    rmse: rmseOf(set, evaluation.model, target),
    ...(second && { rmseWithInitialWindow: rmseOf(set, second.evaluation.model, target) }),
    coverage,
    width: width / deviationOf(evaluation.baselines.mean, target),
    share: summary.share[target],
    seconds,
    networks: summary.networks.length,
  };
}

/** In the set's reported unit. */
function rmseOf({ name }: DataSet, scores: Scores, target: string): number {
  return targetScores(scores, target).rmse * (references[name]?.perColumn ?? 1);
}

/** The standard deviation of the measured values that were scored, from R² = 1 − RMSE² / variance. */
function deviationOf(scores: Scores, target: string): number {
  const { rmse, r2 } = targetScores(scores, target);
  return rmse / Math.sqrt(1 - r2);
}

const targetScores = ({ perTarget, ...all }: Scores, target: string) => perTarget?.[target] ?? all;
