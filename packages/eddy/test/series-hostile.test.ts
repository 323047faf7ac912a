/** Damaged models and checkpoints: each one works, or is rejected by an error with a code. */
import { fromSafetensors, type Tensor, tensor, toSafetensors } from "eddy";
import { DataError, evaluate, Frame, Model, summaryOf, train } from "eddy/series";
import { beforeAll, describe, expect, test } from "vitest";
import { noise, short, small, tank, trained } from "./series-data.ts";

const runs = Number(process.env.EDDY_FUZZ_RUNS ?? 1500);
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

let model: Uint8Array;
let checkpoint: Uint8Array;
beforeAll(async () => {
  const training = train(frame, { ...settings, ...short, average: 0.9, restarts: 1 });
  let epochs = 0;
  for await (const { kind } of training) {
    if (kind === "epoch" && ++epochs === 6) break;
  }
  checkpoint = training.checkpoint();
  model = (await trained(settings, frame, short)).model.toBytes();
});

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
  if (kind === 2) return toSafetensors(damageTensors(tensors, roll), metadata);
  const eddy = written(damage(JSON.parse(metadata.eddy), roll));
  return toSafetensors(tensors, { ...metadata, eddy });
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
    const bytes = mutated(model, seed);
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
    for await (const _ of train(frame, { ...settings, resume: bytes, signal: abort.signal })) abort.abort();
  };
  expect(await tried(-1, () => resume(checkpoint))).toBe("works");
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
    ["a filter of another length", (r) => r.baselines.linear.weights[0].push(0), "linear.weights[0]"],
    ["a filter of taps beyond memory", (r) => (r.baselines.linear.taps = 1e15), "linear.weights[0]"],
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

  test("weights that are not numbers, or of a different shape", () => {
    const out = (value: Tensor) => read(whole, (all) => ({ ...all, "out.weight": value }));
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(out(tensor([wrong, 1, 1], [1, 3]))).toThrow("a finite number as out.weight[0]");
    }
    expect(out(tensor([1, 1, 1], [3, 1]))).toThrow("expected shape [1, 3]");
    expect(out(tensor([1, 1, 1], [3, 1]))).toThrow(DataError);
  });

  test("weights so large that predictions are not finite are detected at prediction", () => {
    const huge = read(whole, (all) => ({ ...all, "direct.weight": tensor([3e38, 3e38], [1, 2]) }))();
    expect(() => huge.predict(frame)).toThrow(DataError);
    expect(() => huge.stream().predict({ u: 1, v: 1 })).toThrow(DataError);
  });

  test("a model of format 1 is read; its texts are dropped", () => {
    const old = read((record) => {
      record.format = 1;
      delete record.origin;
      record.summary.notes = ["Input k has one value."];
      record.summary.rows.merged = "Both are the same rows.";
      record.summary.refit = { rows: 80, epochs: 2, seed: 3, note: "This model is the chosen one." };
      for (const part of ["model", "skill"]) expect(record.summary.validation[part]).toBeDefined();
      delete record.summary.validation.perTarget;
    })();
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
    trained(settings, other, { ...short, average: 0.9, restarts: 1, resume: checkpoint, ...options });

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
      values: { name: "learningRate", expected: "0.005", received: "0.1" },
    });
    expect((await resumed(same)).summary.stopped).toBe("epochs");
  });
});
