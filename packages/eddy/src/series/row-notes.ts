/** What a model makes of the rows of a frame: which are filled, excluded or not predicted. */
import { checkFrame } from "./data/check-frame.ts";
import { featureRows } from "./data/features.ts";
import type { Frame } from "./data/frame.ts";
import { scaleFeatures } from "./data/scaled-frame.ts";
import type { Model } from "./model.ts";
import { finish } from "./pace.ts";
import { partsOf } from "./parts.ts";
import type { Note } from "./record/notes.ts";
import { notesOnRows } from "./record/row-notes.ts";

/**
 * Notes on the rows of a frame that a model fills, leaves out or cannot predict, and on texts that it does not know; `describe` returns
 * their text.
 *
 * @throws DataError for missing columns and a different sampling interval.
 * @example for (const note of rowNotes(model, frame)) console.warn(describe(note));
 */
export function rowNotes(model: Model, frame: Frame): Note[] {
  const { options, origin, inputScaler } = partsOf(model, "rowNotes");
  checkFrame("rowNotes", frame, options.inputs, origin);
  const rows = finish(featureRows("rowNotes", frame, options));
  return notesOnRows(frame, rows, finish(scaleFeatures(rows.frame, options, inputScaler)), options);
}
