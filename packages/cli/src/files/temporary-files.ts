// Files that must not outlive the process, drafts and locks: they go when it ends, however it ends (kill -9 excepted).
import { rmSync } from "node:fs";

const held = new Set<string>();

/** Removes the file when the process ends, unless it is let go before. */
export function hold(path: string): void {
  if (held.size === 0) process.once("exit", removeAll);
  held.add(path);
}

/** The file has found its place or is gone. */
export function letGo(path: string): void {
  held.delete(path);
  if (held.size === 0) process.off("exit", removeAll);
}

function removeAll(): void {
  for (const path of held) {
    try {
      rmSync(path, { force: true });
    } catch {} // its folder may have gone, or be read-only by now
  }
}
