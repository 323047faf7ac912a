// The goals for models with default settings, over all targets, and whether they are reached.
import { aligned, digits } from "../harness/rows.ts";
import { type AccuracyRecord, figuresOf } from "./record.ts";
import { percent } from "./table.ts";

/** Maxima, except for the coverage. */
const goals = {
  ratio: 1.03,
  worstRatio: 1.15,
  geometricMean: 0.28,
  spread: 1.25,
  seconds: 60,
  coverage: { least: 0.85, most: 0.95 },
};

/** A line for each goal; undefined without a record of the defaults. */
export function goalLines(records: readonly AccuracyRecord[]): string[] | undefined {
  const measured = records.filter(({ kind }) => kind === "defaults");
  if (measured.length === 0) return undefined;
  const figures = measured.map(figuresOf);
  const ratios = figures.map(({ ratio }) => ratio);
  const coverages = figures.map(({ coverage }) => coverage);
  const low = ratios.filter((ratio) => ratio <= goals.ratio).length;
  const allButOne = Math.max(1, ratios.length - 1); // 10 of the 11 targets
  const coverage = average(coverages);
  const range = [Math.min(...coverages), Math.max(...coverages)].map(percent).join(" … ");
  const { least, most } = goals.coverage;
  const seconds = Math.max(...measured.flatMap(({ models }) => models.map((score) => score.seconds)));
  const verdict = (isReached: boolean) => (isReached ? "reached" : "missed");
  const atMost = (name: string, value: number, goal: number, shown: (value: number) => string, unit = "") => [
    name,
    shown(value) + unit,
    `≤ ${goal}${unit}`,
    verdict(value <= goal),
  ];
  const [two, three] = [2, 3].map((places) => (value: number) => value.toFixed(places));
  return [
    `Defaults, ${ratios.length} ${ratios.length === 1 ? "target" : "targets"}`,
    ...aligned([
      ["", "measured", "goal", ""],
      [
        `targets with a ratio of at most ${goals.ratio}`,
        `${low} of ${ratios.length}`,
        `≥ ${allButOne}`,
        verdict(low >= allButOne),
      ],
      atMost("worst ratio", Math.max(...ratios), goals.worstRatio, three),
      atMost("geometric mean of the ratios", Math.exp(average(ratios.map(Math.log))), goals.geometricMean, three),
      atMost("largest spread over seeds", Math.max(...figures.map(({ spread }) => spread)), goals.spread, two),
      [
        "mean coverage (range) of the 90 % interval",
        `${percent(coverage)} (${range})`,
        `${percent(least)} … ${percent(most)}`,
        verdict(coverage >= least && coverage <= most),
      ],
      atMost("longest training", seconds, goals.seconds, digits, " s"),
    ]),
  ];
}

const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
