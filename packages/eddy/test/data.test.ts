/** Datasets and loaders: PyTorch's orders (golden/data.json), batches, windows with a carried state, lengths. */
import {
  arange,
  collateSequences,
  DataLoader,
  manualSeed,
  nn,
  rand,
  randomSplit,
  type Tensor,
  TensorDataset,
  tensor,
  Windows,
  zeros,
} from "eddy";
import { expect, test } from "vitest";
import { expectClose, type GoldenTensor, golden } from "./oracle.ts";

const stored = golden<{ default: number[][][]; after: GoldenTensor; seeded: number[][][]; split: number[][] }>("data");

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);
const passes = (loader: DataLoader<number, Tensor>) => [0, 1].map(() => [...loader].map((batch) => batch.toArray()));

test("shuffled orders are PyTorch's, with the default generator and with a seed of their own", () => {
  manualSeed(5);
  expect(passes(new DataLoader(numbers(10), { batchSize: 4, shuffle: true }))).toEqual(stored.default);
  expectClose(rand(1), stored.after, 0, "the next random number");
  const options = { batchSize: 3, shuffle: true, dropLast: true, seed: 9 };
  expect(passes(new DataLoader(numbers(7), options))).toEqual(stored.seeded);
  const parts = randomSplit(new TensorDataset(arange(8)), [5, 3], 3);
  expect(parts.map((part) => part.tensors[0].toArray())).toEqual(stored.split);
});

test("samples of tensors, lists and objects are collated entry by entry", () => {
  const dataset = new TensorDataset(arange(10).reshape(5, 2), arange(5));
  const loader = new DataLoader(dataset, { batchSize: 2 });
  expect(loader.length).toBe(3);
  expect([...loader].map(([x, y]) => [x.shape, y.toArray()])).toEqual([
    [[2, 2], [0, 1]],
    [[2, 2], [2, 3]],
    [[1, 2], [4]],
  ]); // biome-ignore format: shapes and values
  expect(new DataLoader(dataset, { batchSize: 2, dropLast: true }).length).toBe(2);
  const [batch] = new DataLoader(
    [
      { x: 1, name: "a" },
      { x: 2, name: "b" },
    ],
    { batchSize: 2 },
  );
  expect([(batch.x as unknown as Tensor).toArray(), batch.name]).toEqual([
    [1, 2],
    ["a", "b"],
  ]);
  const [own] = new DataLoader([3, 4], { batchSize: 2, collate: (samples) => samples.length });
  expect(own).toBe(2);
});

test("sequences of different lengths are padded, with their lengths", () => {
  const samples: [Tensor, number][] = [[rand(3, 2), 0], [rand(1, 2), 1]]; // biome-ignore format: two samples
  const [[x, y, lengths]] = new DataLoader(samples, { batchSize: 2, collate: collateSequences });
  expect([x.shape, y.toArray(), lengths.toArray()]).toEqual([[2, 3, 2], [0, 1], [3, 1]]); // biome-ignore format: short
  const [output] = new nn.GRU(2, 4, { batchFirst: true }).forward(x, undefined, { lengths });
  expect(output.at(1, -1).toArray()).toEqual([0, 0, 0, 0]);
  expect(() => collateSequences([1] as never)).toThrow("[sequence, …others]");
});

test("windows continue one another in every lane", () => {
  const windows = new Windows([arange(11).unsqueeze(1), arange(11)], { length: 2, lanes: 2 });
  expect([...windows].map(([x, y]) => [x.squeeze(2).toArray(), y.toArray()])).toEqual([
    [[[0, 1], [5, 6]], [[0, 1], [5, 6]]],
    [[[2, 3], [7, 8]], [[2, 3], [7, 8]]],
    [[[4], [9]], [[4], [9]]],
  ]); // biome-ignore format: windows
  expect(new Windows(arange(11), { length: 2, lanes: 2, dropLast: true }).length).toBe(2);
  // With a carried state, windows give the same outputs as the whole series.
  const rnn = new nn.RNN(1, 3, { batchFirst: true });
  const series = rand(9, 1);
  const [whole] = rnn.forward(series.unsqueeze(0));
  let state: Tensor | undefined;
  for (const [i, [x]] of [...new Windows(series, { length: 4 })].entries()) {
    const [output, next] = rnn.forward(x, state);
    state = next.detach();
    expectClose(output, whole.narrow(1, 4 * i, x.size(1)), 0, `window ${i}`);
  }
});

test("errors say what was expected", () => {
  expect(() => new TensorDataset(zeros(3), zeros(4))).toThrow("one number of samples");
  expect(() => new TensorDataset()).toThrow("one number of samples");
  expect(() => new TensorDataset(zeros(3)).get(3)).toThrow("a position from 0 to 2");
  expect(() => new DataLoader(tensor([1]) as never)).toThrow("a dataset with length and get(index)");
  expect(() => new DataLoader([1], { batch_size: 2 } as never)).toThrow("write batchSize");
  expect(() => new Windows([zeros(3), zeros(4)], { length: 2 })).toThrow("series (time, …) of one length");
  expect(() => randomSplit(new TensorDataset(zeros(3)), [1, 1])).toThrow("lengths whose sum is 3");
});
