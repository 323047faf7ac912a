// Which format a column of times is written in, told from its values or asked from the person where they do not tell.
import { Failure } from "../failure.ts";
import {
  ambiguousFormats,
  type Column,
  isNumeric,
  isText,
  isTime,
  type TimeFormat,
  timeFormats,
  toTime,
} from "./conversions.ts";
import type { Source } from "./source.ts";

const sampleRows = 2000;

/** The first format that reads the column's first values; `asked` is a strptime format that a person named. */
export async function chooseTimeFormat(source: Source, column: Column, asked?: string): Promise<TimeFormat> {
  const { reading } = source.texts;
  if (isNumeric(column.type)) return "number";
  if (isTime(column.type)) return "iso";
  if (!isText(column.type)) throw new Failure(reading.noTimes(column.name, column.type));
  if (asked !== undefined) return { strptime: asked };
  const sample = `(SELECT * FROM ${source.relation} LIMIT ${sampleRows})`;
  const read = await counted(source, column, timeFormats, sample);
  const complete = timeFormats.find((_, i) => read.counts[i] === read.rows);
  if (complete !== undefined) return complete;

  // 03/04/2024: all rows are asked whether the day or the month comes first.
  const first = await counted(source, column, ambiguousFormats.flat(), sample);
  const pair = ambiguousFormats.findIndex(
    (_, i) => Math.max(first.counts[2 * i]!, first.counts[2 * i + 1]!) === read.rows,
  );
  if (pair >= 0) {
    const both = ambiguousFormats[pair]!;
    const all = await counted(source, column, both, source.relation);
    const fitting = both.filter((_, i) => all.counts[i] === all.rows);
    if (fitting.length === 2) throw new Failure(reading.ambiguousTime(column.name, both[0].strptime, both[1].strptime));
    return fitting[0] ?? both[all.counts[0]! >= all.counts[1]! ? 0 : 1];
  }
  // None fits: the one that reads most will name the first value that is no time.
  return timeFormats[read.counts.indexOf(Math.max(...read.counts))] ?? "iso";
}

async function counted(source: Source, column: Column, formats: readonly TimeFormat[], relation: string) {
  const counts = formats.map((format, i) => `count(${toTime(column, format).value}) AS c${i}`);
  const [row] = await source.rows(`SELECT count(*) AS n, ${counts.join(", ")} FROM ${relation}`);
  return { rows: Number(row!.n), counts: formats.map((_, i) => Number(row![`c${i}`])) };
}

export type EpochUnit = "s" | "us" | "ns";
// Between 1999 and 2128 in each unit; milliseconds are what a frame has already.
const units: [EpochUnit, number][] = [
  ["s", 1e3],
  ["us", 1e-3],
  ["ns", 1e-6],
];

/** Turns epoch seconds, micro- or nanoseconds into milliseconds, in place; says which they were. */
export function inMilliseconds(times: Float64Array): EpochUnit | undefined {
  let [low, high] = [Infinity, -Infinity];
  for (const time of times) {
    if (time < low) low = time;
    if (time > high) high = time;
  }
  for (const [unit, factor] of units) {
    if (low * factor < 9.2e11 || high * factor > 5e12) continue;
    for (let i = 0; i < times.length; i++) times[i]! *= factor;
    return unit;
  }
  return undefined;
}
