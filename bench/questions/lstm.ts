// How long does a training step of an LSTM take, from a small one to one of a million weights?
import type { Training } from "../work/work.ts";
import { compare, sequences } from "./compare.ts";

export const smallLstm: Training = { ...sequences, cell: "lstm", hiddenSize: 64 };

export const lstm = compare("lstm", "Training step of an LSTM: forward, backward, Adam", {
  "LSTM 8→64, batch 32, 50 steps": smallLstm,
  "LSTM 8→128, 2 layers, batch 32, 50 steps": { ...smallLstm, hiddenSize: 128, numLayers: 2 },
  "LSTM 8→256, 2 layers, batch 64, 100 steps": { ...smallLstm, hiddenSize: 256, numLayers: 2, batch: 64, time: 100 },
});
