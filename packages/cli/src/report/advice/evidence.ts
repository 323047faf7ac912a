// What is known about a model and its scored rows: the facts on which the advice is based.
import { byTarget, type Judgement, judge, type TargetComparison } from "@eddy/ui/results";
import { type Frame, type Model, rowNotes, summaryOf, type TrainingSummary } from "eddy/series";
import type { Texts } from "../../texts/languages.ts";
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
  /** Rows of `frame` without a prediction, because an input is missing for too long to be filled. */
  unpredicted: number;
  /** Present if `frame` is the training file. */
  training?: { rowsAsInFile: boolean };
  /** The RMSE of the network that had not seen it, for the best and the worst block of the training rows; for a single target. */
  overBlocks?: { lowest: number; highest: number };
  /** The spread of the networks on the scored rows, for each target in its unit. */
  spread?: Record<string, number>;
}

export interface TargetEvidence extends TargetComparison {
  judgement: Judgement;
}

/** The text of the advice, if the rule applies; with the target, if it is about a target. */
export type Rule = (evidence: Evidence, texts: Texts) => { target?: string; text: string } | undefined;

export function evidenceOf(material: Material, texts: Texts): Evidence {
  const { kind, model, scored, mainFile, rowsAsInFile = false } = material;
  const [{ part, comparison, coverage }] = scored as [ScoredPart];
  const summary = summaryOf(model)!;
  const overBlocks = errorsOverBlocks(summary);
  return {
    model,
    summary,
    part: texts.report.parts[part],
    targets: byTarget(comparison, model.options.targets).map((one) => ({ ...one, judgement: judge(one) })),
    scored: stretchesInFocus(predictedFiles(material, texts)[0]!).map((stretch) =>
      withoutWashout(stretch, Math.max(summary.settings.washout, summary.settings.initialWindow)),
    ),
    frame: mainFile.frame,
    unpredicted: rowNotes(model, mainFile.frame).reduce(
      (rows, note) => rows + (note.code === "unpredicted-rows" ? note.rows : 0),
      0,
    ),
    ...(kind === "train" && { training: { rowsAsInFile } }),
    ...(overBlocks && { overBlocks }),
    ...(coverage && {
      spread: Object.fromEntries(Object.entries(coverage).map(([name, { spread }]) => [name, spread])),
    }),
  };
}

/** Undefined unless there are several blocks, and for several targets, over which an RMSE has no unit. */
export function errorsOverBlocks({ networks, settings }: TrainingSummary): Evidence["overBlocks"] {
  const errors = networks.flatMap(({ rmse }) => rmse ?? []);
  if (settings.validation !== "blocks" || settings.targets.length > 1 || errors.length < 2) return undefined;
  return { lowest: Math.min(...errors), highest: Math.max(...errors) };
}

function withoutWashout({ frame, predicted, fromStart }: Stretch, washout: number): Stretch {
  const rows = fromStart ? Math.min(washout, frame.length) : 0;
  return { frame: frame.slice(rows), predicted: predicted.slice(rows), fromStart };
}
