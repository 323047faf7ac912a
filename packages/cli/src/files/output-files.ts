// Writes result files atomically and durably: each is complete on the disk, or absent.
import { randomBytes } from "node:crypto";
import { closeSync, fchmodSync, fchownSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Texts } from "../texts/languages.ts";
import { cannotWrite, type Destination, destinationOf } from "./output-places.ts";
import { deleteOnExit, keepOnExit } from "./temporary-files.ts";

/**
 * A file that is written under a temporary name next to its destination and renamed when it is complete.
 *
 * Until `publish`, any error or end of the process leaves the destination unchanged.
 */
export class TemporaryFile {
  readonly path: string;
  readonly #destination: Destination;
  #file: number | undefined;
  #published = false;

  constructor(destination: Destination) {
    const { path, device, found } = destination;
    this.#destination = destination;
    this.path = device ? path : temporaryName(path, process.pid);
    this.#file = openSync(this.path, device ? "w" : "wx");
    if (device) return;
    deleteOnExit(this.path);
    if (found === undefined) return; // a new file has the permissions that the umask allows
    try {
      fchownSync(this.#file, Number(found.uid), Number(found.gid));
    } catch {} // only root may change the owner
    fchmodSync(this.#file, Number(found.mode & 0o7777n));
  }

  write(content: string | Uint8Array): void {
    writeFileSync(this.#file!, content); // appends all of it
  }

  /** Flushes the content to the disk. */
  complete(): void {
    if (!this.#destination.device) fsyncSync(this.#file!);
    this.close();
  }

  /** Replaces the destination atomically. */
  publish(): void {
    if (this.#file !== undefined) this.complete();
    if (this.#destination.device) return;
    renameSync(this.path, this.#destination.path);
    this.#published = true;
    keepOnExit(this.path);
    syncFolder(dirname(this.path));
  }

  /** Deletes the file unless it was published. */
  discard(): void {
    this.close();
    if (this.#destination.device || this.#published) return;
    rmSync(this.path, { force: true });
    keepOnExit(this.path);
  }

  /** Closes the file; another writer may still use its path. */
  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}

/** The path of a temporary file, short enough for any file system. `pid` identifies its owner. */
export function temporaryName(path: string, pid: number): string {
  return join(dirname(path), `${temporaryPrefix(path, pid)}${randomBytes(4).toString("hex")}.part`);
}

/** The prefix of the names of a process's temporary files for a path. */
export function temporaryPrefix(path: string, pid: number): string {
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
  const contents = Object.entries(files).map(([name, content]): [string, string | Uint8Array] => [
    join(folder, name),
    content,
  ]);
  writeAll(option, contents, texts);
  return contents.map(([path]) => path);
}

function writeAll(option: string, files: readonly [path: string, content: string | Uint8Array][], texts: Texts): void {
  const temporary: TemporaryFile[] = [];
  let at = files[0]![0];
  try {
    for (const [path, content] of files) {
      at = path;
      const file = new TemporaryFile(destinationOf(option, path, texts));
      temporary.push(file);
      file.write(content);
      file.complete();
    }
    for (const file of temporary) file.publish();
  } catch (cause) {
    throw cannotWrite(option, at, cause, texts);
  } finally {
    for (const file of temporary) file.discard();
  }
}

/** A rename is durable only after fsync of its folder, which some systems do not support. */
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
