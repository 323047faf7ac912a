// Text from outside (names, cells, paths, queries) as it may be shown: nothing in it can command a terminal.

// Controls, marks that reorder or hide text, and separators of lines.
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const named: Record<string, string> = { "\t": "\\t", "\n": "\\n", "\r": "\\r" };

/** The text with control characters made visible: an escape as `\x1b`, a line break as `\n`. */
export function shown(text: string): string {
  return text.replace(unsafe, (character) => {
    const code = character.codePointAt(0)!;
    const hex = code.toString(16);
    const written =
      code < 0x100 ? `\\x${hex.padStart(2, "0")}` : `\\u${hex.length > 4 ? `{${hex}}` : hex.padStart(4, "0")}`;
    return named[character] ?? written;
  });
}
