// The verdict for an engineer: whether the model is useful, how large its errors are, and what to do next.
import { type Model, type Note, rowNotes, summaryOf } from "eddy/series";
import { count, fixed, listed, number, percent, quantity } from "../format.ts";
import type { Texts } from "../texts/languages.ts";
import type { VerdictNumbers } from "../texts/report.ts";
import { type Advice, adviceOf } from "./advice/advice.ts";
import { evidenceOf } from "./advice/evidence.ts";
import { type ErrorTexts, errorsOf } from "./errors.ts";
import { type IntervalTexts, intervalOf } from "./intervals.ts";
import { byTarget, type Judgement, judge, type TargetComparison, type Tone, toneOf } from "./judgement.ts";
import type { Material, ScoredPart } from "./material.ts";

/** The verdict on one target. */
export interface TargetVerdict {
  target: string;
  judgement: Judgement;
  tone: Tone;
  text: string;
  /** Over all scored rows. */
  errors?: ErrorTexts;
  interval?: IntervalTexts;
  /** With several groups, the one with the largest errors first. */
  groups: ErrorTexts[];
}

export interface Verdict {
  tone: Tone;
  /** One or two sentences about the target, or about all targets together. */
  text: string;
  targets: TargetVerdict[];
  /** How to read the scores, if that is not obvious. */
  notes: string[];
  /** What to do next, the most important first. */
  advice: Advice[];
}

export function verdictOf(material: Material, texts: Texts): Verdict {
  const { model, scored, mainFile, testFile } = material;
  const [first] = scored as [ScoredPart];
  const part = texts.report.parts[first.part];
  const file = first.part === "test" && testFile ? testFile : mainFile;
  const targets = byTarget(first.comparison, model.options.targets).map((comparison): TargetVerdict => {
    const { all, groups = [] } = errorsOf(comparison.target, comparison.model, file, texts) ?? {};
    const coverage = first.coverage?.[comparison.target];
    return {
      ...judgementOf(comparison, part, texts),
      ...(all && { errors: all }),
      ...(coverage && { interval: intervalOf(comparison.target, coverage, texts) }),
      groups,
    };
  });
  return {
    ...overall(targets, texts),
    targets,
    notes: notesOn(material, first, texts),
    advice: adviceOf(evidenceOf(material, texts), texts),
  };
}

/** The judgement on one target in a sentence. */
export function judgementOf(
  comparison: TargetComparison,
  part: string,
  texts: Texts,
): Pick<TargetVerdict, "target" | "judgement" | "tone" | "text"> {
  const judgement = judge(comparison);
  const text = texts.report.verdicts[judgement](numbersOf(comparison, part, texts));
  return { target: comparison.target, judgement, tone: toneOf[judgement], text };
}

/** The verdict on all targets together: as bad as the worst one. */
export function overall(
  targets: readonly Pick<TargetVerdict, "target" | "tone" | "text">[],
  { report }: Texts,
): Pick<Verdict, "tone" | "text"> {
  const [only] = targets;
  if (only && targets.length === 1) return { tone: only.tone, text: only.text };
  const names = (tone: Tone) => listed(targets.filter((one) => one.tone === tone).map(({ target }) => target));
  const tone = (["bad", "even"] as const).find((tone) => names(tone) !== "") ?? "good";
  return { tone, text: report.severalTargets(targets.length, names("good"), names("even"), names("bad")) };
}

function numbersOf({ target, model, linear, mean }: TargetComparison, part: string, { report }: Texts): VerdictNumbers {
  return {
    part,
    rows: report.rowsOf(count(model.rows)),
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

function notesOn({ kind, model, mainFile }: Material, scored: ScoredPart, texts: Texts): string[] {
  const { rows, refit, notes } = summaryOf(model)!;
  const { part } = scored;
  return [
    ...(kind === "train" ? notes.filter(isOnRows) : rowNotes(model, mainFile.frame)).map(texts.data),
    ...initialWindowNote(model, scored, texts),
    ...(rows.merged ?? []).map(texts.data),
    ...(refit ? [texts.data(refit.note)] : []),
    ...(part === "validation" ? [texts.report.validationOnly] : []),
  ];
}

/** Whether a note says what was done with rows or values; the others are shown while training. */
const isOnRows = ({ code }: Note) => /-rows$|^unknown-label$|^beyond-bounds$/.test(code);

/** What the measured values of the first rows were used for, and the errors without them. */
function initialWindowNote({ options }: Model, { comparison, fromZero }: ScoredPart, { report }: Texts): string[] {
  if (fromZero === undefined) return [];
  if (fromZero.model.rmse === comparison.model.rmse) return [report.noInitialWindow];
  const { targets, initialWindow } = options;
  const errors = byTarget(fromZero, targets).map(({ target, model: { rmse } }) => {
    const error = quantity(rmse, target);
    return targets.length === 1 ? error : report.ofTarget(target, error);
  });
  return [report.initialWindow(initialWindow, listed(errors))];
}
