// How well the intervals of a target hold, in words and units.
import type { Coverage } from "eddy/series";
import { percent, quantity } from "../format.ts";
import type { Texts } from "../texts/languages.ts";

export interface IntervalTexts extends Coverage {
  /** Such as "90 % interval", "91 % of the rows" and "± 0.31 V". */
  words: { name: string; covered: string; halfWidth: string };
}

export function intervalOf(target: string, coverage: Coverage, { report }: Texts): IntervalTexts {
  const name = report.intervalOf(percent(coverage.level));
  const halfWidth = `± ${quantity(coverage.width / 2, target)}`;
  return { ...coverage, words: { name, covered: percent(coverage.coverage), halfWidth } };
}
