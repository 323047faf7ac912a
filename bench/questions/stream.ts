// How long does one step of a live signal take, with the state carried: its usual latency and its 99th percentile?
import { race } from "../harness/race.ts";
import type { Question } from "./question.ts";

export const stream: Question = {
  name: "stream",
  title: "One step of inference with carried state, without gradients",
  answer: ({ entrants, pace }) =>
    race(
      "one step of a stream, LSTM 1→64 and Linear",
      { kind: "stream", cell: "lstm", inputSize: 1, hiddenSize: 64, numLayers: 1, windows: 100 },
      entrants,
      pace,
      0, // times every step: a percentile of averages would be meaningless
    ),
};
