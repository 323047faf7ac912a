/** Ten steps of every optimiser against PyTorch, on recorded gradients (golden/optimisers.json). */
import { linspace, nn, noGrad, optim, type Tensor, tensor } from "eddy";
import { describe, expect, test } from "vitest";
import { expectClose, type GoldenTensor, golden, goldenTensor } from "./oracle.ts";

interface OptimiserCase {
  optimiser: string;
  options: Record<string, number | boolean | [number, number]>;
  after: Record<string, GoldenTensor>[];
  /** Steps at which the second parameter has no gradient. */
  absent?: number[];
}

const { start, gradients, cases, lbfgs, averages } = golden<{
  lbfgs: Record<string, { options: object; steps: { loss: number; w: GoldenTensor; b: GoldenTensor }[] }>;
  averages: Record<"SWA" | "EMA", GoldenTensor>;
  start: Record<string, GoldenTensor>;
  gradients: Record<string, GoldenTensor>[];
  cases: Record<string, OptimiserCase>;
}>("optimisers");

const NAMES = ["first", "second"];

type Options = Record<string, unknown>;
type Construct = new (parameters: Tensor[], options: Options) => optim.Optimizer;
const named = (name: "NAdam" | "RAdam" | "Adagrad" | "Adamax") => (parameters: Tensor[], options: Options) =>
  new (optim[name] as unknown as Construct)(parameters, options);
const families: Record<string, (parameters: Tensor[], options: Options) => optim.Optimizer> = {
  NAdam: named("NAdam"),
  RAdam: named("RAdam"),
  Adagrad: named("Adagrad"),
  Adamax: named("Adamax"),
  SGD: (parameters, options) => new optim.SGD(parameters, options as unknown as optim.SGDOptions),
  Adam: (parameters, options) => new optim.Adam(parameters, options as optim.AdamOptions),
  AdamW: (parameters, options) => new optim.AdamW(parameters, options as optim.AdamOptions),
  RMSprop: (parameters, options) => new optim.RMSprop(parameters, options as optim.RMSpropOptions),
};

function eddyOptions(options: object): Options {
  const rename = (name: string) => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [rename(name), value]));
}

function begin(stored: OptimiserCase) {
  const parameters = NAMES.map((name) => new nn.Parameter(goldenTensor(start[name])));
  return { parameters, optimiser: families[stored.optimiser](parameters, eddyOptions(stored.options)) };
}

/** One step; a parameter's gradient comes from the backward of Σ parameter · gradient, which is that gradient exactly. */
function take(stored: OptimiserCase, { parameters, optimiser }: ReturnType<typeof begin>, step: number): void {
  optimiser.zeroGrad();
  NAMES.forEach((name, i) => {
    if (name === "second" && stored.absent?.includes(step)) return;
    parameters[i].mul(goldenTensor(gradients[step][name])).sum().backward();
  });
  optimiser.step();
}

function expectParameters(stored: OptimiserCase, parameters: Tensor[], step: number): void {
  NAMES.forEach((name, i) => {
    expectClose(parameters[i], stored.after[step][name], 1e-6, `${name} after step ${step}`);
  });
}

describe("ten steps as in PyTorch", () => {
  for (const [name, stored] of Object.entries(cases)) {
    test(name, () => {
      const run = begin(stored);
      for (let step = 0; step < gradients.length; step++) {
        take(stored, run, step);
        expectParameters(stored, run.parameters, step);
      }
    });
  }
});

describe("saved and restored after the fifth step, the remaining steps are the same", () => {
  for (const [name, stored] of Object.entries(cases)) {
    test(name, () => {
      const first = begin(stored);
      for (let step = 0; step < 5; step++) take(stored, first, step);
      const parameters = first.parameters.map((parameter) => new nn.Parameter(parameter.detach()));
      const other = { lr: 7, ...(stored.optimiser.startsWith("Adam") ? { betas: [0.1, 0.2], eps: 3 } : {}) };
      const second = { parameters, optimiser: families[stored.optimiser](parameters, other) };
      second.optimiser.loadStateDict(first.optimiser.stateDict());
      for (let step = 5; step < gradients.length; step++) {
        take(stored, second, step);
        take(stored, first, step);
        expectParameters(stored, second.parameters, step);
        for (const [i, parameter] of parameters.entries()) expect(parameter.data).toEqual(first.parameters[i].data);
      }
    });
  }
});

test("Adam's state dict has PyTorch's layout", () => {
  const run = begin(cases["Adam(lr=0.02)"]);
  take(cases["Adam(lr=0.02)"], run, 0);
  const { state, param_groups } = run.optimiser.stateDict();
  expect(param_groups).toHaveLength(1);
  expect(param_groups[0]).toMatchObject({ lr: 0.02, betas: [0.9, 0.999], eps: 1e-8, weight_decay: 0, params: [0, 1] });
  expect(Object.keys(state)).toEqual(["0", "1"]);
  expect(state[0].step).toBe(1);
  expect((state[0].exp_avg as Tensor).shape).toEqual([3, 4]);
  expect((state[1].exp_avg_sq as Tensor).shape).toEqual([5]);
});

describe("L-BFGS as in PyTorch", () => {
  test.each(Object.entries(lbfgs))("%s", (_, { options, steps }) => {
    const x = linspace(-2, 2, 9);
    const y = x.sin();
    const w = new nn.Parameter(tensor([1.2, 0.7]));
    const b = new nn.Parameter(tensor([0.3]));
    const optimizer = new optim.LBFGS([w, b], eddyOptions(options) as optim.LBFGSOptions);
    for (const [i, step] of steps.entries()) {
      const loss = optimizer.step(() => {
        optimizer.zeroGrad();
        const loss = x.mul(w.at(0)).add(b).tanh().mul(w.at(1)).sub(y).pow(2).mean();
        loss.backward();
        return loss;
      });
      // PyTorch computes in float64 here; near the minimum, float32 gradients are noise.
      expectClose(loss, step.loss, 1e-5, `loss of step ${i}`);
      expectClose(w, step.w, 2e-3, `w after step ${i}`);
      expectClose(b, step.b, 2e-3, `b after step ${i}`);
    }
  });

  test("it needs a closure and one group; other optimisers take a closure, too", () => {
    const w = new nn.Parameter(tensor([1]));
    expect(() => new optim.LBFGS([w]).step()).toThrow("a closure");
    expect(() => new optim.LBFGS([{ params: [w] }, { params: [new nn.Parameter(tensor([1]))] }] as never)).toThrow(
      "one list",
    );
    const sgd = new optim.SGD([w], { lr: 0.5 });
    const loss = sgd.step(() => {
      const loss = w.mul(w).sum();
      loss.backward();
      return loss;
    });
    expect([loss?.item(), w.item()]).toEqual([1, 0]);
    expect(() => sgd.step(3 as never)).toThrow("a function that returns the loss");
  });
});

test("averaged weights are PyTorch's, and the model gets its own back", () => {
  const model = new nn.Linear(4, 3, { bias: false });
  const mean = new optim.AveragedWeights(model);
  const moving = new optim.AveragedWeights(model, { decay: 0.9 });
  for (const step of gradients) {
    noGrad(() => model.weight.copy_(goldenTensor(step.first)));
    mean.update();
    moving.update();
  }
  expectClose(mean.stateDict().weight, averages.SWA, 1e-6);
  expectClose(moving.stateDict().weight, averages.EMA, 1e-6);
  expect(mean.updates).toBe(gradients.length);
  const own = model.weight.toArray();
  expect(mean.use(() => model.weight.at(0, 0).item())).toBeCloseTo(mean.stateDict().weight.at(0, 0).item(), 6);
  expect(model.weight.toArray()).toEqual(own);
  expect(() => mean.use(async () => 1)).toThrow("a synchronous function");
});
