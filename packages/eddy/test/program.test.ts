/** The tutorial's program, sin to cos, against PyTorch: initial weights, free runs, every single step (golden/program.json). */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { manualSeed, nn, optim, stack, type Tensor, tensor } from "eddy";
import { describe, expect, test } from "vitest";
import { longTest } from "../../../ci/long-test.ts";
import {
  expectClose,
  type GoldenTensor,
  golden,
  goldenTensor,
  goldenTensors,
  goldenValues,
  makeGolden,
  pythonWithTorch,
} from "./oracle.ts";

type Forward = "loop" | "batched";

/** The inputs and results of a single step. */
interface State {
  step: number;
  weights: Record<string, GoldenTensor>;
  adam: { step: number; exp_avg: GoldenTensor; exp_avg_sq: GoldenTensor }[];
  hidden: GoldenTensor | null;
  loss: number;
  weightsAfter: Record<string, GoldenTensor>;
}

type Windows = Record<string, { x: GoldenTensor; y: GoldenTensor }>;

const { windows, initial, losses, states } = golden<{
  windows: Windows;
  initial: Record<string, Record<string, GoldenTensor>>;
  losses: Record<Forward, Record<string, number[]>>;
  states: Record<string, State[]>;
}>("program");

const TIME_STEP = 10;
const LR = 0.02;
const STEPS = 100;
const SEEDS = Object.keys(initial).map(Number);

class RNN extends nn.Module {
  rnn = new nn.RNN({ inputSize: 1, hiddenSize: 32, numLayers: 1, batchFirst: true });
  out = new nn.Linear(32, 1);

  forward(x: Tensor, state?: Tensor): [prediction: Tensor, state: Tensor] {
    const [features, next] = this.rnn.forward(x, state); // (batch, time, 32), (layers, batch, 32)
    const outs = [];
    for (let t = 0; t < features.size(1); t++) outs.push(this.out.forward(features.select(1, t)));
    return [stack(outs, 1), next]; // (batch, time, 1)
  }
}

class BatchedRNN extends RNN {
  override forward(x: Tensor, state?: Tensor): [prediction: Tensor, state: Tensor] {
    const [features, next] = this.rnn.forward(x, state);
    return [this.out.forward(features.reshape(-1, 32)).view(1, -1, 1), next];
  }
}

const models = { loop: RNN, batched: BatchedRNN };
const lossFunction = new nn.MSELoss();

/** NumPy's linspace (float64, rounded once), then sin and cos rounded once, as a user of Eddy writes it. */
function ownWindow(step: number): { x: Tensor; y: Tensor } {
  const [start, end] = [step * Math.PI, (step + 1) * Math.PI];
  const times = Float32Array.from({ length: TIME_STEP }, (_, i) =>
    i === TIME_STEP - 1 ? end : start + i * ((end - start) / (TIME_STEP - 1)),
  );
  return { x: tensor(times.map(Math.sin), [1, TIME_STEP, 1]), y: tensor(times.map(Math.cos), [1, TIME_STEP, 1]) };
}

function goldenWindow(step: number, from = windows): { x: Tensor; y: Tensor } {
  return { x: goldenTensor(from[step].x), y: goldenTensor(from[step].y) };
}

/** One step of the program; returns the loss and the carried state, detached. */
function learn(model: RNN, optimizer: optim.Adam, state: Tensor | undefined, { x, y }: { x: Tensor; y: Tensor }) {
  const [prediction, next] = model.forward(x, state);
  const loss = lossFunction.forward(prediction, y);
  optimizer.zeroGrad();
  loss.backward();
  optimizer.step();
  return { loss: loss.item(), state: next.detach() };
}

function freeRun(
  seed: number,
  forward: Forward,
  steps: number,
  windowOf: (step: number) => { x: Tensor; y: Tensor },
): number[] {
  manualSeed(seed);
  const model = new models[forward]();
  const optimizer = new optim.Adam(model.parameters(), { lr: LR });
  const found: number[] = [];
  let state: Tensor | undefined;
  for (let step = 0; step < steps; step++) {
    const result = learn(model, optimizer, state, windowOf(step));
    state = result.state;
    found.push(result.loss);
  }
  return found;
}

describe("initial weights, bit for bit", () => {
  test.each(SEEDS)("seed %i", (seed) => {
    for (const Model of Object.values(models)) {
      manualSeed(seed);
      const dict = new Model().stateDict();
      expect(Object.keys(dict)).toEqual(Object.keys(initial[seed]));
      for (const [name, weight] of Object.entries(dict)) expectClose(weight, initial[seed][name], 0, name);
    }
  });

  test("seed 1's first input weights", () => {
    manualSeed(1);
    const [first, second] = new RNN().stateDict()["rnn.weight_ih_l0"].data;
    expect([first, second]).toEqual([0.09108652174472809, -0.07802538573741913]);
  });
});

describe("windows", () => {
  test("computed here, they equal NumPy's except for the last bit of a sine", () => {
    for (let step = 0; step < STEPS; step++) {
      expectClose(ownWindow(step).x, windows[step].x, 6e-8, `sin, window ${step}`);
      expectClose(ownWindow(step).y, windows[step].y, 6e-8, `cos, window ${step}`);
    }
  });
});

describe("free runs from the seed", () => {
  const sources = { "NumPy's windows": (step: number) => goldenWindow(step), "its own windows": ownWindow };
  for (const [source, windowOf] of Object.entries(sources)) {
    for (const forward of ["loop", "batched"] as const) {
      test(`${forward}, ${source}: seed 1, all ${STEPS} losses`, () => {
        expectLosses(freeRun(1, forward, STEPS, windowOf), losses[forward][1]);
      });

      test(`${forward}, ${source}: seeds 0 to 9, first 20 losses`, () => {
        for (const seed of SEEDS) {
          expectLosses(freeRun(seed, forward, 20, windowOf), losses[forward][seed].slice(0, 20), `seed ${seed}`);
        }
      });
    }
  }

  function expectLosses(received: number[], expected: number[], what = "losses"): void {
    expectClose(Float32Array.from(received), Float32Array.from(expected), 1e-5, what);
  }
});

/** Restores a model and its optimiser to a recorded state, takes that step and compares the results. */
function expectStep(forward: Forward, recorded: State, from: Windows, what: string): void {
  const model = new models[forward]();
  const optimizer = new optim.Adam(model.parameters(), { lr: LR });
  model.loadStateDict(goldenTensors(recorded.weights));
  const adam = recorded.adam.map(({ step, exp_avg, exp_avg_sq }, i) => [
    i,
    { step, exp_avg: goldenTensor(exp_avg), exp_avg_sq: goldenTensor(exp_avg_sq) },
  ]);
  optimizer.loadStateDict({ ...optimizer.stateDict(), state: Object.fromEntries(adam) });
  const hidden = recorded.hidden === null ? undefined : goldenTensor(recorded.hidden);
  const { loss } = learn(model, optimizer, hidden, goldenWindow(recorded.step, from));
  expectClose(loss, recorded.loss, 1e-6, `loss, ${what}, step ${recorded.step}`);
  for (const [name, weight] of Object.entries(model.stateDict())) {
    expectClose(weight, recorded.weightsAfter[name], 1e-6, `${name}, ${what}, after step ${recorded.step}`);
  }
  if (hidden !== undefined) {
    expect(hidden.data, "the carried state is not changed").toEqual(goldenValues(recorded.hidden!));
  }
}

describe("step by step from recorded states", () => {
  test.each(SEEDS)("seed %i, steps 0, 7, 40, 99", (seed) => {
    expect(states[seed].map(({ step }) => step)).toEqual([0, 7, 40, 99]);
    for (const recorded of states[seed]) expectStep("loop", recorded, windows, `seed ${seed}`);
  });

  longTest(
    "every step of seeds 0 to 9, both forwards, against a live PyTorch run",
    ({ skip }) => {
      const python =
        pythonWithTorch() ?? skip("found no python3 that imports torch; Debian's package is python3-torch");
      const folder = mkdtempSync(join(tmpdir(), "eddy-trajectories-"));
      try {
        execFileSync(python, [makeGolden, "--trajectories", folder], { stdio: ["ignore", "ignore", "inherit"] });
        for (const forward of ["loop", "batched"] as const) {
          for (const seed of SEEDS) {
            const file = join(folder, `${forward}-${seed}.json`);
            const run = JSON.parse(readFileSync(file, "utf8")) as { windows: Windows; states: State[] };
            expect(run.states.map(({ step }) => step)).toEqual(Array.from({ length: STEPS }, (_, step) => step));
            for (const recorded of run.states) expectStep(forward, recorded, run.windows, `${forward}, seed ${seed}`);
          }
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
    300_000,
  );
});

test("with a state that is not detached, the second backward throws and names the cause", () => {
  manualSeed(1);
  const model = new RNN();
  const optimizer = new optim.Adam(model.parameters(), { lr: LR });
  const step = (k: number, state?: Tensor): Tensor => {
    const { x, y } = ownWindow(k);
    const [prediction, next] = model.forward(x, state);
    optimizer.zeroGrad();
    lossFunction.forward(prediction, y).backward();
    optimizer.step();
    return next;
  };
  const attached = step(0);
  expect(() => step(1, attached)).toThrow(Error);
  expect(() => step(1, attached)).toThrow(/hidden state.*detach\(\)/s);
  expect(() => step(1, attached.detach())).not.toThrow();
});
