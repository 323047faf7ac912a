/** Parameter groups, AdamW and RMSprop (golden/optimisers.json), and optimiser states in PyTorch's layout. */
import { nn, optim, type Tensor, tensor, zeros } from "eddy";
import { describe, expect, test } from "vitest";
import { expectClose, type GoldenTensor, golden, goldenTensor } from "./oracle.ts";

const { start, gradients, cases } = golden<{
  start: Record<string, GoldenTensor>;
  gradients: Record<string, GoldenTensor>[];
  cases: Record<
    string,
    { optimiser: string; options: Record<string, unknown>; after: Record<string, GoldenTensor>[]; absent?: number[] }
  >;
}>("optimisers");

const names = ["first", "second"];
type AnyOptimiser = optim.SGD | optim.Adam | optim.AdamW | optim.RMSprop;
type Maker = new (parameters: unknown, options: unknown) => AnyOptimiser;
const families = optim as unknown as Record<string, Maker>;

const newParameters = () => names.map((name) => new nn.Parameter(goldenTensor(start[name])));
const camelCase = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
const eddyOptions = (options: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(options).map(([name, value]) => [camelCase(name), value]));

function take(optimiser: AnyOptimiser, parameters: Tensor[], step: number, absent?: number[]): void {
  names.forEach((name, i) => {
    const missing = name === "second" && absent?.includes(step);
    parameters[i].grad = missing ? undefined : goldenTensor(gradients[step][name]);
  });
  optimiser.step();
}

describe("ten steps as in PyTorch, saved and restored in the middle, with each parameter in its own group", () => {
  for (const [name, stored] of Object.entries(cases)) {
    test(name, () => {
      const parameters = newParameters();
      const groups = () => parameters.map((parameter) => ({ params: [parameter], ...eddyOptions(stored.options) }));
      let optimiser = new families[stored.optimiser](groups(), {});
      for (let step = 0; step < gradients.length; step++) {
        if (step === 5) {
          const saved = optimiser.stateDict();
          optimiser = new families[stored.optimiser](
            parameters.map((p) => ({ params: [p] })),
            { lr: 7 },
          );
          optimiser.loadStateDict(saved);
        }
        take(optimiser, parameters, step, stored.absent);
        names.forEach((name, i) => {
          expectClose(parameters[i], stored.after[step][name], 1e-6, `${name} after step ${step}`);
        });
      }
    });
  }
});

test("groups have their own settings, which may change between steps", () => {
  const parameters = newParameters();
  const optimiser = new optim.SGD([{ params: [parameters[0]], lr: 0.5 }, { params: [parameters[1]] }], { lr: 0.25 });
  expect(optimiser.paramGroups.map(({ lr }) => lr)).toEqual([0.5, 0.25]);
  optimiser.paramGroups[1].lr = 0;
  const second = parameters[1].data.slice();
  take(optimiser, parameters, 0);
  expect(parameters[1].data).toEqual(second);
  expect(parameters[0].data).not.toEqual(goldenTensor(start.first).data);
  optimiser.zeroGrad();
  expect(parameters.map(({ grad }) => grad)).toEqual([undefined, undefined]);
});

test("the state dict has PyTorch's layout, and PyTorch's extra settings are ignored", () => {
  const parameters = newParameters();
  const optimiser = new optim.AdamW([{ params: [parameters[0]], lr: 0.5 }, { params: [parameters[1]] }]);
  take(optimiser, parameters, 0);
  const { state, param_groups } = optimiser.stateDict();
  const common = { betas: [0.9, 0.999], eps: 1e-8, weight_decay: 0.01, amsgrad: false, maximize: false };
  expect(param_groups).toEqual([
    { ...common, lr: 0.5, params: [0] },
    { ...common, lr: 0.001, params: [1] },
  ]);
  expect(Object.keys(state[1])).toEqual(["step", "exp_avg", "exp_avg_sq"]);
  const foreign = param_groups.map((group) => ({ ...group, foreach: null, fused: false, lr: 0.125 }));
  optimiser.loadStateDict({ state, param_groups: foreign });
  expect(optimiser.paramGroups.map(({ lr }) => lr)).toEqual([0.125, 0.125]);
  expect(optimiser.paramGroups[0]).not.toHaveProperty("foreach");
});

test("a state of other groups or sizes is rejected and changes nothing", () => {
  const parameters = newParameters();
  const optimiser = new optim.Adam([{ params: [parameters[0]] }, { params: [parameters[1]] }]);
  take(optimiser, parameters, 0);
  const other = new optim.Adam(parameters);
  expect(() => other.loadStateDict(optimiser.stateDict())).toThrow("groups of 2 parameters, received 1 and 1");
  const swapped = new optim.Adam([{ params: [parameters[1]] }, { params: [parameters[0]] }], { lr: 3 });
  expect(() => swapped.loadStateDict(optimiser.stateDict())).toThrow("exp_avg of parameter 0 to have shape [5]");
  expect(swapped.paramGroups[0].lr).toBe(3);
  const saved = other.stateDict();
  saved.state[0] = { step: tensor(-1), exp_avg: zeros(3), exp_avg_sq: zeros(3) };
  expect(() => other.loadStateDict(saved)).toThrow("step of parameter 0 to be an integer ≥ 0");
  expect(() => other.loadStateDict(saved)).toThrow("received -1");
});

test("errors say what was expected and what to do", () => {
  const [p] = newParameters();
  expect(() => new optim.Adam([{ params: [p] }, { params: [p] }])).toThrow("expected each parameter once");
  expect(() => new optim.Adam([{ params: [] }])).toThrow("in each group, received an empty list");
  expect(() => new optim.Adam([{ params: [p], lr: -1 }])).toThrow("expected lr to be a number ≥ 0");
  expect(() => new optim.RMSprop([p], { momentun: 1 } as never)).toThrow("received momentun");
  expect(() => new optim.SGD([{ params: [p] }], {})).toThrow("expected lr");
  expect(() => new optim.SGD([{ params: [p], nesterov: true }], { lr: 1 })).toThrow("momentum > 0");
});
