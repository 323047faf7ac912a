// Detects the layout of a text table from its first lines: separator, quotes, header, units, first row.
import { BadRecord, type Joined, joinedFields, RecordSplitter, type Separator, type TextRecord } from "./records.ts";
import { certain, orders } from "./written-times.ts";

export interface Dialect {
  /** The names in the file; empty for a column without one. */
  names: string[];
  separator: Separator;
  /** Space-separated fields that form one date. */
  joined?: Joined;
  quote: '"' | "'";
  hasHeader: boolean;
  /** Whether the header contains numbers; a note reports it. */
  numericHeader: boolean;
  /** The rows of units and other descriptions below the header. */
  units?: string[];
  /** The line numbers of the header and of the first row, from 0. */
  headerLine: number;
  firstLine: number;
  /** Which columns contain numbers or times, according to the first lines. */
  holdsData: boolean[];
}

const sampleRecords = 200;
// In order of preference if two fit equally well: a comma may be a decimal sign, a tab is almost always a separator.
const separators: Separator[] = ["\t", ";", "|", ",", "blanks"];

/** Words for a missing value, in lower case. */
export const missingWords = ["", "na", "n/a", "#n/a", "nan", "null", "none", "-", "?"];
const missingWord = new Set(missingWords);

const dated = /^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}/;
const clock = /^\d{1,2}:\d{2}(:\d{2})?/;
const number = /^[+\-−]?[.,]?\d[\d.,'_\u00a0\u2009\u202f ]*([eEdD][+-]?\d+)?$|^[+-]?inf(inity)?$/i;
export const looksLikeData = (field: string) => dated.test(field) || clock.test(field) || number.test(field);

const comment = /^(#|%|\/\/)/;

/**
 * Whether a record is a comment: it starts with a comment sign and does not fit the table.
 *
 * A semicolon marks comments in files that it does not separate.
 */
export function isComment({ fields, quoted }: TextRecord, { separator, names, holdsData }: Dialect): boolean {
  const first = fields[0]!;
  if (quoted || !(comment.test(first) || (separator !== ";" && first.startsWith(";")))) return false;
  if (first.startsWith("#") && missingWord.has(first.toLowerCase())) return false; // #N/A
  return holdsData[0] === true || fields.length !== names.length;
}

/** The dialect of the text; undefined for an empty text. `header` is the user's choice. */
export function detectDialect(text: string, cut: boolean, header?: boolean): Dialect | undefined {
  if (text.replaceAll("\0", "").trim() === "") return undefined;
  const named = /^\uFEFF?"?sep=(.)"?\s*[\r\n]/i.exec(text)?.[1]; // Excel's line for the separator
  const candidates = separators.filter((separator) => named === undefined || separator === named);
  const skip = named !== undefined && candidates.length > 0 ? 1 : 0;
  const splits = (candidates.length > 0 ? candidates : separators).map((one) => split(text, one, '"', cut, skip));
  let best = splits.reduce((a, b) => (b.score > a.score ? b : a));
  if (best.score === 0) best = { ...best, ...split(text, named ? best.separator : ",", '"', cut, skip) };
  const apostrophes = best.rows.flatMap(({ fields }) => fields).filter((field) => /^'.*'$/s.test(field)).length;
  const quote = apostrophes > 0 && !text.includes('"') ? "'" : '"';
  if (quote === "'") best = split(text, best.separator, quote, cut, skip);
  const joined = best.separator === "blanks" ? datesWithBlanks(best) : undefined;
  if (!joined) return layoutOf(best, quote, header);
  const rejoined = (all: readonly TextRecord[]) =>
    all.map((record) => ({ ...record, fields: joinedFields(record.fields, joined) }));
  const { separator, score } = best;
  const records = rejoined(best.records);
  const rows = records.filter((_, i) => best.rows.includes(best.records[i]!));
  const width = joined.width - joined.count + 1;
  return { ...layoutOf({ separator, score, records, rows, width }, quote, header), joined };
}

/** The fields of the rows that form one date, if the header has one name for all of them. */
function datesWithBlanks({ rows, width }: Split): Joined | undefined {
  const fits = ({ fields }: TextRecord) => fields.length === width;
  const later = rows.filter(fits).slice(-20);
  const header = rows[rows.findIndex(fits) - 1];
  const count = width - (header?.fields.length ?? width) + 1;
  if (count < 2 || count > 6 || later.length < 2) return undefined;
  const formats = [...certain, ...orders.map(({ format }) => format)];
  for (let at = 0; at + count <= width; at++) {
    const texts = later.map(({ fields }) => fields.slice(at, at + count).join(" "));
    const dates = formats.some((format) => texts.every((text) => !Number.isNaN(format.read(text))));
    if (dates) return { width, at, count };
  }
  return undefined;
}

interface Split {
  separator: Separator;
  records: TextRecord[];
  /** The records without the comments. */
  rows: TextRecord[];
  width: number;
  score: number;
}

function split(text: string, separator: Separator, quote: '"' | "'", cut: boolean, skip: number): Split {
  const all: TextRecord[] = [];
  try {
    for (const record of new RecordSplitter(separator, quote).push(text, !cut)) {
      if (all.push(record) === sampleRecords + skip) break;
    }
  } catch (error) {
    if (!(error instanceof BadRecord)) throw error; // reading names the line later
  }
  const records = all.slice(skip).filter(({ fields, quoted }) => fields.length > 1 || fields[0] !== "" || quoted);
  const uncommented = records.filter(
    ({ fields, quoted }) => quoted || !(comment.test(fields[0]!) || (separator !== ";" && fields[0]!.startsWith(";"))),
  );
  const rows = uncommented.length > 0 ? uncommented : records;
  const width = mostFrequent(rows.slice(-20).map(({ fields }) => fields.length));
  const agreeing = rows.filter(({ fields }) => fields.length === width);
  const cells = agreeing.slice(-20).flatMap(({ fields }) => fields);
  const data = cells.filter((cell) => looksLikeData(cell) || missingWord.has(cell.toLowerCase())).length / cells.length;
  const score = width > 1 ? (agreeing.length / rows.length) * (1 + data) : 0;
  // Spaces also occur in words, dates and thousands.
  const unlikely = separator === "blanks" && (data <= 0.5 || agreeing.length < 0.5 * rows.length);
  return { separator, records, rows, width, score: unlikely ? 0 : separator === "blanks" ? 0.8 * score : score };
}

function layoutOf({ separator, records, rows, width }: Split, quote: '"' | "'", header?: boolean): Dialect {
  const fits = ({ fields }: TextRecord) => fields.length === width;
  const later = rows.filter(fits).slice(-20);
  const lowerHalf = later.slice(Math.floor(later.length / 2));
  const present = (field: string) => !missingWord.has(field.toLowerCase());
  const holdsData = Array.from({ length: width }, (_, j) => {
    const known = lowerHalf.map(({ fields }) => fields[j]!).filter(present);
    return known.length > 0 && known.filter(looksLikeData).length > 0.5 * known.length;
  });
  const dataCells = (record: TextRecord) => record.fields.filter((_, j) => holdsData[j]);
  const isRow = (record: TextRecord) =>
    fits(record) && dataCells(record).every((cell) => looksLikeData(cell) || !present(cell));
  // Some loggers end each row, but not the header, with a separator, or vice versa.
  const endsEmpty = rows.length > 1 && rows.slice(1).every(({ fields }) => fields.at(-1) === "");
  const couldHead = ({ fields }: TextRecord) =>
    fields.length === width ||
    (endsEmpty && fields.length === width - 1) ||
    (fields.length === width + 1 && fields.at(-1) === "");

  let first = 0;
  let head = rows.findIndex(couldHead);
  if (holdsData.includes(true)) {
    first = Math.max(0, rows.findIndex(isRow));
    const above = rows.slice(0, first).filter(couldHead);
    const textOnly = above.filter((record) => !dataCells(record).some(looksLikeData));
    while (textOnly.length > 1 && textOnly.at(-1)!.fields.every(isUnit)) textOnly.pop();
    const headRecord = textOnly.at(-1) ?? above.at(-1);
    head = headRecord ? rows.indexOf(headRecord) : -1;
    if (head < 0 && first === 0 && header !== false && numbersAsNames(rows, dataCells)) head = 0;
  }
  if (header === false) head = -1;
  if (header === true && head < 0) head = Math.max(0, rows.findIndex(couldHead));
  const start = { separator, quote, holdsData };
  if (head < 0) {
    const commented = commentedHeader(records, rows[first]!, separator, width);
    if (commented && header !== false) {
      const line = { headerLine: commented.line, firstLine: rows[first]!.line };
      return { ...start, names: commented.names, hasHeader: true, numericHeader: false, ...line };
    }
    const firstLine = (rows[first] ?? rows[0]!).line;
    return {
      ...start,
      ...{ names: Array<string>(width).fill(""), hasHeader: false, numericHeader: false },
      ...{ headerLine: firstLine, firstLine },
    };
  }
  const { fields, line } = rows[head]!;
  const names = Array.from({ length: width }, (_, j) => fields[j] ?? "");
  const below = rows.slice(head + 1);
  const rowAt = below.findIndex((one) => !couldHead(one) || isRow(one) || !one.fields.every(isUnit));
  const units = below.slice(0, rowAt < 0 ? below.length : rowAt);
  const firstRowLine = below[units.length]?.line ?? (units.at(-1)?.line ?? line) + 1;
  return {
    ...start,
    ...{ names, hasHeader: true, numericHeader: names.some((name) => number.test(name)), headerLine: line },
    ...(units.length > 0 && { units: units.flatMap(({ fields }) => fields.slice(0, width)) }),
    firstLine: firstRowLine,
  };
}

/** Distinct integers above numbers that all have decimals. */
function numbersAsNames(rows: TextRecord[], dataCells: (record: TextRecord) => string[]): boolean {
  const [top, ...below] = rows;
  if (below.length < 3 || new Set(top!.fields).size < top!.fields.length) return false;
  if (!top!.fields.every((field) => /^\d+$/.test(field))) return false;
  return below.every((record) => dataCells(record).every((cell) => !/^[+-]?\d*$/.test(cell)));
}

/** A header such as `# time u y` (NumPy): the last comment above the first row, if it has as many words as a row. */
function commentedHeader(records: TextRecord[], row: TextRecord, separator: Separator, width: number) {
  const above = records[records.indexOf(row) - 1];
  if (!above || !comment.test(above.fields[0]!)) return undefined;
  const first = above.fields[0]!.replace(/^(#+|%+|\/\/)\s*/, "");
  const names = [first, ...above.fields.slice(1)];
  if (separator === "blanks" && first === "") names.shift();
  if (names.length !== width || names.some(looksLikeData)) return undefined;
  return { names, line: above.line };
}

const symbol =
  "(?:[munµμkMGhdc]?(?:s|V|A|W|Wh|VA|var|Pa|bar|m|g|l|L|N|Nm|J|Hz|K|F|C|mol|Ohm|Ω|S|T|H|rad)|[°º]\\s?[CFK]?|sec|min|hr?|d|days?|hours?|seconds?|minutes?|" +
  "psi|rpm|1|%|‰|ppm|ppb|pH|lux|lx|dB|dBA|deg|t|kWh|MWh|inch|in|ft|gal|Torr|atm|mmHg|nm|um|bool|count|counts|-)";
const power = "(?:\\^?[-−]?\\d|[²³⁻¹]+)?";
const unit = new RegExp(`^${symbol}${power}(?:[·*./ ]${symbol}${power})*$`);

/** Words of loggers below a header: aggregation, type, time format. */
const processing =
  /^(avg|smp|min|max|std|tot|wvc|ts|rn|volts?|amps?|deg[ .]?[cfk]|celsius|(?=.*[ymdhs]{2})[ymdhsft:./ -]+)$/i;

/** Empty, in brackets, or one of the usual units or their products. */
const isUnit = (field: string) =>
  field === "" || /^(\[.*\]|\(.*\)|<.*>)$/.test(field) || unit.test(field) || processing.test(field);

function mostFrequent(counts: number[]): number {
  const times = new Map<number, number>();
  for (const count of counts) times.set(count, (times.get(count) ?? 0) + 1);
  return [...times].reduce((a, b) => (b[1] > a[1] ? b : a), [1, 0])[0];
}
