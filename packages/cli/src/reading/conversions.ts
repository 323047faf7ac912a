// SQL that converts a column of any type to a double or to the text of a time, and flags each value that fails.
import { blanksBetweenDigits, missingWords, plainSigns, type Signs } from "@eddy/ui/reading";

export interface Column {
  name: string;
  /** DuckDB's name for the type, such as VARCHAR, BIGINT or DECIMAL(18,3). */
  type: string;
  /** Its name in SQL, if different: SQL names must not differ in case only. */
  id?: string;
  /** The expression that computes it, if it is no column of the table. */
  expression?: string;
}

/** Expressions over one column; `flags` is 1 for a value that is present but cannot be read, otherwise 0. */
export interface Conversion {
  value: string;
  flags: string;
}

export const flag = { unreadable: 1 } as const;

const numeric = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|BIGNUM|DECIMAL\(.*\)|FLOAT|DOUBLE|BOOLEAN)$/;
const timed = /^(TIMESTAMP(_S|_MS|_NS)?|TIMESTAMP WITH TIME ZONE|DATE)$/;

export const isText = (type: string) => type === "VARCHAR" || type === "JSON" || /^ENUM\(.*\)$/.test(type);
export const isNumeric = (type: string) => numeric.test(type);
export const isTime = (type: string) => timed.test(type);

export const quoteName = (name: string) => `"${name.replaceAll('"', '""')}"`;
export const quoteText = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** The column in SQL. */
export const reference = ({ name, id, expression }: Column) => expression ?? quoteName(id ?? name);

/** Several columns as one text, such as a date and a time of day; a date loses its midnight. */
export function joined(columns: readonly Column[]): Column {
  const part = (column: Column) =>
    isText(column.type) ? trimmed(column) : `regexp_replace(${reference(column)}::VARCHAR, ' 00:00:00$', '')`;
  return {
    name: columns.map(({ name }) => name).join(","),
    type: "VARCHAR",
    expression: `(${columns.map(part).join(" || ' ' || ")})`,
  };
}

/** The text of a text column; JSON strings without quotes. */
export const asVarchar = (column: Column) =>
  column.type === "JSON" ? `${reference(column)} ->> '$'` : `${reference(column)}::VARCHAR`;

/**
 * A FROM clause that stacks the values of several columns: the column's index as `i`, the value as `v`.
 *
 * Such a query is planned once; a query with 2,000 columns would take DuckDB longer to plan than to run.
 */
export function stacked(columns: readonly Column[], relation: string, value: (column: Column) => string): string {
  const indices = [...columns.keys()].join(", ");
  return `(SELECT unnest([${columns.map(value).join(", ")}]) AS v, unnest([${indices}]) AS i FROM ${relation})`;
}

/** The column of `stacked` values, for texts. */
export const stackedText: Column = { name: "v", type: "VARCHAR" };

/** The trimmed text of a text column; JSON strings without quotes. */
export function trimmed(column: Column): string {
  return `trim(${asVarchar(column)}, ' \t\u00a0')`;
}

/** Whether a number or a time is missing. */
export function missing(column: Column): string {
  if (!isText(column.type)) return `${reference(column)} IS NULL`;
  // A regular expression is planned ten times faster than an IN list, which matters with 2,000 columns.
  return `regexp_full_match(coalesce(${trimmed(column)}, ''), ${quoteText(missingPattern)})`;
}

const missingPattern = `(?i)(${missingWords.map((word) => word.replace("?", "\\?")).join("|")})`;

/** Whether a text starts with a digit, which no word for a missing value does: their pattern is slow. */
export const startsWithDigit = (column: Column) =>
  isText(column.type) ? `ascii(${asVarchar(column)}) BETWEEN 48 AND 57` : "false";

/** A label; NULL if empty. A word for a missing number may be a valid label: Namibia's country code is NA. */
export function toLabel(column: Column): string {
  const text = isText(column.type) ? trimmed(column) : `${reference(column)}::VARCHAR`;
  return `nullif(${text}, '')`;
}

/** A fast conversion for most columns: a number, or NULL or NaN, which only `toNumber` can distinguish. */
export function quickNumber(column: Column, signs: Signs = plainSigns): string {
  if (!isText(column.type)) return `${reference(column)}::DOUBLE`;
  const text = column.type === "JSON" ? trimmed(column) : reference(column);
  return `TRY_CAST(${pointed(text, signs)} AS DOUBLE)`;
}

/** A number; NULL if missing. Text is read with the signs that were detected for the column. */
export function toNumber(column: Column, signs: Signs = plainSigns): Conversion {
  if (!isText(column.type)) {
    const value = `${reference(column)}::DOUBLE`;
    return { value, flags: `coalesce(isinf(${value})::TINYINT, 0)` };
  }
  const text = trimmed(column);
  const plain = pointed(text, signs);
  // The minus sign U+2212; Fortran exponents; false and true.
  const otherSpelling = `TRY_CAST(regexp_replace(replace(${plain}, '−', '-'), '[dD]', 'e') AS DOUBLE)`;
  const truth = `CASE lower(${text}) WHEN 'true' THEN 1.0 WHEN 'false' THEN 0.0 END`;
  const value = `coalesce(TRY_CAST(${plain} AS DOUBLE), ${otherSpelling}, ${truth})`;
  const flags = `CASE WHEN ${missing(column)} THEN 0 WHEN isfinite(${value}) THEN 0 ELSE ${flag.unreadable} END`;
  return { value, flags };
}

/** The text in SQL's number format; NULL if it does not use these signs. */
function pointed(text: string, { decimal, thousands }: Signs): string {
  const plain =
    decimal === "." ? text : `CASE WHEN contains(${text}, '.') THEN NULL ELSE replace(${text}, ',', '.') END`;
  if (thousands === undefined) return plain;
  const sign = { ".": "\\.", ",": ",", " ": `[${blanksBetweenDigits}]`, "'": "['’]" }[thousands];
  const point = decimal === "." ? "\\." : ",";
  const grouped = quoteText(`[+\\-−]?\\d{1,3}(${sign}\\d{3})+(${point}\\d*)?`);
  const bare = `replace(regexp_replace(${text}, ${quoteText(sign)}, '', 'g'), ',', '.')`;
  return `CASE WHEN regexp_full_match(${text}, ${grouped}) THEN ${bare} ELSE ${plain} END`;
}

/** The text of a time, NULL if missing; for a typed time its epoch milliseconds, to the microsecond. */
export function timeText(column: Column): string {
  const name = reference(column);
  if (column.type === "TIMESTAMP_NS") {
    const ns = `(epoch_ns(${name}) + 500)`; // integer division rounds towards zero, this rounds down
    return `(((${ns} - (${ns} % 1000 + 1000) % 1000) // 1000) / 1000.0)::DOUBLE`;
  }
  if (isTime(column.type)) return `(epoch_us(${name}) / 1000.0)::DOUBLE`; // epoch_ms would round to milliseconds
  if (isText(column.type)) return `CASE WHEN ${missing(column)} THEN NULL ELSE ${trimmed(column)} END`;
  if (!/^(DOUBLE|FLOAT|DECIMAL)/.test(column.type)) return `${name}::VARCHAR`;
  // Integers without a point or an exponent, so that 20240305.0 is read as a date.
  return `CASE WHEN ${name} = trunc(${name}) AND abs(${name}) < 1e18 THEN ${name}::BIGINT::VARCHAR ELSE ${name}::DOUBLE::VARCHAR END`;
}

const isoPattern = "[12]\\d{3}-[01]\\d-[0-3]\\d([ T]([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d{1,6})?)?Z?)?";

/** The epoch milliseconds of a text in the usual forms of ISO 8601, as `isoTimes` reads it; otherwise NULL. */
export function isoMilliseconds(column: Column): string {
  const text = asVarchar(column);
  const us = `epoch_us(TRY_CAST(${text} AS TIMESTAMP))`;
  return `CASE WHEN regexp_full_match(${text}, ${quoteText(isoPattern)}) THEN (${us} / 1000.0)::DOUBLE END`;
}
