/** Linear, RNN and MSELoss against PyTorch: values, gradients, default initialisation, printed text (golden/modules.json). */
import { manualSeed, nn, type Tensor } from "eddy";
import { describe, expect, test } from "vitest";
import { expectClose, type GoldenTensor, golden, goldenTensor, goldenTensors } from "./oracle.ts";

type GoldenRecord = Record<string, GoldenTensor>;

interface LinearCase {
  options: { in_features: number; out_features: number; bias: boolean };
  weights: GoldenRecord;
  input: GoldenTensor;
  output: GoldenTensor;
  upstream: GoldenTensor;
  gradients: GoldenRecord;
}

interface SequenceCase {
  options: Record<string, number | string | boolean>;
  weights: GoldenRecord;
  input: GoldenTensor;
  h0?: GoldenTensor;
  output: GoldenTensor;
  h_n: GoldenTensor;
  upstream: { output: GoldenTensor; h_n: GoldenTensor };
  gradients: GoldenRecord;
}

interface LossCase {
  reduction: "mean" | "sum" | "none";
  prediction: GoldenTensor;
  target: GoldenTensor;
  output: GoldenTensor;
  upstream: GoldenTensor;
  gradients: GoldenRecord;
}

const { linear, rnn, mseLoss, initial, print } = golden<{
  linear: Record<string, LinearCase>;
  rnn: Record<string, SequenceCase>;
  mseLoss: Record<string, LossCase>;
  initial: Record<string, Record<string, GoldenRecord>>;
  print: Record<string, string>;
}>("modules");

const VALUE = 1e-6;
const GRADIENT = 1e-5;

function leaf(stored: GoldenTensor): Tensor {
  const x = goldenTensor(stored);
  x.requiresGrad = true;
  return x;
}

/** Compares every gradient that PyTorch has: of named inputs and of all parameters. */
function expectGradients(inputs: Record<string, Tensor>, module: nn.Module, expected: GoldenRecord): void {
  const received: Record<string, Tensor> = { ...inputs, ...Object.fromEntries(module.namedParameters()) };
  expect(Object.keys(received).sort(), "what has gradients").toEqual(Object.keys(expected).sort());
  for (const [name, gradient] of Object.entries(expected)) {
    expectClose(received[name].grad, gradient, GRADIENT, `gradient of ${name}`);
  }
}

function expectUnchanged(inputs: Record<string, Tensor>, stored: Record<string, GoldenTensor>): void {
  for (const [name, input] of Object.entries(inputs)) expectClose(input, stored[name], 0, `${name} after the call`);
}

/** PyTorch's names of options in Eddy's spelling: batch_first becomes batchFirst. */
function camelCase(options: Record<string, unknown>): Record<string, unknown> {
  const rename = (name: string) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [rename(name), value]));
}

describe("Linear", () => {
  test.each(Object.entries(linear))("%s", (_, { options, weights, input, output, upstream, gradients }) => {
    const module = new nn.Linear(options.in_features, options.out_features, { bias: options.bias });
    module.loadStateDict(goldenTensors(weights));
    const x = leaf(input);
    const y = module.forward(x);
    expectClose(y, output, VALUE, "output");
    y.backward(goldenTensor(upstream));
    expectGradients({ input: x }, module, gradients);
    expectUnchanged({ input: x, ...module.stateDict() }, { input, ...weights });
  });
});

describe("RNN", () => {
  const make = ({ options, weights }: SequenceCase) => {
    const module = new nn.RNN(camelCase(options) as unknown as nn.RNNOptions);
    module.loadStateDict(goldenTensors(weights));
    return module;
  };

  test.each(Object.entries(rnn))("%s", (_, stored) => {
    const module = make(stored);
    const x = leaf(stored.input);
    const inputs: Record<string, Tensor> = stored.h0 ? { input: x, h0: leaf(stored.h0) } : { input: x };
    const [output, state] = module.forward(x, inputs.h0);
    expectClose(output, stored.output, VALUE, "output");
    expectClose(state, stored.h_n, VALUE, "h_n");
    // One backward from both: Σ output · its upstream + Σ h_n · its upstream.
    const fromOutput = output.mul(goldenTensor(stored.upstream.output)).sum();
    const fromState = state.mul(goldenTensor(stored.upstream.h_n)).sum();
    fromOutput.add(fromState).backward();
    expectGradients(inputs, module, stored.gradients);
    expectUnchanged({ ...inputs, ...module.stateDict() }, { ...(stored as object), ...stored.weights });
  });

  test("a backward from the output and one from the state add up to the gradients of one backward from both", () => {
    for (const stored of Object.values(rnn)) {
      const module = make(stored);
      const x = leaf(stored.input);
      const inputs: Record<string, Tensor> = stored.h0 ? { input: x, h0: leaf(stored.h0) } : { input: x };
      module.forward(x, inputs.h0)[0].backward(goldenTensor(stored.upstream.output));
      module.forward(x, inputs.h0)[1].backward(goldenTensor(stored.upstream.h_n));
      expectGradients(inputs, module, stored.gradients);
    }
  });
});

describe("MSELoss", () => {
  test.each(Object.entries(mseLoss))("%s", (_, stored) => {
    const [prediction, target] = [leaf(stored.prediction), leaf(stored.target)];
    const loss = new nn.MSELoss({ reduction: stored.reduction }).forward(prediction, target);
    expectClose(loss, stored.output, VALUE, "loss");
    loss.backward(goldenTensor(stored.upstream));
    expectClose(prediction.grad, stored.gradients.prediction, GRADIENT, "gradient of prediction");
    expectClose(target.grad, stored.gradients.target, GRADIENT, "gradient of target");
    expectUnchanged({ prediction, target }, { prediction: stored.prediction, target: stored.target });
  });

  test("without options it is the mean", () => {
    const stored = mseLoss["MSELoss, mean, 3×5"];
    const loss = new nn.MSELoss().forward(goldenTensor(stored.prediction), goldenTensor(stored.target));
    expectClose(loss, stored.output, VALUE);
  });
});

describe("default initialisation, bit for bit after manualSeed", () => {
  const makers: Record<string, () => nn.Module> = {
    "Linear(in_features=32, out_features=1, bias=True)": () => new nn.Linear(32, 1),
    "Linear(in_features=7, out_features=5, bias=True)": () => new nn.Linear(7, 5),
    "Linear(in_features=3, out_features=4, bias=False)": () => new nn.Linear(3, 4, { bias: false }),
    "RNN(1, 32)": () => new nn.RNN({ inputSize: 1, hiddenSize: 32 }),
    "RNN(3, 5, num_layers=2)": () => new nn.RNN({ inputSize: 3, hiddenSize: 5, numLayers: 2 }),
    "RNN(3, 5, bias=False)": () => new nn.RNN({ inputSize: 3, hiddenSize: 5, bias: false }),
  };

  test.each(Object.entries(initial))("%s", (name, weightsBySeed) => {
    for (const [seed, weights] of Object.entries(weightsBySeed)) {
      manualSeed(Number(seed));
      const dict = makers[name]().stateDict();
      expect(Object.keys(dict), "names in PyTorch's order").toEqual(Object.keys(weights));
      for (const key of Object.keys(weights)) expectClose(dict[key], weights[key], 0, `${key} after seed ${seed}`);
    }
  });
});

describe("prints as PyTorch does", () => {
  abstract class Silent extends nn.Module {
    forward(): void {}
  }
  class RNN extends Silent {
    rnn = new nn.RNN({ inputSize: 1, hiddenSize: 32, numLayers: 1, batchFirst: true });
    out = new nn.Linear(32, 1);
  }
  class Empty extends Silent {}
  class Encoder extends Silent {
    first = new nn.Linear(3, 8);
    second = new nn.Linear(8, 4, { bias: false });
  }
  class Pair extends Silent {
    encoder = new Encoder();
    nothing = new Empty();
    decoder = new nn.RNN({ inputSize: 4, hiddenSize: 2 });
    loss = new nn.MSELoss();
  }
  class Stack extends Silent {
    layers = [new nn.Linear(3, 4), new nn.Linear(4, 4), new nn.Linear(4, 1)];
    head = new nn.Linear(1, 1);
  }
  class ReversedNames extends Silent {
    z = new nn.Linear(1, 2);
    a = new nn.Linear(2, 1);
  }
  const sizes = { inputSize: 1, hiddenSize: 32 };
  const makers: Record<string, () => nn.Module> = {
    "the tutorial's module": () => new RNN(),
    "nested modules": () => new Pair(),
    "a list of modules": () => new Stack(),
    "order of construction": () => new ReversedNames(),
    "an empty module": () => new Empty(),
    Linear: () => new nn.Linear(32, 1),
    "Linear without bias": () => new nn.Linear(3, 4, { bias: false }),
    RNN: () => new nn.RNN(sizes),
    "RNN, one layer said so": () => new nn.RNN({ ...sizes, numLayers: 1 }),
    "RNN, layers": () => new nn.RNN({ ...sizes, numLayers: 2 }),
    "RNN, relu": () => new nn.RNN({ ...sizes, nonlinearity: "relu" }),
    "RNN without bias": () => new nn.RNN({ ...sizes, bias: false }),
    "RNN, batch first": () => new nn.RNN({ ...sizes, batchFirst: true }),
    "RNN, dropout": () => new nn.RNN({ ...sizes, numLayers: 2, dropout: 0.5 }),
    "RNN, bidirectional": () => new nn.RNN({ ...sizes, bidirectional: true }),
    "RNN, everything": () =>
      new nn.RNN({
        inputSize: 3,
        hiddenSize: 5,
        numLayers: 3,
        nonlinearity: "relu",
        bias: false,
        batchFirst: true,
        dropout: 0.25,
        bidirectional: true,
      }),
    MSELoss: () => new nn.MSELoss(),
    "MSELoss, sum": () => new nn.MSELoss({ reduction: "sum" }),
  };
  test.each(Object.entries(print))("%s", (name, text) => expect(String(makers[name]())).toBe(text));
});
