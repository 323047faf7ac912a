/** The reports during a training, and the summary that is saved with its model. */
import type { ColumnRange } from "../data/scaler.ts";
import type { Comparison } from "../scores/comparison.ts";
import type { Scores } from "../scores/metrics.ts";
import type { Rivalry } from "../scores/rivalry.ts";
import type { Coverage } from "../scores/subset.ts";
import type { ResolvedModelOptions, ResolvedTrainingOptions } from "../settings/options.ts";
import type { Note, NoteOf } from "./notes.ts";

/** A report at each validation of a network ("epoch"), and twice a second in between ("progress"). */
export interface TrainingReport {
  kind: "progress" | "epoch";
  /** The preparation of the data, with reports without values; the training of the networks; or the final one on all rows. */
  phase: "prepare" | "fit" | "refit";
  /** The network that this report is about, from 0; several may be trained at the same time. */
  network: number;
  /** Their number. */
  networks: number;
  /** How many of them have been trained to their end. */
  completed: number;
  /** The completed share of this phase, over all networks. */
  progress: number;
  /** From 1. */
  epoch: number;
  /** The planned number; early stopping or a budget may end the training of a network earlier. */
  epochs: number;
  /** Optimiser steps of this network. */
  step: number;
  /** Mean squared error of the training part in scaled units, measured during training. */
  loss: number;
  validation?: Scores;
  /** The best validation of this network so far. */
  best?: { epoch: number; rmse: number };
  learningRate: number;
  stepsPerSecond: number;
  elapsedMs: number;
  /** Of this phase. */
  remainingMs?: number;
  /** A shortened plan, or a divergence from which the network recovers. */
  note?: Note;
}

/** Rows that are excluded from loss and scores, by reason, and rows in which an input was filled, which are not. */
export interface SkippedRows {
  /** Rows with an input missing that was not filled. */
  missingInputs: number;
  /** Rows with an input that was filled; absent if there are none. */
  filledInputs?: number;
  /** Rows that the frame excludes; absent if there are none. */
  excluded?: number;
  /** Rows with a target missing. */
  missingTargets: number;
  /** Gaps in time, after which the state is reset. */
  timeGaps: number;
  /** Rows after each start of a state, according to `washout`. */
  washout: number;
}

/** One point of the learning curve, over all networks. */
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
  /** The same without the measured targets of the first rows, where the model uses them to infer the initial state. */
  testFromZero?: Comparison;
  /** For each target, how well the intervals hold on the test part. */
  coverage?: Record<string, Coverage>;
  curve: CurvePoint[];
  /** The epoch after which the weights were taken, the same for all networks. */
  bestEpoch: number;
  /** The networks: their seeds and epochs, and the RMSE of each on its validation rows, in the data's units; null if it diverged. */
  networks: { seed: number; epochs: number; rmse: number | null; stopped: StopReason }[];
  /** All networks that were trained, those of other variants included. */
  trained: number;
  /**
   * The share by which the RMSE was smaller with twice the data, on blocks that were not learned from: about as much as twice the
   * present data would bring. Missing for long series and after a short budget.
   */
  gainFromTwiceTheData?: number;
  /** The share of the networks in the prediction of each target; the rest is the linear filter's. */
  share: Record<string, number>;
  /** Of a training that continued a model: the new model compared with that one, on the test part or else on the validation rows. */
  previous?: Rivalry & { part: "validation" | "test"; keptFilter: boolean };
  elapsedMs: number;
  notes: Note[];
  stopped: StopReason;
  settings: ResolvedModelOptions &
    ResolvedTrainingOptions & { validation: number | "frame" | "blocks"; test: number | "frame" };
  /** Present if the final model was trained on all rows; the scores are those of the model before that. */
  refit?: { rows: number; epochs: number; note: NoteOf<"refit"> };
  /** Ranges of the training rows. */
  inputsRange: Record<string, ColumnRange>;
  targetsRange: Record<string, ColumnRange>;
}

export type StopReason = "epochs" | "patience" | "budget" | "signal" | "divergence";
