// Advice about the data: leaks, outliers, drift, inputs outside the training range, missing inputs.
import { toneOf } from "@eddy/ui/results";
import { count, fixed, number, percent, quantity } from "../../format.ts";
import { correlationAtLag } from "./correlation.ts";
import type { Rule, TargetEvidence } from "./evidence.ts";
import { type Outlier, outliersOf, rangesOfInputs } from "./outliers.ts";

/** From this correlation on, an input is taken for the target itself. */
const leakCorrelation = 0.999;

/** The target follows from the inputs of the same row. */
export const leak: Rule = ({ model, targets, scored }, { advice }) => {
  const found = targets.find(({ judgement }) => judgement === "leak");
  if (found === undefined) return undefined;
  const { target, linear } = found;
  const { inputs } = model.options;
  const measured = scored.map(({ frame }) => frame.column(target));
  const [closest] = inputs
    .map((input) => ({
      input,
      r: correlationAtLag(
        scored.map(({ frame }) => frame.column(input)),
        measured,
        0,
      ),
    }))
    .sort((a, b) => Math.abs(b.r) - Math.abs(a.r));
  if (closest === undefined || !(Math.abs(closest.r) >= leakCorrelation)) {
    return { target, text: advice.leakOfSeveral(fixed(linear.r2, 4)) };
  }
  return { target, text: advice.leak(closest.input, fixed(closest.r, 4)) };
};

const isUseful = ({ judgement }: TargetEvidence) => toneOf[judgement] === "good";

/** Outliers among the training rows, if the model is of little use. */
export const outliers: Rule = ({ summary, frame, training, targets }, { advice }) => {
  if (training === undefined) return undefined;
  for (const one of targets) {
    if (isUseful(one)) continue;
    const found = outliersOf(summary, frame, one.target, training.rowsAsInFile);
    if (found.length === 0) continue;
    const described = ({ column, value, row }: Outlier) =>
      advice.outlier(column, quantity(value, column, 4), row === undefined ? undefined : count(row));
    return { target: one.target, text: advice.outliers(found.slice(0, 3).map(described)) };
  }
  return undefined;
};

/** The mean of the target is elsewhere than in training, and the model does not follow. */
export const drift: Rule = ({ targets, part, summary, frame, training }, { advice }) => {
  for (const one of targets) {
    const { target, mean } = one;
    // For a constant prediction, 1 − R² = 1 + (distance / deviation)², and RMSE² = deviation² + distance².
    const deviations = Math.sqrt(Math.max(0, -mean.r2));
    if (isUseful(one) || !(deviations > 1)) continue;
    // An outlier of the target moves the training mean.
    if (training && outliersOf(summary, frame, target, false).some(({ column }) => column === target)) continue;
    const distance = mean.rmse * Math.sqrt(-mean.r2 / (1 - mean.r2));
    return { target, text: advice.drift(part, target, quantity(distance, target), number(deviations, 2)) };
  }
  return undefined;
};

/** Values may lie outside the range by this share of it. */
const rangeMargin = 0.01;
const minShareOutside = 0.01;

/** Inputs outside their training range: there, the model extrapolates. */
export const inputsOutside: Rule = ({ summary, scored, part }, { advice }) => {
  const found = rangesOfInputs(summary).map(([input, { min, max }]) => {
    const margin = rangeMargin * (max - min);
    let [rows, outside, beyond] = [0, 0, 0];
    for (const { frame } of scored) {
      for (const value of frame.column(input)) {
        rows++;
        const distance = Math.max(min - value, value - max);
        if (!(distance > margin)) continue;
        outside++;
        beyond = Math.max(beyond, distance);
      }
    }
    return { input, min, max, beyond, share: outside / rows };
  });
  const [most, ...others] = found.filter(({ share }) => share > minShareOutside).sort((a, b) => b.share - a.share);
  if (most === undefined) return undefined;
  const { input, min, max, beyond, share } = most;
  const range = `${number(min, 3)} – ${quantity(max, input)}`;
  const named = others.slice(0, 2).map((other) => `${other.input} (${percent(other.share)})`);
  const more = advice.andMore(named, others.length - named.length);
  return { text: advice.outside(part, percent(share), input, range, quantity(beyond, input), more) };
};

const minShareMissing = 0.02;

/** Rows with missing inputs that were not filled: they have no prediction, and the state starts again after them. */
export const missingInputs: Rule = ({ model, frame, unpredicted: rows }, { advice }) => {
  if (!(rows > minShareMissing * frame.length)) return undefined;
  const columns = model.options.inputs.map((input) => {
    const missing = frame.column(input).reduce((sum, value) => sum + (Number.isNaN(value) ? 1 : 0), 0);
    return { input, missing };
  });
  const worst = columns.reduce((a, b) => (b.missing > a.missing ? b : a));
  const others = columns.length > 1;
  return { text: advice.missing(percent(rows / frame.length), worst.input, count(worst.missing), others) };
};
