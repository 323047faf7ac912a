// Reads models that `eddy train` wrote, and says where their companions lie.
import { existsSync, readFileSync, statSync } from "node:fs";
import { Regressor } from "eddy/series";
import { Failure } from "./failure.ts";
import type { Texts } from "./language.ts";

/** @throws Failure for a missing, empty, truncated or foreign file. */
export function readModel(path: string, texts: Texts): Regressor {
  const { training } = texts;
  if (!existsSync(path) || statSync(path).isDirectory()) throw new Failure(training.noModel(path));
  const bytes = readBytes(path, texts);
  if (bytes.length === 0) throw new Failure(training.emptyModel(path));
  try {
    return Regressor.fromBytes(bytes);
  } catch (cause) {
    // What the format's reader says of bytes that are no model at all helps nobody; --debug shows it.
    throw new Failure(dataFile.test(path) ? training.dataAsModel(path) : training.badModel(path), { cause });
  }
}

const dataFile = /\.(csv|tsv|txt|dat|tab|parquet|pq|json|ndjson|jsonl|xlsx)(\.(gz|zst))?$/i;

function readBytes(path: string, texts: Texts): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new Failure(texts.training.badModel(path, code ?? message), { cause });
  }
}

const stem = (path: string) => path.replace(/\.safetensors$/, "");

/** What resuming needs: optimiser, random numbers, best so far. */
export const resumePath = (model: string) => `${stem(model)}.resume.safetensors`;

export const reportFolder = (model: string) => `${stem(model)}-report`;

export const evaluationFolder = (model: string) => `${stem(model)}-evaluation`;
