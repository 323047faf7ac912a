/** Every public function of eddy/series called with wrong values: it works, or says what it expected, received and what kind of mistake it is. */
// biome-ignore-all lint/suspicious/noExplicitAny: wrong values have no type
import { nn, Tensor, tensor } from "eddy";
import * as series from "eddy/series";
import { beforeAll, describe, expect, test } from "vitest";
import { randomCases } from "../../../ci/in-ci.ts";
import { noise, short, small, tank, trained } from "./series-data.ts";

const { DataError, describe: inEnglish, evaluate, Frame, Model, summaryOf, train } = series;
const runs = randomCases(1000);
const rows = 60;
const time = Array.from({ length: rows }, (_, t) => 1000 * t);
const frame = new Frame({ ...tank(rows) }, { time });

/** A table to forecast, with two groups. */
const load = new Frame(
  { y: noise(2 * rows, 3), plan: noise(2 * rows, 5) },
  { time: [...time, ...time], group: Array.from({ length: 2 * rows }, (_, row) => (row < rows ? "a" : "b")) },
);
const ahead = { targets: ["y"], known: ["plan"], horizon: 2, path: "last", transform: "none", season: false } as const;
const quick = { epochs: 1, networks: 2, hiddenSize: 2, jobs: 1 };

let forecaster: series.Forecaster;
let model: series.Model;
let bytes: Uint8Array;
let checkpoint: Uint8Array;
beforeAll(async () => {
  const result = await trained(small, frame, short);
  model = result.model;
  bytes = model.toBytes();
  checkpoint = result.training.checkpoint();
  const training = series.trainForecast(load, { ...ahead, ...quick });
  for await (const _ of training);
  forecaster = training.forecaster;
});

function dice(seed: number) {
  let bits = seed;
  const roll = (sides: number) => {
    bits = (Math.imul(bits, 1664525) + 1013904223) >>> 0;
    return Math.floor((bits / 2 ** 32) * sides);
  };
  for (let i = 0; i < 4; i++) roll(2);
  return roll;
}

const cyclic: unknown[] = [];
cyclic.push(cyclic);
const wrong: unknown[] = [
  undefined,
  null,
  true,
  0,
  -5,
  1,
  2.5,
  1e300,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  2 ** 60,
  10n,
  "",
  "u",
  "__proto__",
  "constructor",
  Symbol("s"),
  [],
  [1, 2],
  ["u", "u"],
  [null],
  ["x"],
  cyclic,
  {},
  { u: 1 },
  { u: [1, "2"] },
  { input: "u" },
  Object.create(null),
  () => 1,
  new Date(0),
  new Map(),
  new Map([["u", [1, 2, 3]]]),
  new Map([[3, [1]]]),
  new Float64Array(3),
  new Uint8Array(20),
  new ArrayBuffer(8),
  tensor([1, 2]),
  new Frame({ u: [1, 2, 3] }),
  new Frame({ "20": [1], u: [Number.NaN] }, { time: [5] }),
];

/** What may be passed where, right or wrong. */
const options: Record<string, string[]> = {
  regressor: "inputs targets task cell hiddenSize numLayers linear initialState washout scaler seed nonsense".split(
    " ",
  ),
  fit: "validation test epochs validateEvery patience budgetMs learningRate weightDecay average clip networks variants randomStarts chunk lanes refit jobs signal resume source nonsense".split(
    " ",
  ),
  frame: ["time", "group", "times"],
  repair: ["sort", "duplicates", "gaps", "nonsense"],
  response: ["input", "from", "to", "rows", "nonsense"],
  gain: ["input", "points"],
  memory: ["rows", "places"],
  importance: ["rows", "shuffles", "seed", "nonsense"],
  stream: ["state", "seed"],
  evaluate: ["washout", "level", "test"],
  predict: ["level", "washout"],
  forecast: "targets inputs known horizon season path transform calendar bounds".split(" "),
  backtest: ["rows", "level", "compare", "signal", "nonsense"],
  forecastStream: ["level", "adaptive", "nonsense"],
};

type Roll = (sides: number) => number;
const any = (roll: Roll) => wrong[roll(wrong.length)];
/** Right options with one wrong value among them, or a wrong value in their place. */
const given = (roll: Roll, names: string[], right: object = {}): any =>
  roll(4) === 0 ? any(roll) : { ...right, [names[roll(names.length)]]: any(roll) };
const frameOr = (roll: Roll): any => (roll(3) === 0 ? any(roll) : frame);
const loadOr = (roll: Roll): any => (roll(3) === 0 ? any(roll) : load);
const forecasterOr = (roll: Roll): any => (roll(5) === 0 ? any(roll) : forecaster);
/** Ranges of rows with one wrong value among them. */
const rangesOr = (roll: Roll): any =>
  roll(2) ? any(roll) : [{ start: 5, end: 40, ...(roll(2) ? { start: any(roll) } : { end: any(roll) }) }, any(roll)];
const modelOr = (roll: Roll): any => (roll(5) === 0 ? any(roll) : model);

const calls: Record<string, (roll: Roll) => unknown> = {
  Frame: (roll) => new Frame(roll(2) ? (any(roll) as any) : { u: [1, 2], y: [3, 4] }, given(roll, options.frame)),
  "Frame.column": (roll) => frame.column(any(roll) as any),
  "Frame.has": (roll) => frame.has(any(roll) as any),
  "Frame.slice": (roll) => frame.slice(any(roll) as any, any(roll) as any),
  "Frame.select": (roll) => frame.select(any(roll) as any),
  "Frame.with": (roll) => frame.with(any(roll) as any),
  "train, settings of the model": (roll) => train(frame, given(roll, options.regressor, small)),
  train: async (roll) => {
    for await (const _ of train(frameOr(roll), given(roll, options.fit, { ...small, ...short, epochs: 1 }))) break;
  },
  "train, resume": async (roll) => {
    const settings = { ...small, ...(roll(2) && { seed: any(roll) as any }), resume: checkpoint };
    for await (const _ of train(frame, given(roll, options.fit, settings))) break;
  },
  Training: (roll) => {
    const training = train(frame, small) as any;
    const name = ["model", "summary", "options", "checkpoint"][roll(4)];
    return name === "checkpoint" ? training.checkpoint(any(roll)) : training[name];
  },
  Model: (roll) => (model.predictAsync as any)(frameOr(roll), given(roll, [...options.predict, "signal"])),
  evaluateAsync: (roll) => series.evaluateAsync(modelOr(roll), frameOr(roll), given(roll, options.evaluate)),
  trainForecast: async (roll) => {
    const names = [...options.forecast, ...options.fit];
    for await (const _ of series.trainForecast(loadOr(roll), given(roll, names, { ...ahead, ...quick }))) break;
  },
  ForecastTraining: (roll) => {
    const training = series.trainForecast(load, ahead) as any;
    const name = ["forecaster", "summary", "training", "checkpoint"][roll(4)];
    return name === "checkpoint" ? training.checkpoint(any(roll)) : training[name];
  },
  Forecaster: (roll) => new series.Forecaster(modelOr(roll)),
  "Forecaster.fromBytes": (roll) => series.Forecaster.fromBytes(roll(2) ? bytes : (any(roll) as any)),
  "Forecaster.forecast": (roll) => forecaster.forecast(loadOr(roll), given(roll, ["level", "nonsense"])),
  "Forecaster.pastWeights": (roll) => forecaster.pastWeights(roll(2) ? "y" : (any(roll) as any), any(roll) as any),
  "Forecaster.stream": (roll) => {
    const stream = forecaster.stream(given(roll, options.forecastStream));
    const row = { y: 1, plan: [1, 2, 3], ...(roll(2) ? { y: any(roll) as any } : { plan: any(roll) as any }) };
    return stream.predict(roll(3) ? row : (any(roll) as any), any(roll) as any);
  },
  backtest: (roll) => series.backtest(forecasterOr(roll), loadOr(roll), given(roll, options.backtest)),
  backtestAsync: (roll) => series.backtestAsync(forecasterOr(roll), loadOr(roll), given(roll, options.backtest)),
  "backtest, rows": (roll) => series.backtest(forecaster, load, { rows: rangesOr(roll) }),
  modelFrom: (roll) =>
    series.modelFrom(
      roll(2) ? new nn.RNN({ inputSize: 1, hiddenSize: 2 }) : (any(roll) as any),
      roll(2) ? new nn.Linear(2, 1) : (any(roll) as any),
      given(roll, ["inputs", "targets", "nonsense"], { inputs: ["u"], targets: ["y"] }),
    ),
  compareModels: (roll) =>
    series.compareModels(modelOr(roll), modelOr(roll), frameOr(roll), given(roll, ["signal", "nonsense"])),
  summaryOf: (roll) => summaryOf(modelOr(roll)),
  stateDictOf: (roll) => series.stateDictOf(modelOr(roll)),
  modelToOnnx: (roll) => series.modelToOnnx(modelOr(roll)),
  predict: (roll) => (model.predict as any)(frameOr(roll), given(roll, options.predict)),
  evaluate: (roll) => evaluate(modelOr(roll), frameOr(roll), given(roll, options.evaluate)),
  stream: (roll) => model.stream(given(roll, options.stream)).predict(any(roll) as any),
  "Stream.predict": (roll) => model.stream().predict(roll(2) ? ({ u: any(roll) } as any) : (any(roll) as any)),
  fromBytes: (roll) => Model.fromBytes(roll(4) === 0 ? bytes.slice(roll(bytes.length)) : (any(roll) as any)),
  inspectTime: (roll) => series.inspectTime(any(roll) as any),
  repairTime: (roll) => series.repairTime(frameOr(roll), given(roll, options.repair)),
  resample: (roll) => series.resample(frameOr(roll), given(roll, ["every", "by"], { every: 3 })),
  rowNotes: (roll) => series.rowNotes(modelOr(roll), frameOr(roll)),
  stepResponse: (roll) => series.stepResponse(modelOr(roll), given(roll, options.response, { input: "u", rows: 9 })),
  impulseResponse: (roll) =>
    series.impulseResponse(modelOr(roll), given(roll, options.response, { input: "u", rows: 9 })),
  staticGain: (roll) => series.staticGain(modelOr(roll), given(roll, options.gain, { input: "u", points: 2 })),
  memoryHorizon: (roll) => series.memoryHorizon(modelOr(roll), frameOr(roll), given(roll, options.memory, { rows: 5 })),
  importance: (roll) => series.importance(modelOr(roll), frameOr(roll), given(roll, options.importance)),
  importanceAsync: (roll) => series.importanceAsync(modelOr(roll), frameOr(roll), given(roll, options.importance)),
  autocorrelation: (roll) => series.autocorrelation(any(roll) as any, any(roll) as any),
  chronologicalSplit: (roll) =>
    series.chronologicalSplit(frameOr(roll), given(roll, ["validation", "test"], { test: 0.2 })),
  boundNames: (roll) => series.boundNames(any(roll) as any, roll(2) ? ["y"] : (any(roll) as any)),
  describe: (roll) => inEnglish(any(roll) as any),
  mismatchOf: (roll) => {
    const settings = Object.values({ ...series.modelSettings, ...series.partSettings, ...series.trainingSettings });
    series.mismatchOf(settings[roll(settings.length)].rule, any(roll));
  },
};

test("every export of eddy/series is called", () => {
  const functions = Object.entries(series).filter(([, value]) => typeof value === "function");
  const missing = functions.map(([name]) => name).filter((name) => !(name in calls) && name !== "DataError");
  expect(missing).toEqual([]);
});

test("no call ends in an internal error of the JavaScript engine", async () => {
  const names = Object.keys(calls);
  const faults: string[] = [];
  for (let seed = 0; seed < runs; seed++) {
    const name = names[seed % names.length];
    try {
      await calls[name](dice(seed));
    } catch (error) {
      const { message, stack } = error as Error;
      const coded = error instanceof DataError || "code" in (error as object) || /expected .+, received/s.test(message);
      if (!coded || !/expected .+, received .+/s.test(message)) faults.push(`${name}, seed ${seed}: ${stack}`);
    }
  }
  expect(faults).toEqual([]);
}, 120_000);

describe("column names", () => {
  const names = ["20", "10", "__proto__", "constructor", "toString"];
  const columns = new Map(names.map((name, j) => [name, tank(rows, j + 1).y]));

  test("keep their order and never come from a prototype", async () => {
    const inputs = ["constructor", "__proto__", "toString"];
    const targets = ["20", "10"];
    const all = new Frame(columns);
    expect(all.names).toEqual(names);
    expect(all.select(["20", "__proto__"]).names).toEqual(["20", "__proto__"]);
    expect(all.slice(1).names).toEqual(names);
    const { model: own, summary } = await trained({ ...small, inputs, targets }, all, { ...short, refit: true });
    for (const one of [own, Model.fromBytes(own.toBytes())]) {
      expect(one.predict(all, { level: false }).names).toEqual(targets);
      expect(one.predict(all).names).toEqual(targets.flatMap((name) => [name, `${name}_low`, `${name}_high`]));
      expect([one.options.inputs, one.options.targets]).toEqual([inputs, targets]);
      expect(Object.keys(summaryOf(one)!.inputsRange).sort()).toEqual([...inputs].sort());
      const { perTarget, model: scores } = evaluate(one, all);
      expect(Object.keys(perTarget).sort()).toEqual(["10", "20"]);
      const mean = targets.reduce((sum, name) => sum + scores.perTarget![name].mae, 0) / 2;
      expect(scores.mae).toBeCloseTo(mean, 12);
      // Each score is that of its own column, not of one that was put before it.
      const errors = one
        .predict(all)
        .column("20")
        .map((value, t) => Math.abs(value - columns.get("20")![t]));
      expect(scores.perTarget!["20"].mae).toBeCloseTo(errors.reduce((sum, value) => sum + value, 0) / rows, 9);
      const row = Object.fromEntries(inputs.map((name) => [name, columns.get(name)![0]]));
      const step = one.stream().predict(row);
      for (const target of targets) expect(step[target]).toBe(one.predict(all).column(target)[0]);
      expect(series.stepResponse(one, { input: "__proto__", rows: 3 }).input).toBe("__proto__");
      expect(Object.keys(series.memoryHorizon(one, all, { rows: 4 }).inputs).sort()).toEqual([...inputs].sort());
    }
    expect(summary.validation.perTarget["20"].skill).toBeDefined();
  });

  test.each([
    [
      "twice",
      { inputs: ["u", "u"], targets: ["y"] },
      { code: "duplicate-name", values: { column: "u", role: "inputs" } },
    ],
    ["target twice", { inputs: ["u"], targets: ["y", "y"] }, { code: "duplicate-name" }],
    ["as both", { inputs: ["u", "y"], targets: ["y"] }, { code: "input-and-target", values: { column: "y" } }],
    ["too large", { inputs: ["u"], targets: ["y"], hiddenSize: 1e9 }, { code: "too-many-weights" }],
  ])("%s is rejected", (_, wrongOptions, expected) => {
    expect(() => train(frame, wrongOptions)).toThrow(expect.objectContaining(expected));
  });

  test("empty names, no names and invalid frame options are rejected", () => {
    expect(() => new Frame({ "": [1] })).toThrow(expect.objectContaining({ code: "column-name" }));
    expect(() => new Frame({})).toThrow(expect.objectContaining({ code: "no-columns" }));
    expect(new Frame({}, { time: [1, 2] }).length).toBe(2);
    expect(() => new Frame({}, { group: [1, 2] })).toThrow(expect.objectContaining({ code: "no-columns" }));
    expect(() => new Frame({ u: [1] }, { times: [1] } as never)).toThrow(/received times.*/);
    expect(() => new Frame({ u: [1] }, { group: null } as never)).toThrow("expected group to be an array of names");
    expect(() => new Frame({ u: [1] }, { time: ["2024"] as never })).toThrow(
      expect.objectContaining({ code: "not-a-number", values: { column: "time", row: 0, received: '"2024"' } }),
    );
    expect(() => evaluate(model, frame, { washout: -5 })).toThrow("expected washout to be an integer ≥ 0");
    expect(() => (model.predict as any)(frame, { washout: 3 })).toThrow("received washout; omit it");
  });
});

describe("copies of arguments and results", () => {
  test("the settings, and the settings that a model returns", async () => {
    const settings = { ...small, ...short, inputs: ["u"] };
    const training = train(frame, settings);
    settings.inputs.push("y");
    settings.epochs = 9;
    (training.options.inputs as string[]).push("y");
    for await (const _ of training);
    const own = training.model;
    (own.options.targets as string[]).push("z");
    expect([own.options.inputs, own.options.targets]).toEqual([["u"], ["y"]]);
    expect(own.predict(frame, { level: false }).names).toEqual(["y"]);
    expect(training.summary!.settings.epochs).toBe(4);
  });

  test("the groups of a frame, and the states of a stream", () => {
    const group = { codes: Int32Array.of(0, 0, 1), labels: ["a", "b"] };
    const own = new Frame({ u: [1, 2, 3] }, { group });
    group.codes[2] = 0;
    group.labels[0] = "x";
    expect(own.series().map(({ label, end }) => [label, end])).toEqual([
      ["a", 2],
      ["b", 3],
    ]);
    const stream = model.stream();
    stream.predict({ u: 1 });
    const { state } = stream;
    const went = model.stream({ state });
    const asTensors = model.stream({ state: state.map(({ data, shape }) => new Tensor(data, shape)) });
    const next = stream.predict({ u: 0.5 });
    for (const part of state) part.data.fill(1e9);
    expect(went.predict({ u: 0.5 })).toEqual(next);
    expect(asTensors.predict({ u: 0.5 })).toEqual(next);
    for (const wrongState of [[], [tensor([1])], [1], [new Tensor(new Float32Array(6).fill(Number.NaN), [1, 1, 6])]]) {
      expect(() => model.stream({ state: wrongState as never })).toThrow(/Model.stream: expected a state of/);
    }
  });
});
