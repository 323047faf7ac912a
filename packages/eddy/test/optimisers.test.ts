/** Ten steps of every optimiser against PyTorch, on recorded gradients (golden/optimisers.json). */
import { nn, optim, type Tensor } from "eddy";
import { describe, expect, test } from "vitest";
import { expectClose, type GoldenTensor, golden, goldenTensor } from "./oracle.ts";

interface OptimiserCase {
  optimiser: string;
  options: Record<string, number | boolean | [number, number]>;
  after: Record<string, GoldenTensor>[];
  /** Steps at which the second parameter has no gradient. */
  absent?: number[];
}

const { start, gradients, cases } = golden<{
  start: Record<string, GoldenTensor>;
  gradients: Record<string, GoldenTensor>[];
  cases: Record<string, OptimiserCase>;
}>("optimisers");

const NAMES = ["first", "second"];

type Options = Record<string, unknown>;
const families: Record<string, (parameters: Tensor[], options: Options) => optim.Optimizer> = {
  SGD: (parameters, options) => new optim.SGD(parameters, options as unknown as optim.SGDOptions),
  Adam: (parameters, options) => new optim.Adam(parameters, options as optim.AdamOptions),
  AdamW: (parameters, options) => new optim.AdamW(parameters, options as optim.AdamOptions),
  RMSprop: (parameters, options) => new optim.RMSprop(parameters, options as optim.RMSpropOptions),
};

function eddyOptions({ weight_decay, ...rest }: OptimiserCase["options"]): Options {
  return weight_decay === undefined ? rest : { ...rest, weightDecay: weight_decay };
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
