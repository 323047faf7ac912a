// Reads models written by `eddy train`, distinguishes them from other files, and names the files next to them.
import { closeSync, existsSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { quoted } from "@eddy/ui/results";
import { DataError, Model } from "eddy/series";
import { Failure, UsageError } from "../failure.ts";
import type { Texts } from "../texts/languages.ts";

/**
 * Reads the model, the first argument of a command. `others` are the following arguments: if one of them is the model, the
 * error suggests the right order.
 *
 * @throws Failure for a missing, empty, truncated or unrelated file.
 */
export function readModel(
  path: string,
  texts: Texts,
  { command, others = [] }: { command: string; others?: readonly string[] },
): Model {
  const messages = texts.model;
  const content = contentOf(path);
  if (content !== "model") {
    const swapped = rightOrder(command, path, others);
    if (swapped !== undefined) throw new UsageError(texts.outputs.swapped(swapped));
  }
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found || found.isDirectory() || found.isCharacterDevice()) throw new Failure(messages.noModel(path));
  const bytes = readBytes(path, texts);
  if (bytes.length === 0) throw new Failure(messages.emptyModel(path));
  if (content === "checkpoint") throw new Failure(messages.checkpointAsModel(path));
  if (content === undefined && found.isFile()) {
    throw new Failure(dataFile.test(path) ? messages.dataAsModel(path) : messages.otherFile(path)); // a pipe can be read only once
  }
  try {
    return Model.fromBytes(bytes);
  } catch (cause) {
    if (!(cause instanceof DataError)) throw cause;
    throw new Failure(messages.badModel(path, texts.data(cause)), { cause });
  }
}

/** The command with the model first, if it was given after other files. */
export function rightOrder(command: string, first: string, others: readonly string[]): string | undefined {
  if (contentOf(first) === "model") return undefined;
  const model = others.find((other) => contentOf(other) === "model");
  if (model === undefined) return undefined;
  // `export` takes one file, the model; its outputs are named by options.
  const rest = command === "export" ? [] : [first, ...others].filter((other) => other !== model);
  const files = [model, ...rest];
  return ["eddy", command, ...files.map(quoted)].join(" ");
}

/** The content of a safetensors file, from its header; undefined for other, damaged and missing files. */
export function contentOf(path: string): "model" | "checkpoint" | "weights" | undefined {
  const record = recordIn(path);
  if (record === undefined || record === "none") return record && "weights";
  return record.kind === "checkpoint" ? "checkpoint" : "model";
}

/** The planned length of a training. */
export interface Plan {
  epochs?: number;
  networks?: number;
  variants?: number;
}

/** Whether a checkpoint's training run is finished, and its plan, as far as they can be read. */
export function planIn(checkpoint: string): { finished: boolean; plan: Plan } {
  const record = recordIn(checkpoint);
  if (record === undefined || record === "none") return { finished: false, plan: {} };
  const { variants: [{ settings: plan }] = [{ settings: {} }], phase, networks = [] } = record;
  const trained = networks.every(({ stopped = "signal" }) => stopped !== "signal");
  return { plan, finished: phase === "done" || (phase === "fit" && trained && !plan.refit) };
}

const maxHeaderBytes = 100_000_000; // the limit of the safetensors library

interface Header {
  kind?: string;
  phase?: string;
  /** The first has the planned settings. */
  variants?: [{ settings: Plan & { refit?: boolean } }];
  /** Why the training of each network ended, if it has ended. */
  networks?: { stopped?: string }[];
}

/** Eddy's record in the header of a safetensors file; "none" if the file contains only weights. */
function recordIn(path: string): Header | "none" | undefined {
  if (!existsSync(path) || !statSync(path).isFile()) return undefined;
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    const length = Buffer.alloc(8);
    if (readSync(file, length, 0, 8, 0) < 8) return undefined;
    const size = Number(length.readBigUInt64LE());
    if (size + 8 > statSync(path).size || size > maxHeaderBytes) return undefined;
    const header = Buffer.alloc(size);
    readSync(file, header, 0, size, 8);
    const { __metadata__: metadata } = JSON.parse(header.toString("utf8"));
    return metadata?.eddy === undefined ? "none" : (JSON.parse(metadata.eddy) ?? undefined);
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

const dataFile = /\.(csv|tsv|txt|dat|tab|parquet|pq|json|ndjson|jsonl|xlsx)(\.(gz|zst))?$/i;

function readBytes(path: string, texts: Texts): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new Failure(texts.model.badModel(path, code ?? message), { cause });
  }
}

const stem = (path: string) => path.replace(/\.safetensors$/, "");

/** The checkpoint of a model: optimiser, random numbers, best weights so far. */
export const resumePath = (model: string) => `${stem(model)}.resume.safetensors`;

export const reportFolder = (model: string) => `${stem(model)}-report`;

export const evaluationFolder = (model: string) => `${stem(model)}-evaluation`;
