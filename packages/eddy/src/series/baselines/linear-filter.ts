/** The linear baseline: a finite impulse response filter of the inputs, ridge-regularised. */
import { countRows, type Window } from "../data/rows.ts";
import { cholesky, solveLower, solveUpper } from "../network/cholesky.ts";
import type { Filter } from "../network/filter.ts";
import type { Paced } from "../pace.ts";
import { type FilterLayout, filterLayout, spreadOut } from "./filter-layout.ts";
import { type NormalEquations, normalEquations } from "./normal-equations.ts";

/** A filter's length, and its ridge parameter relative to the mean square of the inputs. */
export interface FilterChoice {
  taps: number;
  ridge: number;
}

/** A fitted filter. */
export interface LinearFilter extends Filter {
  /** Ridge parameter relative to the mean square of the inputs; of the best filter, if several are averaged. */
  ridge: number;
}

/** What is fixed in a search, and how it is done. */
export interface FilterSearch {
  /** The only filters to fit. */
  choices?: readonly FilterChoice[] | undefined;
  /** For each input, the most rows that a filter may read of it, in descending order. */
  limits?: readonly number[] | undefined;
  /** The targets by whose errors the filter is chosen; all by default. */
  judged?: readonly number[] | undefined;
  /** Whether the mean of several filters may be chosen; they are then fitted to the rows that have all targets. */
  average?: boolean;
  /** The number of first inputs that are changes from row to row: their weights are those of the values, so that neighbours are alike. */
  changes?: number;
  /** Rows after which the ridge parameter is eight times as large, 27 times after twice as many; the same for all by default. */
  fading?: number | undefined;
  /** Whether only short filters are tried. */
  quick?: boolean;
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
  /** The filters whose mean each of them is, the best first. */
  averaged: readonly FilterChoice[];
}

/** Lengths grow by a factor of about √2, strengths by powers of ten. */
const lengths = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512];
const strengths = [1e-8, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1];
/** Averaged filters have many targets and weights: fewer strengths are tried. */
const averagedStrengths = [1e-4, 1e-3, 1e-2, 1e-1, 1, 10];
const maxWeights = 512;
/** The longest filter of a quick search. */
const quickTaps = 64;
const maxProducts = 2e9;
const rowsPerWeight = 4;
/** Averaged filters are those of forecasts, whose weights for neighbouring rows are alike. */
const averagedRowsPerWeight = 1;

/** The numbers of filters whose mean is compared with the best one. */
const averagedCounts = [1, 2, 3, 4, 6];

/**
 * Fits filters of every length and strength in each fold, keeps the length and strength with the smallest error over all folds,
 * and fits that filter to all parts. With `average`, the mean of the best filters of several lengths is kept if its error is smaller.
 *
 * Cost: n · weights · (inputs + targets) once, then weights³ / 6 for each fold and strength; shorter filters
 * reuse the factorisation.
 * @param parts disjoint parts of the data.
 */
export function* fitLinearFilter(
  parts: readonly FilterRows[],
  folds: readonly FilterFold[],
  inputs: number,
  targetSize: number,
  { choices, limits, judged, average = false, quick = false, ...penalty }: FilterSearch = {},
): Paced<FittedFilters> {
  const groups = average
    ? [Array.from({ length: targetSize }, (_, target) => target)]
    : targetGroups(parts, targetSize);
  const longest = choices
    ? Math.max(...choices.map(({ taps }) => taps))
    : Math.min(
        longestFilter(parts, folds, groups, inputs, limits, average),
        quick ? quickTaps : Number.POSITIVE_INFINITY,
      );
  const layout = filterLayout(longest, inputs, limits);
  const lengthsToFit = choices ? [] : lengths.filter((length) => length <= longest);
  const candidates =
    choices ??
    (average ? averagedStrengths : strengths).flatMap((ridge) =>
      lengthsToFit.map((taps): FilterChoice => ({ taps, ridge })),
    );
  const equations = new Map<number[], NormalEquations[]>();
  for (const targets of groups) {
    const ofParts: NormalEquations[] = [];
    for (const { x, y, windowsWith } of parts.map(bound)) {
      ofParts.push(yield* normalEquations(x, y, windowsWith(targets), layout, targets, targetSize));
    }
    equations.set(targets, ofParts);
  }
  /** For each candidate, the sum over folds and judged targets of its mean squared error. */
  const errorsOf = function* (compared: readonly FilterChoice[], averages = false): Paced<number[]> {
    const errors = (averages ? averagedCounts : compared).map(() => 0);
    let judgedFolds = 0;
    for (const [targets, ofParts] of equations) {
      const own = targets.flatMap((target, k) => (judged === undefined || judged.includes(target) ? [k] : []));
      for (const { fitted, validated } of folds) {
        const [fitting, checking] = [fitted, validated].map((positions) => summed(positions.map((at) => ofParts[at])));
        yield;
        // A sparse target may have values in a single part.
        if (fitting.rows === 0 || checking.rows === 0) continue;
        judgedFolds++;
        const solved = yield* solutions(fitting, compared, own, layout, penalty);
        for (const [position, k] of own.entries()) {
          const ofTarget = solved.map((weights) => weights?.[position]);
          const judging = averages
            ? averagedCounts.map((count) => (count > compared.length ? undefined : meanOf(ofTarget.slice(0, count))))
            : ofTarget;
          for (const [i, weights] of judging.entries()) {
            errors[i] += weights ? squaredError(checking, k, weights) / checking.rows : Number.POSITIVE_INFINITY;
          }
          yield;
        }
      }
    }
    return judgedFolds === 0 ? errors.fill(Number.POSITIVE_INFINITY) : errors;
  };
  let averaged = choices ?? [];
  if (choices === undefined) {
    const errors = yield* errorsOf(candidates);
    const best = [...candidates.keys()]
      .filter((i) => Number.isFinite(errors[i]))
      .sort((a, b) => errors[a] - errors[b])
      .map((i) => candidates[i]);
    // The best of each length, the best length first.
    const byLength = best.filter(({ taps }, i) => best.findIndex((other) => other.taps === taps) === i);
    if (!average) averaged = best.slice(0, 1);
    else if (best.length > 0) {
      const means = yield* errorsOf(byLength.slice(0, Math.max(...averagedCounts)), true);
      averaged = byLength.slice(0, averagedCounts[means.indexOf(Math.min(...means))]);
    }
  }
  // Only if every factorisation failed; the best linear predictor is then the mean.
  if (averaged.length === 0) {
    const weights = Array.from({ length: targetSize }, () => Array(1 + inputs).fill(0));
    const none: LinearFilter = { taps: 1, ridge: 1, weights };
    return { filter: none, folds: folds.map(() => none), averaged: [{ taps: 1, ridge: 1 }] };
  }
  const [{ ridge }] = averaged;
  const taps = Math.max(...averaged.map((own) => own.taps));
  const fit = function* (positions: readonly number[]): Paced<LinearFilter> {
    const weights = Array.from({ length: targetSize }, () => [0]);
    for (const [targets, ofParts] of equations) {
      const all = summed(positions.map((at) => ofParts[at]));
      const ofAll = [...targets.keys()];
      let solved = yield* solutions(all, averaged, ofAll, layout, penalty);
      if (solved.includes(undefined)) {
        solved = yield* solutions(
          all,
          averaged.map(({ taps }) => ({ taps, ridge: 1 })),
          ofAll,
          layout,
          penalty,
        );
      }
      for (const [k, target] of targets.entries()) {
        const mean = meanOf(solved.map((own) => own?.[k])) ?? [0];
        weights[target] = spreadOut(Array.from(mean, Math.fround), layout, taps);
      }
    }
    return { taps, ridge, weights };
  };
  const ofFolds: LinearFilter[] = [];
  for (const { fitted } of folds) ofFolds.push(yield* fit(fitted));
  return { filter: yield* fit([...parts.keys()]), folds: ofFolds, averaged };
}

/** The weights of each filter for some of the targets; undefined where the factorisation fails. */
function* solutions(
  equations: NormalEquations,
  choices: readonly FilterChoice[],
  targets: readonly number[],
  layout: FilterLayout,
  penalty: Penalty,
): Paced<(Float64Array[] | undefined)[]> {
  const { size, cross } = equations;
  const { starts } = layout;
  const solved: (Float64Array[] | undefined)[] = choices.map(() => undefined);
  for (const ridge of new Set(choices.map((choice) => choice.ridge))) {
    const factor = yield* cholesky(withRidge(equations, ridge, layout, penalty), size);
    yield;
    if (factor === undefined) continue;
    const forward: Float64Array[] = [];
    for (const k of targets) {
      forward.push(solveLower(factor, size, cross[k]));
      yield;
    }
    for (const [i, choice] of choices.entries()) {
      if (choice.ridge !== ridge) continue;
      solved[i] = [];
      for (const own of forward) {
        solved[i].push(solveUpper(factor, size, own, 1 + starts[choice.taps]));
        yield;
      }
    }
  }
  return solved;
}

/** The mean of weights, of which shorter ones are 0 at the end; undefined if one is missing. */
function meanOf(several: readonly (Float64Array | undefined)[]): Float64Array | undefined {
  if (several.length === 1) return several[0];
  const mean = new Float64Array(Math.max(...several.map((weights) => weights?.length ?? 0)));
  for (const weights of several) {
    if (weights === undefined) return undefined;
    for (let i = 0; i < weights.length; i++) mean[i] += weights[i] / several.length;
  }
  return mean;
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
  limits: readonly number[] | undefined,
  average: boolean,
): number {
  const perPart = parts.map((part) => groups.map((targets) => part.windowsWith(targets)));
  const rowsOf = (positions: readonly number[]) =>
    groups.map((_, g) => positions.reduce((sum, at) => sum + countRows(perPart[at][g]), 0));
  const rows = Math.min(...folds.flatMap(({ fitted }) => rowsOf(fitted)).filter((count) => count > 0));
  const windows = Math.max(...groups.map((_, g) => perPart.reduce((sum, part) => sum + part[g].length, 0)));
  const { starts } = filterLayout(lengths[lengths.length - 1], inputs, limits);
  const cost = (weights: number) =>
    rows * weights * (inputs + 1) + windows * weights ** 2 + (folds.length * strengths.length * weights ** 3) / 6;
  const perWeight = average ? averagedRowsPerWeight : rowsPerWeight;
  const most = limits === undefined ? maxWeights : maxWeights + inputs;
  const allowed = lengths.filter(
    (taps) => starts[taps] <= most && starts[taps] * perWeight <= rows && cost(starts[taps]) <= maxProducts,
  );
  return allowed.at(-1) ?? 1;
}

/** How the ridge parameter applies to the weights. */
type Penalty = Pick<FilterSearch, "changes" | "fading">;

/**
 * A ← XᵀX + λ n d P, with d the mean square of the inputs; the intercept is not regularised. wᵀP w is the sum of (1 + k / fading)³ w_k²
 * over lags k. For an input that is the change from row to row, it is the sum of (1 + (k + 1) / fading)³ (w_{k+1} − w_k)², with 0
 * after the last weight: what the same filter of the values would be penalised for, without a penalty for the weight of the latest value.
 */
function withRidge(
  { gram, size }: NormalEquations,
  ridge: number,
  { taps, counts, starts }: FilterLayout,
  { changes = 0, fading = Number.POSITIVE_INFINITY }: Penalty,
): Float64Array {
  const a = gram.slice();
  let trace = 0;
  for (let i = 1; i < size; i++) trace += a[i * size + i];
  const mean = Math.max(trace / (size - 1), Number.MIN_VALUE * 2 ** 60);
  for (let lag = 0; lag < taps; lag++) {
    for (let input = 0; input < counts[lag]; input++) {
      const isChange = input < changes;
      const own = ridge * mean * (1 + (isChange ? lag + 1 : lag) / fading) ** 3;
      const at = 1 + starts[lag] + input;
      a[at * size + at] += own;
      if (!isChange || input >= (counts[lag + 1] ?? 0)) continue;
      const next = 1 + starts[lag + 1] + input;
      a[at * size + next] -= own;
      a[next * size + next] += own;
    }
  }
  a[0] += 1e-12 * gram[0];
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
