// The sizes of the errors in words and units: typical, of 95 % of the rows, and the largest with its place.
import type { ErrorSizes, TargetScores } from "eddy/series";
import { count, moment, number, quantity } from "../format.ts";
import type { Texts } from "../texts/languages.ts";
import type { PredictedFile } from "./material.ts";

/** The errors of one target over all scored rows, or over those of one group. */
export interface ErrorTexts extends Pick<ErrorSizes, "typical" | "within95" | "largest"> {
  group?: string;
  rows: number;
  /** The same with units, and the place of the largest one, such as "in row 812". */
  words: { typical: string; within95: string; largest: string; place: string };
}

/** Undefined for scores from a file of an earlier version. */
export function errorsOf(
  target: string,
  { rows, errors, groups = [] }: TargetScores,
  { frame, timeKind }: Pick<PredictedFile, "frame" | "timeKind">,
  { report }: Texts,
): { all: ErrorTexts; groups: ErrorTexts[] } | undefined {
  if (errors === undefined) return undefined;
  const { time } = frame;
  const series = frame.series();
  /** The time of a row; without time its number, which counts from the start of its group. */
  const placeOf = (row: number, group: string) => {
    if (time !== undefined && timeKind === "date") return report.atMoment(moment(time[row]!), group);
    if (time !== undefined) return report.atTime(number(time[row]!, 8), group);
    return report.atRow(count(row - series.findLast(({ start }) => start <= row)!.start + 1), group);
  };
  const inWords = ({ typical, within95, largest, largestRow }: ErrorSizes, group = "") => ({
    typical,
    within95,
    largest,
    words: {
      typical: quantity(typical, target),
      within95: quantity(within95, target),
      largest: quantity(largest, target),
      place: placeOf(largestRow, group),
    },
  });
  const ofLargest = groups.find(({ largestRow }) => largestRow === errors.largestRow)?.group;
  return {
    all: { rows, ...inWords(errors, ofLargest) },
    groups: (groups.length > 1 ? groups : [])
      .map(({ group, rows, ...sizes }) => ({ group, rows, ...inWords(sizes) }))
      .sort((a, b) => b.within95 - a.within95),
  };
}
