// Splits text into records and fields, piece by piece; handles any line ending, and quoted separators and line breaks.

/** The field separator: one character, or `blanks` for any number of spaces and tabs. */
export type Separator = "," | ";" | "\t" | "|" | "blanks";

export interface TextRecord {
  /** Without surrounding spaces and quotes. */
  fields: string[];
  /** Number of lines before it. */
  line: number;
  /** Whether the first field is quoted, so that the record is not a comment. */
  quoted: boolean;
}

/** In records of `width` fields, `count` fields from index `at` are one value. */
export interface Joined {
  width: number;
  at: number;
  count: number;
}

export function joinedFields(fields: string[], { width, at, count }: Joined): string[] {
  if (fields.length !== width) return fields;
  return [...fields.slice(0, at), fields.slice(at, at + count).join(" "), ...fields.slice(at + count)];
}

/** DuckDB's limit for a line; without one, an unclosed quote would read a whole file into memory. */
export const longestRecord = 2_000_000;

/** A record that cannot be a row, with the reason. */
export class BadRecord extends Error {
  constructor(
    readonly kind: "open quote" | "too long",
    readonly line: number,
  ) {
    super(kind);
  }
}

/** Takes text in pieces and returns the complete records; a blank line is a record with one empty field. */
export class RecordSplitter {
  #rest = "";
  #line = 0;

  constructor(
    private readonly separator: Separator,
    private readonly quote: '"' | "'",
    /** For space-separated files: fields that form one value, since a date contains spaces. */
    private readonly joined?: Joined,
  ) {}

  /** The records that end within the pushed text; `last` means that no text follows. */
  *push(text: string, last = false): Generator<TextRecord> {
    const all = this.#rest + text;
    let from = 0;
    while (from < all.length) {
      const found = this.#record(all, from, last);
      if (!found) break;
      if (found.next - from > longestRecord) throw new BadRecord("too long", this.#line);
      const fields = this.joined ? joinedFields(found.fields, this.joined) : found.fields;
      yield { fields, line: this.#line, quoted: found.quoted };
      this.#line += found.lines;
      from = found.next;
    }
    this.#rest = all.slice(from);
    if (this.#rest.length > longestRecord) throw new BadRecord("too long", this.#line);
    if (last && this.#rest !== "") throw new BadRecord("open quote", this.#line);
  }

  /** The record that starts at `from`; undefined if its end has not arrived yet. */
  #record(text: string, from: number, last: boolean) {
    const at = endOfLine(text, from);
    const next = afterLine(text, at, last);
    if (next === undefined) return undefined;
    const line = text.slice(from, at);
    if (line.includes(this.quote)) return this.#quotedRecord(text, from, last);
    const fields = this.separator === "blanks" ? line.trim().split(blankRuns) : line.split(this.separator);
    for (let i = 0; i < fields.length; i++) fields[i] = fields[i]!.trim();
    return { fields, next, lines: 1, quoted: false };
  }

  /** A quote opens only at the start of a field; inside, a doubled quote is one. */
  #quotedRecord(text: string, from: number, last: boolean) {
    const { quote, separator } = this;
    const blanks = separator === "blanks";
    const separates = (i: number) => (blanks ? isBlank(text[i]!) : text[i] === separator);
    const ends = (i: number) => i >= text.length || text[i] === "\n" || text[i] === "\r";
    const fields: string[] = [];
    let i = from;
    let quoted = false;
    for (;;) {
      while (!ends(i) && isBlank(text[i]!) && (blanks || !separates(i))) i++;
      if (blanks && ends(i) && fields.length > 0) break;
      let field = "";
      if (text[i] === quote) {
        quoted ||= fields.length === 0;
        i++;
        for (;;) {
          const close = text.indexOf(quote, i);
          if (close < 0) return undefined;
          field += text.slice(i, close);
          i = close + 1;
          if (text[i] !== quote) break;
          field += quote;
          i++;
        }
      }
      const start = i; // text after a closing quote belongs to the field
      while (!ends(i) && !separates(i)) i++;
      fields.push((field + text.slice(start, i)).trim());
      if (ends(i)) break;
      i++;
    }
    const next = afterLine(text, i, last);
    if (next === undefined) return undefined;
    return { fields, next, lines: text.slice(from, i).split(lineEnds).length, quoted };
  }
}

const [lineFeed, carriageReturn] = [10, 13];
const lineEnds = /\r\n|\r|\n/;
const blankRuns = /[ \t\u00a0]+/;
const isBlank = (character: string) => character === " " || character === "\t" || character === "\u00a0";

function endOfLine(text: string, from: number): number {
  // Character codes, because this loop sees every character of a file.
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === lineFeed || code === carriageReturn) return i;
  }
  return text.length;
}

/** The start of the next line; undefined if the text ends before it is known. */
function afterLine(text: string, at: number, last: boolean): number | undefined {
  if (at >= text.length) return last ? at : undefined;
  if (text[at] === "\n") return at + 1;
  if (at + 1 === text.length && !last) return undefined; // this \r may be the first half of \r\n
  return text[at + 1] === "\n" ? at + 2 : at + 1;
}
