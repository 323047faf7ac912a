// The tables of scores of the model and its baselines, for each part and target.
import type { TargetScores } from "eddy/series";
import { count, fixed, number } from "../format.ts";
import type { Texts } from "../texts/languages.ts";
import { byTarget } from "./judgement.ts";
import type { ScoredPart } from "./verdict.ts";

/** A table of scores: its caption, and a row for the model and each baseline. */
export interface ScoresTable {
  caption: string;
  rows: { name: string; cells: string[]; winner: boolean }[];
}

/** One table for each part and target. */
export function scoresTables(parts: readonly ScoredPart[], targets: readonly string[], texts: Texts): ScoresTable[] {
  const { report } = texts;
  return parts.flatMap(({ part, comparison }) =>
    byTarget(comparison, targets).map(({ target, model, linear, mean }) => {
      const several = targets.length > 1 ? report.of(target) : "";
      const named: [string, TargetScores][] = [
        [report.model, model],
        [report.linear(linear.taps), linear],
        [report.mean, mean],
      ];
      const best = Math.min(...named.map(([, { rmse }]) => rmse).filter((rmse) => !Number.isNaN(rmse)));
      return {
        caption: report.partCaption(report.parts[part], count(model.rows), count(model.skipped)) + several,
        rows: named.map(([name, scores], i) => ({
          name,
          cells: [
            number(scores.rmse),
            number(scores.mae),
            fixed(scores.r2, 3),
            fixed(scores.fit, 1),
            i === 0 ? "" : fixed(1 - (model.rmse / scores.rmse) ** 2, 3),
          ],
          winner: scores.rmse === best,
        })),
      };
    }),
  );
}
