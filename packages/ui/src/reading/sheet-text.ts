// Converts the rows of a spreadsheet to the text of a CSV, so that they are read like one.

/** Excel's error values count as missing. */
const errors = /^#(N\/A|NA|DIV\/0!|VALUE!|REF!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)$/;

/** The text of a sheet whose cells are texts, numbers, dates, booleans or null. */
export function sheetText(rows: readonly (readonly unknown[])[]): string {
  const lines = rows.map((cells) => cells.map(cellText).join(","));
  return lines.length > 0 ? `${lines.join("\n")}\n` : "";
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return "";
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? "" : cell.toISOString();
  const text = String(cell);
  if (typeof cell !== "string") return text;
  return errors.test(text.trim()) ? "" : quotedField(text);
}

export const quotedField = (text: string) => `"${text.replaceAll('"', '""')}"`;
