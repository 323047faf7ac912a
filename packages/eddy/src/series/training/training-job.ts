/** One call of `train`, from the frame to the summary: the networks, their combination with the filter, scores, and the final training. */
import { concatenated, Frame } from "../data/frame.ts";
import { countRows, longestOf, type Rows } from "../data/rows.ts";
import { columnsOf, type ScaledFrame } from "../data/scaled-frame.ts";
import { unscaledColumn } from "../data/scaler.ts";
import type { ModelParts, WrittenRecord } from "../file/model-parts.ts";
import { Ensemble } from "../network/ensemble.ts";
import { drawNetwork } from "../network/network.ts";
import { networkOptions } from "../network/sizes.ts";
import { finish, nowMs, Pace, type Paced } from "../pace.ts";
import type { Note } from "../record/notes.ts";
import type { CurvePoint, StopReason, TrainingReport, TrainingSummary } from "../record/report.ts";
import { type Comparison, compare, comparePredictions } from "../scores/comparison.ts";
import type {
  ModelOptions,
  ResolvedModelOptions,
  ResolvedTrainingOptions,
  TrainingOptions,
} from "../settings/options.ts";
import { validationShare } from "../settings/settings.ts";
import {
  commonLength,
  foldNetworks,
  type HeldOutPredictions,
  predictHeldOut,
  predictorWith,
  sharesOf,
  type ValidatedNetwork,
  validationAt,
  weightsAt,
} from "./combination.ts";
import { refitEpochs, refitRate, resolveModelOptions, resolveTrainingOptions } from "./defaults.ts";
import { differenceOf, type Fingerprints } from "./fingerprint.ts";
import type { NetworkTask, PlainRows, SharedWork } from "./network-training.ts";
import { type Prepared, prepare, prepareAll } from "./preparation.ts";
import { seedOf } from "./seeds.ts";
import { coreCount } from "./threads.ts";
import { planForBudget } from "./timing-run.ts";
import { Trainer } from "./trainer.ts";
import type { TrainingProgress } from "./training-loop.ts";
import { trainingError } from "./words.ts";
import { trainNetworks } from "./workers.ts";

/** The training of one network of the current phase. */
export interface NetworkState {
  seed: number;
  /** Missing before its first validation. */
  progress?: TrainingProgress | undefined;
  /** Missing until its end. */
  stopped?: StopReason | undefined;
}

/** How the networks are combined, which the final training does not change. */
export interface Combination {
  /** The common length of training. */
  epoch: number;
  /** For each target. */
  share: number[];
}

/** The state of a training, as a checkpoint stores it: with the same frames, enough to continue bit for bit. */
export interface TrainingState {
  options: ResolvedModelOptions;
  settings: ResolvedTrainingOptions;
  /** Detects different data. */
  data: Fingerprints;
  phase: "fit" | "refit" | "done";
  networks: NetworkState[];
  /** The networks of the final training. */
  refitted: NetworkState[];
  notes: Note[];
  /** Wall-clock time of the training before this session. */
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
  /** The scored model, then the final one. */
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
  /** The wall-clock time of earlier sessions. */
  beforeMs: number;
}

/** The minimum share of a budget for the training of networks, however long the preparation took. */
const trainingShare = 0.3;

/** Performs a training; its results are stored in `job` as they appear. */
export async function* perform(job: TrainingJob): AsyncGenerator<TrainingReport, void> {
  const startMs = nowMs();
  const pace = new Pace();
  try {
    const { frame, modelOptions, options } = job;
    yield preparing(0);
    job.prepared = await pace.finish(prepare(resolveModelOptions(modelOptions, 0), frame, options));
    job.state = startOrResume(job, job.prepared);
    const beforeMs = job.state.elapsedMs;
    const started: StartedJob = Object.assign(job, {
      prepared: job.prepared,
      state: job.state,
      pace,
      startMs,
      beforeMs,
    });
    yield preparing(nowMs() - startMs);
    if (job.resumed === undefined && options.budgetMs !== undefined) await shortenPlan(started, options.budgetMs);
    if (job.state.phase === "fit") yield* trainAll(started);
    job.state.elapsedMs = beforeMs + nowMs() - startMs;
    const { model, summary, weights } = await pace.finish(combine(started));
    job.model = model;
    if (summary.stopped !== "signal" && job.state.settings.refit)
      yield* finalTraining(started, model, weights, summary);
    job.summary = summary;
  } finally {
    pace.close();
  }
}

const preparing = (elapsedMs: number): TrainingReport => ({
  kind: "progress",
  phase: "prepare",
  network: 0,
  networks: 0,
  progress: 0,
  epoch: 0,
  epochs: 0,
  step: 0,
  loss: Number.NaN,
  learningRate: 0,
  stepsPerSecond: 0,
  elapsedMs,
});

/** The final model, or the one that the networks so far make. */
export function bestModel(job: TrainingJob): ModelParts | undefined {
  const { prepared, state, model } = job;
  if (model !== undefined || prepared === undefined || state === undefined) return model;
  const networks = validated(state);
  return networks.length === 0 ? undefined : finish(modelOf(prepared, state.options, networks)).model;
}

function validated({ networks }: TrainingState): ValidatedNetwork[] {
  return networks.flatMap(({ progress }, network) =>
    progress !== undefined && progress.snapshots.length > 0 ? [{ network, progress }] : [],
  );
}

function modelParts(
  {
    inputScaler,
    targetScaler,
    origin,
    baselines,
  }: Pick<Prepared, "inputScaler" | "targetScaler" | "origin" | "baselines">,
  options: ResolvedModelOptions,
  ensemble: Ensemble,
  summary: TrainingSummary | undefined,
): ModelParts {
  const { mean, linear } = baselines;
  const record: WrittenRecord = JSON.parse(JSON.stringify({ baselines: { mean, ridge: linear.ridge }, summary }));
  return { options, inputScaler, targetScaler, ensemble, origin, record };
}

/** The initial state of a training, or the resumed one after a check that the data is the same. */
function startOrResume(
  { modelOptions, options: trainingOptions, resumed }: TrainingJob,
  prepared: Prepared,
): TrainingState {
  const { segments, fingerprints: data, notes } = prepared;
  if (resumed === undefined) {
    const options = resolveModelOptions(modelOptions, countRows(segments));
    const settings = resolveTrainingOptions(trainingOptions, segments);
    return {
      options,
      settings,
      data,
      phase: "fit",
      networks: networksOf(options, settings),
      refitted: [],
      notes: [...notes],
      elapsedMs: 0,
    };
  }
  const difference = differenceOf(resumed.data, data, resumed.options);
  if (difference !== undefined) throw trainingError("other-data", difference, "train, resume");
  return resumed;
}

const networksOf = ({ seed }: ResolvedModelOptions, { networks }: ResolvedTrainingOptions): NetworkState[] =>
  Array.from({ length: networks }, (_, network) => ({ seed: seedOf(seed, network) }));

/** Shortens the plan to fit the budget, before the first step. */
async function shortenPlan(job: StartedJob, budgetMs: number): Promise<void> {
  const { options, prepared, state, pace, startMs } = job;
  const { settings } = state;
  const network = drawNetwork(networkOptions(state.options), state.options.seed);
  const trainer = new Trainer(network, prepared.data, prepared.segments, settings, state.options.seed);
  const leftMs = Math.max(trainingShare * budgetMs, budgetMs - (nowMs() - startMs));
  const validationRows = countRows(prepared.folds[0].validated);
  const { epochs, networks } = await planForBudget(
    trainer,
    validationRows,
    settings,
    options,
    leftMs,
    jobsOf(job),
    pace,
  );
  if (epochs === settings.epochs && networks === settings.networks) return;
  state.settings = resolveTrainingOptions({ ...options, epochs, networks }, prepared.segments);
  state.networks = networksOf(state.options, state.settings);
  const plan = ({ epochs, networks }: ResolvedTrainingOptions) => ({ epochs, networks });
  state.notes.push({ code: "shortened-plan", budgetMs, from: plan(settings), to: plan(state.settings) });
}

/** Multiply-adds of a training below which starting threads would take longer than they save. */
const minThreadedProducts = 1e9;

/** The number of networks that are trained at the same time. */
function jobsOf({ options, prepared, state }: StartedJob): number {
  const { settings } = state;
  const network = drawNetwork(networkOptions(state.options), 0);
  const products =
    network.predictor.productsPerRow * countRows(prepared.segments) * settings.epochs * settings.networks;
  return products < minThreadedProducts ? 1 : Math.min(options.jobs ?? coreCount(), settings.networks);
}

/** Trains the networks that have not ended. */
async function* trainAll(job: StartedJob): AsyncGenerator<TrainingReport, void> {
  const { prepared, state, options, startMs } = job;
  const { folds, data, validationData, segments } = prepared;
  const latestMs = nowMs() + trainingShare * (options.budgetMs ?? 0);
  const work: SharedWork = {
    phase: "fit",
    network: networkOptions(state.options),
    settings: state.settings,
    washout: state.options.washout,
    rows: plainRows(data, state.options.targets),
    segments,
    validationRows: validationData === data ? undefined : plainRows(validationData, state.options.targets),
  };
  const tasks = state.networks.flatMap(({ seed, progress, stopped }, network): NetworkTask[] => {
    if (stopped !== undefined && stopped !== "signal") return [];
    const { heldOut, validated } = folds[network % folds.length];
    return [{ network, seed, heldOut, validated, progress }];
  });
  const endMs = Math.max(startMs + (options.budgetMs ?? Number.POSITIVE_INFINITY), latestMs);
  yield* followed(job, work, tasks, state.networks, endMs);
  if (options.signal?.aborted || validated(state).length > 0) return;
  const last = state.notes.findLast((note) => note.code === "gave-up" || note.code === "diverged");
  throw trainingError("diverged", { last }, "train");
}

const plainRows = ({ frame, x, y, segments, targetScaler }: ScaledFrame, targets: readonly string[]): PlainRows => ({
  ...{ x, y, segments, targetScaler },
  columns: [...columnsOf(frame, targets)],
});

/** Trains networks, keeps their progress, and yields their reports with what they say about the whole. */
async function* followed(
  job: StartedJob,
  work: SharedWork,
  tasks: readonly NetworkTask[],
  networks: NetworkState[],
  endMs: number,
): AsyncGenerator<TrainingReport, void> {
  const { state, options, pace, startMs, beforeMs } = job;
  const shares = networks.map(({ progress, stopped }) =>
    stopped !== undefined && stopped !== "signal" ? 1 : (progress?.trainer.epoch ?? 0) / work.settings.epochs,
  );
  const sum = () => shares.reduce((total, share) => total + share, 0) / networks.length;
  const [firstMs, firstShare] = [nowMs(), sum()];
  const crew = { jobs: jobsOf(job), endMs, signal: options.signal, pace };
  for await (const event of trainNetworks(work, tasks, crew)) {
    const { network } = event.task;
    state.elapsedMs = beforeMs + nowMs() - startMs;
    if (event.kind === "note") state.notes.push(event.note);
    else if (event.kind === "progress") networks[network].progress = event.progress;
    else if (event.kind === "end") {
      Object.assign(networks[network], { progress: event.progress, stopped: event.stopped });
      shares[network] = 1;
    } else {
      const { epochsDone, ...report } = event.report;
      shares[network] = Math.min(1, epochsDone / work.settings.epochs);
      const progress = sum();
      const elapsedMs = nowMs() - firstMs;
      const remainingMs = Math.min((elapsedMs * (1 - progress)) / (progress - firstShare), endMs - nowMs());
      yield {
        ...report,
        networks: networks.length,
        progress,
        elapsedMs: state.elapsedMs,
        ...(progress > firstShare && { remainingMs: Math.max(0, remainingMs) }),
      };
    }
  }
}

/** A model of these networks and the filter, and what it predicted for the validation rows before it had seen them. */
function* modelOf(
  prepared: Prepared,
  options: ResolvedModelOptions,
  networks: readonly ValidatedNetwork[],
): Paced<{ model: ModelParts; heldOut: HeldOutPredictions; combination: Combination }> {
  const { folds, validationData } = prepared;
  const sizes = networkOptions(options);
  const epoch = commonLength(networks);
  const predictors = networks.map(({ network, progress }) => ({
    network,
    predictor: predictorWith(sizes, weightsAt(progress, epoch)),
  }));
  const byFold = foldNetworks(folds, sizes, predictors);
  const heldOut = yield* predictHeldOut(validationData, byFold, "carried");
  const newStates = yield* predictHeldOut(validationData, byFold, "new");
  const share = sharesOf(validationData, byFold, [heldOut, newStates]);
  const ensemble = ensembleOf(
    prepared,
    options,
    predictors.map(({ predictor }) => predictor),
    share,
  );
  return { model: modelParts(prepared, options, ensemble, undefined), heldOut, combination: { epoch, share } };
}

/** Where the networks add nothing, the model is the filter. */
function ensembleOf(
  { baselines }: Pick<Prepared, "baselines">,
  options: ResolvedModelOptions,
  predictors: Ensemble["networks"],
  share: readonly number[],
): Ensemble {
  const kept = share.some((own) => own > 0) ? predictors : [];
  return new Ensemble(networkOptions(options), baselines.linear, kept, share);
}

/** Combines the networks; the test part is scored only here. */
function* combine({ options, prepared, state }: StartedJob): Paced<{
  model: ModelParts;
  summary: TrainingSummary;
  weights: Float32Array[];
}> {
  const { train, folds, validation, test, baselines, merged, skipped, inputsRange, targetsRange } = prepared;
  const networks = validated(state);
  const { model, heldOut, combination } = yield* modelOf(prepared, state.options, networks);
  const { epoch, share } = combination;
  const stopped = options.signal?.aborted ? "signal" : stopReasonOf(state.networks);
  const summary: TrainingSummary = {
    rows: {
      train: train.rows,
      validation: validation.rows,
      test: test?.rows ?? 0,
      ...(merged.length > 0 && { merged }),
    },
    skipped,
    validation: yield* scoreHeldOut(prepared, state.options, heldOut, share),
    ...(test && { test: yield* compare(test, model.ensemble, baselines) }),
    curve: curveOf(networks),
    bestEpoch: epoch,
    networks: networks.map(({ network, progress }) => {
      const { seed, stopped = "signal" } = state.networks[network];
      const rmse = progress.snapshots.length === 0 ? null : validationAt(progress, epoch).rmse;
      return { seed, epochs: progress.trainer.epoch, rmse, stopped };
    }),
    share: Object.fromEntries(state.options.targets.map((target, j) => [target, share[j]])),
    elapsedMs: state.elapsedMs,
    notes: [...state.notes],
    stopped,
    settings: {
      ...state.options,
      ...state.settings,
      validation: validationOf(options.validation, folds.length),
      test: options.test instanceof Frame ? "frame" : (options.test ?? 0),
    },
    inputsRange,
    targetsRange,
  };
  return {
    model: modelParts(prepared, state.options, model.ensemble, summary),
    summary,
    weights: networks.map(({ progress }) => weightsAt(progress, epoch)),
  };
}

/** The scores of what was predicted for the validation rows by networks and filters that had not seen them. */
function* scoreHeldOut(
  { validation, validationData, baselines }: Prepared,
  options: ResolvedModelOptions,
  { networks, filter }: HeldOutPredictions,
  share: readonly number[],
): Paced<Comparison> {
  const { targetScaler } = validationData;
  const combined = filter.map((value, i) => {
    const ofNetworks = share[i % share.length];
    return ofNetworks === 0 ? value : (1 - ofNetworks) * value + ofNetworks * networks[i];
  });
  const columns = (scaled: Float32Array) =>
    options.targets.map((_, j) => unscaledColumn(targetScaler, scaled, j).subarray(validation.firstRow));
  return yield* comparePredictions(
    validation,
    networkOptions(options),
    { model: columns(combined), linear: columns(filter) },
    baselines,
  );
}

/** The learning curve: means over the networks that were validated after an epoch. */
function curveOf(networks: readonly ValidatedNetwork[]): CurvePoint[] {
  const byEpoch = new Map<number, { losses: number[]; squares: number[] }>();
  for (const { epoch, loss, rmse } of networks.flatMap(({ progress }) => progress.validations)) {
    const point = byEpoch.get(epoch) ?? { losses: [], squares: [] };
    point.losses.push(loss);
    point.squares.push(rmse ** 2);
    byEpoch.set(epoch, point);
  }
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return [...byEpoch]
    .sort(([a], [b]) => a - b)
    .map(([epoch, { losses, squares }]) => ({ epoch, loss: mean(losses), validation: Math.sqrt(mean(squares)) }));
}

/** The reason that ended most networks; of several, the one that ended the first of them. */
function stopReasonOf(networks: readonly NetworkState[]): StopReason {
  const reasons = networks.flatMap(({ stopped }) => stopped ?? []);
  const count = (reason: StopReason) => reasons.filter((other) => other === reason).length;
  return reasons.reduce((most, reason) => (count(reason) > count(most) ? reason : most), reasons[0]);
}

function validationOf(validation: TrainingOptions["validation"], folds: number): number | "frame" | "blocks" {
  if (validation instanceof Frame) return "frame";
  return validation ?? (folds > 1 ? "blocks" : validationShare);
}

/** Continues the training of the networks on all rows at a lower rate; if that fails or is stopped, the model is kept. */
async function* finalTraining(
  job: StartedJob,
  model: ModelParts,
  weights: readonly Float32Array[],
  summary: TrainingSummary,
): AsyncGenerator<TrainingReport, void> {
  const { frame, options, state, prepared, pace, startMs, beforeMs } = job;
  const frames = [frame, options.validation, options.test].filter((part) => part instanceof Frame);
  const combined = frames.length === 1 ? frame : concatenated(frames);
  const { taps, ridge } = prepared.baselines.linear;
  const allRows = await pace.finish(prepareAll(state.options, combined, prepared, { taps, ridge }));
  const settings = refitSettings(state.settings, prepared.segments, allRows.segments);
  const { ensemble } = model;
  if (state.phase === "fit") {
    state.phase = "refit";
    state.refitted = weights.map((_, network) => ({ seed: seedOf(state.options.seed, network) }));
  }
  const work: SharedWork = {
    phase: "refit",
    network: networkOptions(state.options),
    settings,
    washout: state.options.washout,
    rows: plainRows(allRows.data, state.options.targets),
    segments: allRows.segments,
    validationRows: undefined,
  };
  const tasks = state.refitted.flatMap(({ seed, progress, stopped }, network): NetworkTask[] =>
    stopped !== undefined && stopped !== "signal"
      ? []
      : [{ network, seed, heldOut: [], validated: [], weights: weights[network], progress }],
  );
  yield* followed(job, work, tasks, state.refitted, Number.POSITIVE_INFINITY);
  summary.elapsedMs = beforeMs + nowMs() - startMs;
  summary.notes = [...state.notes];
  if (options.signal?.aborted || state.refitted.some(({ stopped }) => stopped !== "epochs")) {
    // This note is about the model, not about the training, which may be resumed from a checkpoint.
    summary.notes.push({ code: "refit-unfinished" });
    job.model = modelParts(prepared, state.options, ensemble, summary);
    return;
  }
  state.phase = "done";
  summary.refit = { rows: countRows(allRows.segments), epochs: Math.ceil(settings.epochs), note: { code: "refit" } };
  summary.inputsRange = allRows.inputsRange;
  summary.targetsRange = allRows.targetsRange;
  const predictors = state.refitted.map(({ progress }) => {
    const { average, weights } = progress!.trainer;
    return predictorWith(networkOptions(state.options), average ?? weights);
  });
  const refitted = ensembleOf(allRows, state.options, predictors, ensemble.share);
  job.model = modelParts({ ...prepared, ...allRows }, state.options, refitted, summary);
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
