// The worker's schedule, with a clock and a page of the test's own.
import { Program, tutorialSettings } from "@eddy/ui/program";
import { expect, test } from "vitest";
import type { LearnedStep, Report, Request, RunName } from "../src/run/protocol.ts";
import { Runner } from "../src/run/runner.ts";

const sin = { kind: "formula", name: "sin" } as const;

/** A runner, the reports it sent, and a clock that the test advances. */
class Stage {
  readonly reports: Report[] = [];
  time = 0;
  timers: { at: number; callBack: () => void }[] = [];
  readonly runner = new Runner((report) => this.reports.push(report), {
    now: () => this.time,
    after: (ms, callBack) => {
      const timer = { at: this.time + ms, callBack };
      this.timers.push(timer);
      return () => {
        this.timers = this.timers.filter((one) => one !== timer);
      };
    },
  });

  ask(...requests: Request[]): this {
    for (const request of requests) this.runner.receive(request);
    return this;
  }

  /** Lets time pass; with `draws`, the page acknowledges each message at once. */
  pass(ms: number, draws = true): this {
    const end = this.time + ms;
    for (;;) {
      if (draws) this.acknowledge();
      const next = this.timers.toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > end) break;
      this.timers = this.timers.filter((one) => one !== next);
      this.time = Math.max(this.time, next.at);
      next.callBack();
    }
    this.time = end;
    return this;
  }

  #acknowledged = 0;
  acknowledge(): void {
    while (this.#acknowledged < this.messages().length) {
      this.#acknowledged++;
      this.ask({ kind: "received" });
    }
  }

  messages() {
    return this.reports.filter((report) => report.kind === "steps");
  }

  steps(run: RunName = "main"): LearnedStep[] {
    return this.messages().flatMap((message) => (message.run === run ? message.steps : []));
  }
}

const start = (changed = {}, run: RunName = "main"): Request => ({
  kind: "start",
  run,
  settings: { ...tutorialSettings, ...changed },
  signal: sin,
});

test("the tutorial's program, with the losses of the program itself", () => {
  const stage = new Stage().ask(start(), { kind: "play", stepsPerSecond: 50 }).pass(10_000);
  const { model } = new Program(tutorialSettings);
  expect(stage.reports[0]).toEqual({ kind: "started", run: "main", description: model.toString() });
  expect(stage.reports.at(-1)).toEqual({ kind: "finished", run: "main" });
  const losses = [...new Program(tutorialSettings).learn()].map(({ loss }) => loss);
  expect(stage.steps().map(({ loss }) => loss)).toEqual(losses);
  expect(stage.steps().map(({ step }) => step)).toEqual(losses.map((_, i) => i + 1));
});
