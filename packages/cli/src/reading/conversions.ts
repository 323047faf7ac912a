// SQL that turns one column, whatever its type, into a double or a time, and says of each value whether that worked.
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

/** The words of a text column, without the blanks around them; JSON's strings without their quotes. */
export function trimmed(column: Column): string {
  const text = column.type === "JSON" ? `${reference(column)} ->> '$'` : `${reference(column)}::VARCHAR`;
  return `trim(${text}, ' \t\u00a0')`;
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
    const { value } = toNumber(column);
    return { value, flags: `coalesce(isinf(${value}) OR isnan(${value}), true)::TINYINT` };
  }
  const moment = !isText(column.type)
    ? reference(column)
    : format === "iso"
      ? `TRY_CAST(${trimmed(column)} AS TIMESTAMPTZ)`
      : `try_strptime(${trimmed(column)}, ${quoteText(format.strptime)})`;
  const value = `(epoch_us(${moment}) / 1000.0)`; // epoch_ms would round what is finer than a millisecond
  return { value, flags: `(${value} IS NULL)::TINYINT` };
}
