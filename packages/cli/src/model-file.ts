// Reads models that `eddy train` wrote, and says where their companions lie.
import { existsSync, readFileSync, statSync } from "node:fs";
import { DataError, Regressor } from "eddy/series";
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
    if (!(cause instanceof DataError)) throw cause;
    throw new Failure(training.badModel(path, texts.data(cause)), { cause });
  }
}

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
