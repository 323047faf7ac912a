// Questions that vary one size of a training step, for Eddy and PyTorch, and find where the cost curve bends.
import { race } from "../harness/race.ts";
import { type Findings, gathered } from "../harness/rows.ts";
import { type Bend, bendOf } from "../harness/statistics.ts";
import type { Training } from "../work/work.ts";
import type { Question } from "./question.ts";

export interface Curve {
  name: string;
  title: string;
  /** The varied size, as in "64 hidden units". */
  unit: string;
  sizes: number[];
  workOf(size: number): Training;
  /** Where the cost should bend, and why: shown next to the measurement. */
  expected: string;
}

/** A smaller difference of slopes is not a bend. */
const BEND = 0.3;

export function follow({ name, title, unit, sizes, workOf, expected }: Curve): Question {
  return {
    name,
    title,
    async answer({ entrants, pace, quick }) {
      const chosen = quick ? sizes.filter((_, i) => i % 2 === 0) : sizes;
      const followed = entrants.filter((entrant) => entrant.name === "Eddy" || entrant.name === "PyTorch");
      const findings: Findings[] = [];
      for (const size of chosen) {
        findings.push(await race(`${size} ${unit}`, workOf(size), followed, { ...pace, firstSteps: 3 }));
      }
      const { rows, failures } = gathered(findings);
      const notes = followed.flatMap(({ name }) => {
        const own = rows.filter(({ entrant }) => entrant === name);
        if (own.length < chosen.length) return [];
        const medians = own.map(({ median }) => median);
        return [`${name}: ${growth(bendOf(chosen, medians), unit)}`];
      });
      return { rows, failures, notes: [...notes, expected] };
    },
  };
}

function growth({ at, before, after }: Bend, unit: string): string {
  if (Math.abs(after - before) < BEND)
    return `cost grows as size^${((before + after) / 2).toFixed(1)}, without a bend.`;
  return `cost bends at ${at} ${unit}, from size^${before.toFixed(1)} below to size^${after.toFixed(1)} above.`;
}
