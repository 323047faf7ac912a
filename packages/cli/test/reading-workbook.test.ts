// Excel workbooks: first sheet, dates, percent, cached values of formulas, errors, numbers as text, and lines above the table.
import { zipSync } from "fflate";
import { expect, test } from "vitest";
import { read, table, values, written } from "./read-files.ts";

/** A workbook of two sheets; style 1 is a date, style 2 a date and time, style 3 percent. */
function workbook(rows: string[]): Uint8Array {
  const xml = (body: string) => Buffer.from(`<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${body}`);
  const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
  const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  const packages = "http://schemas.openxmlformats.org/package/2006";
  const type = "application/vnd.openxmlformats-officedocument.spreadsheetml";
  const sheet = (cells: string[]) =>
    xml(
      `<worksheet xmlns="${main}"><sheetData>${cells.map((row, i) => `<row r="${i + 1}">${row}</row>`).join("")}</sheetData></worksheet>`,
    );
  return zipSync({
    "[Content_Types].xml": xml(
      `<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${type}.worksheet+xml"/><Override PartName="/xl/worksheets/sheet2.xml" ContentType="${type}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="${type}.styles+xml"/></Types>`,
    ),
    "_rels/.rels": xml(
      `<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    ),
    "xl/workbook.xml": xml(
      `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="Log" sheetId="1" r:id="rId1"/><sheet name="Other" sheetId="2" r:id="rId2"/></sheets></workbook>`,
    ),
    "xl/_rels/workbook.xml.rels": xml(
      `<Relationships xmlns="${packages}/relationships"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${office}/worksheet" Target="worksheets/sheet2.xml"/><Relationship Id="rId3" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
    ),
    "xl/styles.xml": xml(
      `<styleSheet xmlns="${main}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf numFmtId="0"/></cellStyleXfs><cellXfs count="4"><xf numFmtId="0" xfId="0"/><xf numFmtId="14" xfId="0" applyNumberFormat="1"/><xf numFmtId="22" xfId="0" applyNumberFormat="1"/><xf numFmtId="10" xfId="0" applyNumberFormat="1"/></cellXfs></styleSheet>`,
    ),
    "xl/worksheets/sheet1.xml": sheet(rows),
    "xl/worksheets/sheet2.xml": sheet(['<c r="A1"><v>99</v></c>']),
  });
}

const text = (at: string, value: string) => `<c r="${at}" t="inlineStr"><is><t>${value}</t></is></c>`;
const number = (at: string, value: number, style = 0) => `<c r="${at}" s="${style}"><v>${value}</v></c>`;

const division = '<c r="E4" t="e"><v>#DIV/0!</v></c>';

// 45356 is 2024-03-05: Excel counts days since 1899-12-30.
const log = workbook([
  text("A1", "time") + text("B1", "pump, set") + text("C1", "valve") + text("D1", "level") + text("E1", "flow"),
  number("A2", 45356.25, 2) +
    number("B2", 1.5) +
    number("C2", 0.125, 3) +
    text("D2", "1,020.5") +
    '<c r="E2"><f>B2*2</f><v>3</v></c>',
  number("A3", 45356.5, 2) +
    number("B3", -2e-7) +
    number("C3", 1, 3) +
    text("D3", "7") +
    '<c r="E3" t="e"><v>#N/A</v></c>',
  number("A4", 45356.75, 2) + number("C4", 0.5, 3) + text("D4", "8.25") + division,
]);

test("reads a workbook's first sheet, with any file name", async () => {
  for (const name of ["log.xlsx", "log.dat"]) {
    const numbers = ["pump, set", "valve", "level", "flow"];
    const { frame } = await read([written(log, name)], { numbers, time: "time" });
    expect(Array.from(frame.time!)).toEqual([6, 12, 18].map((hour) => Date.UTC(2024, 2, 5, hour)));
    expect(numbers.map((one) => values(frame, one))).toEqual([
      [1.5, -2e-7, Number.NaN],
      [0.125, 1, 0.5],
      [1020.5, 7, 8.25],
      [3, Number.NaN, Number.NaN],
    ]);
  }
});

test("skips lines above the table in a workbook", async () => {
  const titled = workbook([
    text("A1", "Made by X"),
    text("A2", "t") + text("B2", "u"),
    number("A3", 0) + number("B3", 1),
    number("A4", 1) + number("B4", 2),
  ]);
  expect((await table(titled, {}, "x.xlsx")).columns).toEqual([
    ["t", [0, 1]],
    ["u", [1, 2]],
  ]);
});
