// The rows of each file with their predictions, and their use: training, validation or test.

import type { TimeKind } from "@eddy/ui/reading";
import type { Frame } from "eddy/series";
import type { Texts } from "../texts/languages.ts";
import type { Material, PredictedFile } from "./material.ts";
import { lastParts, partsOf, type UsedRows } from "./parts.ts";
import type { Range } from "./rows-to-draw.ts";

/** Rows of one frame with their predictions. */
export interface Predicted {
  title: string;
  frame: Frame;
  timeKind: TimeKind | undefined;
  /** Number of rows before the frame that are not drawn. */
  offset: number;
  predicted: Frame;
  /** In the order of the rows; none crosses the border of a series. */
  parts: UsedRows[];
  /** The rows from which the stretches and the residuals are taken, in order. */
  focus: Range[];
}

function inOnePart({ file, frame, timeKind, predicted }: PredictedFile, name: string): Predicted {
  const offset = frame.length - predicted.length;
  const predictedRows = frame.slice(offset);
  const focus = predictedRows.series().map(({ start, end }): Range => [start, end]);
  const parts = focus.map((range) => ({ name, range, scored: true }));
  return { title: file, frame: predictedRows, timeKind, offset, predicted, parts, focus };
}

/** The file of `--test` first, then the training file with its parts; of an evaluation, the evaluated file. */
export function predictedFiles({ kind, model, mainFile, testFile }: Material, texts: Texts): Predicted[] {
  if (kind === "evaluate") return [inOnePart(mainFile, texts.report.parts.data)];
  const predicted = inOnePart(mainFile, "");
  const { offset, frame } = predicted;
  const parts = partsOf(model, mainFile.frame, texts)
    .map(({ range: [start, end], ...part }) => ({
      ...part,
      range: [Math.max(0, start - offset), end - offset] as Range,
    }))
    .filter(({ range: [start, end] }) => start < end && end <= frame.length);
  predicted.parts = parts;
  predicted.focus = lastParts(parts).map(({ range }) => range);
  return testFile ? [inOnePart(testFile, texts.report.parts.test), predicted] : [predicted];
}

/** Consecutive rows of one series with their predictions. */
export interface Stretch {
  frame: Frame;
  predicted: Frame;
  /** Whether the first row is the first of its series, where the state starts. */
  fromStart: boolean;
}

/** The rows in focus, one stretch for each range. */
export function stretchesInFocus({ frame, offset, predicted, focus }: Predicted): Stretch[] {
  const starts = new Set(frame.series().map(({ start }) => start));
  return focus.map(([start, end]) => ({
    frame: frame.slice(start, end),
    predicted: predicted.slice(start, end),
    fromStart: starts.has(start) && (start > 0 || offset === 0),
  }));
}
