// Reads columns of a table, chunk by chunk, into typed arrays, without an object per row.

import {
  DoubleColumn,
  isoTimes,
  named,
  orderByGroup,
  plainSigns,
  type Signs,
  type TimeFormat,
  type TimeKind,
} from "@eddy/ui/reading";

import { Frame } from "eddy/series";
import { Failure, UsageError } from "../failure.ts";
import { printable } from "../terminal/printable.ts";
import { categoriesAmong, labelsOf } from "./categories.ts";
import {
  type Column,
  type Conversion,
  isNumeric,
  isoMilliseconds,
  isText,
  isTime,
  missing,
  quickNumber,
  quoteName,
  reference,
  timeText,
  toLabel,
  toNumber,
  trimmed,
} from "./conversions.ts";
import { columnsPerPass, type Source, whenColumn } from "./source.ts";
import { chooseTimeFormat } from "./time-format.ts";
import { doublesOf, orNaN } from "./vectors.ts";

export interface RequestedColumn {
  name: string;
  option: string;
  optional?: boolean;
  /** Whether it contains categories; undefined to detect it. */
  category?: boolean;
}

export interface RequestedColumns {
  /** Numeric columns, each with the option that names it, such as `--input`. Optional ones are read only if the file has all of them. */
  numbers: RequestedColumn[];
  time?: string | undefined;
  /** A strptime format for the times, or `number`, `excel`, `epoch s|ms|us|ns`; undefined to detect it. */
  timeFormat?: string | undefined;
  group?: string | undefined;
  /** For messages: what requires times and groups, if it is not an option. */
  origin?: { time?: string | undefined; group?: string | undefined } | undefined;
}

export interface Reading {
  frame: Frame;
  /** Whether times are dates, in epoch milliseconds, or plain numbers; undefined without times. */
  timeKind: TimeKind | undefined;
  /** Notes about changes to the data, for the user. */
  notes: string[];
  /** The names of the time and group columns in the file. */
  time: string | undefined;
  group: string | undefined;
  /** For each row of the frame, its row in the file, from 0; undefined if they are the same. */
  order: Int32Array | undefined;
}

/**
 * The frame of the wanted columns, under the names that were given: float64, times in epoch milliseconds, NaN for missing
 * values.
 *
 * @throws Failure that names row and column of the first value that is not a number, not a time, or infinite.
 */
export async function readFrame(source: Source, requested: RequestedColumns): Promise<Reading> {
  const words = source.texts.reading;
  const notes = [...source.notes];
  const hasOptional = requested.numbers.every(({ name, optional }) => !optional || named(name, source.columns));
  const wanted = requested.numbers.filter(({ optional }) => !optional || hasOptional);
  const found = wanted.map(({ name, option }) => source.column(name, option));
  const undecided = found.filter((_, i) => wanted[i]!.category === undefined);
  const detected = await categoriesAmong(source, undecided);
  const isCategory = (i: number) => wanted[i]!.category ?? detected.has(found[i]!);
  const [categories, numeric] = [true, false].map((kind) => wanted.filter((_, i) => isCategory(i) === kind)) as [
    RequestedColumn[],
    RequestedColumn[],
  ];
  const numbers = numeric.map(({ name, option }) => numberColumn(source, name, option));
  for (const [i, column] of found.entries()) {
    const first = found.indexOf(column);
    if (first < i) throw new UsageError(words.sameColumn(wanted[first]!.name, wanted[i]!.name));
  }
  const time =
    requested.time === undefined ? undefined : source.timeColumn(requested.time, requested.origin?.time ?? "--time");
  const group =
    requested.group === undefined ? undefined : source.column(requested.group, requested.origin?.group ?? "--group");
  const format = time && (await chooseTimeFormat(source, time, requested.timeFormat));
  if (time && format?.note) notes.push(timeNotes(format.note, printable(time.name), source));

  const checkSigns = source.commas && numbers.some(({ type }) => isText(type));
  const signs = checkSigns ? await source.certainSigns(numbers) : numbers.map(() => plainSigns);
  const labelled = new Map<string, { labels: string[]; position: string }>();
  for (const { name, option } of categories) {
    const own = await labelsOf(source, source.column(name, option));
    labelled.set(name, own);
    if (detected.size > 0) notes.push(words.readAsCategories(printable(name), own.labels.map(printable)));
  }
  const condition = named(whenColumn, source.columns);
  const values = [
    ...numbers.map((column, i) => quickNumber(column, signs[i])),
    ...Array.from(labelled.values(), ({ position }) => position),
    ...(condition ? [reference(condition)] : []),
  ];
  const read = await readColumns(source, values, time && format && { column: time, format }, group);
  if (read.rows === 0) throw new Failure(words.noRows(source.name));
  const { arrays, times } = read;
  await readIrregular(source, numbers, checkSigns ? signs : undefined, read);
  for (const name of await roundedColumns(source, numbers, arrays)) notes.push(words.rounded(printable(name)));
  const coded = group && { codes: Int32Array.from(read.codes), labels: read.labels };
  const order = coded && orderByGroup(coded.codes, coded.labels.length);
  if (group && order) notes.push(words.regrouped(printable(group.name)));
  const inOrder = (values: Float64Array) => (order ? values.map((_, i) => values[order[i]!]!) : values);
  const columns = new Map([...numeric, ...categories].map(({ name }, i) => [name, inOrder(arrays[i]!)]));
  return {
    frame: new Frame(columns, {
      time: times && inOrder(times),
      group: coded && { ...coded, codes: order ? coded.codes.map((_, i) => coded.codes[order[i]!]!) : coded.codes },
      categories: Object.fromEntries(Array.from(labelled, ([name, { labels }]) => [name, labels])),
      excluded: condition && inOrder(arrays.at(-1)!).map((meets) => 1 - meets),
    }),
    timeKind: format?.kind,
    notes,
    time: time?.name,
    group: group?.name,
    order,
  };
}

/** Notes about how the times were read. */
function timeNotes(note: NonNullable<TimeFormat["note"]>, name: string, { texts: { reading } }: Source): string {
  if ("epoch" in note) return reading.epoch(name, reading.epochUnits[note.epoch]);
  if ("digits" in note) return reading.digitDates(name, note.digits);
  if ("guessed" in note) return reading.guessedFormat(name, note.guessed, note.instead);
  return "excel" in note ? reading.maybeExcel(name) : reading.asSeconds(name);
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
}

/** Reads as many columns at once as memory allows; a table of thousands of columns takes several passes. */
async function readColumns(
  source: Source,
  values: readonly string[],
  time?: { column: Column; format: TimeFormat },
  group?: Column,
): Promise<Columns> {
  const words = source.texts.reading;
  const codes = new Map<string, number>();
  const groups = new DoubleColumn();
  const times = new DoubleColumn();
  const arrays: Float64Array[] = [];
  let rows: number | undefined;
  let last = Number.NEGATIVE_INFINITY;
  const pushTimes = (
    { column, format }: { column: Column; format: TimeFormat },
    known: Float64Array,
    vector: { getItem(row: number): unknown },
    before: number,
  ) => {
    for (const [i, ms] of known.entries()) {
      const text = Number.isNaN(ms) ? String(vector.getItem(i) ?? "") : undefined;
      const value = text === undefined ? ms : format.read(text);
      if (!Number.isFinite(value)) throw new Failure(words.notATime(before + i + 1, column.name, excerpt(text ?? "")));
      // A clock time without a date starts again at midnight.
      if (format.part === "clock" && !group && value < last - 43_200) {
        throw new Failure(words.clockRestarts(before + i + 1, column.name));
      }
      last = value;
      times.push(value);
    }
  };
  const timeParts = time && timeInParts(time.column, time.format, source.relation);
  for (let from = 0; from === 0 || from < values.length; from += columnsPerPass) {
    const some = values.slice(from, from + columnsPerPass);
    const first = from === 0; // times and groups are read in the first pass
    const selected = some.map(orNaN);
    if (timeParts && first) selected.push(timeParts.known, timeParts.text);
    if (group && first) selected.push(toLabel(group));
    if (selected.length === 0) selected.push("NULL");
    const doubles = some.map(() => new DoubleColumn());
    let rowsRead = 0;
    const relation = timeParts && first ? timeParts.relation : source.relation;
    for await (const chunk of source.chunks(selected, relation)) {
      const { rowCount } = chunk;
      const vectorOf = (j: number) => chunk.getColumnVector(j);
      for (const [j, column] of doubles.entries()) column.append(doublesOf(vectorOf(j), rowCount));
      if (time && first) {
        pushTimes(time, doublesOf(vectorOf(some.length), rowCount), vectorOf(some.length + 1), rowsRead);
      }
      if (group && first) {
        const vector = vectorOf(selected.length - 1);
        for (let i = 0; i < rowCount; i++) {
          const label = vector.getItem(i) as string | null;
          if (label === null) throw new Failure(words.noGroup(rowsRead + i + 1, group.name));
          const code = codes.get(label) ?? codes.size;
          codes.set(label, code);
          groups.push(code);
        }
      }
      rowsRead += rowCount;
    }
    rows ??= rowsRead;
    if (rows !== rowsRead) throw new Failure(words.changed(source.name)); // a row was added between two passes
    arrays.push(...doubles.map((column) => column.toArray()));
  }
  const labels = [...codes.keys()];
  return { rows: rows ?? 0, arrays, times: time && times.toArray(), codes: groups.toArray(), labels };
}

/**
 * A time column in SQL: the times that DuckDB can convert, NaN for the others, and the text of those, NULL for the known ones;
 * and the FROM clause that both need.
 */
function timeInParts(column: Column, format: TimeFormat, relation: string) {
  if (isTime(column.type)) return { known: orNaN(timeText(column)), text: "NULL::VARCHAR", relation };
  if (format !== isoTimes) return { known: "'nan'::DOUBLE", text: timeText(column), relation };
  const known = quoteName("--milliseconds");
  return {
    known: orNaN(known),
    text: `CASE WHEN ${known} IS NULL THEN ${timeText(column)} END`,
    relation: `(SELECT *, ${isoMilliseconds(column)} AS ${known} FROM ${relation})`,
  };
}

/** Reads again the columns with values that are neither plain numbers nor missing, or names the first invalid value. */
async function readIrregular(
  source: Source,
  numbers: readonly Column[],
  known: readonly Signs[] | undefined,
  read: Columns,
): Promise<void> {
  const incomplete = numbers.flatMap((_, i) => (read.arrays[i]!.every(Number.isFinite) ? [] : [i]));
  const irregular: number[] = [];
  for (let from = 0; from < incomplete.length; from += columnsPerPass) {
    const some = incomplete.slice(from, from + columnsPerPass);
    const selected = some.map((i) => {
      const column = numbers[i]!;
      const quick = quickNumber(column, known?.[i]);
      // In a typed column NaN means missing; a text must be one of the words for missing values.
      const unread = isText(column.type) ? `coalesce(NOT isfinite(${quick}), true)` : `isinf(${quick})`;
      return `bool_or(NOT ${missing(column)} AND ${unread}) AS odd${i}`;
    });
    const [row] = await source.rows(`SELECT ${selected.join(", ")} FROM ${source.relation}`);
    irregular.push(...some.filter((i) => row![`odd${i}`] === true));
  }
  if (irregular.length === 0) return;
  const columns = irregular.map((i) => numbers[i]!);
  const signs = known ? irregular.map((i) => known[i]!) : await source.certainSigns(columns);
  const conversions = columns.map((column, j) => toNumber(column, signs[j]));
  await rejectUnreadable(source, columns, conversions);
  const values = conversions.map(({ value }) => value);
  const again = await readColumns(source, values);
  if (again.rows !== read.rows) throw new Failure(source.texts.reading.changed(source.name));
  for (const [j, i] of irregular.entries()) read.arrays[i] = again.arrays[j]!;
}

/** The integer columns with values that a double cannot represent exactly. */
async function roundedColumns(source: Source, numbers: readonly Column[], arrays: readonly Float64Array[]) {
  const rounded: string[] = [];
  for (const [i, column] of numbers.entries()) {
    if (!arrays[i]!.some((value) => Math.abs(value) > Number.MAX_SAFE_INTEGER)) continue;
    const isInteger = isText(column.type)
      ? `regexp_full_match(${trimmed(column)}, '[+-]?[0-9]+')`
      : String(/INT|DECIMAL\(\d+,0\)|BIGNUM/.test(column.type));
    const large = `abs(${quickNumber(column)}) > ${Number.MAX_SAFE_INTEGER}`;
    const [row] = await source.rows(`SELECT bool_or(${isInteger} AND ${large}) AS r FROM ${source.relation}`);
    if (row!.r === true) rounded.push(column.name);
  }
  return rounded;
}

/** Names the first value that cannot be read, its column and row, and the remedy. */
async function rejectUnreadable(source: Source, columns: readonly Column[], conversions: readonly Conversion[]) {
  const words = source.texts.reading;
  for (const [i, column] of columns.entries()) {
    const { row, value } = await source.firstRow(column, `${conversions[i]!.flags} <> 0`);
    if (row === 0) continue;
    if (/^\s*[+-]?inf/i.test(value)) throw new Failure(words.infinite(row, column.name, excerpt(value)));
    throw new Failure(words.notANumber(row, column.name, excerpt(value), problemOf(value)));
  }
}

const excerpt = (value: string) => (value.length > 40 ? `${value.slice(0, 40)}…` : value);

/** The problem of a value that is almost a number. */
function problemOf(value: string): "unit" | "digits" | "large" | undefined {
  if (/^\s*[+-]?\d+(\.\d*)?[eEdD]\+?\d{3,}\s*$/.test(value) || /^\s*[+-]?\d{309,}/.test(value)) return "large";
  if (/^\s*0x[\da-f]+\s*$/i.test(value) || /\p{Nd}/u.test(value.replace(/[0-9]/g, ""))) return "digits";
  return /^\s*(\p{Sc}\s*[+\-−]?[\d.,]*\d|[+\-−]?[\d.,]*\d\s*[^\d\s.,]\D{0,7})\s*$/u.test(value) ? "unit" : undefined;
}
