// SQL that turns one column, whatever its type, into a double or into the text of a time, and says of each value whether that worked.
import { missingWords } from "./csv-dialect.ts";

export interface Column {
  name: string;
  /** DuckDB's name of the type, such as VARCHAR, BIGINT or DECIMAL(18,3). */
  type: string;
  /** What SQL calls it, where that is not its name: SQL's names differ in more than upper and lower case. */
  id?: string;
}

/** Which sign is the decimal one, and which stands between thousands, if one does. */
export interface Signs {
  decimal: "." | ",";
  thousands?: "." | "," | " " | "'" | undefined;
}

export const plainSigns: Signs = { decimal: "." };

/** Blanks that stand between thousands: also those that do not break, and thin ones. */
export const blanksBetweenDigits = " \\x{a0}\\x{2009}\\x{202f}";

/** Expressions over one column; `flags` is 0, or 1 where the value is there and cannot be read. */
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
export const reference = ({ name, id }: Column) => quoteName(id ?? name);

/** The text of a column of text; JSON's strings without their quotes. */
export const asVarchar = (column: Column) =>
  column.type === "JSON" ? `${reference(column)} ->> '$'` : `${reference(column)}::VARCHAR`;

/**
 * What stands behind FROM for all values of some columns below one another: the column's place among them as `i`, the value
 * as `v`.
 *
 * A question about it is planned once; one for each of 2,000 columns would take DuckDB longer to plan than to answer.
 */
export function stacked(columns: readonly Column[], relation: string, value: (column: Column) => string): string {
  const places = [...columns.keys()].join(", ");
  return `(SELECT unnest([${columns.map(value).join(", ")}]) AS v, unnest([${places}]) AS i FROM ${relation})`;
}

/** The values of `stacked`, where they are texts. */
export const stackedText: Column = { name: "v", type: "VARCHAR" };

/** The words of a text column, without the blanks around them; JSON's strings without their quotes. */
export function trimmed(column: Column): string {
  return `trim(${asVarchar(column)}, ' \t\u00a0')`;
}

/** Whether a number or a time is not there. */
export function missing(column: Column): string {
  if (!isText(column.type)) return `${reference(column)} IS NULL`;
  // One regular expression is planned ten times faster than a list of words, which counts in a table of 2,000 columns.
  return `regexp_full_match(coalesce(${trimmed(column)}, ''), ${quoteText(missingPattern)})`;
}

const missingPattern = `(?i)(${missingWords.map((word) => word.replace("?", "\\?")).join("|")})`;

/** A label; NULL where it is empty. What stands for a missing number may well be a label: Namibia's is NA. */
export function toLabel(column: Column): string {
  const text = isText(column.type) ? trimmed(column) : `${reference(column)}::VARCHAR`;
  return `nullif(${text}, '')`;
}

/** What most columns need: a number, or NULL, or NaN, and then only `toNumber` says what it is. */
export function quickNumber(column: Column, signs: Signs = plainSigns): string {
  if (!isText(column.type)) return `${reference(column)}::DOUBLE`;
  const text = column.type === "JSON" ? trimmed(column) : reference(column);
  return `TRY_CAST(${pointed(text, signs)} AS DOUBLE)`;
}

/** A number; NULL where it is missing. Of text, by the signs that the column was found to have. */
export function toNumber(column: Column, signs: Signs = plainSigns): Conversion {
  if (!isText(column.type)) {
    const value = `${reference(column)}::DOUBLE`;
    return { value, flags: `coalesce(isinf(${value})::TINYINT, 0)` };
  }
  const text = trimmed(column);
  const plain = pointed(text, signs);
  // A minus of its own sign; Fortran's exponents; false and true.
  const spelt = `TRY_CAST(regexp_replace(replace(${plain}, '−', '-'), '[dD]', 'e') AS DOUBLE)`;
  const truth = `CASE lower(${text}) WHEN 'true' THEN 1.0 WHEN 'false' THEN 0.0 END`;
  const value = `coalesce(TRY_CAST(${plain} AS DOUBLE), ${spelt}, ${truth})`;
  const flags = `CASE WHEN ${missing(column)} THEN 0 WHEN isfinite(${value}) THEN 0 ELSE ${flag.unreadable} END`;
  return { value, flags };
}

/** The text as SQL writes a number; NULL where it is not written by these signs. */
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

/** A time as it is written, NULL where it is missing; of a typed time its epoch milliseconds, to the microsecond. */
export function timeText(column: Column): string {
  const name = reference(column);
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
