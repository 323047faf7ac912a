// Reads the asked columns of a table, chunk by chunk, into typed arrays: no row ever becomes an object.
import { Frame } from "eddy/series";
import { Failure } from "../failure.ts";
import {
  type Conversion,
  flag,
  isNumeric,
  isText,
  isTime,
  missing,
  quoteName,
  timeText,
  toNumber,
  trimmed,
} from "./conversions.ts";
import { DoubleColumn } from "./growing.ts";
import type { Source } from "./source.ts";
import { chooseTimeFormat } from "./time-format.ts";
import type { TimeFormat, TimeKind } from "./written-times.ts";

export interface Wanted {
  /** Columns of numbers, each with the option that asked for it, such as `--input`. */
  numbers: { name: string; option: string }[];
  time?: string;
  /** A strptime format for the times, where their values do not tell; or `number`, `excel`, `epoch s|ms|us|ns`. */
  timeFormat?: string;
  group?: string;
}

export interface Reading {
  frame: Frame;
  /** Whether times are dates, in epoch milliseconds, or plain numbers; undefined without times. */
  timeKind: TimeKind | undefined;
  /** What was done to the data and should be told. */
  notes: string[];
  /** The columns of times and groups, as the file names them. */
  time: string | undefined;
  group: string | undefined;
  /** The row of the file, from 0, of each row of the frame; undefined where they are the same. */
  order: Int32Array | undefined;
}

/**
 * The frame of the asked columns: float64, times in epoch milliseconds, NaN where a value is missing.
 *
 * @throws Failure that names row and column of the first value that is no number, no time, or infinite.
 */
export async function readFrame(source: Source, wanted: Wanted): Promise<Reading> {
  const { texts } = source;
  const words = texts.reading;
  const notes = [...source.notes];
  const numbers = wanted.numbers.map(({ name, option }) => {
    const column = source.column(name, option);
    if (isTime(column.type)) throw new Failure(words.timeAsNumber(column.name, option));
    if (!isText(column.type) && !isNumeric(column.type)) throw new Failure(words.noNumbers(column.name, column.type));
    return column;
  });
  const time = wanted.time === undefined ? undefined : source.column(wanted.time, "--time");
  const group = wanted.group === undefined ? undefined : source.column(wanted.group, "--group");

  const format = time && (await chooseTimeFormat(source, time, wanted.timeFormat));
  if (time && format?.told) notes.push(toldOf(format.told, time.name, source));
  const conversions: Conversion[] = numbers.map((column) => toNumber(column, source.decimalComma));
  const asked = conversions.map(({ value }) => value);
  asked.push(`(${["0", ...conversions.map(({ flags }) => flags)].join(" | ")})::TINYINT`);
  asked.push(time ? timeText(time) : "NULL");
  if (group) asked.push(`CASE WHEN ${missing(group)} THEN NULL ELSE ${trimmed(group)} END`);
  const sql = `SELECT ${asked.join(", ")} FROM ${source.relation}`;

  const kept = conversions.map(() => new DoubleColumn());
  const codes = new Map<string, number>();
  const groups = new DoubleColumn();
  const times = new DoubleColumn();
  let rows = 0;
  let seen = 0;
  let last = -Infinity;
  for await (const chunk of source.chunks(sql)) {
    const flags = chunk.getColumnVector(conversions.length);
    for (let i = 0; i < chunk.rowCount; i++) {
      const here = flags.getItem(i) as number;
      seen |= here;
      if (here & flag.unreadable) throw await nameUnreadable(source, numbers, conversions, rows + i);
    }
    if (time) pushTimes(chunk.getColumnVector(conversions.length + 1), chunk.rowCount, rows);
    for (const [j, column] of kept.entries()) {
      const vector = chunk.getColumnVector(j);
      for (let i = 0; i < chunk.rowCount; i++) column.push((vector.getItem(i) as number | null) ?? Number.NaN);
    }
    if (group) {
      const vector = chunk.getColumnVector(conversions.length + 2);
      for (let i = 0; i < chunk.rowCount; i++) {
        const label = vector.getItem(i) as string | null;
        if (label === null) throw new Failure(words.noGroup(rows + i + 1, group.name));
        const code = codes.get(label) ?? codes.size;
        codes.set(label, code);
        groups.push(code);
      }
    }
    rows += chunk.rowCount;
  }
  if (rows === 0) throw new Failure(words.noRows(source.name));
  if (seen & flag.decimalComma && seen & flag.decimalPoint) throw new Failure(words.mixedDecimals(source.name));

  const arrays = kept.map((column) => column.toArray());
  const moments = time && times.toArray();
  const timeKind = format?.kind;
  const named = Object.fromEntries(numbers.map(({ name }, i) => [name, arrays[i]!]));
  const names = { time: time?.name, group: group?.name };
  if (!group) return { frame: new Frame(named, { time: moments }), timeKind, notes, ...names, order: undefined };

  const coded = { codes: Int32Array.from(groups.toArray()), labels: [...codes.keys()] };
  const order = orderByGroup(coded.codes, coded.labels.length);
  if (!order) return { frame: new Frame(named, { time: moments, group: coded }), timeKind, notes, ...names, order };
  notes.push(words.regrouped(group.name));
  const inOrder = (values: Float64Array) => values.map((_, i) => values[order[i]!]!);
  return {
    frame: new Frame(Object.fromEntries(Object.entries(named).map(([name, values]) => [name, inOrder(values)])), {
      time: moments && inOrder(moments),
      group: { ...coded, codes: coded.codes.map((_, i) => coded.codes[order[i]!]!) },
    }),
    timeKind,
    notes,
    ...names,
    order,
  };

  function pushTimes(vector: { getItem(row: number): unknown }, count: number, before: number) {
    for (let i = 0; i < count; i++) {
      const item = vector.getItem(i) as string | number | null;
      const value = typeof item === "string" ? format!.read(item) : (item ?? Number.NaN);
      if (!Number.isFinite(value)) throw new Failure(words.notATime(before + i + 1, time!.name, shown(item ?? "")));
      // A clock without a day begins anew at midnight.
      if (format!.part === "clock" && !group && value < last - 43_200) {
        throw new Failure(words.clockRestarts(before + i + 1, time!.name));
      }
      last = value;
      times.push(value);
    }
  }
}

const shown = (value: string | number) =>
  String(value).length > 40 ? `${String(value).slice(0, 40)}…` : String(value);

/** What should be said of how the times were read. */
function toldOf(told: NonNullable<TimeFormat["told"]>, name: string, { texts: { reading } }: Source): string {
  if ("epoch" in told) return reading.epoch(name, reading.epochUnits[told.epoch]);
  if ("digits" in told) return reading.digitDates(name, told.digits);
  if ("guessed" in told) return reading.guessedFormat(name, told.guessed, told.instead);
  return "excel" in told ? reading.maybeExcel(name) : reading.asSeconds(name);
}

/** The message of the first bad value of a row: which column, what stood there, what to do. */
async function nameUnreadable(
  source: Source,
  columns: { name: string; type: string }[],
  conversions: Conversion[],
  row: number,
): Promise<Failure> {
  const words = source.texts.reading;
  const asked = columns
    .map(({ name }, i) => `${quoteName(name)}::VARCHAR AS v${i}, ${conversions[i]!.flags} AS f${i}`)
    .join(", ");
  const [found] = await source.rows(`SELECT ${asked} FROM ${source.relation} LIMIT 1 OFFSET ${row}`);
  const at = columns.findIndex((_, i) => (Number(found?.[`f${i}`]) & flag.unreadable) !== 0);
  const name = columns[at]?.name ?? "";
  const value = String(found?.[`v${at}`] ?? "");
  if (/^\s*[+-]?inf/i.test(value)) return new Failure(words.infinite(row + 1, name, shown(value)));
  const decimal = /^\s*[+-]?\d+,\d+\s*$/.test(value);
  return new Failure(words.notANumber(row + 1, name, shown(value), decimal));
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
