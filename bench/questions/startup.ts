// How long does a new process take to import the library and to its first training step, and how much memory does it use?
import { START } from "../harness/contestant.ts";
import type { Entrant, Job } from "../harness/entrants.ts";
import { alternate, withJob } from "../harness/race.ts";
import { type Failure, failureFrom, type Row } from "../harness/rows.ts";
import { ratio, summarize } from "../harness/statistics.ts";
import type { Question } from "./question.ts";
import { tutorialStep } from "./tutorial.ts";

const figures = [
  { work: "import", unit: "ms" },
  { work: "process start to first training step", unit: "ms" },
  { work: "memory after the first step", unit: "MB" },
] as const;

export const startup: Question = {
  name: "startup",
  title: "A fresh process: import, first step, memory",
  async answer({ entrants, pace }) {
    const libraries = entrants.filter(({ name }) => !name.startsWith("fused C")); // it imports nothing
    const rounds = new Map<Entrant, number[][]>(libraries.map((entrant) => [entrant, []]));
    const failures: Failure[] = [];
    await withJob(tutorialStep, (job) =>
      alternate(pace.rounds + 1, libraries, async (entrant) => {
        try {
          rounds.get(entrant)!.push(await startOnce(entrant, job, pace.deadlineMs));
        } catch (error) {
          failures.push(failureFrom(figures[0].work, entrant.name, error));
        }
      }),
    );
    const warm = (entrant: Entrant, figure: number) =>
      rounds
        .get(entrant)!
        .slice(1)
        .map((round) => round[figure]); // the first start reads from disk
    const finished = libraries.filter((entrant) => warm(entrant, 0).length > 0);
    const rows = figures.flatMap(({ work, unit }, i) =>
      finished.map((entrant): Row => {
        const own = warm(entrant, i);
        const compared = entrant !== finished[0] && finished[0].name === "Eddy";
        const timesEddy = compared ? ratio(own, warm(finished[0], i)) : undefined;
        return { work, entrant: entrant.name, unit, ...summarize(own), rounds: own, timesEddy };
      }),
    );
    return { rows, failures, notes: [] };
  },
};

async function startOnce(entrant: Entrant, job: Job, deadlineMs: number): Promise<number[]> {
  const startedAt = performance.now();
  const contestant = await entrant.start(job);
  try {
    const { importMs } = await contestant.ask(START, deadlineMs);
    await contestant.ask("first 1 0", deadlineMs);
    const firstStepMs = performance.now() - startedAt;
    const { peakMb } = await contestant.ask("memory", deadlineMs);
    return [importMs!, firstStepMs, peakMb!];
  } finally {
    await contestant.end();
  }
}
