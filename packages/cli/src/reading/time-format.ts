// Detects the format of a time column from its values, or asks the user if they are ambiguous.

import {
  addToFit,
  decide,
  epochIn,
  excelDays,
  type Fit,
  instant,
  isoTimes,
  missingWords,
  numbersOf,
  type Parts,
  recognise,
  startFit,
  type TimeFormat,
  timePart,
  typedTimes,
  type Written,
} from "@eddy/ui/reading";
import { Failure, UsageError } from "../failure.ts";
import type { Texts } from "../texts/languages.ts";
import { asVarchar, type Column, isNumeric, isText, isTime, timeText } from "./conversions.ts";
import type { Source } from "./source.ts";
import { compile, directives, strptimeOf } from "./strptime.ts";

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
  const chosen = decide(found, rows, fits, values!);
  if ("ambiguous" in chosen) throw new AmbiguousTime(column.name, chosen.ambiguous, source.texts);
  return chosen;
}

/** What the first rows of the columns contain. */
export interface FirstRows {
  /** The columns of times: dates with or without a clock time, or clock times without a date. */
  timed: Map<string, TimeFormat["part"] | "both">;
  /** Those of them that are texts in ISO 8601. */
  iso: Set<Column>;
  /** The text columns of plain numbers. */
  plain: Set<Column>;
}

/** Recognises times and plain numbers by the first rows. */
export async function firstRows(source: Source): Promise<FirstRows> {
  const timed: FirstRows["timed"] = new Map();
  const [iso, plain] = [new Set<Column>(), new Set<Column>()];
  const columns = source.columns.filter(({ type }) => isText(type) || isNumeric(type) || /^(TIME|DATE)/.test(type));
  const rows = Math.max(20, Math.min(200, Math.floor(100_000 / Math.max(1, columns.length))));
  const samples = await sample(source, columns, rows);
  await source.signs(columns.filter((column, i) => hasCommas(column, samples[i]!))); // all at once
  for (const [i, values] of samples.entries()) {
    const { name, type } = columns[i]!;
    if (isTime(type)) timed.set(name, type === "DATE" ? "day" : "both");
    else if (values.length > 0) {
      const part = timePart(values, await usesDecimalComma(source, columns[i]!, values));
      if (part !== undefined) timed.set(name, part);
      if (part !== undefined && isText(type) && values.every((text) => !Number.isNaN(isoTimes.read(text))))
        iso.add(columns[i]!);
      if (part === undefined && isText(type) && values.every((text) => Number.isFinite(Number(text))))
        plain.add(columns[i]!);
    }
  }
  return { timed, iso, plain };
}

/** Whether the comma is the column's decimal sign, if it has commas. */
async function usesDecimalComma(source: Source, column: Column, values: readonly string[]): Promise<boolean> {
  if (!hasCommas(column, values)) return false;
  const [signs] = await source.signs([column]);
  return typeof signs === "object" && signs.decimal === ",";
}

const hasCommas = ({ type }: Column, values: readonly string[]) =>
  isText(type) && values.some((text) => /^[+-]?\d*,\d+$/.test(text));

/** The first known values of each column; none for typed times. */
async function sample(source: Source, columns: readonly Column[], rows: number): Promise<string[][]> {
  const found: string[][] = columns.map(() => []);
  if (columns.length === 0) return found;
  const selected = columns.map((column) => {
    if (isTime(column.type)) return "NULL::VARCHAR";
    return isText(column.type) ? asVarchar(column) : timeText(column);
  });
  for await (const chunk of source.chunks(selected, `(SELECT * FROM ${source.relation} LIMIT ${rows})`)) {
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

/** For each format, the number of rows that it reads, and their range. */
async function scan(
  source: Source,
  column: Column,
  formats: readonly Written[],
): Promise<{ rows: number; fits: Fit[] }> {
  const fits = formats.map(startFit);
  let rows = 0;
  for await (const chunk of source.chunks([timeText(column)], source.relation)) {
    const vector = chunk.getColumnVector(0);
    for (let i = 0; i < chunk.rowCount; i++) {
      const text = vector.getItem(i) as string | null;
      if (text === null) continue;
      rows++;
      for (const fit of fits) addToFit(fit, text);
    }
  }
  return { rows, fits };
}

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
