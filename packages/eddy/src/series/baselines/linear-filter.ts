/** The linear baseline: a finite impulse response filter of the inputs, ridge-regularised. */
import { countRows, type Window } from "../data/rows.ts";
import type { Filter } from "../network/filter.ts";
import type { Paced } from "../pace.ts";
import { cholesky, solveLower, solveUpper } from "./cholesky.ts";
import { type NormalEquations, normalEquations } from "./normal-equations.ts";

/** A fitted filter. */
export interface LinearFilter extends Filter {
  /** Ridge parameter relative to the mean square of the inputs. */
  ridge: number;
}

/** Rows to fit or to validate on; `windowsWith` returns the rows in which all of these targets have values. */
export interface FilterRows {
  x: Float32Array;
  y: Float32Array;
  windowsWith(targets: readonly number[]): readonly Window[];
}

/** Lengths grow by a factor of about √2, strengths by powers of ten. */
const lengths = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512];
const strengths = [1e-8, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1];
const maxWeights = 512;
const maxProducts = 2e9;
const rowsPerWeight = 4;

/**
 * Fits filters of every length and strength on the training rows and keeps the one with the smallest error on validation.
 *
 * Cost: n · taps · inputs · (inputs + targets) once, then (taps · inputs)³ / 6 for each strength; shorter filters reuse
 * the factorisation.
 * @param choices restricts the search, to fit a selected filter to other rows.
 */
export function* fitLinearFilter(
  train: FilterRows,
  validation: FilterRows,
  inputs: number,
  targetSize: number,
  choices: { taps?: number; ridge?: number } = {},
): Paced<LinearFilter> {
  const groups = targetGroups(train, validation, targetSize);
  const rows = Math.min(...groups.map((targets) => countRows(train.windowsWith(targets))));
  const longest = choices.taps ?? longestFilter(train, groups, inputs, rows);
  const taps = choices.taps === undefined ? lengths.filter((length) => length <= longest) : [choices.taps];
  const ridges = choices.ridge === undefined ? strengths : [choices.ridge];
  /** Sum over targets of the error's mean square, for each length and strength. */
  const errors = new Map<string, number>();
  const fitted = new Map<string, number[][]>();
  for (const targets of groups) {
    const training = yield* normalEquations(
      train.x,
      train.y,
      train.windowsWith(targets),
      longest,
      inputs,
      targets,
      targetSize,
    );
    const validating = yield* normalEquations(
      validation.x,
      validation.y,
      validation.windowsWith(targets),
      longest,
      inputs,
      targets,
      targetSize,
    );
    for (const ridge of ridges) {
      const factor = yield* cholesky(withRidge(training, ridge), training.size);
      yield;
      if (factor === undefined) continue;
      for (const [k, target] of targets.entries()) {
        const forward = solveLower(factor, training.size, training.cross[k]);
        for (const length of taps) {
          const weights = solveUpper(factor, training.size, forward, 1 + length * inputs);
          const key = `${length} ${ridge}`;
          const weightsByTarget = fitted.get(key) ?? [];
          weightsByTarget[target] = Array.from(weights);
          fitted.set(key, weightsByTarget);
          errors.set(key, (errors.get(key) ?? 0) + meanSquare(validating, k, weights));
        }
        yield;
      }
    }
  }
  // Infinite only if every factorisation failed; the best linear predictor is then the mean.
  let [best, minError] = ["", Number.POSITIVE_INFINITY];
  for (const [key, error] of errors) if (error < minError) [best, minError] = [key, error];
  if (best === "")
    return { taps: 1, ridge: 1, weights: Array.from({ length: targetSize }, () => Array(1 + inputs).fill(0)) };
  const [length, ridge] = best.split(" ").map(Number);
  return { taps: length, ridge, weights: fitted.get(best)! };
}

/** Targets with the same missing rows share one set of normal equations. */
function targetGroups(train: FilterRows, validation: FilterRows, targetSize: number): number[][] {
  const all = Array.from({ length: targetSize }, (_, target) => target);
  const sameRows = (rows: FilterRows) => {
    const shared = countRows(rows.windowsWith(all));
    return all.every((target) => countRows(rows.windowsWith([target])) === shared);
  };
  return targetSize === 1 || (sameRows(train) && sameRows(validation)) ? [all] : all.map((target) => [target]);
}

/** The longest filter that the data supports and that can be fitted in a few seconds. */
function longestFilter(train: FilterRows, groups: number[][], inputs: number, rows: number): number {
  const windows = Math.max(...groups.map((targets) => train.windowsWith(targets).length));
  const cost = (taps: number) => rows * taps * inputs * (inputs + 1) + windows * (taps * inputs) ** 2;
  const allowed = lengths.filter(
    (taps) => taps * inputs <= maxWeights && taps * inputs * rowsPerWeight <= rows && cost(taps) <= maxProducts,
  );
  return allowed.at(-1) ?? 1;
}

/** A ← XᵀX + λ n d I, with d the mean square of the inputs; the intercept is not regularised. */
function withRidge({ gram, size, rows }: NormalEquations, ridge: number): Float64Array {
  const a = gram.slice();
  let trace = 0;
  for (let i = 1; i < size; i++) trace += a[i * size + i];
  const added = ridge * Math.max(trace / (size - 1), Number.MIN_VALUE * 2 ** 60);
  for (let i = 1; i < size; i++) a[i * size + i] += added;
  a[0] += 1e-12 * rows;
  return a;
}

/** (yᵀy − 2 wᵀXᵀy + wᵀXᵀX w) / n */
function meanSquare({ gram, cross, power, size, rows }: NormalEquations, target: number, w: Float64Array): number {
  let sum = power[target];
  for (let i = 0; i < w.length; i++) {
    let row = gram[i * size + i] * w[i];
    for (let j = i + 1; j < w.length; j++) row += 2 * gram[i * size + j] * w[j];
    sum += w[i] * (row - 2 * cross[target][i]);
  }
  return Math.max(0, sum) / rows;
}
