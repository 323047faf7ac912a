/** What a fit tells: its reports on the way, and the summary that goes into the model's file. */
import type { Scores } from "../scores/metrics.ts";
import type { ResolvedFit, ResolvedOptions } from "../settings/options.ts";
import type { ColumnRange } from "../training/fit-scaler.ts";
import type { Note, NoteOf } from "./notes.ts";

/** One with each validation ("epoch"), and twice a second in between ("progress"). */
export interface FitReport {
  kind: "progress" | "epoch";
  /** From 1. */
  epoch: number;
  /** As planned: early stopping and a budget may end it sooner. */
  epochs: number;
  /** Steps of the optimiser in this training. */
  step: number;
  /** 0 for the first training. */
  restart: number;
  /** Which training it is: of the model that is scored, or of the final one on all rows. */
  phase: "fit" | "refit";
  /** Mean squared error of the training part in scaled units, as measured while training. */
  loss: number;
  validation?: Scores;
  /** Of this training so far. */
  best?: { epoch: number; rmse: number };
  learningRate: number;
  stepsPerSecond: number;
  elapsedMs: number;
  remainingMs?: number;
  /** A divergence that was caught, an early stop, a shortened plan. */
  note?: Note;
}

/**
 * Who predicts best: the lowest RMSE, at equal ones the simpler. "none" where that is the model, but with an R² below 0: the
 * scored rows' own mean would have been nearer than anything that was learnt.
 */
export type Winner = "model" | "linear" | "mean" | "none";

/** Where a model stands beside its baselines. */
export interface Standings {
  /** 1 − MSE / MSE of the baseline. */
  skill: { mean: number; linear: number };
  winner: Winner;
}

/**
 * The model's scores beside those of its baselines, on the same rows.
 *
 * With several targets, the overall skill and winner compare means over targets of MSE / variance of the scored rows, so that
 * no unit outweighs another; targets that are constant in these rows are left out of them.
 */
export interface Comparison extends Standings {
  model: Scores;
  baselines: {
    /** The mean of the training part. */
    mean: Scores;
    /** A linear filter of the inputs' last values, ridge-regularised; length and strength chosen on validation. */
    linear: Scores & { taps: number; ridge: number };
  };
  /** Of each target, also where there is one. */
  perTarget: Record<string, Standings>;
}

/** Rows that neither loss nor scores could use, by reason; nothing is filled in. */
export interface SkippedRows {
  /** Rows with an input missing. */
  missingInputs: number;
  /** Rows with a target missing. */
  missingTargets: number;
  /** Jumps in time, behind which the state starts anew. */
  timeGaps: number;
  /** Rows after the start of a state, as `washout` says. */
  washout: number;
}

/** One validation of the learning curve. */
export interface CurvePoint {
  epoch: number;
  /** Training loss, scaled units. */
  loss: number;
  /** RMSE on validation, the data's units. */
  validation: number;
}

export interface FitSummary {
  rows: {
    train: number;
    validation: number;
    test: number;
    /** Which parts were merged for lack of rows, and what that costs in trust. */
    merged?: Note[];
  };
  skipped: SkippedRows;
  validation: Comparison;
  test?: Comparison;
  curve: CurvePoint[];
  /** Epochs that the kept training ran. */
  epochs: number;
  bestEpoch: number;
  /** Trainings that ended, the first included; an RMSE of null where one diverged from the start. */
  trainings: { seed: number; epochs: number; bestEpoch: number; rmse: number | null; stopped: StopReason }[];
  /** Further trainings that were run. */
  restarts: number;
  elapsedMs: number;
  notes: Note[];
  stopped: StopReason;
  settings: ResolvedOptions & ResolvedFit & { validation: number | "frame"; test: number | "frame" };
  /** There when the final model was trained on all rows: the scores belong to the model before it. */
  refit?: { rows: number; epochs: number; seed: number; note: NoteOf<"refit"> };
  /** Of the training part. */
  inputsRange: Record<string, ColumnRange>;
  targetsRange: Record<string, ColumnRange>;
}

export type StopReason = "epochs" | "patience" | "budget" | "signal" | "divergence";
