// How does the cost of a training step grow with the length of the sequence?
import { follow } from "./curve.ts";
import { smallLstm } from "./lstm.ts";

export const length = follow({
  name: "length",
  title: "Cost against sequence length: LSTM 8→64, batch 1",
  unit: "time steps",
  sizes: [10, 30, 100, 300, 1000, 3000, 10_000],
  expected: "Expected: in proportion, since steps follow one another, once they cost more than graph, head and Adam.",
  workOf: (time) => ({ ...smallLstm, batch: 1, time }),
});
