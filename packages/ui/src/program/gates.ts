// The gates of an LSTM or GRU over a window, from its weights, inputs and states.
import { cat, noGrad, type Tensor, zeros } from "eddy";
import { layers, type RNN, type State } from "./net.ts";
import type { ProgramSettings } from "./settings.ts";

/**
 * The gates of the last layer by name, (time, hidden) each; none for an RNN. g and n, through tanh, are the new values.
 *
 * @param features outputs of the last layer, (1, time, hidden).
 */
export function gatesOf(
  model: RNN,
  { cell, hidden, layers: count }: ProgramSettings,
  x: Tensor,
  state: State | undefined,
  features: Tensor,
): Record<string, Float32Array> {
  if (cell === "rnn") return {};
  const weights = model.stateDict();
  const last = count - 1;
  const linear = (rows: Tensor, name: "ih" | "hh") =>
    rows.matmul(weights[`rnn.weight_${name}_l${last}`].transpose(0, 1)).add(weights[`rnn.bias_${name}_l${last}`]);

  return noGrad(() => {
    const start = state === undefined ? zeros(1, hidden) : state[0].select(0, last); // (1, hidden)
    const time = x.size(1);
    const before = cat([start, features.select(0, 0).narrow(0, 0, time - 1)], 0); // the state before each point
    const inputs = linear(inputOfLastLayer(model, count, x, state).select(0, 0), "ih"); // (time, gates · hidden)
    const states = linear(before, "hh");
    const part = (sums: Tensor, gate: number) => sums.narrow(1, gate * hidden, hidden);
    const both = (gate: number) => part(inputs, gate).add(part(states, gate));
    if (cell === "lstm") {
      return values({ i: both(0).sigmoid(), f: both(1).sigmoid(), g: both(2).tanh(), o: both(3).sigmoid() });
    }
    const r = both(0).sigmoid();
    return values({
      r,
      z: both(1).sigmoid(),
      n: part(inputs, 2)
        .add(r.mul(part(states, 2)))
        .tanh(),
    });
  });
}

/** The layers below the last one are run again, as a network of their own. */
function inputOfLastLayer({ rnn }: RNN, count: number, x: Tensor, state: State | undefined): Tensor {
  if (count === 1) return x;
  const { inputSize, hiddenSize } = rnn;
  const below = new layers[rnn instanceof layers.lstm ? "lstm" : "gru"]({
    ...{ inputSize, hiddenSize, numLayers: count - 1, batchFirst: true },
  });
  const isBelow = (name: string) => !name.endsWith(`_l${count - 1}`);
  below.loadStateDict(Object.fromEntries(Object.entries(rnn.stateDict()).filter(([name]) => isBelow(name))));
  return below.run(
    x,
    state?.map((part) => part.narrow(0, 0, count - 1)),
  )[0];
}

const values = (gates: Record<string, Tensor>) =>
  Object.fromEntries(Object.entries(gates).map(([name, gate]) => [name, gate.data]));
