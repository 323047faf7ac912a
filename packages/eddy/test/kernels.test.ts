/** The SIMD kernels against the plain ones, which are the reference: odd sizes, special values, cached weights. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RecurrentKernels, RecurrentWeights, SequenceShape } from "../src/kernels/interface.ts";
import { gru as plainGru } from "../src/kernels/plain/gru.ts";
import { plain } from "../src/kernels/plain/index.ts";
import { lstm as plainLstm } from "../src/kernels/plain/lstm.ts";
import { reluRnn as plainReluRnn, tanhRnn as plainTanhRnn } from "../src/kernels/plain/rnn.ts";
import * as plainUpdates from "../src/kernels/plain/updates.ts";
import { gru as simdGru } from "../src/kernels/simd/gru.ts";
import { simd } from "../src/kernels/simd/index.ts";
import { lstm as simdLstm } from "../src/kernels/simd/lstm.ts";
import { startWasm } from "../src/kernels/simd/memory.ts";
import { reluRnn as simdReluRnn, tanhRnn as simdTanhRnn } from "../src/kernels/simd/rnn.ts";
import * as simdUpdates from "../src/kernels/simd/updates.ts";
import { expectClose } from "./oracle.ts";

startWasm();

/** Repeatable numbers between −1 and 1. */
function numbers(count: number, seed = 1): Float32Array {
  let state = seed * 2654435761 + 12345;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state / 2 ** 31 - 1) * (state % 7 === 0 ? 0.01 : 1);
  });
}

test("products are bit-identical, in every transpose, at every odd size", () => {
  const size = fc.integer({ min: 1, max: 40 });
  const sizes = fc.oneof(fc.tuple(size, size, size), fc.constantFrom([3, 300, 9], [130, 5, 11], [133, 517, 17]));
  fc.assert(
    fc.property(sizes, fc.boolean(), fc.boolean(), ([m, k, n], transposeA, transposeB) => {
      const [a, b] = [numbers(m * k, 2), numbers(k * n, 3)];
      const options = { transposeA, transposeB };
      expect(simd.matmul(a, b, m, k, n, options)).toEqual(plain.matmul(a, b, m, k, n, options));
    }),
  );
});

test("every output is summed in blocks of 256 and of 65536, in every transpose and at every number of rows", () => {
  const { fround } = Math;
  for (const k of [1, 255, 256, 257, 512, 700, 65_536, 65_537, 131_500]) {
    for (const [m, n] of k > 65_000
      ? [[5, 2]]
      : [
          [1, 1],
          [1, 40],
          [3, 9],
          [6, 33],
        ]) {
      const [a, b] = [numbers(m * k, 12), numbers(k * n, 13)];
      /** The sum over k from `from` to `to` of C's element (i, j). */
      const sum = (i: number, j: number, from: number, to: number): number => {
        let total = 0;
        if (to - from <= 256) {
          for (let p = from; p < to; p++) total = fround(total + fround(a[i * k + p] * b[p * n + j]));
          return total;
        }
        const block = to - from > 65_536 ? 65_536 : 256;
        total = sum(i, j, from, from + block);
        for (let start = from + block; start < to; start += block) {
          total = fround(total + sum(i, j, start, Math.min(start + block, to)));
        }
        return total;
      };
      const expected = Float32Array.from({ length: m * n }, (_, at) => sum(Math.floor(at / n), at % n, 0, k));
      const transposed = (x: Float32Array, rows: number, columns: number) =>
        Float32Array.from({ length: x.length }, (_, at) => x[(at % rows) * columns + Math.floor(at / rows)]);
      for (const { matmul } of [simd, plain]) {
        expect(matmul(a, b, m, k, n)).toEqual(expected);
        expect(matmul(transposed(a, m, k), b, m, k, n, { transposeA: true })).toEqual(expected);
        expect(matmul(a, transposed(b, k, n), m, k, n, { transposeB: true })).toEqual(expected);
      }
    }
  }
});

test("linear layers are bit-identical, with and without bias", () => {
  for (const [rows, k, n] of [
    [1, 1, 1],
    [10, 32, 1],
    [7, 33, 65],
    [129, 12, 8],
  ]) {
    const [x, weight, bias] = [numbers(rows * k, 4), numbers(n * k, 5), numbers(n, 6)];
    for (const own of [bias, undefined]) {
      expect(simd.linear(x, weight, own, rows, k, n)).toEqual(plain.linear(x, weight, own, rows, k, n));
    }
  }
});

describe.each(["exp", "tanh", "sigmoid"] as const)("%s", (name) => {
  test("is within 2 ulp or 1e-7 of the exact value, at every position", () => {
    const exact = { exp: Math.exp, tanh: Math.tanh, sigmoid: (x: number) => 1 / (1 + Math.exp(-x)) }[name];
    for (const range of [1e-3, 0.7, 5, 30, 110]) {
      const x = Float32Array.from({ length: 20_001 }, (_, i) => (i / 10_000 - 1) * range);
      const y = simd[name](x);
      for (let i = 0; i < x.length; i++) {
        const expected = exact(x[i]);
        if (Math.fround(expected) === Number.POSITIVE_INFINITY) {
          expect(y[i]).toBe(Number.POSITIVE_INFINITY);
          continue;
        }
        const ulp = 2 ** (Math.floor(Math.log2(Math.abs(expected))) - 23);
        const allowed = Math.max(1e-7, 2 * ulp);
        if (!(Math.abs(y[i] - expected) <= allowed)) expect.fail(`${name}(${x[i]}): ${y[i]}, expected ${expected}`);
      }
      expect(simd[name](x.slice(7, 8))[0]).toBe(y[7]);
    }
  });

  test("accepts infinities and NaN", () => {
    const special = Float32Array.of(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 1000, -1000);
    expectClose(simd[name](special), plain[name](special), 1e-7);
  });
});

interface Family {
  gates: number;
  parts: number;
  simd: RecurrentKernels;
  plain: RecurrentKernels;
}

const families: Record<string, Family> = {
  "tanh RNN": { gates: 1, parts: 1, simd: simdTanhRnn, plain: plainTanhRnn },
  "relu RNN": { gates: 1, parts: 1, simd: simdReluRnn, plain: plainReluRnn },
  GRU: { gates: 3, parts: 1, simd: simdGru, plain: plainGru },
  LSTM: { gates: 4, parts: 2, simd: simdLstm, plain: plainLstm },
};

function recurrence(
  kernels: RecurrentKernels,
  { gates, parts }: Family,
  shape: SequenceShape,
  bias: boolean,
  version = 0,
  seed = 10,
) {
  const { time, batch, inputSize, hiddenSize } = shape;
  const rows = gates * hiddenSize;
  const weights: RecurrentWeights = {
    weightIh: numbers(rows * inputSize, seed),
    weightHh: numbers(rows * hiddenSize, seed + 1).map((w) => w * 0.5),
    biasIh: bias ? numbers(rows, seed + 2) : undefined,
    biasHh: bias ? numbers(rows, seed + 3) : undefined,
    version,
  };
  const input = numbers(time * batch * inputSize, seed + 4);
  const state = Array.from({ length: parts }, (_, i) => numbers(batch * hiddenSize, seed + 5 + i));
  const result = kernels.forward(shape, input, state, weights, true);
  const dy = numbers(result.values.length, seed + 7);
  const gradients = kernels.backward(shape, input, state, weights, result, dy, true, true);
  return { values: result.values, gradients, weights, input, state };
}

describe.each(Object.entries(families))("%s", (_, family) => {
  const { simd, plain } = family;

  test("returns the plain kernels' values and gradients at every size, layout, direction and length", () => {
    const shapes = fc
      .record({
        time: fc.integer({ min: 1, max: 7 }),
        batch: fc.integer({ min: 1, max: 6 }),
        inputSize: fc.integer({ min: 1, max: 10 }),
        hiddenSize: fc.integer({ min: 1, max: 19 }),
        batchFirst: fc.boolean(),
        reverse: fc.boolean(),
      })
      .chain((shape) =>
        fc.record({
          shape: fc.constant(shape),
          lengths: fc.option(
            fc.array(fc.integer({ min: 1, max: shape.time }), { minLength: shape.batch, maxLength: shape.batch }),
            { nil: undefined },
          ),
          bias: fc.boolean(),
        }),
      );
    fc.assert(
      fc.property(shapes, ({ shape, lengths, bias }) => {
        const actual = recurrence(simd, family, { ...shape, lengths }, bias);
        const expected = recurrence(plain, family, { ...shape, lengths }, bias);
        expectClose(actual.values, expected.values, 1e-6, "values");
        for (const name of ["input", "weightIh", "weightHh", "biasIh", "biasHh"] as const) {
          expectClose(actual.gradients[name], expected.gradients[name], 1e-5, `gradient of ${name}`);
        }
        for (const [i, part] of expected.gradients.state.entries()) {
          expectClose(actual.gradients.state[i], part, 1e-5, `gradient of state ${i}`);
        }
      }),
    );
  });

  test("packs cached weights again when their version changes, and distinguishes layers that share some", () => {
    const shape = { time: 2, batch: 1, inputSize: 2, hiddenSize: 5, batchFirst: true, reverse: false };
    const { weights, input, state } = recurrence(simd, family, shape, true);
    const forward = (changed: RecurrentWeights) => simd.forward(shape, input, state, changed, false).values;
    const expected = (changed: RecurrentWeights) => plain.forward(shape, input, state, changed, false).values;
    weights.weightHh[3] += 1;
    weights.version++;
    expectClose(forward(weights), expected(weights), 1e-6);
    const other = { ...weights, weightIh: weights.weightIh.map((w) => -w) };
    expectClose(forward(other), expected(other), 1e-6, "another input matrix");
    expectClose(forward(weights), expected(weights), 1e-6, "the first again");
    for (let layer = 0; layer < 40; layer++) {
      const many = recurrence(simd, family, shape, true, 0, 100 + layer);
      const kept = simd.forward(shape, many.input, many.state, many.weights, false).values;
      expect(kept).toEqual(many.values);
    }
    expectClose(forward(weights), expected(weights), 1e-6, "after many others");
  });

  test("a single step, a row of a batch and the whole sequence are bit-identical", () => {
    const shape = { time: 9, batch: 7, inputSize: 3, hiddenSize: 37, batchFirst: true, reverse: false };
    const { values, weights, input, state } = recurrence(simd, family, shape, true);
    for (const b of [0, 3, 6]) {
      let carried = state.map((part) => part.slice(b * 37, (b + 1) * 37));
      for (let t = 0; t < shape.time; t++) {
        const x = input.slice((b * 9 + t) * 3, (b * 9 + t + 1) * 3);
        const step = simd.forward({ ...shape, time: 1, batch: 1 }, x, carried, weights, false).values;
        expect(step.slice(0, 37)).toEqual(values.slice((b * 9 + t) * 37, (b * 9 + t + 1) * 37));
        carried = carried.map((_, i) => step.slice((i + 1) * 37, (i + 2) * 37));
      }
    }
  });
});

test("elementwise arithmetic is bit-identical at every length", () => {
  const names = ["add", "sub", "mul", "div", "tanhBackward", "sigmoidBackward", "reluBackward"] as const;
  for (const length of [0, 1, 5, 99, 100, 101, 103, 1027]) {
    const [a, b] = [numbers(length, 21), numbers(length, 22)];
    for (const name of names) expect(simd[name](a, b), name).toEqual(plain[name](a, b));
    expect(simd.scale(a, 0.3)).toEqual(plain.scale(a, 0.3));
    expect(simd.relu(a)).toEqual(plain.relu(a));
    const [into, expected] = [a.slice(), a.slice()];
    simd.addInto(into, b);
    plain.addInto(expected, b);
    expect(into).toEqual(expected);
  }
});

test("column sums are bit-identical", () => {
  for (const [rows, columns] of [
    [1, 4],
    [50, 12],
    [33, 7],
    [1000, 8],
  ]) {
    const x = numbers(rows * columns, 23);
    expect(simd.sumRows(x, rows, columns)).toEqual(plain.sumRows(x, rows, columns));
  }
});

test("softmax of rows equals the plain one, also with infinities, NaN and rows of any length", () => {
  for (const [rows, columns] of [
    [3, 10],
    [5, 8],
    [2, 1],
    [4, 33],
  ]) {
    const x = numbers(rows * columns, 24).map((value) => value * 30);
    if (columns > 4) {
      x[1] = Number.NEGATIVE_INFINITY;
      x[columns + 2] = Number.NaN;
    }
    for (const logarithm of [false, true]) {
      expectClose(simd.softmax(x, rows, columns, logarithm), plain.softmax(x, rows, columns, logarithm), 2e-7);
    }
  }
});

/** Both kernels' arrays after the same update. */
function updated(length: number, update: (kernels: typeof plainUpdates, arrays: Float32Array[]) => void) {
  return [simdUpdates, plainUpdates].map((kernels) => {
    const arrays = [1, 2, 3, 4, 5].map((seed) => numbers(length, seed));
    for (const i of [3, 4]) arrays[i] = arrays[i].map(Math.abs);
    update(kernels, arrays);
    return arrays;
  });
}

describe.each([1, 3, 4, 37])("optimiser steps on %i elements are bit-identical", (length) => {
  test.each([
    { weightDecay: 0, decoupled: false, maximize: false, largest: false },
    { weightDecay: 0.1, decoupled: false, maximize: true, largest: true },
    { weightDecay: 0.1, decoupled: true, maximize: false, largest: true },
  ])("Adam %o", ({ largest, ...own }) => {
    const settings = { lr: 0.02, beta1: 0.9, beta2: 0.999, eps: 1e-8, correction1: 0.1, correction2: 0.001, ...own };
    const [actual, expected] = updated(length, (kernels, [p, g, m, v, top]) =>
      kernels.adam(p, g, m, v, largest ? top : undefined, settings),
    );
    expect(actual).toEqual(expected);
  });

  test.each([
    { momentum: 0, dampening: 0, weightDecay: 0, nesterov: false, maximize: true, first: false },
    { momentum: 0.9, dampening: 0.1, weightDecay: 0.1, nesterov: false, maximize: false, first: false },
    { momentum: 0.9, dampening: 0, weightDecay: 0, nesterov: true, maximize: false, first: true },
    { momentum: 0.9, dampening: 0, weightDecay: 0.1, nesterov: true, maximize: true, first: false },
  ])("SGD %o", (own) => {
    const [actual, expected] = updated(length, (kernels, [p, g, b]) =>
      kernels.sgd(p, g, own.momentum > 0 ? b : undefined, own.first, { lr: 0.1, ...own }),
    );
    expect(actual).toEqual(expected);
  });

  test.each([
    { momentum: 0, weightDecay: 0, maximize: false, centered: false },
    { momentum: 0.9, weightDecay: 0.1, maximize: true, centered: true },
  ])("RMSprop %o", ({ centered, ...own }) => {
    const [actual, expected] = updated(length, (kernels, [p, g, mean, v, b]) =>
      kernels.rmsprop(p, g, v, centered ? mean : undefined, own.momentum > 0 ? b : undefined, {
        lr: 0.01,
        alpha: 0.99,
        eps: 1e-8,
        ...own,
      }),
    );
    expect(actual).toEqual(expected);
  });
});

test("throws for sizes beyond its memory, and remains usable", () => {
  const huge = { length: 2 ** 30 } as Float32Array;
  expect(() => simd.tanh(huge)).toThrow(/2 GiB/);
  expect(simd.tanh(new Float32Array(5))).toEqual(new Float32Array(5));
});
