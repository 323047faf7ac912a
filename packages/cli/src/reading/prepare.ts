// Prepares a named file so that DuckDB reads it correctly: unchanged, or rewritten into the scratch folder.
import { existsSync, statSync } from "node:fs";
import type { DuckDBConnection } from "@duckdb/node-api";
import {
  BadRecord,
  contentOf,
  type Dialect,
  decoded,
  detectDialect,
  type Encoding,
  legacyEncoding,
  RaggedLine,
  type Skipped,
  sampleBytes,
  unique,
} from "@eddy/ui/reading";
import { Failure, Interrupted } from "../failure.ts";
import { printable } from "../terminal/printable.ts";
import type { Texts } from "../texts/languages.ts";
import { quoteText } from "./conversions.ts";
import { firstBytes } from "./first-bytes.ts";
import { writeRows } from "./json-shapes.ts";
import { normalise } from "./normalise.ts";
import { structureOf } from "./plain.ts";
import type { Scratch } from "./scratch.ts";
import { writeWorkbook } from "./workbook.ts";

export interface Prepared {
  /** The file that DuckDB reads. */
  path: string;
  /** For a text table. */
  table?: {
    /** The names in the file, made unique. */
    names: string[];
    skip: number;
    /** Whether fields contain commas. */
    commas: boolean;
    separator: string;
  };
  kind: "csv" | "parquet" | "json";
  notes: string[];
}

interface Context {
  scratch: Scratch;
  connection: DuckDBConnection;
  texts: Texts;
  /** Whether the first line of the table is a header; undefined to detect it. */
  header: boolean | undefined;
  stdin: NodeJS.ReadableStream | undefined;
  signal: AbortSignal | undefined;
}

/** The name `-` means standard input. */
export const standardInput = "-";

export async function prepare(file: string, context: Context): Promise<Prepared> {
  const { texts, signal } = context;
  const words = texts.reading;
  try {
    return await readable(file, await onDisk(file, context), context);
  } catch (cause) {
    if (signal?.aborted) throw new Interrupted(words.interrupted, signal.reason);
    if (cause instanceof Failure) throw cause;
    if (["EACCES", "EPERM"].includes((cause as NodeJS.ErrnoException).code ?? "")) {
      throw new Failure(words.notAllowed(file), { cause });
    }
    if (cause instanceof RaggedLine) {
      const { line, expected, received } = cause;
      throw new Failure(words.raggedLine(file, String(line), String(expected), String(received)), { cause });
    }
    if (cause instanceof BadRecord) {
      const line = String(cause.line + 1);
      const message = cause.kind === "too long" ? words.longLine(file, line) : words.openQuote(file, line);
      throw new Failure(message, { cause });
    }
    throw new Failure(words.cannotRead(file, cause instanceof Error ? cause.message : String(cause)), { cause });
  }
}

/** The path of the file, or of a copy if it is a pipe. */
async function onDisk(file: string, { scratch, stdin, texts }: Context): Promise<string> {
  const words = texts.reading;
  if (file === standardInput) return scratch.spooled(stdin ?? process.stdin);
  if (!existsSync(file)) throw new Failure(words.noSuchFile(file));
  const status = statSync(file);
  if (status.isDirectory()) throw new Failure(words.isFolder(file));
  return status.isFile() ? file : scratch.spooled(file);
}

async function readable(file: string, path: string, context: Context): Promise<Prepared> {
  const { scratch, texts } = context;
  const words = texts.reading;
  const bytes = firstBytes(path);
  const content = contentOf(bytes);
  switch (content.kind) {
    case "empty":
      throw new Failure(words.emptyFile(file));
    case "parquet":
      return { kind: "parquet", path, notes: [] };
    case "gzip":
    case "zstd":
      return readable(file, await unpacked(file, path, content.kind, context), context);
    case "xlsx": {
      const to = scratch.path(".csv");
      try {
        await writeWorkbook(path, to);
      } catch (cause) {
        throw new Failure(words.badWorkbook(file), { cause });
      }
      return readable(file, to, context);
    }
    case "json": {
      const plain = content.encoding === "utf-8" && bytes[0] !== 0xef; // no byte order mark
      const text = plain ? path : await scratch.recoded(path, content.encoding);
      const rows = scratch.path(".rows");
      const start = decoded(bytes, content.encoding);
      return { kind: "json", path: writeRows(text, start, rows) ? rows : text, notes: [] };
    }
    case "other":
      throw new Failure(content.name === "" ? words.binary(file) : words.otherContent(file, content.name));
    case "text":
      return tableOfText(file, path, bytes, content.encoding, context);
  }
}

/** Decompresses with all checks, so that part of a damaged file is never taken for the whole. */
async function unpacked(file: string, path: string, kind: "gzip" | "zstd", context: Context): Promise<string> {
  try {
    if (kind === "gzip") return await context.scratch.gunzipped(path);
    const to = await context.scratch.unzstd(path);
    // fzstd ignores the content checksum; DuckDB's decoder verifies it.
    await context.connection.run(
      `SELECT count(*) FROM read_csv(${quoteText(path)}, compression = 'zstd', auto_detect = false, header = false, ` +
        `delim = '\x01', quote = '', escape = '', encoding = 'latin-1', strict_mode = false, ignore_errors = true, ` +
        `columns = {'c0': 'VARCHAR'})`,
    );
    return to;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOSPC" || context.signal?.aborted) throw cause;
    throw new Failure(context.texts.reading.damaged(file), { cause });
  }
}

async function tableOfText(
  file: string,
  path: string,
  bytes: Buffer,
  guess: Encoding,
  context: Context,
): Promise<Prepared> {
  const { scratch, texts, header } = context;
  const words = texts.reading;
  const cut = bytes.length === sampleBytes;
  let encoding = guess;
  const dialect = detectDialect(decoded(bytes, encoding), cut, header);
  if (!dialect) throw new Failure(words.emptyFile(file));
  const structure = structureOf(path, dialect);
  if (encoding === "utf-8" && !structure.utf8 && isAscii(bytes)) encoding = legacyEncoding(bytes);
  const names = unique(dialect.names);
  const notes = headNotes(file, dialect, names, decoded(bytes, encoding), texts);
  const { separator } = dialect;
  if (encoding === "utf-8" && structure.plain) {
    const table = { names, skip: dialect.firstLine, commas: structure.commas, separator };
    return { kind: "csv", path, table, notes };
  }
  const to = scratch.path(".csv");
  const skipped = await normalise(path, encoding, dialect, to);
  notes.push(...skippedNotes(file, skipped, texts));
  return { kind: "csv", path: to, table: { names, skip: 0, commas: true, separator: "," }, notes };
}

const isAscii = (bytes: Buffer) => bytes.every((byte) => byte < 0x80);

function headNotes(file: string, dialect: Dialect, names: string[], text: string, texts: Texts): string[] {
  const words = texts.reading;
  const notes: string[] = [];
  const lines = text.split(/\r\n|\r|\n/, dialect.headerLine);
  const first = lines.find((line) => line.trim() !== "" && !/^\uFEFF?"?sep=/i.test(line));
  if (dialect.headerLine > 0 && first !== undefined) {
    notes.push(words.skippedLines(file, dialect.headerLine, excerpt(first)));
  }
  if (!dialect.hasHeader) notes.push(words.noHeader(file, names.slice(0, 12).map(printable).join(", ")));
  else if (dialect.numericHeader) notes.push(words.numericHeader(file, names.slice(0, 12).map(printable).join(", ")));
  if (dialect.units) notes.push(words.unitsRow(file, excerpt(dialect.units.join(" "))));
  return notes;
}

function skippedNotes(
  file: string,
  { comments, firstComment, footer, empty, undecoded }: Skipped & { undecoded: boolean },
  { reading }: Texts,
): string[] {
  const notes: string[] = [];
  if (comments > 0) notes.push(reading.skippedComments(file, comments, excerpt(firstComment ?? "")));
  if (footer.length > 0) notes.push(reading.skippedFooter(file, footer.length, excerpt(footer[0]!)));
  if (empty > 0) notes.push(reading.skippedEmpty(file, String(empty)));
  if (undecoded) notes.push(reading.undecoded(file));
  return notes;
}

const excerpt = (text: string) => {
  const trimmed = text.trim();
  return printable(trimmed.length > 60 ? `${trimmed.slice(0, 60)}…` : trimmed);
};
