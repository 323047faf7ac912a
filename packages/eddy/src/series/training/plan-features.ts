/** The plan of a model's features: the labels of categories, the longest gap that is filled, and inputs with a mark of filled rows. */
import { type Feature, type FeatureRules, featureRows, plainFeatures } from "../data/features.ts";
import type { Frame } from "../data/frame.ts";
import { carriedRows, filledColumn, type Gaps } from "../data/gaps.ts";
import { intersect, type Rows } from "../data/rows.ts";
import type { Paced } from "../pace.ts";
import type { ResolvedModelOptions } from "../settings/options.ts";
import type { PlannedOptions } from "./defaults.ts";
import { trainingError } from "./words.ts";

/** With more labels, a column is a name or a comment rather than a category. */
const maxLabels = 20;

/** Gaps are common if they fill more than this share of the training rows; the networks are then told where they are. */
const commonGaps = 0.03;

/** Plans the features of a model from the training rows alone. */
export function* planFeatures(
  frame: Frame,
  resolved: ResolvedModelOptions,
  given: PlannedOptions,
  train: readonly Rows[],
): Paced<Pick<FeatureRules, "features" | "gaps">> {
  const { inputs, targets, missing } = resolved;
  const numbers = inputs.filter((name) => !frame.categories.has(name));
  const rules = { inputs: numbers, features: plainFeatures(numbers), gaps: "restart", missing } as const;
  const { frame: measured } = yield* featureRows("train", frame, rules, targets);
  const ranges = intersect(carriedRows(frame), train);
  const columns = numbers.map((name) => measured.column(name));
  const gaps = given.gaps ?? (`hold:${yield* heldRows(columns, ranges)}` satisfies Gaps);
  const trainRows = train.reduce((sum, { start, end }) => sum + end - start, 0);
  const features: Feature[] = [];
  const taken = new Set([...inputs, ...targets]);
  const add = (base: string, feature: Omit<Feature, "name">) => {
    let name = base;
    for (let n = 2; taken.has(name); n++) name = `${base} ${n}`;
    taken.add(name);
    features.push({ name, ...feature });
  };
  for (const input of inputs) {
    const values = frame.column(input);
    const labels = frame.categories.get(input);
    if (labels === undefined) features.push({ name: input, input });
    else for (const label of labelsIn(input, values, labels, train)) add(`${input} = ${label}`, { input, label });
    const { marks } = filledColumn(
      labels === undefined ? measured.column(input) : values,
      ranges,
      gaps,
      labels !== undefined,
    );
    const filled = marks?.reduce((sum, mark) => sum + mark, 0) ?? 0;
    if (filled > commonGaps * trainRows) add(`${input} missing`, { input, filled: true });
    yield;
  }
  return { gaps, features };
}

/** The labels of a category in these rows, in the order of the frame's list. */
function labelsIn(column: string, codes: Float64Array, labels: readonly string[], rows: readonly Rows[]): string[] {
  const found = new Set<number>();
  for (const { start, end } of rows) for (let row = start; row < end; row++) found.add(codes[row]);
  const known = labels.filter((_, code) => found.has(code));
  if (known.length === 0) throw trainingError("all-missing", { column });
  if (known.length > maxLabels) {
    throw trainingError("too-many-labels", { column, most: maxLabels, received: known.length }, "train");
  }
  return known;
}

/** Distances at which the mean square of the differences is compared with the variance. */
const lags = [1, 2, 3, 5, 8, 10, 15, 20, 30, 50, 100];
/** Pairs of rows at each distance; of more, some that are spread over the rows. */
const maxPairs = 20_000;

/**
 * The longest time for which the last value is a better guess than the mean, for the input that changes fastest: the mean square of
 * x(t + k) − x(t) is then below the variance of x. At least one row, at most 100.
 */
function* heldRows(columns: readonly Float64Array[], ranges: readonly Rows[]): Paced<number> {
  let held = lags[lags.length - 1];
  for (const values of columns) {
    const { variance, count } = varianceOf(values, ranges);
    if (variance === 0) continue;
    const stride = Math.max(1, Math.floor(count / maxPairs));
    const changed = lags.find((lag) => meanSquareChange(values, ranges, lag, stride) >= variance);
    const before = changed === undefined ? held : (lags[lags.indexOf(changed) - 1] ?? 1);
    held = Math.min(held, before);
    yield;
  }
  return held;
}

function varianceOf(values: Float64Array, ranges: readonly Rows[]): { variance: number; count: number } {
  let [count, mean, squares] = [0, 0, 0];
  for (const { start, end } of ranges) {
    for (let row = start; row < end; row++) {
      if (!Number.isFinite(values[row])) continue;
      const difference = values[row] - mean;
      count++;
      mean += difference / count;
      squares += difference * (values[row] - mean);
    }
  }
  return { variance: count === 0 ? 0 : squares / count, count };
}

/** NaN without any pair, which no variance is below. */
function meanSquareChange(values: Float64Array, ranges: readonly Rows[], lag: number, stride: number): number {
  let [sum, count] = [0, 0];
  for (const { start, end } of ranges) {
    for (let row = start + lag; row < end; row += stride) {
      const change = values[row] - values[row - lag];
      if (!Number.isFinite(change)) continue;
      sum += change * change;
      count++;
    }
  }
  return sum / count;
}
