/** The check of every frame that a model is trained on or used with: columns, rows, time order and sampling interval. */
import { checkIsFrame, type Frame } from "./frame.ts";
import type { Origin } from "./origin.ts";
import { areMoments, inspectTime, usualSteps } from "./time.ts";
import { dataError } from "./words.ts";

/** Throws a DataError unless the frame has these columns, any rows, time order and the sampling interval of the origin. */
export function checkFrame(owner: string, frame: Frame, columns: readonly string[], origin: Origin = {}): void {
  checkIsFrame(owner, frame);
  const missing = columns.filter((name) => !frame.has(name));
  if (missing.length > 0) {
    const values = { column: missing[0], expected: [...columns], missing, names: frame.names };
    throw dataError("missing-columns", values, owner);
  }
  if (frame.length === 0) throw dataError("no-rows", {}, owner);
  if (frame.time === undefined) return;
  const { firstBadRow, missing: untimed, unsorted, duplicates, uneven, regular } = inspectTime(frame);
  if (firstBadRow !== undefined) {
    throw dataError("time-order", { row: firstBadRow, column: "time", untimed, unsorted, duplicates }, owner);
  }
  if (!regular) throw dataError("uneven-steps", { uneven }, owner);
  checkInterval(owner, frame, origin);
}

/** Relative differences up to this are clock drift; the median of only a few steps may differ by more. */
const tolerance = 0.01;
const toleranceOfFew = 0.2;
const fewSteps = 10;

/** A frame without time, or with single rows as series, passes: nothing shows that its interval differs. */
function checkInterval(owner: string, frame: Frame, { stepMs: expectedMs }: Origin): void {
  const { time } = frame;
  if (time === undefined || expectedMs === undefined) return;
  const { stepMs: receivedMs, steps, spreadMs } = usualSteps(time, frame.series());
  // The median of jittering steps varies by about the interquartile range over √n.
  const jitter = steps < fewSteps ? toleranceOfFew * expectedMs : (3 * spreadMs) / Math.sqrt(steps);
  if (!(Math.abs(receivedMs - expectedMs) > Math.max(tolerance * expectedMs, jitter))) return;
  throw dataError("other-interval", { expectedMs, receivedMs, moments: areMoments(time) }, owner);
}
