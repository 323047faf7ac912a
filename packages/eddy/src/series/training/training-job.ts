/** One call of `train`, from the frame to the summary: training runs, selection, scores, and the final training on all rows. */
import { concatenated, Frame } from "../data/frame.ts";
import { countRows, longestOf, type Rows } from "../data/rows.ts";
import type { ModelParts, WrittenRecord } from "../file/model-parts.ts";
import { Ensemble } from "../network/ensemble.ts";
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
import { planForBudget } from "./timing-run.ts";
import { Trainer } from "./trainer.ts";
import { type Best, type TrainingProgress, trainingLoop } from "./training-loop.ts";
import { trainingError } from "./words.ts";

/** A training run that has ended, with its best weights. */
export interface CompletedRun {
  seed: number;
  epochs: number;
  stopped: StopReason;
  best: Best;
  curve: CurvePoint[];
}

/** The state of a training, as a checkpoint stores it: with the same frames, enough to continue bit for bit. */
export interface TrainingState {
  options: ResolvedModelOptions;
  settings: ResolvedTrainingOptions;
  /** Detects different data. */
  data: Fingerprints;
  phase: "fit" | "refit" | "done";
  /** The training runs that have ended. */
  trainings: TrainingSummary["trainings"];
  /** The best of them. */
  best: CompletedRun | undefined;
  /** The current run. */
  current: TrainingProgress | undefined;
  notes: Note[];
  /** Wall-clock time of the training runs that have ended. */
  elapsedMs: number;
}

/** The input of a training, and its results so far. */
export interface TrainingJob {
  readonly frame: Frame;
  readonly modelOptions: ModelOptions;
  readonly options: TrainingOptions;
  readonly resumed: TrainingState | undefined;
  prepared?: Prepared;
  state?: TrainingState;
  /** The selected model, then the final one. */
  model?: ModelParts;
  /** At the end. */
  summary?: TrainingSummary;
}

/** A training whose data is prepared, and its clock. */
interface StartedJob extends TrainingJob {
  prepared: Prepared;
  state: TrainingState;
  pace: Pace;
  /** The start of the training, from which the budget counts. */
  startMs: number;
}

/** The minimum share of a budget for the training runs, however long the preparation took. */
const trainingShare = 0.3;

/** Performs a training; its results are stored in `job` as they appear. */
export async function* perform(job: TrainingJob): AsyncGenerator<TrainingReport, void> {
  const startMs = nowMs();
  const pace = new Pace();
  try {
    const { frame, modelOptions, options } = job;
    job.prepared = await pace.finish(prepare(resolveModelOptions(modelOptions, 0), frame, options));
    job.state = startOrResume(job, job.prepared);
    const started: StartedJob = Object.assign(job, { prepared: job.prepared, state: job.state, pace, startMs });
    if (job.resumed === undefined && options.budgetMs !== undefined) await shortenPlan(started, options.budgetMs);
    const selected = yield* runTrainings(started);
    const network = networkWith(job.state.options, selected.best).predictor;
    const summary = await pace.finish(summarise(started, network, selected));
    job.model = modelParts(job.prepared, job.state.options, network, summary);
    if (selected.stopped !== "signal" && job.state.settings.refit) yield* finalTraining(started, selected, summary);
    job.summary = summary;
  } finally {
    pace.close();
  }
}

/** The selected or final model, or a model with the best weights so far. */
export function bestModel(job: TrainingJob): ModelParts | undefined {
  const { prepared, state, model } = job;
  if (model !== undefined || prepared === undefined || state === undefined) return model;
  const [first, ...others] = [state.best?.best, state.current?.best].filter((best) => best !== undefined);
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
  const { mean, linear } = baselines;
  const ensemble = new Ensemble(
    network.options,
    linear,
    [network],
    options.targets.map(() => 1),
  );
  const recorded = { baselines: { mean, ridge: linear.ridge }, summary };
  const record: WrittenRecord = JSON.parse(JSON.stringify(recorded));
  return { options, inputScaler, targetScaler, ensemble, origin, record };
}

/** The initial state of a training, or the resumed one after a check that the data is the same. */
function startOrResume(
  { modelOptions, options: trainingOptions, resumed }: TrainingJob,
  prepared: Prepared,
): TrainingState {
  const { segments, fingerprints: data, notes } = prepared;
  if (resumed === undefined) {
    return {
      options: resolveModelOptions(modelOptions, countRows(segments)),
      settings: resolveTrainingOptions(trainingOptions, segments),
      data,
      phase: "fit",
      trainings: [],
      best: undefined,
      current: undefined,
      notes: [...notes],
      elapsedMs: 0,
    };
  }
  const difference = differenceOf(resumed.data, data, resumed.options);
  if (difference !== undefined) throw trainingError("other-data", difference, "train, resume");
  return resumed;
}

/** Shortens the plan to fit the budget, before the first step. */
async function shortenPlan({ options, prepared, state, pace, startMs }: StartedJob, budgetMs: number): Promise<void> {
  const { settings } = state;
  const network = drawNetwork(networkOptions(state.options), state.options.seed);
  const trainer = new Trainer(network, prepared.data, prepared.segments, settings);
  const leftMs = Math.max(trainingShare * budgetMs, budgetMs - (nowMs() - startMs));
  const { epochs, restarts } = await planForBudget(trainer, prepared.validation, settings, options, leftMs, pace);
  if (epochs === settings.epochs && restarts === settings.restarts) return;
  state.settings = resolveTrainingOptions({ ...options, epochs, restarts }, prepared.segments);
  const plan = ({ epochs, restarts }: ResolvedTrainingOptions) => ({ epochs, restarts });
  state.notes.push({ code: "shortened-plan", budgetMs, from: plan(settings), to: plan(state.settings) });
}

/** The first training run and the restarts, each validated; returns the best of them. */
async function* runTrainings(job: StartedJob): AsyncGenerator<TrainingReport, CompletedRun> {
  const { options, prepared, state, pace, startMs } = job;
  const { settings } = state;
  const endMs = startMs + (options.budgetMs ?? Number.POSITIVE_INFINITY);
  const latestMs = nowMs() + trainingShare * (options.budgetMs ?? 0);
  const better = (best: Best | undefined): best is Best =>
    best !== undefined && best.error < (state.best?.best.error ?? Number.POSITIVE_INFINITY);
  while (state.phase === "fit" && state.trainings.length <= settings.restarts) {
    const restart = state.trainings.length;
    const seed = state.options.seed + restart;
    const network = drawNetwork(networkOptions(state.options), seed);
    const trainer = new Trainer(network, prepared.data, prepared.segments, settings);
    state.current ??= startOf(trainer);
    const progress = state.current;
    const leftMs = Math.max(endMs, latestMs) - nowMs();
    const stopped = yield* trainingLoop({
      trainer,
      progress,
      settings,
      validation: prepared.validation,
      budgetMs: progress.elapsedMs + leftMs / (settings.restarts - restart + 1),
      signal: options.signal,
      pace,
      report: { restart, phase: "fit" },
      note: (note) => state.notes.push(note),
      elapsedBeforeMs: state.elapsedMs,
    });
    const { best, curve } = progress;
    const ended = { seed, epochs: trainer.epoch, stopped };
    if (stopped === "signal") {
      // A checkpoint may continue this run. Until then, its best weights compete with those of the other runs.
      if (better(best)) return { ...ended, best, curve };
      if (state.best !== undefined) return { ...state.best, stopped };
      break;
    }
    state.elapsedMs += progress.elapsedMs;
    state.current = undefined;
    state.trainings.push({ ...ended, bestEpoch: best?.epoch ?? 0, rmse: best?.scores.rmse ?? null });
    if (better(best)) state.best = { ...ended, best, curve };
  }
  if (state.best !== undefined) return state.best;
  const last = state.notes.findLast((note) => note.code === "gave-up" || note.code === "diverged");
  throw trainingError("diverged", { last }, "train");
}

function startOf(trainer: Trainer): TrainingProgress {
  return { trainer: trainer.state(), best: undefined, retries: 0, curve: [], elapsedMs: 0 };
}

/** The summary of the selected model; the test part is scored only here. */
function* summarise(
  { options, prepared, state }: StartedJob,
  network: Predictor,
  selected: CompletedRun,
): Paced<TrainingSummary> {
  const { train, validation, test, baselines, merged, skipped, inputsRange, targetsRange } = prepared;
  const share = (part: number | Frame | undefined, byDefault: number) =>
    part instanceof Frame ? "frame" : (part ?? byDefault);
  return {
    rows: {
      train: train.rows,
      validation: validation.rows,
      test: test?.rows ?? 0,
      ...(merged.length > 0 && { merged }),
    },
    skipped,
    validation: yield* compare(validation, network, baselines, selected.best.scores),
    ...(test && { test: yield* compare(test, network, baselines) }),
    curve: selected.curve,
    epochs: selected.epochs,
    bestEpoch: selected.best.epoch,
    trainings: [...state.trainings],
    restarts: Math.max(0, state.trainings.length - 1),
    elapsedMs: state.elapsedMs + (state.current?.elapsedMs ?? 0),
    notes: [...state.notes],
    stopped: selected.stopped,
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

/** Continues the training of the selected model on all rows at a lower rate; if that fails or is stopped, the model is kept. */
async function* finalTraining(
  job: StartedJob,
  { best, seed }: CompletedRun,
  summary: TrainingSummary,
): AsyncGenerator<TrainingReport, void> {
  const { frame, options, state, prepared, pace } = job;
  const frames = [frame, options.validation, options.test].filter((part) => part instanceof Frame);
  const combined = frames.length === 1 ? frame : concatenated(frames);
  const { taps, ridge } = summary.validation.baselines.linear;
  const allRows = await pace.finish(prepareAll(state.options, combined, prepared, { taps, ridge }));
  const settings = refitSettings(state.settings, prepared.segments, allRows.segments);
  const network = networkWith(state.options, best);
  const trainer = new Trainer(network, allRows.data, allRows.segments, settings);
  state.phase = "refit";
  state.current ??= startOf(trainer);
  const progress = state.current;
  const stopped = yield* trainingLoop({
    trainer,
    progress,
    settings,
    budgetMs: Number.POSITIVE_INFINITY,
    signal: options.signal,
    pace,
    report: { restart: 0, phase: "refit" },
    note: (note) => state.notes.push(note),
    elapsedBeforeMs: state.elapsedMs,
  });
  summary.elapsedMs = state.elapsedMs + progress.elapsedMs;
  summary.notes = [...state.notes];
  if (stopped === "signal" || stopped === "divergence") {
    // This note is about the model, not about the training, which may be resumed from a checkpoint.
    summary.notes.push({ code: "refit-unfinished" });
    job.model = modelParts(prepared, state.options, job.model!.ensemble.networks[0], summary);
    return;
  }
  state.phase = "done";
  state.current = undefined;
  summary.refit = { rows: trainer.trainRows, epochs: trainer.epoch, seed, note: { code: "refit" } };
  summary.inputsRange = allRows.inputsRange;
  summary.targetsRange = allRows.targetsRange;
  job.model = modelParts({ ...prepared, ...allRows }, state.options, network.predictor, summary);
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
