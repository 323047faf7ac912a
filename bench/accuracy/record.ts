// The records of a run, one per set and kind of settings; a new run replaces only the same records.
import { existsSync, readFileSync } from "node:fs";
import { type Machine, thisMachine, today, writeResults } from "../harness/results.ts";
import type { Measured } from "./protocol.ts";

export interface AccuracyRecord extends Measured {
  set: string;
  kind: "chosen" | "defaults";
  unit: string;
  date: string;
  command: string;
  machine: Machine;
}

type Names = Pick<AccuracyRecord, "set" | "kind" | "unit" | "command">;

export const recordOf = (names: Names, measured: Measured): AccuracyRecord => ({
  ...names,
  date: today(),
  machine: thisMachine(),
  ...measured,
});

/** Writes records into the file, in place of earlier ones of the same set and kind. */
export function keepRecords(file: URL, records: readonly AccuracyRecord[]): void {
  const earlier: AccuracyRecord[] = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
  const keyOf = ({ set, kind }: AccuracyRecord) => `${set} ${kind}`;
  const all = new Map([...earlier, ...records].map((record) => [keyOf(record), record]));
  writeResults(
    file,
    [...all.keys()].sort().map((key) => all.get(key)!),
  );
}
