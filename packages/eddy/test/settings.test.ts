// The table of settings: its doc comments agree with its values, and its defaults follow from the training rows.
import { expect, test } from "vitest";
import { checkOptions, mismatchOf, oneOf, positiveInteger, text } from "../src/nn/options.ts";
import { computingSettings, meanings, modelSettings, partSettings, trainingSettings } from "../src/series/index.ts";
import { list, object, record } from "../src/series/settings/schema.ts";
import type { SettingName } from "../src/series/settings/settings.ts";
import { resolveModelOptions, resolveTrainingOptions, variantsOf } from "../src/series/training/defaults.ts";

const settings = { ...modelSettings, ...partSettings, ...trainingSettings, ...computingSettings };

/** How a default that is no value begins. */
const unset: Partial<Record<SettingName, string>> = {
  validation: "blocks",
  jobs: "all cores",
  budgetMs: "none",
  missing: "none",
  bounds: "none",
};

test.each(Object.keys(settings) as SettingName[])("the doc comment of %s states its default", (name) => {
  const { default: usual, rule } = settings[name];
  const { meaning, default: words } = meanings[name];
  expect(meaning).toMatch(/^[a-z].*[^.]$/);
  if (typeof usual === "function") return expect(words).toMatch(/training rows|epochs|the last value/);
  // Other defaults, which validation prefers or a single network has, may follow.
  expect(words.split(/[,;]/)[0]).toBe(unset[name] ?? String(usual));
  expect(mismatchOf(rule, usual)).toBeUndefined();
});

const names = { inputs: ["u"], targets: ["y"] };
const run = (rows: number) => [{ start: 0, end: rows }];

test.each([
  [1, { cell: "gru", hiddenSize: 16, numLayers: 1 }],
  [1999, { cell: "gru", hiddenSize: 16, numLayers: 1 }],
  [2000, { cell: "gru", hiddenSize: 32, numLayers: 1 }],
])("with %i training rows, the network is %j", (rows, network) => {
  expect(resolveModelOptions(names, rows)).toMatchObject(network);
});

test.each([
  [768, { epochs: 3000, validateEvery: 60, average: 0.99, networks: 8, variants: 2, chunk: 768, lanes: 1 }],
  [1999, { epochs: 3000, validateEvery: 60, average: 0.99, networks: 8, variants: 2, chunk: 1999, lanes: 1 }],
  [2000, { epochs: 750, validateEvery: 15, average: 0, networks: 8, variants: 2, chunk: 128, lanes: 1 }],
  [20_000, { epochs: 152, validateEvery: 3, average: 0, networks: 4, variants: 1, chunk: 128, lanes: 2 }],
  [1_000_000, { epochs: 25, validateEvery: 1, average: 0, networks: 4, variants: 1, chunk: 128, lanes: 16 }],
])("with %i training rows, the training has the defaults %j", (rows, expected) => {
  const settings = resolveTrainingOptions({}, run(rows));
  expect(settings).toMatchObject(expected);
  expect(settings.patience).toBe(settings.epochs);
  expect(settings.weightDecay).toBe(Math.min(1e-3, (25 / rows) ** 2));
  expect(settings).toMatchObject({
    learningRate: 0.005,
    clip: 1,
    randomStarts: 0.5,
    refit: false,
    budgetMs: undefined,
  });
});

test("given settings replace defaults, and defaults follow from given settings", () => {
  expect(resolveTrainingOptions({ epochs: 7, networks: 1 }, run(5000))).toMatchObject({
    epochs: 7,
    validateEvery: 1,
    networks: 1,
    variants: 1,
  });
  expect(resolveTrainingOptions({ chunk: 9999, lanes: 9999 }, run(50))).toMatchObject({ chunk: 50, lanes: 50 });
  expect(resolveModelOptions({ ...names, cell: "rnn", seed: 3 }, 5)).toMatchObject({
    cell: "rnn",
    numLayers: 1,
    seed: 3,
  });
});

test("variants differ in what the caller has not set", () => {
  const found = (model: object, training: object, rows = 1000) =>
    variantsOf({ ...names, ...model }, training, run(rows), 0).map(({ options, settings }) => [
      options.hiddenSize,
      settings.randomStarts,
    ]);
  const [usual, larger] = [
    [16, 0.5],
    [32, 0.5],
  ];
  expect(found({}, {})).toEqual([usual, larger]);
  expect(found({}, { variants: 1 })).toEqual([usual]);
  expect(found({}, { networks: 1 })).toEqual([usual]);
  expect(found({ hiddenSize: 5 }, {})).toEqual([[5, 0.5]]);
  expect(found({}, { randomStarts: 0.25 })).toEqual([
    [16, 0.25],
    [32, 0.25],
  ]);
  expect(found({ hiddenSize: undefined }, { randomStarts: undefined })).toEqual([usual, larger]);
  expect(found({}, {}, 20_000)).toEqual([[32, 0.5]]);
  expect(found({}, { variants: 2 }, 20_000)).toEqual([
    [32, 0.5],
    [64, 0.5],
  ]);
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
