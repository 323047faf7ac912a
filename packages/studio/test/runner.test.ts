// The worker's schedule, with a clock and a page of the test's own.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Program, tutorialSettings } from "@eddy/ui/program";
import { fromSafetensors } from "eddy";
import { describe, expect, test } from "vitest";
import { eddy, emptyFolder } from "../../cli/test/command.ts";
import type { LearnedStep, Report, Request, RunName } from "../src/run/protocol.ts";
import { Runner } from "../src/run/runner.ts";

const sin = { kind: "formula", name: "sin" } as const;

/** A runner, the reports it sent, and a clock that the test advances. */
class Stage {
  readonly reports: Report[] = [];
  time = 0;
  /** Milliseconds that pass with each look at the clock. */
  tick = 0;
  timers: { at: number; callBack: () => void }[] = [];
  readonly runner = new Runner((report) => this.reports.push(report), {
    now: () => {
      this.time += this.tick;
      return this.time;
    },
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

const play = (stepsPerSecond: number): Request => ({ kind: "play", stepsPerSecond });

describe("a run", () => {
  test("is the program itself, from its description to its last loss", () => {
    const stage = new Stage().ask(start(), play(50)).pass(10_000);
    const program = new Program(tutorialSettings);
    expect(stage.reports[0]).toEqual({ kind: "started", run: "main", description: program.model.toString() });
    const losses = [...program.learn()].map(({ loss }) => loss);
    expect(stage.steps().map(({ loss }) => loss)).toEqual(losses);
    expect(stage.steps().map(({ step }) => step)).toEqual(losses.map((_, i) => i + 1));
    expect(stage.reports.at(-1)).toEqual({ kind: "finished", run: "main" });
    expect(stage.timers).toEqual([]);
  });

  test("starts paused, and a step is one step", () => {
    const stage = new Stage().ask(start()).pass(1000);
    expect(stage.steps()).toEqual([]);
    stage.ask({ kind: "step" });
    expect(stage.steps().map(({ step }) => step)).toEqual([1]);
    const { hidden, gates, influence } = stage.steps()[0]!;
    expect([hidden.length, gates, influence]).toEqual([320, {}, undefined]);
  });

  test("stops with the error of the library, after the steps before it", () => {
    const stage = new Stage().ask(start({ detach: false }), play(100)).pass(1000);
    expect(stage.steps()).toHaveLength(1);
    expect(stage.reports.at(-1)).toEqual({
      ...{ kind: "failed", run: "main", step: 2 },
      message: expect.stringContaining("detach()"),
    });
    stage.ask({ kind: "change", run: "main", settings: { ...tutorialSettings, steps: 200 } }, play(100)).pass(1000);
    expect(stage.steps()).toHaveLength(1);
  });

  test("that does not fit in memory fails before its first step", () => {
    const stage = new Stage().ask(start({ hidden: 2 ** 20 }));
    expect(stage.reports).toEqual([{ kind: "failed", run: "main", step: 0, message: expect.any(String) }]);
    expect(() => stage.ask({ kind: "export", run: "main", id: 1, format: "onnx" })).toThrow(/start it first/);
  });

  test("a loss that is not finite is a number like others", () => {
    const stage = new Stage().ask(start({ lr: 1e30, optimizer: "sgd", steps: 20 }), play(100)).pass(1000);
    expect(stage.steps()).toHaveLength(20);
    expect(stage.steps().at(-1)!.loss).toBeNaN();
    expect(stage.steps().at(-1)!.gradientNorm).toBeNaN();
  });
});

describe("the rate", () => {
  test.each([1, 7, 50, 400])("is %i steps a second", (rate) => {
    const stage = new Stage().ask(start({ steps: 10_000, hidden: 2 }), play(rate)).pass(2000);
    expect(stage.steps().length).toBeGreaterThanOrEqual(2 * rate);
    expect(stage.steps().length).toBeLessThanOrEqual(2 * rate + 1);
  });

  test("a pause ends it at once, and playing again does not catch up", () => {
    const stage = new Stage()
      .ask(start({ steps: 1000 }), play(50))
      .pass(200)
      .ask({ kind: "pause" })
      .pass(5000);
    expect(stage.steps()).toHaveLength(11);
    expect(stage.timers).toEqual([]);
    stage.ask(play(50)).pass(100);
    expect(stage.steps()).toHaveLength(17);
  });

  test("after a standstill of the machine, only 100 ms are caught up", () => {
    const stage = new Stage().ask(start({ steps: 1000 }), play(50)).pass(100);
    stage.time += 60_000;
    stage.pass(0);
    expect(stage.steps().length).toBeLessThanOrEqual(12);
  });
});

describe("the page is never flooded", () => {
  test("nothing is sent until the last message is acknowledged; then everything at once", () => {
    const stage = new Stage().ask(start({ steps: 1000 }), play(100)).pass(300, false);
    expect(stage.messages()).toHaveLength(1);
    stage.acknowledge();
    expect(stage.messages().map(({ steps }) => steps.length)).toEqual([1, 30]);
  });

  test("a page that does not draw stops the run; when it draws again, the run continues", () => {
    const stage = new Stage().ask(start({ steps: 1000 }), play(400)).pass(60_000, false);
    expect(stage.timers).toEqual([]);
    stage.pass(100);
    expect(stage.steps().length).toBeGreaterThan(64);
    expect(stage.steps().length).toBeLessThan(64 + 1 + 90);
    expect(stage.steps().map(({ step }) => step)).toEqual(stage.steps().map((_, i) => i + 1));
  });

  test("a long slice lets requests in between", () => {
    const stage = new Stage();
    stage.tick = 3; // each look at the clock takes 3 ms
    stage.ask(start({ steps: 1000 }), play(1000)).pass(1);
    expect(stage.messages()[0]!.steps.length).toBeLessThan(6);
  });
});

describe("two runs", () => {
  test("go on in lockstep; each has its own losses, whatever the other draws", () => {
    const dynamic = { dynamic: true, steps: 30 };
    const both = new Stage().ask(start(dynamic), start({ ...dynamic, seed: 5 }, "pinned"), play(50)).pass(2000);
    for (const [run, seed] of [["main", 1] as const, ["pinned", 5] as const]) {
      const alone = [...new Program({ ...tutorialSettings, ...dynamic, seed }).learn()];
      expect(both.steps(run).map(({ loss }) => loss)).toEqual(alone.map(({ loss }) => loss));
    }
    const sent = both.messages().map(({ run, steps }) => `${run} ${steps.map(({ step }) => step)}`);
    expect(sent.slice(0, 4)).toEqual(["main 1", "pinned 1", "main 2", "pinned 2"]);
  });

  test("one that fails does not stop the other", () => {
    const stage = new Stage().ask(start({ steps: 20 }), start({ detach: false }, "pinned"), play(50)).pass(2000);
    expect(stage.steps()).toHaveLength(20);
    expect(stage.steps("pinned")).toHaveLength(1);
    expect(
      stage.reports.flatMap((report) => (report.kind === "failed" || report.kind === "finished" ? [report] : [])),
    ).toEqual([
      { kind: "failed", run: "pinned", step: 2, message: expect.any(String) },
      { kind: "finished", run: "main" },
    ]);
  });

  test("one that is dropped sends nothing more", () => {
    const stage = new Stage()
      .ask(start(), start({}, "pinned"), play(50))
      .pass(100)
      .ask({ kind: "drop", run: "pinned" });
    const sent = stage.steps("pinned").length;
    stage.pass(500);
    expect(stage.steps("pinned")).toHaveLength(sent);
    expect(stage.steps().length).toBeGreaterThan(sent);
  });
});

describe("changes", () => {
  const change = (changed: object): Request => ({
    kind: "change",
    run: "main",
    settings: { ...tutorialSettings, ...changed },
  });

  test("continue the run", () => {
    const stage = new Stage()
      .ask(start(), play(50))
      .pass(400)
      .ask(change({ lr: 0.001, clip: 1 }))
      .pass(400);
    const unchanged = [...new Program({ ...tutorialSettings, steps: 40 }).learn()].map(({ loss }) => loss);
    const losses = stage.steps().map(({ loss }) => loss);
    expect(losses.slice(0, 21)).toEqual(unchanged.slice(0, 21));
    expect(losses.at(-1)).not.toBe(unchanged[losses.length - 1]);
  });

  test("of the seed, the cell and other parts of the network need a new run", () => {
    const stage = new Stage().ask(start());
    expect(() => stage.ask(change({ seed: 2, cell: "gru" }))).toThrow("the same seed, cell");
  });

  test("to more steps continue a finished run, to fewer steps end one", () => {
    const stage = new Stage().ask(start({ steps: 5 }), play(50)).pass(1000);
    expect(stage.reports.at(-1)).toEqual({ kind: "finished", run: "main" });
    stage.ask(change({ steps: 100 }), play(50)).pass(200);
    expect(stage.steps()).toHaveLength(5 + 11);
    stage.ask(change({ steps: 8 })).pass(1000);
    expect(stage.steps()).toHaveLength(5 + 11);
    expect(stage.reports.at(-1)).toEqual({ kind: "finished", run: "main" });
    expect([...new Program({ ...tutorialSettings, steps: 16 }).learn()].map(({ loss }) => loss)).toEqual(
      stage.steps().map(({ loss }) => loss),
    );
  });
});

describe("watching an output", () => {
  test("adds its influence to each step, and to the last one at once", () => {
    const stage = new Stage().ask(start(), { kind: "step" }, { kind: "watch", output: 3 });
    const report = stage.reports.at(-1)!;
    expect(report).toMatchObject({ kind: "influence", run: "main", step: 1 });
    const { influence } = report as Extract<Report, { kind: "influence" }>;
    expect([...influence!.slice(7)]).toEqual([0, 0, 0]);
    expect(influence![6]).not.toBe(0);
    stage.acknowledge();
    stage.ask({ kind: "step" });
    expect(stage.steps()[1]!.influence).toHaveLength(10);
    stage.acknowledge();
    stage.ask({ kind: "watch", output: undefined }, { kind: "step" });
    expect(stage.steps()[2]!.influence).toBeUndefined();
  });
});

describe("after training", () => {
  const trained = (changed = {}) => new Stage().ask(start({ steps: 10, ...changed }), play(1000)).pass(1000);

  test("a prediction has the length of its input", () => {
    const stage = trained().ask({ kind: "predict", run: "main", id: 7, input: [0, 0.5, 1], carried: true });
    const { id, prediction, hidden } = stage.reports.at(-1) as Extract<Report, { kind: "predicted" }>;
    expect([id, prediction.length, hidden.length]).toEqual([7, 3, 96]);
  });

  test.each([{}, { cell: "lstm", layers: 2 }] as const)(
    "the command line predicts with the exported model what the studio predicts (%j)",
    async (changed) => {
      const input = [0, 0.5, 1, -0.25];
      const stage = trained(changed).ask(
        { kind: "export", run: "main", id: 1, format: "safetensors" },
        { kind: "export", run: "main", id: 2, format: "onnx" },
        { kind: "predict", run: "main", id: 3, input, carried: false },
      );
      const [file, onnx, predicted] = stage.reports.slice(-3) as [
        Exported,
        Exported,
        Extract<Report, { kind: "predicted" }>,
      ];
      const folder = emptyFolder();
      writeFileSync(join(folder, "eddy.safetensors"), file.bytes);
      writeFileSync(join(folder, "in.csv"), `input\n${input.join("\n")}\n`);
      const { code, stderr } = await eddy(["predict", "eddy.safetensors", "in.csv", "--out", "out.csv"], folder);
      expect({ code, stderr }).toMatchObject({ code: 0 });
      const [head, ...lines] = readFileSync(join(folder, "out.csv"), "utf8").trim().split("\n");
      expect(head).toBe("row,target predicted");
      expect(lines).toHaveLength(input.length);
      for (const [row, line] of lines.entries()) {
        expect(Math.abs(Number(line.split(",")[1]) - predicted.prediction[row]!)).toBeLessThan(1e-6);
      }
      expect(onnx.id).toBe(2);
      expect(Buffer.from(onnx.bytes).includes("LSTM")).toBe("cell" in changed);
    },
  );

  test("with teacher forcing, the exported file has the weights alone, under PyTorch's names", () => {
    const stage = trained({ teacherForcing: true }).ask({ kind: "export", run: "main", id: 1, format: "safetensors" });
    const { tensors, metadata } = fromSafetensors((stage.reports.at(-1) as Exported).bytes);
    expect(metadata).toEqual({});
    const { model } = new Program({ ...tutorialSettings, teacherForcing: true, seed: 99 });
    expect(Object.keys(tensors).sort()).toEqual(Object.keys(model.stateDict()).sort());
  });

  type Exported = Extract<Report, { kind: "exported" }>;
});
