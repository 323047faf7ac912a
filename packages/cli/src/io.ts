// Everything that a command has of the world outside its files: a process has it from Node, a test makes its own.
import { fstatSync, writeFileSync } from "node:fs";
import { Writable } from "node:stream";

/** Where text goes; what a terminal has besides is left out by files and pipes. */
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
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** The day, for what carries its date. */
  today(): Date;
  /** Calls `listener` with every SIGINT, SIGTERM and SIGHUP until the returned function is called. */
  onSignal(listener: (signal: NodeJS.Signals) => void): () => void;
  /** Ends everything at once, for a second Ctrl-C. */
  exit(code: number): void;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Where stdout is a file, Node forgets what the disk took only a part of; this writes all of it, or fails. */
function stdoutInFull(): Output {
  try {
    if (!fstatSync(1).isFile()) return process.stdout;
  } catch {
    return process.stdout; // it is closed
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

/** What the process itself has. */
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
