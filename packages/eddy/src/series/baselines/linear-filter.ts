/** The linear baseline: a finite impulse response filter of the inputs, ridge-regularised. */
import { countRows, type Window } from "../data/rows.ts";
import { cholesky, solveLower, solveUpper } from "../network/cholesky.ts";
import type { Filter } from "../network/filter.ts";
import type { Paced } from "../pace.ts";
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

/** One validation of a filter: it is fitted on some parts of the data and validated on others, by their positions. */
export interface FilterFold {
  fitted: readonly number[];
  validated: readonly number[];
}

/** The filter for all parts, and for each fold the one that was fitted without its validated parts. */
export interface FittedFilters {
  filter: LinearFilter;
  folds: LinearFilter[];
}

/** Lengths grow by a factor of about √2, strengths by powers of ten. */
const lengths = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512];
const strengths = [1e-8, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1];
const maxWeights = 512;
const maxProducts = 2e9;
const rowsPerWeight = 4;

/**
 * Fits filters of every length and strength in each fold, keeps the length and strength with the smallest error over all folds,
 * and fits that filter to all parts.
 *
 * Cost: n · taps · inputs · (inputs + targets) once, then (taps · inputs)³ / 6 for each fold and strength; shorter filters
 * reuse the factorisation.
 * @param parts disjoint parts of the data.
 * @param choices restricts the search, to fit a selected filter to other rows.
 */
export function* fitLinearFilter(
  parts: readonly FilterRows[],
  folds: readonly FilterFold[],
  inputs: number,
  targetSize: number,
  choices: { taps?: number; ridge?: number } = {},
): Paced<FittedFilters> {
  const groups = targetGroups(parts, targetSize);
  const longest = choices.taps ?? longestFilter(parts, folds, groups, inputs);
  const taps = choices.taps === undefined ? lengths.filter((length) => length <= longest) : [choices.taps];
  const ridges = choices.ridge === undefined ? strengths : [choices.ridge];
  const equations = new Map<number[], NormalEquations[]>();
  /** Sum over folds, targets and rows of the squared error, for each length and strength. */
  const errors = new Map<string, number>();
  for (const targets of groups) {
    const ofParts: NormalEquations[] = [];
    for (const { x, y, windowsWith } of parts.map(bound)) {
      ofParts.push(yield* normalEquations(x, y, windowsWith(targets), longest, inputs, targets, targetSize));
    }
    equations.set(targets, ofParts);
    for (const { fitted, validated } of folds) {
      const [fitting, checking] = [fitted, validated].map((positions) => summed(positions.map((at) => ofParts[at])));
      yield;
      // A sparse target may have values in a single part.
      if (fitting.rows === 0 || checking.rows === 0) continue;
      for (const ridge of ridges) {
        const factor = yield* cholesky(withRidge(fitting, ridge), fitting.size);
        yield;
        for (const k of targets.keys()) {
          const forward = factor && solveLower(factor, fitting.size, fitting.cross[k]);
          for (const length of taps) {
            const weights = factor && solveUpper(factor, fitting.size, forward!, 1 + length * inputs);
            const key = `${length} ${ridge}`;
            const error = weights === undefined ? Number.POSITIVE_INFINITY : squaredError(checking, k, weights);
            errors.set(key, (errors.get(key) ?? 0) + error / checking.rows);
          }
          yield;
        }
      }
    }
  }
  let [best, minError] = ["", Number.POSITIVE_INFINITY];
  for (const [key, error] of errors) if (error < minError) [best, minError] = [key, error];
  const none = { taps: 1, ridge: 1, weights: Array.from({ length: targetSize }, () => Array(1 + inputs).fill(0)) };
  // Only if every factorisation failed; the best linear predictor is then the mean.
  if (best === "") return { filter: none, folds: folds.map(() => none) };
  const [length, ridge] = best.split(" ").map(Number);
  const fit = function* (positions: readonly number[]): Paced<LinearFilter> {
    const weights = Array.from({ length: targetSize }, () => [0]);
    for (const [targets, ofParts] of equations) {
      const all = summed(positions.map((at) => ofParts[at]));
      const factor =
        (yield* cholesky(withRidge(all, ridge), all.size)) ?? (yield* cholesky(withRidge(all, 1), all.size));
      for (const [k, target] of targets.entries()) {
        weights[target] =
          factor === undefined
            ? Array(1 + length * inputs).fill(0)
            : Array.from(
                solveUpper(factor, all.size, solveLower(factor, all.size, all.cross[k]), 1 + length * inputs),
                Math.fround,
              );
      }
    }
    return { taps: length, ridge, weights };
  };
  const ofFolds: LinearFilter[] = [];
  for (const { fitted } of folds) ofFolds.push(yield* fit(fitted));
  return { filter: yield* fit([...parts.keys()]), folds: ofFolds };
}

const bound = (rows: FilterRows) => ({
  x: rows.x,
  y: rows.y,
  windowsWith: (targets: readonly number[]) => rows.windowsWith(targets),
});

/** The equations of several parts together. */
function summed(parts: readonly NormalEquations[]): NormalEquations {
  if (parts.length === 1) return parts[0];
  const [{ size, cross, power }] = parts;
  const add = (into: Float64Array, from: Float64Array) => {
    for (let i = 0; i < into.length; i++) into[i] += from[i];
  };
  const sum: NormalEquations = {
    size,
    rows: 0,
    gram: new Float64Array(size * size),
    cross: cross.map(() => new Float64Array(size)),
    power: power.map(() => 0),
  };
  for (const part of parts) {
    sum.rows += part.rows;
    add(sum.gram, part.gram);
    for (const [k, own] of part.cross.entries()) {
      add(sum.cross[k], own);
      sum.power[k] += part.power[k];
    }
  }
  return sum;
}

/** Targets with the same missing rows share one set of normal equations. */
function targetGroups(parts: readonly FilterRows[], targetSize: number): number[][] {
  const all = Array.from({ length: targetSize }, (_, target) => target);
  const sameRows = (rows: FilterRows) => {
    const shared = countRows(rows.windowsWith(all));
    return all.every((target) => countRows(rows.windowsWith([target])) === shared);
  };
  return targetSize === 1 || parts.every(sameRows) ? [all] : all.map((target) => [target]);
}

/** The longest filter that the data of every fold supports and that can be fitted in a few seconds. */
function longestFilter(
  parts: readonly FilterRows[],
  folds: readonly FilterFold[],
  groups: readonly number[][],
  inputs: number,
): number {
  const perPart = parts.map((part) => groups.map((targets) => part.windowsWith(targets)));
  const rowsOf = (positions: readonly number[]) =>
    groups.map((_, g) => positions.reduce((sum, at) => sum + countRows(perPart[at][g]), 0));
  const rows = Math.min(...folds.flatMap(({ fitted }) => rowsOf(fitted)).filter((count) => count > 0));
  const windows = Math.max(...groups.map((_, g) => perPart.reduce((sum, part) => sum + part[g].length, 0)));
  const cost = (taps: number) =>
    rows * taps * inputs * (inputs + 1) +
    windows * (taps * inputs) ** 2 +
    (folds.length * strengths.length * (taps * inputs) ** 3) / 6;
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

/** yᵀy − 2 wᵀXᵀy + wᵀXᵀX w */
function squaredError({ gram, cross, power, size }: NormalEquations, target: number, w: Float64Array): number {
  let sum = power[target];
  for (let i = 0; i < w.length; i++) {
    let row = gram[i * size + i] * w[i];
    for (let j = i + 1; j < w.length; j++) row += 2 * gram[i * size + j] * w[j];
    sum += w[i] * (row - 2 * cross[target][i]);
  }
  return Math.max(0, sum);
}
