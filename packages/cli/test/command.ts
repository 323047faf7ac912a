// Runs the command in this process or, for signals and real terminals, the built command as a separate process.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import type { Io, Output } from "../src/io.ts";
import { run } from "../src/run.ts";

export const bin = fileURLToPath(new URL("../bin/eddy.js", import.meta.url));

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** What a test may change in the environment of the command. */
export interface World {
  env?: NodeJS.ProcessEnv;
  stdin?: string | Uint8Array;
  /** Sizes of a terminal, for stdout and stderr alike. */
  terminal?: { columns: number; rows: number };
  /** Called with all output on stderr so far; a returned signal is sent to the command. */
  onTold?: (stderr: string) => NodeJS.Signals | undefined;
  today?: Date;
}

// A process has one current folder, so runs wait for one another.
let last: Promise<unknown> = Promise.resolve();

/** Runs `eddy` in this process in the folder `cwd`: without a terminal, in English and without colours unless asked. */
export function eddy(words: string[], cwd?: string, world: World = {}): Promise<Ended> {
  const next = last.then(() => runHere(words, cwd, world));
  last = next.catch(() => {});
  return next;
}

async function runHere(words: string[], cwd: string | undefined, world: World): Promise<Ended> {
  const listeners = new Set<(signal: NodeJS.Signals) => void>();
  const stdout = collecting(world.terminal);
  const stderr = collecting(world.terminal, (text) => {
    const signal = world.onTold?.(text);
    if (signal !== undefined) for (const listener of listeners) listener(signal);
  });
  const io: Io = {
    stdin: world.stdin === undefined ? new PassThrough().end() : Readable.from([Buffer.from(world.stdin)]),
    stdout: stdout.stream,
    stderr: stderr.stream,
    env: { LC_ALL: "C.UTF-8", ...world.env },
    now: () => performance.now(),
    today: () => world.today ?? new Date(),
    onSignal(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    exit(code) {
      throw new Error(`ended at once with ${code}`);
    },
  };
  const before = process.cwd();
  if (cwd !== undefined) process.chdir(cwd);
  try {
    return { code: await run(words, io), stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    process.chdir(before);
  }
}

function collecting(terminal: World["terminal"], onText?: (all: string) => void) {
  let all = "";
  const stream: Output = new Writable({
    decodeStrings: false,
    write(chunk: string | Uint8Array, _, done) {
      all += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString();
      onText?.(all);
      done();
    },
  });
  if (terminal) Object.assign(stream, terminal, { isTTY: true, hasColors: () => true });
  return { stream, text: () => all };
}

/** Starts the built `eddy` as a process, without a terminal, in English and in no colours of its own accord. */
export function start(
  words: string[],
  cwd?: string,
  env: NodeJS.ProcessEnv = {},
): { child: ChildProcess; ended: Promise<Ended> } {
  const { FORCE_COLOR: _, ...inherited } = process.env;
  const child = spawn(process.execPath, [bin, ...words], { cwd, env: { ...inherited, LC_ALL: "C.UTF-8", ...env } });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject).on("close", (code) => resolve({ code, stdout, stderr }));
  });
  return { child, ended };
}

/** An empty folder that goes when the test ends. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "eddy-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
