/** One run of `train`, from the frame to the summary: trainings, the choice among them, scores, and the final training on all rows. */
import { concatenated, Frame } from "../data/frame.ts";
import { countRows, longestOf, type Rows } from "../data/rows.ts";
import type { ModelParts, WrittenRecord } from "../file/model-parts.ts";
import { drawNetwork, type Network } from "../network/network.ts";
import type { Predictor } from "../network/predictor.ts";
import { networkOptions } from "../network/sizes.ts";
import { nowMs, Pace, type Paced } from "../pace.ts";
import type { Note } from "../record/notes.ts";
import type { CurvePoint, StopReason, TrainingReport, TrainingSummary } from "../record/report.ts";
import { compare } from "../scores/comparison.ts";
import type {
  ModelOptions,
  ResolvedModelOptions,
  ResolvedTrainingOptions,
  TrainingOptions,
} from "../settings/options.ts";
import { validationShare } from "../settings/settings.ts";
import { refitEpochs, refitRate, resolveModelOptions, resolveTrainingOptions } from "./defaults.ts";
import { differenceOf, type Fingerprints } from "./fingerprint.ts";
import { type Prepared, prepare, prepareAll } from "./preparation.ts";
import { rehearsed } from "./rehearsal.ts";
import { Trainer } from "./trainer.ts";
import { type Best, type Standing, trainingLoop } from "./training-loop.ts";
import { trainingError } from "./words.ts";

/** A training that has ended, with its best weights. */
export interface Finished {
  seed: number;
  epochs: number;
  stopped: StopReason;
  best: Best;
  curve: CurvePoint[];
}

/** The state of a run, as a checkpoint holds it: with the same frames, enough to continue bit for bit. */
export interface RunState {
  options: ResolvedModelOptions;
  settings: ResolvedTrainingOptions;
  /** Detects other data. */
  data: Fingerprints;
  phase: "fit" | "refit" | "done";
  /** The trainings that have ended. */
  trainings: TrainingSummary["trainings"];
  /** The best of them. */
  champion: Finished | undefined;
  /** The current one. */
  standing: Standing | undefined;
  notes: Note[];
  /** Wall-clock time of the trainings that have ended. */
  elapsedMs: number;
}

/** The input of a run, and its results so far. */
export interface Run {
  readonly frame: Frame;
  readonly given: ModelOptions;
  readonly options: TrainingOptions;
  readonly resumed: RunState | undefined;
  prepared?: Prepared;
  state?: RunState;
  /** The chosen model, then the final one. */
  model?: ModelParts;
  /** At the end. */
  summary?: TrainingSummary;
}

/** A run whose data is prepared, and its clock. */
interface StartedRun extends Run {
  prepared: Prepared;
  state: RunState;
  pace: Pace;
  /** The start of the run, from which a budget counts. */
  startMs: number;
}

/** Of a budget, at least this share is for the trainings, however long the preparation took. */
const trainingShare = 0.3;

/** Performs a run; its results are stored in `run` as they appear. */
export async function* perform(run: Run): AsyncGenerator<TrainingReport, void> {
  const startMs = nowMs();
  const pace = new Pace();
  try {
    const { frame, given, options } = run;
    run.prepared = await pace.finish(prepare(resolveModelOptions(given, 0), frame, options));
    run.state = startOrResume(run, run.prepared);
    const started: StartedRun = Object.assign(run, { prepared: run.prepared, state: run.state, pace, startMs });
    if (run.resumed === undefined && options.budgetMs !== undefined) await planFor(started, options.budgetMs);
    const chosen = yield* runTrainings(started);
    const network = networkWith(run.state.options, chosen.best).predictor;
    const summary = await pace.finish(summarise(started, network, chosen));
    run.model = modelParts(run.prepared, run.state.options, network, summary);
    if (chosen.stopped !== "signal" && run.state.settings.refit) yield* finalTraining(started, chosen, summary);
    run.summary = summary;
  } finally {
    pace.close();
  }
}

/** The chosen or final model, or a model with the best weights so far. */
export function bestModel(run: Run): ModelParts | undefined {
  const { prepared, state, model } = run;
  if (model !== undefined || prepared === undefined || state === undefined) return model;
  const [first, ...others] = [state.champion?.best, state.standing?.best].filter((best) => best !== undefined);
  if (first === undefined) return undefined;
  const best = others.reduce((a, b) => (b.error < a.error ? b : a), first);
  return modelParts(prepared, state.options, networkWith(state.options, best).predictor, undefined);
}

function networkWith(options: ResolvedModelOptions, { weights }: Best): Network {
  const network = drawNetwork(networkOptions(options), options.seed);
  network.loadStateDict(weights);
  return network;
}

function modelParts(
  {
    inputScaler,
    targetScaler,
    origin,
    baselines,
  }: Pick<Prepared, "inputScaler" | "targetScaler" | "origin" | "baselines">,
  options: ResolvedModelOptions,
  network: Predictor,
  summary: TrainingSummary | undefined,
): ModelParts {
  const record: WrittenRecord = JSON.parse(JSON.stringify({ baselines, summary }));
  return { options, inputScaler, targetScaler, network, origin, record };
}

/** The state at the beginning of a run, or the one to continue from, once the data is known to be the same. */
function startOrResume({ given, options: fitOptions, resumed }: Run, prepared: Prepared): RunState {
  const { segments, fingerprints: data, notes } = prepared;
  if (resumed === undefined) {
    return {
      options: resolveModelOptions(given, countRows(segments)),
      settings: resolveTrainingOptions(fitOptions, segments),
      data,
      phase: "fit",
      trainings: [],
      champion: undefined,
      standing: undefined,
      notes: [...notes],
      elapsedMs: 0,
    };
  }
  const difference = differenceOf(resumed.data, data, resumed.options);
  if (difference !== undefined) throw trainingError("other-data", difference, "train, resume");
  return resumed;
}

/** Shortens the plan to what a budget allows, before the first step. */
async function planFor({ options, prepared, state, pace, startMs }: StartedRun, budgetMs: number): Promise<void> {
  const { settings } = state;
  const network = drawNetwork(networkOptions(state.options), state.options.seed);
  const trainer = new Trainer(network, prepared.data, prepared.segments, settings);
  const leftMs = Math.max(trainingShare * budgetMs, budgetMs - (nowMs() - startMs));
  const { epochs, restarts } = await rehearsed(trainer, prepared.validation, settings, options, leftMs, pace);
  if (epochs === settings.epochs && restarts === settings.restarts) return;
  state.settings = resolveTrainingOptions({ ...options, epochs, restarts }, prepared.segments);
  const plan = ({ epochs, restarts }: ResolvedTrainingOptions) => ({ epochs, restarts });
  state.notes.push({ code: "shortened-plan", budgetMs, from: plan(settings), to: plan(state.settings) });
}

/** The first training and the restarts, each validated; returns the best of them. */
async function* runTrainings(run: StartedRun): AsyncGenerator<TrainingReport, Finished> {
  const { options, prepared, state, pace, startMs } = run;
  const { settings } = state;
  const endMs = startMs + (options.budgetMs ?? Number.POSITIVE_INFINITY);
  const latestMs = nowMs() + trainingShare * (options.budgetMs ?? 0);
  const better = (best: Best | undefined): best is Best =>
    best !== undefined && best.error < (state.champion?.best.error ?? Number.POSITIVE_INFINITY);
  while (state.phase === "fit" && state.trainings.length <= settings.restarts) {
    const restart = state.trainings.length;
    const seed = state.options.seed + restart;
    const network = drawNetwork(networkOptions(state.options), seed);
    const trainer = new Trainer(network, prepared.data, prepared.segments, settings);
    state.standing ??= startOf(trainer);
    const { standing } = state;
    const leftMs = Math.max(endMs, latestMs) - nowMs();
    const stopped = yield* trainingLoop({
      trainer,
      standing,
      settings,
      validation: prepared.validation,
      budgetMs: standing.elapsedMs + leftMs / (settings.restarts - restart + 1),
      signal: options.signal,
      pace,
      report: { restart, phase: "fit" },
      note: (note) => state.notes.push(note),
      elapsedBeforeMs: state.elapsedMs,
    });
    const { best, curve } = standing;
    const ended = { seed, epochs: trainer.epoch, stopped };
    if (stopped === "signal") {
      // A checkpoint may continue this training. Until then, its best weights compete with those of the others.
      if (better(best)) return { ...ended, best, curve };
      if (state.champion !== undefined) return { ...state.champion, stopped };
      break;
    }
    state.elapsedMs += standing.elapsedMs;
    state.standing = undefined;
    state.trainings.push({ ...ended, bestEpoch: best?.epoch ?? 0, rmse: best?.scores.rmse ?? null });
    if (better(best)) state.champion = { ...ended, best, curve };
  }
  if (state.champion !== undefined) return state.champion;
  const last = state.notes.findLast((note) => note.code === "gave-up" || note.code === "diverged");
  throw trainingError("diverged", { last }, "train");
}

function startOf(trainer: Trainer): Standing {
  return { training: trainer.state(), best: undefined, retries: 0, curve: [], elapsedMs: 0 };
}

/** The summary of the chosen model; the test part is scored here and nowhere before. */
function* summarise(
  { options, prepared, state }: StartedRun,
  network: Predictor,
  chosen: Finished,
): Paced<TrainingSummary> {
  const { train, validation, test, baselines, merged, skipped, inputsRange, targetsRange } = prepared;
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
    trainings: [...state.trainings],
    restarts: Math.max(0, state.trainings.length - 1),
    elapsedMs: state.elapsedMs + (state.standing?.elapsedMs ?? 0),
    notes: [...state.notes],
    stopped: chosen.stopped,
    settings: {
      ...state.options,
      ...state.settings,
      validation: share(options.validation, validationShare),
      test: share(options.test, 0),
    },
    inputsRange,
    targetsRange,
  };
}

/** Trains the chosen model further, gently and on all rows; if that fails or is stopped, the chosen model stays. */
async function* finalTraining(
  run: StartedRun,
  { best, seed }: Finished,
  summary: TrainingSummary,
): AsyncGenerator<TrainingReport, void> {
  const { frame, options, state, prepared, pace } = run;
  const frames = [frame, options.validation, options.test].filter((part) => part instanceof Frame);
  const all = frames.length === 1 ? frame : concatenated(frames);
  const { taps, ridge } = summary.validation.baselines.linear;
  const everything = await pace.finish(prepareAll(state.options, all, prepared, { taps, ridge }));
  const settings = refitSettings(state.settings, prepared.segments, everything.segments);
  const network = networkWith(state.options, best);
  const trainer = new Trainer(network, everything.data, everything.segments, settings);
  state.phase = "refit";
  state.standing ??= startOf(trainer);
  const { standing } = state;
  const stopped = yield* trainingLoop({
    trainer,
    standing,
    settings,
    budgetMs: Number.POSITIVE_INFINITY,
    signal: options.signal,
    pace,
    report: { restart: 0, phase: "refit" },
    note: (note) => state.notes.push(note),
    elapsedBeforeMs: state.elapsedMs,
  });
  summary.elapsedMs = state.elapsedMs + standing.elapsedMs;
  summary.notes = [...state.notes];
  if (stopped === "signal" || stopped === "divergence") {
    // About this model, not about the run, which a checkpoint may complete.
    summary.notes.push({ code: "refit-unfinished" });
    run.model = modelParts(prepared, state.options, run.model!.network, summary);
    return;
  }
  state.phase = "done";
  state.standing = undefined;
  summary.refit = { rows: trainer.trainRows, epochs: trainer.epoch, seed, note: { code: "refit" } };
  summary.inputsRange = everything.inputsRange;
  summary.targetsRange = everything.targetsRange;
  run.model = modelParts({ ...prepared, ...everything }, state.options, network.predictor, summary);
}

/** Fewer epochs at a lower rate; a chunk that held the longest segment still does. */
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
