// The accuracy bench: which files it opens, how it scores, which rows it drops, and its output and records.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Frame, train } from "eddy/series";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Asked, measureEverySet } from "../accuracy/every-set.ts";
import { goalLines } from "../accuracy/goals.ts";
import { measure } from "../accuracy/protocol.ts";
import { references } from "../accuracy/published.ts";
import { type AccuracyRecord, figuresOf, keepRecords } from "../accuracy/record.ts";
import { type DataSet, findSets, readPart } from "../accuracy/sets.ts";
import { chosen } from "../accuracy/settings.ts";
import { accuracyTable } from "../accuracy/table.ts";

const rows = 400;
const initWindow = 7;
const settings = { model: { hiddenSize: 4 }, fit: { epochs: 3, lanes: 2, chunk: 50, networks: 2, variants: 1 } };
const run = { settings, seeds: 1, final: false, initialWindow: false };

/** A tank that fills with u and drains by itself; u is a square wave with another period in each part. */
function tank(period: number): { u: number[]; y: number[] } {
  const u = Array.from({ length: rows }, (_, t) => Math.floor(t / period) % 2);
  let level = 0;
  const y = u.map((inflow) => {
    level += 0.1 * (inflow - level);
    return level;
  });
  return { u, y };
}

const csv = ({ u, y }: ReturnType<typeof tank>) => `u,y\n${u.map((value, t) => `${value},${y[t]}`).join("\n")}\n`;

let data: string;
let said: string[];

/** A set's folder; an undefined test part becomes text that no reader accepts. */
function makeSet(name: string, testPart: string | undefined): DataSet {
  const folder = join(data, name);
  mkdirSync(folder);
  writeFileSync(join(folder, "train.csv"), csv(tank(23)));
  writeFileSync(join(folder, "test.csv"), testPart ?? "not\0numbers");
  writeFileSync(join(folder, "meta.json"), JSON.stringify({ init_window: initWindow }));
  return { name, folder, initWindow, inputs: ["u"], targets: ["y"] };
}

const asked = (more: Partial<Asked> = {}): Asked => ({
  data,
  final: false,
  seeds: 1,
  sets: undefined,
  initialWindow: [],
  defaultsOnly: true,
  epochs: 2,
  command: "npm run bench:accuracy",
  results: undefined,
  ...more,
});

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), "eddy-accuracy-"));
  said = [];
  vi.spyOn(console, "log").mockImplementation((line) => void said.push(line));
  vi.spyOn(console, "error").mockImplementation((line) => void said.push(line));
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(data, { recursive: true });
});

test("test.csv is read only with --final; otherwise, the last 30 % of train.csv stand for it", async () => {
  const set = makeSet("tank", undefined);
  expect(await measureEverySet(asked())).toBe(true);
  expect(said).toContain("test.csv not opened; the last 30 % of train.csv stand for it");
  expect((await measure(set, run)).rows).toEqual({ train: 280, test: 120, dropped: initWindow });
  expect(await measureEverySet(asked({ final: true }))).toBe(false);
  expect(said.join("\n")).toMatch(/bench: tank: .*test\.csv: expected a column u/);
});

test("without --final, the test rows of train.csv do not influence the model", async () => {
  const part = tank(23);
  const set = makeSet("tank", undefined);
  const { targets } = await measure(set, run);
  writeFileSync(join(set.folder, "train.csv"), csv({ u: part.u, y: part.y.map((y, t) => (t < 280 ? y : y + 1000)) }));
  const [{ models, filter, mean }] = (await measure(set, run)).targets;
  // The predictions are the same, so that all errors are 1000 larger, to within their size.
  for (const { rmse } of [...models, filter, mean]) expect(Math.abs(rmse - 1000)).toBeLessThan(1);
  expect(targets[0].models[0].rmse).toBeLessThan(1);
  expect(models[0].share).toBe(targets[0].models[0].share);
});

test("--final scores predictions from u alone, from a zero state, without the first rows", async () => {
  const part = tank(31);
  // Errors that would drown the score, were the first rows scored or y looked at.
  const spoilt = part.y.map((value, t) => (t < initWindow ? 1e6 : value));
  const set = makeSet("tank", csv({ u: part.u, y: spoilt }));
  const { targets, rows: counted } = await measure(set, { ...run, seeds: 2, final: true });
  expect(counted).toEqual({ train: rows, test: rows, dropped: initWindow });
  const [{ target, models, mean, filter }] = targets;
  expect(target).toBe("y");
  expect(models.map(({ seed }) => seed)).toEqual([1, 2]);
  const scored = part.y.slice(initWindow);
  const average = scored.reduce((sum, y) => sum + y, 0) / scored.length;
  const deviation = Math.sqrt(scored.reduce((sum, y) => sum + (y - average) ** 2, 0) / scored.length);
  for (const { seed, rmse, coverage, width, share, networks } of models) {
    const training = train(readPart(set, "train"), {
      ...{ ...settings.model, inputs: ["u"], targets: ["y"], seed },
      ...settings.fit,
    });
    for await (const _ of training);
    const predicted = training.model.predict(new Frame({ u: part.u }));
    const [y, low, high] = ["y", "y_low", "y_high"].map((name) => predicted.column(name).subarray(initWindow));
    const squares = scored.reduce((sum, value, t) => sum + (value - y[t]) ** 2, 0);
    expect(rmse).toBeCloseTo(Math.sqrt(squares / scored.length), 12);
    expect(coverage).toBeCloseTo(
      scored.filter((value, t) => value >= low[t] && value <= high[t]).length / scored.length,
    );
    expect(width).toBeCloseTo(scored.reduce((sum, _, t) => sum + high[t] - low[t], 0) / scored.length / deviation, 9);
    expect([share, networks]).toEqual([training.summary!.share.y, 2]);
  }
  for (const baseline of [mean, filter]) expect(baseline.rmse).toBeLessThan(1);
});

test("the initial window is a second figure, and leaves the first as it is", async () => {
  const set = makeSet("tank", csv(tank(31)));
  const scoresOf = async (initialWindow: boolean) =>
    (await measure(set, { ...run, final: true, initialWindow })).targets[0].models[0];
  const [{ seconds: _, ...alone }, { seconds: __, rmseWithInitialWindow, ...both }] = [
    await scoresOf(false),
    await scoresOf(true),
  ];
  expect(both).toEqual(alone);
  expect(rmseWithInitialWindow).toBeGreaterThan(0);
  expect(rmseWithInitialWindow).not.toBe(both.rmse);
});

test("several inputs and targets: columns that start with u and y, and a record for each target", async () => {
  const set = makeSet("tanks", undefined);
  const [first, second] = [tank(23), tank(31)];
  const lines = first.u.map((u, t) => [t, u, second.u[t], first.y[t], 100 * second.y[t]].join(","));
  writeFileSync(join(set.folder, "train.csv"), `time,u1,u2,y1,y2\n${lines.join("\n")}\n`);
  const results = pathToFileURL(join(data, "results.json"));
  await measureEverySet(asked({ results }));
  expect(said).toContain("  left out: tanks: columns that start with neither u nor y: time");
  const [one, two]: AccuracyRecord[] = JSON.parse(readFileSync(results, "utf8"));
  expect([one, two].map(({ target }) => target)).toEqual(["y1", "y2"]);
  expect(one.settings).toMatchObject({ inputs: ["u1", "u2"], targets: ["y1", "y2"] });
  expect(two.mean.rmse).toBeGreaterThan(20 * one.mean.rmse);
  expect(said.join("\n")).toMatch(/y1, defaults .*\n +y2, defaults /);
});

test("a set's errors are in the unit of its references", async () => {
  const [[inMillivolts], [inColumn]] = [
    (await measure(makeSet("wiener_hammerstein_2009", undefined), run)).targets,
    (await measure(makeSet("tank", undefined), run)).targets,
  ];
  expect(inMillivolts.models[0].rmse).toBeCloseTo(1000 * inColumn.models[0].rmse, 9);
  expect(inMillivolts.filter.rmse).toBeCloseTo(1000 * inColumn.filter.rmse, 9);
  expect(inMillivolts.models[0].width).toBe(inColumn.models[0].width);
});

test("folders without a protocol and missing sets are reported", async () => {
  makeSet("tank", undefined);
  mkdirSync(join(data, "forecast"));
  makeSet("untargeted", undefined);
  writeFileSync(join(data, "untargeted/train.csv"), "u,v\n1,2\n");
  makeSet("windowless", undefined);
  writeFileSync(join(data, "windowless/meta.json"), "{}");
  const { sets, leftOut } = findSets(data);
  expect(sets.map(({ name }) => name)).toEqual(["tank"]);
  expect(leftOut[0]).toBe("forecast: no protocol for a folder without train.csv, test.csv, meta.json");
  expect(leftOut[1]).toBe("untargeted: its train.csv has no columns that start with u (inputs) and y (targets)");
  expect(leftOut[2]).toMatch(/^windowless: .*init_window/);
  await expect(measureEverySet(asked({ sets: ["tnk"] }))).rejects.toThrow("expected sets among tank, received tnk");
  await expect(measureEverySet(asked({ initialWindow: ["tnk"] }))).rejects.toThrow("received tnk");
});

test("an error for a non-numeric value gives its line, and does not stop the other sets", async () => {
  const set = makeSet("broken", "u,y\n1,2\n3,\n");
  expect(() => readPart(set, "test")).toThrow(/test\.csv, line 3: expected a number in y, received ""/);
  makeSet("tank", csv(tank(31)));
  expect(await measureEverySet(asked({ final: true }))).toBe(false);
  expect(said.join("\n")).toMatch(/bench: broken: .*\n(.*\n)*tank\n +y, defaults/);
});

test("records are stored set by set, and replace earlier ones of the same set, target and kind", async () => {
  makeSet("tank", csv(tank(31)));
  const results = pathToFileURL(join(data, "results.json"));
  await measureEverySet(asked());
  expect(existsSync(results)).toBe(false);
  await measureEverySet(asked({ results }));
  await measureEverySet(asked({ results, final: true, command: "again" }));
  const read = (): AccuracyRecord[] => JSON.parse(readFileSync(results, "utf8"));
  const [record, ...others] = read();
  expect(others).toEqual([]);
  expect(record).toMatchObject({ set: "tank", target: "y", kind: "defaults", test: "test.csv", command: "again" });
  expect(record.settings).toMatchObject({ epochs: 2, budgetMs: 50_000, validation: "blocks" });
  expect(record.settings).not.toHaveProperty("seed");
  expect(record.models[0].rmse).toBeGreaterThan(0);
  keepRecords(results, [{ ...record, kind: "chosen" }]);
  expect(read().map(({ kind }) => kind)).toEqual(["chosen", "defaults"]);
});

/** A record of models with these errors. */
function recordWith(rmse: number[], more: Partial<AccuracyRecord> = {}, coverage = 0.9, seconds = 10): AccuracyRecord {
  const models = rmse.map((value, i) => ({
    ...{ seed: i + 1, rmse: value, coverage, width: 1.5, share: 0.75, seconds, networks: 8 },
  }));
  return {
    ...{ set: "cascaded_tanks", target: "y", kind: "defaults", unit: "V", test: "test.csv", models },
    ...{ filter: { rmse: 0.67, taps: 64, ridge: 1 }, mean: { rmse: 2.1 }, reference: { filter: 1.13, mean: 2.11 } },
    ...more,
  } as AccuracyRecord;
}

test("the ratio is that of the median to the better of the reference filter and mean, or else of Eddy's own", () => {
  expect(figuresOf(recordWith([0.5, 0.3, 0.4])).ratio).toBeCloseTo(0.4 / 1.13);
  expect(figuresOf(recordWith([0.4], { reference: { filter: 3, mean: 2 } })).ratio).toBeCloseTo(0.2);
  const { reference: _, ...untested } = recordWith([0.4]);
  expect(figuresOf(untested).ratio).toBeCloseTo(0.4 / 0.67);
});

test("the table has the median with its spread, the baselines, the interval and the published figures", () => {
  const second = recordWith([0.25]);
  second.models[0].rmseWithInitialWindow = 0.2;
  const table = accuracyTable([recordWith([0.4, 0.2, 0.34]), { ...second, kind: "chosen" }]).split("\n");
  const cells = table.slice(0, 5).map((line) => line.trim().split(/ {2,}/));
  expect(cells[0].join()).toBe(
    "median,smallest,largest,spread,window,filter,mean,reference,ratio,coverage,width,share,time",
  );
  expect(table[1]).toBe("cascaded_tanks [V]");
  expect(table[2]).toMatch(/^ {2}published: best 0\.191 \(data README\); GRU 0\.396, LSTM 0\.490, RNN 0\.543 \(arXiv/);
  expect(cells[3].join("|")).toBe("y, defaults|0.340|0.200|0.400|2.00|0.670|2.10|1.13|0.301|90 %|1.50|0.75|10 s");
  expect(cells[4].slice(0, 6).join("|")).toBe("y, chosen|0.250|0.250|0.250|1.00|0.200");
  expect(accuracyTable([recordWith([0.4], { test: "last rows of train.csv" })])).not.toContain("published");
  const sets = Object.keys(references).map((set) => recordWith([0.000193], { set, target: "y1" }));
  for (const line of accuracyTable(sets).split("\n")) expect(line.length).toBeLessThanOrEqual(130);
});

test("the goals are compared with the figures of the defaults", () => {
  const verdicts = (records: AccuracyRecord[]) =>
    goalLines(records)!
      .slice(2)
      .map((line) => line.split(/ {2,}/).slice(1));
  const good = recordWith([0.113, 0.12, 0.11]);
  expect(verdicts([good, { ...recordWith([9]), kind: "chosen" }])).toEqual([
    ["targets with a ratio of at most 1.03", "1 of 1", "≥ 1", "reached"],
    ["worst ratio", "0.100", "≤ 1.15", "reached"],
    ["geometric mean of the ratios", "0.100", "≤ 0.28", "reached"],
    ["largest spread over seeds", "1.09", "≤ 1.25", "reached"],
    ["mean coverage (range) of the 90 % interval", "90 % (90 % … 90 %)", "85 % … 95 %", "reached"],
    ["longest training", "10.0 s", "≤ 60 s", "reached"],
  ]);
  const bad = recordWith([1.13, 1.5], {}, 0.7, 61);
  const worse = recordWith([2.26, 2.27], {}, 0.8);
  expect(verdicts([good, bad, worse])).toEqual([
    ["targets with a ratio of at most 1.03", "1 of 3", "≥ 2", "missed"],
    ["worst ratio", "2.004", "≤ 1.15", "missed"],
    ["geometric mean of the ratios", "0.616", "≤ 0.28", "missed"],
    ["largest spread over seeds", "1.33", "≤ 1.25", "missed"],
    ["mean coverage (range) of the 90 % interval", "80 % (70 % … 90 %)", "85 % … 95 %", "missed"],
    ["longest training", "61.0 s", "≤ 60 s", "missed"],
  ]);
  expect(goalLines([{ ...good, kind: "chosen" }])).toBeUndefined();
});

test("settings are chosen for sets that have a reference", () => {
  expect(Object.keys(references)).toEqual(expect.arrayContaining(Object.keys(chosen)));
});
