// A run over the sets of a data folder: training, progress, records, and the table at the end.
import type { TrainingReport } from "eddy/series";
import { thisMachine, today } from "../harness/results.ts";
import { digits } from "../harness/rows.ts";
import { goalLines } from "./goals.ts";
import { heldOutShare, measure, type Score } from "./protocol.ts";
import { references } from "./published.ts";
import { type AccuracyRecord, keepRecords, recordsOf } from "./record.ts";
import { type DataSet, findSets } from "./sets.ts";
import { chosen, defaults, type Settings } from "./settings.ts";
import { accuracyTable, percent } from "./table.ts";

/** The options of the command line. */
export interface Asked {
  data: string;
  /** Opens the test part. */
  final: boolean;
  seeds: number;
  /** All of them by default. */
  sets: string[] | undefined;
  /** The sets whose models are also trained with an initial window. */
  initialWindow: string[];
  /** Leaves out the chosen settings. */
  defaultsOnly: boolean;
  epochs: number | undefined;
  command: string;
  /** The file of the records, if they are stored. */
  results: URL | undefined;
}

/** Trains and scores set by set, then prints the table; false if a set could not be measured. */
export async function measureEverySet(asked: Asked): Promise<boolean> {
  const { sets, leftOut } = findSets(asked.data);
  const names = sets.map(({ name }) => name);
  const wanted = asked.sets ?? names;
  const unknown = [...wanted, ...asked.initialWindow].find((name) => !names.includes(name));
  if (unknown !== undefined || names.length === 0) {
    throw new Error(
      `expected sets among ${names.join(", ") || "folders with train.csv, test.csv and meta.json"}, ` +
        `received ${unknown ?? "none"}; check the folder that --data names`,
    );
  }
  const { cpu, cores, node } = thisMachine();
  console.log(`${today()}, ${cpu}, ${cores} cores, Node ${node}`);
  const closed = `test.csv not opened; the last ${percent(heldOutShare)} of train.csv stand for it`;
  console.log(asked.final ? "trained on all of train.csv, tested on test.csv" : closed);
  for (const line of leftOut) console.log(`  left out: ${line}`);
  const records: AccuracyRecord[] = [];
  let isComplete = true;
  for (const set of sets.filter(({ name }) => wanted.includes(name))) {
    try {
      for (const [kind, settings] of settingsOf(set, asked)) {
        const own = await measureSet(set, kind, settings, asked);
        records.push(...own);
        // Not at the end: a later set may take an hour, or fail.
        if (asked.results) keepRecords(asked.results, own);
      }
    } catch (error) {
      console.error(`bench: ${set.name}: ${(error as Error).message}`);
      isComplete = false;
    }
  }
  if (records.length > 0) console.log(`\n${accuracyTable(records)}`);
  const goals = goalLines(records);
  if (goals) console.log(`\n${goals.join("\n")}`);
  if (asked.results) console.log("\nwritten: bench/accuracy/results.json");
  return isComplete;
}

type Kind = AccuracyRecord["kind"];

/** The settings to train a set with. */
function settingsOf({ name }: DataSet, { defaultsOnly }: Asked): [Kind, Settings][] {
  const own = chosen[name];
  return own === undefined || defaultsOnly
    ? [["defaults", defaults]]
    : [
        ["defaults", defaults],
        ["chosen", own],
      ];
}

async function measureSet(
  set: DataSet,
  kind: Kind,
  { model, fit }: Settings,
  { final, seeds, epochs, initialWindow, command }: Asked,
): Promise<AccuracyRecord[]> {
  const unit = references[set.name]?.unit ?? "";
  console.log(`\n${set.name}, ${kind}`);
  const isLive = process.stderr.isTTY;
  const measured = await measure(set, {
    settings: { model, fit: { ...fit, ...(epochs !== undefined && { epochs }) } },
    seeds,
    final,
    initialWindow: initialWindow.includes(set.name),
    onReport: (seed, report) => isLive && process.stderr.write(`${clearLine}  ${progressLine(seed, report)}`),
    onScores: (scores) => {
      if (isLive) process.stderr.write(clearLine);
      console.log(`  ${scoresLine(scores, unit)}`);
    },
  });
  return recordsOf({ set: set.name, kind, command, final }, measured);
}

const clearLine = "\r\x1b[2K";

function progressLine(seed: number, { phase, networks, progress, elapsedMs }: TrainingReport): string {
  const doing = { prepare: "preparation", fit: `training of ${networks} networks`, refit: "final training" }[phase];
  return `seed ${seed}: ${doing}, ${percent(progress)}, ${(elapsedMs / 1000).toFixed(0)} s`;
}

function scoresLine(scores: ReadonlyMap<string, Score>, unit: string): string {
  const [{ seed, seconds, networks }] = scores.values();
  const figures = [...scores].map(([target, { rmse, rmseWithInitialWindow: second }]) => {
    const window = second === undefined ? "" : `, with the initial window ${digits(second)}`;
    return `${target} ${[digits(rmse), unit].join(" ").trim()}${window}`;
  });
  return `seed ${seed}: ${figures.join("; ")}; ${networks} networks, ${digits(seconds)} s`;
}
