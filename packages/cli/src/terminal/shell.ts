// Quotes words so that a POSIX shell reads them back unchanged.

/** Letters, digits and signs without a meaning in any shell. */
const plain = /^[\p{L}\p{N}_@%+:,./-][\p{L}\p{N}_@%+=:,./-]*$/u;
/** Characters that a terminal may obey or hide, except line breaks and tabs. */
const unsafe = /[^\P{Cc}\t\n]|[\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The word, quoted if necessary; control characters become octal escapes. */
export function quoted(word: string): string {
  if (plain.test(word)) return word;
  const inQuotes = word.replaceAll("'", "'\\''").replace(unsafe, (character) => {
    const octal = [...Buffer.from(character)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`);
    return `'"$(printf '${octal.join("")}')"'`;
  });
  return `'${inQuotes}'`;
}

/** A file name, quoted; a name that starts with a dash gets `./` in front, so that it is not read as an option. */
export function quotedFile(path: string): string {
  return quoted(/^-./.test(path) ? `./${path}` : path);
}

/** Column names as one word, in the form that `--input` and `--target` read. */
export function quotedColumns(names: readonly string[]): string {
  const ambiguous = /[,"]|^\s|\s$/;
  return quoted(names.map((name) => (ambiguous.test(name) ? `"${name.replaceAll('"', '""')}"` : name)).join(","));
}
