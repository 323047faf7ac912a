/** Reproducible bits: equal seeds, and trainings that are interrupted anywhere and resumed from a checkpoint. */
import { fromSafetensors, manualSeed, rand } from "eddy";
import { summaryOf, train } from "eddy/series";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sealed, short, small, type TrainingOptions, tankFrame, timeless, trained, weightBits } from "./series-data.ts";

describe("bits", () => {
  test("equal seeds give equal bits, different seeds do not; the caller's random numbers are unaffected", async () => {
    const run = async (seed: number) => {
      const { model, summary } = await trained({ ...small, seed }, tankFrame(200), short);
      return `${weightBits(model)} ${JSON.stringify(timeless(summary))}`;
    };
    manualSeed(5);
    const expected = rand(3).toArray();
    manualSeed(5);
    const first = await run(3);
    expect(rand(3).toArray()).toEqual(expected);
    rand(17);
    expect(await run(3)).toBe(first);
    expect(await run(4)).not.toBe(first);
  });

  test.each([
    ["plain", {}],
    ["with an average, validated every second epoch", { average: 0.9, validateEvery: 2, epochs: 5 }],
    ["with early stopping", { learningRate: 0.3, patience: 2, epochs: 40 }],
    ["with several networks of two variants", { networks: 4, variants: 2, epochs: 2 }],
    ["with several networks and refit", { networks: 2, variants: 1, epochs: 2, refit: true }],
    ["with refit", { refit: true, epochs: 3 }],
  ] as const)("%s: resumed at any epoch equals uninterrupted", async (_, more) => {
    const settings = { ...short, lanes: 3, ...more };
    const frame = tankFrame(200);
    const { model: whole, summary, reports } = await trained(small, frame, settings);
    const firstWithState = reports.findIndex(({ phase }) => phase !== "prepare");
    for (let stopAt = firstWithState; stopAt <= reports.length; stopAt++) {
      const first = train(frame, { ...small, ...settings });
      let seen = 0;
      for await (const _report of first) if (++seen === stopAt) break;
      const resumed = await trained(small, frame, { ...settings, resume: first.checkpoint() });
      expect(weightBits(resumed.model), `after ${stopAt} reports`).toBe(weightBits(whole));
      expect(timeless(resumed.summary)).toEqual(timeless(summary));
    }
  });

  test("a signal keeps the best so far with a summary, and its checkpoint continues to the same bits", async () => {
    const frame = tankFrame(200);
    const { model: whole } = await trained(small, frame, short);
    const signal = { aborted: false };
    const stopped = train(frame, { ...small, ...short, signal });
    let seen = 0;
    for await (const { kind } of stopped) if (kind === "epoch") signal.aborted = ++seen === 2;
    expect([seen, stopped.summary?.stopped, stopped.summary?.networks[0].epochs]).toEqual([2, "signal", 2]);
    expect(stopped.model.predict(frame).length).toBe(200);
    const { model: resumed } = await trained(small, frame, { ...short, resume: stopped.checkpoint() });
    expect(weightBits(resumed)).toBe(weightBits(whole));
  });

  test("a checkpoint of different data, settings or bytes is rejected", async () => {
    const frame = tankFrame(200);
    const { model, training } = await trained(small, frame, short);
    const resume = training.checkpoint();
    const again = (options: object, more: TrainingOptions = {}, data = frame) =>
      trained({ ...small, ...options }, data, { ...short, resume, ...more });
    await expect(again({ hiddenSize: 7 })).rejects.toThrow("received hiddenSize = 7 instead of 6");
    await expect(again({}, { epochs: 9 })).rejects.toThrow("received epochs = 9 instead of 4");
    await expect(again({}, {}, tankFrame(201))).rejects.toThrow("the data of the checkpoint");
    await expect(again({}, {}, tankFrame(200, 7))).rejects.toThrow("the data of the checkpoint");
    await expect(again({}, { resume: model.toBytes() })).rejects.toThrow('expected "checkpoint" as eddy.kind');
    await expect(again({}, { resume: resume.subarray(0, 100) })).rejects.toThrow("expected");
    expect(() => train(frame, small).checkpoint()).toThrow("expected a training that has started");
  });
});

test("a damaged checkpoint is resumed or rejected, with a clear message", async () => {
  const frame = tankFrame(60);
  const training = train(frame, { ...small, ...short, networks: 2, variants: 1 });
  for await (const { network, epoch } of training) if (network === 1 && epoch === 2) break;
  const { tensors, metadata } = fromSafetensors(training.checkpoint());
  const text = metadata.eddy;
  const junk = fc.constantFrom("null", "-1", '"x"', "[]", "{}", "1e99", "0", "true", ",", "}", "");
  await fc.assert(
    fc.asyncProperty(fc.nat(text.length - 1), fc.nat(12), junk, async (at, length, piece) => {
      const resume = sealed(tensors, text.slice(0, at) + piece + text.slice(at + length));
      // Stopped at once: a checkpoint may well ask for a million epochs.
      const resumed = trained(small, frame, { resume, signal: { aborted: true } });
      const outcome = await resumed.then(() => "resumed", String);
      expect(outcome).toMatch(/^resumed$|expected .+, received/s);
    }),
    { numRuns: Number(process.env.EDDY_FUZZ_RUNS ?? 200) },
  );
});

test("a final training that was stopped keeps the selected model, and its checkpoint completes it", async () => {
  const frame = tankFrame(200);
  const settings = { ...short, refit: true };
  const { model: whole, summary } = await trained(small, frame, settings);
  const signal = { aborted: false };
  const stopped = train(frame, { ...small, ...settings, signal });
  for await (const { phase } of stopped) signal.aborted = phase === "refit";
  expect(stopped.summary!.refit).toBeUndefined();
  expect(stopped.summary!.notes).toEqual([{ code: "refit-unfinished" }]);
  expect(summaryOf(stopped.model)).toEqual(stopped.summary);
  const again = await trained(small, frame, { ...settings, resume: stopped.checkpoint() });
  expect(weightBits(again.model)).toBe(weightBits(whole));
  expect(timeless(again.summary)).toEqual(timeless(summary));
});
