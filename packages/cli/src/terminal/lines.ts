// Lines of text for a terminal: padded, shortened, and broken between words; Chinese characters take two columns.
import { widthOf } from "./width.ts";

export const padded = (text: string, width: number) => text + " ".repeat(Math.max(0, width - widthOf(text)));

// A word or one Chinese character; no line begins with a closing mark or ends with an opening one.
const pieces = /[（“《]*(?:[\u2e80-\uffef]|[^\s\u2e80-\uffef]+)[，。；：、）”》！？]*\s*|\s+/g;

/** Lines no wider than asked, broken between words; Chinese may be broken anywhere. */
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

/** No wider than asked; what is cut off is marked. */
export function shortened(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let kept = "";
  for (const character of text) {
    if (widthOf(kept + character) > columns - 1) break;
    kept += character;
  }
  return `${kept}…`;
}
