// Writes result files so that each is either complete on the disk or absent.
import { randomBytes } from "node:crypto";
import { closeSync, fchmodSync, fchownSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Texts } from "../texts/languages.ts";
import { cannotWrite, type Place, placeOf } from "./output-places.ts";
import { hold, letGo } from "./temporary-files.ts";

/**
 * A file that is written under a temporary name next to its destination and renamed when it is complete.
 *
 * Until `publish`, any error or end of the process leaves the destination unchanged.
 */
export class Draft {
  readonly path: string;
  readonly #place: Place;
  #file: number | undefined;
  #published = false;

  constructor(place: Place) {
    const { path, device, found } = place;
    this.#place = place;
    this.path = device ? path : draftName(path, process.pid);
    this.#file = openSync(this.path, device ? "w" : "wx");
    if (device) return;
    hold(this.path);
    if (found === undefined) return; // a new file has the permissions that the umask allows
    try {
      fchownSync(this.#file, Number(found.uid), Number(found.gid));
    } catch {} // only root may change the owner
    fchmodSync(this.#file, Number(found.mode & 0o7777n));
  }

  write(content: string | Uint8Array): void {
    writeFileSync(this.#file!, content); // writes everything, after the existing content
  }

  /** Flushes the content to the disk. */
  complete(): void {
    if (!this.#place.device) fsyncSync(this.#file!);
    this.close();
  }

  /** Replaces the destination atomically. */
  publish(): void {
    if (this.#file !== undefined) this.complete();
    if (this.#place.device) return;
    renameSync(this.path, this.#place.path);
    this.#published = true;
    letGo(this.path);
    syncFolder(dirname(this.path));
  }

  /** Removes the draft unless it was published. */
  discard(): void {
    this.close();
    if (this.#place.device || this.#published) return;
    rmSync(this.path, { force: true });
    letGo(this.path);
  }

  /** Closes the file; another writer may still use its path. */
  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

/** The path of a draft, shortened to the length that file systems allow. `pid` identifies its owner. */
function draftName(path: string, pid: number): string {
  return join(dirname(path), `${draftStart(path, pid)}${randomBytes(4).toString("hex")}.part`);
}

/** The prefix of the names of a process's drafts of a file. */
export function draftStart(path: string, pid: number): string {
  return `${basename(path).slice(0, 50)}.${pid}-`;
}

/** Writes one file completely or not at all. */
export function writeOne(option: string, file: string, content: string | Uint8Array, texts: Texts): void {
  writeAll(option, [[file, content]], texts);
}

/** Writes files by name into `folder` and returns their paths; writes none if the disk has no space for all. */
export function writeFiles(
  option: string,
  folder: string,
  files: Record<string, string | Uint8Array>,
  texts: Texts,
): string[] {
  const placed = Object.entries(files).map(([name, content]): [string, string | Uint8Array] => [
    join(folder, name),
    content,
  ]);
  writeAll(option, placed, texts);
  return placed.map(([path]) => path);
}

function writeAll(option: string, files: readonly [path: string, content: string | Uint8Array][], texts: Texts): void {
  const drafts: Draft[] = [];
  let at = files[0]![0];
  try {
    for (const [path, content] of files) {
      at = path;
      const draft = new Draft(placeOf(option, path, texts));
      drafts.push(draft);
      draft.write(content);
      draft.complete();
    }
    for (const draft of drafts) draft.publish();
  } catch (cause) {
    throw cannotWrite(option, at, cause, texts);
  } finally {
    for (const draft of drafts) draft.discard();
  }
}

/** A rename is durable only after its folder was synced; some systems cannot sync a folder. */
function syncFolder(folder: string): void {
  let file: number | undefined;
  try {
    file = openSync(folder, "r");
    fsyncSync(file);
  } catch {
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
