// Writes result files so that each is there in full or not at all.
import { accessSync, constants, existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Failure } from "./failure.ts";
import type { Texts } from "./language.ts";

/** Makes `folder` where it is missing, and fails now, not after the work, where it cannot be written. */
export function prepareFolder(folder: string, texts: Texts): void {
  try {
    makeFolder(folder);
    if (!statSync(folder).isDirectory()) throw Object.assign(new Error("not a folder"), { code: "ENOTDIR" });
    accessSync(folder, constants.W_OK);
  } catch (cause) {
    throw cannotWrite(folder, cause, texts);
  }
}

// Not mkdirSync's own `recursive`: below /proc it never comes back (Node 20).
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

/** Makes the folder that a file is to lie in, and fails now where the file cannot be written or is a folder. */
export function preparePlace(file: string, texts: Texts): void {
  prepareFolder(dirname(file), texts);
  if (existsSync(file) && statSync(file).isDirectory()) throw new Failure(texts.training.cannotWrite(file, "EISDIR"));
}

/** Writes one file, in full or not at all. */
export function writeOne(file: string, content: string | Uint8Array, texts: Texts): void {
  writeFiles(dirname(file), { [basename(file)]: content }, texts);
}

/**
 * Writes files by name into `folder` and returns their paths.
 *
 * Each is written beside its place and renamed when all are complete, so that a full disk leaves the old files as they were.
 */
export function writeFiles(folder: string, files: Record<string, string | Uint8Array>, texts: Texts): string[] {
  const places = Object.entries(files).map(([name, content]) => {
    const path = join(folder, name);
    return { path, draft: `${path}.${process.pid}.part`, content };
  });
  try {
    for (const { draft, content } of places) writeFileSync(draft, content);
    for (const { draft, path } of places) renameSync(draft, path);
  } catch (cause) {
    for (const { draft } of places) rmSync(draft, { force: true });
    throw cannotWrite(folder, cause, texts);
  }
  return places.map(({ path }) => path);
}

export function cannotWrite(folder: string, cause: unknown, texts: Texts): Failure {
  const reason = cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : String(cause);
  const message = reason === "ENOSPC" ? texts.training.diskFull(folder) : texts.cannotWrite(folder, reason);
  return new Failure(message, { cause });
}
