/** Long computations as generators that pause: run to the end at once, or interleaved with the event loop. */
import { fault } from "../fault.ts";
import { rule } from "../nn/options.ts";

declare const performance: { now(): number };
declare const setImmediate: ((run: () => void) => void) | undefined;
declare const setTimeout: (run: () => void, ms: number) => void;
interface Port {
  onmessage: (() => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}
declare const MessageChannel: (new () => { port1: Port; port2: Port }) | undefined;

/** A computation that pauses by `yield` whenever a few milliseconds may have passed. */
export type Paced<Result> = Generator<undefined, Result, undefined>;

/** Runs a paced computation to its end without pausing. */
export function finish<Result>(paced: Paced<Result>): Result {
  for (;;) {
    const { done, value } = paced.next();
    if (done) return value;
  }
}

/** Monotonic milliseconds. */
export function nowMs(): number {
  return performance.now();
}

/** How long a computation runs before it yields to the event loop; the longest step without a pause is added to this. */
const turnMs = 10;

/**
 * Yields to the event loop at the end of each turn, so that timers, messages and Ctrl-C are handled.
 *
 * Node's setImmediate lets timers and I/O run in between, which its MessagePorts do not (they deliver up to 1000 messages
 * at once). Browsers have MessageChannel; their setTimeout waits at least 4 ms.
 */
export class Pace {
  #turnStart = nowMs();
  #channel: { port1: Port; port2: Port } | undefined;

  /** Whether this turn has lasted long enough. */
  get due(): boolean {
    return nowMs() - this.#turnStart >= turnMs;
  }

  /** Resolves after other macrotasks have run. */
  async yieldToEventLoop(): Promise<void> {
    await new Promise<void>((resolve) => this.#schedule(resolve));
    this.#turnStart = nowMs();
  }

  /** Runs a paced computation to its end, interleaved with the event loop. */
  async finish<Result>(paced: Paced<Result>): Promise<Result> {
    for (;;) {
      const { done, value } = paced.next();
      if (done) return value;
      if (this.due) await this.yieldToEventLoop();
    }
  }

  /** Closes the port that would keep the process alive. */
  close(): void {
    this.#channel?.port1.close();
    this.#channel = undefined;
  }

  #schedule(run: () => void): void {
    if (typeof setImmediate === "function") setImmediate(run);
    else if (typeof MessageChannel === "function") {
      this.#channel ??= new MessageChannel();
      this.#channel.port1.onmessage = run;
      this.#channel.port2.postMessage(undefined);
    } else setTimeout(run, 0);
  }
}

/** The parts of an AbortSignal that are used. */
export interface Abort {
  readonly aborted: boolean;
  readonly reason?: unknown;
}

/** The rule for a `signal` option. */
export const signalRule = rule<Abort>(
  "an AbortSignal",
  (value) => typeof value === "object" && value !== null && "aborted" in value,
);

/** Runs a paced computation to its end, interleaved with the event loop; an aborted signal rejects with its reason. */
export async function inTurns<Result>(paced: Paced<Result>, signal?: Abort): Promise<Result> {
  const pace = new Pace();
  try {
    for (;;) {
      throwIfAborted(signal);
      const { done, value } = paced.next();
      if (done) return value;
      if (pace.due) await pace.yieldToEventLoop();
    }
  } finally {
    pace.close();
  }
}

/** @throws the reason of an aborted signal. */
export function throwIfAborted(signal: Abort | undefined): void {
  if (signal?.aborted) throw signal.reason ?? aborted();
}

const aborted = () => fault("state", "signal", "a signal that is not aborted", "an aborted signal");
