/** The state of a training: what a checkpoint stores, and what exists while it runs. */
import type { Frame } from "../data/frame.ts";
import type { ModelParts } from "../file/model-parts.ts";
import type { Pace } from "../pace.ts";
import type { Note } from "../record/notes.ts";
import type { StopReason, TrainingSummary } from "../record/report.ts";
import type { TrainingOptions } from "../settings/options.ts";
import type { PlannedOptions, Variant } from "./defaults.ts";
import type { Fingerprints } from "./fingerprint.ts";
import type { Prepared } from "./preparation.ts";
import type { TrainingProgress } from "./training-loop.ts";

/** The training of one network. */
export interface NetworkState {
  variant: number;
  /** From 0 in each variant: it determines the seed and the block. */
  index: number;
  seed: number;
  /** The half fold that it learns from, by position; such a network is not part of a model. */
  half?: number | undefined;
  /** Missing before its first validation. */
  progress?: TrainingProgress | undefined;
  /** Missing until its end. */
  stopped?: StopReason | undefined;
}

/** The state of a training, as a checkpoint stores it: with the same frames, enough to continue bit for bit. */
export interface TrainingState {
  /** The first has the settings of the caller and the defaults. */
  variants: Variant[];
  /** Detects different data. */
  data: Fingerprints;
  /** The number of parts of the rows that validate the networks: one without blocks. */
  folds: number;
  phase: "fit" | "refit" | "done";
  networks: NetworkState[];
  /** The networks of the final training, of the selected variant. */
  refitted: NetworkState[];
  notes: Note[];
  /** Wall-clock time of the training before this session. */
  elapsedMs: number;
}

/** The input of a training, and its results so far. */
export interface TrainingJob {
  readonly frame: Frame;
  /** With the features and the rule for gaps, once the data has been seen. */
  modelOptions: PlannedOptions;
  readonly options: TrainingOptions;
  /** The model that the training continues from. */
  readonly from: ModelParts | undefined;
  readonly resumed: TrainingState | undefined;
  prepared?: Prepared;
  state?: TrainingState;
  /** The scored model, then the final one. */
  model?: ModelParts;
  /** At the end. */
  summary?: TrainingSummary;
}

/** A training whose data is prepared, and its clock. */
export interface StartedJob extends TrainingJob {
  prepared: Prepared;
  state: TrainingState;
  pace: Pace;
  /** The start of the training, from which the budget counts. */
  startMs: number;
  /** The wall-clock time of earlier sessions. */
  beforeMs: number;
}

/** Whether the training of a network need not be continued. */
export const hasEnded = ({ stopped }: NetworkState): boolean => stopped !== undefined && stopped !== "signal";

/** The progress of a network that has been validated at least once. */
export const validatedProgress = ({ progress }: NetworkState): TrainingProgress | undefined =>
  progress !== undefined && progress.snapshots.length > 0 ? progress : undefined;
