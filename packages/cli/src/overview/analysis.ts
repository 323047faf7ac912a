// What an overview suggests: a target, its inputs, and what is suspicious about the columns.
import { missingCodeOf } from "@eddy/ui/reading";
import type { ColumnOverview } from "./overview.ts";
import {
  completeShare,
  correlation,
  frozenRun,
  isCounter,
  type Relation,
  type Run,
  relationOf,
  type Values,
} from "./relations.ts";

/** What is suspicious about a column; values of other columns are named. */
export type Suspicion =
  | { kind: "constant"; column: string; value: number }
  | { kind: "counter"; column: string }
  | { kind: "duplicate"; column: string; of: string }
  | { kind: "missing-code"; columns: string[]; value: number; share: number }
  | { kind: "category"; column: string; values: number }
  /** `column` is a linear function of the target: of the same row, of `lag` rows before, or after if it is negative. */
  | { kind: "leak"; column: string; target: string; lag: number }
  /** `column` follows the target by `rows`. */
  | { kind: "later"; column: string; target: string; rows: number }
  /** `column` contains nearly the same as the target. */
  | { kind: "near-copy"; column: string; target: string; correlation: number }
  /** The target is a linear function of these columns. */
  | { kind: "sum"; target: string; columns: string[] }
  /** The target hardly varies where `column` has this value. */
  | { kind: "mode"; column: string; value: string | number; target: string; share: number }
  | { kind: "frozen"; column: string; run: Run };

/** Columns with few values. */
export interface Labelled {
  name: string;
  labels: readonly (string | number)[];
  /** Positions in `labels`. */
  kept: Values;
}

export interface Analysed {
  columns: readonly ColumnOverview[];
  /** The values of the numeric columns. */
  values: ReadonlyMap<string, Values>;
  labelled: readonly Labelled[];
  /** Columns that are neither inputs nor targets. */
  reserved: ReadonlySet<string>;
  /** By default the last numeric column that varies. */
  target: string | undefined;
}

/** A column that may be an input. */
interface Candidate {
  name: string;
  relation: Relation;
}

export interface Analysis {
  target: string | undefined;
  /** The numeric columns that may be inputs. */
  candidates: Candidate[];
  /** The suggested inputs, and the number of columns among which they were chosen. */
  inputs: string[];
  usable: number;
  /** The values that probably stand for missing ones. */
  missingCodes: number[];
  /** The values of the numeric columns without these. */
  values: ReadonlyMap<string, Values>;
  suspicions: Suspicion[];
}

/** Keeps a command readable. */
const maxInputs = 8;
/** Training needs ten rows with all inputs and a target, and validation ten more. */
const minRows = 20;
/** The share of the rows with complete inputs that must remain complete with another input. */
const minCompleteShare = 0.9;
/** Lags take time: they are compared for the columns that are most correlated with the target in the same row. */
const maxLagged = 40;
/** Correlations that are suspicious; and a column that follows the target matters if it is close to it. */
const nearCopy = 0.999;
const duplicateCorrelation = 1 - 1e-6;
const laterCorrelation = 0.9;
/** The variance of a target, relative to its variance elsewhere, below which it hardly varies; and the share of rows of a mode. */
const idleVariance = 1e-3;
const modeShare = { least: 0.02, most: 0.7 };

export function analyse({ columns, values: all, labelled, reserved, target: named }: Analysed): Analysis {
  const suspicions: Suspicion[] = [];
  const numeric = columns.filter(({ kind, name }) => kind === "number" && name !== "" && !reserved.has(name));
  const codes = missingCodes(numeric, all);
  for (const [value, { columns, share }] of codes) suspicions.push({ kind: "missing-code", columns, value, share });
  const values = new Map(
    [...all].map(([name, own]) => [
      name,
      codes.size === 0 ? own : { ...own, values: own.values.map((value) => (codes.has(value) ? Number.NaN : value)) },
    ]),
  );
  const useful = numeric.filter(({ name, low, high }) => {
    const own = values.get(name)!;
    if (low === high) suspicions.push({ kind: "constant", column: name, value: low! });
    else if (isCounter(own) && name !== named) suspicions.push({ kind: "counter", column: name });
    else return knownRows(own) > 0;
    return false;
  });
  const target = named ?? useful.findLast(({ name }) => knownRows(values.get(name)!) >= minRows)?.name;
  const targetValues = target === undefined ? undefined : values.get(target);
  const none = {
    target: undefined,
    candidates: [],
    inputs: [],
    usable: 0,
    missingCodes: [...codes.keys()],
    values,
    suspicions,
  };
  for (const { name, kind, distinct = 0, rows } of columns) {
    if (kind === "text" && isCategory(distinct, rows) && !reserved.has(name))
      suspicions.push({ kind: "category", column: name, values: distinct });
  }
  if (target === undefined || targetValues === undefined) return none;

  const others = useful.filter(
    ({ name }) => name !== target && knownRows(values.get(name)!) >= values.get(name)!.values.length / 2,
  );
  const ranked = others
    .map(({ name }) => ({
      name,
      own: values.get(name)!,
      same: Math.abs(correlation(values.get(name)!, targetValues)) || 0,
    }))
    .sort((a, b) => b.same - a.same);
  const candidates: Candidate[] = [];
  for (const [i, { name, own, same }] of ranked.entries()) {
    const relation =
      i < maxLagged ? relationOf(own, targetValues) : { correlation: same, lag: 0, atLag: same, copy: false };
    const { copy, lag, atLag } = relation;
    const strength = Math.abs(atLag);
    if (copy) suspicions.push({ kind: "leak", column: name, target, lag });
    else if (lag < 0 && strength > laterCorrelation)
      suspicions.push({ kind: "later", column: name, target, rows: -lag });
    else if (strength > nearCopy) suspicions.push({ kind: "near-copy", column: name, target, correlation: atLag });
    if (!copy) candidates.push({ name, relation });
  }
  const chosen: string[] = [];
  let usable = candidates.length;
  // Equal but for rounding: the first in the file.
  const strength = ({ relation }: Candidate) => Math.round(1e5 * Math.abs(relation.atLag)) || 0;
  const inFile = (name: string) => columns.findIndex((column) => column.name === name);
  for (const { name } of [...candidates].sort((a, b) => strength(b) - strength(a) || inFile(a.name) - inFile(b.name))) {
    const own = values.get(name)!;
    const of = chosen.find((other) => Math.abs(correlation(own, values.get(other)!)) > duplicateCorrelation);
    if (of !== undefined) suspicions.push({ kind: "duplicate", column: name, of });
    if (of !== undefined || chosen.length === maxInputs) continue;
    const shareWith = (names: readonly string[]) => completeShare(names.map((input) => values.get(input)!));
    if (chosen.length === 0 || shareWith([...chosen, name]) >= minCompleteShare * shareWith(chosen)) chosen.push(name);
  }
  const categories = labelled.filter(({ name, labels }) => typeof labels[0] === "string" && !reserved.has(name));
  for (const { name, kept } of categories) {
    if (chosen.length === maxInputs || !(explained(kept, targetValues) > explainedByCategory)) continue;
    chosen.push(name);
    usable++;
  }
  const inputs = columns.map(({ name }) => name).filter((name) => chosen.includes(name));
  const measured = inputs.filter((name) => values.has(name) && !categories.some((one) => one.name === name));
  const sum =
    inputs.length > 1
      ? linearPart(
          measured.map((name) => values.get(name)!.values),
          targetValues.values,
        )
      : [];
  if (sum.length > 1) suspicions.push({ kind: "sum", target, columns: sum.map((i) => measured[i]!) });
  const modes = labelled.filter(({ name }) => !reserved.has(name)); // a group identifies series
  suspicions.push(...modesOf(modes, target, targetValues));
  if (targetValues.stretch === targetValues.values.length) {
    for (const name of [target, ...measured]) {
      const run = frozenRun(values.get(name)!);
      if (run) suspicions.push({ kind: "frozen", column: name, run });
    }
  }
  return { ...none, target, candidates, inputs, usable };
}

const knownRows = ({ values }: Values) => values.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0);

/** Whether texts are categories: few, and each in several rows. */
export const isCategory = (distinct: number, rows: number) => distinct >= 2 && distinct <= Math.min(50, rows / 5);

/** The share of the target's variance between the labels of a category, above which it is suggested as an input. */
const explainedByCategory = 0.05;

function explained(codes: Values, { values }: Values): number {
  const sums = new Map<number, { rows: number; sum: number }>();
  for (const [row, value] of values.entries()) {
    const code = codes.values[row]!;
    if (Number.isNaN(value) || Number.isNaN(code)) continue;
    const own = sums.get(code) ?? { rows: 0, sum: 0 };
    sums.set(code, { rows: own.rows + 1, sum: own.sum + value });
  }
  const all = [...sums.values()].reduce((a, b) => ({ rows: a.rows + b.rows, sum: a.sum + b.sum }), { rows: 0, sum: 0 });
  const mean = all.sum / all.rows;
  const between = [...sums.values()].reduce((total, { rows, sum }) => total + rows * (sum / rows - mean) ** 2, 0);
  return between / all.rows / varianceOf(values);
}

/** The values that probably stand for missing ones in some columns, in how many rows of those they occur at most. */
function missingCodes(
  numeric: readonly ColumnOverview[],
  all: ReadonlyMap<string, Values>,
): Map<number, { columns: string[]; share: number }> {
  const found = new Map<number, { columns: string[]; share: number }>();
  for (const { name } of numeric) {
    const { values } = all.get(name)!;
    const code = missingCodeOf(values);
    if (code === undefined) continue;
    const share = values.reduce((count, value) => count + (value === code ? 1 : 0), 0) / values.length;
    const { columns, share: before } = found.get(code) ?? { columns: [], share: 0 };
    found.set(code, { columns: [...columns, name], share: Math.max(share, before) });
  }
  return found;
}

/** Values of other columns where the target hardly varies, although it does elsewhere. */
function modesOf(labelled: readonly Labelled[], target: string, { values }: Values): Suspicion[] {
  return labelled
    .filter(({ name }) => name !== target)
    .flatMap(({ name, labels, kept }) =>
      labels.flatMap((value, code): Suspicion[] => {
        const within = values.filter((_, row) => kept.values[row] === code);
        const share = within.length / values.length;
        if (share < modeShare.least || share > modeShare.most || within.length < minRows) return [];
        const elsewhere = varianceOf(values.filter((_, row) => kept.values[row] !== code));
        if (!(varianceOf(within) < idleVariance * elsewhere)) return [];
        return [{ kind: "mode", column: name, value, target, share }];
      }),
    );
}

function varianceOf(values: Float64Array): number {
  const known = values.filter((value) => !Number.isNaN(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  return known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length;
}

/** 1 − R² below which the target is a linear function; and the part of its variation below which a column does not contribute. */
const linearRest = 1e-9;
const contribution = 1e-6;

/** The columns that the target is a linear function of, by position; none if it is not. Least squares by Gram-Schmidt. */
function linearPart(inputs: readonly Float64Array[], target: Float64Array): number[] {
  const rows = [...target.keys()].filter(
    (row) => !Number.isNaN(target[row]) && inputs.every((values) => !Number.isNaN(values[row])),
  );
  if (rows.length < minRows + inputs.length) return [];
  const centred = (values: Float64Array) => {
    const own = Float64Array.from(rows, (row) => values[row]!);
    const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
    return own.map((value) => value - mean);
  };
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  const without = (a: Float64Array, b: Float64Array) => {
    const factor = dot(a, b) / dot(b, b);
    return a.map((value, i) => value - factor * b[i]!);
  };
  const whole = centred(target);
  const columns = inputs.map(centred);
  const rest = (used: readonly number[]) => {
    let residual = whole;
    const basis: Float64Array[] = [];
    for (const i of used) {
      const direction = basis.reduce(without, columns[i]!);
      if (dot(direction, direction) < 1e-12 * dot(columns[i]!, columns[i]!)) continue;
      basis.push(direction);
      residual = without(residual, direction);
    }
    return dot(residual, residual) / dot(whole, whole);
  };
  const all = [...columns.keys()];
  if (!(rest(all) < linearRest)) return [];
  return all.filter((i) => rest(all.filter((other) => other !== i)) > contribution);
}
