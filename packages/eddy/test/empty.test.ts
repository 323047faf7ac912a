// Empty batches, and scalars as vectors: accepted wherever PyTorch 1.13 accepts them.
import { cat, nn, ones, type Tensor, tensor, zeros } from "eddy";
import { describe, expect, test } from "vitest";

function leaf(...sizes: number[]): Tensor {
  const x = zeros(...sizes);
  x.requiresGrad = true;
  return x;
}

const sizes = { inputSize: 3, hiddenSize: 4 };

describe("an empty batch", () => {
  test.each([
    ["RNN", nn.RNN],
    ["GRU", nn.GRU],
    ["LSTM", nn.LSTM],
    ["MinGRU", nn.MinGRU],
  ])("through %s, in both directions and both layers", (_, Layer) => {
    for (const batchFirst of [true, false]) {
      const layer = new Layer({ ...sizes, numLayers: 2, bidirectional: true, batchFirst });
      const x = batchFirst ? leaf(0, 5, 3) : leaf(5, 0, 3);
      const [output, state] = layer.forward(x);
      expect(output.shape).toEqual(batchFirst ? [0, 5, 8] : [5, 0, 8]);
      for (const part of [state].flat()) expect(part.shape).toEqual([4, 0, 4]);
      output.sum().backward();
      expect(x.grad?.shape).toEqual(x.shape);
      for (const parameter of layer.parameters()) {
        expect(parameter.grad?.data.every((value) => value === 0)).toBe(true);
      }
      expect(layer.forward(x, state as never, { lengths: [] })[0].shape).toEqual(output.shape);
    }
  });

  test.each([
    ["RNN", nn.RNN],
    ["GRU", nn.GRU],
    ["LSTM", nn.LSTM],
    ["MinGRU", nn.MinGRU],
  ])("but %s rejects sequences without steps", (_, Layer) => {
    expect(() => new Layer({ ...sizes, batchFirst: true }).forward(zeros(2, 0, 3))).toThrow(/at least one time step/);
    expect(() => new Layer(sizes).forward(zeros(0, 2, 3))).toThrow(/at least one time step/);
    expect(() => new Layer(sizes).forward(zeros(0, 3))).toThrow(/at least one time step/);
  });

  test("through cells", () => {
    expect(new nn.RNNCell(sizes).forward(zeros(0, 3)).shape).toEqual([0, 4]);
    expect(new nn.GRUCell(sizes).forward(zeros(0, 3)).shape).toEqual([0, 4]);
    expect(new nn.MinGRUCell(sizes).forward(zeros(0, 3)).shape).toEqual([0, 4]);
    expect(new nn.LSTMCell(sizes).forward(zeros(0, 3)).map(({ shape }) => shape)).toEqual([
      [0, 4],
      [0, 4],
    ]);
  });

  test("through layers without time", () => {
    const x = leaf(0, 3);
    const linear = new nn.Linear(3, 2);
    linear.forward(x).sum().backward();
    expect(linear.weight.grad?.toArray()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(linear.bias?.grad?.toArray()).toEqual([0, 0]);
    expect(new nn.LayerNorm(3).forward(x).shape).toEqual([0, 3]);
    expect(new nn.Embedding(3, 2).forward(zeros(0)).shape).toEqual([0, 2]);
    expect(new nn.Dropout(0.5).forward(x).shape).toEqual([0, 3]);
  });

  test.each<[string, (reduction: "mean" | "sum" | "none") => (x: Tensor) => Tensor]>([
    ["MSELoss", (reduction) => (x) => new nn.MSELoss({ reduction }).forward(x, zeros(0, 3))],
    ["L1Loss", (reduction) => (x) => new nn.L1Loss({ reduction }).forward(x, zeros(0, 3))],
    ["SmoothL1Loss", (reduction) => (x) => new nn.SmoothL1Loss({ reduction }).forward(x, zeros(0, 3))],
    ["HuberLoss", (reduction) => (x) => new nn.HuberLoss({ reduction }).forward(x, zeros(0, 3))],
    ["BCEWithLogitsLoss", (reduction) => (x) => new nn.BCEWithLogitsLoss({ reduction }).forward(x, zeros(0, 3))],
    ["CrossEntropyLoss", (reduction) => (x) => new nn.CrossEntropyLoss({ reduction }).forward(x, zeros(0))],
    [
      "GaussianNLLLoss",
      (reduction) => (x) => new nn.GaussianNLLLoss({ reduction }).forward(x, zeros(0, 3), ones(0, 3)),
    ],
    ["QuantileLoss", (reduction) => (x) => new nn.QuantileLoss([0.1, 0.5, 0.9], { reduction }).forward(x, zeros(0))],
  ])("%s: the mean is NaN, the sum 0", (_, loss) => {
    const x = leaf(0, 3);
    const mean = loss("mean")(x);
    expect(mean.item()).toBeNaN();
    mean.backward();
    expect(x.grad?.shape).toEqual([0, 3]);
    expect(loss("sum")(x).item()).toBe(0);
    expect(loss("none")(x).numel).toBe(0);
  });

  test("through operations", () => {
    const x = leaf(0, 3);
    expect(x.mean().item()).toBeNaN();
    expect(x.mean(0).toArray()).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(x.sum(0).toArray()).toEqual([0, 0, 0]);
    expect(x.softmax(0).shape).toEqual([0, 3]);
    expect(x.logSoftmax(1).shape).toEqual([0, 3]);
    expect(zeros(3, 0).softmax(1).shape).toEqual([3, 0]);
    expect(x.max(1)[0].shape).toEqual([0]);
    expect(x.argmax(1).shape).toEqual([0]);
    expect(() => x.max()).toThrow(/at least one element/);
    expect(() => x.max(0)).toThrow(/from 1 to 2\^24 elements in dimension 0/);
    expect(cat([x, x]).shape).toEqual([0, 3]);
    expect(x.matmul(zeros(3, 2)).shape).toEqual([0, 2]);
    x.tanh().mul(2).sum().backward();
    expect(x.grad?.shape).toEqual([0, 3]);
  });
});

describe("gather with scalars", () => {
  test("of a scalar, by one or several indices, with its gradient", () => {
    const x = tensor(5);
    x.requiresGrad = true;
    expect(x.gather(0, tensor(0)).toArray()).toBe(5);
    const twice = x.gather(0, tensor([0, 0]));
    expect(twice.toArray()).toEqual([5, 5]);
    twice.sum().backward();
    expect(x.grad?.toArray()).toBe(2);
    expect(x.gather(-1, tensor([0])).toArray()).toEqual([5]);
    expect(() => x.gather(0, tensor(1))).toThrow(/from 0 to 0/);
  });

  test("of a vector by a scalar", () => {
    const x = tensor([1, 2, 3]);
    x.requiresGrad = true;
    const y = x.gather(0, tensor(1));
    expect(y.shape).toEqual([]);
    y.backward();
    expect(x.grad?.toArray()).toEqual([0, 1, 0]);
  });

  test("of a matrix is rejected, except with an empty index", () => {
    const x = ones(3, 2);
    expect(() => x.gather(0, tensor(1))).toThrow(/an index of rank 2/);
    expect(() => x.gather(0, tensor([1]))).toThrow(/an index of rank 2/);
    expect(x.gather(0, zeros(0)).shape).toEqual([0]);
    expect(x.gather(0, zeros(0, 2)).shape).toEqual([0, 2]);
    expect(x.gather(1, zeros(4, 0)).shape).toEqual([4, 0]);
  });
});
