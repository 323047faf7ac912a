/** Training: what it learns, separate parts, missing values, the event loop, and data that cannot be learned from. */
import { fromSafetensors, tensor, toSafetensors } from "eddy";
import { DataError, evaluate, Frame, describe as inEnglish, Model, summaryOf, train } from "eddy/series";
import { describe, expect, test } from "vitest";
import {
  bitsOf,
  noise,
  short,
  small,
  type TrainingOptions,
  tank,
  tankFrame,
  trained,
  weightBits,
} from "./series-data.ts";

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
      networks: 1,
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
    return { model, summary, weights: weightBits(model) };
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
    const { model, summary } = await trained(small, frame, { ...short, epochs: 60, learningRate: 0.02 });
    const { tensors, metadata } = fromSafetensors(model.toBytes());
    const networkAlone = Model.fromBytes(toSafetensors({ ...tensors, share: tensor([1]) }, metadata));
    const predicted = networkAlone.predict(frame).column("y");
    const error = Array.from({ length: 50 }, (_, i) => (predicted[150 + i] - frame.column("y")[150 + i]) ** 2);
    const rmse = Math.sqrt(error.reduce((sum, value) => sum + value, 0) / 50);
    expect(summary.networks[0].rmse).toBeCloseTo(rmse, 12);
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
    const { summary } = await trained({ ...small, linear: false }, frame, { epochs: 1, networks: 1 });
    expect(summary.validation.winner).toBe("linear");
    expect(summary.validation.skill.linear).toBe(0); // the model is the filter
    expect(summary.share).toEqual({ y: 0 });
    expect(summary.validation.baselines.linear.rmse).toBeLessThan(1e-3);
  });

  test("refit trains on all rows with the selected settings, and reports which model was scored", async () => {
    const frame = new Frame({ u, y });
    const before = await trainedOn(frame);
    const { model, summary, reports } = await trained(small, frame, { ...options, refit: true });
    expect(summary.validation).toEqual(before.summary.validation);
    expect(summary.refit).toMatchObject({ rows: 400, epochs: 2 });
    expect(inEnglish(summary.refit!.note)).toContain("The scores are those of the model before that");
    expect(reports.filter(({ phase, kind }) => phase === "refit" && kind === "epoch").length).toBe(2);
    expect(weightBits(model)).not.toBe(before.weights);
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
      networks: 1,
      learningRate: 0.02,
    });
    expect(summary.validation.model.rows).toBe(50);
    expect(evaluate(model, tankFrame(500, 9), { washout: 30 }).model.r2).toBeGreaterThan(0.9);
  });

  test("missing inputs and time gaps end a segment, start a new washout, and are counted", async () => {
    const { u, y } = tank(400);
    u[100] = u[101] = Number.NaN;
    const time = Array.from(u, (_, row) => (row < 200 ? row : row + 50));
    const restarting = { ...small, gaps: "restart", washout: 5 } as const;
    const { summary } = await trained(restarting, new Frame({ u, y }, { time }), short);
    expect(summary.skipped).toEqual({ missingInputs: 2, missingTargets: 0, timeGaps: 1, washout: 15 });
  });
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
      networks: 1,
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
