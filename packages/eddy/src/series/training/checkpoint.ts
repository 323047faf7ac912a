/** The checkpoint file: everything needed to resume a training bit for bit, as safetensors with JSON metadata. */
import { decode, encode } from "../../formats/safetensors.ts";
import {
  finite,
  flag,
  integer,
  oneOf,
  positiveInteger,
  type Rule,
  refuse,
  text,
  wholeNumber,
} from "../../nn/options.ts";
import type { PlainTensor } from "../../tensor/tensor.ts";
import { asRefusal, parse } from "../file/model-file.ts";
import { resolvedOptions } from "../file/model-schema.ts";
import { networkOptions, parameterCount, weightShapes } from "../network/sizes.ts";
import { note } from "../record/note-schema.ts";
import { resolvedFit, stopReason } from "../record/record-schema.ts";
import type { ModelOptions, TrainingOptions } from "../settings/options.ts";
import { list, numberOrNaN, object, optional } from "../settings/schema.ts";
import type { Variant } from "./defaults.ts";
import { type Fingerprints, type FrameFingerprint, Hash, wordsOf } from "./fingerprint.ts";
import type { PackedMoments } from "./packed.ts";
import type { TrainerState } from "./trainer.ts";
import type { TrainingProgress, Validation } from "./training-loop.ts";
import type { NetworkState, TrainingState } from "./training-state.ts";
import { trainingError } from "./words.ts";

type Arrays = Record<string, Float32Array>;

const where = "train, resume";

/** Incremented when an older reader would misread a newer checkpoint, or a newer reader could not resume from an older one. */
const formatVersion = 3;

export function writeCheckpoint(state: TrainingState): Uint8Array {
  const arrays: Arrays = {};
  const write = (networks: readonly NetworkState[], list: string) =>
    networks.map(({ progress, ...plain }, k) => ({
      ...plain,
      progress: progress && writeProgress(progress, `${list}.${k}`, arrays),
    }));
  const record = {
    format: formatVersion,
    kind: "checkpoint",
    ...state,
    networks: write(state.networks, "networks"),
    refitted: write(state.refitted, "refitted"),
  };
  const eddy = JSON.stringify(record);
  const tensors = Object.entries(arrays).map(([name, data]) => [name, { shape: [data.length], data }] as const);
  return encode(Object.fromEntries(tensors), { eddy, checksum: checksumOf(eddy, arrays) });
}

function writeProgress({ trainer, snapshots, ...plain }: TrainingProgress, path: string, arrays: Arrays) {
  const { weights, average, moments, ends, ...counts } = trainer;
  arrays[`${path}.weights`] = weights;
  if (average !== undefined) arrays[`${path}.average`] = average;
  arrays[`${path}.first`] = moments.first;
  arrays[`${path}.second`] = moments.second;
  for (const [i, part] of ends?.entries() ?? []) arrays[`${path}.ends.${i}`] = part;
  for (const { epoch, weights } of snapshots) arrays[`${path}.snapshots.${epoch}`] = weights;
  const parts = { averaged: average !== undefined, ends: ends?.length ?? 0, steps: moments.steps };
  return { ...plain, trainer: { ...counts, ...parts }, snapshots: snapshots.map(({ epoch }) => epoch) };
}

/** Covers the whole checkpoint, because a training resumed from damaged numbers would not show it. */
function checksumOf(eddy: string, arrays: Arrays): string {
  const hash = new Hash().addText(eddy);
  for (const name of Object.keys(arrays).sort()) {
    hash.addText(`${name} ${arrays[name].length}`).addWords(wordsOf(arrays[name]));
  }
  return hash.digest();
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
    const { tensors, metadata } = decode(bytes);
    if (metadata.eddy === undefined) refuse("eddy", "the bytes of Training.checkpoint", "weights alone");
    const record = parse(metadata.eddy);
    object<{ kind: string; format: number }>({ kind: oneOf("checkpoint"), format: oneOf(formatVersion) })(
      record,
      "eddy",
    );
    const arrays = Object.fromEntries(Object.entries(tensors).map(([name, { data }]) => [name, data]));
    const checksum = checksumOf(metadata.eddy, arrays);
    if (metadata.checksum !== checksum) refuse("checksum", checksum, metadata.checksum);
    state = readState(record, tensors);
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
  const [{ options, settings }] = state.variants;
  const [differing] = [
    ...differences(options, modelOptions),
    ...differences(
      settings,
      trainingOptions,
      trainingOptions.budgetMs === undefined ? [] : ["budgetMs", "epochs", "networks", "variants"],
    ),
  ];
  if (differing !== undefined) {
    const saved = { ...options, ...settings } as Record<string, unknown>;
    const [name, value] = differing;
    const values = { name, expected: JSON.stringify(saved[name]), received: JSON.stringify(value) };
    throw trainingError("other-setting", values, where);
  }
  return state;
}

function readState(value: unknown, tensors: Record<string, PlainTensor>): TrainingState {
  const { variants } = object<Pick<TrainingState, "variants">>({ variants: variantList })(value, "eddy");
  const read = (name: string) => networkStates(name, tensors, variants);
  return object<TrainingState>({
    variants: variantList,
    data: object<Fingerprints>({
      training: fingerprint,
      validation: optional(fingerprint),
      test: optional(fingerprint),
      split: text,
      from: optional(text),
    }),
    folds: positiveInteger,
    phase: oneOf("fit", "refit", "done"),
    networks: read("networks"),
    refitted: read("refitted"),
    notes: list(note),
    elapsedMs: finite,
  })(value, "eddy");
}

const variantList: Rule<Variant[]> = (value, path) => {
  const variants = list(object<Variant>({ options: resolvedOptions, settings: resolvedFit }))(value, path);
  if (variants.length === 0) refuse(path, "at least one variant", value);
  return variants;
};

const fingerprint: Rule<FrameFingerprint> = object<FrameFingerprint>({
  rows: wholeNumber,
  time: text,
  grouping: text,
  inputs: list(text),
  targets: list(text),
});

const networkStates =
  (name: string, tensors: Record<string, PlainTensor>, variants: readonly Variant[]): Rule<NetworkState[]> =>
  (value, path) =>
    list((entry) => entry)(value, path).map((entry, k) => {
      const at = `${path}[${k}]`;
      const { variant } = object<Pick<NetworkState, "variant">>({ variant: wholeNumber })(entry, at);
      const own = variants[variant] ?? refuse(`${at}.variant`, `a number below ${variants.length}`, variant);
      return object<NetworkState>({
        variant: wholeNumber,
        index: wholeNumber,
        seed: integer,
        half: optional(wholeNumber),
        stopped: optional(stopReason),
        progress: optional((progress, path) => readProgress(progress, path, `${name}.${k}`, tensors, own)),
      })(entry, at);
    });

/** The numbers of a progress, as the JSON has them. */
interface StoredProgress extends Omit<TrainingProgress, "trainer" | "snapshots"> {
  trainer: Pick<TrainerState, "epoch" | "step" | "rateFactor"> &
    Pick<PackedMoments, "steps"> & { averaged: boolean; ends: number };
  snapshots: number[];
}

const storedProgress = object<StoredProgress>({
  trainer: object<StoredProgress["trainer"]>({
    epoch: wholeNumber,
    step: wholeNumber,
    rateFactor: finite,
    steps: list(wholeNumber),
    averaged: flag,
    ends: wholeNumber,
  }),
  validations: list(object<Validation>({ epoch: wholeNumber, loss: numberOrNaN, error: finite, rmse: finite })),
  snapshots: list(wholeNumber),
  retries: wholeNumber,
  elapsedMs: finite,
});

function readProgress(
  value: unknown,
  path: string,
  prefix: string,
  tensors: Record<string, PlainTensor>,
  { options, settings: { lanes } }: Variant,
): TrainingProgress {
  const { trainer, snapshots, validations, ...plain } = storedProgress(value, path);
  const sizes = networkOptions(options);
  const array = (name: string, length: number) => {
    const { data } = tensors[`${prefix}.${name}`] ?? { data: new Float32Array(0) };
    if (data.length !== length) refuse(`${prefix}.${name}`, `${length} numbers, as the settings require`, data.length);
    return data;
  };
  const weights = (name: string) => array(name, parameterCount(sizes));
  const { averaged, ends, steps, ...counts } = trainer;
  const parameters = Object.keys(weightShapes(sizes)).length;
  if (steps.length !== parameters) refuse(`${path}.trainer.steps`, `${parameters} numbers`, steps.length);
  const unvalidated = snapshots.find((epoch) => !validations.some((validation) => validation.epoch === epoch));
  if (unvalidated !== undefined) refuse(`${path}.snapshots`, "epochs of validations", unvalidated);
  return {
    ...plain,
    validations,
    trainer: {
      ...counts,
      weights: weights("weights"),
      average: averaged ? weights("average") : undefined,
      moments: { steps, first: weights("first"), second: weights("second") },
      ends:
        ends === 0
          ? undefined
          : Array.from({ length: ends }, (_, i) => array(`ends.${i}`, sizes.numLayers * lanes * sizes.hiddenSize)),
    },
    snapshots: snapshots.map((epoch) => ({ epoch, weights: weights(`snapshots.${epoch}`) })),
  };
}
