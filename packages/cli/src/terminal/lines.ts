// Fits text to a number of columns: pads, shortens and wraps it; Chinese characters take two columns.
import { widthOf } from "./width.ts";

export const padded = (text: string, width: number) => text + " ".repeat(Math.max(0, width - widthOf(text)));

// A word or one Chinese character; no line starts with a closing mark or ends with an opening one.
const pieces = /[（“《]*(?:[\u2e80-\uffef]|[^\s\u2e80-\uffef]+)[，。；：、）”》！？]*\s*|\s+/g;

/** Lines of at most `columns` columns, wrapped between words; Chinese may be wrapped anywhere. */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const piece of text.match(pieces) ?? []) {
    if (line !== "" && widthOf(line + piece.trimEnd()) > columns) {
      lines.push(line.trimEnd());
      line = "";
    }
    line += piece;
  }
  if (line.trim() !== "") lines.push(line.trimEnd());
  return lines;
}

/** At most `columns` columns; an ellipsis marks a cut. */
export function shortened(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let kept = "";
  for (const character of text) {
    if (widthOf(kept + character) > columns - 1) break;
    kept += character;
  }
  return `${kept}…`;
}
