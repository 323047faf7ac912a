/** One call of `train`: preparation of the data, training of the networks, their combination, and the final training. */
import { countRows } from "../data/rows.ts";
import type { ModelParts } from "../file/model-parts.ts";
import { drawNetwork } from "../network/network.ts";
import { networkOptions, productsPerRow } from "../network/sizes.ts";
import { finish, inTurns, nowMs, Pace, throwIfAborted } from "../pace.ts";
import type { NoteOf } from "../record/notes.ts";
import type { TrainingReport } from "../record/report.ts";
import { randomStartsOf, type Variant, variantsOf } from "./defaults.ts";
import { finalTraining } from "./final-training.ts";
import { differenceOf } from "./fingerprint.ts";
import { followed, jobsOf, plainRows } from "./followed.ts";
import type { NetworkTask, SharedWork } from "./network-training.ts";
import { packedPredictor } from "./packed.ts";
import { type Prepared, prepare } from "./preparation.ts";
import { seedOf } from "./seeds.ts";
import { combine, selectedModel, validatedNetworks } from "./selection.ts";
import { planForBudget } from "./timing-run.ts";
import { Trainer } from "./trainer.ts";
import {
  hasEnded,
  type NetworkState,
  type StartedJob,
  type TrainingJob,
  type TrainingState,
  validatedProgress,
} from "./training-state.ts";
import { trainingError } from "./words.ts";

/** The minimum share of a budget for the training of networks, however long the preparation took. */
const trainingShare = 0.3;

/** Performs a training; its results are stored in `job` as they appear. An aborted signal rejects as long as there are none. */
export async function* perform(job: TrainingJob): AsyncGenerator<TrainingReport, void> {
  const startMs = nowMs();
  const pace = new Pace();
  try {
    const { frame, modelOptions, options } = job;
    const mayStop = job.resumed === undefined ? options.signal : undefined;
    yield preparing(0);
    job.prepared = await inTurns(prepare(modelOptions, frame, options, job.from, job.resumed?.folds), mayStop);
    job.modelOptions = { ...modelOptions, ...job.prepared.planned };
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
    const { budgetMs } = options;
    const note = job.resumed || budgetMs === undefined ? undefined : await shortenPlan(started, budgetMs);
    throwIfAborted(mayStop);
    if (note !== undefined) yield { ...preparing(nowMs() - startMs), note };
    if (job.state.phase === "fit") yield* trainAll(started);
    job.state.elapsedMs = beforeMs + nowMs() - startMs;
    const selected = await pace.finish(combine(started));
    job.model = selected.model;
    const { settings } = job.state.variants[selected.variant];
    if (selected.summary.stopped !== "signal" && settings.refit) yield* finalTraining(started, selected);
    job.summary = selected.summary;
  } finally {
    pace.close();
  }
}

/** A report on the preparation, which has no values yet. */
const preparing = (elapsedMs: number): TrainingReport => ({
  kind: "progress",
  phase: "prepare",
  network: 0,
  networks: 0,
  completed: 0,
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
  if (state.networks.every((network) => validatedProgress(network) === undefined)) return undefined;
  return finish(selectedModel(prepared, state)).model;
}

/** The number of networks to continue; a model without any is a filter. */
const trainedIn = (from: ModelParts | undefined) => from?.ensemble.networks.length ?? 0;

/** The initial state of a training, or the resumed one after a check that the data is the same. */
function startOrResume({ modelOptions, options, from, resumed }: TrainingJob, prepared: Prepared): TrainingState {
  const { segments, folds, fingerprints: data, notes } = prepared;
  if (resumed === undefined) {
    const variants = variantsOf(modelOptions, options, segments, trainedIn(from));
    const plan = { variants, data, folds: folds.length, networks: networksOf(variants, prepared) };
    return { ...plan, phase: "fit", refitted: [], notes: [...notes], elapsedMs: 0 };
  }
  const [expected, received] = [resumed.variants[0].options.features, prepared.planned.features].map((features) =>
    JSON.stringify(features),
  );
  if (expected !== received)
    throw trainingError("other-setting", { name: "features", expected, received }, "train, resume");
  const difference = differenceOf(resumed.data, data, resumed.variants[0].options);
  if (difference !== undefined) throw trainingError("other-data", difference, "train, resume");
  return resumed;
}

/**
 * The networks of all variants: those with the same index share their seed and their block. Where there is time for variants, there
 * is time for networks that learn from half of the data.
 */
function networksOf(variants: readonly Variant[], { halfFolds }: Prepared): NetworkState[] {
  const [{ options, settings }] = variants;
  const network = (variant: number, index: number) => ({ variant, index, seed: seedOf(options.seed, index) });
  const networks = variants.flatMap((_, variant) =>
    Array.from({ length: settings.networks }, (_, index) => network(variant, index)),
  );
  const halves = halfFolds.flatMap(({ of }, half) => (of < settings.networks ? [{ ...network(0, of), half }] : []));
  return settings.variants > 1 ? [...networks, ...halves] : networks;
}

/** Shortens the plan to fit the budget, before the first step. Returns a note if it is shorter. */
async function shortenPlan(job: StartedJob, budgetMs: number): Promise<NoteOf<"shortened-plan"> | undefined> {
  const { modelOptions, options, prepared, state, pace, startMs } = job;
  const { variants } = state;
  const [{ options: model, settings }] = variants;
  const network = drawNetwork(networkOptions(model), model.seed);
  const trainer = new Trainer(network, prepared.data, prepared.segments, settings, model.seed);
  const leftMs = Math.max(trainingShare * budgetMs, budgetMs - (nowMs() - startMs));
  const plan = await planForBudget(trainer, pace, options.signal, {
    validationRows: countRows(prepared.folds[0].validated),
    settings,
    given: options,
    budgetMs: leftMs,
    jobs: jobsOf(job),
    costs: variants.map(
      ({ options }) => productsPerRow(networkOptions(options)) / productsPerRow(networkOptions(model)),
    ),
  });
  const planned = variantsOf(modelOptions, { ...options, ...plan }, prepared.segments, trainedIn(job.from));
  if (planned.length === variants.length && plan.epochs === settings.epochs && plan.networks === settings.networks) {
    return undefined;
  }
  const before = state.networks.length;
  state.variants = planned;
  state.networks = networksOf(planned, prepared);
  const planOf = ([{ settings }]: readonly Variant[], networks: number) => ({ epochs: settings.epochs, networks });
  const [from, to] = [planOf(variants, before), planOf(planned, state.networks.length)];
  const note = { code: "shortened-plan", budgetMs, from, to } as const;
  state.notes.push(note);
  return note;
}

/** Trains the networks that have not ended. */
async function* trainAll(job: StartedJob): AsyncGenerator<TrainingReport, void> {
  const { prepared, state, options, startMs } = job;
  const { folds, halfFolds, data, validationData, segments } = prepared;
  const { targets, washout } = state.variants[0].options;
  const trained = job.from?.ensemble.networks ?? [];
  const latestMs = nowMs() + trainingShare * (options.budgetMs ?? 0);
  const work: SharedWork = {
    phase: "fit",
    variants: state.variants.map(({ options, settings }) => ({ network: networkOptions(options), settings })),
    washout,
    rows: plainRows(data, targets),
    segments,
    validationRows: validationData === data ? undefined : plainRows(validationData, targets),
  };
  const tasks = state.networks.flatMap((one, network): NetworkTask[] => {
    const { variant, index, seed, half, progress } = one;
    const fold = half === undefined ? folds[index % folds.length] : halfFolds[half];
    if (fold === undefined || hasEnded(one)) return [];
    const { heldOut, validated } = fold;
    const randomStarts = randomStartsOf(index, state.variants[variant].settings);
    const weights = trained.length === 0 ? undefined : packedPredictor(trained[index % trained.length]);
    const filter = state.variants[variant].options.forecast && fold.filter;
    return [{ network, variant, seed, randomStarts, heldOut, validated, filter, weights, progress }];
  });
  const endMs = Math.max(startMs + (options.budgetMs ?? Number.POSITIVE_INFINITY), latestMs);
  yield* followed(job, work, tasks, state.networks, endMs);
  if (state.variants.some((_, variant) => validatedNetworks(state, variant).length > 0)) return;
  throwIfAborted(options.signal);
  const last = state.notes.findLast((note) => note.code === "gave-up" || note.code === "diverged");
  throw trainingError("diverged", { last }, "train");
}
