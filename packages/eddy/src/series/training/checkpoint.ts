/** The checkpoint file: everything needed to resume a training bit for bit, as safetensors with JSON metadata. */
import { fromSafetensors, toSafetensors } from "../../formats/safetensors.ts";
import { finite, flag, oneOf, type Rule, refuse, text, wholeNumber } from "../../nn/options.ts";
import type { OptimizerStateDict, ParameterState } from "../../optim/optimizer.ts";
import type { Tensor } from "../../tensor/tensor.ts";
import { asRefusal, parse } from "../file/model-file.ts";
import { resolvedOptions } from "../file/model-schema.ts";
import { networkOptions, parameterCount } from "../network/sizes.ts";
import { note } from "../record/note-schema.ts";
import { curve, resolvedFit, scoresOf, stopReason, trainings } from "../record/record-schema.ts";
import type { ModelOptions, ResolvedModelOptions, TrainingOptions } from "../settings/options.ts";
import { list, object, optional, record } from "../settings/schema.ts";
import { type Fingerprints, type FrameFingerprint, Hash, wordsOf } from "./fingerprint.ts";
import type { TrainerState } from "./trainer.ts";
import type { CompletedRun, TrainingState } from "./training-job.ts";
import type { Best, TrainingProgress } from "./training-loop.ts";
import { trainingError } from "./words.ts";

type Tensors = Record<string, Tensor>;

const where = "train, resume";

/** Incremented when an older reader would misread a newer checkpoint, or a newer reader could not resume from an older one. */
const formatVersion = 2;

/** Collects tensors under prefixed names. */
class TensorCollector {
  readonly tensors: Tensors = {};

  put(prefix: string, tensors: Tensors): void {
    for (const [name, tensor] of Object.entries(tensors)) this.tensors[`${prefix}.${name}`] = tensor;
  }
}

export function writeCheckpoint(state: TrainingState): Uint8Array {
  const collector = new TensorCollector();
  const writeBest = (prefix: string, { weights, ...plain }: Best) => {
    collector.put(prefix, weights);
    return plain;
  };
  const writeProgress = ({ trainer, ...plain }: TrainingProgress) => ({
    training: writeTrainer(trainer, collector),
    ...plain,
    best: plain.best && writeBest("best", plain.best),
  });
  const { best, current, ...plain } = state;
  const record = {
    format: formatVersion,
    kind: "checkpoint",
    ...plain,
    champion: best && { ...best, best: writeBest("champion", best.best) },
    standing: current && writeProgress(current),
  };
  const eddy = JSON.stringify(record);
  return toSafetensors(collector.tensors, { eddy, checksum: checksumOf(eddy, collector.tensors) });
}

/** Covers the whole checkpoint, because a training resumed from damaged numbers would not show it. */
function checksumOf(eddy: string, tensors: Tensors): string {
  const hash = new Hash().addText(eddy);
  for (const name of Object.keys(tensors).sort()) {
    const { shape, data } = tensors[name];
    hash.addText(`${name} ${shape}`).addWords(wordsOf(data));
  }
  return hash.digest();
}

function writeTrainer({ weights, average, ends, optimizer, ...rest }: TrainerState, collector: TensorCollector) {
  collector.put("weights", weights);
  if (average !== undefined) collector.put("average", average);
  if (ends !== undefined) collector.put("ends", ends);
  const state = Object.fromEntries(
    Object.entries(optimizer.state).map(([index, parameterState]) => {
      const numbers = Object.entries(parameterState).filter(([, value]) => typeof value === "number");
      const tensors = Object.entries(parameterState).filter(([, value]) => typeof value !== "number");
      collector.put(`optimizer.${index}`, Object.fromEntries(tensors) as Tensors);
      return [index, Object.fromEntries(numbers)];
    }),
  );
  return { ...rest, averaged: average !== undefined, ended: ends !== undefined, optimizer: { ...optimizer, state } };
}

/**
 * Reads a checkpoint and checks that it belongs to these settings; only the budget may differ.
 *
 * @throws DataError for damaged bytes, files that are not checkpoints, and different settings.
 */
export function readCheckpoint(
  bytes: Uint8Array,
  modelOptions: ModelOptions,
  trainingOptions: TrainingOptions,
): TrainingState {
  let state: TrainingState;
  try {
    const { tensors, metadata } = fromSafetensors(bytes);
    if (metadata.eddy === undefined) refuse("eddy", "the bytes of Training.checkpoint", "weights alone");
    const record = parse(metadata.eddy);
    object<{ kind: string; format: number }>({ kind: oneOf("checkpoint"), format: oneOf(formatVersion) })(
      record,
      "eddy",
    );
    const checksum = checksumOf(metadata.eddy, tensors);
    if (metadata.checksum !== checksum) refuse("checksum", checksum, metadata.checksum);
    state = readState(record, tensors);
    const needed = parameterCount(networkOptions(state.options));
    const stored = Object.values(tensors).reduce((sum, { numel }) => sum + numel, 0);
    // Checked before memory of the claimed size is allocated; only the first checkpoint has no weights yet.
    if (stored > 0 && needed > stored) refuse("weights", `${needed} numbers, as the settings require`, stored);
  } catch (error) {
    throw trainingError("damaged-checkpoint", asRefusal(error), where);
  }
  const differences = (saved: object, given: object, ignored: readonly string[] = []) =>
    Object.entries(given).filter(
      ([name, value]) =>
        !ignored.includes(name) &&
        value !== undefined &&
        Object.hasOwn(saved, name) &&
        JSON.stringify((saved as Record<string, unknown>)[name]) !== JSON.stringify(value),
    );
  const [differing] = [
    ...differences(state.options, modelOptions),
    ...differences(
      state.settings,
      trainingOptions,
      trainingOptions.budgetMs === undefined ? [] : ["budgetMs", "epochs", "restarts"],
    ),
  ];
  if (differing !== undefined) {
    const saved = { ...state.options, ...state.settings } as Record<string, unknown>;
    const [name, value] = differing;
    const values = { name, expected: JSON.stringify(saved[name]), received: JSON.stringify(value) };
    throw trainingError("other-setting", values, where);
  }
  return state;
}

/** The tensors under a prefix, named without it. */
function tensorsUnder(tensors: Tensors, prefix: string): Tensors {
  const matching = Object.entries(tensors).filter(([name]) => name.startsWith(`${prefix}.`));
  if (matching.length === 0) refuse(prefix, "tensors", undefined);
  return Object.fromEntries(matching.map(([name, tensor]) => [name.slice(prefix.length + 1), tensor]));
}

/** The state as the JSON of a checkpoint names its parts. */
interface StoredState extends Omit<TrainingState, "best" | "current"> {
  champion: CompletedRun | undefined;
  standing: StoredProgress | undefined;
}

interface StoredProgress extends Omit<TrainingProgress, "trainer"> {
  training: TrainerState;
}

function readState(value: unknown, tensors: Tensors): TrainingState {
  const { options } = object<{ options: ResolvedModelOptions }>({ options: resolvedOptions })(value, "eddy");
  const scores = scoresOf(options.targets);
  const best =
    (prefix: string): Rule<Best> =>
    (entry, path) => ({
      ...object<Omit<Best, "weights">>({ epoch: wholeNumber, error: finite, scores })(entry, path),
      weights: tensorsUnder(tensors, prefix),
    });
  const completedRun: Rule<CompletedRun> = object<CompletedRun>({
    seed: finite,
    epochs: wholeNumber,
    stopped: stopReason,
    best: best("champion"),
    curve,
  });
  const progress: Rule<StoredProgress> = object<StoredProgress>({
    training: (entry: unknown, path: string) => readTrainer(entry, path, tensors),
    best: optional(best("best")),
    retries: wholeNumber,
    curve,
    elapsedMs: finite,
  });
  const { champion, standing, ...plain } = object<StoredState>({
    options: resolvedOptions,
    settings: resolvedFit,
    data: object<Fingerprints>({
      training: fingerprint,
      validation: optional(fingerprint),
      test: optional(fingerprint),
      split: text,
    }),
    phase: oneOf("fit", "refit", "done"),
    trainings,
    champion: optional(completedRun),
    standing: optional(progress),
    notes: list(note),
    elapsedMs: finite,
  })(value, "eddy");
  const current = standing && readProgress(standing);
  return { ...plain, best: champion, current };
}

function readProgress({ training: trainer, ...plain }: StoredProgress): TrainingProgress {
  return { ...plain, trainer };
}

const fingerprint: Rule<FrameFingerprint> = object<FrameFingerprint>({
  rows: wholeNumber,
  time: text,
  grouping: text,
  inputs: list(text),
  targets: list(text),
});

function readTrainer(value: unknown, path: string, tensors: Tensors): TrainerState {
  const { averaged, ended, ...plain } = object<
    Pick<TrainerState, "epoch" | "step" | "rateFactor" | "optimizer"> & { averaged: boolean; ended: boolean }
  >({
    epoch: wholeNumber,
    step: wholeNumber,
    rateFactor: finite,
    averaged: flag,
    ended: flag,
    optimizer: object<OptimizerStateDict>({
      state: record(record(finite)) as Rule<Record<number, ParameterState>>,
      param_groups: list(record((entry) => entry)),
    }),
  })(value, path);
  const state = Object.fromEntries(
    Object.entries(plain.optimizer.state).map(([index, numbers]) => [
      index,
      { ...numbers, ...tensorsUnder(tensors, `optimizer.${index}`) },
    ]),
  );
  return {
    ...plain,
    optimizer: { ...plain.optimizer, state },
    weights: tensorsUnder(tensors, "weights"),
    average: averaged ? tensorsUnder(tensors, "average") : undefined,
    ends: ended ? tensorsUnder(tensors, "ends") : undefined,
  };
}
