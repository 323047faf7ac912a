/** What a model learned: on models with a known law, written into the weights or learned from it. */
import { fromSafetensors, tensor, toSafetensors } from "eddy";
import { autocorrelation, Frame, impulseResponse, Model, memoryHorizon, staticGain, stepResponse } from "eddy/series";
import { beforeAll, describe, expect, test } from "vitest";
import { noise, short, small, tankFrame, trained } from "./series-data.ts";

/** y = 10 · tanh-RNN of one unit: h′ = tanh(0.001 u + 0.9 h) ≈ 0.001 u + 0.9 h; a first-order lag of known numbers. */
async function lag(): Promise<Model> {
  const u = noise(400);
  const { model } = await trained(
    {
      inputs: ["u"],
      targets: ["y"],
      cell: "rnn",
      hiddenSize: 1,
      numLayers: 1,
      linear: false,
    },
    new Frame({ u, y: noise(400, 2) }),
    short,
  );
  const { metadata } = fromSafetensors(model.toBytes());
  const record = JSON.parse(metadata.eddy);
  record.inputScaler = { kind: "standard", center: [0], scale: [1] };
  record.targetScaler = { kind: "standard", center: [5], scale: [1] };
  record.summary.inputsRange.u = { min: -1, max: 1, mean: 0 };
  const weights = {
    share: tensor([1]),
    "filter.weight": tensor([[[0]]]),
    "filter.bias": tensor([0]),
    "networks.0.rnn.weight_ih_l0": tensor([[0.001]]),
    "networks.0.rnn.weight_hh_l0": tensor([[0.9]]),
    "networks.0.rnn.bias_ih_l0": tensor([0]),
    "networks.0.rnn.bias_hh_l0": tensor([0]),
    "networks.0.out.weight": tensor([[1000]]),
    "networks.0.out.bias": tensor([0]),
  };
  return Model.fromBytes(toSafetensors(weights, { eddy: JSON.stringify(record) }));
}

describe("a first-order lag, y′ = 0.9 y + u around 5", () => {
  let model: Model;
  beforeAll(async () => {
    model = await lag();
  });

  test("step response: 5 + 10 (1 − 0.9ⁿ) for a step by 1", () => {
    const { before, response, settled, from, to } = stepResponse(model, { input: "u", from: 0, to: 1, rows: 60 });
    expect([before.y, from, to]).toEqual([5, 0, 1]);
    for (const row of [0, 1, 5, 59]) expect(response.y[row]).toBeCloseTo(5 + 10 * (1 - 0.9 ** (row + 1)), 2);
    expect(settled).toBe(true);
  });

  test("by default it ends where it has settled", () => {
    const { response, settled } = stepResponse(model, { input: "u" });
    expect(settled).toBe(true);
    expect(response.y.length).toBeGreaterThan(44); // 0.9⁴⁴ ≈ 1 %
    expect(response.y.length).toBeLessThan(90);
  });

  test("impulse response: 5 + 0.9ⁿ", () => {
    const { response } = impulseResponse(model, { input: "u", from: 0, to: 1, rows: 40 });
    for (const row of [0, 1, 10, 39]) expect(response.y[row]).toBeCloseTo(5 + 0.9 ** row, 3);
  });

  test("static gain: 10 u", () => {
    const { levels, outputs, settled } = staticGain(model, { input: "u", points: 5 });
    expect(Array.from(levels)).toEqual([-1, -0.5, 0, 0.5, 1]);
    for (const [i, level] of levels.entries()) expect(outputs.y[i]).toBeCloseTo(5 + 10 * level, 1);
    expect(Array.from(settled)).toEqual([1, 1, 1, 1, 1]);
  });

  test("memory horizon: 99 % of Σ 0.9ⁿ lie within 44 rows", () => {
    const { rows, complete, inputs } = memoryHorizon(model, new Frame({ u: noise(1000, 3) }));
    expect(Math.abs(rows - 43)).toBeLessThanOrEqual(2);
    expect(complete).toBe(true);
    for (const row of [0, 1, 20]) expect(inputs.u.influence[row] / inputs.u.influence[0]).toBeCloseTo(0.9 ** row, 2);
  });

  test("a horizon beyond the simulated rows is reported", () => {
    expect(memoryHorizon(model, new Frame({ u: noise(30) }), { rows: 12 }).complete).toBe(false);
    expect(() => memoryHorizon(model, new Frame({ u: [1] }))).toThrow("at least 2 consecutive rows");
  });

  test("unknown inputs are reported by name", () => {
    expect(() => stepResponse(model, { input: "v" })).toThrow('an input of the model ("u"), received "v"');
    expect(() => staticGain(model, { input: "u", points: 1 })).toThrow("at least 2 points");
  });
});

test("the model of a tank responds to a step like the tank", async () => {
  const { model } = await trained({ ...small, hiddenSize: 12 }, tankFrame(2000), {
    epochs: 60,
    chunk: 100,
    lanes: 4,
    networks: 1,
    learningRate: 0.02,
  });
  const { before, response } = stepResponse(model, { input: "u", from: 0, to: 1 });
  expect(before.y).toBeCloseTo(10, 0);
  expect(response.y.at(-1)!).toBeCloseTo(10 + 10 * Math.tanh(1), 0);
  expect(response.y[2]).toBeCloseTo(10 + 10 * Math.tanh(1) * (1 - 0.8 ** 3), 0);
});

describe("autocorrelation", () => {
  test("of noise stays within its bounds, of a constant is NaN", () => {
    const found = autocorrelation(noise(4000), 50);
    expect(found[0]).toBe(1);
    expect(found.slice(1).filter((value) => Math.abs(value) > 1.96 / Math.sqrt(4000)).length).toBeLessThan(8);
    expect(autocorrelation([3, 3, 3], 1)[1]).toBeNaN();
  });

  test("missing values are skipped", () => {
    const values = Float64Array.from({ length: 2000 }, (_, t) => Math.sin(t / 5));
    const holed = values.map((value, t) => (t % 10 === 0 ? Number.NaN : value));
    const [whole, part] = [autocorrelation(values, 20), autocorrelation(holed, 20)];
    for (let lag = 0; lag <= 20; lag++) expect(part[lag]).toBeCloseTo(whole[lag], 1);
    expect(() => autocorrelation([1, 2], 2)).toThrow("lags from 0 to 1");
  });
});
