/** Forecasts: derived columns without a leak, blocks that targets do not reach across, streams, files, and the backtest. */
import {
  backtest,
  Forecaster,
  type ForecastTraining,
  type ForecastTrainOptions,
  Frame,
  Model,
  type ScoredForecast,
  trainForecast,
} from "eddy/series";
import { describe, expect, test } from "vitest";
import { exponentialSmoothing } from "../src/series/baselines/exponential-smoothing.ts";
import { filterLayout, spreadOut } from "../src/series/baselines/filter-layout.ts";
import { normalEquations } from "../src/series/baselines/normal-equations.ts";
import { derive } from "../src/series/forecast/derived-columns.ts";
import { nextTimes } from "../src/series/forecast/next-times.ts";
import { derivedInputs, derivedTargets, type ForecastPlan } from "../src/series/forecast/plan.ts";
import { QuantileTracker } from "../src/series/intervals/adaptive.ts";
import { finish } from "../src/series/pace.ts";
import { cutBlocksInTime, withReach } from "../src/series/training/blocks.ts";
import { findSeason } from "../src/series/training/forecast-path.ts";
import { noise, weightBits } from "./series-data.ts";

const hourMs = 3_600_000;

/** A daily cycle, an effect of a plan that is known ahead, and an input with an effect one row later. */
function load(rows: number, seed = 1) {
  const random = noise(rows, seed);
  const plan = Float64Array.from({ length: rows }, (_, t) => (random[rows - 1 - t] > 0.6 ? 1 : 0));
  const heat = noise(rows, seed + 7);
  const y = Float64Array.from(
    { length: rows },
    (_, t) => 20 + 5 * Math.sin((2 * Math.PI * t) / 24) + 3 * plan[t] + 2 * (heat[t - 1] ?? 0) + 0.2 * random[t],
  );
  const time = Float64Array.from({ length: rows }, (_, t) => Date.UTC(2024, 0, 1) + t * hourMs);
  return new Frame({ y, heat, plan }, { time });
}

const columns = { targets: ["y"], inputs: ["heat"], known: ["plan"], horizon: 6 };
/** A given path saves the comparison of paths, which the tests of the command line cover. */
const quick = { epochs: 2, networks: 3, hiddenSize: 4, seed: 1, jobs: 1, path: "season", transform: "none" } as const;

async function trained(frame: Frame, options: ForecastTrainOptions): Promise<ForecastTraining> {
  const training = trainForecast(frame, options);
  for await (const _ of training);
  return training;
}

const plan = (change: Partial<ForecastPlan> = {}): ForecastPlan => ({
  ...{ targets: ["y"], inputs: ["heat"], known: ["plan"], horizon: 6, season: 24, path: "season", transform: "none" },
  calendar: ["day", "week"],
  frequentCycles: ["day"],
  bounds: {},
  missing: [],
  ...change,
});

describe("derived columns", () => {
  test.each([plan(), plan({ path: "last" }), plan({ transform: "log" })])(
    "of a row do not depend on the future: $path $transform",
    (own) => {
      const frame = load(200);
      const at = 120;
      const later = (name: string, from: number) =>
        frame.column(name).map((value, row) => (row > from ? value + 1 : value));
      const changed = frame.with({ y: later("y", at), heat: later("heat", at), plan: later("plan", at + own.horizon) });
      const [before, after] = [frame, changed].map((table) => derive(table, own, false));
      for (const name of derivedInputs(own)) {
        expect(after.frame.column(name).subarray(0, at + 1)).toEqual(before.frame.column(name).subarray(0, at + 1));
      }
      const anchors = (at + 1) * own.horizon;
      expect(after.anchors.subarray(0, anchors)).toEqual(before.anchors.subarray(0, anchors));
    },
  );

  test("anchor and change give the measured value", () => {
    const frame = load(100);
    for (const own of [plan(), plan({ path: "last" }), plan({ horizon: 30 })]) {
      const { frame: derived, anchors } = derive(frame, own, true);
      for (const step of [1, own.horizon]) {
        const change = derived.column(derivedTargets(own)[step - 1])[60];
        expect(anchors[60 * own.horizon + step - 1] + change).toBeCloseTo(frame.column("y")[60 + step], 12);
      }
    }
  });

  test("short gaps of the past are held, long ones are missing", () => {
    const frame = load(100);
    const y = frame
      .column("y")
      .map((value, row) => ((row > 59 && row < 63) || (row > 69 && row < 96) ? Number.NaN : value));
    const own = plan({ path: "last", season: undefined });
    const { frame: derived, anchors } = derive(frame.with({ y }), own, true);
    const latest = anchors.filter((_, at) => at % own.horizon === 0);
    expect(Array.from(latest.subarray(59, 64))).toEqual([y[59], y[59], y[59], y[59], y[63]]);
    expect(latest[72]).toBe(y[69]);
    expect(latest[73]).toBeNaN();
    expect(Array.from(derived.column("y").subarray(60, 64))).toEqual([0, 0, 0, y[63] - y[59]]);
    expect(derived.column("y")[73]).toBeNaN();
    expect(derived.column("y")[96]).toBe(0); // after a long gap, the past starts anew
    // Missing targets are never learned.
    expect(derived.column("y +1")[60]).toBeNaN();
  });

  test("inputs compare the latest value with the past, and do not contain its level", () => {
    const frame = load(300);
    const y = frame.column("y");
    for (const own of [plan(), plan({ path: "last" })]) {
      const [here, elsewhere] = [y, y.map((value) => value + 1000)].map((values) =>
        derive(frame.with({ y: values }), own, false),
      );
      for (const name of derivedInputs(own)) {
        const values = elsewhere.frame.column(name);
        for (const [row, value] of here.frame.column(name).entries()) {
          if (Number.isNaN(value)) expect(values[row]).toBeNaN();
          else expect(values[row]).toBeCloseTo(value, 9);
        }
      }
      const mean = (from: number, rows: number) => y.subarray(from, from + rows).reduce((sum, v) => sum + v, 0) / rows;
      const value = (name: string) => here.frame.column(name)[250];
      expect(value("y minus mean of 24 rows")).toBeCloseTo(y[250] - mean(227, 24), 9);
      expect(value("y minus mean of 168 rows")).toBeCloseTo(y[250] - mean(83, 168), 9);
      expect(value("y")).toBe(own.path === "last" ? y[250] - y[249] : y[250] - y[226]);
    }
  });

  test("nothing crosses a gap in time or the border of a group", () => {
    const frame = load(100);
    const grouped = new Frame(
      { y: frame.column("y"), heat: frame.column("heat"), plan: frame.column("plan") },
      { time: frame.time, group: Array.from({ length: 100 }, (_, row) => (row < 50 ? "a" : "b")) },
    );
    const { frame: derived } = derive(grouped, plan({ path: "last" }), true);
    expect(derived.column("y +6")[44]).toBeNaN();
    expect(derived.column("y +6")[43]).not.toBeNaN();
    expect(derived.column("plan +1")[49]).toBeNaN();
    expect(derive(grouped, plan(), false).frame.column("y")[50 + 23]).toBeNaN();
  });
});

test("rows that reach into the next block are neither validated nor learned from beside it", () => {
  const blocks = [[{ start: 0, end: 10 }], [{ start: 10, end: 20 }], [{ start: 25, end: 30 }]];
  expect(withReach(blocks, 3).map(({ inner, reaching }) => [inner, reaching])).toEqual([
    [[{ start: 0, end: 7 }], [{ start: 7, end: 10 }]],
    [[{ start: 10, end: 20 }], []],
    [[{ start: 25, end: 30 }], []],
  ]);
  expect(withReach(blocks, 0)[0]).toEqual({ rows: blocks[0], inner: blocks[0], reaching: [] });
});

test("the equations of a filter that reads some inputs longer than others", () => {
  const rows = 60;
  const x = Float32Array.from(noise(rows * 3, 3));
  const y = Float32Array.from(noise(rows, 5));
  const layout = filterLayout(4, 3, [9, 2, 0]);
  const windows = [
    { warmUpStart: 0, start: 2, end: 20 },
    { warmUpStart: 20, start: 20, end: 60 },
  ];
  const found = finish(normalEquations(x, y, windows, layout, [0], 1));
  const read = [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
    [2, 0],
    [3, 0],
  ];
  const design = windows.flatMap(({ warmUpStart, start, end }) =>
    Array.from({ length: end - start }, (_, i) => {
      const row = start + i;
      return [1, ...read.map(([lag, input]) => (row - lag < warmUpStart ? 0 : x[(row - lag) * 3 + input])), y[row]];
    }),
  );
  const product = (a: number, b: number) => design.reduce((sum, own) => sum + own[a] * own[b], 0);
  expect(found.size).toBe(7);
  for (let a = 0; a < 7; a++) {
    expect(found.cross[0][a]).toBeCloseTo(product(a, 7), 9);
    for (let b = a; b < 7; b++) expect(found.gram[a * 7 + b]).toBeCloseTo(product(a, b), 9);
  }
  expect(spreadOut([1, 2, 3, 4, 5, 6, 7], layout, 4)).toEqual([1, 2, 3, 0, 4, 5, 0, 6, 0, 0, 7, 0, 0]);
});

test("the season of a series", () => {
  expect(findSeason(load(400).column("y"))).toBe(24);
  expect(findSeason(Float64Array.from(noise(400, 9)))).toBeUndefined();
});

test("times continue, by months where rows are months", () => {
  const months = Float64Array.from({ length: 5 }, (_, i) => Date.UTC(2023, 9 + i, 1));
  const next = nextTimes(months, 3, 31 * 24 * hourMs);
  expect(Array.from(next, (at) => new Date(at).toISOString().slice(0, 10))).toEqual([
    "2024-03-01",
    "2024-04-01",
    "2024-05-01",
  ]);
  expect(Array.from(nextTimes(Float64Array.of(1, 2, 3), 2, 1))).toEqual([4, 5]);
});

test("exponential smoothing continues a trend with a season, and needs three seasons", () => {
  const values = Float64Array.from({ length: 120 }, (_, t) => 10 + 0.5 * t + 3 * Math.sin((2 * Math.PI * t) / 12));
  const errors: number[] = [];
  const use = (row: number, forecast: Float64Array) => {
    if (row >= 80 && row + 12 < 120) errors.push(...Array.from(forecast, (own, i) => own - values[row + 1 + i]));
  };
  expect(finish(exponentialSmoothing(values, 80, 12, 12, use))).toBe(true);
  expect(Math.max(...errors.map(Math.abs))).toBeLessThan(1);
  expect(finish(exponentialSmoothing(values, 30, 12, 12, use))).toBe(false);
});

test("adaptive widths reach the level whatever the scores are", () => {
  for (const scale of [0.2, 1, 4]) {
    const tracker = new QuantileTracker(0.9);
    const scores = noise(4000, 11).map((own) => scale * Math.abs(own));
    let inside = 0;
    for (const [t, score] of scores.entries()) {
      if (t >= 1000 && score <= tracker.width) inside++;
      tracker.observe(score);
    }
    expect(inside / 3000).toBeGreaterThan(0.88);
    expect(inside / 3000).toBeLessThan(0.92);
  }
});

describe("a trained forecast", async () => {
  const frame = load(500);
  const training = await trained(frame, { ...columns, test: 0.2, ...quick });
  const { forecaster } = training;
  const summary = training.summary!;

  test("uses the known plan and the input: its error is close to the noise", () => {
    const { model, baselines } = summary.test!.targets.y;
    expect(summary.test!.windows).toBe(100 - 6 + 1);
    // Without the plan and the input, the variance of the first step would be at least 3.5.
    expect(model.steps[0]).toBeLessThan(1.5);
    // The input of the later steps is unknown, with a variance of 1.3.
    expect(model.mse).toBeLessThan(0.6 * baselines.season!.mse);
    expect(model.mse).toBeLessThan(0.6 * baselines.smoothing!.mse);
  });

  test("bands hold on the test part", () => {
    const { direct, adaptive } = summary.test!.targets.y.bands!;
    expect(direct.coverage).toBeGreaterThan(0.8);
    expect(adaptive.coverage).toBeGreaterThan(0.8);
    expect(direct.steps).toHaveLength(6);
  });

  test("a file gives the same bits", () => {
    const again = Forecaster.fromBytes(forecaster.toBytes());
    expect(again.plan).toEqual(forecaster.plan);
    const known = frame.slice(0, 494).with({ y: frame.column("y").slice(0, 494) });
    const rows = frame.with({ y: frame.column("y").map((value, row) => (row > 493 ? Number.NaN : value)) });
    expect(again.forecast(rows)).toEqual(forecaster.forecast(rows));
    expect(() => forecaster.forecast(known)).toThrow('values of "plan" for 6 rows');
  });

  test("the next rows continue the times and lie near the truth", () => {
    const rows = frame.with({ y: frame.column("y").map((value, row) => (row > 493 ? Number.NaN : value)) });
    const next = forecaster.forecast(rows);
    expect(next.names).toEqual(["y", "y_low", "y_high"]);
    expect(Array.from(next.time!)).toEqual(Array.from(frame.time!.subarray(494)));
    for (let i = 0; i < 6; i++) {
      expect(Math.abs(next.column("y")[i] - frame.column("y")[494 + i])).toBeLessThan(6);
      expect(next.column("y_low")[i]).toBeLessThan(next.column("y")[i]);
    }
  });

  test("perturbing the future leaves earlier forecasts bit-identical", () => {
    const at = 400;
    const past = frame.with({ y: frame.column("y").map((value, row) => (row > at ? Number.NaN : value)) });
    const other = past.with({ heat: past.column("heat").map((value, row) => (row > at ? value - 3 : value)) });
    expect(forecaster.forecast(other)).toEqual(forecaster.forecast(past));
  });

  test.each([false, true])("a stream gives the bits of the batch; adaptive: %s", (adaptive) => {
    const stream = forecaster.stream({ adaptive });
    const part = frame.slice(0, 300);
    let last: Record<string, Float64Array> = {};
    for (let row = 0; row < 294; row++) {
      const ahead = part.column("plan").subarray(row, row + 7);
      last = stream.predict({ y: part.column("y")[row], heat: part.column("heat")[row], plan: ahead }, part.time![row]);
    }
    const batch = forecaster.forecast(
      part.with({ y: part.column("y").map((own, row) => (row > 293 ? Number.NaN : own)) }),
    );
    expect(Array.from(last.y)).toEqual(Array.from(batch.column("y")));
    if (adaptive) expect(Array.from(last.y_low)).not.toEqual(Array.from(batch.column("y_low")));
    else expect(Array.from(last.y_high)).toEqual(Array.from(batch.column("y_high")));
  });

  test("a backtest asks another method for each window", () => {
    const asked: number[] = [];
    const rows = [{ start: 400, end: 500 }];
    const result = backtest(forecaster, frame, {
      rows,
      compare: ({ past, horizon, index }) => {
        asked.push(past.length);
        return index % 2 === 0 ? new Float64Array(horizon).fill(past[past.length - 1]) : undefined;
      },
    });
    expect(asked).toEqual(Array.from({ length: 95 }, (_, i) => 400 + i));
    expect(result.targets.y.compared!.windows).toBe(48);
  });

  test("a backtest shows each forecast that it scores", () => {
    const scored: ScoredForecast[] = [];
    const { targets } = backtest(forecaster, frame, {
      rows: [{ start: 400, end: 500 }],
      onForecast: (forecast) => scored.push(forecast),
    });
    expect(scored.map(({ row }) => row)).toEqual(Array.from({ length: 95 }, (_, i) => 399 + i));
    const { row, value, low, adaptiveLow, adaptiveHigh } = scored[60];
    const hidden = frame.with({ y: frame.column("y").map((own, at) => (at > row ? Number.NaN : own)) });
    const batch = forecaster.forecast(hidden.slice(0, row + 7));
    expect([...value]).toEqual([...batch.column("y")]);
    expect([...low]).toEqual([...batch.column("y_low")]);
    const widths = scored.map((own) => own.adaptiveHigh[0] - own.adaptiveLow[0]);
    const mean = widths.reduce((sum, width) => sum + width, 0) / widths.length;
    expect(mean).toBeCloseTo(targets.y.bands!.adaptive.steps[0].width, 9);
    expect(adaptiveLow).toHaveLength(adaptiveHigh.length);
  });

  test("the same seed gives the same bits", async () => {
    const again = await trained(frame, { ...columns, test: 0.2, ...quick });
    expect(weightBits(again.forecaster.model)).toBe(weightBits(forecaster.model));
    expect(again.summary!.test).toEqual(summary.test);
  });

  test("an interrupted training resumes", async () => {
    const first = trainForecast(frame, { ...columns, test: 0.2, ...quick });
    for await (const { kind } of first) if (kind === "epoch") break;
    const resumed = await trained(frame, { ...columns, test: 0.2, ...quick, resume: first.checkpoint() });
    expect(resumed.summary!.test).toEqual(summary.test);
  });

  test("a model of a forecast says what it is", () => {
    const model = Model.fromBytes(forecaster.toBytes());
    expect(model.options.forecast).toEqual(forecaster.plan);
    expect(
      () => new Forecaster(new Model({ ...model.parts, options: { ...model.options, forecast: undefined } })),
    ).toThrow("the model of a forecast");
  });
});

test("several targets, groups and missing values in one model", async () => {
  const parts = [load(300, 1), load(260, 5)];
  const joined = (name: string) => Float64Array.from(parts.flatMap((part) => [...part.column(name)]));
  const y = joined("y").map((value, row) => (row % 37 === 5 ? Number.NaN : value));
  const frame = new Frame(
    { y, z: joined("heat") },
    {
      time: Float64Array.from(parts.flatMap((part) => [...part.time!])),
      group: parts.flatMap((part, i) => Array<string>(part.length).fill(i === 0 ? "north" : "south")),
    },
  );
  const training = await trained(frame, { targets: ["y", "z"], horizon: 3, test: 0.2, ...quick, path: "last" });
  const { targets } = training.summary!.test!;
  expect(Object.keys(targets)).toEqual(["y", "z"]);
  expect(targets.y.groups!.map(({ group }) => group)).toEqual(["north", "south"]);
  expect(targets.y.model.mse).toBeLessThan(targets.y.baselines.last!.mse);
  const next = training.forecaster.forecast(frame);
  expect(next.length).toBe(6);
  expect(next.series().map(({ label }) => label)).toEqual(["north", "south"]);
});

test("a target that repeats or changes by the same amount is forecast exactly; one that never changes is refused", async () => {
  const settings = { targets: ["y"], horizon: 3, test: 0.2, ...quick, calendar: false, season: 24 } as const;
  const frameOf = (value: (row: number) => number) =>
    new Frame({ y: Float64Array.from({ length: 200 }, (_, t) => value(t)) });
  const schedule = (t: number) => (t % 24 < 8 ? 0 : 10);
  const ramp = (t: number) => 3 * t - 100;
  for (const [value, path] of [
    [schedule, "season"],
    [ramp, "last"],
  ] as const) {
    const { forecaster, summary } = await trained(frameOf(value), { ...settings, path });
    const { model, roughness } = summary!.test!.targets.y;
    expect([model.mse, roughness]).toEqual([0, Number.NaN]);
    const next = Forecaster.fromBytes(forecaster.toBytes()).forecast(frameOf(value));
    for (const name of next.names) expect(Array.from(next.column(name))).toEqual([200, 201, 202].map(value));
  }
  await expect(
    trained(
      frameOf(() => 5),
      settings,
    ),
  ).rejects.toThrow('received "y" with 5 in every training row');
});

test("groups that are hardly longer than the horizon are learned from, and a test part that is shorter is refused at once", async () => {
  const groups = Array.from({ length: 8 }, (_, k) => load(40, k));
  const frame = new Frame(
    { y: Float64Array.from(groups.flatMap((own) => [...own.column("y")])) },
    {
      time: Float64Array.from(groups.flatMap((own) => [...own.time!])),
      group: groups.flatMap((own, k) => Array<string>(own.length).fill(`site ${k}`)),
    },
  );
  const settings = { targets: ["y"], horizon: 14, ...quick, path: "last" } as const;
  const { forecaster } = await trained(frame, settings);
  expect(forecaster.forecast(frame).length).toBe(8 * 14);
  expect(() => trainForecast(frame, { ...settings, validation: frame })).toThrow("a share such as 0.25");
  await expect(trained(frame, { ...settings, season: 21 })).rejects.toThrow("at most 20 rows");
  await expect(trained(frame, { ...settings, test: 0.2 })).rejects.toThrow("than the horizon of 14, received 8");
});

test("laboratory values that are rarely measured are forecast from the last one and the inputs since", async () => {
  const rows = 1200;
  const flow = noise(rows, 3);
  let level = 0;
  const lab = flow.map((own, t) => {
    level = 0.9 * level + own;
    return t % 10 === 4 ? level : Number.NaN;
  });
  const frame = new Frame({ lab, flow: Float64Array.from(flow) });
  const training = await trained(frame, {
    targets: ["lab"],
    inputs: ["flow"],
    horizon: 1,
    test: 0.2,
    ...quick,
    path: "last",
  });
  const { forecaster, summary } = training;
  expect(forecaster.plan).toMatchObject({ bridged: 18 });
  expect(Forecaster.fromBytes(forecaster.toBytes()).plan).toEqual(forecaster.plan);
  const { model, baselines } = summary!.test!.targets.lab;
  expect(model.values).toBe(24);
  expect(model.mse).toBeLessThan(0.6 * baselines.last!.mse);
  const stream = forecaster.stream();
  let last: Record<string, Float64Array> = {};
  for (let row = 0; row < 1195; row++) last = stream.predict({ lab: lab[row], flow: flow[row] });
  expect(last.lab).toEqual(forecaster.forecast(frame.slice(0, 1195)).column("lab"));
});

test("blocks of groups are cut at common times", () => {
  const rows = [
    { start: 0, end: 10 },
    { start: 10, end: 16 },
  ];
  // The second group starts 3 periods later.
  const periodOf = (row: number) => (row < 10 ? row : row - 7);
  const blocks = cutBlocksInTime(rows, 2, () => true, periodOf);
  expect(blocks).toEqual([
    [
      { start: 0, end: 5 },
      { start: 10, end: 12 },
    ],
    [
      { start: 5, end: 10 },
      { start: 12, end: 16 },
    ],
  ]);
  const [{ inner, reaching }] = withReach(blocks, 2);
  expect(inner).toEqual([{ start: 0, end: 3 }]);
  expect(reaching).toEqual([
    { start: 3, end: 5 },
    { start: 10, end: 12 },
  ]);
});

test("excluded rows and codes of missing values are not seen", async () => {
  const frame = load(300);
  const settings = { targets: ["y"], horizon: 3, test: 0.2, ...quick };
  const at = (row: number) => (row > 99 && row < 103) || row === 260;
  const masked = (value: number) => frame.with({ y: frame.column("y").map((own, row) => (at(row) ? value : own)) });
  const excluded = Uint8Array.from({ length: 300 }, (_, row) => (at(row) ? 1 : 0));
  const own = await trained(masked(Number.NaN), settings);
  const coded = await trained(masked(-999), { ...settings, missing: [-999] });
  const left = await trained(masked(500).with({}, { excluded } as object), settings);
  for (const { summary } of [coded, left]) expect(summary!.test).toEqual(own.summary!.test);
  const [one, other] = [own.forecaster.forecast(masked(Number.NaN)), coded.forecaster.forecast(masked(-999))];
  expect(other).toEqual(one);
});

test("forecasts, bands, streams and the backtest keep the bounds of a target", async () => {
  const frame = load(300);
  const settings = { targets: ["y"], horizon: 3, ...quick, calendar: false };
  const bounds = { y: [null, 22] } as const;
  const free = (await trained(frame, settings)).forecaster;
  const { forecaster } = await trained(frame, { ...settings, bounds });
  const again = Forecaster.fromBytes(forecaster.toBytes());
  expect(again.plan.bounds).toEqual(bounds);
  const part = frame.slice(0, 266);
  const [without, within] = [free, again].map((own) => own.forecast(part));
  for (const name of ["y", "y_low", "y_high"]) {
    expect(Array.from(within.column(name))).toEqual(Array.from(without.column(name), (value) => Math.min(22, value)));
  }
  expect(Math.max(...without.column("y"))).toBeGreaterThan(22);
  const stream = again.stream({ adaptive: true });
  let last: Record<string, Float64Array> = {};
  for (const y of part.column("y")) last = stream.predict({ y });
  expect(last.y).toEqual(within.column("y"));
  expect(Math.max(...last.y_high)).toBe(22);
  const [errors, clipped] = [free, again].map((own) => backtest(own, frame).targets.y);
  expect(clipped.bands!.direct.width).toBeLessThan(errors.bands!.direct.width);
  expect(() => trainForecast(frame, { ...settings, bounds: { z: [0, 1] } })).toThrow('bounds of "z"');
});

test("two identical groups are judged like one group alone", async () => {
  const one = load(400);
  // Without inputs, noise is most of what a network could learn by heart from the other group.
  const y = one.column("y");
  const twice = (values: Float64Array) => Float64Array.from([...values, ...values]);
  const group = Array.from({ length: 800 }, (_, row) => (row < 400 ? "a" : "b"));
  const frames = [new Frame({ y }, { time: one.time }), new Frame({ y: twice(y) }, { time: twice(one.time!), group })];
  const found = [];
  for (const frame of frames) {
    const options = { targets: ["y"], horizon: 6, ...quick, hiddenSize: 16, season: 24, learningRate: 0.02 };
    // As many steps for one group as for two.
    const epochs = frame === frames[0] ? 60 : 30;
    const { forecaster, summary } = await trained(frame, { ...options, epochs });
    const { ensemble, intervals, targetScaler } = forecaster.model.parts;
    const { model } = summary!.training.validation;
    const next = forecaster.forecast(frame);
    const width = next.column("y_high")[5] - next.column("y_low")[5];
    found.push({
      share: ensemble.share,
      rmse: model.rmse,
      width,
      typical: intervals!.typical[5] * targetScaler.scale[5],
    });
  }
  const [alone, both] = found;
  for (const [step, share] of alone.share.entries()) expect(Math.abs(both.share[step] - share)).toBeLessThan(0.15);
  for (const key of ["rmse", "width", "typical"] as const) {
    expect(both[key] / alone[key]).toBeGreaterThan(0.93);
    expect(both[key] / alone[key]).toBeLessThan(1.07);
  }
});

test("wrong options and too few rows", () => {
  const frame = load(20);
  const wrong = (options: object) => () => trainForecast(frame, options as ForecastTrainOptions);
  expect(wrong({ targets: ["y"] })).toThrow("horizon");
  expect(wrong({ targets: ["y"], horizon: 0 })).toThrow("an integer ≥ 1");
  expect(wrong({ targets: ["y"], inputs: ["y"], horizon: 2 })).toThrow('"y" twice');
  expect(wrong({ targets: [], horizon: 2 })).toThrow("at least one target");
  return expect(trained(frame, { targets: ["y"], horizon: 12 })).rejects.toThrow("at least 36 training rows");
});
