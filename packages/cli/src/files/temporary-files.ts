// Drafts and locks, which must not outlive the process: they are removed when it ends in any way but SIGKILL.
import { rmSync } from "node:fs";

const held = new Set<string>();

/** Removes the file when the process ends, unless `letGo` is called first. */
export function hold(path: string): void {
  if (held.size === 0) process.once("exit", removeAll);
  held.add(path);
}

/** Keeps the file: it was published or has been removed. */
export function letGo(path: string): void {
  held.delete(path);
  if (held.size === 0) process.off("exit", removeAll);
}

function removeAll(): void {
  for (const path of held) {
    try {
      rmSync(path, { force: true });
    } catch {} // its folder may have been removed or become read-only
  }
}
