// Arrays of the pool share slabs: they must not overlap, and no array is returned twice.
import { expect, test } from "vitest";
import { cat, nn, randn, tensor, zeros } from "../src/index.ts";
import { allocate, freeCount, recycle } from "../src/kernels/pool.ts";

/** Lengths of arrays in V8's heap, in slabs and with separate buffers. */
const lengths = Array.from({ length: 400 }, (_, i) => (i * 37) % 2100);

test("arrays of every length keep their values while others are allocated", () => {
  const arrays = lengths.map((length, i) => allocate(length).fill(i));
  expect(arrays.map(({ length }) => length)).toEqual(lengths);
  for (const [i, array] of arrays.entries()) expect(array.every((value) => value === i)).toBe(true);
});

test("a recycled array is reused once, for the same length", () => {
  const used = allocate(77);
  recycle(used);
  expect(allocate(78)).not.toBe(used);
  expect(allocate(77)).toBe(used);
  expect(allocate(77)).not.toBe(used);
});

test("free arrays do not accumulate when a step recycles more than it allocates", () => {
  const model = new nn.LSTM({ inputSize: 3, hiddenSize: 6, numLayers: 2, bidirectional: true });
  const head = new nn.Linear(12, 5);
  const x = randn(7, 2, 3);
  const step = () => {
    const [y] = model.forward(x);
    const both = cat([head.forward(y), head.forward(y.mul(2))], 0);
    new nn.MSELoss().forward(both, zeros(14, 2, 5)).backward();
  };
  for (let i = 0; i < 200; i++) step();
  const steadyCount = freeCount();
  for (let i = 0; i < 300; i++) step();
  expect(freeCount()).toBe(steadyCount);
});

test("retained results do not change when later ones are computed", () => {
  const x = tensor(Float32Array.from({ length: 50 }, (_, i) => i));
  const kept = Array.from({ length: 500 }, (_, k) => x.mul(k));
  for (const [k, y] of kept.entries()) expect(y.data.every((value, i) => value === i * k)).toBe(true);
});
