// Forecasts in the table's worker, without a Worker: training, the fan, the backtest, the next rows, other tables, what is missing.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { backtest, Forecaster, trainForecast } from "eddy/series";
import { beforeAll, describe, expect, test } from "vitest";
import { eddy, emptyFolder } from "../../cli/test/command.ts";
import { shellWords } from "../../cli/test/shell-words.ts";
import { commandsOf } from "../src/table/command.ts";
import { rowsAhead, usualHorizon } from "../src/table/forecast/horizon.ts";
import { sampleRoles, sampleTable } from "../src/table/forecast/sample.ts";
import { TableJob } from "../src/table/job.ts";
import type { Report, Request, Shown, TrainingChoice } from "../src/table/protocol.ts";
import { readFile } from "../src/table/reading/read-file.ts";
import { frameOf } from "../src/table/reading/table.ts";

const hourMs = 3_600_000;

/** A daily season with a slow disturbance that an input shows; the rows of the last day are not measured yet. */
function hourly(days: number, { stations = [""], known = true } = {}): string {
  const lines = stations.flatMap((station, k) =>
    Array.from({ length: 24 * days }, (_, row) => {
      const holiday = Math.floor(row / 24) % 11 === 3 ? 1 : 0;
      const heat = Math.sin(row / 40 + k);
      const load = 50 + 8 * Math.sin((2 * Math.PI * row) / 24) + 3 * heat - 4 * holiday + Math.sin(row * row);
      const isAhead = row >= 24 * (days - 1);
      const time = new Date(Date.UTC(2024, 0, 1) + row * hourMs).toISOString();
      const cells = [time, station, isAhead ? "" : heat, isAhead && !known ? "" : holiday, isAhead ? "" : load];
      return cells.join(",");
    }),
  );
  return `time,station,heat,holiday,load\n${lines.join("\n")}\n`;
}

const roles = { time: "time", inputs: ["heat"], known: ["holiday"], targets: ["load"] };
const choice: TrainingChoice = {
  ...{ ...roles, missing: [], source: { time: "time" }, test: 0.25, budgetMs: 1500 },
  forecast: { horizon: 6, season: undefined },
};

function started() {
  const reports: Report[] = [];
  const job = new TableJob((report) => reports.push(report));
  const ask = (request: Request) => job.handle(request);
  const last = <Kind extends Report["kind"]>(kind: Kind) =>
    reports.findLast((report): report is Extract<Report, { kind: Kind }> => report.kind === kind);
  const fan = async (origin: number, { of = "trained", series = 0 }: { of?: Shown; series?: number } = {}) => {
    await ask({ kind: "fan", id: 1, of, target: "load", series, origin });
    return last("fan")!.fan;
  };
  const taken = async (format: "safetensors" | "csv" | "onnx", of: Shown = "trained") => {
    await ask({ kind: "export", id: 2, format, of });
    return last("exported")!.bytes;
  };
  return { ask, last, reports, fan, taken };
}

const open = (content: string): Request => ({
  ...{ kind: "open", file: new Blob([content]), name: "load.csv", decisions: {}, missing: [] },
});
const frameIn = async (content: string) => frameOf(await readFile(new Blob([content])), roles).frame;

describe("a forecast that is trained in the studio", () => {
  const text = hourly(20);
  const studio = started();
  let forecaster: Forecaster;
  beforeAll(async () => {
    await studio.ask(open(text));
    await studio.ask({ kind: "choose", roles });
    await studio.ask({ kind: "train", choice });
    forecaster = Forecaster.fromBytes(await studio.taken("safetensors"));
  }, 120_000);

  test("has the plan, the backtest of the library and the weights", async () => {
    const { last, reports } = studio;
    expect(last("failed")).toBeUndefined();
    expect(reports.some((report) => report.kind === "training" && report.report.phase === "fit")).toBe(true);
    const { facts, loaded } = last("forecaster")!;
    expect(facts.plan).toMatchObject({ ...{ targets: ["load"], inputs: ["heat"], known: ["holiday"], horizon: 6 } });
    expect([loaded, facts.weights.load!.map(({ step }) => step)]).toEqual([false, [1, 3, 6]]);
    expect([...facts.weights.load![2]!.weights]).toEqual([...forecaster.pastWeights("load", 6)]);
    const { results } = last("forecasted")!;
    const inNode = backtest(forecaster, await frameIn(text), { rows: [{ start: 360, end: 480 }] });
    expect(results.backtest).toEqual(inNode);
    expect(results).toMatchObject({ level: 0.9, timeKind: "date", test: 0.25, nextFailure: undefined });
    // From the row before the test part to the one before the last measured row.
    expect(results.series).toMatchObject([{ label: undefined, origins: 455 - 359 }]);
  });

  test("shows the forecast from any row beside what happened, and the next rows", async () => {
    const fan = (await studio.fan(60))!;
    const frame = await frameIn(text);
    const row = 359 + 60;
    expect([fan.past, fan.x[fan.past - 1]]).toEqual([24, frame.time![row]]);
    expect([...fan.measured]).toEqual([...frame.column("load").slice(row - 23, row + 7)]);
    const past = frame.with({ load: frame.column("load").map((own, at) => (at > row ? Number.NaN : own)) });
    const inNode = forecaster.forecast(past.slice(0, row + 7));
    expect([...fan.value]).toEqual([...inNode.column("load")]);
    expect([...fan.high]).toEqual([...inNode.column("load_high")]);
    expect(fan.adaptiveLow).toHaveLength(6);

    const { origins } = studio.last("forecasted")!.results.series[0]!;
    const next = (await studio.fan(origins))!;
    expect([...next.value]).toEqual([...forecaster.forecast(frame).column("load")]);
    expect(next.x[next.past - 1]).toBe(Date.UTC(2024, 0, 1) + 455 * hourMs);
    expect([...next.measured.slice(next.past)].every(Number.isNaN)).toBe(true);
    const steps = next.x.slice(1).map((time, i) => time - next.x[i]!);
    expect(new Set(steps)).toEqual(new Set([hourMs]));
  });

  test("writes the next rows as eddy predict does, and the model as ONNX", async () => {
    const lines = new TextDecoder()
      .decode(await studio.taken("csv"))
      .trim()
      .split("\n");
    expect(lines[0]).toBe("time,load,load_low,load_high");
    expect(lines).toHaveLength(7);
    const inNode = forecaster.forecast(await frameIn(text));
    const cells = lines.slice(1).map((line) => line.split(","));
    expect(cells.map((row) => Number(row[1]))).toEqual([...inNode.column("load")]);
    expect(cells.map((row) => Number(row[3]))).toEqual([...inNode.column("load_high")]);
    expect(Date.parse(cells[0]![0]!)).toBe(inNode.time![0]);
    expect((await studio.taken("onnx")).length).toBeGreaterThan(500);
  });

  test("the command line predicts the same rows with the page's model, and trains the model of the library", async () => {
    const trainedWith = {
      ...{ file: "load.csv", roles, madeOf: undefined, missing: [], test: 0.25, decisions: {} },
      forecast: { horizon: { value: 6, unit: "h" as const }, season: 24 },
    };
    const plan = { epochs: 2, networks: 2, variants: 1 };
    const summary = { ...studio.last("forecaster")!.facts.summary!, stopped: "epochs" as const };
    const settings = { ...summary.settings, ...plan };
    const [train, predict] = commandsOf(trainedWith, { ...summary, settings }, 0.8).split("\n\n");
    const folder = emptyFolder();
    const run = async (command: string) => {
      const [, ...words] = shellWords(command.replaceAll("\\\n", ""));
      expect(await eddy(words, folder)).toMatchObject({ code: 0 });
    };
    writeFileSync(join(folder, "load.csv"), text);
    writeFileSync(join(folder, "model.safetensors"), forecaster.toBytes());
    await run(predict!);
    await studio.ask({ kind: "level", of: "trained", level: 0.8 });
    const ofPage = new TextDecoder().decode(await studio.taken("csv"));
    expect(readFileSync(join(folder, "predictions.csv"), "utf8")).toBe(ofPage);

    await run(train!);
    const columns = { targets: ["load"], inputs: ["heat"], known: ["holiday"], horizon: 6, season: 24 };
    const training = trainForecast(await frameIn(text), { ...columns, test: 0.25, ...plan });
    for await (const _ of training);
    const ofCommand = Forecaster.fromBytes(readFileSync(join(folder, "model.safetensors")));
    const frame = await frameIn(text);
    expect(ofCommand.forecast(frame)).toEqual(training.forecaster.forecast(frame));
  }, 60_000);

  test("another level makes other bands", async () => {
    await studio.ask({ kind: "level", of: "trained", level: 0.9 });
    const before = studio.last("forecasted")!.results.backtest!.targets.load!.bands!.direct;
    await studio.ask({ kind: "level", of: "trained", level: 0.5 });
    const { direct } = studio.last("forecasted")!.results.backtest!.targets.load!.bands!;
    expect(direct.level).toBe(0.5);
    expect(direct.width).toBeLessThan(before.width);
    expect(direct.coverage).toBeLessThan(before.coverage);
  });

  test("a loaded model forecasts and scores a table; without values of what is known ahead it says so", async () => {
    const other = started();
    await other.ask({ kind: "load", bytes: forecaster.toBytes() });
    expect(other.last("forecaster")).toMatchObject({ loaded: true, facts: { plan: { horizon: 6 } } });
    await other.ask({ kind: "follow", file: new Blob([hourly(20)]), name: "new.csv" });
    const { results } = other.last("forecasted")!;
    expect(results).toMatchObject({ file: "new.csv", test: undefined, nextFailure: undefined });
    expect(results.backtest!.windows).toBe(20 * 24 - 6);
    expect((await other.fan(results.series[0]!.origins, { of: "followed" }))!.past).toBe(24);

    await other.ask({ kind: "follow", file: new Blob([hourly(20, { known: false })]), name: "gap.csv" });
    const gap = other.last("forecasted")!.results;
    expect(gap.nextFailure!.en).toContain('expected values of "holiday" for 6 rows');
    expect(gap.nextFailure!.zh).toMatch(/[\u4e00-\u9fff]/);
    expect(gap.backtest!.targets.load!.model.mse).toBeGreaterThan(0);
    expect(await other.fan(gap.series[0]!.origins, { of: "followed" })).toBeUndefined();

    await other.ask({ kind: "follow", file: new Blob(["time,load\n2024-01-01T00:00Z,1\n"]), name: "x.csv" });
    expect(other.last("failed")).toMatchObject({ during: "follow", failure: { words: { en: expect.any(String) } } });
  });
});

test("each series of a table has its own fan", async () => {
  const { ask, last, fan, taken } = started();
  await ask(open(hourly(12, { stations: ["north", "south"] })));
  await ask({
    kind: "train",
    choice: { ...choice, group: "station", source: { time: "time", group: "station" }, budgetMs: 1000 },
  });
  const { results } = last("forecasted")!;
  expect(results.series.map(({ label }) => label)).toEqual(["north", "south"]);
  const [north, south] = [await fan(0), await fan(0, { series: 1 })];
  expect([...north!.x]).toEqual([...south!.x]);
  expect(north!.measured[0]).not.toBe(south!.measured[0]);
  const lines = new TextDecoder()
    .decode(await taken("csv"))
    .trim()
    .split("\n");
  expect([lines[0], lines.length]).toEqual(["time,station,load,load_low,load_high", 13]);
});

test("a test part that is shorter than the horizon is refused before the training", async () => {
  const { ask, last } = started();
  await ask(open(hourly(10)));
  await ask({ kind: "train", choice: { ...choice, test: 0.02, budgetMs: 1000 } });
  expect(last("failed")).toMatchObject({
    during: "train",
    failure: { words: { en: expect.stringContaining("more rows to test on than the horizon of 6") } },
  });
  expect(last("training")).toBeUndefined();
});

test("a stop before the first score says that nothing was trained", async () => {
  const { ask, last } = started();
  await ask(open(hourly(10)));
  const training = ask({ kind: "train", choice });
  await ask({ kind: "stop" });
  await training;
  expect(last("failed")).toMatchObject({
    during: "train",
    failure: { words: { en: expect.stringMatching(/^it was stopped/) } },
  });
  expect(last("forecaster")).toBeUndefined();
});

test("the sample is the same each time, and its last rows know their holidays", async () => {
  expect(sampleTable()).toBe(sampleTable());
  const { frame } = frameOf(await readFile(new Blob([sampleTable()])), sampleRoles);
  expect(frame.length).toBe(24 * 142);
  expect(frame.column("load [MW]").filter(Number.isNaN)).toHaveLength(48);
  expect(frame.column("holiday").some(Number.isNaN)).toBe(false);
});

test("a horizon is a number of rows or a time span", () => {
  expect(rowsAhead({ value: 1.5, unit: "h" }, 1_800_000)).toBe(3);
  expect(rowsAhead({ value: 1.5, unit: "rows" }, hourMs)).toBeUndefined();
  expect(rowsAhead({ value: 1, unit: "d" }, undefined)).toBeUndefined();
  expect(usualHorizon(3000, hourMs)).toEqual({ value: 24, unit: "h" });
  expect(usualHorizon(3000, 24 * hourMs)).toEqual({ value: 7, unit: "d" });
  expect(usualHorizon(144, 31 * 24 * hourMs)).toEqual({ value: 12, unit: "rows" });
  expect(usualHorizon(100, undefined)).toEqual({ value: 10, unit: "rows" });
});
