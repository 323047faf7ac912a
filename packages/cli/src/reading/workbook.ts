// Converts the first sheet of an Excel workbook to a CSV, so that it is read like one.
import { writeFileSync } from "node:fs";
import { readSheet } from "read-excel-file/node";
import { quotedField } from "./normalise.ts";

/** Excel's error values count as missing. */
const errors = /^#(N\/A|NA|DIV\/0!|VALUE!|REF!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)$/;

/** @throws the reader's error for a file that is not a workbook */
export async function writeWorkbook(path: string, to: string): Promise<void> {
  const rows = await readSheet(path);
  const lines = rows.map((cells) => cells.map(cellText).join(","));
  writeFileSync(to, lines.length > 0 ? `${lines.join("\n")}\n` : "");
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return "";
  if (cell instanceof Date) return Number.isNaN(cell.getTime()) ? "" : cell.toISOString();
  const text = String(cell);
  if (typeof cell !== "string") return text;
  return errors.test(text.trim()) ? "" : quotedField(text);
}
