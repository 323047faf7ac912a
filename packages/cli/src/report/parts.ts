// Which rows of each series were used for training, validation and test.
import { chronologicalSplit, type Frame, type Model, type Rows, summaryOf } from "eddy/series";
import type { Texts } from "../texts/languages.ts";
import type { UsedRows } from "./signals.ts";

/** The last part of each series, which is the most reliable one. */
export function lastParts(parts: readonly UsedRows[]): UsedRows[] {
  const last = parts.at(-1)!.name;
  return parts.filter(({ name }) => name === last);
}

/** The parts in the order of the rows. If training and validation were merged, they are one part. */
export function partsOf(model: Model, frame: Frame, { report: { parts: names } }: Texts): UsedRows[] {
  const { rows, settings } = summaryOf(model)!;
  const ownTest = typeof settings.test === "number";
  const share = (part: number | "frame" | "blocks") => (typeof part === "number" ? part : 0);
  const test = ownTest && rows.test > 0 ? share(settings.test) : 0;
  const split = chronologicalSplit(frame, { validation: share(settings.validation), test });
  const lengthOf = (ranges: readonly Rows[]) => ranges.reduce((sum, { start, end }) => sum + end - start, 0);
  const inBlocks = settings.validation === "blocks";
  const separate =
    !inBlocks && lengthOf(split.train) === rows.train && (!ownTest || lengthOf(split.test) === rows.test);
  const merged = inBlocks ? names.train : `${names.train}, ${names.validation}`;
  // Merged parts share their rows: every row outside test was in both.
  const shared = chronologicalSplit(frame, { validation: 0, test });
  const parts: [string, readonly Rows[], boolean][] = separate
    ? [
        [names.train, split.train, false],
        [names.validation, split.validation, false],
        [names.test, split.test, true],
      ]
    : [
        [merged, shared.train, false],
        [names.test, shared.test, true],
      ];
  return parts
    .flatMap(([name, ranges, scored]) =>
      ranges.map(({ start, end }): UsedRows => ({ name, range: [start, end], scored })),
    )
    .sort((a, b) => a.range[0] - b.range[0]);
}
