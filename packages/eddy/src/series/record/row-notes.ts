/** Notes on the rows of a frame: what was filled, left out or unknown to the model. */
import { bounded, boundsOf } from "../data/bounds.ts";
import type { FeatureRows } from "../data/features.ts";
import type { Frame } from "../data/frame.ts";
import { partsOfGaps } from "../data/gaps.ts";
import type { Segments } from "../data/segments.ts";
import type { ResolvedModelOptions } from "../settings/options.ts";
import type { Note } from "./notes.ts";
import type { SkippedRows } from "./report.ts";

/** The numbers of rows in which an input was filled, and of excluded rows; those that are 0 are left out. */
export function countsOf(frame: Frame, { filled }: FeatureRows): Pick<SkippedRows, "filledInputs" | "excluded"> {
  const marks = [...filled.values()];
  let filledInputs = 0;
  for (let row = 0; row < frame.length && marks.length > 0; row++) if (marks.some((own) => own[row])) filledInputs++;
  const excluded = frame.excluded?.reduce((sum, mark) => sum + mark, 0) ?? 0;
  return { ...(filledInputs > 0 && { filledInputs }), ...(excluded > 0 && { excluded }) };
}

/** Notes on filled, unpredicted and excluded rows, and on labels that the model does not know. */
export function notesOnRows(
  frame: Frame,
  rows: FeatureRows,
  { missingInputs }: Pick<Segments, "missingInputs">,
  { inputs, features, gaps }: Pick<ResolvedModelOptions, "inputs" | "features" | "gaps">,
): Note[] {
  const { filledInputs = 0, excluded = 0 } = countsOf(frame, rows);
  const { fill, rows: most } = partsOfGaps(gaps);
  const notes: Note[] = [];
  if (filledInputs > 0) {
    const columns = [...rows.filled].flatMap(([name, marks]) => (marks.includes(1) ? name : []));
    const marked = features.flatMap(({ input, filled }) => (filled ? input : []));
    notes.push({ code: "filled-rows", rows: filledInputs, of: frame.length, fill, most, columns, marked });
  }
  if (missingInputs > 0) notes.push({ code: "unpredicted-rows", rows: missingInputs, of: frame.length, most });
  if (excluded > 0) notes.push({ code: "excluded-rows", rows: excluded, of: frame.length });
  for (const input of inputs) {
    const labels = frame.categories.get(input) ?? [];
    const codes = frame.column(input);
    for (const [code, label] of labels.entries()) {
      if (features.some((feature) => feature.input === input && feature.label === label)) continue;
      const count = codes.reduce((sum, own, row) => sum + (own === code && !frame.excluded?.[row] ? 1 : 0), 0);
      if (count > 0) notes.push({ code: "unknown-label", column: input, label, rows: count });
    }
  }
  return notes;
}

/** Notes on measured targets outside the bounds that were given for them. */
export function notesOnBounds(frame: Frame, { bounds }: Pick<ResolvedModelOptions, "bounds">): Note[] {
  return Object.keys(bounds).flatMap((column): Note[] => {
    const values = frame.column(column);
    const possible = bounded(values, bounds, column);
    const rows = values.reduce((sum, value, row) => sum + (value < possible[row] || value > possible[row] ? 1 : 0), 0);
    const [low, high] = boundsOf(bounds, column).map(String);
    return rows === 0 ? [] : [{ code: "beyond-bounds", column, rows, low, high }];
  });
}
