// Says first whether the model is worth anything beside its baselines, and then how sure that is.
import type { Comparison, FitSummary, Frame, Scores } from "eddy/series";
import type { Texts } from "../language.ts";
import { count, fixed, number, percent, unitOf } from "./written.ts";

type PartName = "train" | "validation" | "test" | "data";

/** The scores of one part. */
export interface ScoredPart {
  part: PartName;
  comparison: Comparison;
}

export interface Verdict {
  tone: "good" | "even" | "bad";
  text: string;
}

/** Below this the model is hardly better than a linear filter. */
const notableSkill = 0.05;

export function verdictOf({ part, comparison }: ScoredPart, targets: readonly string[], texts: Texts): Verdict {
  const { report } = texts;
  const { model, baselines, skill, winner } = comparison;
  const unit = targets.length === 1 ? unitOf(targets[0]!) : undefined;
  const written = ({ rmse }: Scores) => number(rmse, 3) + (unit ? ` ${unit}` : "");
  const numbers = {
    part: report.parts[part],
    rows: count(model.rows),
    model: written(model),
    linear: written(baselines.linear),
    mean: written(baselines.mean),
    overLinear: times(baselines.linear.rmse / model.rmse),
    overMean: times(baselines.mean.rmse / model.rmse),
  };
  if (winner === "linear") return { tone: "bad", text: report.linearWins(numbers) };
  if (winner === "none") return { tone: "bad", text: report.noneWins({ ...numbers, r2: fixed(model.r2, 2) }) };
  if (winner === "mean") return { tone: "bad", text: report.meanWins(numbers) };
  if (skill.linear < notableSkill) return { tone: "even", text: report.barelyBeats(numbers) };
  return { tone: "good", text: report.beats(numbers) };
}

const times = (ratio: number) => (ratio >= 10 ? ratio.toFixed(0) : ratio.toFixed(ratio < 1.095 ? 2 : 1));

/** What takes from the trust in a score: merged parts, rows unlike those that taught. */
export function caveatsOf(summary: FitSummary, scored: ScoredPart, frame: Frame | undefined, texts: Texts): string[] {
  const { report } = texts;
  const caveats = (summary.rows.merged ?? []).map(texts.data);
  if (summary.refit) caveats.push(texts.data(summary.refit.note));
  if (scored.part === "validation") caveats.push(report.validationOnly);
  if (frame) {
    const outside = Object.entries(summary.inputsRange)
      .map(([name, { min, max }]) => ({ name, share: shareOutside(frame.column(name), min, max) }))
      .filter(({ share }) => share > 0.01);
    const most = Math.max(0, ...outside.map(({ share }) => share));
    const names = outside.map(({ name }) => name).join(", ");
    if (most > 0) caveats.push(report.outside(percent(most), report.parts[scored.part], names));
  }
  return caveats;
}

function shareOutside(values: Float64Array, min: number, max: number): number {
  const margin = 0.01 * (max - min);
  let outside = 0;
  for (const value of values) if (value < min - margin || value > max + margin) outside++;
  return values.length === 0 ? 0 : outside / values.length;
}

/** A table of scores: its caption, and a row for the model and each baseline. */
export interface ScoresTable {
  caption: string;
  rows: { name: string; cells: string[]; winner: boolean }[];
}

/** One table for each part and target. */
export function scoresTables(parts: readonly ScoredPart[], targets: readonly string[], texts: Texts): ScoresTable[] {
  const { report } = texts;
  return parts.flatMap(({ part, comparison }) =>
    targets.map((target) => {
      const { model, baselines } = comparison;
      const of = (scores: Scores) => scores.perTarget?.[target] ?? scores;
      const own = of(model);
      const several = targets.length > 1 ? report.of(target) : "";
      const named: [string, Scores][] = [
        [report.model, of(model)],
        [report.linear(baselines.linear.taps), of(baselines.linear)],
        [report.mean, of(baselines.mean)],
      ];
      const best = Math.min(...named.map(([, { rmse }]) => rmse));
      return {
        caption: report.partCaption(report.parts[part], count(own.rows), count(own.skipped)) + several,
        rows: named.map(([name, scores], i) => ({
          name,
          cells: [
            number(scores.rmse),
            number(scores.mae),
            fixed(scores.r2, 3),
            fixed(scores.fit, 1),
            i === 0 ? "" : fixed(1 - (own.rmse / scores.rmse) ** 2, 3),
          ],
          winner: scores.rmse === best,
        })),
      };
    }),
  );
}
