// Temporary files and locks: they are deleted when the process ends, for any reason except SIGKILL.
import { rmSync } from "node:fs";

const paths = new Set<string>();

/** Deletes the file when the process ends, unless `keepOnExit` is called first. */
export function deleteOnExit(path: string): void {
  if (paths.size === 0) process.once("exit", deleteAll);
  paths.add(path);
}

/** Cancels `deleteOnExit`: the file was published or has been deleted. */
export function keepOnExit(path: string): void {
  paths.delete(path);
  if (paths.size === 0) process.off("exit", deleteAll);
}

function deleteAll(): void {
  for (const path of paths) {
    try {
      rmSync(path, { force: true });
    } catch {} // its folder may have been deleted or become read-only
  }
}
