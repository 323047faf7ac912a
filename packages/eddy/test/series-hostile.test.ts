/** Damaged models and checkpoints: each one works, or is rejected by an error with a code. */
import { fromSafetensors, type Tensor, tensor, toSafetensors, zeros } from "eddy";
import { DataError, evaluate, Frame, Model, summaryOf, train } from "eddy/series";
import { beforeAll, describe, expect, test } from "vitest";
import { randomCases } from "../../../ci/in-ci.ts";
import { inFormat2, networkTensors, noise, sealed, short, small, tank, trained } from "./series-data.ts";

const runs = randomCases(1500);
const rows = 80;
const frame = new Frame(
  { ...tank(rows), v: noise(rows, 4) },
  { time: Array.from({ length: rows }, (_, t) => 1000 * t) },
);
const settings = {
  ...small,
  inputs: ["u", "v"],
  cell: "lstm" as const,
  initialState: "learned" as const,
  hiddenSize: 3,
};

/** The training of the checkpoint. */
const several = { ...short, average: 0.9, networks: 2, variants: 2 };

let model: Uint8Array;
let format2: Uint8Array;
let checkpoint: Uint8Array;
beforeAll(async () => {
  const training = train(frame, { ...settings, ...several });
  let epochs = 0;
  for await (const { kind } of training) {
    if (kind === "epoch" && ++epochs === 6) break;
  }
  checkpoint = training.checkpoint();
  // Long enough for the network to have a share.
  const single = (await trained(settings, frame, { ...short, epochs: 30 })).model.toBytes();
  model = twoNetworks(single);
  format2 = inFormat2(single, { taps: 2, ridge: 0.1, weights: [[0, 0.5, 0, 0.2, 0]] });
});

/** The file of a model whose network stands in it twice, with a share of one half. */
function twoNetworks(bytes: Uint8Array): Uint8Array {
  const { tensors, metadata } = fromSafetensors(bytes);
  const copies = Object.entries(networkTensors(bytes)).map(([name, value]) => [`networks.1.${name}`, value.mul(0.9)]);
  return toSafetensors({ ...tensors, ...Object.fromEntries(copies), share: tensor([0.5]) }, metadata);
}

/** The same random numbers everywhere. */
function dice(seed: number) {
  let bits = seed;
  return (sides: number) => {
    bits = (Math.imul(bits, 1664525) + 1013904223) >>> 0;
    return Math.floor((bits / 2 ** 32) * sides);
  };
}

/** Stands for 10,000 nested arrays, which JSON.stringify cannot write. */
const deep = "@deep";
const written = (record: unknown) =>
  (JSON.stringify(record) ?? "null").replace(`"${deep}"`, "[".repeat(10_000) + "]".repeat(10_000));
const junk = [null, -1, 0, 1e-300, 1e300, 0.5, 2 ** 53, "", "x", "u", "__proto__", [], {}, [1], true, deep, undefined];

/** Puts junk in place of one value somewhere in a record, or takes it out. */
function damage(record: unknown, roll: (sides: number) => number): unknown {
  const places: [object, string][] = [];
  const collect = (value: unknown) => {
    if (typeof value !== "object" || value === null) return;
    for (const key of Object.keys(value)) {
      places.push([value, key]);
      collect((value as Record<string, unknown>)[key]);
    }
  };
  collect(record);
  const [parent, key] = places[roll(places.length)];
  (parent as Record<string, unknown>)[key] = junk[roll(junk.length)];
  return record;
}

/** Wrong values, wrong shapes, or the places of two tensors changed. */
function damageTensors(tensors: Record<string, Tensor>, roll: (sides: number) => number): Record<string, Tensor> {
  const names = Object.keys(tensors);
  const [a, b] = [names[roll(names.length)], names[roll(names.length)]];
  const { shape, data } = tensors[a];
  const wrong = [Number.NaN, Number.POSITIVE_INFINITY, 3e38, 0][roll(4)];
  switch (roll(4)) {
    case 0:
      return { ...tensors, [a]: tensors[b], [b]: tensors[a] };
    case 1:
      return { ...tensors, [a]: tensor([...data.slice(1), wrong], [...shape]) };
    case 2:
      return { ...tensors, [a]: tensor([...data, 1], [data.length + 1]) };
    default: {
      const { [a]: _, ...rest } = tensors;
      return roll(2) === 0 ? rest : { ...tensors, more: tensors[a] };
    }
  }
}

const withEddy = (tensors: Record<string, Tensor>, eddy: string) => toSafetensors(tensors, { eddy });

function mutated(bytes: Uint8Array, seed: number): Uint8Array {
  const roll = dice(seed);
  for (let i = 0; i < 3; i++) roll(2);
  const kind = roll(5);
  if (kind === 0) return bytes.slice(0, roll(bytes.length));
  if (kind === 1) {
    const flipped = bytes.slice();
    for (let n = roll(3); n >= 0; n--) flipped[roll(bytes.length)] ^= 1 << roll(8);
    return flipped;
  }
  const { tensors, metadata } = fromSafetensors(bytes);
  // A checkpoint gets a new checksum, so that what it covers is checked, too.
  const file = metadata.checksum === undefined ? withEddy : sealed;
  if (kind === 2) return file(damageTensors(tensors, roll), metadata.eddy);
  return file(tensors, written(damage(JSON.parse(metadata.eddy), roll)));
}

/** Runs what may end in a coded error; anything else is a fault. */
async function tried(seed: number, run: () => unknown): Promise<"works" | "rejected"> {
  try {
    await run();
    return "works";
  } catch (error) {
    if (!(error instanceof DataError)) throw new Error(`seed ${seed} ended in ${(error as Error).stack}`);
    expect(error.message).toMatch(/expected .+, received .+/s);
    return "rejected";
  }
}

test("damaged models work or are rejected", async () => {
  const found = { works: 0, rejected: 0 };
  for (let seed = 0; seed < runs; seed++) {
    const bytes = mutated(seed % 2 === 0 ? model : format2, seed);
    const outcome = await tried(seed, () => {
      const read = Model.fromBytes(bytes);
      // Other names may have come out of it, and other counts of columns not.
      const [u, v] = read.options.inputs;
      const own = new Frame(
        new Map([
          [u, frame.column("u")],
          [v, frame.column("v")],
          [read.options.targets[0], frame.column("y")],
        ]),
      );
      const predicted = read.predict(own).column(read.options.targets[0]);
      expect(predicted.every(Number.isFinite)).toBe(true);
      summaryOf(read);
      evaluate(read, own);
      read.stream().predict(
        Object.fromEntries([
          [u, 1],
          [v, 2],
        ]),
      );
      expect(Model.fromBytes(read.toBytes()).predict(own).length).toBe(rows);
    });
    found[outcome]++;
  }
  expect(found.rejected).toBeGreaterThan(found.works);
  expect(found.works).toBeGreaterThan(0);
}, 120_000);

test("damaged checkpoints are rejected, and an intact one continues", async () => {
  const resume = async (bytes: Uint8Array) => {
    const abort = new AbortController();
    const training = train(frame, { ...settings, networks: 2, resume: bytes, signal: abort.signal });
    try {
      for await (const _ of training) abort.abort();
    } catch (error) {
      if (error !== abort.signal.reason) throw error; // the checkpoint was from before the first validation
    }
    return training;
  };
  expect((await resume(checkpoint)).summary).toMatchObject({ stopped: "signal" });
  for (let seed = 0; seed < runs; seed++) {
    const bytes = mutated(checkpoint, seed);
    if (Buffer.compare(bytes, checkpoint) === 0) continue;
    await tried(seed, () => resume(bytes));
  }
}, 120_000);

// biome-ignore lint/suspicious/noExplicitAny: what is damaged has no type
type Json = Record<string, any>;

describe("a model is checked completely", () => {
  const read = (change: (record: Json) => void, weights = (all: Record<string, Tensor>) => all) => {
    const { tensors, metadata } = fromSafetensors(model);
    const record = JSON.parse(metadata.eddy);
    change(record);
    return () => Model.fromBytes(toSafetensors(weights(tensors), { eddy: written(record) }));
  };
  const whole = () => {};

  test.each<[string, (record: Json) => void, string]>([
    ["a scale of 0 of the target", (r) => (r.targetScaler.scale[0] = 0), "targetScaler.scale[0]"],
    ["a scale of 0", (r) => (r.inputScaler.scale[0] = 0), "inputScaler.scale[0]"],
    ["a negative scale", (r) => (r.inputScaler.scale[1] = -1), "inputScaler.scale[1]"],
    ["a tiny scale", (r) => (r.inputScaler.scale[0] = 1e-30), "inputScaler.scale[0]"],
    ["a huge scale", (r) => (r.targetScaler.scale[0] = 1e30), "targetScaler.scale[0]"],
    ["a center that is no number", (r) => (r.inputScaler.center[0] = null), "inputScaler.center[0]"],
    ["a center far away", (r) => (r.targetScaler.center[0] = 1e20), "targetScaler.center[0]"],
    ["deep JSON", (r) => (r.options.inputs = deep), "options.inputs"],
    ["a hidden size beyond memory", (r) => (r.options.hiddenSize = 1e12), "weights"],
    ["layers beyond memory", (r) => (r.options.numLayers = 1e12), "weights"],
    ["a column twice", (r) => (r.options.inputs = ["u", "u"]), "options.inputs"],
    ["a column missing", (r) => (r.options.inputs = ["u"]), "eddy"],
    ["no columns", (r) => (r.options.inputs = []), "options.inputs"],
    ["an input that is a target", (r) => (r.options.targets = ["u"]), "options.targets"],
    ["an unknown cell", (r) => (r.options.cell = "toString"), "options.cell"],
    ["a negative washout", (r) => (r.options.washout = -5), "options.washout"],
    ["a range of another column", (r) => (r.summary.inputsRange.w = r.summary.inputsRange.u), "inputsRange"],
    ["a range the wrong way round", (r) => (r.summary.inputsRange.u = { min: 1, max: 0, mean: 0.5 }), "inputsRange.u"],
    ["a negative interval", (r) => (r.origin.stepMs = -1), "origin.stepMs"],
  ])("%s", (_, change, path) => {
    const found = expect(read(change));
    found.toThrow(DataError);
    found.toThrow(path);
  });

  test.each<[string, (record: Json) => void, string]>([
    ["a negative ridge parameter", (r) => (r.baselines.ridge = -1), "baselines.ridge"],
    ["a mean too many", (r) => r.baselines.mean.push(0), "baselines.mean"],
    ["a negative count", (r) => (r.summary.rows.train = -1), "summary.rows.train"],
    ["a note of no kind", (r) => r.summary.notes.push({ code: "constructor" }), "notes[0].code"],
  ])(
    "%s in the record of training: rejected by every function that reads it, without influence on predictions",
    (_, change, path) => {
      const damaged = read(change)();
      expect(damaged.predict(frame).length).toBe(rows);
      const reading = expect(() => [summaryOf(damaged), evaluate(damaged, frame)]);
      reading.toThrow(DataError);
      reading.toThrow(path);
    },
  );

  test("a record that is nested too deeply", () => {
    expect(read((record) => (record.baselines.mean = deep))).toThrow(DataError);
    expect(read((record) => (record.summary.notes = deep))).toThrow(DataError);
  });

  const readWeights = (change: (all: Record<string, Tensor>) => Record<string, Tensor | undefined>) =>
    read(whole, (all) => {
      const changed = Object.entries(change(all)).filter(([, value]) => value !== undefined);
      return Object.fromEntries(changed) as Record<string, Tensor>;
    });

  test.each<[string, Record<string, Tensor | undefined>, string]>([
    ["NaN", { "networks.0.out.weight": tensor([[Number.NaN, 1, 1]]) }, "a finite number as networks.0.out.weight[0]"],
    ["infinity", { "networks.1.out.bias": tensor([1 / 0]) }, "a finite number as networks.1.out.bias[0]"],
    ["another shape", { "networks.1.out.weight": tensor([[1], [1], [1]]) }, "expected shape [1, 3]"],
    ["no weight", { "networks.1.out.weight": undefined }, "missing networks.1.out.weight"],
    ["a name of an object's method", { toString: tensor([1]) }, "unknown toString"],
    [
      "a network that is not complete",
      { "networks.2.out.bias": tensor([1]) },
      "numbers, as the settings require as weights",
    ],
    [
      "a network of another number",
      { "networks.01.out.bias": tensor([1]) },
      "numbers, as the settings require as weights",
    ],
    ["a negative share", { share: tensor([-0.1]) }, "a number from 0 to 1 as share[0], received -0.1"],
    ["a share above 1", { share: tensor([1.5]) }, "a number from 0 to 1 as share[0], received 1.5"],
    ["a share that is not finite", { share: tensor([Number.NaN]) }, "a finite number as share[0]"],
    ["a share too many", { share: tensor([0.5, 0.5]) }, "share: expected shape [1], received [2]"],
    ["no share", { share: undefined }, "missing share"],
    ["a filter of another number of inputs", { "filter.weight": tensor([[[1, 2]]]) }, "filter.weight: expected shape"],
    ["a filter without time", { "filter.weight": tensor([[1, 2]]) }, "filter.weight: expected shape [1, 2, 1]"],
    ["a filter without taps", { "filter.weight": zeros(1, 2, 0) }, "filter.weight: expected shape [1, 2, 1]"],
    ["no filter", { "filter.weight": undefined }, "missing filter.weight"],
    ["no intercept", { "filter.bias": undefined }, "missing filter.bias"],
  ])("weights with %s", (_, change, message) => {
    const found = expect(readWeights((all) => ({ ...all, ...change })));
    found.toThrow(DataError);
    found.toThrow(message);
  });

  test("without networks, the share must be 0", () => {
    const alone = (share: number) =>
      readWeights(({ "filter.weight": weight, "filter.bias": bias }) => ({
        "filter.weight": weight,
        "filter.bias": bias,
        share: tensor([share]),
      }));
    expect(alone(0.5)).toThrow("expected 0, without networks as share[0], received 0.5");
    expect(alone(0)().predict(frame).length).toBe(rows);
  });

  test.each([
    ["a network", "networks.0.direct.weight", [1, 2]],
    ["the filter", "filter.weight", [1, 2, 1]],
  ])("weights of %s so large that predictions are not finite are detected at prediction", (_, name, shape) => {
    const huge = readWeights((all) => ({ ...all, [name]: tensor([3e38, 3e38], shape) }))();
    expect(() => huge.predict(frame)).toThrow(DataError);
    expect(() => huge.stream().predict({ u: 1, v: 1 })).toThrow(DataError);
  });

  test("a model of format 1 is read; its texts are dropped", () => {
    const { tensors, metadata } = fromSafetensors(format2);
    const record = JSON.parse(metadata.eddy);
    record.format = 1;
    delete record.origin;
    record.summary.notes = ["Input k has one value."];
    record.summary.rows.merged = "Both are the same rows.";
    record.summary.refit = { rows: 80, epochs: 2, seed: 3, note: "This model is the chosen one." };
    for (const part of ["model", "skill"]) expect(record.summary.validation[part]).toBeDefined();
    delete record.summary.validation.perTarget;
    const old = Model.fromBytes(toSafetensors(tensors, { eddy: written(record) }));
    expect(summaryOf(old)).toMatchObject({
      notes: [],
      rows: { merged: [{ code: "parts-merged" }] },
      refit: { note: { code: "refit" } },
      validation: { perTarget: { y: { winner: expect.any(String) } } },
    });
    expect(old.source).toBeUndefined();
    expect(old.predict(frame).length).toBe(rows);
  });

  test("files contain codes and numbers, but no sentences", () => {
    for (const bytes of [model, checkpoint]) {
      const texts: string[] = [];
      JSON.parse(fromSafetensors(bytes).metadata.eddy, (_, value) => {
        if (typeof value === "string") texts.push(value);
        return value;
      });
      expect(texts.filter((text) => text.includes(" "))).toEqual([]);
    }
  });
});

describe("resuming with different data", () => {
  const { u, y } = tank(rows);
  const time = Float64Array.from({ length: rows }, (_, t) => 1000 * t);
  const columns = { u, v: frame.column("v"), y };
  const changed = (name: keyof typeof columns, row: number) => {
    const values = columns[name].slice();
    values[row] += 1e-9;
    return new Frame({ ...columns, [name]: values }, { time });
  };
  const resumed = (other: Frame, options = {}) =>
    trained(settings, other, { ...several, resume: checkpoint, ...options });

  test.each([
    ["an input", changed("u", 3), { what: "input", column: "u" }],
    ["an input of the last row", changed("v", rows - 1), { what: "input", column: "v" }],
    ["a target of a training row", changed("y", 5), { what: "target", column: "y" }],
    ["a target of a validation row", changed("y", rows - 2), { what: "target", column: "y" }],
    ["times", new Frame(columns, { time: time.map((ms) => ms + 1) }), { what: "time" }],
    ["no times", new Frame(columns), { what: "time" }],
    ["groups", new Frame(columns, { time, group: time.map(() => 7) as never }), { what: "grouping" }],
    ["fewer rows", new Frame(columns, { time }).slice(1), { what: "number of rows" }],
  ])("%s", async (_, other, values) => {
    await expect(resumed(other)).rejects.toMatchObject({ code: "other-data", values: { part: "training", ...values } });
  });

  test("a different split, and a different frame for validation or test", async () => {
    const same = new Frame(columns, { time });
    const other = (part: string, what: string) => ({ code: "other-data", values: { part, what } });
    await expect(resumed(same, { validation: 0.3 })).rejects.toMatchObject(other("training", "split"));
    await expect(resumed(same, { test: 0.2 })).rejects.toMatchObject(other("training", "split"));
    await expect(resumed(same, { validation: same })).rejects.toMatchObject(other("validation", "number of rows"));
    await expect(resumed(same, { test: same })).rejects.toMatchObject(other("test", "number of rows"));
    await expect(resumed(same, { learningRate: 0.1 })).rejects.toMatchObject({
      code: "other-setting",
      values: { name: "learningRate", expected: "0.05", received: "0.1" },
    });
    expect((await resumed(same)).summary.stopped).toBe("epochs");
  });
});
