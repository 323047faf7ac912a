/** Worker threads: the same bits for any number of them, also where a training is interrupted and resumed with another number. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";

interface Outcome {
  bits: string;
  share: number;
  /** The threads that were started. */
  threads: number;
  /** The networks that reported a validation. */
  networks: number;
  /** `TrainingReport.progress` of each report. */
  progress: number[];
}

interface Outcomes {
  /** By the number of jobs. */
  whole: Record<string, Outcome>;
  /** By the numbers of jobs before and after the interruption. */
  resumed: Record<string, Outcome>;
  signal: { stopped: string; ms: number };
}

let outcomes: Outcomes;
beforeAll(async () => {
  const program = fileURLToPath(new URL("series-jobs-program.js", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program]);
  outcomes = JSON.parse(stdout);
}, 120_000);

test("1, 2 and 3 jobs give the same bits", () => {
  const { 1: one, 2: two, 3: three } = outcomes.whole;
  expect([one.threads, two.threads, three.threads]).toEqual([0, 2, 3]);
  expect([two.bits, three.bits]).toEqual([one.bits, one.bits]);
  expect(one.share).toBeGreaterThan(0.5);
});

test.each(["2, then 1", "1, then 2"])("a training with %s jobs equals an uninterrupted one", (jobs) => {
  const { bits, networks } = outcomes.resumed[jobs];
  expect(bits).toBe(outcomes.whole[1].bits);
  expect(networks).toBeGreaterThan(1);
});

test("progress grows to 1 with any number of jobs", () => {
  for (const { progress } of Object.values(outcomes.whole)) {
    expect(progress.length).toBeGreaterThanOrEqual(18);
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect(progress.at(-1)).toBe(1);
  }
});

test("a signal ends the training in all threads", () => {
  expect(outcomes.signal.stopped).toBe("signal");
  expect(outcomes.signal.ms).toBeLessThan(2000);
});
