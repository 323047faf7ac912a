// The tables of scores of the model and its baselines, for each part and target.

import { byTarget } from "@eddy/ui/results";
import type { TargetScores, Winner } from "eddy/series";
import { count, fixed, number } from "../format.ts";
import type { Texts } from "../texts/languages.ts";
import type { ScoredPart } from "./material.ts";

/** A table of scores: its caption, and a row for the model, as trained and from a zero state, and each baseline. */
export interface ScoresTable {
  caption: string;
  rows: { name: string; cells: string[]; winner: boolean }[];
}

type Row = [predictor: Winner | "fromZero", name: string, TargetScores];

/** One table for each part and target. */
export function scoresTables(parts: readonly ScoredPart[], targets: readonly string[], texts: Texts): ScoresTable[] {
  const { report } = texts;
  return parts.flatMap(({ part, comparison, fromZero }) => {
    const differs = fromZero !== undefined && fromZero.model.rmse !== comparison.model.rmse;
    const startedFromZero = differs ? byTarget(fromZero, targets) : undefined;
    return byTarget(comparison, targets).map(({ target, winner, model, linear, mean }, i) => {
      const several = targets.length > 1 ? report.of(target) : "";
      const fromZeroRow: Row[] = startedFromZero ? [["fromZero", report.fromZero, startedFromZero[i]!.model]] : [];
      const predictors: Row[] = [
        ["model", report.model, model],
        ...fromZeroRow,
        ["linear", report.linear(linear.taps), linear],
        ["mean", report.mean, mean],
      ];
      return {
        caption: report.partCaption(report.parts[part], count(model.rows), count(model.skipped)) + several,
        rows: predictors.map(([predictor, name, scores]) => ({
          name,
          cells: [
            number(scores.rmse),
            number(scores.mae),
            fixed(scores.r2, 3),
            fixed(scores.fit, 1),
            predictor === "model" || predictor === "fromZero" ? "" : fixed(1 - (model.rmse / scores.rmse) ** 2, 3),
          ],
          winner: predictor === winner,
        })),
      };
    });
  });
}
