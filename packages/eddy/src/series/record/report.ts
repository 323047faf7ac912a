/** The reports during a training, and the summary that is saved with its model. */
import type { ColumnRange } from "../data/scaler.ts";
import type { Comparison } from "../scores/comparison.ts";
import type { Scores } from "../scores/metrics.ts";
import type { ResolvedModelOptions, ResolvedTrainingOptions } from "../settings/options.ts";
import type { Note, NoteOf } from "./notes.ts";

/** A report at each validation ("epoch"), and twice a second in between ("progress"). */
export interface TrainingReport {
  kind: "progress" | "epoch";
  /** From 1. */
  epoch: number;
  /** The planned number; early stopping or a budget may end the training run earlier. */
  epochs: number;
  /** Optimiser steps of this training run. */
  step: number;
  /** 0 for the first training run. */
  restart: number;
  /** The training of the model that is scored, or the final one on all rows. */
  phase: "fit" | "refit";
  /** Mean squared error of the training part in scaled units, measured during training. */
  loss: number;
  validation?: Scores;
  /** The best validation of this training run so far. */
  best?: { epoch: number; rmse: number };
  learningRate: number;
  stepsPerSecond: number;
  elapsedMs: number;
  remainingMs?: number;
  /** A divergence from which the training run recovers. */
  note?: Note;
}

/** Rows that are excluded from loss and scores, by reason; no value is imputed. */
export interface SkippedRows {
  /** Rows with an input missing. */
  missingInputs: number;
  /** Rows with a target missing. */
  missingTargets: number;
  /** Gaps in time, after which the state is reset. */
  timeGaps: number;
  /** Rows after each start of a state, according to `washout`. */
  washout: number;
}

/** One validation of the learning curve. */
export interface CurvePoint {
  epoch: number;
  /** Training loss in scaled units. */
  loss: number;
  /** RMSE on validation rows, in the data's units. */
  validation: number;
}

/** The course of a training, and the scores of its model. */
export interface TrainingSummary {
  rows: {
    train: number;
    validation: number;
    test: number;
    /** The parts that were merged because they had too few rows. */
    merged?: Note[];
  };
  skipped: SkippedRows;
  validation: Comparison;
  test?: Comparison;
  curve: CurvePoint[];
  /** Epochs of the selected training run. */
  epochs: number;
  bestEpoch: number;
  /** Completed training runs, the first included; the RMSE is null for a run that diverged from the start. */
  trainings: { seed: number; epochs: number; bestEpoch: number; rmse: number | null; stopped: StopReason }[];
  /** Completed training runs after the first. */
  restarts: number;
  elapsedMs: number;
  notes: Note[];
  stopped: StopReason;
  settings: ResolvedModelOptions & ResolvedTrainingOptions & { validation: number | "frame"; test: number | "frame" };
  /** Present if the final model was trained on all rows; the scores are those of the model before that. */
  refit?: { rows: number; epochs: number; seed: number; note: NoteOf<"refit"> };
  /** Ranges of the training rows. */
  inputsRange: Record<string, ColumnRange>;
  targetsRange: Record<string, ColumnRange>;
}

export type StopReason = "epochs" | "patience" | "budget" | "signal" | "divergence";
