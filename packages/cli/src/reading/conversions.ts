// SQL that turns one column, whatever its type, into a double or a time, and says of each value whether that worked.
import { missingWords } from "./csv-dialect.ts";

export interface Column {
  name: string;
  /** DuckDB's name of the type, such as VARCHAR, BIGINT or DECIMAL(18,3). */
  type: string;
}

/** Expressions over one column; `flags` is 0, or the sum of what is to be told of the value. */
export interface Conversion {
  value: string;
  flags: string;
}

export const flag = { unreadable: 1, decimalComma: 2, decimalPoint: 4 } as const;

const numeric = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|BIGNUM|DECIMAL\(.*\)|FLOAT|DOUBLE|BOOLEAN)$/;
const timed = /^(TIMESTAMP(_S|_MS|_NS)?|TIMESTAMP WITH TIME ZONE|DATE)$/;

export const isText = (type: string) => type === "VARCHAR" || type === "JSON" || /^ENUM\(.*\)$/.test(type);
export const isNumeric = (type: string) => numeric.test(type);
export const isTime = (type: string) => timed.test(type);

export const quoteName = (name: string) => `"${name.replaceAll('"', '""')}"`;
export const quoteText = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** The words of a text column, without the blanks around them; JSON's strings without their quotes. */
export function trimmed({ name, type }: Column): string {
  return type === "JSON" ? `trim(${quoteName(name)} ->> '$')` : `trim(${quoteName(name)}::VARCHAR)`;
}

/** Whether a value is not there. */
export function missing(column: Column): string {
  const isNull = `${quoteName(column.name)} IS NULL`;
  if (!isText(column.type)) return isNull;
  return `(${isNull} OR lower(${trimmed(column)}) IN (${missingWords.map(quoteText).join(", ")}))`;
}

/**
 * A number; NULL where it is missing.
 *
 * A comma is a decimal sign where it cannot be a separator of columns or of thousands: `decimalComma` says so.
 */
export function toNumber(column: Column, decimalComma: boolean): Conversion {
  if (!isText(column.type)) {
    const value = `${quoteName(column.name)}::DOUBLE`;
    return { value, flags: `coalesce(isinf(${value})::TINYINT, 0)` };
  }
  const text = trimmed(column);
  const comma = decimalComma ? `, TRY_CAST(replace(${text}, ',', '.') AS DOUBLE)` : "";
  const truth = `CASE lower(${text}) WHEN 'true' THEN 1.0 WHEN 'false' THEN 0.0 END`;
  const value = `coalesce(TRY_CAST(${text} AS DOUBLE)${comma}, ${truth})`;
  const sign = decimalComma
    ? `CASE WHEN contains(${text}, ',') THEN ${flag.decimalComma} WHEN contains(${text}, '.') THEN ${flag.decimalPoint} ELSE 0 END`
    : "0";
  const flags = `CASE WHEN ${missing(column)} THEN 0 WHEN coalesce(isinf(${value}), true) THEN ${flag.unreadable} ELSE ${sign} END`;
  return { value, flags };
}

/** How a time is read: as a plain number, as ISO 8601 in its many spellings, or by one of strptime's formats. */
export type TimeFormat = "number" | "iso" | { strptime: string };

/** The formats that are tried, most certain first; those of `ambiguousFormats` need the days to tell them apart. */
export const timeFormats: TimeFormat[] = [
  "number",
  "iso",
  ...["%d.%m.%Y %H:%M:%S.%g", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y", "%Y%m%dT%H%M%S", "%Y%m%d%H%M"].map(
    (strptime) => ({ strptime }),
  ),
];

const clocks = ["%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", ""];
/** Day first and month first of the same spelling. */
export const ambiguousFormats = ["/", "-"].flatMap((sign) =>
  clocks.map((clock): [{ strptime: string }, { strptime: string }] => [
    { strptime: `%d${sign}%m${sign}%Y ${clock}`.trim() },
    { strptime: `%m${sign}%d${sign}%Y ${clock}`.trim() },
  ]),
);

/** Epoch milliseconds of a text or of a typed time; a time without a zone is UTC. Plain numbers stay what they are. */
export function toTime(column: Column, format: TimeFormat): Conversion {
  if (format === "number") {
    const { value } = toNumber(column, false);
    return { value, flags: `coalesce(isinf(${value}) OR isnan(${value}), true)::TINYINT` };
  }
  const moment = !isText(column.type)
    ? quoteName(column.name)
    : format === "iso"
      ? `TRY_CAST(${trimmed(column)} AS TIMESTAMPTZ)`
      : `try_strptime(${trimmed(column)}, ${quoteText(format.strptime)})`;
  const value = `(epoch_us(${moment}) / 1000.0)`; // epoch_ms would round what is finer than a millisecond
  return { value, flags: `(${value} IS NULL)::TINYINT` };
}
