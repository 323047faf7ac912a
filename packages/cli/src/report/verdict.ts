// The verdict for an engineer: whether the model is useful, how large its errors are, and what to do next.
import { byTarget, judgementOf, overall, type TargetJudgement, type Tone } from "@eddy/ui/results";
import { type Model, summaryOf } from "eddy/series";
import { listed, quantity } from "../format.ts";
import type { Texts } from "../texts/languages.ts";
import { type Advice, adviceOf } from "./advice/advice.ts";
import { evidenceOf } from "./advice/evidence.ts";
import { type ErrorTexts, errorsOf } from "./errors.ts";
import { type IntervalTexts, intervalOf } from "./intervals.ts";
import type { Material, ScoredPart } from "./material.ts";

/** The verdict on one target. */
export interface TargetVerdict extends TargetJudgement {
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
      ...judgementOf(comparison, part, texts.report),
      ...(all && { errors: all }),
      ...(coverage && { interval: intervalOf(comparison.target, coverage, texts) }),
      groups,
    };
  });
  return {
    ...overall(targets, texts.report),
    targets,
    notes: notesOn(model, first, texts),
    advice: adviceOf(evidenceOf(material, texts), texts),
  };
}

function notesOn(model: Model, scored: ScoredPart, texts: Texts): string[] {
  const { rows, refit } = summaryOf(model)!;
  const { part } = scored;
  return [
    ...initialWindowNote(model, scored, texts),
    ...(rows.merged ?? []).map(texts.data),
    ...(refit ? [texts.data(refit.note)] : []),
    ...(part === "validation" ? [texts.report.validationOnly] : []),
  ];
}

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
