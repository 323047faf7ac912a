// Pads, truncates and wraps text to a width in columns; Chinese characters take two columns.
import { widthOf } from "./width.ts";

export const padded = (text: string, width: number) => text + " ".repeat(Math.max(0, width - widthOf(text)));

// A word or one Chinese character; no line starts with closing punctuation or ends with opening punctuation.
const segments = /[（“《]*(?:[\u2e80-\uffef]|[^\s\u2e80-\uffef]+)[，。；：、）”》！？]*\s*|\s+/g;

/** Lines of at most `columns` columns, wrapped at word boundaries; Chinese may be wrapped anywhere. */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const segment of text.match(segments) ?? []) {
    if (line !== "" && widthOf(line + segment.trimEnd()) > columns) {
      lines.push(line.trimEnd());
      line = "";
    }
    line += segment;
  }
  if (line.trim() !== "") lines.push(line.trimEnd());
  return lines;
}

/** Truncates the text to `columns` columns, with an ellipsis. */
export function shortened(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let kept = "";
  for (const character of text) {
    if (widthOf(kept + character) > columns - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Rows of cells as lines: the first and the last column left-aligned, the others right-aligned; columns that do not fit are omitted. */
export function aligned(rows: readonly string[][], columns: number): string[] {
  const lines = rows.map(() => "");
  const last = (rows[0]?.length ?? 0) - 1;
  for (let at = 0; at <= last; at++) {
    const width = Math.max(...rows.map((cells) => widthOf(cells[at]!)));
    if (at > 0 && widthOf(lines[0]!) + 2 + width > columns) break;
    for (const [i, cells] of rows.entries()) {
      const cell = cells[at]!;
      const space = " ".repeat(width - widthOf(cell));
      lines[i] += (at === 0 ? "" : "  ") + (at === 0 || at === last ? cell + space : space + cell);
    }
  }
  return lines.map((line) => line.trimEnd());
}
