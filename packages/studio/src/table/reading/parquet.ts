// Reads a Parquet file as the text of a table, so that its values follow the same rules.
import { type Dialect, quotedField } from "@eddy/ui/reading";
import { type AsyncBuffer, parquetMetadataAsync, parquetRead, parquetSchema } from "hyparquet";
import { ReadingError } from "./problem.ts";
import type { TextSource } from "./text-table.ts";

/** Compressions that hyparquet reads without another package. */
const codecs = new Set(["UNCOMPRESSED", "SNAPPY"]);
const rowsPerPiece = 4096;

/** Times as epoch milliseconds, to the microsecond. */
class Instant {
  constructor(readonly ms: number) {}
}

/** @throws ReadingError */
export async function parquetSource(blob: Blob): Promise<TextSource> {
  const file: AsyncBuffer = {
    byteLength: blob.size,
    slice: (start, end) => blob.slice(start, end).arrayBuffer(),
  };
  const metadata = await parquetMetadataAsync(file);
  for (const { columns } of metadata.row_groups) {
    for (const { meta_data } of columns) {
      if (meta_data && !codecs.has(meta_data.codec)) throw new ReadingError({ kind: "codec", codec: meta_data.codec });
    }
  }
  const fields = parquetSchema(metadata).children;
  const nested = fields.find(({ children }) => children.length > 0);
  if (nested) throw new ReadingError({ kind: "nested", column: nested.element.name });
  const names = fields.map(({ element }) => element.name);
  const columns = new Map(names.map((name) => [name, [] as ArrayLike<unknown>[]]));
  await parquetRead({
    file,
    metadata,
    parsers: {
      timestampFromMilliseconds: (ms) => new Instant(Number(ms)),
      timestampFromMicroseconds: (us) => new Instant(Number(us) / 1000),
      timestampFromNanoseconds: (ns) => new Instant(Number(ns / 1000n) / 1000),
    },
    onChunk: ({ columnName, columnData }) => columns.get(columnName)!.push(columnData),
  });
  const cells = names.map((name) => columns.get(name)!);
  return { dialect: dialectOf(names), pieces: () => textOf(cells, Number(metadata.num_rows)) };
}

const dialectOf = (names: string[]): Dialect => ({
  names,
  separator: ",",
  quote: '"',
  hasHeader: false,
  numericHeader: false,
  headerLine: 0,
  firstLine: 0,
  holdsData: names.map(() => false), // no comments and no line of totals
});

function* textOf(columns: ArrayLike<unknown>[][], rows: number): Generator<string> {
  const readers = columns.map(inOrder);
  for (let start = 0; start < rows; start += rowsPerPiece) {
    let text = "";
    for (let row = start; row < Math.min(rows, start + rowsPerPiece); row++) {
      text += `${readers.map((next) => cellText(next())).join(",")}\n`;
    }
    yield text;
  }
}

/** The values of a column's chunks, one after the other. */
function inOrder(chunks: ArrayLike<unknown>[]): () => unknown {
  let [chunk, at] = [0, 0];
  return () => {
    while (chunk < chunks.length && at >= chunks[chunk]!.length) [chunk, at] = [chunk + 1, 0];
    return chunks[chunk]?.[at++];
  };
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (value instanceof Instant) return isoToMicroseconds(value.ms);
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "number") return Number.isNaN(value) ? "" : String(value);
  if (typeof value === "bigint" || typeof value === "boolean") return String(value);
  return quotedField(String(value));
}

function isoToMicroseconds(ms: number): string {
  const us = Math.round(ms * 1000);
  const whole = Math.floor(us / 1000);
  return `${new Date(whole).toISOString().slice(0, -1)}${String(us - 1000 * whole).padStart(3, "0")}Z`;
}
