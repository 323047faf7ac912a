// Advice about the model: compared with the linear filter, the data that it was trained on, and the number of scored rows.

import type { Judgement } from "@eddy/ui/results";
import { count, listed, percent, quantity } from "../../format.ts";
import { drift, outliers } from "./data-rules.ts";
import type { Evidence, Rule, TargetEvidence } from "./evidence.ts";

const firstWith = ({ targets }: Evidence, ...judgements: Judgement[]): TargetEvidence | undefined =>
  targets.find(({ judgement }) => judgements.includes(judgement));

/** With fewer scored rows, a score is uncertain. */
const minCertainRows = 100;

export const fewRows: Rule = ({ targets }, { report, advice }) => {
  const few = targets.filter(({ model: { rows } }) => rows > 0 && rows < minCertainRows);
  if (few.length === 0) return undefined;
  const fewest = Math.min(...few.map(({ model: { rows } }) => rows));
  const names = targets.length > 1 ? listed(few.map(({ target }) => target)) : undefined;
  // The relative standard error of a root mean square of n independent errors is 1/√(2n).
  return { text: advice.few(report.rowsOf(count(fewest)), percent(1 / Math.sqrt(2 * fewest)), names) };
};

/** The inputs do not explain the target, and neither outliers nor a drift explain why. */
export const uninformative: Rule = (evidence, texts) => {
  const found = firstWith(evidence, "weak", "nothing", "meanWins", "worseThanMean");
  if (found === undefined || outliers(evidence, texts) || drift(evidence, texts)) return undefined;
  const { target, model, linear } = found;
  const explained = Math.max(0, model.r2, linear.r2);
  return { target, text: texts.advice.uninformative(target, explained > 0 ? percent(explained) : undefined) };
};

export const belowFilter: Rule = (evidence, { advice }) => {
  const found = firstWith(evidence, "linearWins");
  if (found === undefined) return undefined;
  const { target, model, linear } = found;
  return { target, text: advice.belowFilter(percent(1 - linear.rmse / model.rmse)) };
};

/** The filter is the model, or nearly so. */
export const likeFilter: Rule = (evidence, { advice }) => {
  const found = firstWith(evidence, "barely", "linearSlightly", "isFilter");
  if (found === undefined) return undefined;
  const { target, model, linear } = found;
  const share = evidence.summary.share[target]!;
  if (share === 0) return { target, text: advice.isFilter };
  const difference = linear.rmse === 0 ? 0 : 1 - model.rmse / linear.rmse;
  return { target, text: advice.likeFilter(percent(share), difference > 0 ? percent(difference) : undefined) };
};

const minGain = 0.03;

export const moreData: Rule = ({ summary: { gainFromTwiceTheData: gain, rows } }, { report, advice }) => {
  if (gain === undefined || gain < minGain) return undefined;
  return { text: advice.moreData(percent(gain), report.rowsOf(count(rows.train))) };
};

/** A block is noticeably worse from this ratio on. */
const minBlockRatio = 2;

export const unevenBlocks: Rule = ({ model, overBlocks }, { advice }) => {
  if (overBlocks === undefined || !(overBlocks.highest >= minBlockRatio * overBlocks.lowest)) return undefined;
  const [target] = model.options.targets as [string];
  return {
    target,
    text: advice.unevenBlocks(quantity(overBlocks.lowest, target), quantity(overBlocks.highest, target)),
  };
};

/** The networks differ by as much as their mean errs: another training would give another model. */
export const networksDisagree: Rule = ({ targets, spread, summary: { networks } }, { advice }) => {
  const found = targets.find(({ target, model }) => spread !== undefined && spread[target]! >= model.rmse);
  if (found === undefined) return undefined;
  const { target, model } = found;
  const option = `--networks ${2 * networks.length}`;
  return {
    target,
    text: advice.networksDisagree(quantity(spread![target]!, target), quantity(model.rmse, target), option),
  };
};
