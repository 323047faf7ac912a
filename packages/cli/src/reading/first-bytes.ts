// Reads the first bytes of a file, from which its content is detected.
import { closeSync, openSync, readSync } from "node:fs";
import { sampleBytes } from "@eddy/ui/reading";

/** The first bytes of a file. */
export function firstBytes(path: string): Buffer {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(sampleBytes);
    return bytes.subarray(0, readSync(file, bytes, 0, sampleBytes, 0));
  } finally {
    closeSync(file);
  }
}
