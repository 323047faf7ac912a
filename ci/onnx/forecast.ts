// A forecast exported to ONNX: ONNX Runtime must give the forecasts of Eddy's stream, with the past and the path in the graph.
import { Frame, modelToOnnx, trainForecast } from "eddy/series";
import { type InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";

const hourMs = 3_600_000;
const rows = 240;
const season = 12;
const horizon = 18;
/** Rows of the past that the graph keeps: seven seasons. */
const longestPast = 7 * season;

/**
 * Returns the largest relative deviation, over both paths and both units.
 *
 * @param load loads a graph with full checks.
 */
export async function forecastDeviation(load: (bytes: Uint8Array) => Promise<InferenceSession>): Promise<number> {
  const y = Float64Array.from(
    { length: rows },
    (_, t) => 20 + 5 * Math.sin((Math.PI * t) / 6) + Math.sin(t * t) + t / 50,
  );
  const z = y.map((value, t) => 2 * value + Math.cos(3 * t * t));
  const time = y.map((_, t) => Date.UTC(2024, 0, 1) + t * hourMs);
  /** A row of the graph's x: the targets, and two harmonics of the day. */
  const given = (t: number) => [
    y[t],
    z[t],
    ...[1, 2].flatMap((k) => [Math.sin, Math.cos].map((wave) => wave((2 * Math.PI * k * t) / 24))),
  ];
  let worst = 0;
  for (const [path, transform] of [
    ["last", "none"],
    ["season", "log"],
  ] as const) {
    const options = { targets: ["y", "z"], horizon, season, path, transform };
    const training = trainForecast(new Frame({ y, z }, { time }), {
      ...options,
      epochs: 4,
      networks: 4,
      hiddenSize: 4,
      jobs: 1,
    });
    for await (const _ of training);
    const { forecaster } = training;
    const session = await load(modelToOnnx(forecaster.model));
    const stream = forecaster.stream({ level: false });
    const first = path === "season" ? season : 0;
    for (let row = 0; row < first; row++) stream.predict({ y: y[row], z: z[row] }, time[row]);
    const state = forecaster.model.stream().state.slice(0, -1);
    const parts = session.inputNames.filter((name) => name !== "x" && name !== "past_0");
    const pairs = (from: number, to: number) =>
      Float64Array.from({ length: 2 * (to - from) }, (_, i) => (i % 2 ? z : y)[from + (i >> 1)]);
    // Of the longest past, the first rows are all that there is.
    const past = new Float64Array(2 * longestPast).fill(Number.NaN);
    past.set(pairs(0, first).map(Math.log), past.length - 2 * first);
    const x = Array.from({ length: rows - first }, (_, i) => given(first + i));
    const answer = await session.run({
      x: new OrtTensor("float64", Float64Array.from(x.flat()), [1, x.length, x[0].length]),
      past_0: new OrtTensor("float64", past, [past.length / 2, 1, 2]),
      ...Object.fromEntries(parts.map((name, i) => [name, new OrtTensor("float32", state[i].data, state[i].shape)])),
    });
    const served = answer.y.data as Float64Array;
    for (let row = first; row < rows; row++) {
      const own = stream.predict({ y: y[row], z: z[row] }, time[row]);
      for (const [j, name] of ["y", "z"].entries()) {
        for (let step = 0; step < horizon; step++) {
          const value = served[((row - first) * 2 + j) * horizon + step];
          worst = Math.max(worst, Math.abs(value / own[name][step] - 1));
        }
      }
    }
  }
  return worst;
}
