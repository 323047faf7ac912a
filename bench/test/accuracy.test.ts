// The accuracy bench: which files it opens, how it scores, which rows it drops, and its output and records.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Frame, train } from "eddy/series";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Asked, measureEverySet } from "../accuracy/every-set.ts";
import { measure } from "../accuracy/protocol.ts";
import { references } from "../accuracy/published.ts";
import { type AccuracyRecord, keepRecords } from "../accuracy/record.ts";
import { type DataSet, findSets, readPart } from "../accuracy/sets.ts";
import { chosen } from "../accuracy/settings.ts";
import { accuracyTable } from "../accuracy/table.ts";

const rows = 400;
const initWindow = 7;
const settings = { model: { hiddenSize: 4 }, fit: { epochs: 3, lanes: 2, chunk: 50, restarts: 0, refit: true } };

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
  return { name, folder, initWindow };
}

const asked = (more: Partial<Asked> = {}): Asked => ({
  data,
  final: false,
  seeds: 1,
  sets: undefined,
  isDefaults: true,
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

test("the test data are read only with --final", async () => {
  makeSet("tank", undefined);
  expect(await measureEverySet(asked())).toBe(true);
  expect(said.join("\n")).toContain("not opened");
  expect(said.join("\n")).toContain("300 rows to learn from, 100 to choose on");
  expect(await measureEverySet(asked({ final: true }))).toBe(false);
  expect(said.at(-1)).toMatch(/^bench: tank: .*test\.csv: expected a column u/);
});

test("final scores predictions from u alone, from a zero state, without the first rows", async () => {
  const part = tank(31);
  // Errors that would drown the score, were the first rows scored or y looked at.
  const spoilt = part.y.map((value, t) => (t < initWindow ? 1e6 : value));
  const set = makeSet("tank", csv({ u: part.u, y: spoilt }));
  const { models, mean, linear, rows: counted } = await measure(set, { settings, seeds: 2, final: true });
  expect(counted).toEqual({ train: 300, validation: 100, test: rows, dropped: initWindow });
  expect(models.map(({ seed }) => seed)).toEqual([1, 2]);
  for (const { seed, validation, test: tested } of models) {
    const training = train(readPart(set, "train"), {
      ...{ ...settings.model, inputs: ["u"], targets: ["y"], seed },
      ...{ ...settings.fit, validation: 0.25 },
    });
    for await (const _ of training);
    expect(validation).toBe(training.summary!.validation.model.rmse);
    const predicted = training.model.predict(new Frame({ u: part.u })).column("y");
    let squares = 0;
    for (let t = initWindow; t < rows; t++) squares += (part.y[t] - predicted[t]) ** 2;
    expect(tested).toBeCloseTo(Math.sqrt(squares / (rows - initWindow)), 12);
  }
  for (const baseline of [mean, linear]) expect(baseline.test).toBeLessThan(1);
});

test("no two models share a training run", async () => {
  const set = makeSet("tank", undefined);
  const restarting = { ...settings, fit: { ...settings.fit, epochs: 1, restarts: 2, refit: false } };
  const { models } = await measure(set, { settings: restarting, seeds: 3, final: false });
  expect(models.map(({ seed, trainings }) => [seed, trainings])).toEqual([
    [1, 3],
    [4, 3],
    [7, 3],
  ]);
});

test("a set's error is reported in the unit of the published results", async () => {
  const set = makeSet("wiener_hammerstein_2009", undefined);
  const alone = makeSet("tank", undefined);
  const [inMillivolts, inColumn] = await Promise.all(
    [set, alone].map((one) => measure(one, { settings, seeds: 1, final: false })),
  );
  expect(inMillivolts.models[0].validation).toBeCloseTo(1000 * inColumn.models[0].validation, 9);
  expect(inMillivolts.linear.validation).toBeCloseTo(1000 * inColumn.linear.validation, 9);
});

test("folders without a protocol and missing sets are reported", async () => {
  makeSet("tank", undefined);
  mkdirSync(join(data, "forecast"));
  makeSet("windowless", undefined);
  writeFileSync(join(data, "windowless/meta.json"), "{}");
  const { sets, leftOut } = findSets(data);
  expect(sets.map(({ name }) => name)).toEqual(["tank"]);
  expect(leftOut[0]).toBe("forecast: no protocol for a folder without train.csv, test.csv, meta.json");
  expect(leftOut[1]).toMatch(/^windowless: .*init_window/);
  await expect(measureEverySet(asked({ sets: ["tnk"] }))).rejects.toThrow("expected sets among tank, received tnk");
});

test("an error for a non-numeric value gives its line", () => {
  const set = makeSet("tank", "u,y\n1,2\n3,\n");
  expect(() => readPart(set, "test")).toThrow(/test\.csv, line 3: expected a number in y, received ""/);
});

test("records are stored set by set, and replace earlier ones of the same kind", async () => {
  makeSet("tank", csv(tank(31)));
  const results = pathToFileURL(join(data, "results.json"));
  await measureEverySet(asked());
  expect(existsSync(results)).toBe(false);
  await measureEverySet(asked({ results }));
  await measureEverySet(asked({ results, final: true, command: "again" }));
  const read = (): AccuracyRecord[] => JSON.parse(readFileSync(results, "utf8"));
  const [record, ...others] = read();
  expect(others).toEqual([]);
  expect(record).toMatchObject({ set: "tank", kind: "defaults", command: "again", settings: { epochs: 2 } });
  expect(record.settings).not.toHaveProperty("seed");
  expect(record.models[0].test).toBeGreaterThan(0);
  keepRecords(results, [{ ...record, kind: "chosen" }]);
  expect(read().map(({ kind }) => kind)).toEqual(["chosen", "defaults"]);
});

test("the table has the median with its spread, the published figures, and a verdict on the goal", () => {
  const score = (validation: number, test?: number, seconds = 10) => ({
    ...{ seed: 1, validation, test, seconds, epochs: 9, bestEpoch: 8, trainings: 1, parameters: 100 },
  });
  const record = (kind: AccuracyRecord["kind"], models: AccuracyRecord["models"]) =>
    ({
      ...{ set: "cascaded_tanks", kind, unit: "V", models, settings: { refit: false } },
      rows: { train: 768, validation: 256, test: 1024, dropped: 5 },
      mean: { validation: 2 },
      linear: { validation: 1, taps: 64, ridge: 1 },
    }) as AccuracyRecord;
  const table = accuracyTable(record("chosen", [score(0.5, 0.4), score(0.3, 0.2), score(0.4, 0.34)]));
  expect(table).toMatch(/Eddy, chosen, median of 3 +0\.400 \(0\.300 … 0\.500\) +0\.340 \(0\.200 … 0\.400\) +10\.0 s/);
  expect(table).toMatch(/published: GRU \(arXiv 2405\.10779\) +0\.396\n/);
  expect(table).toContain("goal: 0.350 V at most, in 300 s of training or less: reached");
  expect(accuracyTable(record("defaults", [score(0.5, 0.7, 61)]))).toContain(
    "goal: 0.525 V at most, in 60 s of training or less: missed, 0.700 is 1.33 times that, training took 61.0 s",
  );
  expect(accuracyTable(record("chosen", [score(0.5)]))).not.toContain("goal");
});

test("settings are chosen for sets that have a reference", () => {
  expect(Object.keys(chosen).sort()).toEqual(Object.keys(references).sort());
});
