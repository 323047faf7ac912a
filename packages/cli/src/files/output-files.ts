// Writes result files so that each is there in full, on the disk, or not at all.
import { randomBytes } from "node:crypto";
import { closeSync, fchmodSync, fchownSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Texts } from "../texts/languages.ts";
import { cannotWrite, type Place, placeOf } from "./output-places.ts";
import { hold, letGo } from "./temporary-files.ts";

/**
 * A file that grows beside its place under a name of its own, and takes the place when it is complete.
 *
 * Whatever may go wrong or end the process before `publish` leaves the place as it was.
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
    if (found === undefined) return; // a new file has the rights that the umask leaves
    try {
      fchownSync(this.#file, Number(found.uid), Number(found.gid));
    } catch {} // only root gives files away
    fchmodSync(this.#file, Number(found.mode & 0o7777n));
  }

  write(content: string | Uint8Array): void {
    writeFileSync(this.#file!, content); // writes all of it, behind what is there
  }

  /** Brings what was written to the disk. */
  complete(): void {
    if (!this.#place.device) fsyncSync(this.#file!);
    this.close();
  }

  /** Takes the place, in one step. */
  publish(): void {
    if (this.#file !== undefined) this.complete();
    if (this.#place.device) return;
    renameSync(this.path, this.#place.path);
    this.#published = true;
    letGo(this.path);
    syncFolder(dirname(this.path));
  }

  /** Removes what has not been published. */
  discard(): void {
    this.close();
    if (this.#place.device || this.#published) return;
    rmSync(this.path, { force: true });
    letGo(this.path);
  }

  /** No more is written by this process's own hand. */
  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

/** The name of a draft, never longer than names may be. `pid` tells whose it is. */
function draftName(path: string, pid: number): string {
  return join(dirname(path), `${draftStart(path, pid)}${randomBytes(4).toString("hex")}.part`);
}

/** How the names of a process's drafts of a file begin. */
export function draftStart(path: string, pid: number): string {
  return `${basename(path).slice(0, 50)}.${pid}-`;
}

/** Writes one file, in full or not at all. */
export function writeOne(option: string, file: string, content: string | Uint8Array, texts: Texts): void {
  writeAll(option, [[file, content]], texts);
}

/** Writes files by name into `folder`, all or none where the disk has no room for all, and returns their paths. */
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

/** A rename is on the disk when its folder is; some systems cannot say so for a folder. */
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
