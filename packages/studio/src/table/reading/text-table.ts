// Reads a table of text in several passes, so that the text of a long file is never in memory as a whole.
import {
  addToFit,
  BadRecord,
  type Dialect,
  DoubleColumn,
  decide,
  type Fit,
  noCounts,
  plainSigns,
  RaggedLine,
  RecordSplitter,
  type Rivals,
  recognise,
  type SignCounts,
  type SignVerdict,
  signsOf,
  startFit,
  sumOfCounts,
  TableRows,
  type TimeFormat,
  timePart,
  unique,
} from "@eddy/ui/reading";
import { nameList } from "@eddy/ui/results";
import { excerpt, type Problem, ReadingError } from "./problem.ts";
import type { Column, Table } from "./table.ts";
import { addToCounts, isMissing, numberReader, startCounts } from "./written-numbers.ts";

/** The text of a table, in pieces, as often as it is asked for. */
export interface TextSource {
  dialect: Dialect;
  pieces(): AsyncIterable<string> | Iterable<string>;
}

/** What the user decided where the values are ambiguous. */
export interface Decisions {
  decimal?: "," | "." | undefined;
  /** The strptime spelling of a column's times. */
  timeFormats?: Readonly<Record<string, string>> | undefined;
}

/** What the first pass learns of a column. */
interface Scan {
  name: string;
  /** Its first values that are not missing. */
  sample: string[];
  /** What its times have; undefined if they are none. */
  part: ReturnType<typeof timePart>;
  known: number;
  counts: SignCounts;
  firstEither: { row: number; value: string } | undefined;
}

/** A column with more different texts is neither a category nor a group. */
const maxLabels = 10_000;
const maxSamples = 2000;
const allSamples = 400_000;
/** The first values that decide whether a column is a time. */
const timeSamples = 200;

/** @throws ReadingError */
export async function readTextTable(source: TextSource, decisions: Decisions = {}): Promise<Table> {
  const { dialect } = source;
  const names = unique(dialect.names);
  const samples = Math.min(maxSamples, Math.max(20, Math.floor(allSamples / names.length)));
  const scans = names.map((name): Scan => {
    return { name, sample: [], part: undefined, known: 0, counts: startCounts(), firstEither: undefined };
  });
  let rows = 0;
  await eachRow(source, (fields) => {
    rows++;
    for (let j = 0; j < scans.length; j++) {
      const text = fields[j]!;
      if (isMissing(text)) continue;
      const scan = scans[j]!;
      scan.known++;
      if (scan.sample.length < samples) scan.sample.push(text);
      if (addToCounts(scan.counts, text)) scan.firstEither ??= { row: rows, value: text };
    }
  });
  if (rows === 0) throw new ReadingError({ kind: "noRows" });
  const inFile = sumOfCounts(scans.map(({ counts }) => counts));
  const verdicts = scans.map(({ counts }) => verdictOf(counts, inFile, decisions.decimal));
  const formats = await timeFormatsOf(source, scans, verdicts, decisions.timeFormats ?? {});

  const readers = scans.map((scan, j) => new ColumnReader(scan, verdicts[j]!, formats[j]));
  let row = 0;
  await eachRow(source, (fields) => {
    row++;
    for (let j = 0; j < readers.length; j++) readers[j]!.take(fields[j]!, row);
  });
  const columns = readers.map((reader) => reader.column(rows));
  return { rows, columns: withDayAndClock(columns, scans) };
}

/** Adds the times of a date and a time of day in columns of their own, if no column has both. */
function withDayAndClock(columns: Column[], scans: readonly Scan[]): Column[] {
  const parts = scans.map(({ part }) => part);
  const [day, clock] = [parts.indexOf("day"), parts.indexOf("clock")];
  if (parts.includes("both") || day < 0 || clock < 0) return columns;
  const [days, clocks] = [columns[day]!, columns[clock]!];
  if (!days.times || !clocks.times || days.timeKind !== "date") return columns;
  const clockProblem = clocks.timeProblem?.kind === "clockRestarts" ? undefined : clocks.timeProblem;
  const made: Column = {
    name: nameList([days.name, clocks.name]),
    kind: "time",
    missing: Math.max(days.missing, clocks.missing),
    values: undefined,
    labelled: undefined,
    times: days.times.map((time, row) => time + 1000 * clocks.times![row]!),
    timeKind: "date",
    madeOf: { day: days.name, clock: clocks.name, clockFormat: spelling(scans[clock]!.sample[0]!) },
    problem: undefined,
    timeProblem: days.timeProblem ?? clockProblem,
  };
  const last = Math.max(day, clock) + 1;
  return [...columns.slice(0, last), made, ...columns.slice(last)];
}

/** How strptime spells a time of day such as 18.00.00 or 6:00 pm. */
function spelling(clock: string): string {
  const half = /[ap]\.?m/i.test(clock);
  const [, hour = "", minute, second, fraction] = /^(\d+)([:.]\d+)([:.]\d+)?([.,]\d+)?/.exec(clock) ?? [];
  const parts = [minute && `${minute[0]}%M`, second && `${second[0]}%S`, fraction && `${fraction[0]}%f`];
  return `${hour && (half ? "%I" : "%H")}${parts.join("")}${half ? " %p" : ""}`;
}

/** Calls back for each row of the table. */
async function eachRow({ dialect, pieces }: TextSource, take: (fields: string[]) => void): Promise<void> {
  const splitter = new RecordSplitter(dialect.separator, dialect.quote, dialect.joined);
  const rows = new TableRows(dialect, take);
  try {
    for await (const piece of pieces()) for (const record of splitter.push(piece)) rows.take(record);
    for (const record of splitter.push("", true)) rows.take(record);
    rows.end();
  } catch (error) {
    if (error instanceof RaggedLine) {
      const { line, expected, received } = error;
      throw new ReadingError({ kind: "ragged", line, expected, received });
    }
    if (error instanceof BadRecord) {
      throw new ReadingError({ kind: error.kind === "open quote" ? "openQuote" : "longLine", line: error.line + 1 });
    }
    throw error;
  }
}

/** How a column writes its numbers; the other columns of the file break a tie. */
function verdictOf(counts: SignCounts, inFile: SignCounts, chosen: "," | "." | undefined): SignVerdict {
  const verdict = signsOf(counts, noCounts, chosen);
  const ambiguous = counts.commaEither > 0 || counts.pointEither > 0;
  return ambiguous && chosen === undefined && verdict !== "mixed" ? signsOf(counts, inFile) : verdict;
}

type ChosenTime = TimeFormat | { problem: Problem };

/** For each column that contains times, how to read them; another pass decides between rival formats. */
async function timeFormatsOf(
  source: TextSource,
  scans: readonly Scan[],
  verdicts: readonly SignVerdict[],
  wanted: Readonly<Record<string, string>>,
): Promise<(ChosenTime | undefined)[]> {
  const undecided: { place: number; found: Rivals; fits: Fit[] }[] = [];
  const chosen = scans.map((scan, place): ChosenTime | undefined => {
    const { name, sample } = scan;
    const verdict = verdicts[place];
    const comma = typeof verdict === "object" && verdict.decimal === ",";
    scan.part = timePart(sample.slice(0, timeSamples), comma);
    if (scan.part === undefined) return undefined;
    const found = recognise(sample, comma);
    if ("format" in found) return found.format;
    if ("clock" in found) return { problem: { kind: "clockDigits", column: name } };
    undecided.push({ place, found, fits: found.rivals.map(startFit) });
    return undefined;
  });
  if (undecided.length === 0) return chosen;
  await eachRow(source, (fields) => {
    for (const { place, fits } of undecided) {
      const text = fields[place]!;
      if (!isMissing(text)) for (const fit of fits) addToFit(fit, text);
    }
  });
  for (const { place, found, fits } of undecided) {
    const { name, known, sample } = scans[place]!;
    const decided = decide(found, known, fits, sample, wanted[name]);
    chosen[place] =
      "ambiguous" in decided
        ? { problem: { kind: "ambiguousTime", column: name, formats: decided.ambiguous } }
        : decided;
  }
  return chosen;
}

const halfDaySeconds = 43_200;

/** Converts the values of one column. */
class ColumnReader {
  readonly #numbers = new DoubleColumn();
  #labels: Map<string, number> | undefined = new Map();
  #codes = new DoubleColumn();
  readonly #times: DoubleColumn | undefined;
  readonly #format: TimeFormat | undefined;
  readonly #read: (text: string) => number;
  #numeric = 0;
  #unreadable: { row: number; value: string; count: number } | undefined;
  #infinite: { row: number; value: string } | undefined;
  #timeProblem: Problem | undefined;
  #lastTime = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly scan: Scan,
    private readonly verdict: SignVerdict,
    chosen: ChosenTime | undefined,
  ) {
    const point = numberReader(plainSigns);
    const comma = numberReader({ decimal: "," });
    const either = (text: string) => {
      const value = point(text);
      return Number.isNaN(value) ? comma(text) : value;
    };
    this.#read = typeof verdict === "object" ? numberReader(verdict) : either; // to count the numbers; nobody uses them
    if (chosen === undefined) return;
    if ("problem" in chosen) this.#timeProblem = chosen.problem;
    else {
      this.#format = chosen;
      this.#times = new DoubleColumn();
    }
  }

  take(text: string, row: number): void {
    const missing = isMissing(text);
    if (this.#format && this.#times) this.#takeTime(this.#format, this.#times, missing ? "" : text, row);
    const value = missing ? Number.NaN : this.#read(text);
    this.#numbers.push(value);
    this.#takeLabel(missing ? undefined : text);
    if (missing) return;
    if (Number.isFinite(value)) this.#numeric++;
    else if (Number.isNaN(value)) {
      this.#unreadable ??= { row, value: excerpt(text), count: 0 };
      this.#unreadable.count++;
    } else this.#infinite ??= { row, value: excerpt(text) };
  }

  #takeLabel(text: string | undefined): void {
    const labels = this.#labels;
    if (labels === undefined) return;
    const code = text === undefined ? Number.NaN : (labels.get(text) ?? labels.size);
    if (text !== undefined && code === labels.size) {
      if (code === maxLabels) {
        [this.#labels, this.#codes] = [undefined, new DoubleColumn()];
        return;
      }
      labels.set(text, code);
    }
    this.#codes.push(code);
  }

  #takeTime(format: TimeFormat, times: DoubleColumn, text: string, row: number): void {
    const time = format.read(text);
    const { name: column } = this.scan;
    if (!Number.isFinite(time)) this.#timeProblem ??= { kind: "notATime", column, row, value: excerpt(text) };
    // A clock time without a date starts again at midnight.
    if (format.part === "clock" && time < this.#lastTime - halfDaySeconds) {
      this.#timeProblem ??= { kind: "clockRestarts", column, row };
    }
    this.#lastTime = time;
    times.push(time);
  }

  column(rows: number): Column {
    const { name, known, firstEither } = this.scan;
    const isNumeric = 2 * this.#numeric > known || (this.verdict === "either" && known > 0);
    const isTime = this.#format !== undefined || this.#timeProblem !== undefined;
    const values = this.#numbers.toArray();
    const times = this.#times?.toArray();
    const ownTimes = times === undefined && isNumeric && isIncreasing(values);
    const labels = this.#labels && [...this.#labels.keys()];
    const text = labels && isCategory(labels, known) ? "category" : "text";
    return {
      name,
      kind: known === 0 ? "empty" : isTime ? "time" : isNumeric ? "number" : text,
      missing: rows - known,
      values: isNumeric ? values : undefined,
      labelled: labels && { labels, codes: this.#codes.toArray() },
      times: ownTimes ? values : times,
      timeKind: ownTimes ? "number" : this.#format?.kind,
      problem: isNumeric ? this.#numberProblem(name, firstEither) : undefined,
      timeProblem: this.#timeProblem,
    };
  }

  #numberProblem(column: string, firstEither: Scan["firstEither"]): Problem | undefined {
    if (this.verdict === "mixed") return { kind: "mixedDecimals", column };
    if (this.verdict === "either") return { kind: "eitherDecimal", column, ...firstEither! };
    if (this.#unreadable) return { kind: "notANumber", column, ...this.#unreadable };
    return this.#infinite && { kind: "infinite", column, ...this.#infinite };
  }
}

/** The rule of the command line: few different texts, several rows of each on average, and none that begins with a digit. */
const isCategory = (labels: readonly string[], known: number) =>
  labels.length <= 20 && 2 * labels.length <= known && !labels.some((label) => /^[-+−]?[.,]?\d/.test(label));

/** Whether numbers increase from row to row, so that they may be a time. */
function isIncreasing(values: Float64Array): boolean {
  for (let row = 0; row < values.length; row++) {
    if (!(values[row]! > (row === 0 ? Number.NEGATIVE_INFINITY : values[row - 1]!))) return false;
  }
  return values.length > 1;
}
