/** A trained Model: scaling, carried state, streams, groups, gaps and files, for any numbers. */
import { readFileSync } from "node:fs";
import { fromSafetensors, toSafetensors } from "eddy";
import { evaluate, Frame, describe as inEnglish, Model, summaryOf, train } from "eddy/series";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { randomCases } from "../../../ci/in-ci.ts";
import { scaledColumns, unscaledColumn } from "../src/series/data/scaler.ts";
import { finish } from "../src/series/pace.ts";
import { fitScaler } from "../src/series/training/fit-scaler.ts";
import { bitsOf, noise, short, small, tankFrame, trained } from "./series-data.ts";

let model: Model;
beforeAll(async () => {
  ({ model } = await trained(small, tankFrame(200), { ...short, epochs: 20 }));
});

describe("scalers", () => {
  const kind = fc.constantFrom("standard" as const, "minMax" as const, "robust" as const);
  const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  const column = fc.array(value, { minLength: 3, maxLength: 50 }).filter((values) => {
    const spread = Math.max(...values) - Math.min(...values);
    return spread > 1e-3; // else rounding to float32 is coarser than what is compared
  });

  test("the inverse restores the values to float32 precision of the scale; inputs are not changed", () => {
    fc.assert(
      fc.property(kind, column, (which, values) => {
        const columns = new Map([["x", Float64Array.from(values)]]);
        const range = [{ start: 0, end: values.length }];
        let scaler: ReturnType<typeof fitScaler> extends Generator<undefined, infer Result> ? Result : never;
        try {
          scaler = finish(fitScaler(which, columns, range));
        } catch (error) {
          expect(String(error)).toContain("values of similar magnitude"); // an outlier beyond 1e9 interquartile ranges
          return;
        }
        const z = finish(scaledColumns(scaler.scaler, columns, values.length));
        const back = unscaledColumn(scaler.scaler, z, 0);
        const largest = Math.max(...z.map(Math.abs), 1) * scaler.scaler.scale[0];
        for (const [i, expected] of values.entries()) {
          expect(Math.abs(back[i] - expected)).toBeLessThanOrEqual(2 ** -23 * largest + 1e-15 * Math.abs(expected));
        }
        expect(Array.from(columns.get("x")!)).toEqual(values);
      }),
    );
  });

  test("a large offset is subtracted before rounding to float32", () => {
    const columns = new Map([["p", Float64Array.from({ length: 100 }, (_, i) => 1.7e12 + Math.sin(i))]]);
    const { scaler } = finish(fitScaler("standard", columns, [{ start: 0, end: 100 }]));
    const back = unscaledColumn(scaler, finish(scaledColumns(scaler, columns, 100)), 0);
    for (let i = 0; i < 100; i++) expect(Math.abs(back[i] - columns.get("p")![i])).toBeLessThan(1e-3);
  });
});

describe("prediction", () => {
  test("chunks and streams with a carried state give the same bits as a whole frame", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.nat(99),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (rows, seed, share) => {
          const frame = new Frame({ u: noise(rows, seed) });
          const whole = model.predict(frame).column("y");
          const stream = model.stream();
          const cut = Math.max(1, Math.floor(share * rows));
          const first = Array.from({ length: cut }, (_, row) => stream.predict({ u: frame.column("u")[row] }).y);
          const later = model.stream({ state: stream.state });
          const second = Array.from(
            { length: rows - cut },
            (_, row) => later.predict({ u: frame.column("u")[cut + row] }).y,
          );
          expect([...first, ...second]).toEqual(Array.from(whole));
          expect(Array.from(model.predict(frame.slice(0, cut)).column("y"))).toEqual(
            Array.from(whole.subarray(0, cut)),
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  test("more rows than one chunk give the same bits as a stream", () => {
    const frame = new Frame({ u: noise(9000) });
    const stream = model.stream();
    const steps = Float64Array.from(frame.column("u"), (u) => stream.predict({ u }).y);
    expect(Array.from(model.predict(frame).column("y"))).toEqual(Array.from(steps));
  });

  test("a missing input that is not filled gives NaN, and the state is reset after it", () => {
    const u = noise(60);
    const holed = u.slice();
    const rows = Number(model.options.gaps.replace("hold:", ""));
    holed.fill(Number.NaN, 20 - rows, 21); // the first of these rows are held
    for (let row = 20 - rows; row < 20; row++) u[row] = u[19 - rows];
    const found = model.predict(new Frame({ u: holed })).column("y");
    expect(Number.isNaN(found[20])).toBe(true);
    expect(Array.from(found.subarray(0, 20))).toEqual(
      Array.from(model.predict(new Frame({ u: u.slice(0, 20) })).column("y")),
    );
    expect(Array.from(found.subarray(21))).toEqual(
      Array.from(model.predict(new Frame({ u: u.slice(21) })).column("y")),
    );
    const stream = model.stream();
    expect(Array.from(holed, (value) => stream.predict({ u: value }).y)).toEqual(Array.from(found));
  });

  test("a time gap and a new group reset the state", () => {
    const u = noise(40);
    const alone = Array.from(model.predict(new Frame({ u: u.slice(25) })).column("y"));
    const time = Array.from(u, (_, row) => (row < 25 ? row : row + 100));
    const group = Array.from(u, (_, row) => (row < 25 ? "a" : "b"));
    for (const rest of [{ time }, { group }]) {
      const found = model.predict(new Frame({ u }, rest));
      expect(Array.from(found.column("y").subarray(25))).toEqual(alone);
      expect([found.time?.length, found.groups?.labels]).toEqual([
        rest === undefined ? 0 : "time" in rest ? 40 : undefined,
        "group" in rest ? ["a", "b"] : undefined,
      ]);
    }
  });

  test("inputs, options and frames are never changed", () => {
    const frame = tankFrame(50);
    const before = [bitsOf(frame, "u"), bitsOf(frame, "y")];
    model.predict(frame);
    evaluate(model, frame);
    expect([bitsOf(frame, "u"), bitsOf(frame, "y")]).toEqual(before);
  });

  test("invalid values are rejected with row and column", () => {
    const at = (row: number, value: number) => new Frame({ u: noise(9).map((own, i) => (i === row ? value : own)) });
    expect(() => model.predict(at(4, Number.POSITIVE_INFINITY))).toThrow('column "u", received Infinity in row 4');
    expect(() => model.predict(at(2, 1e300))).toThrow('column "u", received 1e+300 in row 2');
    expect(() => model.predict(new Frame({ v: [1] }))).toThrow('without "u"; it has "v"');
    expect(() => model.predict(new Frame({ u: [] }))).toThrow("received an empty frame");
    expect(() => model.predict(new Frame({ u: [1, 2, 3] }, { time: [0, 2, 1] }))).toThrow("the first at row 2");
    expect(() => model.predict({ u: [1] } as unknown as Frame)).toThrow("expected a Frame");
    expect(() => model.stream().predict({})).toThrow('a number as "u", received nothing');
    expect(() => model.stream().predict({ u: Number.NEGATIVE_INFINITY })).toThrow("received -Infinity");
    for (const value of Array.from(model.predict(at(3, 1e30)).column("y"))) expect(Number.isFinite(value)).toBe(true);
  });

  test("a training without a validated model reports so; a model has the parameters that its sizes imply", () => {
    const training = train(tankFrame(200), small);
    expect(() => training.model).toThrow("expected a training with a validated model, received none yet");
    expect(training.summary).toBeUndefined();
    const { taps } = summaryOf(model)!.validation.baselines.linear;
    expect(model.parameterCount).toBe(3 * 6 * (1 + 6 + 2) + 6 + 1 + 1 + 1 + taps);
  });
});

describe("file", () => {
  test("of format 2, written when the best of several trainings was the model, predicts and reports as before", () => {
    const old = Model.fromBytes(readFileSync(new URL("model-format-2.safetensors", import.meta.url)));
    const { y, z } = old.stream().predict({ u: -1 });
    expect([y, z]).toEqual([-1.058483508884022, 104.41064454121494]);
    const { networks, trained: count, share, settings, notes, refit } = summaryOf(old)!;
    expect(networks).toEqual([{ seed: 1, epochs: 12, rmse: 1.9418318454057268, stopped: "epochs" }]);
    expect([count, share]).toEqual([3, { y: 1, z: 1 }]);
    expect(settings).toMatchObject({ networks: 1, variants: 1, randomStarts: 0, validation: 0.25, epochs: 12 });
    expect(notes.length).toBe(11);
    expect(inEnglish(notes[3])).toContain("network 2, epoch 1: training diverged (a loss of 471120.09375)");
    expect(refit).toMatchObject({ rows: 120, epochs: 6 });
    const again = Model.fromBytes(old.toBytes());
    expect(summaryOf(again)).toEqual(summaryOf(old));
  });

  test.each([
    ["gru", {}],
    ["lstm", { initialState: "learned", numLayers: 2, linear: false }],
    ["rnn", { initialState: "learned", scaler: "robust", washout: 3 }],
    ["mingru", { initialState: "learned", numLayers: 2 }],
  ] as const)("%s: what was written predicts the same bits and has the same record", async (cell, more) => {
    const { model: written, summary } = await trained({ ...small, cell, ...more }, tankFrame(120), {
      ...short,
      test: 0.2,
    });
    const read = Model.fromBytes(written.toBytes());
    const frame = new Frame({ u: noise(70) });
    expect(bitsOf(read.predict(frame))).toBe(bitsOf(written.predict(frame)));
    expect(summaryOf(read)).toEqual(summary);
    expect(read.options).toEqual(written.options);
    expect(evaluate(read, tankFrame(90, 5))).toEqual(evaluate(written, tankFrame(90, 5)));
    const record = (bytes: Uint8Array) => JSON.parse(fromSafetensors(bytes).metadata.eddy);
    expect(record(read.toBytes())).toEqual(record(written.toBytes()));
  });

  test("contains the weights under PyTorch's names and nothing else", () => {
    const { tensors } = fromSafetensors(model.toBytes());
    expect(Object.keys(tensors).sort()).toEqual([
      "filter.bias",
      "filter.weight",
      "networks.0.direct.weight",
      "networks.0.out.bias",
      "networks.0.out.weight",
      "networks.0.rnn.bias_hh_l0",
      "networks.0.rnn.bias_ih_l0",
      "networks.0.rnn.weight_hh_l0",
      "networks.0.rnn.weight_ih_l0",
      "share",
    ]);
  });

  test("every truncation is rejected", () => {
    const bytes = model.toBytes();
    for (let length = 0; length < bytes.length; length += 7)
      expect(() => Model.fromBytes(bytes.subarray(0, length))).toThrow(/expected/);
  });

  test("only weights, other kinds and other sizes are rejected by name", () => {
    const { tensors, metadata } = fromSafetensors(model.toBytes());
    const record = JSON.parse(metadata.eddy);
    const readWith = (change: object, weights = tensors) =>
      Model.fromBytes(toSafetensors(weights, { eddy: JSON.stringify({ ...record, ...change }) }));
    expect(() => Model.fromBytes(toSafetensors(tensors))).toThrow("only weights, without settings");
    expect(() => Model.fromBytes(toSafetensors(tensors, { eddy: "{" }))).toThrow("expected JSON as eddy");
    expect(() => readWith({ kind: "checkpoint" })).toThrow('expected "regressor" or "forecaster" as eddy.kind');
    expect(() => readWith({ format: 4 })).toThrow("expected 1 or 2 or 3 as eddy.format, received 4");
    expect(() => readWith({ options: { ...record.options, hiddenSize: 7 } })).toThrow(
      "expected 219 numbers, as the settings require as weights, received 180",
    );
    expect(() => readWith({ options: { ...record.options, hiddenSize: 1e9 } })).toThrow("as the settings require");
    expect(() => readWith({ options: { ...record.options, numLayers: 1e9 } })).toThrow("as the settings require");
    expect(() => readWith({ options: { ...record.options, hiddenSize: 5 } })).toThrow("expected shape [15, 1]");
    expect(() => readWith({ inputScaler: { kind: "standard", center: [0, 1], scale: [1, 1] } })).toThrow("a list of 1");
    expect(() => readWith({ inputScaler: { ...record.inputScaler, scale: [null] } })).toThrow(
      "a number ≥ 0 as eddy.inputScaler.scale[0]",
    );
    expect(() => readWith({}, { ...tensors, more: tensors["filter.bias"] })).toThrow("unknown more");
  });

  test("damaged JSON is read or rejected, never read in part", () => {
    const { tensors, metadata } = fromSafetensors(model.toBytes());
    const text = metadata.eddy;
    const junk = fc.constantFrom("null", "-1", '"x"', "[]", "{}", "1e99", "true", ",", "}", "");
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.nat(12), junk, (at, length, piece) => {
        const bytes = toSafetensors(tensors, { eddy: text.slice(0, at) + piece + text.slice(at + length) });
        let read: Model;
        try {
          read = Model.fromBytes(bytes);
        } catch (error) {
          expect((error as Error).message).toMatch(/expected .+, received/s);
          return;
        }
        const { length: rows } = read.predict(new Frame({ [read.options.inputs[0]]: [0, 0.1] }));
        expect(rows).toBe(2);
      }),
      { numRuns: randomCases(500) },
    );
  });
});
