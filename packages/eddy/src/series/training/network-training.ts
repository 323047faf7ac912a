/** The training of one network from plain data, in this thread or in a worker: its task, its events, and its result. */
import { Frame } from "../data/frame.ts";
import { countRows, type Rows } from "../data/rows.ts";
import type { ScaledFrame } from "../data/scaled-frame.ts";
import { Ensemble } from "../network/ensemble.ts";
import type { Filter } from "../network/filter.ts";
import { drawNetwork } from "../network/network.ts";
import { predictWindows } from "../network/predict-windows.ts";
import type { NetworkOptions } from "../network/sizes.ts";
import type { Pace, Paced } from "../pace.ts";
import type { NoteOf } from "../record/notes.ts";
import type { StopReason } from "../record/report.ts";
import { Subset } from "../scores/subset.ts";
import type { ResolvedTrainingOptions } from "../settings/options.ts";
import { unpackWeights } from "./packed.ts";
import { Trainer } from "./trainer.ts";
import { type LoopReport, type TrainingProgress, trainingLoop } from "./training-loop.ts";

/** The rows of a frame, scaled; `columns` are the targets in the data's units, for scores. */
export interface PlainRows extends Pick<ScaledFrame, "x" | "y" | "targetScaler"> {
  segments: readonly Rows[];
  columns: readonly (readonly [name: string, values: Float64Array])[];
}

/** What the networks of a training have in common. */
export interface SharedWork {
  phase: "fit" | "refit";
  variants: readonly { network: NetworkOptions; settings: ResolvedTrainingOptions }[];
  washout: number;
  rows: PlainRows;
  /** The uninterrupted training rows. */
  segments: readonly Rows[];
  /** The rows for validation, if they are in a separate frame. */
  validationRows: PlainRows | undefined;
}

/** The training of one network. */
export interface NetworkTask {
  /** From 0, over all variants. */
  network: number;
  variant: number;
  seed: number;
  /** The share of the epochs in which the series are cut. */
  randomStarts: number;
  /** Training rows whose targets are excluded from the loss. */
  heldOut: readonly Rows[];
  /** The rows that validate the network; empty in the final training. */
  validated: readonly Rows[];
  /** The filter that the network corrects; without it, the network learns the targets. */
  filter?: Filter | undefined;
  /** The weights to start from, instead of those drawn from the seed. */
  weights?: Float32Array | undefined;
  /** Where an earlier training of this network was interrupted. */
  progress?: TrainingProgress | undefined;
}

/** What happens in the training of a network. */
export type NetworkEvent =
  | { kind: "report"; report: LoopReport }
  | { kind: "note"; note: NoteOf<"diverged" | "gave-up"> }
  | { kind: "progress"; progress: TrainingProgress }
  | { kind: "end"; stopped: StopReason; progress: TrainingProgress };

/** The limits of a training: a network's wall-clock limit is asked for when its training starts. */
export interface Limits {
  budgetMs: number;
  signal: { readonly aborted: boolean } | undefined;
  pace: Pace;
}

/** Trains one network; the same task gives the same bits in any thread. */
export async function* trainNetwork(
  work: SharedWork,
  { network: index, variant, seed, randomStarts, heldOut, validated, filter, weights, progress: before }: NetworkTask,
  limits: Limits,
): AsyncGenerator<NetworkEvent, void> {
  const { phase, segments, washout } = work;
  const { network: sizes, settings: common } = work.variants[variant];
  const settings = { ...common, randomStarts };
  const network = drawNetwork(sizes, seed);
  if (weights !== undefined) unpackWeights(network, weights);
  const left = async (all: PlainRows) => (filter ? await limits.pace.finish(leftBy(filter, all, sizes)) : all);
  const rows = await left(work.rows);
  const validationRows = work.validationRows && (await left(work.validationRows));
  const { x } = rows;
  const trainer = new Trainer(network, { x, y: without(rows.y, heldOut, sizes.targetSize) }, segments, settings, seed);
  const progress: TrainingProgress = before ?? {
    trainer: trainer.state(),
    validations: [],
    snapshots: [],
    retries: 0,
    elapsedMs: 0,
  };
  const notes: NoteOf<"diverged" | "gave-up">[] = [];
  const loop = trainingLoop({
    trainer,
    progress,
    settings,
    validation: validated.length === 0 ? undefined : subsetOf(validationRows ?? rows, validated, washout),
    ...limits,
    report: { network: index, phase },
    note: (note) => notes.push(note),
  });
  for (;;) {
    const { done, value } = await loop.next();
    for (const note of notes.splice(0)) yield { kind: "note", note };
    if (done) {
      yield { kind: "end", stopped: value, progress };
      return;
    }
    // First: whoever receives the report of a validation may ask for the model and a checkpoint.
    if (value.kind === "epoch") yield { kind: "progress", progress };
    yield { kind: "report", report: value };
  }
}

/** Rows whose targets are what a filter leaves of them. */
function* leftBy(filter: Filter, rows: PlainRows, sizes: NetworkOptions): Paced<PlainRows> {
  const filtered = new Float32Array(rows.y.length);
  const windows = rows.segments.map(({ start, end }) => ({ warmUpStart: start, start, end }));
  yield* predictWindows(new Ensemble(sizes, filter), rows.x, windows, filtered);
  const { scale } = rows.targetScaler;
  const width = sizes.targetSize;
  const columns = rows.columns.map(
    ([name, values], j) => [name, values.map((value, row) => value - filtered[row * width + j] * scale[j])] as const,
  );
  return { ...rows, y: rows.y.map((value, at) => value - filtered[at]), columns };
}

/** A copy in which the targets of these rows are missing. */
function without(y: Float32Array, rows: readonly Rows[], width: number): Float32Array {
  if (countRows(rows) === 0) return y;
  const copy = y.slice();
  for (const { start, end } of rows) copy.fill(Number.NaN, start * width, end * width);
  return copy;
}

function subsetOf(
  { x, y, columns, segments, targetScaler }: PlainRows,
  rows: readonly Rows[],
  washout: number,
): Subset {
  const data = { frame: new Frame(new Map(columns)), x, y, measured: y, segments: [...segments], targetScaler };
  return new Subset({ ...data, missingInputs: 0, timeGaps: 0 }, rows, [...data.frame.names], washout, true);
}
