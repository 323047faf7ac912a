/** The check of every frame that a model is trained on or used with: columns, rows, time order and sampling interval. */
import { checkIsFrame, type Frame } from "./frame.ts";
import type { Origin } from "./origin.ts";
import { areTimestamps, reportOn, type StepStatistics, stepStatistics } from "./time.ts";
import { dataError } from "./words.ts";

/**
 * Throws a DataError unless the frame has these columns, at least one row, time order and the sampling interval of the origin.
 *
 * Returns the frame's own sampling interval, if it has one.
 */
export function checkFrame(
  where: string,
  frame: Frame,
  columns: readonly string[],
  origin: Origin = {},
): Pick<Origin, "stepMs"> {
  checkIsFrame(where, frame);
  const missing = columns.filter((name) => !frame.has(name));
  if (missing.length > 0) {
    const values = { column: missing[0], expected: [...columns], missing, names: frame.names };
    throw dataError("missing-columns", values, where);
  }
  if (frame.length === 0) throw dataError("no-rows", {}, where);
  const { time } = frame;
  if (time === undefined) return {};
  const series = frame.series();
  const steps = stepStatistics(time, series);
  const { firstBadRow, missing: untimed, unsorted, duplicates, uneven, regular } = reportOn(time, series, steps.stepMs);
  if (firstBadRow !== undefined) {
    throw dataError("time-order", { row: firstBadRow, column: "time", untimed, unsorted, duplicates }, where);
  }
  if (!regular) throw dataError("uneven-steps", { uneven }, where);
  if (origin.stepMs !== undefined && isOtherInterval(steps, origin.stepMs)) {
    const values = { expectedMs: origin.stepMs, receivedMs: steps.stepMs, moments: areTimestamps(time) };
    throw dataError("other-interval", values, where);
  }
  return steps.stepMs > 0 ? { stepMs: steps.stepMs } : {};
}

/** Relative differences up to this are clock drift; the median of a few steps may differ by more. */
const tolerance = 0.01;
const toleranceOfFew = 0.2;
const fewSteps = 10;

/** False for series of single rows, because their interval is unknown. */
function isOtherInterval({ stepMs, count, spreadMs }: StepStatistics, expectedMs: number): boolean {
  // The median of jittering steps varies by about the interquartile range over √n.
  const jitter = count < fewSteps ? toleranceOfFew * expectedMs : (3 * spreadMs) / Math.sqrt(count);
  return Math.abs(stepMs - expectedMs) > Math.max(tolerance * expectedMs, jitter);
}
