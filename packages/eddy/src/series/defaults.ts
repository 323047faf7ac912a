/** What a Regressor does where its user says nothing: every default in one place, with its reason. */
import type { FitOptions, RegressorOptions, ResolvedFit, ResolvedOptions } from "./options.ts";

/** The model's settings with the defaults filled in. */
export function resolveOptions(options: RegressorOptions): ResolvedOptions {
  return {
    inputs: [...options.inputs],
    targets: [...options.targets],
    task: options.task ?? "simulate",
    cell: options.cell ?? "gru",
    hiddenSize: options.hiddenSize ?? 32,
    numLayers: options.numLayers ?? 1,
    linear: options.linear ?? true,
    initialState: options.initialState ?? "zero",
    washout: options.washout ?? 0,
    scaler: options.scaler ?? "standard",
    seed: options.seed ?? 0,
  };
}

/** The fit's settings with the defaults filled in from the size of the training part. */
export function resolveFit(options: FitOptions, trainRows: number, longestRun: number): ResolvedFit {
  const lanes = Math.min(options.lanes ?? clamp(Math.round(trainRows / 1000), 1, 64), trainRows);
  const chunk = Math.min(options.chunk ?? 128, longestRun);
  const epochs = options.epochs ?? clamp(Math.round(2e6 / trainRows), 20, 500);
  return {
    epochs,
    patience: options.patience ?? Math.max(10, Math.ceil(epochs / 4)),
    budgetMs: options.budgetMs,
    learningRate: options.learningRate ?? 0.005,
    clip: options.clip ?? 1,
    restarts: options.restarts ?? 0,
    chunk,
    lanes,
    refit: options.refit ?? false,
  };
}

/** Rows of each lane that its loss leaves out where the lane begins inside a run, with a state that knows nothing yet. */
export const laneWarmUp = 50;

/** Rows before a part over which the state is carried before the part's own rows are predicted. */
export const warmUpRows = 4096;

/** Fewer scored rows than this say nothing: the part is merged into the one before it. */
export const fewestRows = 10;

/** Share of the planned epochs after which the learning rate falls, as half a cosine, to `lastRate` of its value. */
export const fallsAfter = 0.4;
export const lastRate = 0.01;

/** How often a training that diverged goes back and tries again, and at which share of its learning rate. */
export const mostRetries = 5;
export const retryRate = 0.3;

export const validationShare = 0.25;

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
