// Lists of column names, separated by commas, as options hold them.

/** The names in a list; a name in double quotes may contain commas. */
export function namesIn(text: string): string[] {
  return [...text.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^,]*))\s*(?:,|$)/g)]
    .map(([, quoted, plain]) => (quoted === undefined ? plain!.trim() : quoted.replaceAll('""', '"')))
    .filter((name) => name !== "");
}

/** The list of these names; those with commas, quotes or surrounding spaces are quoted. */
export function nameList(names: readonly string[]): string {
  const ambiguous = /[,"]|^\s|\s$/;
  return names.map((name) => (ambiguous.test(name) ? `"${name.replaceAll('"', '""')}"` : name)).join(",");
}
