// The records of a run, one per set, target and kind of settings; a new run replaces only the same records.
import { existsSync, readFileSync } from "node:fs";
import { type Machine, thisMachine, today, writeResults } from "../harness/results.ts";
import { median, summarize } from "../harness/statistics.ts";
import type { Measured, MeasuredTarget } from "./protocol.ts";
import { type Baselines, references } from "./published.ts";

export interface AccuracyRecord extends Omit<Measured, "targets">, MeasuredTarget {
  set: string;
  kind: "defaults" | "chosen";
  unit: string;
  test: "test.csv" | "last rows of train.csv";
  date: string;
  command: string;
  machine: Machine;
  /** The reference filter and mean of this target; only for test.csv. */
  reference?: Baselines;
}

interface Names extends Pick<AccuracyRecord, "set" | "kind" | "command"> {
  final: boolean;
}

/** A record for each target. */
export function recordsOf({ set, kind, command, final }: Names, { targets, ...shared }: Measured): AccuracyRecord[] {
  const { unit = "", baselines } = references[set] ?? {};
  return targets.map(({ target, ...results }) => ({
    ...{ set, target, kind, unit, test: final ? "test.csv" : "last rows of train.csv" },
    ...{ date: today(), command, machine: thisMachine() },
    ...results,
    ...(final && baselines?.[target] && { reference: baselines[target] }),
    ...shared,
  }));
}

/** What a record says over all its seeds. */
export function figuresOf({ models, filter, mean, reference }: AccuracyRecord) {
  const rmse = summarize(models.map((score) => score.rmse));
  const better = reference ? Math.min(reference.filter, reference.mean) : Math.min(filter.rmse, mean.rmse);
  const withInitialWindow = models.flatMap((score) => score.rmseWithInitialWindow ?? []);
  return {
    rmse,
    withInitialWindow: withInitialWindow.length > 0 ? median(withInitialWindow) : undefined,
    /** The largest RMSE relative to the smallest. */
    spread: rmse.highest / rmse.lowest,
    /** The better of filter and mean: of the reference where there is one, otherwise of Eddy's own. */
    better,
    ratio: rmse.median / better,
    coverage: median(models.map((score) => score.coverage)),
    width: median(models.map((score) => score.width)),
    share: median(models.map((score) => score.share)),
    seconds: median(models.map((score) => score.seconds)),
  };
}

/** Writes records into the file, in place of earlier ones of the same set, target and kind. */
export function keepRecords(file: URL, records: readonly AccuracyRecord[]): void {
  const earlier: AccuracyRecord[] = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
  const keyOf = ({ set, target, kind }: AccuracyRecord) => `${set} ${target} ${kind}`;
  const all = new Map([...earlier, ...records].map((record) => [keyOf(record), record]));
  writeResults(
    file,
    [...all.keys()].sort().map((key) => all.get(key)!),
  );
}
