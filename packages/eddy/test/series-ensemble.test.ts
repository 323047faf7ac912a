/** The ensemble of a filter and several networks: its formula, its bits in streams, batches and files, and models of format 2. */
import { evaluate, Frame, Model, stateDictOf } from "eddy/series";
import { describe, expect, test } from "vitest";
import { Ensemble } from "../src/series/network/ensemble.ts";
import type { Filter } from "../src/series/network/filter.ts";
import { drawNetwork } from "../src/series/network/network.ts";
import { narrowed } from "../src/series/network/simulator.ts";
import type { NetworkOptions } from "../src/series/network/sizes.ts";
import { bitsOf, inFormat2, modelWith, noise } from "./series-data.ts";

const [inputSize, targetSize] = [2, 2];
const sizes: NetworkOptions = {
  ...{ cell: "lstm", hiddenSize: 3, numLayers: 2, linear: true, initialState: "learned" },
  ...{ inputSize, targetSize },
};

const filterOf = (taps: number): Filter => ({
  taps,
  weights: [noise(1 + taps * inputSize, 5), noise(1 + taps * inputSize, 6)],
});
const predictorOf = (seed: number) => drawNetwork(sizes, seed).predictor;
const ensembleOf = (taps: number, count: number, share?: number[]) =>
  new Ensemble(
    sizes,
    filterOf(taps),
    Array.from({ length: count }, (_, k) => predictorOf(k)),
    share,
  );

/** Every number of taps with every number of networks. */
const cases = [1, 2, 7].flatMap((taps) =>
  [0, 1, 3].map((count) => ({ taps, count, ensemble: ensembleOf(taps, count, count === 0 ? undefined : [0.25, 0.9]) })),
);

const rowsOf = (rows: number, seed = 1) => Float32Array.from(noise(rows * inputSize, seed));
const run = (ensemble: Ensemble, x: Float32Array) => ensemble.forward(x, 1, ensemble.start(1));
const frameOf = (rows: number, seed = 1) =>
  new Frame({ u0: noise(rows, seed), u1: noise(rows, seed + 10), y0: noise(rows, 3), y1: noise(rows, 4) });

describe("the formula", () => {
  test("the filter alone: the intercept and every lag, with 0 before the first row", () => {
    const [taps, rows] = [4, 9];
    const ensemble = ensembleOf(taps, 0);
    const x = rowsOf(rows);
    const expected = new Float32Array(rows * targetSize);
    for (let t = 0; t < rows; t++) {
      for (const [target, own] of filterOf(taps).weights.entries()) {
        const w = Float32Array.from(own);
        let sum = w[0];
        for (let lag = 0; lag <= Math.min(t, taps - 1); lag++) {
          for (let i = 0; i < inputSize; i++) sum += w[1 + lag * inputSize + i] * x[(t - lag) * inputSize + i];
        }
        expected[t * targetSize + target] = sum;
      }
    }
    const [y, , spread] = run(ensemble, x);
    expect(y).toEqual(expected);
    expect(spread).toEqual(new Float32Array(y.length));
  });

  test("one network with a share of 1 has the network's bits; a share of 0 has the filter's", () => {
    const x = rowsOf(50);
    const [alone] = predictorOf(0).forward(x, 1, predictorOf(0).start(1));
    const [filtered] = run(ensembleOf(7, 0), x);
    expect(run(ensembleOf(7, 1, [1, 1]), x)[0]).toEqual(alone);
    expect(run(ensembleOf(7, 3, [0, 0]), x)[0]).toEqual(filtered);
    const perTarget = run(ensembleOf(7, 1, [1, 0]), x)[0];
    expect(perTarget).toEqual(alone.map((value, i) => (i % 2 === 0 ? value : filtered[i])));
  });

  test("share times the mean of the networks, and their spread", () => {
    const x = rowsOf(20);
    const share = [0.25, 0.75];
    const [y, , spread] = run(ensembleOf(2, 3, share), x);
    const [filtered] = run(ensembleOf(2, 0), x);
    const outputs = [0, 1, 2].map((seed) => predictorOf(seed).forward(x, 1, predictorOf(seed).start(1))[0]);
    for (let i = 0; i < y.length; i++) {
      const [a, b, c] = outputs.map((output) => output[i]);
      const own = share[i % 2];
      const mean = (a + b + c) / 3;
      expect(y[i]).toBeCloseTo((1 - own) * filtered[i] + own * mean, 6);
      expect(spread[i]).toBeCloseTo(own * Math.sqrt(((a - mean) ** 2 + (b - mean) ** 2 + (c - mean) ** 2) / 2), 6);
    }
  });
});

describe.each(cases)("$taps taps and $count networks", ({ taps, count, ensemble }) => {
  const model = modelWith(ensemble);

  test("the parts of the state", () => {
    const names = ensemble.parts.map(({ name }) => name);
    const networks = { 0: [], 1: ["h", "c"], 3: [0, 1, 2].flatMap((k) => [`networks.${k}.h`, `networks.${k}.c`]) };
    expect(names).toEqual([...(taps > 1 ? ["filter"] : []), ...networks[count as 0 | 1 | 3]]);
    const shapes = ensemble.parts.map(({ rows, width }) => [rows, 1, width]);
    expect(model.stream().state.map(({ shape }) => shape)).toEqual(shapes);
    if (taps > 1) expect(shapes[0]).toEqual([taps - 1, 1, inputSize]);
  });

  test("a batch of sequences of different lengths, in chunks of any size, gives the bits of each alone", () => {
    const lengths = [11, 8, 2];
    const sequences = lengths.map((rows, b) => rowsOf(rows, b + 1));
    const alone = sequences.map((x) => run(ensemble, x));
    for (const chunk of [1, 3, 11]) {
      const found = lengths.map((): number[] => []);
      const spreads = lengths.map((): number[] => []);
      let [state, width] = [ensemble.start(3), 3];
      for (let done = 0; done < 11; done += chunk) {
        const active = sequences.filter((x) => x.length / inputSize > done);
        state = narrowed(state, ensemble.parts, width, active.length);
        width = active.length;
        const steps = active.map((x) => Math.min(chunk, x.length / inputSize - done));
        const x = new Float32Array(width * steps[0] * inputSize);
        for (const [b, own] of active.entries()) {
          x.set(own.subarray(done * inputSize, (done + steps[b]) * inputSize), b * steps[0] * inputSize);
        }
        const [y, next, spread] = ensemble.forward(x, width, state, steps);
        for (const [b, own] of steps.entries()) {
          const [from, to] = [b * steps[0] * targetSize, (b * steps[0] + own) * targetSize];
          found[b].push(...y.subarray(from, to));
          spreads[b].push(...spread.subarray(from, to));
        }
        state = next;
      }
      expect(found).toEqual(alone.map(([y]) => Array.from(y)));
      expect(spreads).toEqual(alone.map(([, , spread]) => Array.from(spread)));
      expect(narrowed(state, ensemble.parts, width, 1)).toEqual(alone[0][1]);
    }
  });

  test("a stream, continued from its state, has the bits of predict", () => {
    const frame = frameOf(60);
    const [u0, u1] = [frame.column("u0"), frame.column("u1")];
    let stream = model.stream();
    const steps = Array.from(u0, (value, row) => {
      if (row % 13 === 12) stream = model.stream({ state: structuredClone(stream.state) });
      return stream.predict({ u0: value, u1: u1[row] });
    });
    for (const name of ["y0", "y1"]) {
      expect(Array.from(model.predict(frame).column(name))).toEqual(steps.map((step) => step[name]));
    }
  });

  test("a missing input resets filter and networks, and so does a new group", () => {
    const [u0, u1] = [noise(40, 1), noise(40, 2)];
    const after = (from: number) => bitsOf(model.predict(new Frame({ u0: u0.slice(from), u1: u1.slice(from) })), "y1");
    const holed = u1.map((value, row) => (row === 20 ? Number.NaN : value));
    const found = model.predict(new Frame({ u0, u1: holed }));
    expect(found.column("y1")[20]).toBeNaN();
    expect(bitsOf(found.slice(21), "y1")).toBe(after(21));
    const group = Array.from(u0, (_, row) => (row < 25 ? "a" : "b"));
    expect(bitsOf(model.predict(new Frame({ u0, u1 }, { group })).slice(25), "y1")).toBe(after(25));
    const stream = model.stream();
    const steps = Array.from(u0, (value, row) => stream.predict({ u0: value, u1: holed[row] }).y1);
    expect(steps).toEqual(Array.from(found.column("y1")));
  });

  test("a file has PyTorch's names and the same bits", () => {
    const read = Model.fromBytes(model.toBytes());
    for (const name of ["y0", "y1"]) {
      expect(bitsOf(read.predict(frameOf(50)), name)).toBe(bitsOf(model.predict(frameOf(50)), name));
    }
    const tensors = stateDictOf(read);
    expect(tensors["filter.weight"].shape).toEqual([targetSize, inputSize, taps]);
    const current = tensors["filter.weight"].select(2, taps - 1).select(0, 1);
    const [, lag0OfU0, lag0OfU1] = Float32Array.from(filterOf(taps).weights[1]);
    expect(current.toArray()).toEqual([lag0OfU0, lag0OfU1]);
    expect(Object.keys(tensors).filter((name) => name.endsWith("out.bias"))).toHaveLength(count);
    const numbers = Object.values(tensors).reduce((sum, { numel }) => sum + numel, 0);
    expect(read.parameterCount).toBe(numbers - tensors.share.numel);
  });

  test("the baseline of an evaluation is the model's own filter", () => {
    const { model: own, baselines, winner } = evaluate(model, frameOf(80));
    const { taps: length, ridge, ...linear } = baselines.linear;
    expect([length, ridge]).toEqual([taps, 0]);
    expect(linear).toEqual(evaluate(modelWith(ensembleOf(taps, 0)), frameOf(80)).model);
    if (count === 0) expect(own).toEqual(linear);
    if (count === 0) expect(winner).not.toBe("model");
  });

  test("a state of another model is refused", () => {
    const other = modelWith(ensembleOf(taps + 1, count, [0.5, 0.5])).stream().state;
    expect(() => model.stream({ state: other })).toThrow(
      ensemble.parts.length === 0 ? "an empty state" : "a state of shape [",
    );
  });
});

describe("a model of format 2", () => {
  const bytes = modelWith(ensembleOf(7, 1, [1, 1])).toBytes();
  const linear = { taps: 3, ridge: 0.5, weights: filterOf(3).weights.map((own) => Array.from(own)) };
  const frame = frameOf(70);
  const bits = bitsOf(modelWith(ensembleOf(1, 1, [1, 1])).predict(frame), "y1");

  test("predicts as before, with the filter of its record beside the network", () => {
    const old = Model.fromBytes(inFormat2(bytes, linear));
    expect(bitsOf(old.predict(frame), "y1")).toBe(bits);
    const alone = modelWith(new Ensemble(sizes, linear));
    const { taps, ridge, ...scores } = evaluate(old, frame).baselines.linear;
    expect([taps, ridge]).toEqual([3, 0.5]);
    expect(scores).toEqual(evaluate(alone, frame).model);
    const again = Model.fromBytes(old.toBytes());
    expect(evaluate(again, frame)).toEqual(evaluate(old, frame));
  });

  test.each([
    ["missing", undefined],
    ["of another size", { ...linear, taps: 4 }],
    ["beyond float32", { ...linear, weights: linear.weights.map((own) => own.map(() => 1e300)) }],
    ["without taps", { ...linear, taps: 0, weights: [[0], [0]] }],
  ])("with a filter that is %s predicts as before, but cannot be evaluated", (_, other) => {
    const old = Model.fromBytes(inFormat2(bytes, other));
    expect(bitsOf(old.predict(frame), "y1")).toBe(bits);
    expect(stateDictOf(old)["filter.weight"].shape).toEqual([targetSize, inputSize, 1]);
    expect(() => evaluate(old, frame)).toThrow("eddy.baselines.ridge");
  });
});
