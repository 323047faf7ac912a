/** Comparison of a candidate with the deployed model, on rows that neither has learned from. */
import { checkOptions } from "../nn/options.ts";
import { checkIsFrame, type Frame } from "./data/frame.ts";
import type { Model } from "./model.ts";
import { type Abort, inTurns, type Paced, signalRule } from "./pace.ts";
import { partsOf } from "./parts.ts";
import { type RivalColumns, type Rivalry, rivalryOf } from "./scores/rivalry.ts";
import { trainingError } from "./training/words.ts";

/**
 * Compares two models with the same targets on the same rows, those that both predict, and says whether the difference is more than
 * chance: a paired t test over blocks in time. Their inputs may differ. If `signal` is aborted, the promise rejects with its reason.
 *
 * @throws DataError for different targets, missing columns and a frame without any row to score.
 * @example const { better, perTarget } = await compareModels(deployed, candidate, frame);
 */
export async function compareModels(
  deployed: Model,
  candidate: Model,
  frame: Frame,
  options: { signal?: Abort } = {},
): Promise<Rivalry> {
  checkOptions("compareModels", options, { signal: signalRule });
  const { signal } = options;
  return inTurns(comparing(deployed, candidate, frame), signal);
}

function* comparing(deployed: Model, candidate: Model, frame: Frame): Paced<Rivalry> {
  const where = "compareModels";
  checkIsFrame(where, frame);
  const { targets } = partsOf(deployed, where).options;
  const others = partsOf(candidate, where).options.targets;
  if (targets.length !== others.length || !targets.every((target) => others.includes(target))) {
    throw trainingError("other-targets", { expected: targets, received: others }, where);
  }
  const predictions = [];
  for (const model of [deployed, candidate]) {
    const predicted = yield* model.predicting(frame, { level: false });
    const { washout, initialWindow } = model.options;
    predictions.push({ predicted, unscored: Math.max(washout, initialWindow) });
  }
  const columns = new Map<string, RivalColumns>();
  for (const target of targets) {
    const [one, other] = predictions.map(({ predicted, unscored }) =>
      withoutStarts(predicted.column(target), frame, unscored),
    );
    columns.set(target, { measured: frame.column(target), deployed: one, candidate: other });
  }
  const rivalry = yield* rivalryOf(columns);
  if (Object.values(rivalry.perTarget).every(({ rows }) => rows === 0)) {
    throw trainingError("nothing-to-score", { rows: frame.length }, where);
  }
  return rivalry;
}

/** Predictions without the first rows after each start of the state. */
function withoutStarts(values: Float64Array, frame: Frame, unscored: number): Float64Array {
  if (unscored === 0) return values;
  const kept = values.slice();
  for (const { start, end } of frame.series()) {
    let since = 0;
    for (let row = start; row < end; row++) {
      since = Number.isNaN(values[row]) ? 0 : since + 1;
      if (since <= unscored) kept[row] = Number.NaN;
    }
  }
  return kept;
}
