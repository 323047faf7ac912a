/** The checkpoint file: everything that a run needs to continue bit for bit, as safetensors with the plain part as JSON. */
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
import type { Finished, RunState } from "./run.ts";
import type { TrainerState } from "./trainer.ts";
import type { Best, Standing } from "./training-loop.ts";
import { trainingError } from "./words.ts";

type Tensors = Record<string, Tensor>;

const owner = "train, resume";

/** Grows when an older reader would misread a newer checkpoint, or a newer reader could not continue from an older one. */
const formatVersion = 2;

/** Collects tensors under prefixed names. */
class Shelf {
  readonly tensors: Tensors = {};

  put(prefix: string, tensors: Tensors): void {
    for (const [name, tensor] of Object.entries(tensors)) this.tensors[`${prefix}.${name}`] = tensor;
  }
}

export function writeCheckpoint(state: RunState): Uint8Array {
  const shelf = new Shelf();
  const best = (prefix: string, { weights, ...rest }: Best) => {
    shelf.put(prefix, weights);
    return rest;
  };
  const { champion, standing, ...plain } = state;
  const record = {
    format: formatVersion,
    kind: "checkpoint",
    ...plain,
    champion: champion && { ...champion, best: best("champion", champion.best) },
    standing: standing && {
      ...standing,
      best: standing.best && best("best", standing.best),
      training: writeTraining(standing.training, shelf),
    },
  };
  const eddy = JSON.stringify(record);
  return toSafetensors(shelf.tensors, { eddy, checksum: checksumOf(eddy, shelf.tensors) });
}

/** Covers the whole checkpoint: a run that continued from damaged numbers would not show it. */
function checksumOf(eddy: string, tensors: Tensors): string {
  const hash = new Hash().addText(eddy);
  for (const name of Object.keys(tensors).sort()) {
    const { shape, data } = tensors[name];
    hash.addText(`${name} ${shape}`).addWords(wordsOf(data));
  }
  return hash.digest();
}

function writeTraining({ weights, average, ends, optimizer, ...rest }: TrainerState, shelf: Shelf) {
  shelf.put("weights", weights);
  if (average !== undefined) shelf.put("average", average);
  if (ends !== undefined) shelf.put("ends", ends);
  const state = Object.fromEntries(
    Object.entries(optimizer.state).map(([index, own]) => {
      const numbers = Object.entries(own).filter(([, value]) => typeof value === "number");
      const tensors = Object.entries(own).filter(([, value]) => typeof value !== "number");
      shelf.put(`optimizer.${index}`, Object.fromEntries(tensors) as Tensors);
      return [index, Object.fromEntries(numbers)];
    }),
  );
  return { ...rest, averaged: average !== undefined, ended: ends !== undefined, optimizer: { ...optimizer, state } };
}

/**
 * Reads a checkpoint and checks that it belongs to these settings; only the budget may differ.
 *
 * @throws DataError for damaged bytes, files that are not checkpoints, and other settings.
 */
export function readCheckpoint(bytes: Uint8Array, options: ModelOptions, fit: TrainingOptions): RunState {
  let state: RunState;
  try {
    const { tensors, metadata } = fromSafetensors(bytes);
    if (metadata.eddy === undefined) refuse("eddy", "the bytes of Training.checkpoint", "weights alone");
    const record = parse(metadata.eddy);
    object<{ format: number; kind: string }>({ format: oneOf(formatVersion), kind: oneOf("checkpoint") })(
      record,
      "eddy",
    );
    const checksum = checksumOf(metadata.eddy, tensors);
    if (metadata.checksum !== checksum) refuse("checksum", checksum, metadata.checksum);
    state = readState(record, tensors);
    const needed = parameterCount(networkOptions(state.options));
    const given = Object.values(tensors).reduce((sum, { numel }) => sum + numel, 0);
    // Before anything of the size that the settings claim is allocated; only the first checkpoint holds no weights yet.
    if (given > 0 && needed > given) refuse("weights", `${needed} numbers, as the settings require`, given);
  } catch (error) {
    throw trainingError("damaged-checkpoint", asRefusal(error), owner);
  }
  const other = (own: object, given: object, ignored: readonly string[] = []) =>
    Object.entries(given).filter(
      ([name, value]) =>
        !ignored.includes(name) &&
        value !== undefined &&
        Object.hasOwn(own, name) &&
        JSON.stringify((own as Record<string, unknown>)[name]) !== JSON.stringify(value),
    );
  const [differing] = [
    ...other(state.options, options),
    ...other(state.settings, fit, fit.budgetMs === undefined ? [] : ["budgetMs", "epochs", "restarts"]),
  ];
  if (differing !== undefined) {
    const saved = { ...state.options, ...state.settings } as Record<string, unknown>;
    const [name, value] = differing;
    const values = { name, expected: JSON.stringify(saved[name]), received: JSON.stringify(value) };
    throw trainingError("other-setting", values, owner);
  }
  return state;
}

/** The tensors under a prefix. */
function taken(tensors: Tensors, prefix: string): Tensors {
  const found = Object.entries(tensors).filter(([name]) => name.startsWith(`${prefix}.`));
  if (found.length === 0) refuse(prefix, "tensors", undefined);
  return Object.fromEntries(found.map(([name, tensor]) => [name.slice(prefix.length + 1), tensor]));
}

function readState(value: unknown, tensors: Tensors): RunState {
  const { options } = object<{ options: ResolvedModelOptions }>({ options: resolvedOptions })(value, "eddy");
  const scores = scoresOf(options.targets);
  const best =
    (prefix: string): Rule<Best> =>
    (given, path) => ({
      ...object<Omit<Best, "weights">>({ epoch: wholeNumber, error: finite, scores })(given, path),
      weights: taken(tensors, prefix),
    });
  const finished: Rule<Finished> = object<Finished>({
    seed: finite,
    epochs: wholeNumber,
    stopped: stopReason,
    best: best("champion"),
    curve,
  });
  const standing: Rule<Standing> = object<Standing>({
    training: (given: unknown, path: string) => readTraining(given, path, tensors),
    best: optional(best("best")),
    retries: wholeNumber,
    curve,
    elapsedMs: finite,
  });
  return object<RunState>({
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
    champion: optional(finished),
    standing: optional(standing),
    notes: list(note),
    elapsedMs: finite,
  })(value, "eddy");
}

const fingerprint: Rule<FrameFingerprint> = object<FrameFingerprint>({
  rows: wholeNumber,
  time: text,
  grouping: text,
  inputs: list(text),
  targets: list(text),
});

function readTraining(value: unknown, path: string, tensors: Tensors): TrainerState {
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
    Object.entries(plain.optimizer.state).map(([index, own]) => [
      index,
      { ...own, ...taken(tensors, `optimizer.${index}`) },
    ]),
  );
  return {
    ...plain,
    optimizer: { ...plain.optimizer, state },
    weights: taken(tensors, "weights"),
    average: averaged ? taken(tensors, "average") : undefined,
    ends: ended ? taken(tensors, "ends") : undefined,
  };
}
