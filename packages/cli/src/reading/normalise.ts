// Rewrites a table of any dialect as a plain CSV: UTF-8, commas, one line per row, without comments, units and footers.

import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { type Dialect, type Encoding, quotedField, RecordSplitter, type Skipped, TableRows } from "@eddy/ui/reading";

/** @throws RaggedLine, BadRecord */
export async function normalise(
  path: string,
  encoding: Encoding,
  dialect: Dialect,
  to: string,
): Promise<Skipped & { undecoded: boolean }> {
  const width = dialect.names.length;
  const splitter = new RecordSplitter(dialect.separator, dialect.quote, dialect.joined);
  const decoder = new TextDecoder(encoding);
  const out = createWriteStream(to);
  const failed = finished(out);
  failed.catch(() => {}); // awaited below
  let undecoded = false;
  let text = "";
  const rows = new TableRows(dialect, (fields) => {
    text += `${fields.map((field) => csvField(field, width)).join(",")}\n`;
  });
  const flush = async () => {
    if (text !== "" && !out.write(text)) await Promise.race([once(out, "drain"), failed]);
    text = "";
  };

  let skipped: Skipped;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
      const piece = decoder.decode(chunk, { stream: true });
      undecoded ||= piece.includes("\ufffd");
      for (const record of splitter.push(piece)) rows.take(record);
      await flush();
    }
    for (const record of splitter.push(decoder.decode(), true)) rows.take(record);
    skipped = rows.end();
    await flush();
  } finally {
    out.end();
  }
  await failed;
  return { ...skipped, undecoded };
}

/** Replaces zero bytes by a visible character, so that digits around them do not merge into one number. */
function csvField(field: string, width: number): string {
  const text = field.replaceAll("\0", "\ufffd");
  if (text === "") return width === 1 ? '""' : "";
  return /[",\n\r]/.test(text) ? quotedField(text) : text;
}
