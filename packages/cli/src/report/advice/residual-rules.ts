// Advice from the residuals (measured minus predicted): at the start of a series, after past inputs, from row to row.
import { count, fixed, quantity } from "../../format.ts";
import { correlogram, residualsOf } from "../residuals.ts";
import { correlationAtLag } from "./correlation.ts";
import type { Evidence, Rule } from "./evidence.ts";

/** Errors at a start are reported if they are this many times as large as the others. */
const minStartRatio = 2;
/** The rows after a start that are compared with the others: the first ones, and those of each further block. */
const startBlocks = [5, 10, 20, 50, 100, 200, 500, 1000];

/** The errors after a start of the state are larger than the rest. */
export const startTransient: Rule = (evidence, { advice }) => {
  const { washout, initialWindow } = evidence.summary.settings;
  const excluded = Math.max(washout, initialWindow);
  const starting = evidence.scored.filter(({ fromStart }) => fromStart);
  for (const { target } of evidence.targets) {
    const residuals = starting.map((stretch) => residualsOf(stretch, target));
    const longest = residuals.reduce((most, { length }) => Math.max(most, length), 0);
    const last = Math.max(0, ...startBlocks.filter((rows) => rows <= longest / 4));
    if (last === 0) continue;
    const settled = rootMeanSquare(residuals.map((of) => of.subarray(last)));
    let rows = 0;
    for (const end of startBlocks.filter((end) => end <= last)) {
      const block = rootMeanSquare(residuals.map((of) => of.subarray(rows, end)));
      if (!(block > minStartRatio * settled)) break;
      rows = end;
    }
    if (rows === 0) continue;
    const start = rootMeanSquare(residuals.map((of) => of.subarray(0, rows)));
    const text = advice.start(
      count(rows),
      quantity(start, target),
      quantity(settled, target),
      excluded + rows,
      initialWindow,
    );
    return { target, text };
  }
  return undefined;
};

function rootMeanSquare(parts: readonly Float64Array[]): number {
  let [squares, rows] = [0, 0];
  for (const values of parts) {
    for (const value of values) {
      if (Number.isNaN(value)) continue;
      squares += value * value;
      rows++;
    }
  }
  return Math.sqrt(squares / rows);
}

/** Limits of the search for a past input: lags, and products of an input with a residual. */
const maxLags = 100;
const maxProducts = 2e7;
const minCorrelation = 0.2;
/** The largest of many correlations of noise stays below. */
const maxStandardErrors = 4;

/** The residuals follow an input of earlier rows, which the model could have used. */
export const pastInput: Rule = (evidence, { advice }) => {
  const [strongest] = learnedTargets(evidence)
    .map(({ target }) => ({ target, ...strongestInput(evidence, target) }))
    .sort((a, b) => Math.abs(b.r) - Math.abs(a.r));
  if (strongest === undefined || strongest.r === 0) return undefined;
  const { target, input, lag, r } = strongest;
  return { target, text: advice.pastInput(input, count(lag), fixed(r, 2), largerNetwork(evidence)) };
};

/** The targets on which the model is better than its baselines; for the others, there is more important advice. */
const learnedTargets = ({ targets }: Evidence) => targets.filter(({ winner }) => winner === "model");

const largerNetwork = ({ model }: Evidence) => `--hidden ${2 * model.options.hiddenSize}`;

/** The input and lag with the largest correlation with the residuals that is not chance; r is 0 if there is none. */
function strongestInput({ model, scored }: Evidence, target: string) {
  const { inputs } = model.options;
  const residuals = scored.map((stretch) => residualsOf(stretch, target));
  const known = residuals.reduce((sum, of) => sum + of.filter((value) => !Number.isNaN(value)).length, 0);
  const longest = residuals.reduce((most, { length }) => Math.max(most, length), 0);
  const rows = residuals.reduce((sum, { length }) => sum + length, 0);
  const lags = Math.min(maxLags, Math.floor(longest / 4), Math.floor(maxProducts / (inputs.length * rows)));
  const persistence = correlationAtLag(residuals, residuals, 1);
  let found = { input: "", lag: 0, r: 0 };
  for (const input of inputs) {
    const values = scored.map(({ frame }) => frame.column(input));
    // Slow signals correlate by chance: Bartlett's standard error of r for two autoregressive signals of first order.
    const both = Math.min(0.99, Math.max(0, persistence * correlationAtLag(values, values, 1)));
    const limit = Math.max(minCorrelation, maxStandardErrors * Math.sqrt((1 + both) / (1 - both) / known));
    for (let lag = 0; lag <= lags; lag++) {
      const r = correlationAtLag(values, residuals, lag);
      if (Math.abs(r) > limit && Math.abs(r) > Math.abs(found.r)) found = { input, lag, r };
    }
  }
  return found;
}

const minAutocorrelation = 0.3;
/** With this R², the inputs determine the target, and none of them is missing. */
const accurateR2 = 0.95;

/** The residuals resemble those one row earlier, without following an input. */
export const autocorrelated: Rule = (evidence, texts) => {
  const [strongest] = learnedTargets(evidence)
    .map(({ target, model }) => {
      const { values, band } = correlogram(evidence.scored.map((stretch) => residualsOf(stretch, target)));
      return { target, r2: model.r2, r: values[0] ?? 0, band };
    })
    .filter(({ r, band }) => r > Math.max(minAutocorrelation, band))
    .sort((a, b) => b.r - a.r);
  if (strongest === undefined || pastInput(evidence, texts)) return undefined;
  const { target, r, r2 } = strongest;
  const { autocorrelated, autocorrelatedButSmall } = texts.advice;
  const text = r2 < accurateR2 ? autocorrelated : autocorrelatedButSmall;
  return { target, text: text(fixed(r, 2), largerNetwork(evidence)) };
};
