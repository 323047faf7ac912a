// Reads a file of any known format into a table; nothing leaves the machine.
import {
  contentOf,
  type Dialect,
  decoded,
  detectDialect,
  type Encoding,
  legacyEncoding,
  sampleBytes,
  sheetText,
} from "@eddy/ui/reading";
import { ReadingError } from "./problem.ts";
import type { Table } from "./table.ts";
import { type Decisions, readTextTable, type TextSource } from "./text-table.ts";

/** @throws ReadingError */
export async function readFile(file: Blob, decisions: Decisions = {}): Promise<Table> {
  try {
    return await readTextTable(await sourceOf(file), decisions);
  } catch (error) {
    if (error instanceof ReadingError) throw error;
    throw new ReadingError({ kind: "unreadable", message: error instanceof Error ? error.message : String(error) });
  }
}

async function sourceOf(file: Blob): Promise<TextSource> {
  const first = new Uint8Array(await file.slice(0, sampleBytes).arrayBuffer());
  const content = contentOf(first);
  switch (content.kind) {
    case "empty":
      throw new ReadingError({ kind: "empty" });
    case "text":
      return textSource(file, first, content.encoding);
    case "json":
      throw new ReadingError({ kind: "json" });
    case "gzip":
      return sourceOf(await new Response(file.stream().pipeThrough(new DecompressionStream("gzip"))).blob());
    case "parquet": {
      const { parquetSource } = await import("./parquet.ts");
      return parquetSource(file);
    }
    case "xlsx": {
      const { readSheet } = await import("read-excel-file/universal");
      const text = sheetText(await readSheet(file));
      return { dialect: dialectOf(text.slice(0, sampleBytes), text.length > sampleBytes), pieces: () => [text] };
    }
    default:
      throw new ReadingError({ kind: "notATable", format: content.kind === "other" ? content.name : ".zst" });
  }
}

async function textSource(file: Blob, first: Uint8Array, detected: Encoding): Promise<TextSource> {
  // A sample without high bytes may be the start of a file in another encoding than UTF-8.
  const isAscii = first.every((byte) => byte < 0x80);
  const encoding = detected === "utf-8" && isAscii && file.size > first.length ? await wholeEncoding(file) : detected;
  const cut = file.size > first.length;
  return { dialect: dialectOf(decoded(first, encoding), cut), pieces: () => piecesOf(file, encoding) };
}

function dialectOf(text: string, cut: boolean): Dialect {
  const dialect = detectDialect(text, cut);
  if (dialect === undefined) throw new ReadingError({ kind: "empty" });
  return dialect;
}

/** UTF-8, or the encoding of the first bytes that are invalid in it. */
async function wholeEncoding(file: Blob): Promise<Encoding> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for await (const bytes of bytesOf(file)) {
    try {
      decoder.decode(bytes, { stream: true });
    } catch {
      return legacyEncoding(bytes);
    }
  }
  return "utf-8";
}

async function* piecesOf(file: Blob, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const bytes of bytesOf(file)) yield decoder.decode(bytes, { stream: true });
  yield decoder.decode();
}

const pieceBytes = 1 << 20;

async function* bytesOf(file: Blob): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.size; at += pieceBytes) {
    yield new Uint8Array(await file.slice(at, at + pieceBytes).arrayBuffer());
  }
}
