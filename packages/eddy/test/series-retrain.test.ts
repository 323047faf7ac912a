/** Trainings that continue from a model, and the comparison of two models on the same rows. */
import { compareModels, Frame, Model, stateDictOf, summaryOf, train } from "eddy/series";
import { describe, expect, test } from "vitest";
import { variantsOf } from "../src/series/training/defaults.ts";
import { short, small, tank, tankFrame, timeless, trained, weightBits } from "./series-data.ts";

/** The tank after its valve was changed: the same law with other numbers. */
function changedFrame(rows: number, seed: number): Frame {
  const { u, y } = tank(rows, seed);
  return new Frame({ u, y: y.map((value) => 12 + 1.4 * (value - 10)) });
}

const long = { ...short, epochs: 40, networks: 2, variants: 1 };
const deployed = trained(small, tankFrame(600), long);

describe("a training that continues from a model", () => {
  test("keeps its columns, settings and scalers, starts from its weights, and says what has changed", async () => {
    const { model: from } = await deployed;
    const hardly = { epochs: 1, learningRate: 1e-9, networks: 2 };
    const { model, summary } = await trained({ from } as never, tankFrame(500, 7), hardly);
    const { features, ...options } = from.options;
    expect(model.options).toMatchObject({ ...options, features });
    expect(model.parts.inputScaler).toEqual(from.parts.inputScaler);
    expect(model.parts.targetScaler).toEqual(from.parts.targetScaler);
    const [before, after] = [from, model].map(stateDictOf);
    const names = Object.keys(before).filter((name) => name.startsWith("networks."));
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) {
      for (const [i, value] of before[name].data.entries()) expect(after[name].data[i]).toBeCloseTo(value, 5);
    }
    expect(summary.previous).toMatchObject({ part: "validation", better: "none", keptFilter: true });
    expect(summaryOf(Model.fromBytes(model.toBytes()))?.previous).toEqual(summary.previous);
  });

  test("learns at a lower rate for fewer epochs, unless told otherwise", async () => {
    const { options } = (await deployed).model;
    const settingsFor = (given: object, networks: number) => {
      const [variant, ...others] = variantsOf(options, given, [{ start: 0, end: 500 }], networks);
      expect(others).toEqual([]);
      return variant.settings;
    };
    const [fresh, again] = [settingsFor({}, 0), settingsFor({}, 3)];
    expect(again).toMatchObject({ learningRate: 0.2 * fresh.learningRate, epochs: Math.ceil(fresh.epochs / 2) });
    expect(again).toMatchObject({ networks: 3, variants: 1 });
    const given = { learningRate: 0.01, epochs: 7, networks: 5 };
    expect(settingsFor(given, 3)).toMatchObject(given);
  });

  test("is better than the model where the process has changed, on rows that neither has learned from", async () => {
    const { model: from } = await deployed;
    const frame = changedFrame(600, 5);
    const { model, summary } = await trained({ from } as never, frame, {
      ...short,
      epochs: 60,
      networks: 2,
      test: 0.3,
    });
    expect(summary.previous).toMatchObject({ part: "test", better: "candidate", keptFilter: false });
    const { rows, deployed: old, candidate, range } = summary.previous!.perTarget.y;
    expect(rows).toBe(180);
    expect(candidate).toBeLessThan(0.5 * old);
    expect(candidate).toBeCloseTo(summary.test!.model.rmse, 4);
    expect(range!.high).toBeLessThan(0);
    const rivalry = await compareModels(from, model, changedFrame(500, 9));
    expect(rivalry.better).toBe("candidate");
    expect((await compareModels(model, from, changedFrame(500, 9))).better).toBe("deployed");
  });

  test("rejects settings that its weights depend on", async () => {
    const { model: from } = await deployed;
    const frame = tankFrame(100);
    expect(() => train(frame, { from, hiddenSize: 7 })).toThrow("received hiddenSize = 7 instead of 6");
    expect(() => train(frame, { from, inputs: ["y"] })).toThrow('received inputs = ["y"] instead of ["u"]');
    expect(() => train(frame, { from: {} as Model })).toThrow("expected from to be a Model");
    expect(() => train(frame, { from, washout: 3, seed: 9, hiddenSize: 6 })).not.toThrow();
  });

  test("is resumed with the same model to the same bits, and with no other", async () => {
    const { model: from } = await deployed;
    const [frame, options] = [changedFrame(300, 5), { epochs: 4, networks: 2 }];
    const { model: whole, summary } = await trained({ from } as never, frame, options);
    const first = train(frame, { from, ...options });
    for await (const { kind, epoch } of first) if (kind === "epoch" && epoch === 2) break;
    const resume = first.checkpoint();
    const resumed = await trained({ from } as never, frame, { ...options, resume });
    expect(weightBits(resumed.model)).toBe(weightBits(whole));
    expect(timeless(resumed.summary)).toEqual(timeless(summary));
    await expect(trained({ from: whole } as never, frame, { ...options, resume })).rejects.toThrow(
      "model to continue from",
    );
  });

  test("of a model that is a filter alone trains new networks", async () => {
    const { u } = tank(400, 3);
    const y = u.map((value, t) => 0.7 * value + 0.3 * (t === 0 ? 0 : u[t - 1]));
    const { model: from } = await trained(small, new Frame({ u, y }), { ...long, epochs: 1 });
    expect(from.parts.ensemble.networks).toHaveLength(0);
    const { summary } = await trained({ from } as never, tankFrame(600), {
      ...short,
      epochs: 60,
      networks: 2,
    });
    expect(summary.previous?.better).toBe("candidate");
    expect(summary.share.y).toBeGreaterThan(0);
  });
});

describe("the comparison of two models", () => {
  test("finds no difference between a model and itself, and none on few rows", async () => {
    const { model } = await deployed;
    const { better, perTarget } = await compareModels(model, model, tankFrame(400, 8));
    expect([better, perTarget.y.change, perTarget.y.rows, perTarget.y.blocks]).toEqual(["none", 0, 400, 16]);
    const few = await compareModels(model, model, tankFrame(60, 8));
    expect(few.perTarget.y).toMatchObject({ better: "none", rows: 60, blocks: 2 });
    expect(few.perTarget.y.range).toBeUndefined();
  });

  test("compares only the rows that both predict and that are to be scored", async () => {
    const { model } = await deployed;
    const { model: other } = await trained({ ...small, washout: 10 }, tankFrame(300), short);
    const frame = tankFrame(200, 8);
    expect((await compareModels(model, other, frame)).perTarget.y.rows).toBe(190);
    const { y } = tank(200, 8);
    const unmeasured = new Frame({ u: frame.column("u"), y: y.fill(Number.NaN) });
    await expect(compareModels(model, other, unmeasured)).rejects.toThrow("expected rows with all inputs and a target");
    const { model: third } = await trained({ ...small, inputs: ["y"], targets: ["u"] }, tankFrame(300), short);
    await expect(compareModels(model, third, frame)).rejects.toThrow("expected two models with the same targets");
  });
});
