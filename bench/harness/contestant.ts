// A contestant: one library with one work, in a process of its own, that answers commands one at a time.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { within } from "./deadline.ts";

export interface Contestant {
  /** The answer to a command; where none comes in time, or the process ends before, this contestant is over. */
  ask(command: string, deadlineMs: number): Promise<Answer>;
  end(): Promise<void>;
}

/** What a contestant may answer. */
export interface Answer {
  importMs?: number;
  values?: number[];
  samples?: number[];
  peakMb?: number | null;
}

/** The command whose answer comes by itself when a contestant is ready. */
export const START = "";

/** One thread each, whatever library multiplies matrices. */
const oneThread = {
  OMP_NUM_THREADS: "1",
  OPENBLAS_NUM_THREADS: "1",
  MKL_NUM_THREADS: "1",
  VECLIB_MAXIMUM_THREADS: "1",
};

export class ProcessContestant implements Contestant {
  private readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  private readonly lines: AsyncIterator<string>;
  /** Why the process ended, once it has. */
  private readonly ended: Promise<string>;

  constructor(command: string, parameters: string[]) {
    const env = { ...process.env, ...oneThread };
    this.child = spawn(command, parameters, { stdio: ["pipe", "pipe", "pipe"], env });
    this.child.stdin.on("error", () => {}); // a command to a process that has ended; its end says why
    this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
    let complaints = "";
    this.child.stderr.on("data", (text) => {
      complaints = (complaints + text).slice(-4000);
    });
    this.ended = new Promise((resolve) => {
      this.child.on("error", (error) => resolve(error.message));
      this.child.on("close", (code, signal) => resolve(`ended with ${signal ?? `code ${code}`}: ${gist(complaints)}`));
    });
  }

  async ask(command: string, deadlineMs: number): Promise<Answer> {
    if (command !== START) this.child.stdin.write(`${command}\n`);
    try {
      return await within(deadlineMs, [this.read()]);
    } catch (error) {
      this.child.kill("SIGKILL");
      throw error;
    }
  }

  async end(): Promise<void> {
    this.child.stdin.end();
    await this.ended;
  }

  private async read(): Promise<Answer> {
    for (;;) {
      const { value, done } = await this.lines.next();
      if (done) throw new Error(await this.ended);
      if (value.startsWith("{")) return JSON.parse(value); // anything else is a library's greeting
    }
  }
}

/** The line of a stack trace that says what happened. */
function gist(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return (lines.find((line) => /^\w*(Error|limit)\b/.test(line)) ?? lines.at(-1) ?? "it said nothing").trim();
}
