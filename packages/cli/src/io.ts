// Everything that a command uses of the outside world besides files: a process gets it from Node, a test makes its own.
import { fstatSync, writeFileSync } from "node:fs";
import { Writable } from "node:stream";

/** Where text goes. Files and pipes lack the properties of a terminal. */
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
  /** Milliseconds of a monotonic clock. */
  now(): number;
  /** The current date, for reports. */
  today(): Date;
  /** Calls `listener` with every SIGINT, SIGTERM and SIGHUP until the returned function is called. */
  onSignal(listener: (signal: NodeJS.Signals) => void): () => void;
  /** Ends the process immediately, for a second Ctrl-C. */
  exit(code: number): void;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** If stdout is a file, Node ignores partial writes to a full disk; this stream writes everything, or fails. */
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
