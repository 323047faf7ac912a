// Advice about the model: compared with the linear filter, the data that it was trained on, and the number of scored rows.
import { count, listed, percent, quantity } from "../../format.ts";
import type { Judgement } from "../judgement.ts";
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
  const found = firstWith(evidence, "barely", "linearSlightly");
  if (found === undefined) return undefined;
  const { target, model, linear } = found;
  const difference = linear.rmse === 0 ? 0 : 1 - model.rmse / linear.rmse;
  return { target, text: advice.likeFilter(difference > 0 ? percent(difference) : undefined) };
};

const minGain = 0.03;

export const moreData: Rule = ({ gainFromTwiceTheData: gain, summary }, { report, advice }) => {
  if (gain === undefined || gain < minGain) return undefined;
  return { text: advice.moreData(percent(gain), report.rowsOf(count(summary.rows.train))) };
};

/** A block is noticeably worse from this ratio on. */
const minBlockRatio = 2;

export const unevenBlocks: Rule = ({ overBlocks = {} }, { advice }) => {
  const [worst] = Object.entries(overBlocks)
    .map(([target, { lowest, highest }]) => ({ target, lowest, highest }))
    .sort((a, b) => b.highest / b.lowest - a.highest / a.lowest);
  if (worst === undefined || !(worst.highest >= minBlockRatio * worst.lowest)) return undefined;
  const { target, lowest, highest } = worst;
  return { target, text: advice.unevenBlocks(quantity(lowest, target), quantity(highest, target)) };
};
