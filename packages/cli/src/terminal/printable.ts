// Escapes untrusted text (names, cells, paths, queries) for display in a terminal.

// Control characters, format characters that reorder or hide text, line and paragraph separators.
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const shortEscapes: Record<string, string> = { "\t": "\\t", "\n": "\\n", "\r": "\\r" };

/** The text with control characters escaped: the escape character as `\x1b`, a line break as `\n`. */
export function printable(text: string): string {
  return text.replace(unsafe, (character) => {
    const code = character.codePointAt(0)!;
    const hex = code.toString(16);
    const escaped =
      code < 0x100 ? `\\x${hex.padStart(2, "0")}` : `\\u${hex.length > 4 ? `{${hex}}` : hex.padStart(4, "0")}`;
    return shortEscapes[character] ?? escaped;
  });
}
