// Notations of numbers: decimal signs, thousands, exponents, and values that must not silently become another number.
import { describe, expect, test } from "vitest";
import { read, readText, table, values, written } from "./read-files.ts";

describe("thousands separators are removed if the column is unambiguous", () => {
  test.each([
    ["quoted commas, next to decimals", 'a,b\n"1,020",1.5\n"2,300,000",2.5\n', [1020, 2_300_000]],
    ["commas, decided by a number with two of them", "a;b\n1,020;1\n2,300,000;2\n", [1020, 2_300_000]],
    ["commas, decided by the other column's points", "a;b\n1,020;1.5\n2,300;2\n", [1020, 2300]],
    ["decimal commas, decided by the other column", "a;b\n1,020;1,5\n2,300;2\n", [1.02, 2.3]],
    ["commas with decimals", "a;b\n1,020.5;1\n-3,000;2\n", [1020.5, -3000]],
    ["points and commas", "a;b\n1.020,00;1\n-20,5;2\n", [1020, -20.5]],
    ["points only", "a,b\n1.020.000,1\n2.000,2\n", [1_020_000, 2000]],
    ["spaces", "a;b\n1 020;1\n20;2\n", [1020, 20]],
    ["spaces and decimal commas", "a;b\n1 020,5;1\n20,25;2\n", [1020.5, 20.25]],
    ["no-break and thin spaces", "a,b\n1\u00a0020,1\n20\u202f000.5,2\n", [1020, 20_000.5]],
    ["apostrophes", "a,b\n1'020,1\n20,2\n", [1020, 20]],
    ["typographic apostrophes", "a,b\n1’020.5,1\n20,2\n", [1020.5, 20]],
    ["tabs between the columns", "a\tb\n1,020.5\t1\n3\t2\n", [1020.5, 3]],
  ])("%s", async (_, text, expected) => {
    expect(values(await readText(text, { numbers: ["a"] }), "a")).toEqual(expected);
    const file = written(text);
    const { frame } = await read([file], { numbers: ["a"], sql: "select a, a * 2 as twice from data" });
    expect(values(frame, "a")).toEqual(expected);
  });

  test("JSON strings", async () => {
    const json = '[{"a": "1,020", "b": "1.5"}, {"a": "980", "b": "2"}]';
    expect(values(await readText(json, { numbers: ["a"] }, "x.json"), "a")).toEqual([1020, 980]);
  });

  test.each([
    ["semicolons", "a;b\n1,020;1\n2,300;2\n", "data.csv"],
    ["quotes", 'a,b\n"1,020",1\n"2,300",2\n', "data.csv"],
    ["points next to decimal commas", "a;b\n1.020;1,5\n2.300;2,5\n", "data.csv"],
    ["JSON", '[{"a": "1,020"}, {"a": "980"}]', "data.json"],
  ])("in doubt it is asked: %s", async (_, text, name) => {
    await expect(readText(text, { numbers: ["a"] }, name)).rejects.toThrow("row 1, column a: is the separator in");
    const file = written(text, name);
    await expect(read([file], { numbers: ["a"], sql: "select a from data" })).rejects.toThrow("is the separator in");
  });

  test("uses the answer", async () => {
    const text = "a;b\n1,020;1\n2,300;2\n";
    expect(values(await readText(text, { numbers: ["a"], decimal: "," }), "a")).toEqual([1.02, 2.3]);
    expect(values(await readText(text, { numbers: ["a"], decimal: "." }), "a")).toEqual([1020, 2300]);
  });

  test("SQL also rejects computing with an ambiguous column", async () => {
    const file = written("a;b\n1,020;1\n2,300;2\n");
    await expect(read([file], { numbers: ["c"], sql: "select a * 2 as c from data" })).rejects.toThrow("1,020");
  });

  test.each([
    ["1,5", "2.5"],
    ["1.020,5", "1,020.5"],
    ["1.500", "1,5"],
  ])("%s next to %s", async (one, other) => {
    await expect(readText(`a;b\n${one};1\n${other};2\n`, { numbers: ["a"] })).rejects.toThrow(
      "expected one decimal separator",
    );
  });
});

test.each([
  ["−5", -5],
  ["+5", 5],
  ["5e3", 5000],
  ["5E+03", 5000],
  ["1.5D+03", 1500],
  ["1.5d-3", 0.0015],
  [".5", 0.5],
  ["5.", 5],
  ["1_000", 1000],
  ["true", 1],
  ["FALSE", 0],
  ["1e308", 1e308],
  ["5e-324", 5e-324],
  ["-0", -0],
  ["0012", 12],
])("%s is read as %d", async (written, expected) => {
  expect(values(await readText(`a,b\n${written},1\n2,2\n3,3\n`, { numbers: ["a"] }), "a")).toEqual([expected, 2, 3]);
});

test.each([
  ["12%", "write only the number"],
  ["$5", "write only the number"],
  ["€ 5", "write only the number"],
  ["12.5 V", "write only the number"],
  ["0x1F", "the digits 0 to 9"],
  ["１２", "the digits 0 to 9"],
  ["1e400", "1.8e308"],
  ["1 02", "correct it"],
  ["1.2.3", "correct it"],
  ["5-", "write only the number"],
  ["=1+1", "correct it"],
  ["(5)", "correct it"],
])("rejects %s, and reports row, column and value", async (value, remedy) => {
  const found = readText(`a,b\n1,1\n2,${value}\n3,3\n4,4\n`, { numbers: ["b"] });
  await expect(found).rejects.toThrow(`row 2, column b: expected a`);
  await expect(found).rejects.toThrow(`received "${value}"`);
  await expect(found).rejects.toThrow(remedy);
});

test("reads integers beyond 2^53, and reports that they were rounded", async () => {
  const { columns, notes } = await table("id,u\n9007199254740993,1\n9007199254740995,2\n");
  expect(columns[0]).toEqual(["id", [9007199254740992, 9007199254740996]]);
  expect(notes).toEqual(["id contains integers beyond 2^53, which were rounded."]);
});
