// What is known about a model and its scored rows: the facts on which the advice is based.
import { type Frame, type Model, summaryOf, type TrainingSummary } from "eddy/series";
import type { Texts } from "../../texts/languages.ts";
import { byTarget, type Judgement, judge, type TargetComparison } from "../judgement.ts";
import type { Material, ScoredPart } from "../material.ts";
import { predictedFiles, type Stretch, stretchesInFocus } from "../predicted.ts";

export interface Evidence {
  model: Model;
  summary: TrainingSummary;
  /** The part that was scored, as readers call it. */
  part: string;
  targets: TargetEvidence[];
  /** The scored rows with their predictions, without the washout after each start of a series. */
  scored: Stretch[];
  /** The training file of `train`, the evaluated file of `evaluate`. */
  frame: Frame;
  /** Present if `frame` is the training file. */
  training?: { rowsAsInFile: boolean };
  /** The share by which twice the training data would lower the error, by the learning curve over data size. */
  gainFromTwiceTheData?: number;
  /** The RMSE of each target in the best and the worst block of the training rows. */
  overBlocks?: Record<string, { lowest: number; highest: number }>;
}

export interface TargetEvidence extends TargetComparison {
  judgement: Judgement;
}

/** The text of the advice, if the rule applies; with the target, if it is about a target. */
export type Rule = (evidence: Evidence, texts: Texts) => { target?: string; text: string } | undefined;

export function evidenceOf(material: Material, texts: Texts): Evidence {
  const { kind, model, scored, mainFile, rowsAsInFile = false } = material;
  const [{ part, comparison }] = scored as [ScoredPart];
  const summary = summaryOf(model)!;
  return {
    model,
    summary,
    part: texts.report.parts[part],
    targets: byTarget(comparison, model.options.targets).map((one) => ({ ...one, judgement: judge(one) })),
    scored: stretchesInFocus(predictedFiles(material, texts)[0]!).map((stretch) =>
      withoutWashout(stretch, summary.settings.washout),
    ),
    frame: mainFile.frame,
    ...(kind === "train" && { training: { rowsAsInFile } }),
  };
}

function withoutWashout({ frame, predicted, fromStart }: Stretch, washout: number): Stretch {
  const rows = fromStart ? Math.min(washout, frame.length) : 0;
  return { frame: frame.slice(rows), predicted: predicted.slice(rows), fromStart };
}
