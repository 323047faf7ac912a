/** A fit from the frame to the summary: trainings, the choice among them, the scores, and on wish the final training on all rows. */
import { type Best, follow, type Standing } from "./course.ts";
import { DataError } from "./data-error.ts";
import { refitEpochs, refitRate, resolveFit, resolveOptions } from "./defaults.ts";
import { differenceOf, type Fingerprints } from "./fingerprint.ts";
import { concatenated, Frame, type RowRange } from "./frame.ts";
import { compare, type Model, networkOptions } from "./model.ts";
import { drawNetwork } from "./network.ts";
import type { Note } from "./note-words.ts";
import type { FitOptions, RegressorOptions, ResolvedFit, ResolvedOptions } from "./options.ts";
import { nowMs, Pace, type Paced } from "./pace.ts";
import { type Prepared, prepare, prepareAll } from "./preparation.ts";
import { rehearsed } from "./rehearsal.ts";
import type { CurvePoint, FitReport, FitSummary, StopReason } from "./report.ts";
import { countRows } from "./runs.ts";
import { validationShare } from "./settings.ts";
import { Training } from "./training.ts";

/** A training that has ended, with its best weights. */
export interface Finished {
  seed: number;
  epochs: number;
  stopped: StopReason;
  best: Best;
  curve: CurvePoint[];
}

/** Where a fit stands: enough, with the same frame, to go on bit for bit. */
export interface FitProgress {
  options: ResolvedOptions;
  settings: ResolvedFit;
  /** Tells other data. */
  data: Fingerprints;
  phase: "fit" | "refit" | "done";
  /** What is told of the trainings that have ended. */
  trainings: FitSummary["trainings"];
  /** The best of them. */
  champion: Finished | undefined;
  /** The one under way. */
  standing: Standing | undefined;
  notes: Note[];
  /** Of the trainings that have ended. */
  elapsedMs: number;
}

/** What a fit hands to its owner on the way. */
export interface Handover {
  /** The model that is being trained, which predicts with its present weights, and at last the chosen one. */
  model(model: Model): void;
  progress(progress: FitProgress): void;
}

/** What all steps of a fit share. */
interface Fit {
  options: FitOptions;
  prepared: Prepared;
  progress: FitProgress;
  pace: Pace;
  handover: Handover;
  /** When it began: a budget counts from there. */
  startMs: number;
}

/** Of a budget, at least this share is for the trainings, however long the preparation took. */
const trainingShare = 0.3;

/** See `Regressor.fit`. */
export async function* fitting(
  given: RegressorOptions,
  frame: Frame,
  fitOptions: FitOptions,
  resumed: FitProgress | undefined,
  handover: Handover,
): AsyncGenerator<FitReport, FitSummary> {
  const startMs = nowMs();
  const pace = new Pace();
  try {
    const prepared = await pace.finish(prepare(resolveOptions(given, 0), frame, fitOptions));
    const options = resumed?.options ?? resolveOptions(given, countRows(prepared.runs));
    const fit: Fit = {
      options: fitOptions,
      prepared,
      pace,
      handover,
      startMs,
      progress: begin(options, fitOptions, prepared, resumed),
    };
    if (resumed === undefined && fitOptions.budgetMs !== undefined) await planFor(fit, fitOptions.budgetMs);
    handover.progress(fit.progress);
    const chosen = yield* runTrainings(fit);
    const network = drawNetwork(networkOptions(options), chosen.seed);
    network.loadStateDict(chosen.best.weights);
    const model: Model = { ...prepared, options, network, summary: undefined };
    handover.model(model);
    const summary = await pace.finish(summarise(model, fit, chosen));
    model.summary = summary;
    if (chosen.stopped !== "signal" && fit.progress.settings.refit) yield* finalTraining(fit, frame, chosen, summary);
    return summary;
  } finally {
    pace.close();
  }
}

/** A fit's standing at its beginning, or the one to go on from, after a look at whether the data is the same. */
function begin(
  options: ResolvedOptions,
  fitOptions: FitOptions,
  prepared: Prepared,
  resumed: FitProgress | undefined,
): FitProgress {
  const { runs, fingerprints: data, notes } = prepared;
  if (resumed === undefined) {
    return {
      options,
      settings: resolveFit(fitOptions, runs),
      data,
      phase: "fit",
      trainings: [],
      champion: undefined,
      standing: undefined,
      notes: [...notes],
      elapsedMs: 0,
    };
  }
  const difference = differenceOf(resumed.data, data, options);
  if (difference !== undefined) throw new DataError("other-data", difference, "Regressor.fit, resume");
  return resumed;
}

/** Shortens the plan to what a budget allows, before the first step. */
async function planFor({ options, prepared, progress, pace, startMs }: Fit, budgetMs: number): Promise<void> {
  const { settings } = progress;
  const network = drawNetwork(networkOptions(progress.options), progress.options.seed);
  const training = new Training(network, prepared.data, prepared.runs, settings);
  const leftMs = Math.max(trainingShare * budgetMs, budgetMs - (nowMs() - startMs));
  const { epochs, restarts } = await rehearsed(training, prepared.validation, settings, options, leftMs, pace);
  if (epochs === settings.epochs && restarts === settings.restarts) return;
  progress.settings = resolveFit({ ...options, epochs, restarts }, prepared.runs);
  const plan = ({ epochs, restarts }: ResolvedFit) => ({ epochs, restarts });
  progress.notes.push({ code: "shortened-plan", budgetMs, from: plan(settings), to: plan(progress.settings) });
}

/** The first training and the restarts, each judged on validation; gives the best of them. */
async function* runTrainings({
  options,
  prepared,
  progress,
  pace,
  handover,
  startMs,
}: Fit): AsyncGenerator<FitReport, Finished> {
  const { settings } = progress;
  const endMs = startMs + (options.budgetMs ?? Number.POSITIVE_INFINITY);
  const latestMs = nowMs() + trainingShare * (options.budgetMs ?? 0);
  const better = (best: Best | undefined): best is Best =>
    best !== undefined && best.error < (progress.champion?.best.error ?? Number.POSITIVE_INFINITY);
  while (progress.phase === "fit" && progress.trainings.length <= settings.restarts) {
    const restart = progress.trainings.length;
    const seed = progress.options.seed + restart;
    const network = drawNetwork(networkOptions(progress.options), seed);
    const training = new Training(network, prepared.data, prepared.runs, settings);
    progress.standing ??= startOf(training);
    const { standing } = progress;
    const leftMs = Math.max(endMs, latestMs) - nowMs();
    handover.model({ ...prepared, options: progress.options, network, summary: undefined });
    const stopped = yield* follow({
      training,
      standing,
      settings,
      validation: prepared.validation,
      budgetMs: standing.elapsedMs + leftMs / (settings.restarts - restart + 1),
      signal: options.signal,
      pace,
      report: { restart, phase: "fit" },
      note: (note) => progress.notes.push(note),
      elapsedBeforeMs: progress.elapsedMs,
    });
    const { best, curve } = standing;
    const told = { seed, epochs: training.epoch, stopped };
    if (stopped === "signal") {
      // It is not over: a checkpoint goes on with it. Until then its best stands beside those of the others.
      if (better(best)) return { ...told, best, curve };
      if (progress.champion !== undefined) return { ...progress.champion, stopped };
      break;
    }
    progress.elapsedMs += standing.elapsedMs;
    progress.standing = undefined;
    progress.trainings.push({ ...told, bestEpoch: best?.epoch ?? 0, rmse: best?.scores.rmse ?? null });
    if (better(best)) progress.champion = { ...told, best, curve };
  }
  if (progress.champion !== undefined) return progress.champion;
  const last = progress.notes.findLast((note) => note.code === "gave-up" || note.code === "diverged");
  throw new DataError("diverged", { last }, "Regressor.fit");
}

function startOf(training: Training): Standing {
  return { training: training.state(), best: undefined, retries: 0, curve: [], elapsedMs: 0 };
}

/** The chosen model's record; the test part is scored here and nowhere before. */
function* summarise(
  { network, baselines }: Model,
  { options, prepared, progress }: Fit,
  chosen: Finished,
): Paced<FitSummary> {
  const { train, validation, test, merged, skipped, inputsRange, targetsRange } = prepared;
  const share = (part: number | Frame | undefined, usual: number) =>
    part instanceof Frame ? "frame" : (part ?? usual);
  return {
    rows: {
      train: train.rows,
      validation: validation.rows,
      test: test?.rows ?? 0,
      ...(merged.length > 0 && { merged }),
    },
    skipped,
    validation: yield* compare(validation, network, baselines, chosen.best.scores),
    ...(test && { test: yield* compare(test, network, baselines) }),
    curve: chosen.curve,
    epochs: chosen.epochs,
    bestEpoch: chosen.best.epoch,
    trainings: [...progress.trainings],
    restarts: Math.max(0, progress.trainings.length - 1),
    elapsedMs: progress.elapsedMs + (progress.standing?.elapsedMs ?? 0),
    notes: [...progress.notes],
    stopped: chosen.stopped,
    settings: {
      ...progress.options,
      ...progress.settings,
      validation: share(options.validation, validationShare),
      test: share(options.test, 0),
    },
    inputsRange,
    targetsRange,
  };
}

/**
 * Trains the chosen model on, gently and on all rows; where that fails or is stopped, the chosen model stays.
 */
async function* finalTraining(
  { options, progress, prepared, pace, handover }: Fit,
  frame: Frame,
  { best, seed }: Finished,
  summary: FitSummary,
): AsyncGenerator<FitReport, void> {
  const frames = [frame, options.validation, options.test].filter((part) => part instanceof Frame);
  const all = frames.length === 1 ? frame : concatenated(frames);
  const { taps, ridge } = summary.validation.baselines.linear;
  const everything = await pace.finish(prepareAll(progress.options, all, prepared, { taps, ridge }));
  const settings = refitSettings(progress.settings, prepared.runs, everything.runs);
  const network = drawNetwork(networkOptions(progress.options), seed);
  network.loadStateDict(best.weights);
  const training = new Training(network, everything.data, everything.runs, settings);
  progress.phase = "refit";
  progress.standing ??= startOf(training);
  const { standing } = progress;
  const stopped = yield* follow({
    training,
    standing,
    settings,
    budgetMs: Number.POSITIVE_INFINITY,
    signal: options.signal,
    pace,
    report: { restart: 0, phase: "refit" },
    note: (note) => progress.notes.push(note),
    elapsedBeforeMs: progress.elapsedMs,
  });
  summary.elapsedMs = progress.elapsedMs + standing.elapsedMs;
  summary.notes = [...progress.notes];
  if (stopped === "signal" || stopped === "divergence") {
    // Of this model, not of the fit, which a checkpoint may bring to its end.
    summary.notes.push({ code: "refit-unfinished" });
    return;
  }
  progress.phase = "done";
  progress.standing = undefined;
  summary.refit = { rows: training.trainRows, epochs: training.epoch, seed, note: { code: "refit" } };
  summary.inputsRange = everything.inputsRange;
  summary.targetsRange = everything.targetsRange;
  handover.model({ ...prepared, ...everything, options: progress.options, network, summary });
}

/** Fewer epochs at a lower rate; a chunk that held the longest run still does. */
function refitSettings(settings: ResolvedFit, before: readonly RowRange[], now: readonly RowRange[]): ResolvedFit {
  const longest = (runs: readonly RowRange[]) => runs.reduce((most, { start, end }) => Math.max(most, end - start), 1);
  const epochs = settings.epochs * refitEpochs;
  return {
    ...settings,
    epochs: settings.epochs >= 1 ? Math.ceil(epochs) : epochs,
    learningRate: settings.learningRate * refitRate,
    average: 0,
    chunk: settings.chunk === longest(before) ? longest(now) : settings.chunk,
  };
}
