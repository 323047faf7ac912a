// The results file of a run: what was measured, when, where, with which versions and by which command.
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg, platform, release, totalmem } from "node:os";
import { SEED } from "../work/material.ts";
import type { LineUp } from "./entrants.ts";
import type { Findings } from "./rows.ts";

export interface Machine {
  cpu: string;
  cores: number;
  memoryGb: number;
  system: string;
  node: string;
  /** The load average over a minute at the start. */
  load: number;
}

export interface Results {
  date: string;
  command: string;
  seed: number;
  machine: Machine;
  versions: Record<string, string>;
  leftOut: string[];
  questions: ({ name: string; title: string } & Findings)[];
}

export const today = () => new Date().toISOString().slice(0, 10);

export const thisMachine = (): Machine => ({
  cpu: cpus()[0].model.trim(),
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 2 ** 30),
  system: `${platform()} ${release()}`,
  node: process.version,
  load: loadavg()[0],
});

/** Results without findings. */
export function newResults(command: string, { entrants, leftOut }: LineUp): Results {
  return {
    date: today(),
    command,
    seed: SEED,
    machine: thisMachine(),
    versions: Object.fromEntries(entrants.map(({ name, version }) => [name, version])),
    leftOut,
    questions: [],
  };
}

export const resultsFile = new URL("../results.json", import.meta.url);

/** Rounds to six digits, which exceeds the clock's precision. */
export function writeResults(file: URL, results: object): void {
  const rounded = (_: string, value: unknown) =>
    typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;
  writeFileSync(file, `${JSON.stringify(results, rounded, 1)}\n`);
}

export function readResults(file: URL): Results {
  return JSON.parse(readFileSync(file, "utf8"));
}
