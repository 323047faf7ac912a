// Questions that race every entrant at the same works, and the settings of all training steps but the tutorial's.
import { race } from "../harness/race.ts";
import { type Findings, gathered } from "../harness/rows.ts";
import type { Training, Work } from "../work/work.ts";
import type { Question } from "./question.ts";

export function compare(name: string, title: string, works: Record<string, Work>): Question {
  return {
    name,
    title,
    async answer({ entrants, pace }) {
      const findings: Findings[] = [];
      for (const [label, work] of Object.entries(works)) findings.push(await race(label, work, entrants, pace));
      return gathered(findings);
    },
  };
}

/** Sequences of 8 features, each from a zero state, with one output at every time step. */
export const sequences = {
  kind: "training",
  inputSize: 8,
  numLayers: 1,
  batch: 32,
  time: 50,
  head: "either",
  carry: false,
  lr: 0.005,
  windows: 1,
} as const satisfies Partial<Training>;
