/** The training loop: divergence, early stopping, budgets, signals, and the model while it is trained. */
import { describe as inEnglish, Model, type NoteOf, summaryOf, type TrainingReport, train } from "eddy/series";
import { describe, expect, test } from "vitest";
import { short, small, type TrainingOptions, tankFrame, trained, weightBits } from "./series-data.ts";

describe("the training loop", () => {
  test("a divergence is caught, rolled back, retried at a lower rate and reported", async () => {
    const { reports, summary } = await trained({ ...small, cell: "rnn" }, tankFrame(300), {
      ...short,
      epochs: 8,
      learningRate: 1e20,
    }).catch((error) => ({ reports: [] as TrainingReport[], summary: error as Error }));
    expect(String(summary)).toContain("diverged at every learning rate");
    expect(reports).toEqual([]);
    const run = await trained({ ...small, cell: "rnn" }, tankFrame(300), { ...short, epochs: 8, learningRate: 400 });
    expect(inEnglish(run.summary.notes[0])).toMatch(
      /epoch \d+: training diverged \(.+\); returned to the weights after epoch \d+ with learning rate 120/,
    );
    expect(run.reports.some(({ note }) => note === run.summary.notes[0])).toBe(true);
    expect(Number.isFinite(run.summary.validation.model.rmse)).toBe(true);
  });

  test("patience ends the run, and the best weights are restored", async () => {
    const frame = tankFrame(200);
    const { summary } = await trained(small, frame, { ...short, epochs: 200, patience: 4, learningRate: 0.1 });
    expect(summary.stopped).toBe("patience");
    const [{ epochs, rmse, stopped }] = summary.networks;
    expect([epochs - summary.bestEpoch, stopped]).toEqual([4, "patience"]); // validated every fourth epoch
    const best = summary.curve.find(({ epoch }) => epoch === summary.bestEpoch)!;
    expect(Math.min(...summary.curve.map(({ validation }) => validation))).toBe(best.validation);
    expect(rmse).toBeCloseTo(best.validation, 12);
  });

  test("a budget is kept, and its epochs give the same bits without the clock", async () => {
    const frame = tankFrame(400);
    const settings = { chunk: 25, lanes: 2, networks: 1, patience: 100_000 };
    const startMs = performance.now();
    const { model, summary } = await trained(small, frame, { ...settings, epochs: 100_000, budgetMs: 600 });
    expect(performance.now() - startMs).toBeLessThan(5000); // a busy machine, too
    expect(summary.settings.epochs).toBeLessThan(100_000);
    expect(inEnglish(summary.notes[0])).toMatch(
      /^The budget of 0.6 s shortens the plan from 1 network trained for 100000 epochs to 1 network trained for \d+ epochs\.$/,
    );
    if (summary.stopped === "epochs") {
      const { model: again } = await trained(small, frame, { ...settings, epochs: summary.settings.epochs });
      expect(weightBits(again)).toBe(weightBits(model));
    } else expect(summary.stopped).toBe("budget"); // a busy machine
  });

  test("a budget reduces variants, then networks, then epochs, but not a number that is given", async () => {
    const frame = tankFrame(400);
    const budget = { chunk: 25, lanes: 2, budgetMs: 500 };
    const planOf = async (options: TrainingOptions) => {
      const { notes, settings, trained: count } = (await trained(small, frame, { ...budget, ...options })).summary;
      expect(notes[0]).toMatchObject({ code: "shortened-plan", budgetMs: 500 });
      const { from, to } = notes[0] as NoteOf<"shortened-plan">;
      expect(to).toEqual({ networks: settings.networks, epochs: settings.epochs });
      expect(count).toBeLessThanOrEqual(to.networks);
      return { from, to };
    };
    expect(await planOf({ epochs: 40_000 })).toMatchObject({
      from: { networks: 16, epochs: 40_000 },
      to: { networks: 4 },
    });
    const given = await planOf({ epochs: 40_000, networks: 3 });
    expect(given).toMatchObject({ from: { networks: 6, epochs: 40_000 }, to: { networks: 3 } });
    expect(given.to.epochs).toBeLessThan(40_000);
  });

  test("a budget shorter than one epoch still gives a model with scores", async () => {
    const { summary } = await trained({ ...small, hiddenSize: 32 }, tankFrame(40_000), {
      chunk: 50,
      lanes: 8,
      networks: 1,
      budgetMs: 20,
    });
    expect(summary.settings.epochs).toBeLessThanOrEqual(1);
    expect(["budget", "epochs"]).toContain(summary.stopped); // cut by the clock, or at the end of the part that was planned
    expect(Number.isFinite(summary.validation.model.rmse)).toBe(true);
  });

  test("leaving the loop keeps the best weights so far; a second loop is rejected", async () => {
    const frame = tankFrame(200);
    const training = train(frame, { ...small, ...short });
    for await (const { epoch } of training) {
      expect(() => training[Symbol.asyncIterator]()).toThrow("expected one loop over a training");
      if (epoch === 2) break;
    }
    expect(training.summary).toBeUndefined();
    expect(summaryOf(training.model)).toBeUndefined();
    expect(training.model.predict(frame).length).toBe(200);
    const read = Model.fromBytes(training.model.toBytes());
    expect(weightBits(read)).toBe(weightBits(training.model));
  });

  test("the model is the best so far inside the loop, and the final one after it", async () => {
    const frame = tankFrame(200);
    const training = train(frame, { ...small, ...short, epochs: 8 });
    let best = { rmse: Number.POSITIVE_INFINITY, bits: "" };
    for await (const { kind, validation } of training) {
      if (kind !== "epoch") continue;
      const bits = weightBits(training.model);
      if (validation!.rmse < best.rmse) {
        expect(bits).not.toBe(best.bits);
        best = { rmse: validation!.rmse, bits };
      } else expect(bits).toBe(best.bits);
    }
    expect(weightBits(training.model)).toBe(best.bits);
    expect(training.model).toBe(training.model);
    expect(summaryOf(training.model)).toEqual(training.summary);
  });
});
