// One run of a command: its streams, language, output and signals.
import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { Failure, Interrupted } from "./failure.ts";
import type { Io, Output } from "./io.ts";
import { type Colors, colorsFor } from "./terminal/colors.ts";
import { showCursor } from "./terminal/control-sequences.ts";
import { languageOf } from "./terminal/language.ts";
import type { LiveDisplay } from "./terminal/live-display.ts";
import { printable } from "./terminal/printable.ts";
import { type Language, type Texts, texts as textsOf } from "./texts/languages.ts";

export class Session {
  readonly io: Io;
  readonly language: Language;
  readonly texts: Texts;
  /** What is drawn in place at the end of stderr; logged text goes above it. */
  display: LiveDisplay | undefined;
  /** The first error of stdout, if any. */
  #stdoutError: NodeJS.ErrnoException | undefined;

  constructor(args: readonly string[], io: Io) {
    this.io = io;
    this.language = languageOf(args, io.env);
    this.texts = textsOf[this.language];
  }

  /** Prints a result and a newline to stdout. The caller must pass untrusted values through `printable`. */
  print(text: string): void {
    this.io.stdout.write(`${text}\n`);
  }

  /**
   * Prints a chunk of a long result to stdout and waits until the stream accepts more. Returns false if stdout has been closed
   * or has failed; the error is reported at the end of the run.
   */
  async printChunk(text: string): Promise<boolean> {
    const { stdout } = this.io;
    if (stdout.writable && !stdout.write(text)) {
      const waiting = new AbortController();
      const { signal } = waiting;
      await Promise.race(["drain", "close"].map((event) => once(stdout, event, { signal }).catch(() => {})));
      waiting.abort();
    }
    return stdout.writable;
  }

  /** Prints progress, notes and errors to stderr, with control characters escaped. */
  log(text: string): void {
    const lines = `${text.split("\n").map(printable).join("\n")}\n`;
    if (this.display === undefined) this.io.stderr.write(lines);
    else this.display.print(lines);
  }

  /** Width of the terminal that shows the results. */
  get columns(): number {
    return this.io.stdout.columns ?? 100;
  }

  colorsOf(stream: Output): Colors {
    return colorsFor(stream, this.io.env);
  }

  /**
   * Runs `work` with an abort signal. The first SIGINT, SIGTERM or SIGHUP aborts it, with the signal's name as the reason. The
   * second terminates the process immediately.
   *
   * Files are written synchronously, so immediate termination leaves no incomplete file.
   */
  async interruptible<T>(work: (signal: AbortSignal) => Promise<T>, onFirst: () => void = () => {}): Promise<T> {
    const controller = new AbortController();
    const stop = this.io.onSignal((received) => {
      if (controller.signal.aborted) {
        this.io.stderr.write(`${showCursor}\n`); // a live figure may have hidden it
        this.io.exit(new Interrupted("", received).exitCode);
        return;
      }
      controller.abort(received);
      onFirst();
    });
    try {
      return await work(controller.signal);
    } finally {
      stop();
    }
  }

  /** Yields to pending signals. @throws Interrupted with this message if one has arrived. */
  async pause(signal: AbortSignal, interrupted: string): Promise<void> {
    await setImmediate();
    if (signal.aborted) throw new Interrupted(interrupted, signal.reason);
  }

  /** Awaits a computation that the signal can abort. @throws Interrupted with this message if it did. */
  async unlessAborted<T>(computation: Promise<T>, signal: AbortSignal, interrupted: string): Promise<T> {
    try {
      return await computation;
    } catch (error) {
      throw signal.aborted ? new Interrupted(interrupted, signal.reason) : error;
    }
  }

  /**
   * Runs `work` and handles broken streams: if a reader such as `head` closes the pipe early, files are still written; if the disk
   * is full, the run fails.
   */
  async withStreams(work: () => Promise<void>): Promise<void> {
    const { stdout, stderr } = this.io;
    const onStdout = (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") this.#stdoutError ??= error;
    };
    const onStderr = () => {}; // there is no way to report it
    stdout.on("error", onStdout);
    stderr.on("error", onStderr);
    try {
      await work();
      await written(stdout);
      if (this.#stdoutError) throw new Failure(this.texts.stdoutFailed(this.#stdoutError.code ?? "?"));
    } finally {
      // The listeners stay on the process's own streams: buffered text may fail later.
      if (stdout !== process.stdout) stdout.off("error", onStdout);
      if (stderr !== process.stderr) stderr.off("error", onStderr);
    }
  }
}

/** Resolves once all printed text has been flushed, or the stream has closed. */
async function written(stream: Output): Promise<void> {
  if (stream.writable) {
    await new Promise<void>((resolve) => {
      stream.write("", () => resolve());
      stream.once("close", () => resolve());
    });
  }
  await setImmediate(); // write errors are emitted one turn of the event loop later
}
