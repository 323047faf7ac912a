/** A subset of a frame's rows (training, validation or test part), and the scores of predictors on it. */
import { type FilterRows, filterWindows, type LinearFilter } from "../baselines/linear-filter.ts";
import { countRows, intersect, type Rows, type Window } from "../data/rows.ts";
import { columnsOf, type ScaledFrame } from "../data/scaled-frame.ts";
import { unscaledColumn } from "../data/scaler.ts";
import { predictWindows } from "../network/predict-windows.ts";
import type { Predictor } from "../network/predictor.ts";
import type { Paced } from "../pace.ts";
import type { Group } from "./error-sizes.ts";
import { type Scores, score } from "./metrics.ts";

/** Warm-up rows: the state is carried over them before the rows of a subset are predicted. */
const warmUpRows = 4096;

/** Rows of each window into which a long segment may be cut. */
const windowRows = 4 * warmUpRows;

/** Marks of rows in the span; rows outside the subset have 0. */
const scored = 1;
const skipped = 2;

/** Some rows of a frame, predicted and scored together. */
export class Subset implements FilterRows {
  readonly #data: ScaledFrame;
  /** The range from the subset's first row to its last; arrays of the subset start there. */
  readonly #span: Rows;
  /** The rows to predict, with their warm-up. */
  readonly windows: readonly Window[];
  /** The mark of each row of the span. */
  readonly #marks: Uint8Array;
  /** Rows that are excluded as washout. */
  readonly washout: number;
  readonly rows: number;
  readonly #targets: readonly string[];

  /**
   * @param cut predicts long segments as several windows in one batch, each with its own warm-up. This is faster, and equal
   * except for what a network remembers beyond the warm-up.
   */
  constructor(data: ScaledFrame, ranges: readonly Rows[], targets: readonly string[], washout: number, cut = false) {
    this.#data = data;
    this.#targets = targets;
    const first = ranges[0]?.start ?? 0;
    this.#span = { start: first, end: ranges.at(-1)?.end ?? 0 };
    this.#marks = new Uint8Array(this.#span.end - first);
    for (const { start, end } of ranges) this.#marks.fill(skipped, start - first, end - first);
    this.rows = countRows(ranges);
    const { segments } = data;
    const windows: Window[] = [];
    this.washout = 0;
    let next = 0;
    for (const { start, end } of intersect(segments, ranges)) {
      while (segments[next].end <= start) next++;
      const scoredStart = Math.min(end, Math.max(start, segments[next].start + washout));
      this.#marks.fill(scored, scoredStart - first, end - first);
      this.washout += scoredStart - start;
      const rows = cut && end - start > 2 * windowRows ? windowRows : end - start;
      for (let row = start; row < end; row += rows) {
        const warmUpStart = Math.max(segments[next].start, row - warmUpRows);
        windows.push({ warmUpStart, start: row, end: Math.min(end, row + rows) });
      }
    }
    this.windows = windows;
  }

  get targets(): readonly string[] {
    return this.#targets;
  }

  get x(): Float32Array {
    return this.#data.x;
  }

  get y(): Float32Array {
    return this.#data.y;
  }

  /** The scored rows in which all of these targets have values, each with its warm-up. */
  windowsWith(targets: readonly number[]): Window[] {
    const { y } = this.#data;
    const width = this.#targets.length;
    const windows: Window[] = [];
    for (const { warmUpStart, start, end } of this.windows) {
      let inWindow = false;
      for (let row = start; row < end; row++) {
        const use =
          this.#marks[row - this.#span.start] === scored &&
          targets.every((target) => !Number.isNaN(y[row * width + target]));
        if (use && inWindow) windows[windows.length - 1].end = row + 1;
        else if (use) windows.push({ warmUpStart, start: row, end: row + 1 });
        inWindow = use;
      }
    }
    return windows;
  }

  /** Number of rows with a value in at least one target, washout excluded. */
  get scoredRows(): number {
    const { y } = this.#data;
    const width = this.#targets.length;
    let count = 0;
    for (let row = this.#span.start; row < this.#span.end; row++) {
      if (this.#marks[row - this.#span.start] !== scored) continue;
      for (let at = row * width; at < (row + 1) * width; at++) {
        if (Number.isNaN(y[at])) continue;
        count++;
        break;
      }
    }
    return count;
  }

  /** The network's scores, and the mean over targets of the mean squared error in scaled units, by which models are selected. */
  *score(network: Predictor): Paced<{ scores: Scores; error: number }> {
    return yield* this.scoreWith((out) => predictWindows(network, this.#data.x, this.windows, out, this.#span.start));
  }

  /** The linear filter's scores. */
  *scoreFilter(filter: LinearFilter, inputs: number): Paced<Scores> {
    const predict = (out: Float32Array) =>
      filterWindows(filter, this.#data.x, this.windows, out, inputs, this.#span.start);
    return (yield* this.scoreWith(predict, [])).scores;
  }

  /** The scores of one constant per target, in scaled units. */
  *scoreConstant(values: readonly number[]): Paced<Scores> {
    return yield* this.scoreFilter({ taps: 0, ridge: 0, weights: values.map((value) => [value]) }, 0);
  }

  /** Scores a predictor that fills in the scaled predictions (rows of the span, targets) of the windows. */
  private *scoreWith(
    predict: (out: Float32Array) => Paced<void>,
    groups?: readonly Group[],
  ): Paced<{ scores: Scores; error: number }> {
    const { targetScaler } = this.#data;
    const { start, end } = this.#span;
    const out = new Float32Array((end - start) * this.#targets.length).fill(Number.NaN);
    yield* predict(out);
    const columns = this.#targets.map((_, j) => unscaledColumn(targetScaler, out, j));
    const scores = yield* this.scoreColumns(columns, groups);
    const perTarget = scores.perTarget ?? { [this.#targets[0]]: scores };
    const error =
      this.#targets.reduce((sum, name, j) => sum + (perTarget[name].rmse / targetScaler.scale[j]) ** 2, 0) /
      this.#targets.length;
    return { scores, error };
  }

  /** Scores predictions in the data's units, one column per target, starting at the subset's first row. */
  *scoreColumns(predicted: readonly Float64Array[], groups = this.#groups()): Paced<Scores> {
    yield;
    const { start, end } = this.#span;
    const measured = columnsOf(this.#data.frame.slice(start, end), this.#targets);
    return yield* score(measured, predicted, { marks: this.#marks, firstRow: start, groups });
  }

  /** The groups of the frame, if it has any, by rows of the frame. */
  #groups(): readonly Group[] {
    const series = this.#data.frame.series();
    return series.flatMap(({ label, ...rows }) => (label === undefined ? [] : [{ label, ...rows }]));
  }
}
