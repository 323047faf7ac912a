// How long does a training step of a plain RNN take, at a size where arithmetic counts?
import { compare, sequences } from "./compare.ts";

export const rnn = compare("rnn", "Training step of an RNN: forward, backward, Adam", {
  "RNN 8→128, batch 32, 50 steps": { ...sequences, cell: "rnn", hiddenSize: 128 },
});
