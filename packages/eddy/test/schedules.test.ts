/** Thirty steps of every schedule against PyTorch (golden/schedules.json), and their states saved and restored. */
import { nn, optim, tensor, zeros } from "eddy";
import { describe, expect, test } from "vitest";
import { golden } from "./oracle.ts";

type Options = Record<string, unknown>;

interface ScheduleCase {
  optimiser: "SGD" | "Adam";
  schedules: { name: string; options: Options }[];
  /** By step and group. */
  lr: number[][];
  momentum: number[][];
}

const { metrics, cases } = golden<{ metrics: number[]; cases: Record<string, ScheduleCase> }>("schedules");

function camelCase(options: Options): Options {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [
      name.replace(/^T_/, "t_").replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );
}

const groups = () => [{ params: [new nn.Parameter(zeros(1))], lr: 0.1 }, { params: [new nn.Parameter(zeros(1))] }];
const optimisers = {
  SGD: () => new optim.SGD(groups(), { lr: 0.02, momentum: 0.9 }),
  Adam: () => new optim.Adam(groups(), { lr: 0.02 }),
};

type AnyOptimiser = optim.SGD | optim.Adam;
type AnySchedule = optim.Schedule | optim.ReduceLROnPlateau;
const makers: Record<string, new (optimiser: AnyOptimiser, options: never) => AnySchedule> = {
  StepLR: optim.StepLR,
  ExponentialLR: optim.ExponentialLR,
  CosineAnnealingLR: optim.CosineAnnealingLR,
  LinearLR: optim.LinearLR,
  OneCycleLR: optim.OneCycleLR,
  MultiStepLR: optim.MultiStepLR,
  ConstantLR: optim.ConstantLR,
  CosineAnnealingWarmRestarts: optim.CosineAnnealingWarmRestarts,
  ReduceLROnPlateau: optim.ReduceLROnPlateau,
};

function make(optimiser: AnyOptimiser, name: string, options: Options): AnySchedule {
  if (name === "LambdaLR") return new optim.LambdaLR(optimiser, (epoch) => 1 / (1 + epoch)); // the one in the golden file
  if (name !== "SequentialLR") return new makers[name](optimiser, camelCase(options) as never);
  const parts = options.schedulers as [string, Options][];
  const schedulers = parts.map(([name, options]) => make(optimiser, name, options) as optim.Schedule);
  return new optim.SequentialLR(optimiser, { schedulers, milestones: options.milestones as number[] });
}

function begin(stored: ScheduleCase) {
  const optimiser = optimisers[stored.optimiser]();
  const schedules = stored.schedules.map(({ name, options }) => make(optimiser, name, options));
  return { optimiser, schedules };
}

function take({ schedules }: { schedules: AnySchedule[] }, step: number): void {
  for (const schedule of schedules) {
    if (schedule instanceof optim.ReduceLROnPlateau) schedule.step(metrics[step]);
    else schedule.step();
  }
}

function expectRates(optimiser: AnyOptimiser, stored: ScheduleCase, step: number): void {
  optimiser.paramGroups.forEach((group, i) => {
    // Ten times the float64 rounding error of thirty multiplications.
    const expected = stored.lr[step][i];
    expect(Math.abs(group.lr - expected), `lr ${group.lr} of group ${i} after step ${step}`).toBeLessThanOrEqual(
      1e-13 * Math.max(expected, 0.1),
    );
    const momentum = "betas" in group ? group.betas[0] : group.momentum;
    expect(momentum, `momentum of group ${i} after step ${step}`).toBeCloseTo(stored.momentum[step][i], 13);
  });
}

describe("thirty steps as in PyTorch", () => {
  for (const [name, stored] of Object.entries(cases)) {
    test(name, () => {
      const run = begin(stored);
      expectRates(run.optimiser, stored, 0);
      for (let step = 0; step < metrics.length; step++) {
        take(run, step);
        expectRates(run.optimiser, stored, step + 1);
      }
    });
  }
});

describe("saved after the eleventh step, as JSON, and restored into a new one with other settings", () => {
  const others: Record<string, Options> = {
    StepLR: { stepSize: 2 },
    ExponentialLR: { gamma: 0.1 },
    CosineAnnealingLR: { tMax: 3 },
    OneCycleLR: { maxLr: 3, totalSteps: 5 },
    MultiStepLR: { milestones: [2] },
    CosineAnnealingWarmRestarts: { t0: 2 },
  };
  for (const [name, stored] of Object.entries(cases)) {
    test(name, () => {
      const first = begin(stored);
      for (let step = 0; step < 11; step++) take(first, step);
      const optimiser = optimisers[stored.optimiser]();
      const schedules = stored.schedules.map(({ name, options }) =>
        name in makers ? new makers[name](optimiser, (others[name] ?? {}) as never) : make(optimiser, name, options),
      );
      optimiser.loadStateDict(first.optimiser.stateDict());
      schedules.forEach((schedule, i) => {
        schedule.loadStateDict(JSON.parse(JSON.stringify(first.schedules[i].stateDict())));
      });
      for (let step = 11; step < metrics.length; step++) {
        take({ schedules }, step);
        expectRates(optimiser, stored, step + 1);
      }
    });
  }
});

test("a plateau's state can be saved before its first value", () => {
  const schedule = new optim.ReduceLROnPlateau(optimisers.SGD(), { mode: "max", patience: 0 });
  schedule.loadStateDict(JSON.parse(JSON.stringify(schedule.stateDict())));
  schedule.step(-5);
  expect(schedule.lastLr).toEqual([0.1, 0.02]);
});

test("a plateau accepts a tensor, and NaN is never an improvement", () => {
  const schedule = new optim.ReduceLROnPlateau(optimisers.SGD(), { patience: 0, factor: 0.5 });
  schedule.step(tensor(1));
  schedule.step(Number.NaN);
  expect(schedule.lastLr).toEqual([0.05, 0.01]);
});

test("errors say what was expected and what to do", () => {
  const optimiser = optimisers.SGD();
  expect(() => new optim.StepLR(optimiser, {} as never)).toThrow("expected stepSize, an integer ≥ 1");
  expect(() => new optim.LinearLR(optimiser, { startFactor: 0 })).toThrow("a number above 0");
  expect(() => new optim.OneCycleLR(optimiser, { maxLr: 1 })).toThrow("expected totalSteps, or epochs");
  expect(() => new optim.OneCycleLR(optimiser, { maxLr: [1, 2, 3], totalSteps: 4 })).toThrow("each of 2 groups");
  expect(() => new optim.StepLR([] as never, { stepSize: 1 })).toThrow("expected an optimiser");
  const cycle = new optim.OneCycleLR(optimiser, { maxLr: 1, totalSteps: 2 });
  cycle.step();
  cycle.step();
  expect(() => cycle.step()).toThrow("expected at most 2 steps");
  const other = new optim.SGD([new nn.Parameter(zeros(1))], { lr: 1 });
  const schedule = new optim.ExponentialLR(other, { gamma: 0.5 });
  expect(() => schedule.loadStateDict(cycle.stateDict())).toThrow("base_lrs of 1 groups");
});

test("saved settings have PyTorch's names", () => {
  const optimiser = optimisers.SGD();
  expect(new optim.CosineAnnealingLR(optimiser, { tMax: 4 }).stateDict()).toMatchObject({ T_max: 4, eta_min: 0 });
  expect(new optim.LinearLR(optimiser).stateDict()).toMatchObject({
    start_factor: 1 / 3,
    end_factor: 1,
    total_iters: 5,
  });
  expect(new optim.ReduceLROnPlateau(optimiser, { minLr: 0.01 }).stateDict()).toMatchObject({
    threshold_mode: "rel",
    min_lrs: [0.01, 0.01],
    num_bad_epochs: 0,
  });
});
