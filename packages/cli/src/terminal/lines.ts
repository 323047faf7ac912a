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
