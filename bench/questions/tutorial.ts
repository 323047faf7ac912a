// How long does the tutorial's training step take, with its loop over time and with one batched Linear?
import type { Training } from "../work/work.ts";
import { compare } from "./compare.ts";

export const tutorialStep: Training = {
  kind: "training",
  cell: "rnn",
  inputSize: 1,
  hiddenSize: 32,
  numLayers: 1,
  batch: 1,
  time: 10,
  head: "loop",
  carry: true,
  lr: 0.02,
  windows: 100,
};

export const tutorial = compare("tutorial", "The tutorial's training step: RNN 1→32, batch 1, 10 steps, Adam", {
  "tutorial's step, loop": tutorialStep,
  "tutorial's step, batched": { ...tutorialStep, head: "batched" },
});
