// The program with all its settings, and what it shows of its inside.
import { nn, type Tensor, tensor } from "eddy";
import { describe, expect, test } from "vitest";
import { golden } from "../../eddy/test/oracle.ts";
import {
  type InnerValues,
  Inside,
  type LearnedWindow,
  Program,
  type ProgramSettings,
  predict,
  tutorialSettings,
} from "../src/program/index.ts";
import { float32Linspace } from "../src/program/signal.ts";

const run = (changed: Partial<ProgramSettings> = {}): LearnedWindow[] => [
  ...new Program({ ...tutorialSettings, ...changed }).learn(),
];
const lossesOf = (windows: readonly LearnedWindow[]) => windows.map(({ loss }) => loss);
const meanOfLast = (losses: readonly number[]) => losses.slice(-10).reduce((sum, loss) => sum + loss / 10, 0);

/** A run that is looked into at each step. */
function observed(changed: Partial<ProgramSettings> = {}): (LearnedWindow & InnerValues)[] {
  const program = new Program({ ...tutorialSettings, ...changed });
  const inside = new Inside(program);
  let inner: InnerValues | undefined;
  const windows = program.learn((moment) => {
    inner = inside.look(moment);
    inside.influence(0);
  });
  return Array.from(windows, (window) => ({ ...window, ...inner! }));
}

const cellsAndLayers = (["rnn", "lstm", "gru"] as const).flatMap((cell) => [1, 2].map((layers) => ({ cell, layers })));

test("the time axis equals NumPy's", () => {
  // np.linspace(k*np.pi, (k+1)*np.pi, n, dtype=np.float32).tolist() for k, n = 99, 10 and 2, 7 and 3, 1
  expect([...float32Linspace(99 * Math.PI, 100 * Math.PI, 10)]).toEqual([
    311.0176696777344, 311.3667297363281, 311.7157897949219, 312.06488037109375, 312.4139404296875, 312.76300048828125,
    313.112060546875, 313.46112060546875, 313.8102111816406, 314.1592712402344,
  ]);
  expect([...float32Linspace(2 * Math.PI, 3 * Math.PI, 7)]).toEqual([
    6.2831854820251465, 6.806784152984619, 7.330382823944092, 7.8539814949035645, 8.377580642700195, 8.901179313659668,
    9.42477798461914,
  ]);
  expect([...float32Linspace(3 * Math.PI, 4 * Math.PI, 1)]).toEqual([9.42477798461914]);
  // np.linspace(np.pi, 2*np.pi, 4, endpoint=False, dtype=np.float32).tolist()
  expect([...float32Linspace(Math.PI, 2 * Math.PI, 4, false)]).toEqual([
    3.1415927410125732, 3.9269907474517822, 4.71238899230957, 5.497786998748779,
  ]);
});

describe("learning", () => {
  const { losses } = golden<{ losses: Record<"loop" | "batched", Record<string, number[]>> }>("program");

  test.each(["loop", "batched"] as const)("with the tutorial's settings, PyTorch's losses (%s)", (forward) => {
    const found = lossesOf(run({ forward }));
    for (const [i, loss] of losses[forward][1].entries()) expect(Math.abs(found[i] - loss)).toBeLessThan(1e-5);
  });

  test("only a carried state lets the network predict cos", () => {
    expect(meanOfLast(lossesOf(run()))).toBeLessThan(0.01);
    expect(meanOfLast(lossesOf(run({ carry: false })))).toBeGreaterThan(0.05);
  });

  test.each([
    ...cellsAndLayers.map((change) => (change.layers === 2 ? { ...change, lr: 0.005 } : change)),
    { forward: "batched" },
    { endpoint: false, lr: 0.01 },
    { dynamic: true, lr: 0.005 },
    { optimizer: "rmsprop", lr: 0.002 },
  ] as const)("it learns with %j", (changed) => {
    expect(meanOfLast(lossesOf(run(changed)))).toBeLessThan(0.02);
  });

  test("with a state that is not detached, the second backward throws the library's error", () => {
    const windows = new Program({ ...tutorialSettings, detach: false }).learn();
    expect(windows.next().value).toMatchObject({ step: 1 });
    expect(() => windows.next()).toThrow(/hidden state.*detach\(\)/s);
  });

  test("gradients that are not set to zero are sums over all steps so far", () => {
    const [zeroed, kept] = [observed({ lr: 1e-12 }), observed({ lr: 1e-12, zeroGrad: false })];
    expect(kept[0].gradientNorm).toBe(zeroed[0].gradientNorm);
    expect(kept[20].gradientNorm).toBeGreaterThan(5 * zeroed[20].gradientNorm);
  });

  test("teacher forcing learns at once, but with its own outputs it predicts worse than it seems", () => {
    const windows = observed({ teacherForcing: true });
    const errorOf = (name: "prediction" | "freeRunning") =>
      meanOfLast(windows.map(({ target, [name]: y }) => target.reduce((sum, t, i) => sum + (t - y![i]) ** 2 / 10, 0)));
    expect(errorOf("prediction")).toBeLessThan(0.01);
    expect(errorOf("freeRunning")).toBeGreaterThan(2 * errorOf("prediction"));
    // At the first point both know the same.
    for (const { prediction, freeRunning } of windows) expect(freeRunning![0]).toBeCloseTo(prediction[0], 5);
  });

  test("dynamic windows are contiguous, one to three half periods long, and independent of other runs", () => {
    const settings = { ...tutorialSettings, dynamic: true, steps: 30 };
    const windows = run(settings);
    expect(new Set(windows.map(({ time }) => time.length / 10))).toEqual(new Set([1, 2, 3]));
    for (const [i, { time }] of windows.slice(1).entries()) expect(time[0]).toBe(windows[i]!.time.at(-1));

    const [one, other] = [new Program({ ...settings }).learn(), new Program({ ...settings, seed: 7 }).learn()];
    const interleaved = windows.map(() => [one.next(), other.next()].map(({ value }) => value!.loss)[0]);
    expect(interleaved).toEqual(lossesOf(windows));
  });
});

describe("changes during a run", () => {
  test("the learning rate, clipping and switches apply from the next step on", () => {
    const unchanged = lossesOf(run({ steps: 20 }));
    for (const change of [{ lr: 0.001 }, { clip: 0.01 }, { carry: false }, { endpoint: false }, { timeStep: 5 }]) {
      const program = new Program({ ...tutorialSettings, steps: 20 });
      const windows = program.learn();
      const losses = Array.from({ length: 10 }, () => windows.next().value!.loss);
      Object.assign(program.settings, change);
      losses.push(...lossesOf([...windows]));
      expect(losses.slice(0, 10)).toEqual(unchanged.slice(0, 10));
      expect(losses.slice(-5)).not.toEqual(unchanged.slice(-5));
    }
  });

  test("more steps continue a run, with lengths as those of a longer one", () => {
    const program = new Program({ ...tutorialSettings, dynamic: true, steps: 10 });
    const windows = program.learn();
    const losses = Array.from({ length: 10 }, () => windows.next().value!.loss);
    program.settings.steps = 20;
    losses.push(...lossesOf([...windows]));
    expect(losses).toEqual(lossesOf(run({ dynamic: true, steps: 20 })));
  });
});

describe("looking inside", () => {
  test.each([...cellsAndLayers, { teacherForcing: true }, { clip: 0.1 }, { zeroGrad: false, lr: 1e6 }] as const)(
    "changes no number of the run with %j",
    (changed) => {
      expect(lossesOf(observed({ steps: 30, ...changed }))).toEqual(lossesOf(run({ steps: 30, ...changed })));
    },
  );

  test.each(cellsAndLayers)("the values of %j follow from the cell's equation, state by state", ({ cell, layers }) => {
    const program = new Program({ ...tutorialSettings, hidden: 5, cell, layers });
    const inside = new Inside(program);
    let previous: Float32Array | undefined; // the last layer's state before the window
    let c = new Float64Array(5);
    const values: [Float32Array | undefined, InnerValues][] = [];
    const windows = program.learn((moment) => {
      previous = moment.state?.[0].select(0, layers - 1).clone().data;
      c = Float64Array.from(moment.state?.[1]?.select(0, layers - 1).clone().data ?? new Float32Array(5));
      const inner = inside.look(moment);
      values.push([previous, inner]);
      const { hidden, gates } = inner;
      expect(Object.keys(gates)).toEqual({ rnn: [], lstm: ["i", "f", "g", "o"], gru: ["r", "z", "n"] }[cell]);
      for (let t = 0; t < 10; t++) {
        for (let k = 0; k < 5; k++) {
          const at = t * 5 + k;
          const before = t > 0 ? hidden[at - 5] : (previous?.[k] ?? 0);
          if (cell === "gru") {
            const { z, n } = gates;
            expect(hidden[at]).toBeCloseTo((1 - z[at]) * n[at] + z[at] * before, 5);
          } else if (cell === "lstm") {
            const { i, f, g, o } = gates;
            c[k] = f[at] * c[k] + i[at] * g[at];
            expect(hidden[at]).toBeCloseTo(o[at] * Math.tanh(c[k]), 5);
          }
        }
      }
    });
    for (let step = 0; step < 5; step++) windows.next();
    expect(values).toHaveLength(5);
  });

  test("the gradient's norm is the one before clipping", () => {
    const [free, clipped] = [observed({ steps: 1 }), observed({ steps: 1, clip: 0.01 })];
    expect(clipped[0].gradientNorm).toBe(free[0].gradientNorm);
    const program = new Program({ ...tutorialSettings });
    let norm = 0;
    program.learn(() => (norm = nn.clipGradNorm(program.model.parameters(), 1e9))).next();
    expect(norm).toBeCloseTo(free[0].gradientNorm, 6);
  });

  test.each([...cellsAndLayers, { teacherForcing: true }] as const)(
    "influence equals central differences, with %j",
    (changed) => {
      const settings = { ...tutorialSettings, hidden: 6, ...changed };
      const program = new Program(settings);
      const inside = new Inside(program);
      let weights: Record<string, Tensor> = {};
      let window: { x: Float32Array; state: readonly Tensor[] | undefined } | undefined;
      const windows = program.learn((moment) => {
        weights = Object.fromEntries(Object.entries(program.model.stateDict()).map(([k, v]) => [k, v.clone()]));
        window = { x: moment.x.data.slice(), state: moment.state };
        inside.look(moment);
      });
      for (let step = 0; step < 3; step++) windows.next();
      const { model } = new Program(settings);
      model.loadStateDict(weights);
      const features = model.rnn.inputSize;
      for (const output of [0, 4, 9]) {
        const influence = inside.influence(output)!;
        const outputWith = (t: number, change: number) => {
          const x = window!.x.slice();
          x[t * features] += change;
          const [prediction] = model.forward(tensor(x, [1, 10, features]), window!.state, "loop");
          return prediction.data[9 - output];
        };
        for (let t = 0; t < 10; t++) {
          const difference = (outputWith(t, 0.01) - outputWith(t, -0.01)) / 0.02;
          expect(influence[t]).toBeCloseTo(difference, 3);
          if (t > 9 - output) expect(influence[t]).toBe(0);
        }
      }
      expect(inside.influence(10)).toEqual(new Float32Array(10)); // an output that this window does not have
    },
  );
});

describe("prediction after training", () => {
  test("from the carried state it continues the signal, from zeros it must find its phase first", () => {
    const program = new Program({ ...tutorialSettings, steps: 300 });
    for (const _ of program.learn());
    const time = float32Linspace(300 * Math.PI, 302 * Math.PI, 20);
    const input = [...time].map(Math.sin);
    const worst = (carried: boolean) => {
      const { prediction, hidden } = predict(program, input, carried);
      expect([prediction.length, hidden.length]).toEqual([20, 20 * 32]);
      return Math.max(...[...prediction.slice(0, 10)].map((y, i) => Math.abs(y - Math.cos(time[i]))));
    };
    expect(worst(true)).toBeLessThan(0.3);
    expect(worst(false)).toBeGreaterThan(worst(true));
    expect(predict(program, input, true)).toEqual(predict(program, input, true)); // the state stays
  });

  test("with teacher forcing, it feeds back its own outputs", () => {
    const program = new Program({ ...tutorialSettings, teacherForcing: true });
    for (const _ of program.learn());
    const { prediction } = predict(program, [0.1, 0.2, 0.3], false);
    const { model } = program;
    let [state, last]: [readonly Tensor[] | undefined, number] = [undefined, 0];
    for (const [t, u] of [0.1, 0.2, 0.3].entries()) {
      const [y, next] = model.forward(tensor([[[u, last]]]), state, "loop");
      [state, last] = [next.map((part) => part.detach()), y.item()];
      expect(prediction[t]).toBe(last);
    }
  });
});
