/** The predictor of a network gives the bits of the network with gradients, for every cell. */
import { rand } from "eddy";
import { expect, test } from "vitest";
import { cellNames } from "../src/nn/cells.ts";
import { drawNetwork } from "../src/series/network/network.ts";
import { narrowed } from "../src/series/network/simulator.ts";
import { weightShapes } from "../src/series/network/sizes.ts";

const [batch, time, inputSize] = [3, 6, 2];

test.each(
  cellNames.flatMap((cell) => [
    { cell, numLayers: 2, linear: true, initialState: "learned" as const },
    { cell, numLayers: 1, linear: false, initialState: "zero" as const },
  ]),
)("$cell, $numLayers layers", (more) => {
  const network = drawNetwork({ ...more, inputSize, hiddenSize: 5, targetSize: 2 }, 1);
  const shapes = Object.entries(network.stateDict()).map(([name, { shape }]) => [name, shape]);
  expect(Object.entries(weightShapes(network.options))).toEqual(shapes);
  if (more.initialState === "learned") network.loadStateDict({ ...network.stateDict(), h_0: rand(2, 1, 5) });

  const x = rand(batch, time, inputSize);
  for (const lengths of [undefined, [6, 4, 1]]) {
    const [y, state] = network.forward(x, network.start(batch), lengths && { lengths });
    const { predictor } = network;
    const [found, next] = predictor.forward(x.data, batch, predictor.start(batch), lengths);
    for (let b = 0; b < batch; b++) {
      const steps = lengths?.[b] ?? time;
      const [from, to] = [b * time * 2, (b * time + steps) * 2];
      expect(found.subarray(from, to)).toEqual(y.data.subarray(from, to));
    }
    expect(next).toEqual(state.map(({ data }) => data));
    expect(narrowed(next, predictor.parts, batch, 2)).toEqual(state.map((part) => part.narrow(1, 0, 2).data));
  }
});
