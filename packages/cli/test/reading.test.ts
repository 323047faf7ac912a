// Reading files into frames: dialects, types, times, groups, and values that are not numbers.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomCases } from "../../../ci/in-ci.ts";
import { overview } from "../src/overview/overview.ts";
import { readFrame } from "../src/reading/read-frame.ts";
import { connect, Source } from "../src/reading/source.ts";
import { texts } from "../src/texts/languages.ts";
import { emptyFolder } from "./command.ts";
import { read, readText, values } from "./read-files.ts";
import { tankRows, writeTank } from "./tank.ts";

test("a European logger's file: semicolons, decimal commas, day first, NA, a byte order mark, units in names", async () => {
  const file = writeTank(emptyFolder(), 300);
  const { frame } = await read([file], { numbers: ["pump [V]", "level [cm]"], time: "time" });
  const rows = tankRows(300);
  expect(values(frame, "pump [V]")).toEqual(rows.map(({ pump }) => Number(pump.toFixed(4))));
  const levels = rows.map(({ level }, i) => (i % 97 === 5 ? Number.NaN : Number(level.toFixed(4))));
  expect(values(frame, "level [cm]")).toEqual(levels);
  expect(Array.from(frame.time!)).toEqual(rows.map(({ time }) => Date.parse(time)));
});

describe("dialects", () => {
  test.each([
    ["commas", "a,b\n1,2.5\n-3e2,4\n"],
    ["tabs", "a\tb\n1\t2.5\n-3e2\t4\n"],
    ["pipes, quotes and spaces", '"a"|"b"\n "1" | 2.5\n-3e2|"4"\n'],
    ["semicolons with decimal commas", "a;b\n1;2,5\n-3e2;4\n"],
    ["CRLF, and no line ending after the last line", "a,b\r\n1,2.5\r\n-300,4"],
    ["a logger's lines above the header", "Logger 5\nSerial 12\n\na,b\n1,2.5\n-300,4\n"],
    ["a trailing separator in each row, but not in the header", "a;b\n1;2.5;\n-300;4;\n"],
  ])("%s", async (_, text) => {
    const frame = await readText(text, { numbers: ["a", "b"] });
    expect([values(frame, "a"), values(frame, "b")]).toEqual([
      [1, -300],
      [2.5, 4],
    ]);
  });

  test("quoted names with separators, quotes and line breaks", async () => {
    const frame = await readText('"y, ""level""","two\nlines"\n1,2\n', { numbers: ['y, "level"', "two\nlines"] });
    expect([...frame.names]).toEqual(['y, "level"', "two\nlines"]);
  });

  test("Latin-1 and UTF-16, as written by Excel and old loggers; gzip", async () => {
    const text = "t;T [°C]\n1;2,5\n";
    for (const bytes of [Buffer.from(text, "latin1"), Buffer.from(`\ufeff${text}`, "utf16le")]) {
      expect(values(await readText(bytes, { numbers: ["T [°C]"] }), "T [°C]")).toEqual([2.5]);
    }
    expect(values(await readText(gzipSync(text), { numbers: ["T [°C]"] }, "data.csv.gz"), "T [°C]")).toEqual([2.5]);
  });

  test("numbers the columns if there is no header, and reports it", async () => {
    const file = join(emptyFolder(), "data.csv");
    writeFileSync(file, "1,2\n3,4\n");
    const { frame, notes } = await read([file], { numbers: ["column2"] });
    expect(values(frame, "column2")).toEqual([2, 4]);
    expect(notes.join()).toContain("there is no header, so the columns are named column1, column2");
  });

  test("wildcards in a file name are literal", async () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, "a[1].csv"), "x\n1\n");
    writeFileSync(join(folder, "a1.csv"), "x\n2\n");
    const { frame } = await read([join(folder, "a[1].csv")], { numbers: ["x"] });
    expect(values(frame, "x")).toEqual([1]);
  });
});

test("missing values in all spellings; true and false as 1 and 0", async () => {
  const frame = await readText('u\n1\nNA\nn/a\nNaN\nnull\n-\n?\n""\ntrue\nFALSE\n', { numbers: ["u"] });
  const gone = Number.NaN;
  expect(values(frame, "u")).toEqual([1, gone, gone, gone, gone, gone, gone, gone, 1, 0]);
});

describe("times", () => {
  const moment = Date.UTC(2024, 4, 31, 13, 45);
  test.each([
    ["2024-05-31T13:45:00Z"],
    ["2024-05-31T15:45:00+02:00"],
    ["2024-05-31 13:45"],
    ["2024/05/31 13:45:00.000"],
    ["31.05.2024 13:45"],
    ["31.05.2024 13:45:00"],
    ["31/05/2024 13:45"],
    ["05/31/2024 13:45"],
    ["05/31/2024 01:45 PM"],
    ["1717163100"],
    ["1717163100000"],
    ["1717163100000000"],
  ])("%s", async (text) => {
    expect(Array.from((await readText(`t,u\n${text},1\n`, { numbers: ["u"], time: "t" })).time!)).toEqual([moment]);
  });

  test("asks about ambiguous days and months, and uses the answer", async () => {
    const text = "t,u\n03/04/2024,1\n04/04/2024,2\n";
    await expect(readText(text, { numbers: ["u"], time: "t" })).rejects.toThrow(
      '--time t: every day is also a valid month, so day and month cannot be told apart; add --time-format "%d/%m/%Y" or',
    );
    const frame = await readText(text, { numbers: ["u"], time: "t", timeFormat: "%d/%m/%Y" });
    expect(frame.time![0]).toBe(Date.UTC(2024, 3, 3));
  });

  test("plain numbers are unchanged", async () => {
    const frame = await readText("t,u\n0.5,1\n1,1\n", { numbers: ["u"], time: "t" });
    expect(Array.from(frame.time!)).toEqual([0.5, 1]);
  });
});

test("Parquet and JSON: integers, decimals, booleans and timestamps", async () => {
  const folder = emptyFolder();
  const connection = await connect();
  const table = "SELECT 7::BIGINT AS i, 1.25::DECIMAL(9, 2) AS d, true AS b, TIMESTAMP '2024-01-01 00:00:00.001' AS t";
  await connection.run(`COPY (${table}) TO '${join(folder, "x.parquet")}' (FORMAT parquet)`);
  connection.closeSync();
  writeFileSync(join(folder, "x.json"), '[{"i": 7, "d": "1.25", "b": true, "t": "2024-01-01T00:00:00.001Z"}]');
  writeFileSync(join(folder, "x.ndjson"), '{"i": 7, "d": 1.25, "b": true, "t": "2024-01-01T00:00:00.001Z"}\n');
  for (const name of ["x.parquet", "x.json", "x.ndjson"]) {
    const { frame } = await read([join(folder, name)], { numbers: ["i", "d", "b"], time: "t" });
    const row = ["i", "d", "b"].map((column) => frame.column(column)[0]);
    expect([name, ...row, frame.time![0]]).toEqual([name, 7, 1.25, 1, Date.UTC(2024, 0, 1) + 1]);
  }
});

test("SQL over several files, each a view named after its file", async () => {
  const folder = emptyFolder();
  writeFileSync(join(folder, "pump.csv"), "t;u\n1;0,5\n2;NA\n");
  writeFileSync(join(folder, "level.csv"), "t,y\n1,10\n2,20\n");
  const files = [join(folder, "pump.csv"), join(folder, "level.csv")];
  const sql = "SELECT u, y FROM pump JOIN level USING (t) ORDER BY t DESC;";
  const { frame } = await read(files, { numbers: ["u", "y"], sql });
  expect([values(frame, "u"), values(frame, "y")]).toEqual([
    [Number.NaN, 0.5],
    [20, 10],
  ]);
});

test("sorts rows by group, in the order of each group's first row, and reports it", async () => {
  const file = join(emptyFolder(), "data.csv");
  writeFileSync(file, "g,u\nb,1\na,2\nb,3\na,4\n");
  const { frame, notes } = await read([file], { numbers: ["u"], group: "g" });
  expect(values(frame, "u")).toEqual([1, 3, 2, 4]);
  expect(frame.series()).toEqual([
    { label: "b", start: 0, end: 2 },
    { label: "a", start: 2, end: 4 },
  ]);
  expect(notes).toEqual(["the rows were sorted by g, so that the rows of each series are contiguous."]);
});

test("half a million rows keep the file's order, although DuckDB reads in parallel", async () => {
  const rows = 500_000;
  const lines = Array.from({ length: rows }, (_, i) => `${i},${i / 4},${-i}`);
  const frame = await readText(`t,a,b\n${lines.join("\n")}\n`, { numbers: ["a", "b"], time: "t" });
  expect(frame.length).toBe(rows);
  let wrong = 0;
  const [a, b] = [frame.column("a"), frame.column("b")];
  for (let i = 0; i < rows; i++) if (frame.time![i] !== i || a[i] !== i / 4 || b[i] !== -i) wrong++;
  expect(wrong).toBe(0);
});

describe("unreadable input", () => {
  const rows = (at: number, value: string) =>
    Array.from({ length: 5000 }, (_, i) => `1,${i === at ? value : i}\n`).join("");
  test.each([
    ["text", `u,temp\n${rows(811, "n/a?")}`, 'row 812, column temp: expected a number, received "n/a?"; correct it'],
    ["text far down", `u,temp\n${rows(4321, "x")}`, 'row 4322, column temp: expected a number, received "x"'],
    ["infinity", `u,temp\n${rows(2, "-inf")}`, 'row 3, column temp: expected a finite number, received "-inf"'],
    ["too large", `u,temp\n${rows(0, "1e999")}`, "row 1, column temp: expected a"],
    ["an ambiguous comma", 'u,temp\n1,"1,500"\n', 'is the separator in "1,500" a decimal or a thousands separator'],
    ["two decimal separators", "u;temp\n1;1,5\n1;2.5\n", "expected one decimal separator"],
    ["a ragged row", "u,temp\n1,2\n1,2,3\n", "line 3: expected 2 columns as in the header, received 3"],
    ["an open quote", 'u,temp\n1,"2\n', 'line 2: expected a closing quote ("), received none'],
    ["no rows", "u,temp\n", "expected rows of data below the header, received none"],
    ["an empty file", "", "expected a header and rows of data, received an empty file"],
    ["spaces only", "\n \n", "expected a header and rows of data, received an empty file"],
  ])("%s", async (_, text, message) => {
    await expect(readText(text, { numbers: ["u", "temp"] })).rejects.toThrow(message);
  });

  test.each([
    ["no time", { time: "t" }, 'row 2, column t: expected a time such as 2024-05-31 13:45:00, received "noon"'],
    ["no group", { group: "g" }, "row 2, column g: expected a group name, received none"],
    [
      "a misspelt column",
      { numbers: ["prssure"] },
      'received "prssure"; did you mean "pressure"? The columns are t, g,',
    ],
    ["a time as a number", { numbers: ["t"] }, 'row 1, column t: expected a number, received "2024-01-01"'],
  ])("%s", async (_, more, message) => {
    const text = "t,g,pressure\n2024-01-01,a,1\nnoon,,2\n";
    await expect(readText(text, { numbers: ["pressure"], ...more })).rejects.toThrow(message);
  });

  test.each([
    ["x.json", '[{"a": 1,', "cannot be read: Malformed JSON"],
    ["x.parquet", "PAR1xxxx", "cannot be read: File"],
    [
      "x.xlsx",
      "PK\x03\x04[Content_Types].xml",
      "expected an Excel workbook (.xlsx), received a damaged or protected one",
    ],
  ])("%s", async (name, text, message) => {
    await expect(readText(text, { numbers: ["a"] }, name)).rejects.toThrow(message);
  });
});

test("any table of numbers is read as it was written, in any dialect", async () => {
  const name = fc.string({ minLength: 1, maxLength: 8, unit: "grapheme" }).map((text) => `c${text.trim()}`);
  const cell = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant(Number.NaN));
  const table = fc
    .record({ names: fc.uniqueArray(name, { minLength: 2, maxLength: 4, selector: (one) => one.toLowerCase() }) })
    .chain(({ names }) =>
      fc.record({
        names: fc.constant(names),
        rows: fc.array(fc.array(cell, { minLength: names.length, maxLength: names.length }), {
          minLength: 3,
          maxLength: 20,
        }),
        separator: fc.constantFrom(",", ";", "\t", "|"),
        end: fc.constantFrom("\n", "\r\n"),
        gap: fc.constantFrom("", "NA", "nan"),
      }),
    );
  await fc.assert(
    fc.asyncProperty(table, async ({ names, rows, separator, end, gap }) => {
      const written = names.map((one) => `"${one.replaceAll('"', '""')}"`);
      const lines = rows.map((row) => row.map((value) => (Number.isNaN(value) ? gap : String(value))).join(separator));
      // A row of empty values only cannot be distinguished from an empty line.
      fc.pre(rows.every((row) => row.some((value) => !Number.isNaN(value))));
      const frame = await readText([written.join(separator), ...lines, ""].join(end), { numbers: names });
      for (const [j, one] of names.entries()) expect(values(frame, one)).toEqual(rows.map((row) => row[j]! + 0));
    }),
    { numRuns: randomCases(60) },
  );
});

test("reading any bytes ends with a frame or a message", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 300 }),
      fc.constantFrom("x.csv", "x.json", "x.parquet"),
      async (bytes, name) => {
        const file = join(emptyFolder(), name);
        writeFileSync(file, bytes);
        try {
          const source = await Source.open([file], texts.en);
          try {
            const [first] = source.columns;
            await overview(source);
            await readFrame(source, { numbers: [{ name: first!.name, option: "--input" }] });
          } finally {
            source.close();
          }
        } catch (error) {
          expect(error).toMatchObject({ exitCode: expect.any(Number), message: expect.stringMatching(/\S/) });
        }
      },
    ),
    { numRuns: randomCases(100) },
  );
});

test("the overview reports kinds, ranges, missing and non-numeric values", async () => {
  const file = join(emptyFolder(), "data.csv");
  writeFileSync(file, "t,a,b,c,d\n2024-01-01,1,x,5,\n2024-01-02,NA,y,oops,\n2024-01-03,3,x,6,\n");
  const source = await Source.open([file], texts.en);
  const { columns } = await overview(source);
  source.close();
  expect(columns.map(({ name, kind, missing }) => [name, kind, missing])).toEqual([
    ["t", "time", 0],
    ["a", "number", 1],
    ["b", "text", 0],
    ["c", "mixed", 0],
    ["d", "empty", 3],
  ]);
  expect(columns[1]).toMatchObject({ low: 1, high: 3 });
  expect(columns[3]!.unreadable).toEqual({ count: 1, value: "oops", row: 2 });
});
