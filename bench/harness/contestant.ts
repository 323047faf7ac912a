// A contestant: one library with one work in its own process, which answers commands one at a time.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { within } from "./deadline.ts";

export interface Contestant {
  /** The answer to a command; if none comes in time, or the process ends first, the contestant fails. */
  ask(command: string, deadlineMs: number): Promise<Answer>;
  end(): Promise<void>;
}

/** The answer of a contestant. */
export interface Answer {
  importMs?: number;
  values?: number[];
  samples?: number[];
  peakMb?: number | null;
}

/** The command that is never sent: a contestant answers it when it is ready. */
export const START = "";

/** One thread each, for every library that multiplies matrices. */
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
    let errorOutput = "";
    this.child.stderr.on("data", (text) => {
      errorOutput = (errorOutput + text).slice(-4000);
    });
    this.ended = new Promise((resolve) => {
      this.child.on("error", (error) => resolve(error.message));
      this.child.on("close", (code, signal) =>
        resolve(`ended with ${signal ?? `code ${code}`}: ${errorLine(errorOutput)}`),
      );
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
      if (value.startsWith("{")) return JSON.parse(value); // libraries print other lines, too
    }
  }
}

/** The line of a stack trace with the error. */
function errorLine(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return (lines.find((line) => /^\w*(Error|limit)\b/.test(line)) ?? lines.at(-1) ?? "it said nothing").trim();
}
