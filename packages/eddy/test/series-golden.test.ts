/** Scalers, scores and linear filters against NumPy, and ensembles against PyTorch (golden/series.py). */
import { autocorrelation, type CellName, Frame } from "eddy/series";
import { describe, expect, test } from "vitest";
import { fitLinearFilter } from "../src/series/baselines/linear-filter.ts";
import { plainFeatures } from "../src/series/data/features.ts";
import { scaleFrame } from "../src/series/data/scaled-frame.ts";
import { ensembleFrom, tensorsOf } from "../src/series/file/ensemble-tensors.ts";
import { Ensemble } from "../src/series/network/ensemble.ts";
import { predictWindows } from "../src/series/network/predict-windows.ts";
import { finish } from "../src/series/pace.ts";
import { score } from "../src/series/scores/metrics.ts";
import { Subset } from "../src/series/scores/subset.ts";
import { fitScaler } from "../src/series/training/fit-scaler.ts";
import { expectClose, type GoldenTensor, golden, goldenTensors, goldenValues } from "./oracle.ts";

type Numbers = (number | string)[];
interface Golden {
  scalers: Record<string, { values: Numbers; standard: number[]; minMax: number[]; robust: number[] }>;
  scores: { measured: number[]; predicted: number[]; rmse: number; mae: number; r2: number; fit: number };
  autocorrelation: { residuals: number[]; lags: number[] };
  filters: {
    inputs: number;
    taps: number;
    ridge: number;
    trainRows: number;
    u: number[];
    y: Numbers;
    weights: number[];
    predicted: number[];
  }[];
  ensembles: {
    inputs: number;
    targets: number;
    hidden: number;
    layers: number;
    cell: CellName;
    direct: boolean;
    learned: boolean;
    taps: number;
    networks: number;
    weights: Record<string, GoldenTensor>;
    x: GoldenTensor;
    y: GoldenTensor;
  }[];
}

const oracle = golden<Golden>("series");
const floats = (values: Numbers) => Float64Array.from(values, Number);

function expectNear(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  const scale = Array.from(expected).reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  for (let i = 0; i < expected.length; i++) {
    expect(Math.abs(actual[i] - expected[i]), `position ${i}: ${actual[i]} for ${expected[i]}`).toBeLessThanOrEqual(
      tolerance * scale,
    );
  }
}

describe.each(Object.entries(oracle.scalers))("scaler of %s", (name, { values, ...kinds }) => {
  test.each(["standard", "minMax", "robust"] as const)("%s", (kind) => {
    const columns = new Map([[name, floats(values)]]);
    const { scaler } = finish(fitScaler(kind, columns, [{ start: 0, end: values.length }]));
    const [center, scale] = kinds[kind];
    expectNear(scaler.center, [center], 1e-15);
    // Relative to the scale itself: 101325 ± 1 keeps its digits.
    expect(Math.abs(scaler.scale[0] / scale - 1)).toBeLessThan(kind === "standard" ? 1e-11 : 1e-10);
  });
});

test("scores", () => {
  const { measured, predicted, ...expected } = oracle.scores;
  const found = finish(score(new Map([["y", floats(measured)]]), [floats(predicted)]));
  for (const [name, value] of Object.entries(expected)) {
    expect(found[name as "rmse"], name).toBeCloseTo(value, 11);
  }
  expect([found.rows, found.skipped]).toEqual([50, 0]);
});

test("autocorrelation", () => {
  const { residuals, lags } = oracle.autocorrelation;
  expectNear(autocorrelation(residuals, 20), lags, 1e-13);
});

/** The sizes of networks that an ensemble of the filter alone does not have. */
const singleUnit = { cell: "rnn", hiddenSize: 1, numLayers: 1, linear: false, initialState: "zero" } as const;

describe.each(oracle.filters)("linear filter of $inputs inputs, $taps taps", ({ inputs, taps, ridge, ...stored }) => {
  const rows = stored.y.length;
  const names = Array.from({ length: inputs }, (_, i) => `u${i}`);
  const columns = Object.fromEntries(
    names.map((name, i) => [name, stored.u.filter((_, place) => place % inputs === i)]),
  );
  const frame = new Frame({ ...columns, y: floats(stored.y) });
  const unit = (width: number) => ({
    kind: "standard" as const,
    center: Array(width).fill(0),
    scale: Array(width).fill(1),
  });
  const options = { features: plainFeatures(names), targets: ["y"], washout: 0 };
  const data = finish(scaleFrame(frame, options, { inputScaler: unit(inputs), targetScaler: unit(1) }));
  const train = new Subset(data, [{ start: 0, end: stored.trainRows }], ["y"], 0);
  const { filter } = finish(
    fitLinearFilter([train], [{ fitted: [0], validated: [0] }], inputs, 1, { choices: [{ taps, ridge }] }),
  );
  const sizes = { ...singleUnit, inputSize: inputs, targetSize: 1 };

  test("weights", () => {
    expectNear(filter.weights[0], stored.weights, 2 ** -24); // rounded to float32
  });

  test("predictions", () => {
    const out = new Float32Array(rows);
    finish(predictWindows(new Ensemble(sizes, filter), data.x, [{ warmUpStart: 0, start: 0, end: rows }], out));
    expectNear(out, stored.predicted, 1e-6);
  });
});

describe.each(oracle.ensembles)(
  "ensemble of $taps taps and $networks networks ($cell)",
  ({ weights, x, y, ...one }) => {
    const ensemble = ensembleFrom(
      {
        ...{ cell: one.cell, inputSize: one.inputs, targetSize: one.targets, hiddenSize: one.hidden },
        ...{ numLayers: one.layers, linear: one.direct, initialState: one.learned ? "learned" : "zero" },
      },
      goldenTensors(weights),
    );

    test("PyTorch's state dict is read, and written with the same names, shapes and bits", () => {
      const written = tensorsOf(ensemble);
      expect(Object.keys(written).sort()).toEqual(Object.keys(weights).sort());
      for (const [name, stored] of Object.entries(weights)) {
        expectClose(
          { shape: written[name].shape, data: Array.from(written[name].data) } as GoldenTensor,
          stored,
          0,
          name,
        );
      }
      expect([ensemble.filter.taps, ensemble.networks.length]).toEqual([one.taps, one.networks]);
    });

    test("predictions", () => {
      const [batch] = x.shape;
      expectClose(ensemble.forward(goldenValues(x), batch, ensemble.start(batch))[0], y, 1e-6, "y");
    });
  },
);
