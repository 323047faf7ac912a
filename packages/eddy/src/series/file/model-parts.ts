/** The parts of a model, as its file holds them. */
import type { Origin } from "../data/origin.ts";
import type { Scalers } from "../data/scaled-frame.ts";
import type { Intervals } from "../intervals/intervals.ts";
import type { Ensemble } from "../network/ensemble.ts";
import type { KnownStates } from "../network/initial-state.ts";
import type { ResolvedModelOptions } from "../settings/options.ts";

/** What a model consists of. */
export interface ModelParts extends Scalers {
  options: ResolvedModelOptions;
  ensemble: Ensemble;
  /** Missing in models of formats 1 and 2. */
  intervals?: Intervals | undefined;
  /** Where the initial state is inferred from measured targets. */
  known?: KnownStates | undefined;
  origin: Origin;
  /** What training left for `eddy/series`, as JSON has it: nothing that predicts reads it. */
  record: WrittenRecord;
}

/** The record of a training as it is written; `record-schema.ts` checks it before anything reads it. */
export interface WrittenRecord {
  /** The means, and the ridge parameter of the filter, which is part of the model. */
  baselines: unknown;
  /** Missing where the training was left early. */
  summary: unknown;
}
