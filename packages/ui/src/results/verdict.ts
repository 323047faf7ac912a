// The judgement on a model in words.
import { count, fixed, listed, number, percent, quantity } from "./format.ts";
import { type Judgement, judge, type TargetComparison, type Tone, toneOf } from "./judgement.ts";
import type { VerdictNumbers, VerdictTexts } from "./verdict-texts.ts";

/** The judgement on one target. */
export interface TargetJudgement {
  target: string;
  judgement: Judgement;
  tone: Tone;
  text: string;
}

/** The judgement on one target in a sentence. */
export function judgementOf(comparison: TargetComparison, part: string, texts: VerdictTexts): TargetJudgement {
  const judgement = judge(comparison);
  const text = texts.verdicts[judgement](numbersOf(comparison, part, texts));
  return { target: comparison.target, judgement, tone: toneOf[judgement], text };
}

/** The verdict on all targets together: as bad as the worst one. */
export function overall(
  targets: readonly Pick<TargetJudgement, "target" | "tone" | "text">[],
  texts: VerdictTexts,
): Pick<TargetJudgement, "tone" | "text"> {
  const [only] = targets;
  if (only && targets.length === 1) return { tone: only.tone, text: only.text };
  const names = (tone: Tone) => listed(targets.filter((one) => one.tone === tone).map(({ target }) => target));
  const tone = (["bad", "even"] as const).find((tone) => names(tone) !== "") ?? "good";
  return { tone, text: texts.severalTargets(targets.length, names("good"), names("even"), names("bad")) };
}

function numbersOf(
  { target, model, linear, mean }: TargetComparison,
  part: string,
  texts: VerdictTexts,
): VerdictNumbers {
  return {
    part,
    rows: texts.rowsOf(count(model.rows)),
    model: quantity(model.rmse, target),
    linear: quantity(linear.rmse, target),
    mean: quantity(mean.rmse, target),
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
