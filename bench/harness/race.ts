// Races entrants at the same work in alternating rounds, A B C A B C, each in its own process.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drawMaterial } from "../work/material.ts";
import type { Work } from "../work/work.ts";
import { type Contestant, START } from "./contestant.ts";
import type { Job } from "./entrants.ts";
import { type Findings, failureFrom, type Row } from "./rows.ts";
import { disagreement, median, quantile, ratio, summarize } from "./statistics.ts";

/** The time limits of a race. */
export interface Pace {
  rounds: number;
  /** How long each contestant runs before the rounds, so that compilation and memory reuse have settled. */
  warmUpMs: number;
  /** How long each contestant measures in a round, unless a single step takes longer. */
  roundMs: number;
  /** How many steps are compared with Eddy's before the rounds, and for how long after the first another may start. */
  firstSteps: number;
  firstMs: number;
  /** The time of a contestant for all rounds of a work; slow ones run fewer rounds. */
  budgetMs: number;
  /** How long an answer may take in addition to the time to measure. */
  deadlineMs: number;
}

export const thorough: Pace = {
  rounds: 5,
  warmUpMs: 1000,
  roundMs: 300,
  firstSteps: 10,
  firstMs: 3000,
  budgetMs: 8000,
  deadlineMs: 40_000,
};
export const quick: Pace = {
  rounds: 2,
  warmUpMs: 50,
  roundMs: 50,
  firstSteps: 5,
  firstMs: 3000,
  budgetMs: 1000,
  deadlineMs: 15_000,
};

/** The part of an entrant that a race needs. */
export interface Racer {
  name: string;
  takes(work: Work): boolean;
  start(job: Job): Contestant | Promise<Contestant>;
}

/** The duration of a sample in milliseconds: long enough for the clock's cost and resolution to be negligible. */
const CHUNK_MS = 2;

/** Races all entrants that support a work; a `chunkMs` of 0 times every single step. */
export function race(
  title: string,
  work: Work,
  racers: readonly Racer[],
  pace: Pace,
  chunkMs = CHUNK_MS,
): Promise<Findings> {
  return withJob(work, async (job) => {
    const lanes = racers.filter((racer) => racer.takes(work)).map((racer) => new Lane(racer, pace, chunkMs));
    for (const lane of lanes) await lane.begin(job);
    await alternate(pace.rounds, lanes, (lane) => lane.round());
    for (const lane of lanes) await lane.end();
    const done = lanes.filter(({ failed }) => !failed);
    return {
      rows: done.map((lane) => lane.row(title, done[0])),
      failures: lanes.flatMap(({ name, failed }) => (failed ? [failureFrom(title, name, failed)] : [])),
      notes: [],
    };
  });
}

/** A B C, A B C, …: a temporary disturbance of the machine affects all of them. */
export async function alternate<T>(rounds: number, all: readonly T[], measure: (one: T) => Promise<void>) {
  for (let round = 0; round < rounds; round++) for (const one of all) await measure(one);
}

/** One entrant in a race. One that fails drops out, with the reason. */
class Lane {
  readonly name: string;
  failed: Error | undefined;
  private contestant: Contestant | undefined;
  private values: number[] = [];
  private rounds: number[] = [];
  private samples: number[] = [];
  private spentMs = 0;
  private peakMb: number | undefined;

  constructor(
    private readonly racer: Racer,
    private readonly pace: Pace,
    private readonly chunkMs: number,
  ) {
    this.name = racer.name;
  }

  /** Starts, takes the first steps from the common weights, and warms up unless a step takes a second. */
  begin(job: Job): Promise<void> {
    return this.attempt(async () => {
      this.contestant = await this.racer.start(job);
      await this.ask(START);
      const startedAt = performance.now();
      this.values = (await this.ask(`first ${this.pace.firstSteps} ${this.pace.firstMs}`)).values!;
      const stepMs = (performance.now() - startedAt) / this.values.length;
      if (stepMs < 1000) await this.measure(this.pace.warmUpMs);
    });
  }

  round(): Promise<void> {
    return this.attempt(async () => {
      if (this.rounds.length > 0 && this.spentMs > this.pace.budgetMs) return;
      const startedAt = performance.now();
      const samples = await this.measure(this.pace.roundMs);
      this.spentMs += performance.now() - startedAt;
      this.rounds.push(median(samples));
      if (this.chunkMs === 0) for (const sample of samples) this.samples.push(sample);
    });
  }

  async end(): Promise<void> {
    await this.attempt(async () => {
      this.peakMb = (await this.ask("memory")).peakMb ?? undefined;
    });
    await this.contestant?.end();
  }

  row(work: string, reference: Lane): Row {
    const compared = this !== reference;
    return {
      work,
      entrant: this.name,
      unit: "ms",
      ...summarize(this.rounds),
      rounds: this.rounds,
      timesEddy: compared && reference.name === "Eddy" ? ratio(this.rounds, reference.rounds) : undefined,
      p99: this.chunkMs === 0 ? quantile(this.samples, 0.99) : undefined,
      peakMb: this.peakMb,
      values: this.values,
      disagreement: compared ? disagreement(this.values, reference.values) : undefined,
    };
  }

  private async measure(limitMs: number): Promise<number[]> {
    return (await this.ask(`measure ${limitMs} ${this.chunkMs}`)).samples!;
  }

  private ask(command: string) {
    return this.contestant!.ask(command, this.pace.deadlineMs);
  }

  private async attempt(act: () => Promise<void>): Promise<void> {
    if (this.failed) return;
    try {
      await act();
    } catch (error) {
      this.failed = error as Error;
    }
  }
}

/** Writes a work and its material to files, which are removed after `use`. */
export async function withJob<T>(work: Work, use: (job: Job) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "eddy-bench-"));
  try {
    const job = { work, workFile: join(folder, "work.json"), materialFile: join(folder, "material") };
    writeFileSync(job.workFile, JSON.stringify(work));
    writeFileSync(job.materialFile, drawMaterial(work));
    return await use(job);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
