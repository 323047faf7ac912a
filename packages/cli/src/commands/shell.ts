// Writes words as a shell takes them.

/** As it is where it is plain, else in quotes. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./\u00a1-\uffff-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
