// Quotes arguments for a POSIX shell.

/** Characters without a special meaning in any shell. */
const plain = /^[\p{L}\p{N}_@%+:,./-][\p{L}\p{N}_@%+=:,./-]*$/u;
/** Control and invisible characters, except newlines and tabs. */
const unsafe = /[^\P{Cc}\t\n]|[\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The argument, quoted if necessary; control characters become octal escapes. */
export function quoted(argument: string): string {
  if (plain.test(argument)) return argument;
  const inQuotes = argument.replaceAll("'", "'\\''").replace(unsafe, (character) => {
    const octal = [...new TextEncoder().encode(character)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`);
    return `'"$(printf '${octal.join("")}')"'`;
  });
  return `'${inQuotes}'`;
}

/** A quoted file name; one that starts with a dash is prefixed with `./`, so that it is not parsed as an option. */
export function quotedFile(path: string): string {
  return quoted(/^-./.test(path) ? `./${path}` : path);
}

/** Column names as one argument, as `--input` and `--target` read them. */
export function quotedColumns(names: readonly string[]): string {
  const ambiguous = /[,"]|^\s|\s$/;
  return quoted(names.map((name) => (ambiguous.test(name) ? `"${name.replaceAll('"', '""')}"` : name)).join(","));
}
