// The first sheet of an Excel workbook as a CSV, so that all that is done for a CSV is done for it too.
import { writeFileSync } from "node:fs";
import { readSheet } from "read-excel-file/node";
import { quotedField } from "./normalise.ts";

/** Excel's errors stand for values that are not there. */
const errors = /^#(N\/A|NA|DIV\/0!|VALUE!|REF!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)$/;

/** @throws what the reader says of a workbook that is none */
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
