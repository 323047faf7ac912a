// One run of the command: its streams, its language, and the ways in which it says things.
import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { Failure, Interrupted } from "./failure.ts";
import type { Io, Output } from "./io.ts";
import { type Colors, colorsFor } from "./terminal/colors.ts";
import { showCursor } from "./terminal/control-sequences.ts";
import { languageOf } from "./terminal/language.ts";
import { printable } from "./terminal/printable.ts";
import { type Language, type Texts, texts as textsOf } from "./texts/languages.ts";

export class Session {
  readonly io: Io;
  readonly language: Language;
  readonly texts: Texts;
  /** What went wrong with stdout, where something did. */
  #stdoutError: NodeJS.ErrnoException | undefined;

  constructor(words: readonly string[], io: Io) {
    this.io = io;
    this.language = languageOf(words, io.env);
    this.texts = textsOf[this.language];
  }

  /** Prints a result and a line end on stdout. Values from outside must be `shown` by who puts the text together. */
  print(text: string): void {
    this.io.stdout.write(`${text}\n`);
  }

  /**
   * Prints a piece of a long result on stdout and waits until there is room for more; false where no more can be printed,
   * since nobody reads it or an error came, which the end of the run tells.
   */
  async printPiece(text: string): Promise<boolean> {
    const { stdout } = this.io;
    if (stdout.writable && !stdout.write(text)) {
      const waiting = new AbortController();
      const { signal } = waiting;
      await Promise.race(["drain", "close"].map((event) => once(stdout, event, { signal }).catch(() => {})));
      waiting.abort();
    }
    return stdout.writable;
  }

  /** Tells of progress, and whatever else is no result, on stderr; control characters in it are made visible. */
  tell(text: string): void {
    this.io.stderr.write(`${text.split("\n").map(printable).join("\n")}\n`);
  }

  /** Columns of the terminal that results go to. */
  get columns(): number {
    return this.io.stdout.columns ?? 100;
  }

  colorsOf(stream: Output): Colors {
    return colorsFor(stream, this.io.env);
  }

  /**
   * Runs `work` with a signal that the first Ctrl-C (SIGINT, SIGTERM, SIGHUP) aborts, with its name as the reason; the second
   * ends everything at once.
   *
   * Files are written in one go, without giving way to signals, so that ending at once leaves none half-written.
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

  /** Lets signals in, and ends with `interrupted` where one has come. */
  async pause(signal: AbortSignal, interrupted: string): Promise<void> {
    await setImmediate();
    if (signal.aborted) throw new Interrupted(interrupted, signal.reason);
  }

  /** What a computation in turns gives; `interrupted` where the signal ended it. */
  async unlessAborted<T>(computation: Promise<T>, signal: AbortSignal, interrupted: string): Promise<T> {
    try {
      return await computation;
    } catch (error) {
      throw signal.aborted ? new Interrupted(interrupted, signal.reason) : error;
    }
  }

  /**
   * Runs `work` while streams may break: a reader such as `head` may leave early, and what is still to be written to files is
   * written all the same; a disk that is full makes the run fail.
   */
  async withStreams(work: () => Promise<void>): Promise<void> {
    const { stdout, stderr } = this.io;
    const onStdout = (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") this.#stdoutError ??= error;
    };
    const onStderr = () => {}; // there is nowhere left to say it
    stdout.on("error", onStdout);
    stderr.on("error", onStderr);
    try {
      await work();
      await written(stdout);
      if (this.#stdoutError) throw new Failure(this.texts.stdoutFailed(this.#stdoutError.code ?? "?"));
    } finally {
      // The listeners stay on the process's own streams: what is buffered may fail after this.
      if (stdout !== process.stdout) stdout.off("error", onStdout);
      if (stderr !== process.stderr) stderr.off("error", onStderr);
    }
  }
}

/** When what was printed so far has been handed over, or could not be. */
async function written(stream: Output): Promise<void> {
  if (stream.writable) {
    await new Promise<void>((resolve) => {
      stream.write("", () => resolve());
      stream.once("close", () => resolve());
    });
  }
  await setImmediate(); // an error of a write is told one turn later
}
