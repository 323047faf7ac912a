/** LayerNorm, Embedding, Dropout, containers, gradient clipping and init against PyTorch (golden/losses.json). */
import { manualSeed, nn, rand, type Tensor, tensor, zeros } from "eddy";
import { describe, expect, test } from "vitest";
import { expectClose, type GoldenTensor, golden, goldenTensor, goldenTensors } from "./oracle.ts";

type Stored = GoldenTensor;
const stored = golden<{
  layerNorm: Record<
    string,
    {
      shape: number[];
      options: { eps?: number; elementwise_affine?: boolean };
      weights: Record<string, Stored>;
      input: Stored;
      output: Stored;
      upstream: Stored;
      gradients: Record<string, Stored>;
      print: string;
    }
  >;
  embedding: Record<
    string,
    {
      arguments: [number, number];
      options: { padding_idx?: number };
      seed: number;
      weight: Stored;
      indices: Stored;
      output: Stored;
      upstream: Stored;
      gradient: Stored;
      print: string;
    }
  >;
  dropout: Record<
    string,
    { p: number; seed: number; input: Stored; output: Stored; upstream: Stored; gradient: Stored; following: Stored }
  >;
  print: Record<string, string>;
  names: Record<string, string[]>;
  clipGradNorm: Record<
    string,
    { normType: number | "inf"; maxNorm: number; gradients: Stored[]; total: number; after: Stored[] }
  >;
  clipGradValue: { clipValue: number; gradients: Stored[]; after: Stored[] };
  init: Record<string, { name: string; options: (number | string)[]; seed: number; weight: Stored }>;
}>("losses");

describe("LayerNorm as in PyTorch", () => {
  for (const [name, one] of Object.entries(stored.layerNorm)) {
    test(name, () => {
      const { eps, elementwise_affine } = one.options;
      const layer = new nn.LayerNorm(one.shape, { eps, elementwiseAffine: elementwise_affine });
      layer.loadStateDict(goldenTensors(one.weights));
      const x = goldenTensor(one.input);
      x.requiresGrad = true;
      const y = layer.forward(x);
      // One element is its own mean, so y is the bias; PyTorch's x · 316 − μ · 316 in float32 leaves a rounding error, Eddy's does not.
      expectClose(y, one.output, one.shape[0] === 1 ? 1e-5 : 1e-6);
      y.backward(goldenTensor(one.upstream));
      const { input, ...weights } = one.gradients;
      expectClose(x.grad, input, 1e-5, "gradient of the input");
      for (const [name, parameter] of layer.namedParameters()) expectClose(parameter.grad, weights[name], 1e-5, name);
      expect(String(layer)).toBe(one.print);

      const upstream = goldenTensor(one.upstream).data;
      const f = (values: Float32Array) =>
        layer.forward(tensor(values, x.shape)).data.reduce((sum, value, i) => sum + value * upstream[i], 0);
      if (one.shape[0] === 1) return; // constant
      const numeric = x.data.map((start, k) => {
        const [right, left] = [5e-3, -5e-3].map((step) => {
          const moved = x.data.slice();
          moved[k] = start + step;
          return f(moved);
        });
        return (right - left) / 1e-2;
      });
      expectClose(x.grad, tensor(numeric, x.shape), 2e-2, "gradient beside central differences");
    });
  }
});

describe("Embedding as in PyTorch", () => {
  for (const [name, one] of Object.entries(stored.embedding)) {
    test(name, () => {
      manualSeed(one.seed);
      const layer = new nn.Embedding(...one.arguments, { paddingIdx: one.options.padding_idx });
      expectClose(layer.weight, one.weight, 1e-6, "initial weight");
      const y = layer.forward(goldenTensor(one.indices));
      expectClose(y, one.output, 1e-6);
      y.backward(goldenTensor(one.upstream));
      expectClose(layer.weight.grad, one.gradient, 1e-5);
      expect(String(layer)).toBe(one.print);
    });
  }
  test("an invalid index is rejected", () => {
    expect(() => new nn.Embedding(3, 2).forward(tensor([0, 3]))).toThrow("integers from 0 to 2, received 3");
    expect(() => new nn.Embedding(3, 2).forward(tensor([0.5]))).toThrow("received 0.5");
  });
});

describe("Dropout draws PyTorch's masks", () => {
  for (const [name, one] of Object.entries(stored.dropout)) {
    test(name, () => {
      const layer = new nn.Dropout(one.p);
      const x = goldenTensor(one.input);
      x.requiresGrad = true;
      manualSeed(one.seed);
      const y = layer.forward(x);
      expectClose(rand(1), one.following, 0, "the draw that follows");
      expectClose(y, one.output, 1e-6);
      y.backward(goldenTensor(one.upstream));
      expectClose(x.grad, one.gradient, 1e-6);
      expect(layer.eval().forward(x)).toBe(x);
    });
  }
});

const makers: Record<string, () => nn.Module> = {
  Sequential: () =>
    new nn.Sequential(
      new nn.Linear(2, 8),
      new nn.Tanh(),
      new nn.Dropout(0.25),
      new nn.LayerNorm(8),
      new nn.Linear(8, 1, { bias: false }),
    ),
  "Sequential in Sequential": () =>
    new nn.Sequential(new nn.Sequential(new nn.Linear(2, 2), new nn.ReLU()), new nn.Sigmoid()),
  "Sequential, empty": () => new nn.Sequential(),
  ModuleList: () => new nn.ModuleList([new nn.Linear(2, 3), new nn.Linear(3, 1)]),
  "ModuleList, empty": () => new nn.ModuleList(),
  Nested: () => {
    class Nested extends nn.Module {
      cells = [[new nn.Linear(2, 2), new nn.Tanh()], [new nn.Linear(2, 1)]];
      forward() {}
    }
    return new Nested();
  },
  CrossEntropyLoss: () => new nn.CrossEntropyLoss(),
};

describe("containers print and name their parameters as in PyTorch", () => {
  for (const [name, text] of Object.entries(stored.print)) {
    test(name, () => {
      const module = makers[name]();
      expect(String(module)).toBe(text);
      expect(Object.keys(module.stateDict())).toEqual(stored.names[name]);
    });
  }
});

test("Sequential runs its modules in order, with the types of the first and the last", () => {
  const first = new nn.Linear(2, 3);
  const last = new nn.Linear(3, 1);
  const x = tensor([[1, -2]]);
  const y: Tensor = new nn.Sequential(first, new nn.ReLU(), last).forward(x);
  expect(y.data).toEqual(last.forward(first.forward(x).relu()).data);
  const [output] = new nn.Sequential(first, new nn.RNN({ inputSize: 3, hiddenSize: 4 })).forward(zeros(5, 1, 2));
  expect(output.shape).toEqual([5, 1, 4]);
  expect(() => new nn.Sequential([first] as never)).toThrow("expected modules, received an array");
});

test("evaluation reaches modules in lists and nested arrays", () => {
  const [a, b] = [new nn.Dropout(), new nn.Dropout()];
  class Model extends nn.Module {
    list = new nn.ModuleList([a]);
    nested = [[b]];
    forward() {}
  }
  new Model().eval();
  expect([a.training, b.training]).toEqual([false, false]);
  const list = new nn.ModuleList([a, b]);
  expect([...list]).toEqual([a, b]);
  expect([list.length, list.at(-1)]).toEqual([2, b]);
});

function withGradients(gradients: Stored[]): nn.Parameter[] {
  const parameters = gradients.map(({ shape }) => new nn.Parameter(zeros(shape)));
  parameters.forEach((parameter, i) => {
    parameter.grad = goldenTensor(gradients[i]);
  });
  return [...parameters, new nn.Parameter(zeros(2))];
}

describe("gradients are clipped as in PyTorch", () => {
  for (const [name, one] of Object.entries(stored.clipGradNorm)) {
    test(name, () => {
      const parameters = withGradients(one.gradients);
      const norm = nn.clipGradNorm(parameters, one.maxNorm, one.normType === "inf" ? Infinity : one.normType);
      expectClose(norm, one.total, 1e-6);
      for (const [i, expected] of one.after.entries()) expectClose(parameters[i].grad, expected, 1e-6);
    });
  }
  test("by value", () => {
    const parameters = withGradients(stored.clipGradValue.gradients);
    nn.clipGradValue(parameters, stored.clipGradValue.clipValue);
    for (const [i, expected] of stored.clipGradValue.after.entries()) expectClose(parameters[i].grad, expected, 0);
  });
  test("with errorIfNonfinite, a norm that is not finite throws and changes nothing", () => {
    const parameter = new nn.Parameter(zeros(2));
    parameter.grad = tensor([Number.NaN, 5]);
    expect(() => nn.clipGradNorm([parameter], 1, 2, { errorIfNonfinite: true })).toThrow("a norm of NaN");
    expect(parameter.grad.toArray()).toEqual([Number.NaN, 5]);
    expect(nn.clipGradNorm([parameter], 1)).toBeNaN();
  });
});

describe("init draws the same numbers as PyTorch", () => {
  type Init = (parameter: Tensor, ...options: unknown[]) => Tensor;
  const camelCase = (name: string) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  for (const [name, one] of Object.entries(stored.init)) {
    test(name, () => {
      const fill = (nn.init as unknown as Record<string, Init>)[camelCase(one.name)];
      const parameter = new nn.Parameter(zeros(one.weight.shape));
      const { version } = parameter.storage;
      const options = one.options.map((value) => (typeof value === "string" ? camelCase(value) : value));
      const [a, mode, nonlinearity] = options;
      manualSeed(one.seed);
      fill(parameter, ...(one.name.startsWith("kaiming") ? [{ a, mode, nonlinearity }] : options));
      expectClose(parameter, one.weight, one.name === "orthogonal" ? 1e-5 : 1e-6);
      expect(parameter.storage.version).toBeGreaterThan(version);
    });
  }
  test("a bias has no fans", () => {
    expect(() => nn.init.xavierUniform(new nn.Parameter(zeros(3)))).toThrow("at least two dimensions");
  });
});
