// Converts the first sheet of an Excel workbook to a CSV, so that it is read like one.
import { writeFileSync } from "node:fs";
import { sheetText } from "@eddy/ui/reading";
import { readSheet } from "read-excel-file/node";

/** @throws the reader's error for a file that is not a workbook */
export async function writeWorkbook(path: string, to: string): Promise<void> {
  writeFileSync(to, sheetText(await readSheet(path)));
}
