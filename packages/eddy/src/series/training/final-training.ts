/** The final training: the networks of the model continue on all rows, at a lower rate. */
import { Frame } from "../data/frame.ts";
import { countRows, longestOf, type Rows } from "../data/rows.ts";
import { networkOptions } from "../network/sizes.ts";
import { nowMs } from "../pace.ts";
import type { TrainingReport } from "../record/report.ts";
import type { ResolvedTrainingOptions } from "../settings/options.ts";
import { predictorWith, weightsAt } from "./combination.ts";
import { randomStartsOf, refitEpochs, refitRate } from "./defaults.ts";
import { followed, plainRows } from "./followed.ts";
import type { NetworkTask, SharedWork } from "./network-training.ts";
import { prepareAll } from "./preparation.ts";
import { ensembleOf, modelParts, type Selected } from "./selection.ts";
import { hasEnded, type StartedJob } from "./training-state.ts";

/** Continues the training of the networks on all rows; if that fails or is stopped, the model is kept. */
export async function* finalTraining(
  job: StartedJob,
  { variant, networks, epoch, model, summary }: Selected,
): AsyncGenerator<TrainingReport, void> {
  const { frame, options, state, prepared, pace, startMs, beforeMs } = job;
  const { options: modelOptions, settings: before } = state.variants[variant];
  const frames = [frame, options.validation, options.test].filter((part) => part instanceof Frame);
  const allRows = await pace.finish(prepareAll(modelOptions, frames, prepared, prepared.averaged));
  const settings = refitSettings(before, prepared.segments, allRows.segments);
  if (state.phase === "fit") {
    state.phase = "refit";
    state.refitted = networks.map(({ network: index }) => ({
      variant: 0,
      index,
      seed: state.networks.find((own) => own.variant === variant && own.index === index)!.seed,
    }));
  }
  const work: SharedWork = {
    phase: "refit",
    variants: [{ network: networkOptions(modelOptions), settings }],
    washout: modelOptions.washout,
    rows: plainRows(allRows.data, modelOptions.targets),
    segments: allRows.segments,
    validationRows: undefined,
  };
  const filter = modelOptions.forecast && allRows.baselines.linear;
  const tasks = state.refitted.flatMap((own, network): NetworkTask[] => {
    if (hasEnded(own)) return [];
    const { index, seed, progress } = own;
    const weights = weightsAt(networks[network].progress, epoch);
    const common = { variant: 0, heldOut: [], validated: [], filter };
    return [{ ...common, network, seed, randomStarts: randomStartsOf(index, settings), weights, progress }];
  });
  yield* followed(job, work, tasks, state.refitted, Number.POSITIVE_INFINITY);
  summary.elapsedMs = beforeMs + nowMs() - startMs;
  summary.notes = [...state.notes];
  if (options.signal?.aborted || state.refitted.some(({ stopped }) => stopped !== "epochs")) {
    // This note is about the model, not about the training, which may be resumed from a checkpoint.
    summary.notes.push({ code: "refit-unfinished" });
    job.model = modelParts(prepared, modelOptions, model, summary);
    return;
  }
  state.phase = "done";
  summary.refit = { rows: countRows(allRows.segments), epochs: Math.ceil(settings.epochs), note: { code: "refit" } };
  summary.inputsRange = allRows.inputsRange;
  summary.targetsRange = allRows.targetsRange;
  const predictors = state.refitted.map(({ progress }) => {
    const { average, weights } = progress!.trainer;
    return predictorWith(networkOptions(modelOptions), average ?? weights);
  });
  const { linear } = prepared.keptFilter ? prepared.baselines : allRows.baselines;
  const all = { ...prepared, ...allRows, baselines: { ...allRows.baselines, linear } };
  const ensemble = ensembleOf(all, modelOptions, predictors, model.ensemble.share);
  const intervals = model.intervals && { ...model.intervals, range: ensemble.range! };
  job.model = modelParts(all, modelOptions, { ensemble, intervals }, summary);
}

/** Fewer epochs at a lower rate; a chunk that covered the longest segment covers the longest of all rows, too. */
function refitSettings(
  settings: ResolvedTrainingOptions,
  before: readonly Rows[],
  now: readonly Rows[],
): ResolvedTrainingOptions {
  const epochs = settings.epochs * refitEpochs;
  return {
    ...settings,
    epochs: settings.epochs >= 1 ? Math.ceil(epochs) : epochs,
    learningRate: settings.learningRate * refitRate,
    average: 0,
    chunk: settings.chunk === longestOf(before) ? longestOf(now) : settings.chunk,
  };
}
