// The layout of a table in its file: headers, units, comments, footers, separators, quotes.

import { describe, expect, test } from "vitest";
import { longTest } from "../../../ci/long-test.ts";
import { look, read, readText, table, values, written } from "./read-files.ts";

const rows = "0,1.5,2\n1,2.5,3\n2,3.5,4\n";
const numbers = (...names: string[]) =>
  names.map((name, j) => [
    name,
    [
      [0, 1, 2],
      [1.5, 2.5, 3.5],
      [2, 3, 4],
    ][j]!,
  ]);

describe("headers that are numbers", () => {
  test.each([["time,1,2"], ["time,pump,2024"], ["20,__proto__,constructor"]])("%s", async (header) => {
    const { columns, notes } = await table(`${header}\n${rows}`);
    expect(columns).toEqual(numbers(...header.split(",")));
    expect(notes).toEqual([
      `the first line was read as column names (${header.replaceAll(",", ", ")}); if it is data, add --header no.`,
    ]);
  });

  test("distinct integers above decimals are names; --header no makes them data", async () => {
    const text = "10,20\n0.5,1.5\n0.6,1.6\n0.7,1.7\n";
    expect((await table(text)).columns).toEqual([
      ["10", [0.5, 0.6, 0.7]],
      ["20", [1.5, 1.6, 1.7]],
    ]);
    expect((await table(text, { header: false })).columns[0]).toEqual(["column1", [10, 0.5, 0.6, 0.7]]);
  });

  test("numbers above numbers of the same kind are data; --header yes makes them names", async () => {
    const text = "10,20\n5,15\n6,16\n7,17\n";
    const { columns, notes } = await table(text);
    expect(columns).toEqual([
      ["column1", [10, 5, 6, 7]],
      ["column2", [20, 15, 16, 17]],
    ]);
    expect(notes.join()).toContain("there is no header, so the columns are named column1, column2; if the first");
    expect((await table(text, { header: true })).columns).toEqual([
      ["10", [5, 6, 7]],
      ["20", [15, 16, 17]],
    ]);
  });

  test("detects the header above an invalid first row", async () => {
    await expect(readText("u,temp\nx,5\n1,2\n2,3\n", { numbers: ["u"] })).rejects.toThrow(
      'row 1, column u: expected a number, received "x"',
    );
  });
});

describe("skips and reports the text around the table", () => {
  test.each([
    ["a trailing separator in the header only", "t;u;y;\n0;1.5;2\n1;2.5;3\n2;3.5;4\n", []],
    ["a trailing separator in the rows only", "t;u;y\n0;1.5;2;\n1;2.5;3;\n2;3.5;4;\n", []],
    ["a trailing separator in every line", "t;u;y;\n0;1.5;2;\n1;2.5;3;\n2;3.5;4;\n", []],
    [
      "units in brackets",
      `t,u,y\n[s],[V],[cm]\n${rows}`,
      ["the line below the header was read as units ([s] [V] [cm]) and skipped."],
    ],
    [
      "units without brackets",
      `t,u,y\ns,m/s,°C\n${rows}`,
      ["the line below the header was read as units (s m/s °C) and skipped."],
    ],
    [
      "a unit of the second column only",
      `t,u,y\n,V,\n${rows}`,
      ["the line below the header was read as units (V) and skipped."],
    ],
    [
      "units and aggregations of a Campbell logger, below a line about the station",
      `"TOA5","CR1000","4711"\n"t","u","y"\n"TS","Volts","Deg C"\n"","Avg","Smp"\n${rows}`,
      [
        'the first line was skipped, because the table starts below (""TOA5","CR1000","4711"").',
        "the line below the header was read as units (TS Volts Deg C  Avg Smp) and skipped.",
      ],
    ],
    [
      "a time format",
      `t,u,y\nyyyy-mm-dd HH:MM:SS,V,degC\n${rows}`,
      ["the line below the header was read as units (yyyy-mm-dd HH:MM:SS V degC) and skipped."],
    ],
    ["sep=", `sep=;\nt;u;y\n${rows.replaceAll(",", ";")}`, []],
    ["sep= in quotes", `"sep=,"\r\nt,u,y\r\n${rows.replaceAll("\n", "\r\n")}`, []],
    [
      "comments above and between the rows",
      `# logger 5\nt,u,y\n0,1.5,2\n% gap, here\n1,2.5,3\n// x\n; y\n2,3.5,4\n`,
      [
        'the first line was skipped, because the table starts below ("# logger 5").',
        '3 comment lines were skipped ("% gap here", …).',
      ],
    ],
    ["a NumPy header", "# t u y\n0 1.5 2\n1 2.5 3\n2 3.5 4\n", []],
    [
      "a row of totals",
      `t,u,y\n${rows}Total,7.5,9\n`,
      ['the last line was skipped, because it is not a complete row ("Total 7.5 9").'],
    ],
    [
      "an end marker",
      `t,u,y\n${rows}\nEnd of file\n\n`,
      ['the last line was skipped, because it is not a complete row ("End of file").'],
    ],
    [
      "a row that was cut",
      `t,u,y\n${rows}3,4.`,
      ['the last line was skipped, because it is not a complete row ("3 4.").'],
    ],
    ["blank lines", `\n\nt,u,y\n\n${rows}\n  \n\n`, []],
    ["runs of spaces, and leading spaces", "   t      u   y\n   0    1.5   2\n   1    2.5   3\n   2    3.5   4\n", []],
    ["tabs and spaces", "t \t u\t\ty\n0 \t 1.5\t\t2\n1   2.5 3\n2  3.5\t4\n", []],
    ["single quotes", "'t','u','y'\n'0','1.5','2'\n1,2.5,3\n2,3.5,4\n", []],
  ])("%s", async (_, text, notes) => {
    const found = await table(text);
    expect(found.columns).toEqual(numbers("t", "u", "y"));
    expect(found.notes).toEqual(notes);
  });

  test.each([
    ["of two columns", "Logger,5\nSerial,12\ntime,u\n0,1\n1,2\n", 2, "Logger,5"],
    ["of free text", "Device: X\nDate: 2024-01-01\n\ntime,u\n0,1\n1,2\n", 3, "Device: X"],
  ])("a preamble above a table %s", async (_, text, lines, first) => {
    const { columns, notes } = await table(text);
    expect(columns).toEqual([
      ["time", [0, 1]],
      ["u", [1, 2]],
    ]);
    expect(notes).toEqual([`the first ${lines} lines were skipped, because the table starts below ("${first}", …).`]);
  });

  test("rejects a row that is too long or too short, and reports its line", async () => {
    for (const [text, received] of [
      ["t,u\n0,1\n1\n2,3\n", 1],
      ["t,u\n0,1\n1,2,3\n2,3\n", 3],
    ] as const) {
      await expect(readText(text, { numbers: ["u"] })).rejects.toThrow(
        `line 3: expected 2 columns as in the header, received ${received}`,
      );
    }
  });

  test("a quoted line break in the header, with every kind of line ending", async () => {
    for (const end of ["\n", "\r\n", "\r"]) {
      const frame = await readText(`t,"u${end}[V]"${end}0,1${end}1,2${end}`, {
        numbers: [`u${end}[V]`],
      });
      expect(values(frame, `u${end}[V]`)).toEqual([1, 2]);
    }
  });

  test("a missing value in the only column is a row", async () => {
    expect(values(await readText("u\n1\n\n3\n\n\n", { numbers: ["u"] }), "u")).toEqual([1, Number.NaN, 3]);
  });

  test("rejects endless lines within seconds", async () => {
    for (const text of [`a,b\n1,${"2".repeat(3e6)}\n3,4\n`, `a,b\n1,"${"x\n".repeat(1e7)}`]) {
      await expect(readText(text, { numbers: ["b"] })).rejects.toThrow(
        "expected lines of at most 2,000,000 characters",
      );
    }
  });
});

describe("names", () => {
  test("prefers the exact name, then the only one that differs in case; the frame uses the requested name", async () => {
    const file = written("Pump,pump,LEVEL\n1,2,3\n4,5,6\n");
    const { frame } = await read([file], { numbers: ["pump", "Pump", "level"] });
    expect(["pump", "Pump", "level"].map((name) => values(frame, name))).toEqual([
      [2, 5],
      [1, 4],
      [3, 6],
    ]);
    await expect(read([file], { numbers: ["PUMP"] })).rejects.toThrow('received "PUMP"');
    await expect(read([file], { numbers: ["level", "Level"] })).rejects.toThrow("which are the same column");
  });

  test("empty, repeated, quoted and unusual names", async () => {
    const header = `,a,a,A,"b, ""c""",d.e,'f,__proto__,10,constructor`;
    const names = ["column1", "a", "a_2", "A", 'b, "c"', "d.e", "'f", "__proto__", "10", "constructor"];
    const line = names.map((_, i) => i).join(",");
    const frame = await readText(`${header}\n${line}\n${line}\n`, { numbers: names });
    for (const [i, name] of names.entries()) expect([name, values(frame, name)]).toEqual([name, [i, i]]);
  });

  test("accepts NA as a group label, rejects an empty one", async () => {
    const text = "g,u\nNA,1\nNA,2\n-,3\nnull,4\n";
    expect((await readText(text, { numbers: ["u"], group: "g" })).series().map(({ label }) => label)).toEqual([
      "NA",
      "-",
      "null",
    ]);
    await expect(readText("g,u\nNA,1\n ,2\n", { numbers: ["u"], group: "g" })).rejects.toThrow(
      "row 2, column g: expected a group name",
    );
  });

  test("escapes control characters in notes", async () => {
    const { notes } = await table("\x1b[31mLogger 5\x07\nt,u\n0,1\n1,2\n2,3\n");
    expect(notes.join("")).not.toMatch(/\p{Cc}/u);
    expect(notes.join("")).toContain("\\x1b[31mLogger");
  });
});

test.each<[cell: string, rest: { missing?: number; value?: string; low?: number }]>([
  ["", { missing: 1 }],
  ["NA", { missing: 1 }],
  [" nan ", { missing: 1 }],
  ["-nan", { value: "-nan" }],
  ["inf", { value: "inf" }],
  ["1e400", { value: "1e400" }],
  ["broken", { value: "broken" }],
  ['"-7.25"', { low: -7.25 }],
  [" -7.25 ", { low: -7.25 }],
  ["−7.25", { low: -7.25 }],
  ["-1_000", { low: -1000 }],
])("finds the cell %j far below plain numbers", async (cell, { missing = 0, value, low = 0 }) => {
  const rows = Array.from({ length: 9000 }, (_, i) => `${i},${i === 8123 ? cell : i % 100}`);
  const [t, u] = await look([written(`t,u\n${rows.join("\n")}\n`)]);
  expect(t).toEqual({ name: "t", kind: "number", rows: 9000, missing: 0, low: 0, high: 8999 });
  expect(u).toMatchObject({ kind: value === undefined ? "number" : "mixed", rows: 9000, missing, low, high: 99 });
  expect(u!.unreadable).toEqual(value === undefined ? undefined : { count: 1, value, row: 8124 });
});

test("finds a cell after 300,000 plain numbers, where a stream has already delivered rows", async () => {
  const line = Array.from({ length: 10 }, (_, i) => `1234.567${i}`).join(",");
  const rows = Array.from({ length: 400_000 }, (_, i) => (i === 300_000 ? line.replace("1234.5679", "broken") : line));
  const names = Array.from({ length: 10 }, (_, i) => `c${i}`);
  const columns = await look([written(`${names.join(",")}\n${rows.join("\n")}\n`)]);
  expect(columns[9]).toMatchObject({
    kind: "mixed",
    rows: 400_000,
    unreadable: { count: 1, value: "broken", row: 300_001 },
  });
  expect(columns[8]).toMatchObject({ kind: "number", rows: 400_000, missing: 0, low: 1234.5678, high: 1234.5678 });
});

test("counts distinct texts exactly", async () => {
  const text = `t,name\n${Array.from({ length: 600 }, (_, i) => `${i},n${i}x`).join("\n")}\n`;
  expect((await look([written(text)]))[1]).toMatchObject({ kind: "text", distinct: 600 });
});

test.each([
  ["a day and a clock", ["2024-03-05 00:00", "2024-03-05 01:00"]],
  ["days first", ["13/03/2024 00:00:00", "13/03/2024 01:00:00"]],
  ["a month's name", ["5 Mar 2024 00:00", "5 Mar 2024 01:00"]],
])("spaces between columns and within dates: %s", async (_, times) => {
  const text = `time   u   y\n${times.map((time, i) => `${time}   ${i}.5  ${i + 2}`).join("\n")}\n`;
  const frame = await readText(text, { numbers: ["u", "y"], time: "time" });
  expect([values(frame, "u"), values(frame, "y")]).toEqual([
    [0.5, 1.5],
    [2, 3],
  ]);
  expect(frame.time![1]! - frame.time![0]!).toBe(3_600_000);
});

test("skips empty rows below the table; within it, they are rows of missing values", async () => {
  const { columns, notes } = await table(`t,u,y\n0,1.5,2\n,,\n1,2.5,3\n2,3.5,4\n${",,\n".repeat(30)}`);
  expect(columns).toEqual([
    ["t", [0, Number.NaN, 1, 2]],
    ["u", [1.5, Number.NaN, 2.5, 3.5]],
    ["y", [2, Number.NaN, 3, 4]],
  ]);
  expect(notes).toEqual(["30 empty rows at the end were skipped."]);
});

longTest.each([".", ","])(
  "reads 2,000 columns with the decimal sign %s in under a gigabyte and a minute",
  async (sign) => {
    const line = (of: (i: number) => unknown) => Array.from({ length: 2000 }, (_, i) => of(i)).join(";");
    const rows = Array.from({ length: 60 }, (_, k) => line((i) => `${k}${sign}${i % 10}5`));
    const file = written(`${line((i) => `c${i}`)}\n${rows.join("\n")}\n`);
    const before = process.memoryUsage().rss;
    const columns = await look([file]);
    expect([columns.length, columns[1999]]).toEqual([
      2000,
      { name: "c1999", kind: "number", rows: 60, missing: 0, low: 0.95, high: 59.95 },
    ]);
    const { frame } = await read([file], { numbers: columns.map(({ name }) => name) });
    expect([frame.names.length, frame.column("c1999")[59]]).toEqual([2000, 59.95]);
    expect(process.memoryUsage().rss - before).toBeLessThan(1e9);
  },
  60_000,
);
