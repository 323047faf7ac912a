/** A subset of a frame's rows (training, validation or test part), and the scores of predictors on it. */
import type { FilterRows } from "../baselines/linear-filter.ts";
import { countRows, intersect, type Rows, type Window } from "../data/rows.ts";
import { columnsOf, hasTarget, type ScaledFrame } from "../data/scaled-frame.ts";
import { divisorOf, unscaledColumn } from "../data/scaler.ts";
import type { Ensemble } from "../network/ensemble.ts";
import { type KnownStates, withInferredStates } from "../network/initial-state.ts";
import { predictWindows } from "../network/predict-windows.ts";
import type { Simulator } from "../network/simulator.ts";
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

/** The windows that predict these rows; the state is carried from the start of their segment, or over the warm-up rows. */
export function windowsIn(segments: readonly Rows[], ranges: readonly Rows[], cut = false): Window[] {
  const windows: Window[] = [];
  let next = 0;
  for (const { start, end } of intersect(segments, ranges)) {
    while (segments[next].end <= start) next++;
    const rows = cut && end - start > 2 * windowRows ? windowRows : end - start;
    for (let row = start; row < end; row += rows) {
      const warmUpStart = Math.max(segments[next].start, row - warmUpRows);
      windows.push({ warmUpStart, start: row, end: Math.min(end, row + rows) });
    }
  }
  return windows;
}

/** The parts of a model that infers its initial state. */
interface Inferring {
  options: { initialWindow: number };
  ensemble: Ensemble;
  known?: KnownStates | undefined;
  intervals?: { typical: readonly number[] } | undefined;
}

/** How well the intervals of one target hold, and how far the networks agree. */
export interface Coverage {
  /** The probability that they promise. */
  level: number;
  /** The share of the scored rows whose measured value lies within. */
  coverage: number;
  /** Their mean width, in the target's unit. */
  width: number;
  /** The root mean square, over these rows, of the standard deviation of the networks, times their share; in the target's unit. */
  spread: number;
  rows: number;
}

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
    this.washout = 0;
    let next = 0;
    for (const { start, end } of intersect(segments, ranges)) {
      while (segments[next].end <= start) next++;
      const scoredStart = Math.min(end, Math.max(start, segments[next].start + washout));
      this.#marks.fill(scored, scoredStart - first, end - first);
      this.washout += scoredStart - start;
    }
    this.windows = windowsIn(segments, ranges, cut);
  }

  /** The frame's row at which arrays of the subset start. */
  get firstRow(): number {
    return this.#span.start;
  }

  /** The windows, with states that are inferred from measured targets where the model does so and a window starts its segment. */
  windowsFrom({ options, ensemble, known, intervals }: Inferring): readonly Window[] {
    const rows = options.initialWindow;
    if (known === undefined || intervals === undefined || rows === 0) return this.windows;
    const { x, measured: y } = this.#data;
    const first = { x, y, rows, typical: intervals.typical };
    return this.windows.map((window) =>
      window.warmUpStart < window.start ? window : withInferredStates(ensemble, known, first, [window])[0],
    );
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
      if (this.#marks[row - this.#span.start] === scored && hasTarget(y, row, width)) count++;
    }
    return count;
  }

  /** The measured values of each target from the subset's first row; NaN where they are not scored. */
  scoredColumns(): Float64Array[] {
    const { start, end } = this.#span;
    return this.#targets.map((name) =>
      this.#data.frame
        .column(name)
        .slice(start, end)
        .map((value, i) => (this.#marks[i] === scored ? value : Number.NaN)),
    );
  }

  /**
   * A simulator's scores; and over the targets that have scored rows, the root of the mean squared error in the data's units, and the mean
   * squared error in scaled units, by which models are selected.
   *
   * @param groups the groups to score separately; by default those of the frame.
   */
  *score(simulator: Simulator, groups?: readonly Group[]): Paced<{ scores: Scores; rmse: number; error: number }> {
    const { targetScaler } = this.#data;
    const { start, end } = this.#span;
    const out = new Float32Array((end - start) * this.#targets.length).fill(Number.NaN);
    yield* predictWindows(simulator, this.#data.x, this.windows, out, start);
    const columns = this.#targets.map((_, j) => unscaledColumn(targetScaler, out, j));
    const scores = yield* this.scoreColumns(columns, groups);
    const perTarget = scores.perTarget ?? { [this.#targets[0]]: scores };
    // The last steps of a forecast may have no value in a short part, and a rarely measured target none in a block.
    const known = this.#targets.flatMap((name, j) => {
      const { rmse, rows } = perTarget[name];
      return rows === 0 ? [] : [{ rmse, scaled: rmse / divisorOf(targetScaler.scale[j]) }];
    });
    const mean = (values: readonly number[]) => values.reduce((sum, own) => sum + own ** 2, 0) / values.length;
    return {
      scores,
      rmse: Math.sqrt(mean(known.map(({ rmse }) => rmse))),
      error: mean(known.map(({ scaled }) => scaled)),
    };
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

  /** An ensemble's scaled predictions of the subset's span, (rows, targets), with their spread, and (rows) how far inputs were outside. */
  *predict(
    ensemble: Ensemble,
    windows = this.windows,
  ): Paced<[predicted: Float32Array, spread: Float32Array, outside: Float32Array]> {
    const { start, end } = this.#span;
    const numbers = (width: number) => new Float32Array((end - start) * width).fill(Number.NaN);
    const [predicted, spread, outside] = [numbers(this.#targets.length), numbers(this.#targets.length), numbers(1)];
    yield* predictWindows(ensemble, this.#data.x, windows, predicted, start, [spread, outside]);
    return [predicted, spread, outside];
  }

  /** How many of the scored rows lie between bounds, and the spread of the networks: in the data's units, from the subset's first row. */
  coverage(target: string, low: Float64Array, high: Float64Array, spread: Float64Array): Omit<Coverage, "level"> {
    const { start, end } = this.#span;
    const measured = this.#data.frame.column(target).subarray(start, end);
    let [rows, covered, width, squares] = [0, 0, 0, 0];
    for (let row = 0; row < measured.length; row++) {
      if (this.#marks[row] !== scored || Number.isNaN(measured[row] - low[row])) continue;
      rows++;
      width += high[row] - low[row];
      squares += spread[row] ** 2;
      if (measured[row] >= low[row] && measured[row] <= high[row]) covered++;
    }
    return { coverage: covered / rows, width: width / rows, spread: Math.sqrt(squares / rows), rows };
  }
}
