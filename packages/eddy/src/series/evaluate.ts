/** Evaluation: the scores of a model on a frame, compared with those of its baselines. */
import { checkOptions, wholeNumber } from "../nn/options.ts";
import { checkFrame } from "./data/check-frame.ts";
import { featureRows } from "./data/features.ts";
import type { Frame } from "./data/frame.ts";
import { scaleFrame } from "./data/scaled-frame.ts";
import { defaultLevel } from "./intervals/intervals.ts";
import { levelRule } from "./intervals/predicted-columns.ts";
import type { Model } from "./model.ts";
import { type Abort, finish, inTurns, type Paced, signalRule } from "./pace.ts";
import { partsOf } from "./parts.ts";
import { baselinesOf } from "./record/record-schema.ts";
import { type Comparison, compare } from "./scores/comparison.ts";
import { coverageOf } from "./scores/coverage.ts";
import { type Coverage, Subset } from "./scores/subset.ts";
import { trainingError } from "./training/words.ts";

/** The scores of a model and its baselines on the same rows, and the predictions that were scored. */
export interface Evaluation extends Comparison {
  /** Number of rows in the frame. */
  rows: number;
  /** The predictions, as returned by `Model.predict`. */
  predicted: Frame;
  /** For each target, how well the intervals hold; missing without intervals. */
  coverage?: Record<string, Coverage>;
  /** The same without the measured targets of the first rows, where the model uses them to infer the initial state. */
  fromZero?: Comparison;
}

/** Settings of `evaluate`. */
export interface EvaluateOptions {
  /** Number of rows after each start of the state that are not scored; by default as in training. */
  washout?: number;
  /** The probability of the intervals; 0.9 by default. */
  level?: number | false;
}

/**
 * Scores a model and its baselines on the same rows of a frame with targets: all rows with a measured target that are predicted,
 * whether or not an input was filled.
 *
 * @throws DataError for missing columns, a different sampling interval, and a frame without any row to score.
 * @example const { model: scores, winner } = evaluate(model, other);
 */
export function evaluate(model: Model, frame: Frame, options: EvaluateOptions = {}): Evaluation {
  return finish(evaluating(model, frame, options));
}

/** Like `evaluate`, but yields to the event loop every few milliseconds; if `signal` is aborted, the promise rejects with its reason. */
export async function evaluateAsync(
  model: Model,
  frame: Frame,
  options: EvaluateOptions & { signal?: Abort } = {},
): Promise<Evaluation> {
  checkOptions("evaluateAsync", options, { ...evaluateRules, signal: signalRule });
  const { signal, ...rest } = options;
  return inTurns(evaluating(model, frame, rest), signal);
}

const evaluateRules = { washout: wholeNumber, level: levelRule };

function* evaluating(model: Model, frame: Frame, options: EvaluateOptions): Paced<Evaluation> {
  const parts = partsOf(model, "evaluate");
  checkOptions("evaluate", options, evaluateRules);
  const { inputs, targets } = parts.options;
  checkFrame("evaluate", frame, [...inputs, ...targets], parts.origin);
  const { initialWindow } = parts.options;
  // Rows whose targets the model has seen are not scored.
  const washout = Math.max(options.washout ?? parts.options.washout, initialWindow);
  const { frame: rows } = yield* featureRows("evaluate", frame, parts.options, targets);
  const data = yield* scaleFrame(rows, { ...parts.options, washout }, parts);
  const subset = new Subset(data, frame.series(), targets, washout);
  if (subset.scoredRows === 0) throw trainingError("nothing-to-score", { rows: frame.length }, "evaluate");
  const { level = defaultLevel } = options;
  const spread = new Float32Array(frame.length * targets.length);
  const predicted = yield* model.predicting(frame, { level }, spread);
  const scores = yield* subset.scoreColumns(targets.map((name) => predicted.column(name)));
  const comparison = yield* compare(subset, parts.ensemble, baselinesOf(parts, "evaluate"), scores);
  const coverage =
    parts.intervals === undefined || level === false
      ? undefined
      : coverageOf(subset, level, (name) => predicted.column(name), spread, parts.targetScaler);
  const fromZero =
    initialWindow === 0 ? undefined : yield* compare(subset, parts.ensemble, baselinesOf(parts, "evaluate"));
  return {
    rows: frame.length,
    ...comparison,
    predicted,
    ...(coverage && { coverage }),
    ...(fromZero && { fromZero }),
  };
}
