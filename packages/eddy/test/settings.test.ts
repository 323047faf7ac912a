// The table of settings: its doc comments agree with its values, and its defaults follow from the training rows.
import { expect, test } from "vitest";
import { checkOptions, mismatchOf, oneOf, positiveInteger, text } from "../src/nn/options.ts";
import { meanings, modelSettings, partSettings, trainingSettings } from "../src/series/index.ts";
import { list, object, record } from "../src/series/settings/schema.ts";
import type { SettingName } from "../src/series/settings/settings.ts";
import { resolveModelOptions, resolveTrainingOptions } from "../src/series/training/defaults.ts";

const settings = { ...modelSettings, ...partSettings, ...trainingSettings };

test.each(Object.keys(settings) as SettingName[])("the doc comment of %s states its default", (name) => {
  const { default: usual, rule } = settings[name];
  const { meaning, default: words } = meanings[name];
  expect(meaning).toMatch(/^[a-z].*[^.]$/);
  if (typeof usual === "function") return expect(words).toMatch(/training rows|epochs/);
  expect(words).toBe(usual === undefined ? "none" : String(usual));
  expect(mismatchOf(rule, usual)).toBeUndefined();
});

const names = { inputs: ["u"], targets: ["y"] };
const run = (rows: number) => [{ start: 0, end: rows }];

test.each([
  [1, { cell: "lstm", hiddenSize: 16, numLayers: 2 }],
  [1999, { cell: "lstm", hiddenSize: 16, numLayers: 2 }],
  [2000, { cell: "gru", hiddenSize: 32, numLayers: 1 }],
])("with %i training rows, the network is %j", (rows, network) => {
  expect(resolveModelOptions(names, rows)).toMatchObject(network);
});

test.each([
  [768, { epochs: 3000, validateEvery: 60, patience: 1500, average: 0.99, restarts: 2, chunk: 768, lanes: 1 }],
  [1999, { epochs: 3000, validateEvery: 60, patience: 1500, average: 0.99, restarts: 2, chunk: 1999, lanes: 1 }],
  [2000, { epochs: 750, validateEvery: 15, patience: 375, average: 0, restarts: 2, chunk: 128, lanes: 1 }],
  [20_000, { epochs: 152, validateEvery: 3, patience: 76, average: 0, restarts: 0, chunk: 128, lanes: 2 }],
  [1_000_000, { epochs: 25, validateEvery: 1, patience: 13, average: 0, restarts: 0, chunk: 128, lanes: 16 }],
])("with %i training rows, the training has the defaults %j", (rows, expected) => {
  const settings = resolveTrainingOptions({}, run(rows));
  expect(settings).toMatchObject(expected);
  expect(settings.weightDecay).toBe(Math.min(1e-3, (25 / rows) ** 2));
  expect(settings).toMatchObject({ learningRate: 0.005, clip: 1, refit: false, budgetMs: undefined });
});

test("given settings replace defaults, and defaults follow from given settings", () => {
  expect(resolveTrainingOptions({ epochs: 7, restarts: 0 }, run(5000))).toMatchObject({
    epochs: 7,
    validateEvery: 1,
    restarts: 0,
  });
  expect(resolveTrainingOptions({ chunk: 9999, lanes: 9999 }, run(50))).toMatchObject({ chunk: 50, lanes: 50 });
  expect(resolveModelOptions({ ...names, cell: "rnn", seed: 3 }, 5)).toMatchObject({
    cell: "rnn",
    numLayers: 2,
    seed: 3,
  });
});

test("a rule gives the path to what is wrong", () => {
  const rule = object<{ sizes: number[]; units: Record<string, string>; cell: string }>({
    sizes: list(positiveInteger),
    units: record(text),
    cell: oneOf("rnn", "gru"),
  });
  const valid = { sizes: [1, 2], units: { u: "V" }, cell: "gru" };
  expect(rule({ ...valid, later: 1 }, "eddy")).toEqual(valid);
  for (const [value, path, expected, received] of [
    [{ ...valid, sizes: [1, 0] }, "eddy.sizes[1]", "an integer ≥ 1", "0"],
    [{ ...valid, units: { u: 3 } }, "eddy.units.u", "text", "3"],
    [{ ...valid, cell: undefined }, "eddy.cell", '"rnn" or "gru"', "nothing"],
    [{ ...valid, cell: "cnn" }, "eddy.cell", '"rnn" or "gru"', '"cnn"'],
    [[], "eddy", "an object", "[]"],
  ] as const) {
    expect(mismatchOf(rule, value, "eddy")).toMatchObject({ where: path, expected, received });
  }
  expect(() => checkOptions("f", { sizes: [1, 0] }, { sizes: list(positiveInteger) })).toThrow(
    "f: expected sizes[1] to be an integer ≥ 1, received 0; omit it for the default",
  );
});
