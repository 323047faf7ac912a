// The verdict: whether the model is useful compared with its baselines, for each target, and how certain that is.
import type { Comparison, Frame, Model, TrainingSummary } from "eddy/series";
import { count, fixed, listed, number, percent, unitOf } from "../format.ts";
import type { Texts } from "../texts/languages.ts";
import type { VerdictNumbers } from "../texts/report.ts";
import { driftOf, outliersOf } from "./causes.ts";
import { byTarget, type Judgement, judge, type TargetComparison, type Tone, toneOf } from "./judgement.ts";

type PartName = "train" | "validation" | "test" | "data";

/** The scores of one part. */
export interface ScoredPart {
  part: PartName;
  comparison: Comparison;
}

/** The verdict on one target. */
export interface TargetVerdict {
  target: string;
  judgement: Judgement;
  tone: Tone;
  text: string;
}

export interface Verdict {
  tone: Tone;
  /** One or two sentences about the target, or about all targets together. */
  text: string;
  targets: TargetVerdict[];
}

/** The training data in which the causes of a bad model are sought. */
export interface Training {
  model: Model;
  frame: Frame;
  /** Whether the frame's rows are in the order of the file, so that row numbers are valid there. */
  rowsAsInFile: boolean;
}

/** @param training the training data, if available. */
export function verdictOf(
  { part, comparison }: ScoredPart,
  targets: readonly string[],
  texts: Texts,
  training?: Training,
): Verdict {
  const { report } = texts;
  const verdicts = byTarget(comparison, targets).map((scores): TargetVerdict => {
    const judgement = judge(scores);
    const sentences = [report.verdicts[judgement](numbersOf(scores, report.parts[part], texts))];
    if (scores.model.r2 < 0) sentences.push(...causes(scores, texts, training));
    return { target: scores.target, judgement, tone: toneOf[judgement], text: sentences.join(report.betweenSentences) };
  });
  const [first] = verdicts as [TargetVerdict];
  if (verdicts.length === 1) return { tone: first.tone, text: first.text, targets: verdicts };
  const tones = verdicts.map(({ tone }) => tone);
  const tone = tones.includes("bad") ? "bad" : tones.includes("even") ? "even" : "good";
  const names = (withTone: Tone) => listed(verdicts.filter((one) => one.tone === withTone).map(({ target }) => target));
  const text = report.severalTargets(verdicts.length, names("good"), names("even"), names("bad"));
  return { tone, text, targets: verdicts };
}

function numbersOf({ target, model, linear, mean }: TargetComparison, part: string, { report }: Texts): VerdictNumbers {
  const unit = unitOf(target);
  const withUnit = ({ rmse }: { rmse: number }) => number(rmse, 3) + (unit ? ` ${unit}` : "");
  return {
    part,
    rows: report.rowsOf(count(model.rows)),
    model: withUnit(model),
    linear: withUnit(linear),
    mean: withUnit(mean),
    overLinear: formatRatio(linear.rmse / model.rmse),
    overMean: formatRatio(mean.rmse / model.rmse),
    r2: formatR2(model.r2),
    linearR2: formatR2(linear.r2),
    smaller: percent(1 - linear.rmse / model.rmse),
    unexplained: percent(1 - model.r2),
  };
}

const formatRatio = (ratio: number) => {
  if (!Number.isFinite(ratio)) return "∞";
  return ratio >= 10 ? count(ratio) : ratio.toFixed(ratio < 1.095 ? 2 : 1);
};

/** Enough digits to distinguish 0.999 from 1; none after the point for large negative values. */
const formatR2 = (r2: number) => (r2 < -10 ? number(r2, 3) : fixed(r2, Math.abs(1 - r2) < 0.01 ? 4 : 2));

function causes(scores: TargetComparison, { report }: Texts, training: Training | undefined): string[] {
  const { target } = scores;
  const unit = unitOf(target);
  const outliers = training ? outliersOf(training.model, training.frame, target, training.rowsAsInFile) : [];
  const sentences = outliers.slice(0, 3).map(({ column, value, row }) => {
    const columnUnit = unitOf(column);
    return report.outlier(
      column,
      number(value) + (columnUnit ? ` ${columnUnit}` : ""),
      row === undefined ? undefined : count(row),
    );
  });
  const drift = outliers.some(({ column }) => column === target) ? undefined : driftOf(scores);
  if (drift)
    sentences.push(report.drift(number(drift.distance, 3) + (unit ? ` ${unit}` : ""), number(drift.deviations, 2)));
  // If the linear filter is useful, the inputs do carry information.
  return sentences.length > 0 || scores.linear.r2 >= 0 ? sentences : [report.noCause];
}

/** With fewer scored rows, a score is uncertain. */
const minCertainRows = 100;

/**
 * Caveats about a score: merged parts, few rows, rows outside the training range.
 *
 * @param frames the scored rows, if available.
 */
export function caveatsOf(
  summary: TrainingSummary,
  scored: ScoredPart,
  targets: readonly string[],
  frames: readonly Frame[],
  texts: Texts,
): string[] {
  const { report } = texts;
  const caveats = (summary.rows.merged ?? []).map(texts.data);
  if (summary.refit) caveats.push(texts.data(summary.refit.note));
  if (scored.part === "validation") caveats.push(report.validationOnly);
  const uncertain = byTarget(scored.comparison, targets).filter(
    ({ model: { rows } }) => rows > 0 && rows < minCertainRows,
  );
  const fewest = uncertain.sort((a, b) => a.model.rows - b.model.rows)[0]?.model.rows;
  if (fewest !== undefined) {
    const names = targets.length > 1 ? listed(uncertain.map(({ target }) => target)) : undefined;
    // The relative standard error of a root mean square of n independent errors is 1/√(2n).
    caveats.push(report.fewScored(report.rowsOf(count(fewest)), percent(1 / Math.sqrt(2 * fewest)), names));
  }
  const outside = Object.entries(summary.inputsRange)
    .map(([name, { min, max }]) => ({ name, share: shareOutside(frames, name, min, max) }))
    .filter(({ share }) => share > 0.01);
  const maxShare = Math.max(0, ...outside.map(({ share }) => share));
  const names = outside.map(({ name }) => name);
  if (maxShare > 0)
    caveats.push(report.outside(percent(maxShare), report.parts[scored.part], listed(names), names.length));
  return caveats;
}

function shareOutside(frames: readonly Frame[], name: string, min: number, max: number): number {
  const margin = 0.01 * (max - min);
  let [outside, rows] = [0, 0];
  for (const frame of frames) {
    for (const value of frame.column(name)) if (value < min - margin || value > max + margin) outside++;
    rows += frame.length;
  }
  return rows === 0 ? 0 : outside / rows;
}
