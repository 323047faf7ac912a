// Cuts text into records and fields, piece by piece: any line end, quotes that hold separators and line ends.

/** What separates fields: one character, or `blanks`: any number of blanks and tabs. */
export type Separator = "," | ";" | "\t" | "|" | "blanks";

export interface TextRecord {
  /** Without the blanks and the quotes around them. */
  fields: string[];
  /** The lines before it. */
  line: number;
  /** The first field stands in quotes, so it is no comment. */
  quoted: boolean;
}

/** In records of `width` fields, `count` of them from the place `at` are one. */
export interface Joined {
  width: number;
  at: number;
  count: number;
}

export function joinedFields(fields: string[], { width, at, count }: Joined): string[] {
  if (fields.length !== width) return fields;
  return [...fields.slice(0, at), fields.slice(at, at + count).join(" "), ...fields.slice(at + count)];
}

/** DuckDB's limit of a line; without one, a lost quote would read a whole file into memory. */
export const longestRecord = 2_000_000;

/** A record that cannot be a row, and why. */
export class BadRecord extends Error {
  constructor(
    readonly kind: "open quote" | "too long",
    readonly line: number,
  ) {
    super(kind);
  }
}

/** Takes text in pieces and gives the complete records; blank lines give records with one empty field. */
export class RecordSplitter {
  #rest = "";
  #line = 0;

  constructor(
    private readonly separator: Separator,
    private readonly quote: '"' | "'",
    /** Where blanks separate: fields that belong together, since a date or a time holds blanks. */
    private readonly joined?: Joined,
  ) {}

  /** The records that end in what was pushed; `last` says that no text follows. */
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

  /** The record that begins at `from`; undefined where its end has not come yet. */
  #record(text: string, from: number, last: boolean) {
    const at = endOfLine(text, from);
    const next = afterLine(text, at, last);
    if (next === undefined) return undefined;
    const line = text.slice(from, at);
    if (line.includes(this.quote)) return this.#quotedRecord(text, from, last);
    const fields = this.separator === "blanks" ? line.trim().split(blankRuns) : line.split(this.separator);
    for (const [i, field] of fields.entries()) fields[i] = field.trim();
    return { fields, next, lines: 1, quoted: false };
  }

  /** A quote opens at a field's beginning alone; within, two of them are one. */
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
      const start = i; // what stands behind a closing quote belongs to the field
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

const lineEnds = /\r\n|\r|\n/;
const blankRuns = /[ \t\u00a0]+/;
const isBlank = (character: string) => character === " " || character === "\t" || character === "\u00a0";

function endOfLine(text: string, from: number): number {
  let i = from;
  while (i < text.length && text[i] !== "\n" && text[i] !== "\r") i++;
  return i;
}

/** Where the next line begins; undefined where the text ends before that is known. */
function afterLine(text: string, at: number, last: boolean): number | undefined {
  if (at >= text.length) return last ? at : undefined;
  if (text[at] === "\n") return at + 1;
  if (at + 1 === text.length && !last) return undefined; // a \r that may be the first half of \r\n
  return text[at + 1] === "\n" ? at + 2 : at + 1;
}
