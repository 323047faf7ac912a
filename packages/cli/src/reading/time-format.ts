// Detects the format of a time column from its values, or asks the user if they are ambiguous.
import { Failure, UsageError } from "../failure.ts";
import type { Texts } from "../texts/languages.ts";
import { instant, type Parts } from "./calendar.ts";
import { asVarchar, type Column, isNumeric, isText, isTime, timeText } from "./conversions.ts";
import { missingWords } from "./csv-dialect.ts";
import type { Source } from "./source.ts";
import { compile, directives, strptimeOf } from "./strptime.ts";
import {
  certain,
  digitClock,
  digitDates,
  dottedClock,
  elapsed,
  epochIn,
  epochUnit,
  excelDays,
  numbersOf,
  type Order,
  orders,
  partsOf,
  spelled,
  type TimeFormat,
  typedTimes,
  type Written,
  withUnit,
  yearPointMonth,
} from "./written-times.ts";

const sampleRows = 2000;

/** Times that can be read in several ways, with the formats among which the user must choose. */
export class AmbiguousTime extends Failure {
  constructor(
    column: string,
    readonly formats: readonly string[],
    { reading }: Texts,
  ) {
    super(reading.ambiguousTime(column, formats));
  }
}

/** How to read the column's times; `given` is the value of --time-format. */
export async function chooseTimeFormat(source: Source, column: Column, given?: string): Promise<TimeFormat> {
  const { reading } = source.texts;
  if (isTime(column.type)) return typedTimes;
  const readable = isText(column.type) || isNumeric(column.type) || /^(TIME|INTERVAL)/.test(column.type);
  if (!readable) throw new Failure(reading.noTimes(column.name, column.type));
  if (given !== undefined) return parseFormat(given, isNumeric(column.type), source.texts);
  const [values] = await sample(source, [column], sampleRows);
  const found = recognise(values!, await usesDecimalComma(source, column, values!));
  if ("format" in found) return found.format;
  if ("clock" in found) throw new Failure(reading.clockDigits(column.name, found.clock));

  const { rows, fits } = await scan(source, column, found.rivals);
  const complete = fits.filter(({ count }) => count === rows);
  if (found.kind === "digits") {
    // One invalid value among many dates is reported when it is read; a counter soon yields many invalid dates.
    const close = complete.length > 0 ? complete : fits.filter(({ count }) => count > 0.99 * rows);
    if (close.length === 0) return numbersOf(false);
    if (close.length > 1) throw new AmbiguousTime(column.name, spellings(close, values!), source.texts);
    const [{ format }] = close as [Fit];
    return { ...format, note: { digits: spelled(format, longest(values!)) } };
  }
  if (complete.length === 0) return fits.reduce((a, b) => (b.count > a.count ? b : a)).format;
  return chooseOrder(complete, found.orders, column.name, values!, source.texts);
}

/** The columns whose first rows are times: dates with or without a clock time, or clock times without a date. */
export async function timeColumns(source: Source): Promise<Map<string, TimeFormat["part"] | "both">> {
  const found = new Map<string, TimeFormat["part"] | "both">();
  const columns = source.columns.filter(({ type }) => isText(type) || isNumeric(type) || /^(TIME|DATE)/.test(type));
  const rows = Math.max(20, Math.min(200, Math.floor(100_000 / Math.max(1, columns.length))));
  const samples = await sample(source, columns, rows);
  await source.signs(columns.filter((column, i) => hasCommas(column, samples[i]!))); // all at once
  for (const [i, values] of samples.entries()) {
    const { name, type } = columns[i]!;
    if (isTime(type)) found.set(name, type === "DATE" ? "day" : "both");
    else if (values.length > 0) {
      const recognised = recognise(values, await usesDecimalComma(source, columns[i]!, values));
      if ("clock" in recognised) found.set(name, "clock");
      else if ("format" in recognised) {
        const { format, invalid = 0 } = recognised;
        if (2 * invalid > values.length) continue;
        const counted = format.note !== undefined && "epoch" in format.note;
        if (format.kind === "number" && format.part === undefined && format.note === undefined) continue;
        if (counted && !increases(values.map(format.read))) continue;
        found.set(name, "pattern" in format ? partOf(format as Written, values) : (format.part ?? "both"));
      } else if (recognised.kind === "orders" || increases(values.map(Number))) {
        found.set(name, partOf(recognised.rivals[0]!, values));
      }
    }
  }
  return found;
}

/** Whether the comma is the column's decimal sign, if it has commas. */
async function usesDecimalComma(source: Source, column: Column, values: readonly string[]): Promise<boolean> {
  if (!hasCommas(column, values)) return false;
  const [signs] = await source.signs([column]);
  return typeof signs === "object" && signs.decimal === ",";
}

const hasCommas = ({ type }: Column, values: readonly string[]) =>
  isText(type) && values.some((text) => /^[+-]?\d*,\d+$/.test(text));

const increases = (values: readonly number[]) =>
  values.length > 1 && values.every((value, i) => i === 0 || value >= values[i - 1]!) && values[0]! < values.at(-1)!;

const partOf = (format: Written, values: readonly string[]) =>
  values.some((text) => partsOf(format, text).H !== undefined) ? "both" : "day";

/** The first known values of each column; none for typed times. */
async function sample(source: Source, columns: readonly Column[], rows: number): Promise<string[][]> {
  const found: string[][] = columns.map(() => []);
  if (columns.length === 0) return found;
  const selected = columns.map((column) => {
    if (isTime(column.type)) return "NULL::VARCHAR";
    return isText(column.type) ? asVarchar(column) : timeText(column);
  });
  for await (const chunk of source.chunks(`SELECT ${selected.join(", ")} FROM ${source.relation} LIMIT ${rows}`)) {
    for (const [j, values] of found.entries()) {
      const vector = chunk.getColumnVector(j);
      for (let i = 0; i < chunk.rowCount; i++) {
        const text = (vector.getItem(i) as string | null)?.replace(/^[ \t\u00a0]+|[ \t\u00a0]+$/g, "");
        if (text !== undefined && !missingWords.includes(text.toLowerCase())) values.push(text);
      }
    }
  }
  return found;
}

type Recognised =
  | { format: TimeFormat; invalid?: number }
  | { clock: string }
  | { kind: "digits"; rivals: Written[] }
  | { kind: "orders"; rivals: Written[]; orders: Order[] };

/** The formats that the values may have; an invalid value among them is reported when it is read. */
function recognise(values: readonly string[], decimalComma: boolean): Recognised {
  const fits = (format: TimeFormat) => values.every((text) => !Number.isNaN(format.read(text)));
  const comma = decimalComma
    ? values.some((text) => text.includes(","))
    : values.some((text) => /^[+-]?\d+,(\d{1,2}|\d{4,})$/.test(text)); // three digits could be thousands
  const numbers = numbersOf(comma);
  if (values.length === 0) return { format: numbers };
  if (fits(numbers)) {
    const rivals = digitDates(values).filter(fits);
    if (rivals.length > 0) return { kind: "digits", rivals };
    const clock = digitClock(values);
    if (clock) return { clock };
    const unit = comma ? undefined : epochUnit(values.map(numbers.read));
    if (unit) return { format: epochIn(unit) };
    if (values.length > 1 && fits(yearPointMonth)) {
      return { format: { ...yearPointMonth, note: { digits: "%Y.%m" } } };
    }
    // Days since 1900, with a fraction: spreadsheet dates that lost their format.
    const excel = values.every((text) => Number(text) > 30_000 && Number(text) < 60_000);
    if (excel && values.some((text) => text.includes("."))) return { format: { ...numbers, note: { excel: true } } };
    return { format: numbers };
  }
  const format = [withUnit, ...certain, elapsed].find(fits);
  if (format) return { format };
  const possible = orders.filter(({ format }) => fits(format));
  if (possible.length > 0) {
    return { kind: "orders", rivals: possible.map(({ format }) => format), orders: possible };
  }
  if (fits(dottedClock)) return { format: dottedClock };
  const count = (format: TimeFormat) =>
    values.reduce((sum, text) => sum + (Number.isNaN(format.read(text)) ? 0 : 1), 0);
  const formats = [...certain, ...orders.map(({ format }) => format), numbers, withUnit, elapsed];
  const counts = formats.map(count);
  const maxCount = Math.max(...counts);
  return { format: formats[counts.indexOf(maxCount)]!, invalid: values.length - maxCount };
}

interface Fit {
  format: Written;
  count: number;
  low: number;
  high: number;
}

/** For each format, the number of rows that it reads, and their range. */
async function scan(
  source: Source,
  column: Column,
  formats: readonly Written[],
): Promise<{ rows: number; fits: Fit[] }> {
  const fits = formats.map((format): Fit => ({ format, count: 0, low: Infinity, high: -Infinity }));
  let rows = 0;
  for await (const chunk of source.chunks(`SELECT ${timeText(column)} FROM ${source.relation}`)) {
    const vector = chunk.getColumnVector(0);
    for (let i = 0; i < chunk.rowCount; i++) {
      const text = vector.getItem(i) as string | null;
      if (text === null) continue;
      rows++;
      for (const fit of fits) {
        const time = fit.format.read(text);
        if (Number.isNaN(time)) continue;
        fit.count++;
        if (time < fit.low) fit.low = time;
        if (time > fit.high) fit.high = time;
      }
    }
  }
  return { rows, fits };
}

/** The only order of day, month and year that fits. @throws AmbiguousTime if several fit. */
function chooseOrder(
  complete: readonly Fit[],
  possible: readonly Order[],
  column: string,
  values: string[],
  texts: Texts,
) {
  const ordered = complete.map((fit) => ({ ...fit, ...possible.find(({ format }) => format === fit.format)! }));
  const { sign } = ordered[0]!;
  const yearFirst = ordered.find(({ order }) => order === "ymd");
  let candidates = ordered.filter(({ order }) => order !== "ymd");
  // Years change slowly: read in the wrong order, days become years, and the range grows.
  const span = Math.min(...candidates.map(({ low, high }) => high - low));
  const firstSpan = yearFirst ? yearFirst.high - yearFirst.low : Infinity;
  let guessed = false;
  if (yearFirst && candidates.length === 0) candidates = [yearFirst];
  else if (yearFirst && 4 * firstSpan < span) candidates = [yearFirst];
  else if (yearFirst && 4 * span >= firstSpan && sign !== ".") {
    // 24-03-05: with dashes the year comes first, as in ISO 8601, unless the last two digits may be a recent year.
    guessed = sign === "-" && candidates.every(({ order, high }) => order === "dmy" && high < Date.UTC(2013, 0));
    candidates = guessed ? [yearFirst] : [...candidates, yearFirst];
  }
  const dayFirst = candidates.find(({ order }) => order === "dmy");
  if (sign === "." && dayFirst) return dayFirst.format; // with points, the month never comes first
  const same = candidates.every(({ low, high }) => low === candidates[0]!.low && high === candidates[0]!.high);
  if (candidates.length > 1 && !(same && candidates[0]!.low === candidates[0]!.high)) {
    throw new AmbiguousTime(column, spellings(candidates, values), texts);
  }
  const { format } = candidates[0]!;
  if (!guessed) return format;
  const [other] = ordered.filter(({ order }) => order !== "ymd");
  const text = longest(values);
  return { ...format, note: { guessed: spelled(format, text), instead: spelled(other!.format, text) } };
}

const longest = (values: readonly string[]) => values.reduce((a, b) => (b.length > a.length ? b : a), "");

const spellings = (fits: readonly Fit[], values: readonly string[]) =>
  fits.map(({ format }) => spelled(format, longest(values)));

/** Parses --time-format: a strptime format, `number`, `excel`, or `epoch` with a unit. */
function parseFormat(given: string, numeric: boolean, { reading }: Texts): TimeFormat {
  const format = given.trim();
  if (format === "number") return numbersOf(true);
  if (format === "excel") return excelDays;
  if (format === "%s") return epochIn("s");
  const unit = /^epoch (s|ms|us|ns)$/.exec(format)?.[1] as "s" | undefined;
  if (unit) return { ...epochIn(unit), note: undefined };
  const remedy = strptimeOf(format);
  if (remedy !== undefined) throw new UsageError(reading.foreignFormat(given, remedy));
  const compiled = compile(format);
  if ("unknown" in compiled) throw new UsageError(reading.badFormat(given, compiled.unknown, directives));
  const { pattern, dated, digits } = compiled;
  return {
    kind: dated ? "date" : "number",
    ...(!dated && { note: { seconds: true }, part: "clock" }),
    read(text) {
      // A numeric column has lost its leading zeros.
      const parts = pattern.exec(numeric && digits ? text.padStart(digits, "0") : text)?.groups as Parts | undefined;
      if (!parts) return Number.NaN;
      return dated ? instant(parts) : instant({ ...parts, Y: "1970", m: "1", d: "1" }) / 1000;
    },
  };
}
