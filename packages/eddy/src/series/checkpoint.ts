/** The checkpoint's file: all that a fit needs to go on bit for bit, as safetensors with the plain part as JSON. */

import { fromSafetensors, toSafetensors } from "../formats/safetensors.ts";
import { finite, flag, oneOf, type Rule, refuse, text, wholeNumber } from "../nn/options.ts";
import type { OptimizerStateDict, ParameterState } from "../optim/optimizer.ts";
import type { Tensor } from "../tensor/tensor.ts";
import type { Best, Standing } from "./course.ts";
import { DataError } from "./data-error.ts";
import { asRefusal, parse } from "./file.ts";
import { curve, resolvedFit, resolvedOptions, scoresOf, stopReason, trainings } from "./file-schema.ts";
import { type Fingerprints, type FrameFingerprint, Hash, wordsOf } from "./fingerprint.ts";
import type { Finished, FitProgress } from "./fit.ts";
import { networkOptions } from "./model.ts";
import { parameterCount } from "./network.ts";
import { note } from "./note-schema.ts";
import type { FitOptions, RegressorOptions, ResolvedOptions } from "./options.ts";
import { list, object, optional, record } from "./schema.ts";
import type { TrainingState } from "./training.ts";

type Tensors = Record<string, Tensor>;

const owner = "Regressor.fit, resume";

/** Grows when an older reader would misread a newer checkpoint, or a newer reader could not go on from an older one. */
const formatVersion = 2;

/** Puts tensors under a prefix and leaves their names in the plain part. */
class Shelf {
  readonly tensors: Tensors = {};

  put(prefix: string, tensors: Tensors): void {
    for (const [name, tensor] of Object.entries(tensors)) this.tensors[`${prefix}.${name}`] = tensor;
  }
}

export function writeCheckpoint(progress: FitProgress): Uint8Array {
  const shelf = new Shelf();
  const best = (prefix: string, { weights, ...rest }: Best) => {
    shelf.put(prefix, weights);
    return rest;
  };
  const { champion, standing, ...plain } = progress;
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

/** Over all that a checkpoint holds: a fit that goes on from damaged numbers would not show it. */
function checksumOf(eddy: string, tensors: Tensors): string {
  const hash = new Hash().addText(eddy);
  for (const name of Object.keys(tensors).sort()) {
    const { shape, data } = tensors[name];
    hash.addText(`${name} ${shape}`).addWords(wordsOf(data));
  }
  return hash.digest();
}

function writeTraining({ weights, average, ends, optimizer, ...rest }: TrainingState, shelf: Shelf) {
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
 * Reads a checkpoint and checks that it belongs to this model and these settings; a budget alone may be another.
 *
 * @throws DataError for damaged bytes, files that are no checkpoint, and other settings.
 */
export function readCheckpoint(bytes: Uint8Array, options: RegressorOptions, fit: FitOptions): FitProgress {
  let progress: FitProgress;
  try {
    const { tensors, metadata } = fromSafetensors(bytes);
    if (metadata.eddy === undefined) refuse("eddy", "what Regressor.checkpoint gave", "weights alone");
    const record = parse(metadata.eddy);
    object<{ format: number; kind: string }>({ format: oneOf(formatVersion), kind: oneOf("checkpoint") })(
      record,
      "eddy",
    );
    const checksum = checksumOf(metadata.eddy, tensors);
    if (metadata.checksum !== checksum) refuse("checksum", checksum, metadata.checksum);
    progress = readProgress(record, tensors);
    const needed = parameterCount(networkOptions(progress.options));
    const given = Object.values(tensors).reduce((sum, { numel }) => sum + numel, 0);
    // Before anything of the size that the settings claim is made; only the very first checkpoint holds no weights yet.
    if (given > 0 && needed > given) refuse("weights", `${needed} numbers as its settings say`, given);
  } catch (error) {
    throw new DataError("damaged-checkpoint", asRefusal(error), owner);
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
    ...other(progress.options, options),
    ...other(progress.settings, fit, fit.budgetMs === undefined ? [] : ["budgetMs", "epochs", "restarts"]),
  ];
  if (differing !== undefined) {
    const saved = { ...progress.options, ...progress.settings } as Record<string, unknown>;
    const [name, value] = differing;
    const values = { name, expected: JSON.stringify(saved[name]), received: JSON.stringify(value) };
    throw new DataError("other-setting", values, owner);
  }
  return progress;
}

/** Takes the tensors under a prefix from the shelf. */
function taken(tensors: Tensors, prefix: string): Tensors {
  const found = Object.entries(tensors).filter(([name]) => name.startsWith(`${prefix}.`));
  if (found.length === 0) refuse(prefix, "tensors", undefined);
  return Object.fromEntries(found.map(([name, tensor]) => [name.slice(prefix.length + 1), tensor]));
}

function readProgress(value: unknown, tensors: Tensors): FitProgress {
  const { options } = object<{ options: ResolvedOptions }>({ options: resolvedOptions })(value, "eddy");
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
  return object<FitProgress>({
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

function readTraining(value: unknown, path: string, tensors: Tensors): TrainingState {
  const { averaged, ended, ...plain } = object<
    Pick<TrainingState, "epoch" | "step" | "rateFactor" | "optimizer"> & { averaged: boolean; ended: boolean }
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
