// The lock of a model in training: two training runs with the same --out would overwrite each other's files.
import { spawnSync } from "node:child_process";
import { constants, copyFileSync, linkSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Failure } from "../failure.ts";
import type { Texts } from "../texts/languages.ts";
import { temporaryName, temporaryPrefix } from "./output-files.ts";
import { cannotWrite, destinationOf } from "./output-places.ts";
import { deleteOnExit, keepOnExit } from "./temporary-files.ts";

/** The owner of a lock. Process ids are reused; the start time distinguishes processes with the same id. */
interface Owner {
  pid: number;
  host: string;
  /** Start time of the process, as a system-specific string; null if unknown. */
  process: string | null;
  since: string;
}

/** The path of a model's lock; `model` is the path after resolving symbolic links. */
export const lockPath = (model: string) => `${model}.lock`;

/**
 * Acquires the lock of a model and returns a function that releases it. Takes over stale locks.
 *
 * @throws Failure with the owner of the lock, if another process is training the model.
 */
export async function lockModel(out: string, now: Date, texts: Texts): Promise<() => void> {
  const model = destinationOf("--out", out, texts).path;
  const lock = lockPath(model);
  const since = now.toISOString().replace(/\.\d+Z$/, "Z");
  const content = JSON.stringify({ pid: process.pid, host: hostname(), process: startOf(process.pid), since });
  const owner = await acquire(lock, content, (stale) => removeTemporaryFiles(model, stale.pid), texts);
  if (owner) throw inUse(out, lock, owner, texts);
  return () => release(lock, content);
}

/** Creates the lock, or returns its owner if that process exists. Stale locks are deleted and passed to `onStale`. */
async function acquire(
  lock: string,
  content: string,
  onStale: (owner: Owner) => void,
  texts: Texts,
): Promise<Owner | undefined> {
  for (let waits = 0; ; ) {
    if (create(lock, content, texts)) return undefined;
    const text = await contentOf(lock);
    if (text === undefined) continue; // released in the meantime
    const owner = parsed(text);
    if (owner && isAlive(owner)) return owner;
    // A process that found the lock stale may delete it only while it holds a second lock, and only if the content is still the
    // same. Otherwise, of two such processes, the slower one would delete the new lock of the faster one.
    const deletion = lockPath(lock);
    const deleting = await acquire(deletion, content, onStale, texts);
    if (deleting) {
      if (++waits > 200) return deleting; // it was stopped, or is on another host
      await setTimeout(25);
      continue;
    }
    if (read(lock) === text) {
      rmSync(lock);
      if (owner) onStale(owner);
    }
    release(deletion, content);
  }
}

/** Whether the lock was created, at once with its content. It is deleted when this process ends. */
function create(lock: string, content: string, texts: Texts): boolean {
  const draft = temporaryName(lock, process.pid);
  try {
    writeFileSync(draft, content, { flag: "wx" });
    try {
      linkSync(draft, lock);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === "EEXIST") return false;
      copyFileSync(draft, lock, constants.COPYFILE_EXCL); // a file system without hard links
    }
    deleteOnExit(lock);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw cannotWrite("--out", lock, cause, texts);
  } finally {
    rmSync(draft, { force: true });
  }
}

function release(lock: string, content: string): void {
  if (read(lock) === content) rmSync(lock, { force: true });
  keepOnExit(lock);
}

/** The content of a lock; retries while the owner is still writing it, where `create` had to copy. */
async function contentOf(lock: string): Promise<string | undefined> {
  for (let tries = 0; tries < 8; tries++) {
    const text = read(lock);
    if (text === undefined || parsed(text)) return text;
    await setTimeout(25);
  }
  return read(lock);
}

function read(lock: string): string | undefined {
  try {
    return readFileSync(lock, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw cause;
  }
}

function parsed(text: string): Owner | undefined {
  try {
    const owner = JSON.parse(text) as Owner;
    return Number.isSafeInteger(owner.pid) && owner.pid > 0 ? owner : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the process exists. On another host this cannot be checked, so its lock is considered valid. */
function isAlive({ pid, host, process: started }: Owner): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EPERM") return false; // EPERM: it exists and belongs to another user
  }
  return started === null || startOf(pid) === null || startOf(pid) === started;
}

/** The start time of a process as a system-specific string, with the boot id on Linux; null if the system does not provide it. */
function startOf(pid: number): string | null {
  try {
    // After the process name, which may contain any character, the 20th field is the start in ticks since boot (proc(5)).
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${fields[19]}`;
  } catch {
    const startTime = process.platform === "win32" ? "" : spawnSync("ps", ["-o", "lstart=", "-p", `${pid}`]).stdout;
    return String(startTime ?? "").trim() || null;
  }
}

function inUse(out: string, lock: string, { pid, host, since }: Owner, { outputs }: Texts): Failure {
  const onOtherHost = host !== hostname();
  const message = outputs.locked(out, pid, onOtherHost ? host : undefined, since);
  return new Failure(message + (onOtherHost ? outputs.lockedElsewhere(lock) : ""));
}

/** Deletes the temporary files of a training run that was killed. */
function removeTemporaryFiles(model: string, pid: number): void {
  const folder = dirname(model);
  const stem = model.replace(/\.safetensors$/, "");
  const prefixes = [model, `${stem}.resume.safetensors`, lockPath(model)].map((path) => temporaryPrefix(path, pid));
  for (const name of readdirSync(folder)) {
    if (name.endsWith(".part") && prefixes.some((prefix) => name.startsWith(prefix))) {
      rmSync(join(folder, name), { force: true });
    }
  }
}
