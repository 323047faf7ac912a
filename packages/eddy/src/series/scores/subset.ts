/** Parts of the data in time order (training, validation, test), and the scores of predictors on one of them. */

import { type FilterRows, filterStretches, type LinearFilter } from "../baselines/linear-filter.ts";
import type { Segment } from "../baselines/normal-equations.ts";
import type { Frame, RowRange } from "../data/frame.ts";
import { countRows, findRuns, intersect, type Runs } from "../data/segments.ts";
import type { Network } from "../network/network.ts";
import { predictStretches, type Stretch } from "../network/predict-windows.ts";
import type { Paced } from "../pace.ts";
import type { ResolvedOptions } from "../settings/options.ts";
import { warmUpRows } from "../training/defaults.ts";
import { type Scaler, scaled, unscaled } from "../training/fit-scaler.ts";
import { type Scores, score } from "./metrics.ts";

/** A frame as networks see it: scaled, in float32, with its runs. */
export interface ScaledFrame {
  frame: Frame;
  /** (rows, inputs); NaN where missing. */
  x: Float32Array;
  /** (rows, targets); NaN where missing or washout. */
  y: Float32Array;
  runs: Runs;
  targetScaler: Scaler;
}

/** Columns by name, in this order. */
export function columnsOf(frame: Frame, names: readonly string[]): Map<string, Float64Array> {
  return new Map(names.map((name) => [name, frame.column(name)]));
}

/** Scales a frame's inputs and targets. */
export function* scaleFrame(
  frame: Frame,
  { inputs, targets, washout }: Pick<ResolvedOptions, "inputs" | "targets" | "washout">,
  inputScaler: Scaler,
  targetScaler: Scaler,
): Paced<ScaledFrame> {
  const x = yield* scaled(inputScaler, columnsOf(frame, inputs), frame.length);
  const y = yield* scaled(targetScaler, columnsOf(frame, targets), frame.length);
  const runs = yield* findRuns(frame, x, inputs.length);
  for (const { start, end } of runs.ranges) {
    y.fill(Number.NaN, start * targets.length, Math.min(end, start + washout) * targets.length);
  }
  return { frame, x, y, runs, targetScaler };
}

const skipped = 2;

/** Rows of the pieces in which a long stretch may be predicted. */
const pieceRows = 4 * warmUpRows;

/** Some rows of a frame, to be predicted and scored together. */
export class Part implements FilterRows {
  readonly #data: ScaledFrame;
  /** Where the part's first and behind its last row lie in the frame; arrays of the part begin there. */
  readonly #span: RowRange;
  /** With their warm-up: the state is carried over the rows before them. */
  readonly stretches: readonly Stretch[];
  /** Of each row of the span: 0 not in this part, 1 scored, 2 skipped. */
  readonly #eligible: Uint8Array;
  /** Rows that are left out as washout. */
  readonly washout: number;
  readonly rows: number;
  readonly #targets: readonly string[];

  /**
   * @param cut predicts long stretches in pieces side by side, each with its own warm-up; quicker, and the same up to what a
   * network remembers beyond that.
   */
  constructor(
    data: ScaledFrame,
    ranges: readonly RowRange[],
    targets: readonly string[],
    washout: number,
    cut = false,
  ) {
    this.#data = data;
    this.#targets = targets;
    const first = ranges[0]?.start ?? 0;
    this.#span = { start: first, end: ranges.at(-1)?.end ?? 0 };
    this.#eligible = new Uint8Array(this.#span.end - first);
    for (const { start, end } of ranges) this.#eligible.fill(skipped, start - first, end - first);
    this.rows = countRows(ranges);
    const runs = data.runs.ranges;
    const stretches: Stretch[] = [];
    this.washout = 0;
    let next = 0;
    for (const { start, end } of intersect(runs, ranges)) {
      while (runs[next].end <= start) next++;
      const settled = Math.min(end, Math.max(start, runs[next].start + washout));
      this.#eligible.fill(1, settled - first, end - first);
      this.washout += settled - start;
      const rows = cut && end - start > 2 * pieceRows ? pieceRows : end - start;
      for (let row = start; row < end; row += rows) {
        const from = Math.max(runs[next].start, row - warmUpRows);
        stretches.push({ from, start: row, end: Math.min(end, row + rows) });
      }
    }
    this.stretches = stretches;
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

  get frame(): Frame {
    return this.#data.frame;
  }

  /** The scored rows where all of these targets have values, each with the first row whose inputs may be used. */
  segments(targets: readonly number[]): Segment[] {
    const { y } = this.#data;
    const width = this.#targets.length;
    const found: Segment[] = [];
    for (const { from, start, end } of this.stretches) {
      let open = false;
      for (let row = start; row < end; row++) {
        const use =
          this.#eligible[row - this.#span.start] === 1 &&
          targets.every((target) => !Number.isNaN(y[row * width + target]));
        if (use && open) found[found.length - 1].end = row + 1;
        else if (use) found.push({ from, start: row, end: row + 1 });
        open = use;
      }
    }
    return found;
  }

  /** Rows that have a value in at least one target and are not washout. */
  get scoredRows(): number {
    const { y } = this.#data;
    const width = this.#targets.length;
    let count = 0;
    for (let row = this.#span.start; row < this.#span.end; row++) {
      if (this.#eligible[row - this.#span.start] !== 1) continue;
      for (let at = row * width; at < (row + 1) * width; at++) {
        if (Number.isNaN(y[at])) continue;
        count++;
        break;
      }
    }
    return count;
  }

  /** The network's scores, and the mean over targets of the mean squared error in scaled units, which chooses. */
  *score(network: Network): Paced<{ scores: Scores; error: number }> {
    return yield* this.scoreWith((out) =>
      predictStretches(network, this.#data.x, this.stretches, out, this.#span.start),
    );
  }

  /** The linear filter's scores. */
  *scoreFilter(filter: LinearFilter, inputs: number): Paced<Scores> {
    const predict = (out: Float32Array) =>
      filterStretches(filter, this.#data.x, this.stretches, out, inputs, this.#span.start);
    return (yield* this.scoreWith(predict)).scores;
  }

  /** The scores of one value per target, in scaled units, on the rows that the others are scored on. */
  *scoreConstant(values: readonly number[]): Paced<Scores> {
    return yield* this.scoreFilter({ taps: 0, ridge: 0, weights: values.map((value) => [value]) }, 0);
  }

  /** Scores whatever fills in the scaled predictions (rows of the span, targets) of this part's stretches. */
  private *scoreWith(predict: (out: Float32Array) => Paced<void>): Paced<{ scores: Scores; error: number }> {
    const { targetScaler } = this.#data;
    const { start, end } = this.#span;
    const out = new Float32Array((end - start) * this.#targets.length).fill(Number.NaN);
    yield* predict(out);
    const scores = yield* this.scoreColumns(this.#targets.map((_, j) => unscaled(targetScaler, out, j)));
    const each = scores.perTarget ?? { [this.#targets[0]]: scores };
    const error =
      this.#targets.reduce((sum, name, j) => sum + (each[name].rmse / targetScaler.scale[j]) ** 2, 0) /
      this.#targets.length;
    return { scores, error };
  }

  /** Scores predictions in the data's units, one column per target, from the part's first row on. */
  *scoreColumns(predicted: readonly Float64Array[]): Paced<Scores> {
    yield;
    const { start, end } = this.#span;
    return yield* score(columnsOf(this.#data.frame.slice(start, end), this.#targets), predicted, this.#eligible);
  }
}
