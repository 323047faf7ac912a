// What a graph saves: Eddy accepts the same second backwards and in-place changes as PyTorch (golden/graph.json).
import { cat, nn, noGrad, ones, optim, stack, type Tensor, tensor, where } from "eddy";
import { describe, expect, test } from "vitest";
import { golden } from "./oracle.ts";

type Inputs = () => Tensor[];

interface Saving {
  again: boolean;
  inputs: boolean[];
  result: boolean;
}

function leaf(data: Parameters<typeof tensor>[0]): Tensor {
  const x = tensor(data);
  x.requiresGrad = true;
  return x;
}

const values = [
  [0.5, 1.5, 2.5],
  [3.5, 0.25, 1.25],
];
const others = [
  [1, 2, 0.5],
  [0.75, 1.5, 3],
];
const columns = [
  [1, 2],
  [0.5, 0.25],
  [3, 4],
];
const one: Inputs = () => [leaf(values)];
const two: Inputs = () => [leaf(values), leaf(others)];
const frozen: Inputs = () => [leaf(values), tensor(others)];
const indexed: Inputs = () => [
  leaf(values),
  tensor([
    [2, 0],
    [1, 1],
  ]),
];
const masked: Inputs = () => [
  tensor([
    [1, 0, 1],
    [0, 1, 1],
  ]),
  ...two(),
];
const matrices: Inputs = () => [leaf(values), leaf(columns)];
const step = [[0.25, 0.5, -0.5, 1]];
const sequence: Inputs = () => [leaf([values]), leaf([step])];
const sequenceAndCell: Inputs = () => [...sequence(), leaf([step])];
const row: Inputs = () => [leaf([values[0]]), leaf(step)];
const rowAndCell: Inputs = () => [...row(), leaf(step)];
const sizes = { inputSize: 3, hiddenSize: 4, batchFirst: true };
const cellSizes = { inputSize: 3, hiddenSize: 4 };
const rnn = new nn.RNN(sizes);
const gru = new nn.GRU(sizes);
const lstm = new nn.LSTM(sizes);

/** The forward of a module with these parameters. */
function given<Layer extends nn.Linear | nn.LayerNorm>(layer: Layer, weight: Tensor, bias: Tensor): Layer {
  return Object.assign(layer, { weight, bias });
}

const cases: Record<string, [inputs: Inputs, compute: (...inputs: Tensor[]) => Tensor]> = {
  add: [two, (a, b) => a.add(b)],
  "add, number": [one, (a) => a.add(1)],
  sub: [two, (a, b) => a.sub(b)],
  mul: [two, (a, b) => a.mul(b)],
  "mul, frozen": [frozen, (a, b) => a.mul(b)],
  "mul, frozen on the left": [frozen, (a, b) => b.mul(a)],
  "mul, number": [one, (a) => a.mul(3)],
  div: [two, (a, b) => a.div(b)],
  "div, frozen": [frozen, (a, b) => a.div(b)],
  "div by a number": [one, (a) => a.div(3)],
  pow: [two, (a, b) => a.pow(b)],
  "pow, frozen": [frozen, (a, b) => a.pow(b)],
  "pow, frozen base": [frozen, (a, b) => b.pow(a)],
  "pow, number": [one, (a) => a.pow(3)],
  neg: [one, (a) => a.neg()],
  exp: [one, (a) => a.exp()],
  log: [one, (a) => a.log()],
  sqrt: [one, (a) => a.sqrt()],
  tanh: [one, (a) => a.tanh()],
  sigmoid: [one, (a) => a.sigmoid()],
  relu: [one, (a) => a.relu()],
  sin: [one, (a) => a.sin()],
  cos: [one, (a) => a.cos()],
  abs: [one, (a) => a.abs()],
  where: [masked, where],
  matmul: [matrices, (a, b) => a.matmul(b)],
  "matmul, frozen": [() => [leaf(values), tensor(columns)], (a, b) => a.matmul(b)],
  "matmul, batched": [matrices, (a, b) => a.expand(2, 2, 3).matmul(b.expand(2, 3, 2))],
  "matmul of vectors": [() => [leaf([0.5, 1.5, 2.5]), leaf([1, 2, 0.5])], (a, b) => a.matmul(b)],
  linear: [() => [...two(), leaf([0.5, 0.25])], (x, w, b) => given(new nn.Linear(3, 2), w, b).forward(x)],
  "linear, frozen input": [
    () => [tensor(values), leaf(others), leaf([0.5, 0.25])],
    (x, w, b) => given(new nn.Linear(3, 2), w, b).forward(x),
  ],
  sum: [one, (a) => a.sum()],
  "sum over dim 0": [one, (a) => a.sum(0)],
  "sum over two dims": [one, (a) => a.sum([0, 1])],
  mean: [one, (a) => a.mean()],
  "mean over dim 1": [one, (a) => a.mean(1)],
  max: [one, (a) => a.max()],
  min: [one, (a) => a.min()],
  "max over dim 0": [one, (a) => a.max(0)[0]],
  softmax: [one, (a) => a.softmax(1)],
  logSoftmax: [one, (a) => a.logSoftmax(1)],
  clone: [one, (a) => a.clone()],
  reshape: [one, (a) => a.reshape(3, 2)],
  transpose: [one, (a) => a.transpose(0, 1)],
  permute: [one, (a) => a.permute(1, 0)],
  select: [one, (a) => a.select(1, 1)],
  narrow: [one, (a) => a.narrow(1, 1, 2)],
  unsqueeze: [one, (a) => a.unsqueeze(0)],
  expand: [one, (a) => a.expand(2, 2, 3)],
  cat: [two, (a, b) => cat([a, b])],
  stack: [two, (a, b) => stack([a, b])],
  gather: [indexed, (a, index) => a.gather(1, index)],
  dropout: [one, (a) => new nn.Dropout(0.5).forward(a)],
  MSELoss: [two, (a, b) => new nn.MSELoss().forward(a, b)],
  L1Loss: [two, (a, b) => new nn.L1Loss().forward(a, b)],
  "L1Loss, sum": [two, (a, b) => new nn.L1Loss({ reduction: "sum" }).forward(a, b)],
  SmoothL1Loss: [two, (a, b) => new nn.SmoothL1Loss().forward(a, b)],
  HuberLoss: [two, (a, b) => new nn.HuberLoss().forward(a, b)],
  BCEWithLogitsLoss: [
    () => [
      leaf(values),
      tensor([
        [1, 0, 0.5],
        [0.75, 1, 0],
      ]),
    ],
    (a, b) => new nn.BCEWithLogitsLoss().forward(a, b),
  ],
  CrossEntropyLoss: [() => [leaf(values), tensor([2, 0])], (a, y) => new nn.CrossEntropyLoss().forward(a, y)],
  GaussianNLLLoss: [() => [...frozen(), leaf(others)], (a, b, v) => new nn.GaussianNLLLoss().forward(a, b, v)],
  LayerNorm: [
    () => [leaf(values), leaf([1, 2, 0.5]), leaf([0, 0.5, 1])],
    (x, w, b) => given(new nn.LayerNorm(3), w, b).forward(x),
  ],
  embedding: [
    () => [leaf(values), tensor([1, 0, 1])],
    (weight, index) => Object.assign(new nn.Embedding(2, 3), { weight }).forward(index),
  ],
  RNN: [sequence, (x, h) => rnn.forward(x, h)[0]],
  "RNN, final state": [sequence, (x, h) => rnn.forward(x, h)[1]],
  "RNN, relu": [sequence, (x, h) => new nn.RNN({ ...sizes, nonlinearity: "relu" }).forward(x, h)[0]],
  GRU: [sequence, (x, h) => gru.forward(x, h)[0]],
  "GRU, final state": [sequence, (x, h) => gru.forward(x, h)[1]],
  LSTM: [sequenceAndCell, (x, h, c) => lstm.forward(x, [h, c])[0]],
  "LSTM, final state": [sequenceAndCell, (x, h, c) => lstm.forward(x, [h, c])[1][0]],
  "LSTM, final cell": [sequenceAndCell, (x, h, c) => lstm.forward(x, [h, c])[1][1]],
  RNNCell: [row, (x, h) => new nn.RNNCell(cellSizes).forward(x, h)],
  GRUCell: [row, (x, h) => new nn.GRUCell(cellSizes).forward(x, h)],
  LSTMCell: [rowAndCell, (x, h, c) => new nn.LSTMCell(cellSizes).forward(x, [h, c])[0]],
  "LSTMCell, cell": [rowAndCell, (x, h, c) => new nn.LSTMCell(cellSizes).forward(x, [h, c])[1]],
  "a graph above a freed one": [one, (a) => a.tanh().add(1)],
};

function backward(y: Tensor): boolean {
  try {
    y.backward(ones([...y.shape]));
    return true;
  } catch (error) {
    expect(String(error)).toMatch(/changed in place|has not been freed/);
    return false;
  }
}

/** Accepts a change of its result, unlike PyTorch: the kernels keep their own copies of the states. */
const readsNoResult = ["RNNCell"];

describe("accepts and rejects the same programs as PyTorch", () => {
  const stored = golden<{ cases: Record<string, Saving> }>("graph").cases;
  test("in every golden case", () => expect(Object.keys(cases).sort()).toEqual(Object.keys(stored).sort()));

  test.each(Object.entries(cases))("%s", (name, [inputs, compute]) => {
    const y = compute(...inputs());
    expect(backward(y)).toBe(true);
    const again = backward(y);
    const changes = inputs().map((_, i) => {
      const own = inputs();
      const result = compute(...own);
      nn.init.zeros(own[i]);
      return backward(result);
    });
    const result = compute(...inputs());
    if (name !== "expand") nn.init.zeros(result);
    const expected = { ...stored[name] };
    if (readsNoResult.includes(name)) expected.result = true;
    expect({ again, inputs: changes, result: backward(result) }).toEqual(expected);
  });
});

test.each<[string, (layer: nn.Module, x: Tensor) => Tensor, nn.Module]>([
  ["RNN", (layer, x) => (layer as nn.RNN).forward(x)[0], rnn],
  ["GRU", (layer, x) => (layer as nn.GRU).forward(x)[0], gru],
  ["LSTM", (layer, x) => (layer as nn.LSTM).forward(x)[0], lstm],
])("an overwritten output of %s does not affect its gradients", (_, forward, layer) => {
  const gradients = [false, true].map((overwrite) => {
    const x = leaf([values, others]);
    const y = forward(layer, x);
    if (overwrite) nn.init.constant(y, 7);
    y.backward(ones([...y.shape]));
    return x.grad?.toArray();
  });
  expect(gradients[1]).toEqual(gradients[0]);
});

test("an operation that saves nothing allows a second backward, which adds its gradient again", () => {
  const x = leaf([1, 2, 3]);
  const y = x.unsqueeze(0).add(1).transpose(0, 1).neg().sum();
  y.backward();
  y.backward();
  expect(x.grad?.toArray()).toEqual([-2, -2, -2]);
});

describe("a leaf frozen after the forward pass gets no gradient", () => {
  test.each<[string, (x: Tensor) => Tensor]>([
    ["select", (x) => x.select(0, 0).mul(3)],
    ["mul", (x) => x.mul(3)],
    ["add", (x) => x.add(1)],
    ["reshape", (x) => x.reshape(4).exp()],
    ["transpose", (x) => x.transpose(0, 1).tanh()],
    ["cat", (x) => cat([x, x])],
    ["sum", (x) => x.sum()],
    ["itself", (x) => x],
  ])("%s", (_, compute) => {
    const x = leaf([
      [1, 2],
      [3, 4],
    ]);
    const w = leaf(2);
    const y = compute(x).mul(w).sum();
    x.requiresGrad = false;
    y.backward();
    expect(x.grad).toBeUndefined();
    expect(w.grad).toBeDefined();
  });

  test("and gets one again after it is unfrozen", () => {
    const x = leaf([1, 2]);
    const y = x.mul(3).sum();
    x.requiresGrad = false;
    x.requiresGrad = true;
    y.backward();
    expect(x.grad?.toArray()).toEqual([3, 3]);
  });
});

describe("grad", () => {
  const shapes: [string, unknown][] = [
    ["of another shape", ones(3, 2)],
    ["of as many elements", ones(6)],
    ["of one element", ones(1)],
    ["that would broadcast", ones(3)],
    ["a number", 1],
    ["an array", [1, 2]],
  ];
  test.each(shapes)("%s is rejected", (_, value) => {
    const p = new nn.Parameter(ones(2, 3));
    const before = ones(2, 3);
    p.grad = before;
    expect(() => {
      p.grad = value as Tensor;
    }).toThrow(/grad: expected .*, received .*; /);
    expect(p.grad).toBe(before);
  });

  test("the tensor itself is rejected; undefined clears the gradient", () => {
    const p = new nn.Parameter(ones(2));
    expect(() => {
      p.grad = p;
    }).toThrow(/itself/);
    p.grad = ones(2);
    p.grad = undefined;
    expect(p.grad).toBeUndefined();
    p.grad = ones(2);
    p.grad = null as unknown as undefined;
    expect(p.grad).toBeUndefined();
    expect(() => Object.assign(p, { grad: ones(3) })).toThrow(/shape/);
  });

  /** A parameter (3, 2) whose gradient is a strided view of the returned (2, 3) tensor. */
  function strided(): { p: nn.Parameter; whole: Tensor } {
    const p = new nn.Parameter(ones(3, 2));
    const whole = tensor(values);
    p.grad = whole.transpose(0, 1);
    return { p, whole };
  }

  test("a strided view is added to in place", () => {
    const { p, whole } = strided();
    p.mul(
      tensor([
        [1, 2],
        [3, 4],
        [5, 6],
      ]),
    )
      .sum()
      .backward();
    expect(p.grad?.toArray()).toEqual([
      [1.5, 5.5],
      [4.5, 4.25],
      [7.5, 7.25],
    ]);
    expect(whole.toArray()).toEqual([
      [1.5, 4.5, 7.5],
      [5.5, 4.25, 7.25],
    ]);
  });

  test("a strided view is clipped in place", () => {
    const { p, whole } = strided();
    nn.clipGradValue([p], 1);
    expect(whole.toArray()).toEqual([
      [0.5, 1, 1],
      [1, 0.25, 1],
    ]);
    const norm = nn.clipGradNorm([p], 0.5);
    expect(norm).toBeCloseTo(Math.sqrt(4 + 0.25 + 0.0625), 6);
    expect(whole.data[1]).toBeCloseTo(0.5 / (norm + 1e-6), 6);
    expect(p.grad?.data[2]).toBe(whole.data[1]);
  });

  test.each<[string, (p: Tensor[]) => optim.Optimizer]>([
    ["SGD", (p) => new optim.SGD(p, { lr: 1 })],
    ["Adam", (p) => new optim.Adam(p)],
    ["AdamW", (p) => new optim.AdamW(p)],
    ["RMSprop", (p) => new optim.RMSprop(p, { lr: 1 })],
  ])("a strided view and its copy make the same step of %s", (_, make) => {
    const { p } = strided();
    const q = new nn.Parameter(ones(3, 2));
    q.grad = p.grad?.clone();
    make([p]).step();
    make([q]).step();
    expect(p.toArray()).toEqual(q.toArray());
  });

  test("an expanded one cannot accumulate", () => {
    const p = new nn.Parameter(ones(2, 3));
    const grad = ones(3).expand(2, 3);
    p.grad = grad;
    expect(() => p.sum().backward()).toThrow(/expanded/);
    expect(() => nn.clipGradNorm([p], 0.1)).toThrow(/expanded/);
    new optim.SGD([p], { lr: 1 }).step();
    expect(p.toArray()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(grad.toArray()).toEqual([
      [1, 1, 1],
      [1, 1, 1],
    ]);
  });
});

describe("an optimiser", () => {
  test("accepts a frozen parameter, and updates it if it has a gradient", () => {
    const q = ones(2);
    const optimiser = new optim.SGD([q], { lr: 0.1 });
    optimiser.step();
    expect(q.toArray()).toEqual([1, 1]);
    q.grad = ones(2);
    optimiser.step();
    expect(q.data[0]).toBeCloseTo(0.9, 6);
  });

  test("accepts a strided leaf, and updates it", () => {
    const whole = tensor(values);
    const p = whole.transpose(0, 1);
    p.requiresGrad = true;
    p.grad = ones(3, 2);
    new optim.SGD([p], { lr: 1 }).step();
    expect(whole.toArray()).toEqual(values.map((line) => line.map((value) => value - 1)));
  });

  test("rejects the result of an operation", () => {
    expect(() => new optim.SGD([leaf([1, 2]).mul(2)], { lr: 1 })).toThrow(/result of an operation/);
  });
});

test("nn.init writes into strided views, and graphs detect it", () => {
  const x = leaf(values);
  const y = x.tanh();
  nn.init.zeros(noGrad(() => x.transpose(0, 1).select(0, 1)));
  expect(x.toArray()).toEqual([
    [0.5, 0, 2.5],
    [3.5, 0, 1.25],
  ]);
  expect(backward(y)).toBe(true); // its result was saved, not x
  const z = x.tanh();
  nn.init.ones(noGrad(() => z.select(0, 0)));
  expect(backward(z)).toBe(false);
});
