/** Every default of a training, in one place. */
import type { Rows } from "../data/rows.ts";
import { countRows } from "../data/rows.ts";
import type { FitOptions, RegressorOptions, ResolvedFit, ResolvedOptions } from "../settings/options.ts";
import { chunkCount, planLanes } from "./lanes.ts";

/** Below so many training rows, gradients flow through the whole series at once, and the network is another one. */
const shortSeries = 2000;
/** Below so many, trainings are so quick that several are run and the best is kept. */
const quickSeries = 20_000;

/** The model's settings with the defaults filled in from the number of training rows. */
export function resolveOptions(options: RegressorOptions, trainRows: number): ResolvedOptions {
  const usual =
    trainRows < shortSeries
      ? ({ cell: "lstm", hiddenSize: 16, numLayers: 2 } as const)
      : ({ cell: "gru", hiddenSize: 32, numLayers: 1 } as const);
  return {
    inputs: [...options.inputs],
    targets: [...options.targets],
    task: options.task ?? "simulate",
    cell: options.cell ?? usual.cell,
    hiddenSize: options.hiddenSize ?? usual.hiddenSize,
    numLayers: options.numLayers ?? usual.numLayers,
    linear: options.linear ?? true,
    initialState: options.initialState ?? "zero",
    washout: options.washout ?? 0,
    scaler: options.scaler ?? "standard",
    seed: options.seed ?? 0,
  };
}

/**
 * The fit's settings with the defaults filled in from the training part.
 *
 * They come from trials on three system-identification records of 768 to 75,000 training rows, judged on validation
 * alone. What counts is the number of steps, not of passes: few lanes and short chunks learn 12,000 times from whatever
 * there is. A short record is learnt whole, from its true start, with the weights held small and averaged.
 */
export function resolveFit(options: FitOptions, runs: readonly Rows[]): ResolvedFit {
  const rows = countRows(runs);
  const longest = runs.reduce((most, { start, end }) => Math.max(most, end - start), 1);
  const short = rows < shortSeries;
  const lanes = Math.min(options.lanes ?? (short ? 1 : clamp(Math.round(rows / 10_000), 1, 16)), rows);
  const chunk = Math.min(options.chunk ?? (short ? longest : 128), longest);
  const steps = short ? 3000 : 12_000;
  const epochs = options.epochs ?? Math.ceil(steps / chunkCount(planLanes(runs, lanes), chunk));
  return {
    epochs,
    validateEvery: options.validateEvery ?? usualInterval(epochs, rows),
    patience: options.patience ?? Math.max(10, Math.ceil(epochs / 2)),
    budgetMs: options.budgetMs,
    learningRate: options.learningRate ?? 0.005,
    weightDecay: options.weightDecay ?? Math.min(1e-3, (25 / rows) ** 2),
    average: options.average ?? (short ? 0.99 : 0),
    clip: options.clip ?? 1,
    restarts: options.restarts ?? (rows < quickSeries ? 2 : 0),
    chunk,
    lanes,
    refit: options.refit ?? false,
  };
}

/** Epochs between validations: some fifty in all, and no more rows than are learnt in about a second. */
export function usualInterval(epochs: number, trainRows: number): number {
  return Math.max(1, Math.min(Math.round(epochs / 50), Math.floor(200_000 / trainRows)));
}

/** Adam's averages of g and g²; the second one is shorter than usual, since gradients shrink by orders of magnitude. */
export const adamBetas = [0.9, 0.99] as const;

/** The final training on all rows goes on from the chosen weights: share of the epochs, and of the learning rate. */
export const refitEpochs = 0.5;
export const refitRate = 0.2;

/** The learning rate falls, as half a cosine over the planned epochs, to this share. */
export const lastRate = 0.01;

/** Rows of each lane that cost nothing in the first epoch, where a lane begins inside a run with a state that knows nothing yet. */
export const laneWarmUp = 50;

/** Fewer usable rows than this say nothing: the part is merged with another. */
export const fewestRows = 10;

/** How often a training that diverged goes back and tries again, and at which share of its learning rate. */
export const mostRetries = 5;
export const retryRate = 0.3;

export const validationShare = 0.25;

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
