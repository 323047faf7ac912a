// The lock next to a model in training: two trainings with the same --out would overwrite each other's files.
import { spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Failure } from "../failure.ts";
import type { Texts } from "../texts/languages.ts";
import { draftStart } from "./output-files.ts";
import { cannotWrite, placeOf } from "./output-places.ts";
import { hold, letGo } from "./temporary-files.ts";

/** The process that holds a lock. Process ids are reused; the start time distinguishes two processes with the same id. */
interface Holder {
  pid: number;
  host: string;
  /** Start time of the process in the system's own form; null if unknown. */
  process: string | null;
  since: string;
}

/** The path of a model's lock; `model` is the path after resolving symbolic links. */
export const lockPath = (model: string) => `${model}.lock`;

/**
 * Acquires the lock of a model and returns the function that releases it. Locks of ended processes are taken over.
 *
 * @throws Failure that names the process that holds the lock.
 */
export async function lockModel(out: string, now: Date, texts: Texts): Promise<() => void> {
  const model = placeOf("--out", out, texts).path;
  const lock = lockPath(model);
  const since = now.toISOString().replace(/\.\d+Z$/, "Z");
  const mine = JSON.stringify({ pid: process.pid, host: hostname(), process: startOf(process.pid), since });
  let tookOver = false;
  for (;;) {
    if (create(lock, mine, texts)) break;
    const text = await contentOf(lock);
    if (text === undefined) continue; // released in the meantime
    const holder = parsed(text);
    if (holder && isThere(holder)) throw inUse(out, lock, holder, texts);
    if (read(lock) !== text) continue; // another process took it over
    rmSync(lock, { force: true });
    if (holder) removeDrafts(model, holder.pid);
    tookOver = true;
  }
  hold(lock);
  // If two processes find the same stale lock, the slower one may remove the faster one's new lock: the file decides.
  if (tookOver) await setTimeout(100);
  const holder = tookOver && read(lock) !== mine ? parsed(read(lock) ?? "") : undefined;
  if (holder) {
    letGo(lock);
    throw inUse(out, lock, holder, texts);
  }
  return () => {
    if (read(lock) === mine) rmSync(lock, { force: true });
    letGo(lock);
  };
}

function create(lock: string, content: string, texts: Texts): boolean {
  try {
    const file = openSync(lock, "wx");
    try {
      writeFileSync(file, content);
    } finally {
      closeSync(file);
    }
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw cannotWrite("--out", lock, cause, texts);
  }
}

/** The content of a lock; its owner may need a moment to write it. */
async function contentOf(lock: string): Promise<string | undefined> {
  for (let tries = 0; tries < 8; tries++) {
    const text = read(lock);
    if (text === undefined || parsed(text)) return text;
    await setTimeout(25);
  }
  return read(lock);
}

function read(lock: string): string | undefined {
  return existsSync(lock) ? readFileSync(lock, "utf8") : undefined;
}

function parsed(text: string): Holder | undefined {
  try {
    const holder = JSON.parse(text) as Holder;
    return Number.isSafeInteger(holder.pid) && holder.pid > 0 ? holder : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the process exists; on another host that is unknown, so its lock is respected. */
function isThere({ pid, host, process: started }: Holder): boolean {
  if (host !== hostname()) return true;
  try {
    process.kill(pid, 0);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EPERM") return false; // EPERM: it exists and belongs to another user
  }
  return started === null || startOf(pid) === null || startOf(pid) === started;
}

/** The start time of a process in the system's own form, including the boot id; null if the system does not provide it. */
function startOf(pid: number): string | null {
  try {
    // After the name, which may contain anything, the 20th field is the start in ticks since boot (proc(5)).
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()} ${fields[19]}`;
  } catch {
    const startTime = process.platform === "win32" ? "" : spawnSync("ps", ["-o", "lstart=", "-p", `${pid}`]).stdout;
    return String(startTime ?? "").trim() || null;
  }
}

function inUse(out: string, lock: string, { pid, host, since }: Holder, { outputs }: Texts): Failure {
  const elsewhere = host !== hostname();
  const message = outputs.locked(out, pid, elsewhere ? host : undefined, since);
  return new Failure(message + (elsewhere ? outputs.lockedElsewhere(lock) : ""));
}

/** Removes the incomplete files of a training that was killed. */
function removeDrafts(model: string, pid: number): void {
  const folder = dirname(model);
  const stem = model.replace(/\.safetensors$/, "");
  const starts = [model, `${stem}.resume.safetensors`].map((path) => draftStart(path, pid));
  for (const name of readdirSync(folder)) {
    if (name.endsWith(".part") && starts.some((start) => name.startsWith(start))) {
      rmSync(join(folder, name), { force: true });
    }
  }
}
