// A run over the sets of a data folder: training, progress, and records.
import type { TrainingReport } from "eddy/series";
import { thisMachine, today } from "../harness/results.ts";
import { digits } from "../harness/rows.ts";
import { measure, type Score } from "./protocol.ts";
import { references } from "./published.ts";
import { type AccuracyRecord, keepRecords, recordOf } from "./record.ts";
import { type DataSet, findSets } from "./sets.ts";
import { chosen, defaults } from "./settings.ts";
import { accuracyTable } from "./table.ts";

/** The options of the command line. */
export interface Asked {
  data: string;
  /** Opens the test part. */
  final: boolean;
  seeds: number;
  /** All of them by default. */
  sets: string[] | undefined;
  isDefaults: boolean;
  epochs: number | undefined;
  command: string;
  /** The file of the records, if they are stored. */
  results: URL | undefined;
}

/** Trains, scores and prints set by set; false if one could not be measured. */
export async function measureEverySet(asked: Asked): Promise<boolean> {
  const { sets, leftOut } = findSets(asked.data);
  const names = sets.map(({ name }) => name);
  const wanted = asked.sets ?? names;
  const stranger = wanted.find((name) => !names.includes(name));
  if (stranger !== undefined || names.length === 0) {
    throw new Error(
      `expected sets among ${names.join(", ") || "folders with train.csv, test.csv and meta.json"}, ` +
        `received ${stranger ?? "none"}; look into the folder that --data names`,
    );
  }
  const { cpu, cores, node } = thisMachine();
  console.log(`${today()}, ${cpu}, ${cores} cores, Node ${node}`);
  for (const line of leftOut) console.log(`  left out: ${line}`);
  let isComplete = true;
  for (const set of sets.filter(({ name }) => wanted.includes(name))) {
    try {
      const record = await measureSet(set, asked);
      console.log(`\n${accuracyTable(record)}`);
      // After each set: a later one may take an hour, or fail.
      if (asked.results) keepRecords(asked.results, [record]);
    } catch (error) {
      console.error(`bench: ${set.name}: ${(error as Error).message}`);
      isComplete = false;
    }
  }
  if (asked.results) console.log("\nwritten: bench/accuracy/results.json");
  return isComplete;
}

async function measureSet(set: DataSet, { final, seeds, isDefaults, epochs, command }: Asked): Promise<AccuracyRecord> {
  const own = isDefaults ? undefined : chosen[set.name];
  const kind = own ? "chosen" : "defaults";
  const { model, fit } = own ?? defaults;
  const unit = references[set.name]?.unit ?? "";
  console.log(`\n${set.name}, ${kind}${own || isDefaults ? "" : ": no settings are chosen for it"}`);
  const isLive = process.stderr.isTTY;
  const measured = await measure(set, {
    settings: { model, fit: { ...fit, ...(epochs !== undefined && { epochs }) } },
    seeds,
    final,
    onReport: (seed, report) => isLive && process.stderr.write(`${clearLine}  ${progressLine(seed, report)}`),
    onModel: (score) => {
      if (isLive) process.stderr.write(clearLine);
      console.log(`  ${modelLine(score, unit)}`);
    },
  });
  return recordOf({ set: set.name, kind, unit, command }, measured);
}

const clearLine = "\r\x1b[2K";

function progressLine(seed: number, { phase, restart, epoch, epochs, elapsedMs }: TrainingReport): string {
  const training = phase === "refit" ? "final training" : `training ${restart + 1}`;
  return `seed ${seed}: ${training}, epoch ${epoch} of ${epochs}, ${(elapsedMs / 1000).toFixed(0)} s`;
}

function modelLine({ seed, validation, test, seconds, trainings, epochs, bestEpoch }: Score, unit: string): string {
  const figures = [`validation ${digits(validation)} ${unit}`.trim()];
  if (test !== undefined) figures.push(`test ${digits(test)} ${unit}`.trim());
  const among = trainings > 1 ? `, best of ${trainings} trainings` : "";
  return `seed ${seed}: ${figures.join(", ")}; ${digits(seconds)} s, epoch ${bestEpoch} of ${epochs}${among}`;
}
