// Writes words so that a POSIX shell reads them back as they are.

/** Letters, digits and signs that no shell gives a meaning to. */
const plain = /^[\p{L}\p{N}_@%+:,./-][\p{L}\p{N}_@%+=:,./-]*$/u;
/** What a terminal may obey or hide, except line breaks and tabs. */
const unsafe = /[^\P{Cc}\t\n]|[\p{Cf}\p{Zl}\p{Zp}]/gu;

/** As it is where it is plain, else in quotes; characters that a terminal obeys are written as numbers. */
export function quoted(word: string): string {
  if (plain.test(word)) return word;
  const inQuotes = word.replaceAll("'", "'\\''").replace(unsafe, (character) => {
    const octal = [...Buffer.from(character)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`);
    return `'"$(printf '${octal.join("")}')"'`;
  });
  return `'${inQuotes}'`;
}

/** A file's name, that it may not pass for an option. */
export function quotedFile(path: string): string {
  return quoted(/^-./.test(path) ? `./${path}` : path);
}

/** Names of columns as one word, the way `--input` and `--target` read them. */
export function quotedColumns(names: readonly string[]): string {
  const ambiguous = /[,"]|^\s|\s$/;
  return quoted(names.map((name) => (ambiguous.test(name) ? `"${name.replaceAll('"', '""')}"` : name)).join(","));
}
