// Rewrites a table of any dialect as a plain CSV: UTF-8, commas, one line per row, without comments, units and footers.

import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import type { Encoding } from "./content.ts";
import { type Dialect, isComment, looksLikeData } from "./csv-dialect.ts";
import { closingWord } from "./plain.ts";
import { RecordSplitter, type TextRecord } from "./records.ts";

/** What was skipped. */
export interface Skipped {
  comments: number;
  firstComment?: string;
  /** Lines after the last row. */
  footer: string[];
  /** Empty rows after the last row with a value. */
  empty: number;
  /** Bytes that are invalid in the encoding. */
  undecoded: boolean;
}

/** A line whose number of fields differs from the header's; `line` counts from 1. */
export class RaggedLine extends Error {
  constructor(
    readonly line: number,
    readonly expected: number,
    readonly received: number,
  ) {
    super("ragged line");
  }
}

const maxFooterLines = 20;

/** @throws RaggedLine, BadRecord */
export async function normalise(path: string, encoding: Encoding, dialect: Dialect, to: string): Promise<Skipped> {
  const width = dialect.names.length;
  const splitter = new RecordSplitter(dialect.separator, dialect.quote, dialect.joined);
  const decoder = new TextDecoder(encoding);
  const out = createWriteStream(to);
  const failed = finished(out);
  failed.catch(() => {}); // awaited below
  const skipped: Skipped = { comments: 0, footer: [], empty: 0, undecoded: false };
  // Records that may be a footer, or rows with an odd first cell, until another row follows.
  let pending: { fields: string[]; line: number; fits: boolean }[] = [];
  let blankLines = 0;
  let emptyRows = 0;
  let text = "";

  const write = (fields: string[]) => {
    text += `${fields.map((field) => csvField(field, width)).join(",")}\n`;
  };
  const ragged = ({ line, fields }: { line: number; fields: string[] }) =>
    new RaggedLine(line + 1, width, fields.length);
  const take = (record: TextRecord) => {
    const fields = fitted(record.fields, width);
    if (record.line < dialect.firstLine) return;
    if (
      !record.quoted &&
      fields.every((field) => field.replaceAll("\0", "") === "") &&
      (fields.length === 1 || record.fields.join("").includes("\0"))
    ) {
      blankLines++;
      return;
    }
    if (isComment(record, dialect)) {
      skipped.comments++;
      skipped.firstComment ??= record.fields.join(" ");
      return;
    }
    const fits = fields.length === width;
    if (fits && width > 1 && fields.every((field) => field === "")) {
      emptyRows++; // below the table, spreadsheets write them; between rows they are rows
      return;
    }
    if (!fits || (dialect.holdsData[0] && closingWord.test(fields[0]!) && !looksLikeData(fields[0]!))) {
      pending.push({ fields, line: record.line, fits });
      if (pending.length > maxFooterLines) throw ragged(pending.find((one) => !one.fits) ?? pending[0]!);
      return;
    }
    for (const one of pending) {
      if (!one.fits) throw ragged(one);
      write(one.fields);
    }
    pending = [];
    for (; emptyRows > 0; emptyRows--) write(Array<string>(width).fill(""));
    if (width === 1) for (; blankLines > 0; blankLines--) write([""]); // a missing value, not a missing row
    blankLines = 0;
    write(fields);
  };
  const flush = async () => {
    if (text !== "" && !out.write(text)) await Promise.race([once(out, "drain"), failed]);
    text = "";
  };

  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
      const piece = decoder.decode(chunk, { stream: true });
      skipped.undecoded ||= piece.includes("\ufffd");
      for (const record of splitter.push(piece)) take(record);
      await flush();
    }
    for (const record of splitter.push(decoder.decode(), true)) take(record);
    for (const one of pending) {
      const { fields, fits } = one;
      const notData = dialect.holdsData[0] === true && !looksLikeData(fields[0]!);
      if (!fits && fields.length > width && !notData) throw ragged(one);
      skipped.footer.push(fields.join(" ").trim());
    }
    skipped.empty = emptyRows;
    await flush();
  } finally {
    out.end();
  }
  await failed;
  return skipped;
}

/** The fields of a row, with the empty last field that a trailing separator makes removed or added to fit the header. */
function fitted(fields: string[], width: number): string[] {
  return fields.length === width + 1 && fields.at(-1) === "" && width > 0 ? fields.slice(0, -1) : fields;
}

/** Replaces zero bytes by a visible character, so that digits around them do not merge into one number. */
function csvField(field: string, width: number): string {
  const text = field.replaceAll("\0", "\ufffd");
  if (text === "") return width === 1 ? '""' : "";
  return /[",\n\r]/.test(text) ? quotedField(text) : text;
}

export const quotedField = (text: string) => `"${text.replaceAll('"', '""')}"`;
