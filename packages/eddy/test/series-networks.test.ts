/** Several networks: what each one sees, how much the model uses them, and what becomes of those that diverge. */
import { evaluate, Frame, describe as inEnglish, Model, stateDictOf, summaryOf } from "eddy/series";
import { describe, expect, test } from "vitest";
import { Ensemble } from "../src/series/network/ensemble.ts";
import { finish } from "../src/series/pace.ts";
import type { ModelOptions, TrainingOptions } from "../src/series/settings/options.ts";
import { resolveModelOptions } from "../src/series/training/defaults.ts";
import { prepare } from "../src/series/training/preparation.ts";
import { seedOf } from "../src/series/training/seeds.ts";
import { perform } from "../src/series/training/training-job.ts";
import type { StartedJob, TrainingJob } from "../src/series/training/training-state.ts";
import { bitsOf, noise, short, small, tank, tankFrame, timeless, trained, weightBits } from "./series-data.ts";

const several = { ...short, networks: 4, variants: 1 };

/** y = 2 u(t) + u(t − 1) − 0.5 u(t − 2) + noise */
const linear = (u: Float64Array) =>
  u.map((own, t) => 2 * own + (u[t - 1] ?? 0) - 0.5 * (u[t - 2] ?? 0) + 0.1 * noise(u.length, 7)[t]);

/** The inside of a training: what each network and each filter has learned. */
async function performed(frame: Frame, modelOptions: ModelOptions, options: TrainingOptions): Promise<StartedJob> {
  const job: TrainingJob = { frame, modelOptions, options, from: undefined, resumed: undefined };
  for await (const _ of perform(job));
  return job as StartedJob;
}

describe("a block that is held out", () => {
  test("has no influence on its network and its filter, but on all others", async () => {
    const { u, y } = tank(400);
    // The extremes, on which this scaling depends, lie in block 3.
    const model = { ...small, scaler: "minMax" as const };
    y[390] = 30;
    y[391] = -10;
    const before = await performed(new Frame({ u, y }), model, several);
    for (const k of [0, 1, 2]) {
      const [{ start, end }] = before.prepared.folds[k].validated;
      expect(end - start).toBe(100);
      const changed = y.map((value, row) => (row >= start && row < end ? value + 0.3 * noise(400, 5)[row] : value));
      const after = await performed(new Frame({ u, y: changed }), model, several);
      const { taps, ridge } = before.prepared.baselines.linear;
      expect(after.prepared.baselines.linear).toMatchObject({ taps, ridge });
      for (const network of [0, 1, 2, 3]) {
        const learned = ({ prepared, state }: StartedJob) => ({
          weights: state.networks[network].progress!.trainer.weights,
          filter: prepared.folds[network].filter.weights,
        });
        const [{ weights, filter }, then] = [learned(before), learned(after)];
        if (network === k) expect(then).toEqual({ weights, filter });
        else {
          expect(then.weights).not.toEqual(weights);
          expect(then.filter).not.toEqual(filter);
        }
      }
    }
  });

  test("has no influence either on networks that learn from half of the data, as the others that they leave out", async () => {
    const { u, y } = tank(400);
    y[390] = 30; // in block 3, like the other extreme
    y[391] = -10;
    const model = { ...small, scaler: "minMax" as const };
    const halves = async (from: number) => {
      const changed = y.map((value, row) =>
        row >= from && row < from + 100 ? value + 0.3 * noise(400, 5)[row] : value,
      );
      const { state, summary } = await performed(new Frame({ u, y: changed }), model, { ...several, variants: 2 });
      expect(summary!.gainFromTwiceTheData).toBeLessThan(1);
      return state.networks.flatMap(({ half, progress }) => (half === undefined ? [] : [progress!.trainer.weights]));
    };
    // They learn from block 3 and from block 1.
    const [ofBlock3, ofBlock1] = await halves(400);
    for (const other of [0, 200]) expect(await halves(other)).toEqual([ofBlock3, ofBlock1]);
    const [same, different] = await halves(100);
    expect(same).toEqual(ofBlock3);
    expect(different).not.toEqual(ofBlock1);
  });

  test("is another one for each network, and together they are all training rows", async () => {
    const { prepared, state } = await performed(tankFrame(250), small, { ...several, networks: 6, test: 0.2 });
    expect(prepared.folds.map(({ validated }) => validated)).toEqual(
      [0, 33, 67, 100, 133, 167].map((start, k) => [{ start, end: [33, 67, 100, 133, 167, 200][k] }]),
    );
    expect(state.networks.every(({ progress }) => progress!.validations.length === 4)).toBe(true);
  });
});

test("rows of the test part affect only the test scores", async () => {
  const { u, y } = tank(400);
  const changed = (values: Float64Array) => values.map((value, row) => (row >= 300 ? value * 3 - 7 : value));
  const options = { ...several, variants: 2, test: 0.25 };
  const plain = await trained(small, new Frame({ u, y }), options);
  const other = await trained(small, new Frame({ u: changed(u), y: changed(y) }), options);
  const withoutTest = ({ test: _, coverage: __, ...rest }: typeof plain.summary) => timeless(rest);
  expect(withoutTest(other.summary)).toEqual(withoutTest(plain.summary));
  expect(other.summary.test).not.toEqual(plain.summary.test);
  expect(weightBits(other.model)).toBe(weightBits(plain.model));
  for (const name of ["y", "y_low"]) {
    expect(bitsOf(other.model.predict(tankFrame(50)), name)).toBe(bitsOf(plain.model.predict(tankFrame(50)), name));
  }
});

describe("the share of the networks", () => {
  const u = noise(400);

  test("is 0 for a linear target: the model is the filter, bit for bit", async () => {
    const frame = new Frame({ u, y: linear(u) });
    const { model, summary } = await trained(small, frame, several);
    expect(summary.share).toEqual({ y: 0 });
    expect(Object.keys(stateDictOf(model)).sort()).toEqual(["filter.bias", "filter.weight", "share"]);
    const { baselines } = finish(prepare(resolveModelOptions(small, 0), frame, several));
    const { ensemble, ...parts } = model.parts;
    const filter = new Model({ ...parts, ensemble: new Ensemble(ensemble.options, baselines.linear) });
    const other = new Frame({ u: noise(300, 3) });
    expect(bitsOf(model.predict(other))).toBe(bitsOf(filter.predict(other)));
    expect(model.parameterCount).toBe(1 + baselines.linear.taps);
    const { winner, model: scores, baselines: others } = summary.validation;
    expect([winner, scores.rmse]).toEqual(["linear", others.linear.rmse]);
  });

  test("is near 1 for a strongly nonlinear target", async () => {
    const { summary, model } = await trained(small, tankFrame(400), { ...several, epochs: 30 });
    expect(summary.share.y).toBeGreaterThan(0.85);
    expect(summary.validation.skill.linear).toBeGreaterThan(0.8);
    expect(model.parts.ensemble.networks.length).toBe(4);
  });

  test("differs between targets", async () => {
    const { u, y } = tank(400);
    const frame = new Frame({ u, y, z: linear(u) });
    const { summary, model } = await trained({ ...small, targets: ["y", "z"] }, frame, { ...several, epochs: 30 });
    expect(summary.share.y).toBeGreaterThan(0.5);
    expect(summary.share.z).toBe(0);
    const { ensemble, ...parts } = model.parts;
    const filter = new Model({ ...parts, ensemble: new Ensemble(ensemble.options, ensemble.filter) });
    const [own, alone] = [model.predict(frame), filter.predict(frame)];
    expect(bitsOf(own, "z")).toBe(bitsOf(alone, "z"));
    expect(bitsOf(own, "y")).not.toBe(bitsOf(alone, "y"));
  });
});

describe("blocks of", () => {
  const finiteScores = async (frame: Frame, options: TrainingOptions = {}, targets = ["y"]) => {
    const { model, summary } = await trained({ ...small, targets }, frame, { ...several, ...options });
    const { rmse, rows } = summary.validation.model;
    expect(Number.isFinite(rmse)).toBe(true);
    expect(summaryOf(Model.fromBytes(model.toBytes()))).toEqual(summary);
    expect(model.predict(tankFrame(30)).column("y").every(Number.isFinite)).toBe(true);
    return { summary, rows };
  };

  test("several series", async () => {
    const { u, y } = tank(300);
    const group = Array.from(u, (_, row) => `machine ${Math.floor(row / 45)}`);
    const { summary, rows } = await finiteScores(new Frame({ u, y }, { group }));
    expect([summary.settings.validation, rows]).toEqual(["blocks", 300]);
  });

  test("sparse targets hold equally many of them", async () => {
    const { u, y } = tank(900);
    const lab = y.map((value, row) => (row > 500 && row % 5 === 0 ? value : Number.NaN));
    const frame = new Frame({ u, y: lab });
    const { rows } = await finiteScores(frame);
    expect(rows).toBe(79);
    const { prepared } = await performed(frame, small, several);
    const known = prepared.folds.map(({ validated }) =>
      validated.flatMap(({ start, end }) => Array.from(lab.slice(start, end))).filter((value) => !Number.isNaN(value)),
    );
    expect(known.map(({ length }) => length)).toEqual([20, 20, 19, 20]);
  });

  test("a target that is known in a single block leaves the filter of the other", async () => {
    const { u, y } = tank(400);
    const z = y.map((value, row) => (row >= 310 && row % 2 === 0 ? 5 * value : Number.NaN));
    const { summary } = await finiteScores(new Frame({ u, y, z }), {}, ["y", "z"]);
    const { perTarget } = summary.validation.baselines.linear;
    expect(perTarget!.y.r2).toBeGreaterThan(0.5);
    expect(perTarget!.z.rows).toBe(45);
  });

  test("rows with missing inputs", async () => {
    const { u, y } = tank(300);
    for (let row = 0; row < 300; row += 23) u[row] = Number.NaN;
    const { summary, rows } = await finiteScores(new Frame({ u, y }));
    // The others are filled with the value before them.
    expect([summary.skipped.missingInputs, rows]).toEqual([1, 299]);
  });

  test.each([
    [19, 0.25, 1],
    [20, "blocks", 2],
    [25, "blocks", 2],
    [40, "blocks", 4],
    [100, "blocks", 8],
  ])("%i rows: validation is %s", async (count, validation, folds) => {
    const options = { ...short, networks: undefined, variants: 1, epochs: 2 };
    const { summary } = await finiteScores(tankFrame(count), options);
    expect(summary.settings).toMatchObject({ validation, networks: 8 });
    expect(summary.networks.map(({ epochs }) => epochs)).toEqual(Array(8).fill(2));
    const { prepared } = await performed(tankFrame(count), small, options);
    expect(prepared.folds.length).toBe(folds);
  });
});

describe("divergence", () => {
  /** Values that no network can learn: the loss explodes in every chunk that contains one. */
  const spiked = (...rows: number[]) => {
    const { u, y } = tank(400);
    for (const row of rows) y[row] += 1e4;
    return new Frame({ u, y });
  };
  const settings = { ...small, scaler: "robust" as const };

  test("networks that diverge are left out and noted, others go on", async () => {
    const { summary, model } = await trained(settings, spiked(150), several);
    // The second network leaves out the block with the value.
    expect(summary.networks.map(({ stopped }) => stopped)).toEqual([
      "divergence",
      "epochs",
      "divergence",
      "divergence",
    ]);
    expect(summary.networks.map(({ rmse }) => rmse === null)).toEqual([true, false, true, true]);
    const gaveUp = summary.notes.filter(({ code }) => code === "gave-up");
    expect(gaveUp.map((note) => inEnglish(note).slice(0, 9))).toEqual(["network 1", "network 3", "network 4"]);
    expect(summary.stopped).toBe("divergence");
    expect(model.predict(tankFrame(20)).length).toBe(20);
    expect(summaryOf(Model.fromBytes(model.toBytes()))).toEqual(summary);
  });

  test("if all diverge, it is an error", async () => {
    await expect(trained(settings, spiked(150, 250), several)).rejects.toMatchObject({ code: "diverged" });
  });
});

describe("seeds", () => {
  test("of trainings with different seeds have nothing in common", () => {
    const all = [-1, 0, 1, 2, 3, 4, 2 ** 31, 2 ** 32, 2 ** 40].flatMap((seed) =>
      Array.from({ length: 20 }, (_, network) => seedOf(seed, network)),
    );
    expect(new Set(all).size).toBe(all.length);
    expect([seedOf(5, 0), seedOf(2 ** 40, 0)]).toEqual([5, 2 ** 40]);
  });

  test.each([-1, 2 ** 31, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER])(
    "of %i and its neighbour give different networks",
    async (seed) => {
      const run = async (own: number) => {
        const { summary, model } = await trained({ ...small, seed: own }, tankFrame(120), { ...several, networks: 2 });
        expect(summary.networks.map((network) => network.seed)).toEqual([seedOf(own, 0), seedOf(own, 1)]);
        expect(summaryOf(Model.fromBytes(model.toBytes()))).toEqual(summary);
        return summary.networks.map(({ rmse }) => rmse);
      };
      const [first, again, other] = [await run(seed), await run(seed), await run(seed - 1)];
      expect(again).toEqual(first);
      expect(first.some((rmse) => other.includes(rmse))).toBe(false);
    },
  );
});

test("progress grows to 1 in each phase, and refit continues every network", async () => {
  const options = { ...several, epochs: 20, chunk: 50 };
  const plain = await trained(small, tankFrame(300), options);
  const { reports, summary, model } = await trained(small, tankFrame(300), { ...options, refit: true });
  for (const phase of ["fit", "refit"]) {
    const progress = reports.filter((report) => report.phase === phase).map((report) => report.progress);
    expect(progress.length).toBeGreaterThanOrEqual(4);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(progress.at(-1)).toBe(1);
  }
  expect(reports.every(({ phase, networks }) => networks === (phase === "prepare" ? 0 : 4))).toBe(true);
  expect(summary.refit).toMatchObject({ rows: 300, epochs: 10 });
  expect(summary.share).toEqual(plain.summary.share);
  expect(summary.validation).toEqual(plain.summary.validation);
  const [before, after] = [stateDictOf(plain.model), stateDictOf(model)];
  expect(Object.keys(after)).toEqual(Object.keys(before));
  for (const k of [0, 1, 2, 3]) {
    const name = `networks.${k}.out.weight`;
    expect(after[name].toArray()).not.toEqual(before[name].toArray());
  }
});

test("the intervals of a test frame, and the spread of the networks, are those of an evaluation", async () => {
  const test = tankFrame(300, 9);
  const { model, summary } = await trained(small, tankFrame(400), { ...several, test });
  const { coverage } = evaluate(model, test);
  expect(coverage).toEqual(summary.coverage);
  expect(coverage!.y).toMatchObject({ level: 0.9, rows: 300 });
  expect(coverage!.y.coverage).toBeGreaterThan(0.5);
  expect(coverage!.y.spread).toBeGreaterThan(0);
  expect(evaluate(model, test, { level: false }).coverage).toBeUndefined();
  const { ensemble, targetScaler } = model.parts;
  const alone = ensemble.networks.map((network) => {
    const single = new Ensemble(ensemble.options, ensemble.filter, [network], [1]);
    return new Model({ ...model.parts, ensemble: single }).predict(test, { level: false }).column("y");
  });
  const squares = [...test.column("y").keys()].map((row) => {
    const own = alone.map((values) => values[row]);
    const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
    return (ensemble.share[0] ** 2 * own.reduce((sum, value) => sum + (value - mean) ** 2, 0)) / (own.length - 1);
  });
  const expected = Math.sqrt(squares.reduce((sum, value) => sum + value, 0) / squares.length);
  expect(coverage!.y.spread / expected).toBeCloseTo(1, 4);
  expect(targetScaler.scale[0]).not.toBe(1);
});
