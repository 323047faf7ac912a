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

/**
 * The fit's settings with the defaults filled in from the size of the training part.
 *
 * They come from trials on three system-identification records of 768 to 75,000 training rows, judged on validation
 * alone. What counts is the number of steps, not of passes: few lanes and short chunks learn 12,000 times from whatever
 * there is. A short record is learnt whole, from its true start, with the weights held small.
 */
export function resolveFit(options: FitOptions, trainRows: number, longestRun: number): ResolvedFit {
  const isShort = trainRows < shortRecord;
  const lanes = Math.min(options.lanes ?? (isShort ? 1 : clamp(Math.round(trainRows / 10_000), 1, 16)), trainRows);
  const chunk = Math.min(options.chunk ?? (isShort ? longestRun : 128), longestRun);
  const chunks = Math.max(1, Math.ceil(trainRows / (lanes * chunk)));
  const epochs = options.epochs ?? Math.ceil((isShort ? 3000 : 12_000) / chunks);
  return {
    epochs,
    patience: options.patience ?? Math.max(10, Math.ceil(epochs / 2)),
    budgetMs: options.budgetMs,
    learningRate: options.learningRate ?? 0.005,
    clip: options.clip ?? 1,
    weightDecay: options.weightDecay ?? Math.min(1e-3, (25 / trainRows) ** 2),
    restarts: options.restarts ?? (trainRows < 20_000 ? 2 : 0),
    chunk,
    lanes,
    refit: options.refit ?? false,
  };
}

/** Up to so many training rows, one pass is one step: gradients flow through the whole record. */
const shortRecord = 2000;

/** Adam's averages of g and g²; the second one is shorter than usual, since gradients shrink by orders of magnitude. */
export const adamBetas = [0.9, 0.99] as const;

/** The final training on all rows goes on from the chosen weights: share of the epochs, and of the learning rate. */
export const refitEpochs = 0.5;
export const refitRate = 0.2;

/** Rows of each lane that its loss leaves out where the lane begins inside a run, with a state that knows nothing yet. */
export const laneWarmUp = 50;

/** Rows before a part over which the state is carried before the part's own rows are predicted. */
export const warmUpRows = 4096;

/** Fewer scored rows than this say nothing: the part is merged into the one before it. */
export const fewestRows = 10;

/**
 * Share of the planned epochs after which the learning rate falls, as half a cosine, to `lastRate` of its value. Until then
 * it is level, since a budget settles how many epochs are planned only when it has watched the first of them.
 */
export const fallsAfter = 0.15;
export const lastRate = 0.01;

/** How often a training that diverged goes back and tries again, and at which share of its learning rate. */
export const mostRetries = 5;
export const retryRate = 0.3;

export const validationShare = 0.25;

function clamp(value: number, low: number, high: number): number {
  return Math.max(low, Math.min(high, value));
}
