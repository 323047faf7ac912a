// The studio reads tables of many kinds, without a browser: texts, workbooks and Parquet files.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { strToU8, zipSync } from "fflate";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Problem } from "../src/table/reading/problem.ts";
import { ReadingError } from "../src/table/reading/problem.ts";
import { readFile } from "../src/table/reading/read-file.ts";
import { frameOf, type Table } from "../src/table/reading/table.ts";
import type { Decisions } from "../src/table/reading/text-table.ts";

type Content = string | Uint8Array;
const read = (content: Content, decisions?: Decisions) => readFile(new Blob([content as BlobPart]), decisions);

async function problemOf(content: Content): Promise<Problem> {
  const error = await read(content).catch((caught) => caught);
  expect(error).toBeInstanceOf(ReadingError);
  return error.problem;
}

const kinds = (table: Table) => Object.fromEntries(table.columns.map(({ name, kind }) => [name, kind]));
const values = (table: Table, name: string) => [...(table.columns.find((one) => one.name === name)?.values ?? [])];
const times = (table: Table, name: string) => [...(table.columns.find((one) => one.name === name)?.times ?? [])];

describe("texts", () => {
  test("commas, a time column, missing values", async () => {
    const table = await read("time,u,y\n2024-03-01 00:00,1,2.5\n2024-03-01 00:10,,NA\n2024-03-01 00:20,-3e2,null\n");
    expect(kinds(table)).toEqual({ time: "time", u: "number", y: "number" });
    expect(times(table, "time")).toEqual([0, 600_000, 1_200_000].map((ms) => Date.UTC(2024, 2, 1) + ms));
    expect(values(table, "u")).toEqual([1, Number.NaN, -300]);
    expect(table.columns.map(({ missing }) => missing)).toEqual([0, 1, 2]);
  });

  test("semicolons and decimal commas, with points as thousands separators", async () => {
    const table = await read("u;y;z\n1,5;1.234,5;7\n2,25;12,0;8\n-0,5;1.000.000,25;9\n");
    expect(values(table, "u")).toEqual([1.5, 2.25, -0.5]);
    expect(values(table, "y")).toEqual([1234.5, 12, 1_000_000.25]);
    expect(values(table, "z")).toEqual([7, 8, 9]);
  });

  test("an ambiguous sign is decided by the other columns, or by the user", async () => {
    const decided = await read("u;y\n1,5;1,250\n2,5;2,500\n");
    expect(values(decided, "y")).toEqual([1.25, 2.5]);
    const asked = await read("u;y\n1;1,250\n2;2,500\n");
    expect(asked.columns[1]!.problem).toEqual({ kind: "eitherDecimal", column: "y", row: 1, value: "1,250" });
    expect(values(await read("u;y\n1;1,250\n2;2,500\n", { decimal: "," }), "y")).toEqual([1.25, 2.5]);
    expect(values(await read("u;y\n1;1,250\n2;2,500\n", { decimal: "." }), "y")).toEqual([1250, 2500]);
  });

  test("a row of units, comments, a footer", async () => {
    const table = await read("# logger 7\nt,u,y\n[s],[V],[cm]\n0,1,2\n1,2,3\n2,3,4\nTotal,6,9\n");
    expect(table.rows).toBe(3);
    expect(values(table, "y")).toEqual([2, 3, 4]);
  });

  test("quoted line breaks and separators, and spaces around fields", async () => {
    const table = await read('name,"u, in\nvolts"\n"a\nb", 1 \n"say ""x""",2\n');
    expect(table.columns.map(({ name }) => name)).toEqual(["name", "u, in\nvolts"]);
    expect(kinds(table).name).toBe("text");
    expect(values(table, "u, in\nvolts")).toEqual([1, 2]);
  });

  test("duplicate and empty names", async () => {
    const table = await read("u,u,,y\n1,2,3,4\n5,6,7,8\n");
    expect(table.columns.map(({ name }) => name)).toEqual(["u", "u_2", "column3", "y"]);
    expect(values(table, "u_2")).toEqual([2, 6]);
  });

  test("one column, no header", async () => {
    const table = await read("1.5\n2.5\n\n4\n");
    expect(values(table, "column1")).toEqual([1.5, 2.5, Number.NaN, 4]);
  });

  test("tabs, old line endings, and columns of texts or nothing", async () => {
    const table = await read("a\tb\tc\rx\t1\t\ry\t2\t\r");
    expect(kinds(table)).toEqual({ a: "text", b: "number", c: "empty" });
  });

  test.each([
    ["a byte order mark", [0xef, 0xbb, 0xbf, ...Buffer.from("größe,y\n1,2\n3,4\n")]],
    ["UTF-16", [0xff, 0xfe, ...Buffer.from("größe,y\n1,2\n3,4\n", "utf16le")]],
    ["Latin-1", [...Buffer.from("größe,y\n1,2\n3,4\n", "latin1")]],
  ])("%s", async (_, bytes) => {
    expect(values(await read(Uint8Array.from(bytes)), "größe")).toEqual([1, 3]);
  });

  test("Latin-1 far behind the first bytes", async () => {
    const lines = Array.from({ length: 60_000 }, (_, i) => `${i},x`).join("\n");
    const table = await read(
      Buffer.concat([Buffer.from(`u,name\n${lines}\n7,`), Buffer.from([0xe4]), Buffer.from("\n")]),
    );
    expect(table.rows).toBe(60_001);
  });

  test("compressed", async () => {
    const stream = new Blob(["u,y\n1,2\n3,4\n"]).stream().pipeThrough(new CompressionStream("gzip"));
    expect(values(await read(new Uint8Array(await new Response(stream).arrayBuffer())), "y")).toEqual([2, 4]);
  });

  test("true and false, the minus sign U+2212, blanks between thousands", async () => {
    const table = await read("a;b;c\ntrue;−1,5;1 020\nfalse;2;13 500\n");
    expect(values(table, "a")).toEqual([1, 0]);
    expect(values(table, "b")).toEqual([-1.5, 2]);
    expect(values(table, "c")).toEqual([1020, 13_500]);
  });
});

describe("times", () => {
  test("day, month and year in the order that all rows allow; a question if they do not", async () => {
    const rows = (days: string[]) => `t,y\n${days.map((day, i) => `${day},${i}`).join("\n")}\n`;
    const clear = await read(rows(["01/02/2024", "13/02/2024"]));
    expect(times(clear, "t")).toEqual([Date.UTC(2024, 1, 1), Date.UTC(2024, 1, 13)]);
    const asked = await read(rows(["01/02/2024", "02/02/2024"]));
    const { timeProblem } = asked.columns[0]!;
    expect(timeProblem).toEqual({ kind: "ambiguousTime", column: "t", formats: ["%d/%m/%Y", "%m/%d/%Y"] });
    const answered = await read(rows(["01/02/2024", "02/02/2024"]), { timeFormats: { t: "%m/%d/%Y" } });
    expect(times(answered, "t")).toEqual([Date.UTC(2024, 0, 2), Date.UTC(2024, 1, 2)]);
  });

  test("one wrong value is reported with its row, where the column is used", async () => {
    const table = await read("t,u,y\n2024-03-01,1,2\nsoon,2,3\n2024-03-03,3,x4\n2024-03-04,4,5\n2024-03-05,5,6\n");
    expect(table.columns[0]!.timeProblem).toEqual({ kind: "notATime", column: "t", row: 2, value: "soon" });
    expect(table.columns[2]!.problem).toEqual({ kind: "notANumber", column: "y", row: 3, value: "x4", count: 1 });
    expect(() => frameOf(table, { time: undefined, inputs: ["u"], targets: ["y"] })).toThrow(ReadingError);
    expect(() => frameOf(table, { time: "t", inputs: ["u"], targets: ["u"] })).toThrow(ReadingError);
    expect(frameOf(table, { time: undefined, inputs: ["u"], targets: [] }).frame.length).toBe(5);
  });

  test("increasing numbers may be the time; epochs are dates", async () => {
    const table = await read("t,e,y\n0,1709596800,3\n0.5,1709596801,1\n1,1709596802,2\n");
    expect(kinds(table)).toEqual({ t: "number", e: "time", y: "number" });
    expect(times(table, "t")).toEqual([0, 0.5, 1]);
    expect(times(table, "e")[0]).toBe(1_709_596_800_000);
    expect(times(table, "y")).toEqual([]);
  });
});

describe("problems", () => {
  test.each<[string, Content, Problem]>([
    ["an empty file", "", { kind: "empty" }],
    ["blank lines", "\n\n", { kind: "empty" }],
    ["a header alone", "u,y\n", { kind: "noRows" }],
    ["an open quote", 'u,y\n1,2\n"3,4\n', { kind: "openQuote", line: 3 }],
    ["a ragged row", "u,y\n1,2\n3,4,5\n6,7\n", { kind: "ragged", line: 3, expected: 2, received: 3 }],
    ["JSON", '[{"u":1}]', { kind: "json" }],
    [
      "a picture",
      Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]),
      { kind: "notATable", format: ".png" },
    ],
  ])("%s", async (_, content, problem) => expect(await problemOf(content)).toEqual(problem));

  test("mixed decimal signs, and infinite values", async () => {
    const table = await read("u;v\n1,5;1\n2.5;inf\n3,5;3\n");
    expect(table.columns.map(({ problem }) => problem)).toEqual([
      { kind: "mixedDecimals", column: "u" },
      { kind: "infinite", column: "v", row: 2, value: "inf" },
    ]);
  });

  test("a damaged workbook", async () => {
    const damaged = zipSync({ "[Content_Types].xml": strToU8("<x/>") });
    expect((await problemOf(damaged)).kind).toBe("unreadable");
  });
});

test("Excel", async () => {
  const cell = (value: string | number, at: string) =>
    typeof value === "number"
      ? `<c r="${at}"><v>${value}</v></c>`
      : `<c r="${at}" t="inlineStr"><is><t>${value}</t></is></c>`;
  const rows = [
    ["t", "u", "y"],
    [1, 2.5, 3],
    [2, "#N/A", 4],
    [3, 4, 5],
  ];
  const main = "http://schemas.openxmlformats.org";
  const bytes = zipSync({
    "[Content_Types].xml": strToU8('<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'),
    "_rels/.rels": strToU8("<Relationships/>"),
    "xl/workbook.xml": strToU8(
      `<workbook xmlns="${main}/spreadsheetml/2006/main" xmlns:r="${main}/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>`,
    ),
    "xl/_rels/workbook.xml.rels": strToU8(
      `<Relationships xmlns="${main}/package/2006/relationships"><Relationship Id="r1" Type="${main}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
    ),
    "xl/worksheets/sheet1.xml": strToU8(
      `<worksheet xmlns="${main}/spreadsheetml/2006/main"><sheetData>${rows.map((row, i) => `<row r="${i + 1}">${row.map((value, j) => cell(value, `${"ABC"[j]}${i + 1}`)).join("")}</row>`).join("")}</sheetData></worksheet>`,
    ),
  });
  const table = await read(bytes);
  expect(values(table, "u")).toEqual([2.5, Number.NaN, 4]);
  expect(values(table, "y")).toEqual([3, 4, 5]);
});

describe("Parquet", () => {
  async function parquet(query: string, compression: string): Promise<Uint8Array> {
    const folder = mkdtempSync(join(tmpdir(), "eddy-table-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    const path = join(folder, "table.parquet");
    await connection.run(
      `COPY (${query}) TO '${path}' (FORMAT parquet, COMPRESSION ${compression}, ROW_GROUP_SIZE 2048)`,
    );
    connection.closeSync();
    return readFileSync(path);
  }
  const query =
    "SELECT make_timestamp(1709596800000001 + i * 1000000) AS t, i / 8.0 AS u, CASE WHEN i % 3 = 0 THEN NULL ELSE i::INTEGER END AS y, 'n' || i AS name FROM range(5000) r(i)";

  test.each(["uncompressed", "snappy"])("%s", async (compression) => {
    const table = await read(await parquet(query, compression));
    expect(table.rows).toBe(5000);
    expect(kinds(table)).toEqual({ t: "time", u: "number", y: "number", name: "text" });
    expect(times(table, "t").slice(0, 2)).toEqual([1_709_596_800_000.001, 1_709_596_801_000.001]);
    expect(values(table, "u").at(-1)).toBe(4999 / 8);
    expect(values(table, "y").slice(0, 3)).toEqual([Number.NaN, 1, 2]);
  });

  test("a compression that cannot be read, and nested columns", async () => {
    expect(await problemOf(await parquet(query, "zstd"))).toEqual({ kind: "codec", codec: "ZSTD" });
    expect(await problemOf(await parquet("SELECT [1, 2] AS list, 3 AS y", "snappy"))).toEqual({
      kind: "nested",
      column: "list",
    });
  });
});
