// How does the cost of a training step grow with the hidden size?
import { follow } from "./curve.ts";
import { smallLstm } from "./lstm.ts";

export const hidden = follow({
  name: "hidden",
  title: "Cost against hidden size: LSTM 8→H, batch 32, 50 steps",
  unit: "hidden units",
  sizes: [8, 16, 32, 64, 128, 256, 512],
  expected:
    "Expected: below the bend a step's fixed cost and its H activations count, above it the H² of the hidden weights.",
  workOf: (hiddenSize) => ({ ...smallLstm, hiddenSize }),
});
