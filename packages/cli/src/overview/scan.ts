// One pass over columns: the range of each, and stretches of rows spread over the whole table.
import { DoubleColumn, type Signs } from "@eddy/ui/reading";
import { Failure, Interrupted } from "../failure.ts";
import {
  type Column,
  isoMilliseconds,
  missing,
  quickNumber,
  reference,
  startsWithDigit,
  toLabel,
} from "../reading/conversions.ts";
import { columnsPerPass, type Source } from "../reading/source.ts";
import { doublesOf } from "../reading/vectors.ts";
import type { Values } from "./relations.ts";

/** Number of consecutive rows in a stretch. */
const stretchBits = 9;
const stretchRows = 1 << stretchBits;
/** The maximum number of rows kept of each column; of longer tables, every second stretch is kept, or every fourth, … */
const maxKeptRows = 1 << 16;
/** The maximum number of kept values of all columns. */
const maxKeptValues = 1 << 23;

/** What a scan found in a column. */
export interface Scanned {
  rows: number;
  missing: number;
  /** Number of finite values, and their range. */
  numbers: number;
  low: number;
  high: number;
  /** The values of evenly spread stretches, one after the other; all rows in one stretch if they are few enough. */
  kept: Values;
  /** All values of a column of times. */
  all?: Float64Array;
}

/** Collects the values of one column as they arrive. */
class ColumnScan {
  readonly #maxStretches: number;
  #kept = new Float64Array(stretchRows);
  #keptRows = 0;
  #every = 1;
  #rows = 0;
  #missing = 0;
  #numbers = 0;
  #lowest = Number.POSITIVE_INFINITY;
  #highest = Number.NEGATIVE_INFINITY;

  /** @param maxRows the maximum number of kept rows. */
  constructor(maxRows: number) {
    this.#maxStretches = Math.max(2, Math.floor(maxRows / stretchRows));
  }

  /** Adds a number; NaN if it is missing, infinite if it is unreadable. */
  push(value: number): void {
    const row = this.#rows++;
    const isNumber = Number.isFinite(value);
    // every is a power of two
    if (((row >>> stretchBits) & (this.#every - 1)) === 0) this.#keep(isNumber ? value : Number.NaN);
    if (Number.isNaN(value)) this.#missing++;
    if (!isNumber) return;
    this.#numbers++;
    if (value < this.#lowest) this.#lowest = value;
    if (value > this.#highest) this.#highest = value;
  }

  #keep(value: number): void {
    if (this.#keptRows === this.#maxStretches * stretchRows) {
      this.#halveStretches();
      if ((((this.#rows - 1) >>> stretchBits) & (this.#every - 1)) !== 0) return;
    }
    if (this.#keptRows === this.#kept.length) {
      const larger = new Float64Array(2 * this.#kept.length);
      larger.set(this.#kept);
      this.#kept = larger;
    }
    this.#kept[this.#keptRows++] = value;
  }

  #halveStretches(): void {
    const stretches = this.#keptRows / stretchRows;
    for (let i = 2; i < stretches; i += 2) {
      this.#kept.copyWithin((i / 2) * stretchRows, i * stretchRows, (i + 1) * stretchRows);
    }
    this.#keptRows = Math.ceil(stretches / 2) * stretchRows;
    this.#every *= 2;
  }

  result(): Scanned {
    return {
      rows: this.#rows,
      missing: this.#missing,
      numbers: this.#numbers,
      low: this.#lowest,
      high: this.#highest,
      kept: {
        values: this.#kept.subarray(0, this.#keptRows),
        stretch: this.#every === 1 ? this.#keptRows : stretchRows,
      },
    };
  }
}

/** The same for all scans of a table, so that they keep the same rows. */
const keptRowsOf = ({ columns }: Source) => Math.min(maxKeptRows, maxKeptValues / Math.max(1, columns.length));

/**
 * What a scan asks of a column: its numbers; those of a text column whose first rows are plain numbers; all times of a text column
 * in ISO 8601, as epoch milliseconds; or only whether each value is present, then present ones count as zero.
 */
export interface ScanOf {
  column: Column;
  content: "numbers" | "plain numbers" | "times" | "presence";
  signs?: Signs;
}

/** A value that is never NULL: NaN if missing, infinite if unreadable. */
interface Selected {
  value: string;
  /** The columns of the inner query that it needs, in which each value is converted once. */
  inner: string[];
  /** Whether to keep all values. */
  all?: boolean;
}

/** Scans columns of a table in one pass. */
export const scan = (source: Source, asked: readonly ScanOf[]): Promise<Scanned[]> =>
  scanned(source, asked.map(select), source.relation);

/** Scans faster if the plain numbers of a text table are plain in all rows; undefined if they are not. */
export async function scanPlain(source: Source, asked: readonly ScanOf[]): Promise<Scanned[] | undefined> {
  const plain = asked.filter(({ content }) => content === "plain numbers").map(({ column }) => column);
  if (plain.length === 0 || source.withDoubles === undefined) return undefined;
  const selected = asked.map((one, i) => (one.content === "plain numbers" ? selectDouble(one, i) : select(one, i)));
  try {
    return await scanned(source, selected, source.withDoubles(plain));
  } catch (error) {
    if (!(error instanceof Failure) || error instanceof Interrupted) throw error;
    return undefined; // a value is no number; what else failed will fail again
  }
}

async function scanned(source: Source, selected: readonly Selected[], relation: string): Promise<Scanned[]> {
  const maxRows = keptRowsOf(source);
  const found: Scanned[] = [];
  for (let from = 0; from < selected.length; from += columnsPerPass) {
    const some = selected.slice(from, from + columnsPerPass);
    const inner = `(SELECT ${some.flatMap((one) => one.inner).join(", ")} FROM ${relation})`;
    const scans = some.map(() => new ColumnScan(maxRows));
    const wholes = some.map(({ all }) => (all ? new DoubleColumn() : undefined));
    const values = some.map(({ value }) => value);
    for await (const chunk of source.chunks(values, inner)) {
      const { rowCount } = chunk;
      for (const [j, one] of scans.entries()) {
        const values = doublesOf(chunk.getColumnVector(j), rowCount);
        for (const value of values) one.push(value);
        wholes[j]?.append(values);
      }
    }
    for (const [j, one] of scans.entries()) {
      const all = wholes[j]?.toArray();
      found.push({ ...one.result(), ...(all && { all }) });
    }
  }
  return found;
}

const notANumber = "'nan'::DOUBLE";

function select({ column, content, signs }: ScanOf, i: number): Selected {
  const value: Column = { name: `v${i}`, type: column.type };
  const own = `${reference(column)} AS v${i}`;
  const isMissing = `WHEN ${missing(value)} THEN ${notANumber}`;
  if (content === "presence")
    return {
      value: `CASE WHEN ${startsWithDigit(value)} THEN 0::DOUBLE ${isMissing} ELSE 0::DOUBLE END`,
      inner: [own],
    };
  const converted = content === "times" ? isoMilliseconds(column) : quickNumber(column, signs);
  return {
    value: `CASE WHEN isfinite(n${i}) THEN n${i} ${isMissing} ELSE 'inf'::DOUBLE END`,
    inner: [own, `${converted} AS n${i}`],
    all: content === "times",
  };
}

/** A column that is read as doubles; which texts were NaN or infinite is unknown, so that the query fails. */
function selectDouble({ column }: ScanOf, i: number): Selected {
  const value = `CASE WHEN isfinite(v${i}) THEN v${i} WHEN v${i} IS NULL THEN ${notANumber} ELSE error('no number') END`;
  return { value, inner: [`${reference(column)} AS v${i}`] };
}

/** The labels of text columns, in the same rows: the position of each in `labels`, NaN if missing. */
export async function scanLabels(
  source: Source,
  columns: readonly Column[],
): Promise<{ labels: string[]; kept: Values }[]> {
  if (columns.length === 0) return [];
  const scans = columns.map(() => ({ scan: new ColumnScan(keptRowsOf(source)), codes: new Map<string, number>() }));
  for await (const chunk of source.chunks(columns.map(toLabel), source.relation)) {
    const { rowCount } = chunk;
    for (const [j, { scan, codes }] of scans.entries()) {
      const vector = chunk.getColumnVector(j);
      for (let i = 0; i < rowCount; i++) {
        const label = vector.getItem(i) as string | null;
        if (label !== null && !codes.has(label)) codes.set(label, codes.size);
        scan.push(label === null ? Number.NaN : codes.get(label)!);
      }
    }
  }
  return scans.map(({ scan, codes }) => ({ labels: [...codes.keys()], kept: scan.result().kept }));
}
