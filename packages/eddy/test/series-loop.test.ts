/** The training loop: divergence, early stopping, signals, and the model while it is trained. */
import { describe as inEnglish, Model, summaryOf, type TrainingReport, train } from "eddy/series";
import { describe, expect, test } from "vitest";
import { short, small, tankFrame, trained, weightBits } from "./series-data.ts";

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

describe("a signal", () => {
  const frame = tankFrame(200);
  const settings = { ...small, ...short, networks: 3, variants: 1, epochs: 3, refit: true };

  test("at any validation gives a model and a checkpoint", async () => {
    const { reports } = await trained(settings, frame);
    expect(reports.map(({ phase }) => phase)).toEqual([
      ...["prepare", "prepare"],
      ...Array(9).fill("fit"),
      ...Array(6).fill("refit"),
    ]);
    for (let at = 3; at <= reports.length; at++) {
      const signal = { aborted: false };
      const training = train(frame, { ...settings, signal });
      let seen = 0;
      for await (const _ of training) signal.aborted = ++seen >= at;
      expect(seen).toBe(at);
      const { stopped, notes, refit, trained: count } = training.summary!;
      const last = reports[seen - 1];
      expect(stopped).toBe(last.phase === "refit" ? "epochs" : "signal");
      expect(count).toBe(Math.ceil(Math.min(9, seen - 2) / 3));
      expect(notes.length + (refit === undefined ? 0 : 1)).toBe(last.phase === "refit" ? 1 : 0);
      const { model } = training;
      expect(model.predict(frame).column("y").every(Number.isFinite)).toBe(true);
      expect(summaryOf(Model.fromBytes(model.toBytes()))).toEqual(training.summary);
      expect(() => train(frame, { ...settings, resume: training.checkpoint() })).not.toThrow();
    }
  });

  test("before the first validation rejects, and there is no model", async () => {
    for (let at = 0; at < 3; at++) {
      const signal = { aborted: at === 0 };
      const training = train(frame, { ...settings, signal });
      let seen = 0;
      const run = async () => {
        for await (const _ of training) signal.aborted = ++seen >= at;
      };
      await expect(run()).rejects.toThrow("received an aborted signal");
      expect(seen).toBe(Math.max(1, at));
      expect(() => training.model).toThrow(expect.objectContaining({ code: "untrained" }));
      expect(training.summary).toBeUndefined();
    }
  });

  test("leaving the loop before a validation gives neither a model nor, at first, a checkpoint", async () => {
    for (const reports of [1, 2]) {
      const training = train(frame, settings);
      let seen = 0;
      for await (const { phase } of training) {
        expect(phase).toBe("prepare");
        if (++seen === reports) break;
      }
      expect(() => training.model).toThrow(expect.objectContaining({ code: "untrained" }));
      if (reports === 1) expect(() => training.checkpoint()).toThrow(expect.objectContaining({ code: "not-started" }));
      else expect(training.checkpoint().length).toBeGreaterThan(0);
    }
  });
});
