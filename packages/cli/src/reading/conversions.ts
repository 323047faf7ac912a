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

/** A time as it is written, NULL where it is missing; of a typed time its epoch milliseconds, to the microsecond. */
export function timeText(column: Column): string {
  const name = quoteName(column.name);
  if (column.type === "TIMESTAMP_NS") {
    const ns = `(epoch_ns(${name}) + 500)`; // integer division rounds towards zero, this down
    return `(((${ns} - (${ns} % 1000 + 1000) % 1000) // 1000) / 1000.0)::DOUBLE`;
  }
  if (isTime(column.type)) return `(epoch_us(${name}) / 1000.0)::DOUBLE`; // epoch_ms would round to milliseconds
  if (isText(column.type)) return `CASE WHEN ${missing(column)} THEN NULL ELSE ${trimmed(column)} END`;
  if (!/^(DOUBLE|FLOAT|DECIMAL)/.test(column.type)) return `${name}::VARCHAR`;
  // Whole numbers without a point or an exponent, so that 20240305.0 is the date that it was.
  return `CASE WHEN ${name} = trunc(${name}) AND abs(${name}) < 1e18 THEN ${name}::BIGINT::VARCHAR ELSE ${name}::DOUBLE::VARCHAR END`;
}
