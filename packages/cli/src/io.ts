// The environment of a command except files: from Node in a process, simulated in tests.
import { fstatSync, writeFileSync } from "node:fs";
import { Writable } from "node:stream";

/** An output stream. The terminal properties are undefined for files and pipes. */
export type Output = NodeJS.WritableStream & {
  isTTY?: boolean;
  columns?: number;
  rows?: number;
  hasColors?(): boolean;
};

export interface Io {
  stdin: NodeJS.ReadableStream;
  stdout: Output;
  stderr: Output;
  env: NodeJS.ProcessEnv;
  /** A monotonic clock, in milliseconds. */
  now(): number;
  /** The current date, for reports. */
  today(): Date;
  /** Calls `listener` with every SIGINT, SIGTERM and SIGHUP until the returned function is called. */
  onSignal(listener: (signal: NodeJS.Signals) => void): () => void;
  /** Ends the process immediately, for a second Ctrl-C. */
  exit(code: number): void;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** If stdout is a file, Node drops the rest of a partial write to a full disk; this stream writes everything or fails. */
function stdoutInFull(): Output {
  try {
    if (!fstatSync(1).isFile()) return process.stdout;
  } catch {
    return process.stdout; // stdout is closed
  }
  return new Writable({
    decodeStrings: true,
    write(bytes: Uint8Array, _, done) {
      try {
        writeFileSync(1, bytes);
        done();
      } catch (error) {
        done(error as Error);
      }
    },
  });
}

/** The process's own streams, environment, clock and signals. */
export const processIo: Io = {
  stdin: process.stdin,
  stdout: stdoutInFull(),
  stderr: process.stderr,
  env: process.env,
  now: () => performance.now(),
  today: () => new Date(),
  onSignal(listener) {
    for (const signal of signals) process.on(signal, listener);
    return () => {
      for (const signal of signals) process.off(signal, listener);
    };
  },
  exit: (code) => process.exit(code),
};
