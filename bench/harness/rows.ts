// Findings as rows (one work, one entrant, one figure), and their table in a terminal.
import { TooSlow } from "./deadline.ts";
import type { Summary } from "./statistics.ts";

export interface Row extends Summary {
  work: string;
  entrant: string;
  unit: "ms" | "MB" | "kB";
  /** The figure of each round. */
  rounds: number[];
  /** How many times Eddy's figure this is, within the rounds; above 1, Eddy is faster or smaller. */
  timesEddy?: number;
  /** The 99th percentile of single steps. */
  p99?: number;
  gigaflops?: number;
  /** The peak memory of the process. */
  peakMb?: number;
  /** The results of the first steps, and their difference from Eddy's, relative to the largest. */
  values?: number[];
  disagreement?: number;
}

/** An entrant that could not do a work, and why. */
export interface Failure {
  work: string;
  entrant: string;
  failed: string;
  /** Whether it did not fail but exceeded the time limit. */
  slow: boolean;
}

/** A failure from an error. */
export function failureFrom(work: string, entrant: string, error: unknown): Failure {
  return {
    work,
    entrant,
    failed: error instanceof Error ? error.message : String(error),
    slow: error instanceof TooSlow,
  };
}

/** The findings of a question. */
export interface Findings {
  rows: Row[];
  failures: Failure[];
  /** Sentences about the rows, such as where a curve bends. */
  notes: string[];
}

/** The maximum relative difference between two libraries that did the same work. */
const TOLERANCE = 1e-3;

/** Whether a row's values agree with its reference. */
const agrees = ({ disagreement = 0 }: Row) => disagreement <= TOLERANCE;

/** Three significant digits and a suitable unit: 2.31 µs, 1.03 ms, 4.2 s, 12.4 MB. */
export function show(value: number, unit: Row["unit"]): string {
  if (unit !== "ms") return `${digits(value)} ${unit}`;
  if (value < 1) return `${digits(value * 1000)} µs`;
  return value < 1000 ? `${digits(value)} ms` : `${digits(value / 1000)} s`;
}

export const showTimes = (times: number) => `${times >= 10 ? times.toFixed(0) : times.toPrecision(2)}×`;

/** Three significant digits; integers from 100 on. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

/** The rows of each work as an aligned table; empty columns are omitted. */
export function tableOf({ rows, failures, notes }: Findings): string {
  const works = [...new Set([...rows, ...failures].map(({ work }) => work))];
  const columns: [heading: string, cell: (row: Row) => string | undefined][] = [
    ["", ({ entrant }) => entrant],
    ["median", ({ median, unit }) => show(median, unit)],
    ["lowest … highest", ({ lowest, highest, unit }) => `${show(lowest, unit)} … ${show(highest, unit)}`],
    ["times Eddy's", ({ timesEddy }) => (timesEddy === undefined ? undefined : showTimes(timesEddy))],
    ["p99", ({ p99, unit }) => (p99 === undefined ? undefined : show(p99, unit))],
    ["GFLOP/s", ({ gigaflops }) => (gigaflops === undefined ? undefined : digits(gigaflops))],
    ["peak memory", ({ peakMb }) => (peakMb === undefined ? undefined : show(peakMb, "MB"))],
    ["same values", sameValues],
  ];
  const lines = works.flatMap((work) => {
    const own = rows.filter((row) => row.work === work);
    const filled = columns.filter(([, cell]) => own.some((row) => cell(row)));
    const cells = own.map((row) => filled.map(([, cell]) => cell(row) ?? ""));
    const failed = failures.filter((failure) => failure.work === work);
    return [
      work,
      ...(own.length > 0 ? aligned([filled.map(([heading]) => heading), ...cells]) : []),
      ...failed.map(({ entrant, failed }) => `  ${entrant}: ${failed}`),
      "",
    ];
  });
  return [...lines, ...notes].join("\n").trimEnd();
}

function sameValues({ disagreement, values, ...row }: Row): string | undefined {
  if (disagreement === undefined || values === undefined) return undefined;
  const verdict = agrees({ ...row, disagreement }) ? `within ${disagreement.toExponential(0)}` : "NO, OTHER WORK";
  return `${verdict} (${values.length})`;
}

/** Aligns the first column left, the others right. */
export function aligned(cells: string[][]): string[] {
  const widths = cells[0].map((_, i) => Math.max(...cells.map((row) => row[i].length)));
  return cells.map((row) =>
    `  ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("   ")}`.trimEnd(),
  );
}

/** The findings of several works as one. */
export function gathered(all: readonly Findings[]): Findings {
  return {
    rows: all.flatMap(({ rows }) => rows),
    failures: all.flatMap(({ failures }) => failures),
    notes: all.flatMap(({ notes }) => notes),
  };
}

/** Whether all entrants did the same work, within the time limits. */
export function isSound({ rows, failures }: Findings): boolean {
  return rows.every(agrees) && failures.every(({ slow }) => slow);
}
