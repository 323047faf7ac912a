/** Conv1d, BatchNorm1d, LSTM with projections, activations and padding against PyTorch (golden/layers.json). */
import { manualSeed, nn, type Tensor, zeros } from "eddy";
import { describe, expect, test } from "vitest";
import { expectClose, type GoldenTensor, golden, goldenTensor, goldenTensors } from "./oracle.ts";

type Tensors = Record<string, GoldenTensor>;

interface Run {
  weights: Tensors;
  input: GoldenTensor;
  output: GoldenTensor;
  upstream: GoldenTensor;
  gradients: Tensors;
  print: string;
}

interface Step extends Run {
  state: Tensors;
}

interface Projection {
  options: Record<string, number | boolean>;
  weights: Tensors;
  input: GoldenTensor;
  state: [GoldenTensor, GoldenTensor];
  outputs: GoldenTensor[];
  upstream: GoldenTensor[];
  gradients: Tensors;
  print: string;
}

const stored = golden<{
  conv1d: Record<string, Run>;
  activations: Record<string, Run>;
  batchNorm: Record<string, { features: number; options: object; weights: Tensors; steps: Step[]; print: string }>;
  projections: Record<string, Projection>;
  padded: { sequences: GoldenTensor[]; timeFirst: GoldenTensor; batchFirst: GoldenTensor };
  initial: Record<string, Tensors>;
}>("layers");

function leaf(value: GoldenTensor): Tensor {
  return goldenTensor(value).requiresGrad_();
}

/** PyTorch's names of options in camel case. */
function camelCase(options: object): Record<string, never> {
  const rename = (name: string) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [rename(name), value as never]));
}

function expectGradients(module: nn.Module, inputs: Record<string, Tensor>, expected: Tensors): void {
  const all: Record<string, Tensor> = { ...inputs, ...Object.fromEntries(module.namedParameters()) };
  expect(Object.keys(all).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, gradient] of Object.entries(expected)) expectClose(all[name].grad, gradient, 1e-5, name);
}

function check(module: nn.Module & { forward(x: Tensor): Tensor }, run: Run, prints = true): void {
  module.loadStateDict(goldenTensors(run.weights));
  const x = leaf(run.input);
  const y = module.forward(x);
  expectClose(y, run.output, 1e-6, "output");
  y.backward(goldenTensor(run.upstream));
  expectGradients(module, { input: x }, run.gradients);
  if (prints) expect(String(module)).toBe(run.print);
}

describe("Conv1d", () => {
  const made: Record<string, () => nn.Conv1d> = {
    "Conv1d(2, 3, 3)": () => new nn.Conv1d(2, 3, 3),
    "Conv1d(2, 3, 3, padding=1, stride=2)": () => new nn.Conv1d(2, 3, 3, { padding: 1, stride: 2 }),
    "Conv1d(2, 4, 2, dilation=3, bias=False)": () => new nn.Conv1d(2, 4, 2, { dilation: 3, bias: false }),
    "Conv1d(4, 6, 3, groups=2, padding=2)": () => new nn.Conv1d(4, 6, 3, { groups: 2, padding: 2 }),
    "Conv1d(3, 3, 1, groups=3)": () => new nn.Conv1d(3, 3, 1, { groups: 3 }),
    "Conv1d(2, 3, 4, padding=same)": () => new nn.Conv1d(2, 3, 4, { padding: "same", dilation: 2 }),
    "Conv1d(1, 2, 3) unbatched": () => new nn.Conv1d(1, 2, 3),
    "Conv1d(2, 3, 3, padding=causal, dilation=2)": () => new nn.Conv1d(2, 3, 3, { padding: "causal", dilation: 2 }),
  };
  test("every golden case is checked", () => expect(Object.keys(made)).toEqual(Object.keys(stored.conv1d)));
  test.each(Object.keys(made))("%s", (name) => check(made[name](), stored.conv1d[name], !name.includes("causal")));

  test("errors name the layout and the length", () => {
    expect(() => new nn.Conv1d(2, 3, 3).forward(zeros(4, 7, 2))).toThrow("transpose(1, 2)");
    expect(() => new nn.Conv1d(2, 3, 3).forward(zeros(1, 2, 2))).toThrow("at least 3 time steps");
    expect(() => new nn.Conv1d(2, 3, 3, { groups: 2 })).toThrow("2 groups divide");
    expect(() => new nn.Conv1d(2, 2, 3, { padding: "causal", stride: 2 })).toThrow("a stride of 1");
  });
});

describe("activations", () => {
  const made: Record<string, () => nn.Module & { forward(x: Tensor): Tensor }> = {
    GELU: () => new nn.GELU(),
    SiLU: () => new nn.SiLU(),
    LeakyReLU: () => new nn.LeakyReLU(0.2),
    ELU: () => new nn.ELU(),
    Softplus: () => new nn.Softplus(),
    Softmax: () => new nn.Softmax(1),
    LogSoftmax: () => new nn.LogSoftmax(-1),
    Identity: () => new nn.Identity(),
    Flatten: () => new nn.Flatten(0),
  };
  test("every golden case is checked", () => expect(Object.keys(made)).toEqual(Object.keys(stored.activations)));
  test.each(Object.keys(made))("%s", (name) => check(made[name](), stored.activations[name]));
});

describe("BatchNorm1d", () => {
  test.each(Object.entries(stored.batchNorm))("%s", (_, { features, options, weights, steps, print }) => {
    const module = new nn.BatchNorm1d(features, camelCase(options));
    expect(String(module)).toBe(print);
    expect(Object.keys(module.stateDict())).toEqual(Object.keys(weights));
    module.loadStateDict(goldenTensors(weights));
    for (const [i, step] of steps.entries()) {
      module.train(i < 2).zeroGrad();
      const x = leaf(step.input);
      const y = module.forward(x);
      expectClose(y, step.output, 2e-6, "output");
      y.backward(goldenTensor(step.upstream));
      expectGradients(module, { input: x }, step.gradients);
      for (const [name, value] of Object.entries(step.state)) expectClose(module.stateDict()[name], value, 1e-6, name);
    }
  });

  test("one value per feature has no variance", () => {
    expect(() => new nn.BatchNorm1d(2).forward(zeros(1, 2))).toThrow("more than one value per feature");
  });
});

describe("LSTM with projections", () => {
  test.each(Object.entries(stored.projections))("%s", (_, run) => {
    const module = new nn.LSTM(2, 5, camelCase(run.options));
    expect(String(module)).toBe(run.print);
    module.loadStateDict(goldenTensors(run.weights));
    const [x, h, c] = [run.input, ...run.state].map(leaf);
    const [output, [hN, cN]] = module.forward(x, [h, c]);
    const results = [output, hN, cN];
    let total: Tensor | undefined;
    for (const [i, result] of results.entries()) {
      expectClose(result, run.outputs[i], 1e-6, `output ${i}`);
      const term = result.mul(goldenTensor(run.upstream[i])).sum();
      total = total === undefined ? term : total.add(term);
    }
    total?.backward();
    expectGradients(module, { input: x, h, c }, run.gradients);
  });

  test("errors name the size of h and the limit", () => {
    expect(() => new nn.LSTM(2, 5, { projSize: 5 })).toThrow("smaller than hiddenSize");
    const lstm = new nn.LSTM(2, 5, { projSize: 3 });
    expect(() => lstm.forward(zeros(4, 1, 2), [zeros(1, 1, 5), zeros(1, 1, 5)])).toThrow("[1, 1, 3]");
    expect(lstm.forward(zeros(4, 2))[1].map((part) => part.shape)).toEqual([[1, 3], [1, 5]]); // biome-ignore format: shapes
  });
});

test("default initialisation draws PyTorch's numbers", () => {
  manualSeed(3);
  const modules = { Conv1d: new nn.Conv1d(3, 4, 5), LSTM: new nn.LSTM(2, 4, { projSize: 3 }) };
  for (const [name, module] of Object.entries(modules)) {
    const own = module.stateDict();
    expect(Object.keys(own)).toEqual(Object.keys(stored.initial[name]));
    for (const [key, value] of Object.entries(stored.initial[name])) expectClose(own[key], value, 0, `${name}.${key}`);
  }
});

test("padSequence pads as PyTorch does, and unpadSequence takes the padding off", () => {
  const sequences = stored.padded.sequences.map(goldenTensor);
  expectClose(nn.padSequence(sequences), stored.padded.timeFirst, 0);
  const padded = nn.padSequence(sequences, { batchFirst: true, paddingValue: -1 });
  expectClose(padded, stored.padded.batchFirst, 0);
  const lengths = sequences.map((sequence) => sequence.size(0));
  const back = nn.unpadSequence(padded, lengths, { batchFirst: true });
  for (const [i, sequence] of back.entries()) expectClose(sequence, stored.padded.sequences[i], 0);
});
