// Separates the rows of a text table from what surrounds them: header, comments, blank lines, footers.
import { type Dialect, isComment, looksLikeData } from "./csv-dialect.ts";
import type { TextRecord } from "./records.ts";

/** What was skipped. */
export interface Skipped {
  comments: number;
  firstComment?: string;
  /** Lines after the last row. */
  footer: string[];
  /** Empty rows after the last row with a value. */
  empty: number;
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

/** Words that start the line of totals below a table. */
export const closingWord =
  /^(grand )?(total|totals|sum|mean|average|avg|min|minimum|max|maximum|std|stdev|count|end|eof|end of (file|data|log)|summe|gesamt|mittelwert|somme|moyenne|合计|总计|平均)\b[\s:]*|^(合计|总计|平均)/i;

const maxFooterLines = 20;

/** Takes the records of a table in order and passes on those that are rows, with as many fields as the header. */
export class TableRows {
  readonly skipped: Skipped = { comments: 0, footer: [], empty: 0 };
  readonly #width: number;
  /** Records that may be a footer, or rows with an odd first cell, until another row follows. */
  #pending: { fields: string[]; line: number; fits: boolean }[] = [];
  #blankLines = 0;
  #emptyRows = 0;

  constructor(
    private readonly dialect: Dialect,
    private readonly row: (fields: string[], line: number) => void,
  ) {
    this.#width = dialect.names.length;
  }

  /** @throws RaggedLine */
  take(record: TextRecord): void {
    const { dialect } = this;
    const width = this.#width;
    const fields = fitted(record.fields, width);
    if (record.line < dialect.firstLine) return;
    if (
      !record.quoted &&
      fields.every((field) => field.replaceAll("\0", "") === "") &&
      (fields.length === 1 || record.fields.join("").includes("\0"))
    ) {
      this.#blankLines++;
      return;
    }
    if (isComment(record, dialect)) {
      this.skipped.comments++;
      this.skipped.firstComment ??= record.fields.join(" ");
      return;
    }
    const fits = fields.length === width;
    if (fits && width > 1 && fields.every((field) => field === "")) {
      this.#emptyRows++; // below the table, spreadsheets write them; between rows they are rows
      return;
    }
    if (!fits || (dialect.holdsData[0] && closingWord.test(fields[0]!) && !looksLikeData(fields[0]!))) {
      this.#pending.push({ fields, line: record.line, fits });
      if (this.#pending.length > maxFooterLines) {
        throw this.#ragged(this.#pending.find((one) => !one.fits) ?? this.#pending[0]!);
      }
      return;
    }
    for (const one of this.#pending) {
      if (!one.fits) throw this.#ragged(one);
      this.row(one.fields, one.line);
    }
    this.#pending = [];
    for (; this.#emptyRows > 0; this.#emptyRows--) this.row(Array<string>(width).fill(""), record.line);
    if (width === 1) for (; this.#blankLines > 0; this.#blankLines--) this.row([""], record.line); // a missing value, not a missing row
    this.#blankLines = 0;
    this.row(fields, record.line);
  }

  /** After the last record: what was skipped. @throws RaggedLine */
  end(): Skipped {
    for (const one of this.#pending) {
      const { fields, fits } = one;
      const notData = this.dialect.holdsData[0] === true && !looksLikeData(fields[0]!);
      if (!fits && fields.length > this.#width && !notData) throw this.#ragged(one);
      this.skipped.footer.push(fields.join(" ").trim());
    }
    this.skipped.empty = this.#emptyRows;
    return this.skipped;
  }

  #ragged({ line, fields }: { line: number; fields: string[] }): RaggedLine {
    return new RaggedLine(line + 1, this.#width, fields.length);
  }
}

/** The fields of a row, with the empty last field that a trailing separator makes removed or added to fit the header. */
function fitted(fields: string[], width: number): string[] {
  return fields.length === width + 1 && fields.at(-1) === "" && width > 0 ? fields.slice(0, -1) : fields;
}
