// Answers the page's requests: runs the steps of both runs at the requested rate, without flooding the page.
import type { LearnedStep, Report, Request, RunName } from "./protocol.ts";
import { Run } from "./run.ts";

/** Time and timers, which a test replaces. */
export interface Clock {
  /** In milliseconds. */
  now(): number;
  /** Calls back after a number of milliseconds; returns a function that cancels it. */
  after(ms: number, callBack: () => void): () => void;
}

/** Steps run for this long at most before the next request is read. */
const sliceMs = 10;
/** Steps of a run that may wait for the page; then the run waits too. */
const maxWaiting = 64;
/** When the machine was too slow, this much is caught up at most. */
const maxBehindMs = 100;

/** A run, and what the page has not received of it. */
interface Lane {
  readonly run: Run;
  waiting: LearnedStep[];
  /** Why the run has ended; sent after its last steps. */
  end: Extract<Report, { kind: "finished" | "failed" }> | undefined;
  isEndSent: boolean;
}

/** Both runs and their schedule; it knows neither Worker nor page. */
export class Runner {
  readonly #lanes = new Map<RunName, Lane>();
  readonly #post: (report: Report) => void;
  readonly #clock: Clock;
  /** 0 while paused. */
  #stepsPerSecond = 0;
  /** Number of steps that are due, counted until `#countedAt`. */
  #due = 0;
  #countedAt = 0;
  #cancelTimer: (() => void) | undefined;
  /** Number of `steps` messages that the page has not acknowledged. */
  #onTheirWay = 0;
  #watched: number | undefined;

  constructor(post: (report: Report) => void, clock: Clock) {
    this.#post = post;
    this.#clock = clock;
  }

  /** What each request does. */
  readonly #answers: { [Kind in Request["kind"]]: (request: Extract<Request, { kind: Kind }>) => void } = {
    start: (request) => this.#start(request),
    change: (request) => this.#change(request),
    play: ({ stepsPerSecond }) => this.#play(stepsPerSecond),
    pause: () => this.#pause(),
    step: () => {
      this.#step();
      this.#send();
    },
    watch: ({ output }) => this.#watch(output),
    predict: ({ run, id, input, carried }) => {
      this.#post({ kind: "predicted", id, ...this.#lane(run).run.predict(input, carried) });
    },
    export: ({ run, id, format }) => {
      this.#post({ kind: "exported", id, bytes: this.#lane(run).run.export(format) });
    },
    drop: ({ run }) => this.#lanes.delete(run),
    received: () => {
      this.#onTheirWay--;
      this.#send();
      this.#schedule();
    },
  };

  /** @throws RangeError for a request that does not fit the runs. */
  receive(request: Request): void {
    (this.#answers[request.kind] as (request: Request) => void)(request);
  }

  #start({ run: name, settings, signal }: Extract<Request, { kind: "start" }>): void {
    this.#pause();
    this.#lanes.delete(name);
    try {
      const run = new Run(settings, signal);
      run.watched = this.#watched;
      this.#lanes.set(name, { run, waiting: [], end: undefined, isEndSent: false });
      this.#post({ kind: "started", run: name, description: run.description });
    } catch (error) {
      this.#post(failure(name, 0, error)); // for example, weights that do not fit in memory
    }
  }

  #change({ run: name, settings }: Extract<Request, { kind: "change" }>): void {
    const lane = this.#lane(name);
    lane.run.change(settings);
    if (lane.end?.kind === "failed" || lane.run.isFinished === (lane.end !== undefined)) return;
    lane.end = lane.run.isFinished ? { kind: "finished", run: name } : undefined;
    lane.isEndSent = false;
    this.#send();
  }

  #play(stepsPerSecond: number): void {
    this.#pause();
    this.#stepsPerSecond = stepsPerSecond;
    this.#due = 1; // the first step at once
    this.#countedAt = this.#clock.now();
    this.#schedule();
  }

  #pause(): void {
    this.#stepsPerSecond = 0;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  #watch(output: number | undefined): void {
    this.#watched = output;
    for (const [name, { run }] of this.#lanes) {
      run.watched = output;
      if (run.step > 0) this.#post({ kind: "influence", run: name, step: run.step, influence: run.influence() });
    }
  }

  /** Sets the timer for the next step, unless the page is so far behind that its next message must come first. */
  #schedule(): void {
    if (this.#running().length === 0) this.#pause();
    if (this.#stepsPerSecond === 0 || this.#cancelTimer !== undefined || !this.#hasRoom()) return;
    const delay = Math.max(0, Math.ceil(((1 - this.#due) / this.#stepsPerSecond) * 1000));
    this.#cancelTimer = this.#clock.after(delay, () => this.#runSlice());
  }

  #runSlice(): void {
    this.#cancelTimer = undefined;
    const start = this.#clock.now();
    const elapsed = Math.min(start - this.#countedAt, Math.max(maxBehindMs, 1000 / this.#stepsPerSecond));
    this.#due += (elapsed / 1000) * this.#stepsPerSecond;
    this.#countedAt = start;
    while (this.#due >= 1 && this.#hasRoom() && this.#clock.now() - start < sliceMs) {
      this.#step();
      this.#due--;
    }
    this.#send();
    this.#schedule();
  }

  /** One step of each run that has not ended. */
  #step(): void {
    for (const [name, lane] of this.#running()) {
      try {
        lane.waiting.push(lane.run.next());
        if (lane.run.isFinished) lane.end = { kind: "finished", run: name };
      } catch (error) {
        lane.end = failure(name, lane.run.step + 1, error);
      }
    }
  }

  /** Sends what waits, if the page has drawn everything before it. */
  #send(): void {
    if (this.#onTheirWay > 0) return;
    for (const [name, lane] of this.#lanes) {
      if (lane.waiting.length > 0) {
        this.#post({ kind: "steps", run: name, steps: lane.waiting });
        this.#onTheirWay++;
        lane.waiting = [];
      }
      if (lane.end !== undefined && !lane.isEndSent) {
        this.#post(lane.end);
        lane.isEndSent = true;
      }
    }
  }

  #running(): [RunName, Lane][] {
    return [...this.#lanes].filter(([, { end }]) => end === undefined);
  }

  #hasRoom(): boolean {
    return [...this.#lanes.values()].every(({ waiting }) => waiting.length < maxWaiting);
  }

  #lane(name: RunName): Lane {
    const lane = this.#lanes.get(name);
    if (lane === undefined) throw new RangeError(`expected a run that was started, received "${name}"; start it first`);
    return lane;
  }
}

function failure(run: RunName, step: number, error: unknown): Extract<Report, { kind: "failed" }> {
  return { kind: "failed", run, step, message: error instanceof Error ? error.message : String(error) };
}
