// How does the cost of a training step grow with the batch?
import { follow } from "./curve.ts";
import { smallLstm } from "./lstm.ts";

export const batch = follow({
  name: "batch",
  title: "Cost against batch: LSTM 8→64, 50 steps",
  unit: "rows a batch",
  sizes: [1, 2, 4, 8, 16, 32, 64, 128, 256],
  expected:
    "Expected: below the bend a step's fixed cost and the reading of the weights count, above it the rows' arithmetic.",
  workOf: (batch) => ({ ...smallLstm, batch }),
});
