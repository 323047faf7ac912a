/** Training: separate parts, reproducible bits, resuming, the event loop, divergence, budgets, and data that cannot be learned from. */
import { fromSafetensors, manualSeed, rand, toSafetensors } from "eddy";
import {
  DataError,
  evaluate,
  Frame,
  describe as inEnglish,
  Model,
  stateDictOf,
  summaryOf,
  type TrainingReport,
  train,
} from "eddy/series";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bitsOf, noise, short, small, type TrainingOptions, tank, tankFrame, trained } from "./series-data.ts";

/** The weights' bits. */
const weights = (model: Model) =>
  Object.entries(stateDictOf(model))
    .map(
      ([name, { data }]) => `${name} ${Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString("base64")}`,
    )
    .join("\n");

const changed = (values: Float64Array, from: number, to = values.length) =>
  values.map((value, row) => (row >= from && row < to ? value * 3 - 7 : value));

describe("learns", () => {
  test("a nonlinear tank far better than its baselines, from the defaults alone", async () => {
    const { model, summary } = await trained({ inputs: ["u"], targets: ["y"] }, tankFrame(1200), {
      test: 0.2,
      epochs: 200,
      networks: 1,
    });
    expect(summary.rows).toEqual({ train: 660, validation: 300, test: 240 });
    expect(summary.test!.winner).toBe("model");
    expect(summary.test!.skill.linear).toBeGreaterThan(0.5);
    expect(summary.test!.model.fit).toBeGreaterThan(80);
    const other = tankFrame(400, 9);
    const { model: scores, predicted, rows } = evaluate(model, other, { washout: 20 });
    expect([rows, scores.rows, scores.skipped, predicted.length]).toEqual([400, 380, 20, 400]);
    expect(scores.rmse).toBeLessThan(3 * summary.test!.model.rmse);
  });

  test("several inputs and targets, each with its own scores", async () => {
    const { u, y } = tank(600);
    const frame = new Frame({ u, v: noise(600, 8), y, z: Float64Array.from(y, (value) => 1e5 - 100 * value) });
    const { summary } = await trained({ ...small, inputs: ["u", "v"], targets: ["y", "z"] }, frame, {
      epochs: 40,
      chunk: 50,
      lanes: 2,
      networks: 1,
      learningRate: 0.02,
    });
    const { perTarget, r2 } = summary.validation.model;
    expect(Object.keys(perTarget!)).toEqual(["y", "z"]);
    expect(r2).toBeGreaterThan(0.9);
    expect(perTarget!.z.rmse / perTarget!.y.rmse).toBeGreaterThan(30);
  });

  test("many short series, each from its own initial state", async () => {
    const rows = { u: [] as number[], y: [] as number[] };
    const group: string[] = [];
    for (let series = 0; series < 12; series++) {
      const { u, y } = tank(60, series + 1);
      rows.u.push(...u);
      rows.y.push(...y);
      group.push(...Array<string>(60).fill(`machine ${series}`));
    }
    const { summary } = await trained(small, new Frame(rows, { group }), {
      epochs: 40,
      lanes: 4,
      chunk: 30,
      learningRate: 0.02,
    });
    expect(summary.rows).toMatchObject({ train: 540, validation: 180 });
    expect(summary.validation.model.r2).toBeGreaterThan(0.9);
  });
});

describe("separate parts", () => {
  const { u, y } = tank(400);
  const options: TrainingOptions = { ...short, epochs: 3, patience: 50, test: 0.25, validation: 0.25 };
  const trainedOn = async (frame: Frame) => {
    const { model, summary } = await trained(small, frame, options);
    return { model, summary, weights: weights(model) };
  };

  test("validation and test rows affect neither the scalers, nor the baselines, nor any training step", async () => {
    const plain = await trainedOn(new Frame({ u, y }));
    const other = await trainedOn(new Frame({ u: changed(u, 200), y: changed(y, 200) }));
    expect(other.summary.curve.map(({ loss }) => loss)).toEqual(plain.summary.curve.map(({ loss }) => loss));
    expect(other.summary.inputsRange).toEqual(plain.summary.inputsRange);
    expect(other.summary.targetsRange).toEqual(plain.summary.targetsRange);
  });

  test("test rows affect only the test scores", async () => {
    const plain = await trainedOn(new Frame({ u, y }));
    const other = await trainedOn(new Frame({ u: changed(u, 300), y: changed(y, 300) }));
    expect(other.weights).toBe(plain.weights);
    expect(other.summary.validation).toEqual(plain.summary.validation);
    expect(other.summary.test).not.toEqual(plain.summary.test);
  });

  test("a prediction never depends on later rows, nor on targets", async () => {
    const { model } = await trainedOn(new Frame({ u, y }));
    const plain = model.predict(new Frame({ u }));
    const later = model.predict(new Frame({ u: changed(u, 150), y }));
    expect(Array.from(later.column("y").subarray(0, 150))).toEqual(Array.from(plain.column("y").subarray(0, 150)));
  });

  test("separate frames for validation and test", async () => {
    const { summary } = await trained(small, tankFrame(200), {
      ...short,
      validation: tankFrame(80, 5),
      test: tankFrame(60, 6),
    });
    expect(summary.rows).toEqual({ train: 200, validation: 80, test: 60 });
    expect(summary.settings).toMatchObject({ validation: "frame", test: "frame" });
  });

  test("validation continues with the state of the preceding rows", async () => {
    const frame = tankFrame(200);
    const { model, summary } = await trained(small, frame, short);
    const { y: predicted } = { y: model.predict(frame).column("y") };
    const error = Array.from({ length: 50 }, (_, i) => (predicted[150 + i] - frame.column("y")[150 + i]) ** 2);
    const rmse = Math.sqrt(error.reduce((sum, value) => sum + value, 0) / 50);
    expect(summary.validation.model.rmse).toBeCloseTo(rmse, 12);
  });

  test("parts of short data are merged, and the summary reports the consequences", async () => {
    const { summary } = await trained(small, new Frame({ u: noise(24), y: noise(24, 2) }), {
      ...short,
      test: 0.2,
    });
    expect(summary.rows).toMatchObject({ train: 24, validation: 24, test: 0 });
    expect(summary.rows.merged!.map(({ code }) => code)).toEqual(["test-merged", "validation-merged"]);
    expect(summary.rows.merged!.map(inEnglish).join(" ")).toContain("There is no test score");
    expect(summary.rows.merged!.map(inEnglish).join(" ")).toContain("not how well it predicts new ones");
    expect(summary.test).toBeUndefined();
  });

  test("a winning baseline is reported", async () => {
    const input = noise(300);
    const frame = new Frame({ u: input, y: input.map((value, row) => 3 * value + (row > 0 ? input[row - 1] : 0)) });
    const { summary } = await trained({ ...small, linear: false }, frame, { epochs: 1 });
    expect(summary.validation.winner).toBe("linear");
    expect(summary.validation.skill.linear).toBeLessThan(0);
    expect(summary.validation.baselines.linear.rmse).toBeLessThan(1e-3);
  });

  test("refit trains on all rows with the selected settings, and reports which model was scored", async () => {
    const frame = new Frame({ u, y });
    const before = await trainedOn(frame);
    const { model, summary, reports } = await trained(small, frame, { ...options, refit: true });
    expect(summary.validation).toEqual(before.summary.validation);
    expect(summary.refit).toMatchObject({ rows: 400, epochs: 2, seed: 3 });
    expect(inEnglish(summary.refit!.note)).toContain("The scores are those of the model before that");
    expect(reports.filter(({ phase, kind }) => phase === "refit" && kind === "epoch").length).toBe(2);
    expect(weights(model)).not.toBe(before.weights);
    expect(summaryOf(model)).toEqual(summary);
  });
});

describe("masks", () => {
  test("rows without a target have no influence, whatever surrounds them, and are counted", async () => {
    const { u, y } = tank(300);
    const masked = y.map((value, row) => (row % 7 === 3 ? Number.NaN : value));
    const { summary } = await trained(small, new Frame({ u, y: masked }), short);
    expect(summary.skipped.missingTargets).toBe(43);
    expect(summary.validation.model.rows + summary.validation.model.skipped).toBe(75);
    expect(summary.curve.every(({ loss }) => Number.isFinite(loss))).toBe(true);
  });

  test("a target that is measured only occasionally, as in a laboratory", async () => {
    const { u, y } = tank(2000);
    const lab = y.map((value, row) => (row % 10 === 0 ? value : Number.NaN));
    const { model, summary } = await trained({ ...small, hiddenSize: 8 }, new Frame({ u, y: lab }), {
      epochs: 40,
      chunk: 100,
      lanes: 4,
      learningRate: 0.02,
    });
    expect(summary.validation.model.rows).toBe(50);
    expect(evaluate(model, tankFrame(500, 9), { washout: 30 }).model.r2).toBeGreaterThan(0.9);
  });

  test("missing inputs and time gaps end a segment, start a new washout, and are counted", async () => {
    const { u, y } = tank(400);
    u[100] = u[101] = Number.NaN;
    const time = Array.from(u, (_, row) => (row < 200 ? row : row + 50));
    const { summary } = await trained({ ...small, washout: 5 }, new Frame({ u, y }, { time }), short);
    expect(summary.skipped).toEqual({ missingInputs: 2, missingTargets: 0, timeGaps: 1, washout: 15 });
  });
});

describe("bits", () => {
  test("equal seeds give equal bits, different seeds do not; the caller's random numbers are unaffected", async () => {
    const run = async (seed: number) => {
      const { model, summary } = await trained({ ...small, seed }, tankFrame(200), short);
      return `${weights(model)} ${JSON.stringify({ ...summary, elapsedMs: 0 })}`;
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
    ["with restarts", { restarts: 1 }],
    ["with refit", { refit: true, epochs: 3 }],
  ] as const)("%s: resumed at any epoch equals uninterrupted", async (_, more) => {
    const settings = { ...short, lanes: 3, ...more };
    const frame = tankFrame(200);
    const { model: whole, summary, reports } = await trained(small, frame, settings);
    for (let stopAt = 1; stopAt <= reports.length; stopAt++) {
      const first = train(frame, { ...small, ...settings });
      let seen = 0;
      for await (const _report of first) if (++seen === stopAt) break;
      const resumed = await trained(small, frame, { ...settings, resume: first.checkpoint() });
      expect(weights(resumed.model), `after ${stopAt} reports`).toBe(weights(whole));
      expect({ ...resumed.summary, elapsedMs: 0 }).toEqual({ ...summary, elapsedMs: 0 });
    }
  });

  test("a signal keeps the best so far with a summary, and its checkpoint continues to the same bits", async () => {
    const frame = tankFrame(200);
    const { model: whole } = await trained(small, frame, short);
    const signal = { aborted: false };
    const stopped = train(frame, { ...small, ...short, signal });
    let seen = 0;
    for await (const _report of stopped) signal.aborted = ++seen === 2;
    expect([seen, stopped.summary?.stopped, stopped.summary?.epochs]).toEqual([2, "signal", 2]);
    expect(stopped.model.predict(frame).length).toBe(200);
    const { model: resumed } = await trained(small, frame, { ...short, resume: stopped.checkpoint() });
    expect(weights(resumed)).toBe(weights(whole));
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
  const training = train(frame, { ...small, ...short });
  for await (const { epoch } of training) if (epoch === 2) break;
  const { tensors, metadata } = fromSafetensors(training.checkpoint());
  const text = metadata.eddy;
  const junk = fc.constantFrom("null", "-1", '"x"', "[]", "{}", "1e99", "0", "true", ",", "}", "");
  await fc.assert(
    fc.asyncProperty(fc.nat(text.length - 1), fc.nat(12), junk, async (at, length, piece) => {
      const resume = toSafetensors(tensors, { eddy: text.slice(0, at) + piece + text.slice(at + length) });
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
  expect(weights(again.model)).toBe(weights(whole));
  expect({ ...again.summary, elapsedMs: 0 }).toEqual({ ...summary, elapsedMs: 0 });
});

describe("the event loop", () => {
  test("gets its turn within 30 ms, also within epochs", async () => {
    // Wall-clock time, or this process's own computing time where others hold the processor.
    const gaps: number[] = [];
    const clocks = () => ({ wallMs: performance.now(), ownMs: process.cpuUsage().user / 1000 });
    let last = clocks();
    const timer = setInterval(() => {
      const now = clocks();
      gaps.push(Math.min(now.wallMs - last.wallMs, now.ownMs - last.ownMs));
      last = now;
    }, 1);
    // One step of 3000 rows in a single lane: some hundred milliseconds of arithmetic without a pause in it.
    await trained({ ...small, hiddenSize: 24 }, tankFrame(4000), {
      epochs: 4,
      chunk: 3000,
      lanes: 1,
    });
    clearInterval(timer);
    gaps.sort((a, b) => a - b);
    expect(gaps.length).toBeGreaterThan(20);
    expect(gaps[Math.floor(gaps.length * 0.9)]).toBeLessThan(30); // the rest is for compilation and garbage collection
  });

  test("a gradient computed in slices equals that of the whole", async () => {
    const { chunkGradients, noState } = await import("../src/series/training/chunk-gradients.ts");
    const { drawNetwork } = await import("../src/series/network/network.ts");
    const { finish } = await import("../src/series/pace.ts");
    const network = drawNetwork(
      {
        cell: "lstm",
        inputSize: 1,
        hiddenSize: 16,
        numLayers: 2,
        targetSize: 1,
        linear: true,
        initialState: "learned",
      },
      1,
    );
    const rows = { x: Float32Array.from(noise(6000)), y: Float32Array.from(noise(6000, 4)) };
    rows.y[17] = Number.NaN;
    const lanes = [
      { row: 0, rows: 3000, reset: true, warmUp: 0 },
      { row: 3000, rows: 2900, reset: true, warmUp: 20 },
    ];
    const gradients = (pieces: number) => {
      for (const parameter of network.parameters()) parameter.grad = undefined;
      const paced = chunkGradients(network, rows, lanes, noState(network, 2), pieces);
      const { loss, values } = finish(paced);
      expect(values).toBe(3000 - 1 + 2900 - 20);
      return { loss, all: network.parameters().map(({ grad }) => Float64Array.from(grad!.data)) };
    };
    const [sliced, whole] = [gradients(170), gradients(3000)];
    expect(sliced.loss).toBeCloseTo(whole.loss, 6);
    for (const [i, gradient] of sliced.all.entries()) {
      const scale = whole.all[i].reduce((most, value) => Math.max(most, Math.abs(value)), 1e-9);
      for (let k = 0; k < gradient.length; k++)
        expect(Math.abs(gradient[k] - whole.all[i][k]) / scale).toBeLessThan(1e-4);
    }
  });
});

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
    expect(summary.epochs - summary.bestEpoch).toBe(4); // validated every fourth epoch
    const best = summary.curve.find(({ epoch }) => epoch === summary.bestEpoch)!;
    expect(Math.min(...summary.curve.map(({ validation }) => validation))).toBe(best.validation);
    expect(summary.validation.model.rmse).toBe(best.validation);
  });

  test("of several training runs, the best by validation is kept", async () => {
    const { summary } = await trained(small, tankFrame(200), { ...short, restarts: 2 });
    expect(summary.trainings.map(({ seed }) => seed)).toEqual([3, 4, 5]);
    expect(summary.validation.model.rmse).toBe(Math.min(...summary.trainings.map(({ rmse }) => rmse!)));
    expect(summary.restarts).toBe(2);
  });

  test("a budget is kept, and its epochs give the same bits without the clock", async () => {
    const frame = tankFrame(400);
    const settings = { chunk: 25, lanes: 2, networks: 1, patience: 100_000 };
    const startMs = performance.now();
    const { model, summary } = await trained(small, frame, { ...settings, epochs: 100_000, budgetMs: 600 });
    expect(performance.now() - startMs).toBeLessThan(5000); // a busy machine, too
    expect(summary.settings.epochs).toBeLessThan(100_000);
    expect(inEnglish(summary.notes[0])).toMatch(
      /^The budget of 0.6 s shortens the plan from 100000 epochs to \d+ epochs\.$/,
    );
    if (summary.stopped === "epochs") {
      const { model: again } = await trained(small, frame, { ...settings, epochs: summary.settings.epochs });
      expect(weights(again)).toBe(weights(model));
    } else expect(summary.stopped).toBe("budget"); // a busy machine
  });

  test("a budget reduces restarts before epochs, unless their number is given", async () => {
    const frame = tankFrame(400);
    const budget = { chunk: 25, lanes: 2, epochs: 400, budgetMs: 500 };
    const { restarts, epochs } = (await trained(small, frame, budget)).summary.settings;
    expect(restarts === 2 && epochs < 400).toBe(false);
    const { summary } = await trained(small, frame, { ...budget, epochs: 4000, restarts: 2 });
    expect(summary.settings.restarts).toBe(2);
    expect(inEnglish(summary.notes[0])).toMatch(
      /^The budget of 0.5 s shortens the plan from 3 training runs of 4000 epochs to 3 training runs of \d+ epochs?\.$/,
    );
  });

  test("a budget shorter than one epoch still gives a model with scores", async () => {
    const { summary } = await trained({ ...small, hiddenSize: 32 }, tankFrame(40_000), {
      chunk: 50,
      lanes: 8,
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
    expect(weights(read)).toBe(weights(training.model));
  });

  test("the model is the best so far inside the loop, and the final one after it", async () => {
    const frame = tankFrame(200);
    const training = train(frame, { ...small, ...short, restarts: 1 });
    let best = Number.POSITIVE_INFINITY;
    for await (const { kind, validation } of training) {
      if (kind !== "epoch") continue;
      best = Math.min(best, validation!.rmse);
      const part = frame.slice(150);
      const own = training.model.predict(frame).slice(150).column("y");
      const squares = own.reduce((sum, y, row) => sum + (y - part.column("y")[row]) ** 2, 0);
      expect(Math.sqrt(squares / 50)).toBeCloseTo(best, 12);
    }
    expect(training.model).toBe(training.model);
    expect(summaryOf(training.model)).toEqual(training.summary);
  });
});

describe("data that cannot be learned from", () => {
  const { u, y } = tank(100);
  const set = (values: Float64Array, row: number, value: number) => values.map((own, i) => (i === row ? value : own));
  const cases: [string, Frame, string, { row?: number; column?: string }?][] = [
    ["no column", new Frame({ u }), 'without "y"; it has "u"', { column: "y" }],
    ["no row", new Frame({ u: [], y: [] }), "received an empty frame"],
    ["one row", new Frame({ u: [1], y: [2] }), "at least 10 training rows with all inputs and a target, received 1"],
    ["all-NaN target", new Frame({ u, y: u.map(() => Number.NaN) }), "received 0 of 100 rows"],
    ["all-NaN input", new Frame({ u: u.map(() => Number.NaN), y }), "received 0 of 100 rows"],
    [
      "constant target",
      new Frame({ u, y: u.map(() => 0.1) }),
      'a target that varies, received "y" with 0.1',
      { column: "y" },
    ],
    ["constant input", new Frame({ u: u.map(() => 0.3), y }), "an input that varies", { column: "u" }],
    [
      "infinite target",
      new Frame({ u, y: set(y, 13, Number.POSITIVE_INFINITY) }),
      "Infinity in row 13",
      { row: 13, column: "y" },
    ],
    [
      "infinity in validation",
      new Frame({ u: set(u, 90, -Infinity), y }),
      "-Infinity in row 90",
      { row: 90, column: "u" },
    ],
    ["1e30 for missing", new Frame({ u: set(u, 40, 1e30), y }), "1e+30 in row 40", { row: 40, column: "u" }],
    ["-1e30 for missing", new Frame({ u, y: set(y, 41, -1e30) }), "-1e+30 in row 41", { row: 41, column: "y" }],
    [
      "values whose squares overflow",
      new Frame({ u: u.map((value) => value * 1e200), y }),
      "divide the column",
      { column: "u" },
    ],
    [
      "unsorted time",
      new Frame(
        { u, y },
        {
          time: set(
            u.map((_, i) => i),
            50,
            3,
          ),
        },
      ),
      "the first at row 50",
      { row: 50 },
    ],
    ["uneven time", new Frame({ u, y }, { time: u.map((_, i) => i + (i % 2) * 0.4) }), "irregular intervals"],
  ];

  test.each(cases)("%s", async (_, frame, message, place = {}) => {
    const error = await trained(small, frame, short).catch((caught) => caught);
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toContain(message);
    expect(error).toMatchObject(place);
  });

  test("large values of similar size, a single pulse and one constant input among others can be learned from", async () => {
    const large = new Frame({ u: u.map((value) => 2e30 * (2 + value)), y: y.map((value) => value * 1e-20) });
    expect((await trained(small, large, short)).summary.notes).toEqual([]);
    const pulse = new Frame({ u: u.map((_, row) => (row === 3 ? 1 : 0)), y });
    expect((await trained(small, pulse, short)).summary.notes).toEqual([]);
    const { model, summary } = await trained(
      { ...small, inputs: ["u", "k"] },
      new Frame({ u, y, k: u.map(() => 7) }),
      short,
    );
    expect(summary.notes).toEqual([{ code: "constant-input", column: "k", value: 7 }]);
    expect(inEnglish(summary.notes[0])).toBe('Input "k" has one value, 7, in every training row: it has no influence.');
    expect(bitsOf(model.predict(new Frame({ u, k: u.map(() => 1e9) })))).toBe(
      bitsOf(model.predict(new Frame({ u, k: u.map(() => 7) }))),
    );
  });

  test("invalid settings are rejected by name", async () => {
    const frame = tankFrame(50);
    expect(() => train(frame, { inputs: [], targets: ["y"] })).toThrow(
      "expected inputs to be an array of at least one",
    );
    expect(() => train(frame, { inputs: ["u"], targets: ["u"] })).toThrow('received "u" as both');
    expect(() => train(frame, { ...small, cell: "transformer" as "gru" })).toThrow(
      '"rnn" or "gru" or "lstm" or "mingru"',
    );
    expect(() => train(frame, { ...small, hidden_size: 3 } as never)).toThrow("write hiddenSize");
    await expect(trained(small, frame, { validation: 0.6, test: 0.5 })).rejects.toThrow("leave rows to train on");
    await expect(trained(small, frame, { epochs: 0 })).rejects.toThrow("expected epochs");
    await expect(trained({ ...small, washout: 60 }, frame, short)).rejects.toThrow("smaller washout");
  });
});
