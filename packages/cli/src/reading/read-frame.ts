// Reads the asked columns of a table, chunk by chunk, into typed arrays: no row ever becomes an object.
import { Frame } from "eddy/series";
import { Failure, UsageError } from "../failure.ts";
import { shown } from "../shown.ts";
import {
  type Column,
  type Conversion,
  flag,
  isNumeric,
  isText,
  isTime,
  plainSigns,
  reference,
  type Signs,
  toLabel,
  toNumber,
  toTime,
} from "./conversions.ts";
import { DoubleColumn } from "./growing.ts";
import { columnsPerPass, type Source } from "./source.ts";
import { chooseTimeFormat, inMilliseconds } from "./time-format.ts";

export interface Wanted {
  /** Columns of numbers, each with the option that asked for it, such as `--input`. */
  numbers: { name: string; option: string }[];
  time?: string;
  /** A strptime format for the times, where the usual ones do not do. */
  timeFormat?: string;
  group?: string;
}

export interface Reading {
  frame: Frame;
  /** What was done to the data and should be told. */
  notes: string[];
}

/**
 * The frame of the asked columns, called as they were asked for: float64, times in epoch milliseconds, NaN where a
 * value is missing.
 *
 * @throws Failure that names row and column of the first value that is no number, no time, or infinite.
 */
export async function readFrame(source: Source, wanted: Wanted): Promise<Reading> {
  const words = source.texts.reading;
  const notes = [...source.notes];
  const numbers = wanted.numbers.map(({ name, option }) => numberColumn(source, name, option));
  for (const [i, column] of numbers.entries()) {
    const first = numbers.indexOf(column);
    if (first < i) throw new UsageError(words.sameColumn(wanted.numbers[first]!.name, wanted.numbers[i]!.name));
  }
  const time = wanted.time === undefined ? undefined : source.column(wanted.time, "--time");
  const group = wanted.group === undefined ? undefined : source.column(wanted.group, "--group");
  const timing = time && toTime(time, await chooseTimeFormat(source, time, wanted.timeFormat));

  const plain = numbers.map(() => plainSigns);
  let read: Columns;
  try {
    const texts = numbers.filter(({ type }) => isText(type));
    const asked = source.commas && texts.length > 0;
    read = await readColumns(source, numbers, asked ? await source.certainSigns(numbers) : plain, time, timing, group);
  } catch (error) {
    // What is no number by the plain rule may be one with signs between its thousands.
    if (!(error instanceof NotANumber) || source.commas) throw error;
    const signs = await source.certainSigns(numbers);
    if (signs.every(({ decimal, thousands }) => decimal === "." && thousands === undefined)) throw error;
    read = await readColumns(source, numbers, signs, time, timing, group);
  }
  if (read.rows === 0) throw new Failure(words.noRows(source.name));
  for (const name of read.rounded) notes.push(words.rounded(shown(name)));

  const { arrays, times } = read;
  if (times && time) {
    const scaled = inMilliseconds(times);
    if (scaled) notes.push(words.epoch(shown(time.name), words.epochUnits[scaled]));
  }
  const coded = group && { codes: Int32Array.from(read.codes), labels: read.labels };
  const order = coded && orderByGroup(coded.codes, coded.labels.length);
  if (group && order) notes.push(words.regrouped(shown(group.name)));
  const inOrder = (values: Float64Array) => (order ? values.map((_, i) => values[order[i]!]!) : values);
  const named = Object.fromEntries(wanted.numbers.map(({ name }, i) => [name, inOrder(arrays[i]!)]));
  return {
    frame: new Frame(named, {
      time: times && inOrder(times),
      group: coded && { ...coded, codes: order ? coded.codes.map((_, i) => coded.codes[order[i]!]!) : coded.codes },
    }),
    notes,
  };
}

function numberColumn(source: Source, name: string, option: string): Column {
  const words = source.texts.reading;
  const column = source.column(name, option);
  if (isTime(column.type)) throw new Failure(words.timeAsNumber(column.name, option));
  if (!isText(column.type) && !isNumeric(column.type)) throw new Failure(words.noNumbers(column.name, column.type));
  return column;
}

interface Columns {
  rows: number;
  arrays: Float64Array[];
  times: Float64Array | undefined;
  codes: Float64Array;
  labels: string[];
  /** The columns that hold whole numbers too large for a double. */
  rounded: string[];
}

/** Reads so many columns at once as memory allows; a table of a thousand columns is read in several passes. */
async function readColumns(
  source: Source,
  numbers: readonly Column[],
  signs: readonly Signs[],
  time: Column | undefined,
  timing: Conversion | undefined,
  group: Column | undefined,
): Promise<Columns> {
  const words = source.texts.reading;
  const columns = time ? [time, ...numbers] : numbers;
  const converted = numbers.map((column, i) => toNumber(column, signs[i]));
  const conversions = timing ? [timing, ...converted] : converted;
  const codes = new Map<string, number>();
  const groups = new DoubleColumn();
  const arrays: Float64Array[] = [];
  const rounded: string[] = [];
  let rows: number | undefined;
  for (let from = 0; from === 0 || from < columns.length; from += columnsPerPass) {
    const some = conversions.slice(from, from + columnsPerPass);
    const labels = from === 0 ? group : undefined;
    // One number for all columns of a row; which column it was is asked when there is something to tell.
    const asked = some.map(({ value }) => value);
    const flags = some.map((one) => one.flags);
    asked.push(`(${flags.length > 0 ? flags.join(" | ") : "0"})::TINYINT`);
    if (labels) asked.push(toLabel(labels));
    const kept = some.map(() => new DoubleColumn());
    let here = 0;
    let seen = 0;
    for await (const chunk of source.chunks(`SELECT ${asked.join(", ")} FROM ${source.relation}`)) {
      const told = chunk.getColumnVector(some.length);
      for (let i = 0; i < chunk.rowCount; i++) {
        const flagged = told.getItem(i) as number;
        seen |= flagged;
        if ((flagged & flag.unreadable) === 0) continue;
        throw await nameUnreadable(source, columns.slice(from, from + columnsPerPass), some, here + i, time);
      }
      for (const [j, column] of kept.entries()) {
        const vector = chunk.getColumnVector(j);
        for (let i = 0; i < chunk.rowCount; i++) column.push((vector.getItem(i) as number | null) ?? Number.NaN);
      }
      if (labels) {
        const vector = chunk.getColumnVector(some.length + 1);
        for (let i = 0; i < chunk.rowCount; i++) {
          const label = vector.getItem(i) as string | null;
          if (label === null) throw new Failure(words.noGroup(here + i + 1, labels.name));
          const code = codes.get(label) ?? codes.size;
          codes.set(label, code);
          groups.push(code);
        }
      }
      here += chunk.rowCount;
    }
    rows ??= here;
    if (rows !== here) throw new Failure(words.changed(source.name)); // a row came between two passes
    arrays.push(...kept.map((column) => column.toArray()));
    if (seen & flag.rounded) {
      const which = some.map(({ flags }, i) => `bool_or(${flags} & ${flag.rounded} <> 0) AS r${i}`);
      const [found] = await source.rows(`SELECT ${which.join(", ")} FROM ${source.relation}`);
      rounded.push(
        ...columns
          .slice(from, from + columnsPerPass)
          .filter((_, i) => found![`r${i}`])
          .map(({ name }) => name),
      );
    }
  }
  const times = time ? arrays.shift() : undefined;
  return { rows: rows ?? 0, arrays, times, codes: groups.toArray(), labels: [...codes.keys()], rounded };
}

/** A value that is no number by the signs it was read with. */
class NotANumber extends Failure {}

/** The message of the first bad value of a row: which column, what stood there, what to do. */
async function nameUnreadable(
  source: Source,
  columns: readonly Column[],
  conversions: readonly Conversion[],
  row: number,
  time: Column | undefined,
): Promise<Failure> {
  const words = source.texts.reading;
  const asked = columns
    .map((column, i) => `${reference(column)}::VARCHAR AS v${i}, ${conversions[i]!.flags} AS f${i}`)
    .join(", ");
  const [found] = await source.rows(`SELECT ${asked} FROM ${source.relation} LIMIT 1 OFFSET ${row}`);
  const at = columns.findIndex((_, i) => (Number(found?.[`f${i}`]) & flag.unreadable) !== 0);
  const name = columns[at]?.name ?? "";
  const value = String(found?.[`v${at}`] ?? "");
  const excerpt = value.length > 40 ? `${value.slice(0, 40)}…` : value;
  if (columns[at] === time) return new Failure(words.notATime(row + 1, name, excerpt));
  if (/^\s*[+-]?inf/i.test(value)) return new Failure(words.infinite(row + 1, name, excerpt));
  return new NotANumber(words.notANumber(row + 1, name, excerpt, remedyOf(value)));
}

/** What is wrong with a number that is nearly one. */
function remedyOf(value: string): "unit" | "digits" | "large" | undefined {
  if (/^\s*[+-]?\d+(\.\d*)?[eEdD]\+?\d{3,}\s*$/.test(value) || /^\s*[+-]?\d{309,}/.test(value)) return "large";
  if (/^\s*0x[\da-f]+\s*$/i.test(value) || /\p{Nd}/u.test(value.replace(/[0-9]/g, ""))) return "digits";
  return /^\s*(\p{Sc}\s*)?[+\-−]?[\d.,]*\d\s*\D{0,8}$/u.test(value) && /\d/.test(value) ? "unit" : undefined;
}

/** The rows in the order of their groups, each group's rows as they came; undefined where they already stand so. */
function orderByGroup(codes: Int32Array, groups: number): Int32Array | undefined {
  const starts = new Int32Array(groups + 1);
  let together = true;
  for (let i = 0; i < codes.length; i++) {
    starts[codes[i]! + 1]!++;
    if (i > 0 && codes[i]! < codes[i - 1]!) together = false; // codes count up as groups appear
  }
  if (together) return undefined;
  for (let g = 0; g < groups; g++) starts[g + 1]! += starts[g]!;
  const order = new Int32Array(codes.length);
  for (let i = 0; i < codes.length; i++) order[starts[codes[i]!]!++] = i;
  return order;
}
