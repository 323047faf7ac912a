/** Permutation importance: how much the error grows when the values of an input come from other times. */
import { checkOptions, integer, integerThat, rule } from "../nn/options.ts";
import { Generator } from "../random.ts";
import { checkFrame } from "./data/check-frame.ts";
import { featureRows } from "./data/features.ts";
import type { Frame } from "./data/frame.ts";
import { intersect, longestOf, type Rows } from "./data/rows.ts";
import { columnsOf, scaleFeatures } from "./data/scaled-frame.ts";
import { type Block, cutIntoBlocks, exchanged, frameOf, isContinued, valuesIn } from "./data/shuffled-blocks.ts";
import { measuringMemory } from "./insight.ts";
import type { Model } from "./model.ts";
import { type Abort, finish, inTurns, type Paced, signalRule } from "./pace.ts";
import { partsOf } from "./parts.ts";
import { score } from "./scores/metrics.ts";
import { trainingError } from "./training/words.ts";

/** The mean over the shuffles and its standard error. */
export interface Estimate {
  mean: number;
  standardError: number;
}

/** The importance of one input for one target. */
export interface InputImportance {
  input: string;
  /** RMSE with the input shuffled, divided by the RMSE with the input as it is: 1 if the input has no influence. */
  ratio: Estimate;
  /** RMSE with the input shuffled minus the RMSE with the input as it is, in the target's unit. */
  increase: Estimate;
}

/** The importance of each input for each target, and what it was measured on. */
export interface Importance {
  /** The inputs in descending order of importance; `rmse` is the error on the scored rows with all inputs as they are. */
  perTarget: Record<string, { rmse: number; inputs: InputImportance[] }>;
  /** Number of blocks that were predicted. */
  blocks: number;
  /** Rows of each block. */
  blockRows: number;
  /** Rows after each start of a block that are not scored, because the state still holds the block before. */
  settlingRows: number;
  /** Rows that are scored in each shuffle; those without a measured target are excluded for that target. */
  scoredRows: number;
}

/** Settings of `importance`. */
export interface ImportanceOptions {
  /** Ranges of rows to use, in ascending order, such as `chronologicalSplit(frame).test`; all rows by default. */
  rows?: readonly Rows[];
  /** Number of shuffles, at least 2; 10 by default. */
  shuffles?: number;
  /** Seed of the shuffles; 1 by default. */
  seed?: number;
}

/**
 * Permutation importance of each input: the ratio and the difference of the RMSE with and without the input's own values.
 *
 * The rows are cut into blocks of four memory horizons. One input at a time, each block receives that input's values from
 * another block of its series: the input keeps its dynamics and loses its relation to the other inputs and the target. The
 * state is carried from block to block, and the first memory horizon of each block (at most half of it) is not scored, so
 * that neither the jump between two blocks nor the values before it count. If there are few rows, the blocks are shorter;
 * of many rows, some blocks spread over the frame are predicted, so that the cost is bounded.
 *
 * Measure it on rows that the model was not trained on. Inputs that are correlated share their importance: each may look
 * unimportant because the model finds the same information in the others. The standard error describes the shuffles, not
 * the choice of rows.
 *
 * Source: Breiman, Random Forests, Machine Learning 45 (2001); Fisher, Rudin and Dominici, JMLR 20 (2019), who define it as
 * the ratio and exclude pairs of a row with itself. Blocks in place of rows: Künsch, Annals of Statistics 17 (1989).
 * @throws DataError for missing columns, a different sampling interval, and a frame with too few rows for five blocks or
 * without any row to score.
 * @example importance(model, frame).perTarget.y.inputs[0] // { input: "u", ratio: { mean: 4.1, … }, increase: … }
 */
export function importance(model: Model, frame: Frame, options: ImportanceOptions = {}): Importance {
  checkOptions("importance", options, rules);
  return finish(measuringImportance(model, frame, options));
}

/** Like `importance`, but yields to the event loop every few milliseconds; if `signal` is aborted, the promise rejects with its reason. */
export async function importanceAsync(
  model: Model,
  frame: Frame,
  options: ImportanceOptions & { signal?: Abort } = {},
): Promise<Importance> {
  checkOptions("importanceAsync", options, { ...rules, signal: signalRule });
  return inTurns(measuringImportance(model, frame, options), options.signal);
}

const maxShuffles = 1000;
const rules = {
  rows: rule("ranges of rows { start, end } in ascending order", areRanges),
  shuffles: integerThat(`an integer from 2 to ${maxShuffles}`, (value) => value >= 2 && value <= maxShuffles),
  seed: integer,
};

function areRanges(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  let previousEnd = 0;
  return value.every((range: Partial<Rows> | null) => {
    const { start, end } = range ?? {};
    if (!Number.isInteger(start) || !Number.isInteger(end) || start! < previousEnd || end! < start!) return false;
    previousEnd = end!;
    return true;
  });
}

function* measuringImportance(
  model: Model,
  frame: Frame,
  { rows, shuffles = 10, seed = 1 }: ImportanceOptions,
): Paced<Importance> {
  const parts = partsOf(model, "importance");
  const { inputs, targets, washout } = parts.options;
  checkFrame("importance", frame, [...inputs, ...targets], parts.origin);
  const { frame: features } = yield* featureRows("importance", frame, parts.options);
  const scaledFeatures = yield* scaleFeatures(features, parts.options, parts.inputScaler);
  const memory = yield* measuringMemory("importance", parts, scaledFeatures);
  const { segments } = scaledFeatures;
  const ranges = rows === undefined ? segments : intersect(segments, rows);
  const mostRows = Math.max(minRows, Math.floor(maxPredictedRows / inputs.length / shuffles));
  const layout = layoutOf(frame, ranges, Math.max(memory.rows, washout), mostRows);
  const { blocks, chosen, blockRows, settlingRows, scored } = layout;

  const inPlaces = (order: readonly Block[]) => chosen.map((i) => order[i]);
  const places = inPlaces(blocks.flat());
  // With the targets, from which a model may infer its initial state.
  const intact = frameOf(frame, [...inputs, ...targets], places, blockRows);
  const measured = columnsOf(intact, targets);
  const scoresOf = function* (inputsInPlace: Frame) {
    const predicted = yield* model.predicting(inputsInPlace);
    const columns = targets.map((name) => predicted.column(name));
    const { perTarget, ...single } = yield* score(measured, columns, { marks: scored });
    return targets.map((name) => perTarget?.[name] ?? single);
  };
  const scores = yield* scoresOf(intact);
  if (scores.every(({ rows }) => rows === 0)) {
    throw trainingError("nothing-to-score", { rows: frame.length }, "importance");
  }
  const random = new Generator(seed);
  // The same shuffles for all inputs, so that their importances are comparable.
  const sources = Array.from({ length: shuffles }, () =>
    inPlaces(blocks.flatMap((ofSeries) => exchanged(ofSeries, random))),
  );
  const perTarget = scores.map(({ rmse }) => ({ rmse, inputs: [] as InputImportance[] }));
  for (const input of inputs) {
    const errors: number[][] = targets.map(() => []);
    for (const blocksOfInput of sources) {
      const values = valuesIn(frame.column(input), blocksOfInput, blockRows);
      const shuffled = yield* scoresOf(intact.with(new Map([[input, values]])));
      for (const [j, { rmse }] of shuffled.entries()) errors[j].push(rmse);
    }
    for (const [j, { rmse, inputs: found }] of perTarget.entries()) {
      found.push({
        input,
        ratio: estimate(errors[j].map((error) => (error === rmse ? 1 : error / rmse))),
        increase: estimate(errors[j].map((error) => error - rmse)),
      });
    }
  }
  for (const { inputs: found } of perTarget) found.sort((a, b) => b.increase.mean - a.increase.mean);
  return {
    perTarget: Object.fromEntries(targets.map((name, j) => [name, perTarget[j]])),
    blocks: places.length,
    blockRows,
    settlingRows,
    scoredRows: scored.reduce((sum, mark) => sum + mark, 0),
  };
}

const memoriesPerBlock = 4;
const minBlockRows = 8;
/** With fewer blocks there are too few different shuffles. */
const minBlocks = 5;
/** Blocks are shortened to two memory horizons if that gives this many. */
const enoughBlocks = 10;
/** Rows that are predicted in all shuffles of all inputs: a second or two. */
const maxPredictedRows = 2 ** 19;
/** Rows of one shuffle that are predicted even so. */
const minRows = 2048;

/** Where the blocks are, and which rows are scored. */
interface Layout {
  /** All blocks, by series. */
  blocks: Block[][];
  /** The indices of the blocks that are predicted: all, or some that are spread over the frame. */
  chosen: number[];
  blockRows: number;
  settlingRows: number;
  /** 1 for each row of these blocks that is scored. */
  scored: Uint8Array;
}

/**
 * @param startRows rows until a prediction no longer depends on the initial state. @param mostRows rows of one shuffle, at
 * most; more only if the memory is so long that five blocks need them.
 */
function layoutOf(frame: Frame, ranges: readonly Rows[], startRows: number, mostRows: number): Layout {
  const tooShort = (least: number) =>
    trainingError("short-segments", { least, longest: longestOf(ranges) }, "importance");
  const longestBlock = Math.max(Math.floor(mostRows / enoughBlocks), 2 * startRows);
  let blockRows = Math.max(minBlockRows, Math.min(memoriesPerBlock * startRows, longestBlock));
  let blocks: Block[][];
  let count: number;
  for (;;) {
    blocks = cutIntoBlocks(frame, ranges, blockRows);
    count = blocks.reduce((sum, { length }) => sum + length, 0);
    if (count >= (blockRows > 2 * startRows ? enoughBlocks : minBlocks)) break;
    if (blockRows === minBlockRows) throw tooShort(minBlocks * minBlockRows);
    blockRows = Math.max(minBlockRows, Math.floor(0.9 * blockRows));
  }
  const chosenCount = Math.min(count, Math.max(minBlocks, Math.floor(mostRows / blockRows)));
  const chosen = Array.from({ length: chosenCount }, (_, i) => Math.floor(((i + 0.5) * count) / chosenCount));
  const settlingRows = Math.min(startRows, Math.floor(blockRows / 2));
  const scored = new Uint8Array(chosenCount * blockRows);
  const all = blocks.flat();
  let sequenceStart = 0;
  for (const [i, index] of chosen.entries()) {
    const start = i * blockRows;
    if (!isContinued(all[chosen[i - 1]], all[index], blockRows)) sequenceStart = start;
    scored.fill(1, Math.max(start + settlingRows, sequenceStart + startRows), start + blockRows);
  }
  if (!scored.includes(1)) throw tooShort(startRows + blockRows);
  return { blocks, chosen, blockRows, settlingRows, scored };
}

function estimate(values: readonly number[]): Estimate {
  const { length } = values;
  const mean = values.reduce((sum, value) => sum + value, 0) / length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardError: Math.sqrt(squares / (length - 1) / length) };
}
