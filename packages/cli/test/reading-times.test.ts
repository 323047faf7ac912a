// Times: every notation, compared with Python's datetime (golden/times.json), and the questions about ambiguous ones.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { longTest } from "../../../ci/long-test.ts";
import { duration, isoWriter, moment } from "../src/format.ts";
import { overview } from "../src/overview/overview.ts";
import { type Reading, readFrame } from "../src/reading/read-frame.ts";
import { connect, Source } from "../src/reading/source.ts";
import { strptimeOf } from "../src/reading/strptime.ts";
import { texts } from "../src/texts/languages.ts";
import { emptyFolder } from "./command.ts";

const golden = JSON.parse(readFileSync(new URL("../../../golden/times.json", import.meta.url), "utf8")) as {
  written: { format: string; texts: string[]; us: number[] }[];
  named: { format: string; texts: string[]; us: number[] }[];
  iso: { text: string; us: number }[];
  mail: { text: string; us: number }[];
};

interface Asked {
  timeFormat?: string;
  sql?: string;
  name?: string;
  group?: string;
}

async function readFile(content: string | Uint8Array, { timeFormat, sql, name = "data.csv", group }: Asked = {}) {
  const file = join(emptyFolder(), name);
  writeFileSync(file, content);
  const source = await Source.open([file], texts.en, { sql });
  try {
    return await readFrame(source, { numbers: [{ name: "u", option: "--input" }], time: "t", timeFormat, group });
  } finally {
    source.close();
  }
}

/** A CSV with quoted times, since some contain a comma. */
const csv = (times: readonly string[]) => `t,u\n${times.map((text, i) => `"${text}",${i}`).join("\n")}\n`;
const readTimes = (times: readonly string[], asked?: Asked) => readFile(csv(times), asked);
const json = (times: readonly (string | number)[]) => JSON.stringify(times.map((t, u) => ({ t, u })));
const us = ({ frame }: Reading) => Array.from(frame.time!, (ms) => Math.round(ms * 1000));
const utc = (...parts: Parameters<typeof Date.UTC>) => Date.UTC(...parts);

describe("written by Python's strftime, and detected from the values", () => {
  test.each(golden.written.map((column) => [column.format, column] as const))(
    "%s",
    async (_, { texts: written, us: expected }) => {
      const read = await readTimes(written);
      expect(read.timeKind).toBe("date");
      expect(us(read)).toEqual(expected);
    },
  );

  const elsewhere = async (columns: typeof golden.written) => {
    for (const { format, texts: written, us: expected } of columns) {
      expect(us(await readFile(json(written), { name: "data.json" })), format).toEqual(expected);
      expect(us(await readTimes(written, { sql: "from data" })), format).toEqual(expected);
    }
  };
  test("every tenth also in JSON and in a query", () => elsewhere(golden.written.filter((_, i) => i % 10 === 0)));
  longTest("all also in JSON and in a query", () => elsewhere(golden.written));
});

describe("read with --time-format, from text and from numbers", () => {
  test.each(golden.named.map((column) => [column.format, column] as const))(
    "%s",
    async (format, { texts: written, us: expected }) => {
      const read = await readTimes(written, { timeFormat: format });
      expect(us(read)).toEqual(expected);
      if (!written.every((text) => /^\d+$/.test(text))) return;
      const numbers = json(written.map(Number));
      expect(us(await readFile(numbers, { timeFormat: format, name: "data.json" }))).toEqual(expected);
      expect(us(await readTimes(written, { timeFormat: format, sql: "select t::DOUBLE as t, u from data" }))).toEqual(
        expected,
      );
    },
  );
});

test.each([...golden.iso, ...golden.mail].map(({ text, us: expected }) => [text, expected]))(
  "%s",
  async (text, expected) => {
    expect(us(await readTimes([text]))).toEqual([expected]);
  },
);

test("applies offsets that change with summer time", async () => {
  const read = await readTimes(golden.iso.slice(3, 5).map(({ text }) => text));
  expect(us(read)).toEqual(golden.iso.slice(3, 5).map((one) => one.us));
  expect(read.frame.time![1]! - read.frame.time![0]!).toBe(60_000);
});

test.each([
  ["2024-03-05 24:00", utc(2024, 2, 6)],
  ["2016-12-31T23:59:60Z", utc(2017, 0, 1)],
  ["2017-01-01T00:59:60+01:00", utc(2017, 0, 1)],
  ["2024-03-05 00:10:00 CEST", utc(2024, 2, 4, 22, 10)],
  ["2024-03-05 00:10:00 GMT+1", utc(2024, 2, 4, 23, 10)],
  ["2024-03-05 00:10:00 +01:00", utc(2024, 2, 4, 23, 10)],
  ["2024-03-05T00:10:00.1234567Z", utc(2024, 2, 5, 0, 10) + 123.457],
  ["2024-03-05T00:10:00.123456789Z", utc(2024, 2, 5, 0, 10) + 123.457],
  ["2024-03-05T00:10:00.9999999", utc(2024, 2, 5, 0, 10, 1)],
  ["Tue Mar 05 2024 00:10:00 GMT+0100 (Central European Standard Time)", utc(2024, 2, 4, 23, 10)],
  ["5th March 2024 00:10", utc(2024, 2, 5, 0, 10)],
  ["5. März 2024 00:10", utc(2024, 2, 5, 0, 10)],
  ["05-Okt-2024", utc(2024, 9, 5)],
  ["1960Q2", utc(1960, 3)],
  ["1960-Q2", utc(1960, 3)],
  ["2024年3月5日", utc(2024, 2, 5)],
  ["12/31/1999 12:10 a.m.", utc(1999, 11, 31, 0, 10)],
  ["31.12.68", utc(2068, 11, 31)],
  ["31.12.69", utc(1969, 11, 31)],
])("%s", async (text, expected) => {
  expect(Array.from((await readTimes([text])).frame.time!)).toEqual([expected]);
});

test.each([
  "2024-02-30",
  "2024-03-05 25:00",
  "2024-03-05 24:01",
  "2024-03-05 10:60",
  "31.02.2024",
  "2024-366x",
  "2023-366",
  "2024-03-05 13:00 PM",
  "2024-03-05 00:10:00 CST",
  "0000-01-01",
  "2024-W54-1",
  "noon",
])("reports %s, which is not a time", async (text) => {
  await expect(readTimes(["2024-01-01", text])).rejects.toThrow(`row 2, column t: expected a time such as`);
});

describe("ambiguous days, months and years", () => {
  const question = 'cannot be told apart; add --time-format "';
  test.each([
    [
      ["3/5/24 0:00", "3/5/24 0:10"],
      ["%d/%m/%y %H:%M", "%m/%d/%y %H:%M"],
    ],
    [
      ["03/04/2024", "04/04/2024"],
      ["%d/%m/%Y", "%m/%d/%Y"],
    ],
    [
      ["03-04-2024 1:00 PM", "04-04-2024 1:10 PM"],
      ["%d-%m-%Y %I:%M %p", "%m-%d-%Y %I:%M %p"],
    ],
    [["03-04-05", "03-04-06"], []],
    [
      ["01/02/03 00:00:00.5", "01/02/03 00:00:00.6"],
      ["%d/%m/%y %H:%M:%S.%f", "%m/%d/%y %H:%M:%S.%f", "%y/%m/%d %H:%M:%S.%f"],
    ],
  ])("%j", async (times, formats) => {
    if (formats.length === 0) {
      expect((await readTimes(times)).frame.time![0]).toBe(utc(2003, 3, 5)); // the only order in which the times are one day apart
      return;
    }
    for (const asked of [{}, { sql: "from data" }]) await expect(readTimes(times, asked)).rejects.toThrow(question);
    await expect(readFile(json(times), { name: "data.json" })).rejects.toThrow(question);
    await expect(readFile(json(times), { name: "data.json", sql: "from data" })).rejects.toThrow(question);
    const message = await readTimes(times).catch((error: Error) => error.message);
    for (const timeFormat of formats) {
      expect(message).toContain(`--time-format "${timeFormat}"`);
      expect((await readTimes(times, { timeFormat })).timeKind).toBe("date"); // the suggested option works
    }
  });

  test.each([
    [
      ["3/5/24 0:00", "13/5/24"],
      [utc(2024, 4, 3), utc(2024, 4, 13)],
    ],
    [
      ["3/5/24", "3/13/24 12:30"],
      [utc(2024, 2, 5), utc(2024, 2, 13, 12, 30)],
    ],
    [
      ["05.03.24", "06.03.24"],
      [utc(2024, 2, 5), utc(2024, 2, 6)],
    ],
    [
      ["05.03.24 00:00", "05.03.24 00:10"],
      [utc(2024, 2, 5), utc(2024, 2, 5, 0, 10)],
    ],
    [
      ["24-03-05", "24-03-06"],
      [utc(2024, 2, 5), utc(2024, 2, 6)],
    ],
    [
      ["24-03-05 00:00", "24-03-05 00:10"],
      [utc(2024, 2, 5), utc(2024, 2, 5, 0, 10)],
    ],
    [
      ["24/03/05", "24/03/06"],
      [utc(2024, 2, 5), utc(2024, 2, 6)],
    ],
    [
      ["24-03-25", "25-03-25"],
      [utc(2025, 2, 24), utc(2025, 2, 25)],
    ],
    [
      ["23-12-31", "24-01-01"],
      [utc(2023, 11, 31), utc(2024, 0, 1)],
    ],
  ])("%j is unambiguous", async (times, expected) => {
    for (const asked of [{}, { sql: "from data" }]) {
      expect(Array.from((await readTimes(times, asked)).frame.time!)).toEqual(expected);
    }
    expect(Array.from((await readFile(json(times), { name: "data.json" })).frame.time!)).toEqual(expected);
  });
});

describe("numbers", () => {
  test("the digits of a date are a date in every type; the digits of an invalid date are a number", async () => {
    const expected = [utc(2024, 2, 5, 0, 10), utc(2024, 2, 5, 0, 20)];
    const dates = [202403050010, 202403050020];
    const folder = emptyFolder();
    const connection = await connect();
    for (const type of ["BIGINT", "DOUBLE", "DECIMAL(18, 2)", "VARCHAR"]) {
      const file = join(folder, "x.parquet");
      const rows = dates.map((t, u) => `SELECT ${t}::${type} AS t, ${u} AS u`).join(" UNION ALL ");
      await connection.run(`COPY (${rows}) TO '${file}' (FORMAT parquet)`);
      const read = await readFile(readFileSync(file), { name: "x.parquet" });
      expect([type, ...read.frame.time!]).toEqual([type, ...expected]);
      expect(read.notes.join()).toContain(
        "t was read as dates (%Y%m%d%H%M); to read plain numbers, add --time-format number",
      );
    }
    connection.closeSync();
    expect(Array.from((await readFile(json(dates), { name: "x.json" })).frame.time!)).toEqual(expected);
    const kept = await readTimes(dates.map(String), { timeFormat: "number" });
    expect([kept.timeKind, ...kept.frame.time!]).toEqual(["number", ...dates]);
    const counter = Array.from({ length: 60 }, (_, i) => String(20240101 + i));
    expect((await readTimes(counter)).timeKind).toBe("number");
    const late = Array.from({ length: 4000 }, (_, i) => (i < 3000 ? "20240305" : String(20249000 + i)));
    expect((await readTimes(late)).timeKind).toBe("number");
  });

  test("reports a single invalid value among dates of digits", async () => {
    const times = Array.from({ length: 3000 }, (_, i) => (i === 2500 ? "20243105" : "20240305"));
    await expect(readTimes(times)).rejects.toThrow(
      'row 2501, column t: expected a time such as 2024-05-31 13:45:00, received "20243105"',
    );
  });

  test.each([
    [
      ["0.5", "1", "-3", "1e3"],
      [0.5, 1, -3, 1000],
    ],
    [
      ["1960", "1961"],
      [1960, 1961],
    ],
    [
      ["1959.25", "1959.33", "1959.42"],
      [1959.25, 1959.33, 1959.42],
    ],
    [
      ["0,5", "1,5"],
      [0.5, 1.5],
    ],
    [
      ["0.5 s", "1s", "1500 ms", "1 min"],
      [0.5, 1, 1.5, 60],
    ],
    [
      ["20 µs", "40 us"],
      [2e-5, 4e-5],
    ],
    [
      ["0:00:10.5", "0:01:00", "25:00:00"],
      [10.5, 60, 90_000],
    ],
    [
      ["-0:00:10", "0:00:00"],
      [-10, 0],
    ],
    [
      ["00:10:00", "00:20:00"],
      [600, 1200],
    ],
    [
      ["00:10", "00:20"],
      [600, 1200],
    ],
    [
      ["1 days 00:00:10", "2 days 00:00:10.5"],
      [86_410, 172_810.5],
    ],
    [["11:59 PM"], [86_340]],
    [
      ["10:30.5", "10:31.5"],
      [630.5, 631.5],
    ],
  ])("%j", async (times, expected) => {
    const read = await readTimes(times);
    expect(read.timeKind).toBe("number");
    expect(Array.from(read.frame.time!)).toEqual(expected);
  });

  test("a decimal comma in relative times", async () => {
    expect(Array.from((await readFile("t;u\n0,5;1,5\n1;2\n")).frame.time!)).toEqual([0.5, 1]);
    await expect(readFile("t;u\n0,5;1,5\n1.0;2\n")).rejects.toThrow("row 2, column t");
    await expect(readTimes(["1,020", "1,021"])).rejects.toThrow('received "1,020"');
    expect(Array.from((await readFile("t;u\n0,5;1,5\n1;2\n", { sql: "from data" })).frame.time!)).toEqual([0.5, 1]);
  });

  test.each([
    [
      ["1709596800", "1709596801.25"],
      [utc(2024, 2, 5), utc(2024, 2, 5, 0, 0, 1, 250)],
    ],
    [
      ["1709596800.000001", "1709596800.000002"],
      [utc(2024, 2, 5) + 0.001, utc(2024, 2, 5) + 0.002],
    ],
    [["1709596800123"], [utc(2024, 2, 5) + 123]],
    [["1709596800123.5"], [utc(2024, 2, 5) + 123.5]],
    [["1709596800123457"], [utc(2024, 2, 5) + 123.457]],
    [
      ["1709596800123457001", "1709596800123458999"],
      [utc(2024, 2, 5) + 123.457, utc(2024, 2, 5) + 123.459],
    ],
  ])("times since 1970: %j", async (times, expected) => {
    const read = await readTimes(times);
    expect(read.timeKind).toBe("date");
    expect(us(read)).toEqual(expected.map((ms) => Math.round(ms * 1000)));
    expect(us(await readTimes(times, { sql: "from data" }))).toEqual(us(read));
    expect(us(await readFile(`[${times.map((t) => `{"t": ${t}, "u": 1}`).join()}]`, { name: "x.json" }))).toEqual(
      us(read),
    );
  });

  test("reads small epochs and spreadsheet days as dates on request", async () => {
    expect((await readTimes(["0", "86400"], { timeFormat: "%s" })).frame.time![1]).toBe(86_400_000);
    expect((await readTimes(["0", "86400"], { timeFormat: "epoch ms" })).frame.time![1]).toBe(86_400);
    const serial = await readTimes(["45356.5", "45356.75"], { timeFormat: "excel" });
    expect(Array.from(serial.frame.time!)).toEqual([utc(2024, 2, 5, 12), utc(2024, 2, 5, 18)]);
    expect((await readTimes(["45356.5", "45356.75"])).notes.join()).toContain("add --time-format excel");
  });

  test("asks about the digits of clock times, and reads them as requested, even without leading zeros", async () => {
    await expect(readTimes(["0000", "0010"])).rejects.toThrow('add --time-format "%H%M" or --time-format number');
    await expect(readTimes(["000000", "001000"])).rejects.toThrow('add --time-format "%H%M%S" or');
    expect(Array.from((await readTimes(["0000", "0010"], { timeFormat: "%H%M" })).frame.time!)).toEqual([0, 600]);
    const numbers = await readFile(json([0, 10, 1000]), { name: "x.json", timeFormat: "%H%M" });
    expect(Array.from(numbers.frame.time!)).toEqual([0, 600, 36_000]);
  });

  test("asks about six digits that can be two dates", async () => {
    await expect(readTimes(["200101", "200102"])).rejects.toThrow('add --time-format "%Y%m" or --time-format "%y%m%d"');
    expect(Array.from((await readTimes(["240305", "240306"])).frame.time!)).toEqual([utc(2024, 2, 5), utc(2024, 2, 6)]);
    const stamps = async (...texts: string[]) => Array.from((await readTimes(texts)).frame.time!);
    expect(await stamps("2403052300", "2403060000")).toEqual([utc(2024, 2, 5, 23), utc(2024, 2, 6)]);
    expect(await stamps("240305235959", "240306000000")).toEqual([utc(2024, 2, 5, 23, 59, 59), utc(2024, 2, 6)]);
    expect(await stamps("1709596800", "1709600400")).toEqual([utc(2024, 2, 5), utc(2024, 2, 5, 1)]);
    expect(Array.from((await readTimes(["196001", "196002"])).frame.time!)).toEqual([utc(1960, 0), utc(1960, 1)]);
  });

  test("rejects clock times without a date that restart", async () => {
    await expect(readTimes(["23:50:00", "00:00:00"])).rejects.toThrow(
      "row 2, column t: expected increasing times, received times of day",
    );
  });
});

describe("--time-format", () => {
  test.each([
    ["dd.MM.yyyy HH:mm", "%d.%m.%Y %H:%M"],
    ["YYYY-MM-DD hh:mm", "%Y-%m-%d %H:%M"],
    ["YYYY-MM-DD HH:mm:ss.SSS", "%Y-%m-%d %H:%M:%S.%f"],
    ["yyyy-MM-dd'T'HH:mm:ssXXX", "%Y-%m-%dT%H:%M:%S%z"],
    ["m/d/yyyy h:mm", "%m/%d/%Y %H:%M"],
    ["M/d/yy h:mm a", "%m/%d/%y %I:%M %p"],
    ["DD/MM/YYYY HH:MM:SS", "%d/%m/%Y %H:%M:%S"],
    ["dd-MMM-yyyy", "%d-%b-%Y"],
    ["m/d/yy h:mm AM/PM", "%m/%d/%y %I:%M %p"],
    ["d. MMMM yyyy", "%d. %B %Y"],
    ["yyyyMMddHHmm", "%Y%m%d%H%M"],
  ])("rejects %s, and suggests %s", async (foreign, strptime) => {
    expect(strptimeOf(foreign)).toBe(strptime);
    await expect(readTimes(["05.03.2024 00:10"], { timeFormat: foreign })).rejects.toThrow(
      `write --time-format "${strptime}".`,
    );
  });

  test.each(["%Q", "", "date", "%d.%m.", "%", "%Y-%Y-%d", "iso"])("%j is not a format", async (timeFormat) => {
    await expect(readTimes(["2024-03-05"], { timeFormat })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining("--time-format: expected a format"),
    });
  });

  test("a time zone name, an offset, spaces, and a format that does not match", async () => {
    const at = utc(2024, 2, 4, 22, 10);
    for (const [text, timeFormat] of [
      ["05.03.2024 00:10 CEST", "%d.%m.%Y %H:%M %Z"],
      ["05.03.2024 00:10 +0200", "%d.%m.%Y %H:%M %z"],
    ] as const) {
      expect((await readTimes([text], { timeFormat })).frame.time![0]).toBe(at);
    }
    await expect(readTimes(["05.03.2024"], { timeFormat: "%Y-%m-%d" })).rejects.toThrow('received "05.03.2024"');
    await expect(readTimes(["2024.03.05"], { timeFormat: "%Y-%m-%d" })).rejects.toThrow("row 1, column t");
  });
});

describe("to the microsecond", () => {
  test("steps of 10 kHz and 1 µs are uniform, and their times are written with enough digits", async () => {
    for (const step of [100, 1]) {
      const rows = Array.from({ length: 200 }, (_, i) => `2024-03-05T00:00:00.${String(i * step).padStart(6, "0")}Z`);
      const read = await readTimes(rows);
      expect(us(read)).toEqual(rows.map((_, i) => utc(2024, 2, 5) * 1000 + i * step));
      const written = Array.from(read.frame.time!, isoWriter(read.frame.time!));
      expect(written).toEqual(rows);
      expect(us(await readTimes(written))).toEqual(us(read));
    }
  });

  test("writes as many digits as the finest time of the column needs", () => {
    const at = utc(1949, 0, 1);
    const of = (...times: number[]) => times.map(isoWriter(Float64Array.from(times)));
    expect(of(at, at + 1000)).toEqual(["1949-01-01T00:00:00Z", "1949-01-01T00:00:01Z"]);
    expect(of(at, at + 1)).toEqual(["1949-01-01T00:00:00.000Z", "1949-01-01T00:00:00.001Z"]);
    expect(of(at, at + 0.001)).toEqual(["1949-01-01T00:00:00.000000Z", "1949-01-01T00:00:00.000001Z"]);
    expect([at, at + 600_000, at + 1000, at + 1.5].map(moment)).toEqual([
      "1949-01-01",
      "1949-01-01 00:10",
      "1949-01-01 00:00:01",
      "1949-01-01 00:00:00.001500",
    ]);
    expect([duration(0.02, texts.en), duration(0.1, texts.zh), duration(1, texts.en), duration(0, texts.en)]).toEqual([
      "20 µs",
      "100 微秒",
      "1 ms",
      "0 ms",
    ]);
  });

  test("typed times in Parquet", async () => {
    const file = join(emptyFolder(), "x.parquet");
    const connection = await connect();
    for (const [type, expected] of [
      ["TIMESTAMP_NS", 123_457],
      ["TIMESTAMP", 123_457],
      ["TIMESTAMP_MS", 123_000],
      ["TIMESTAMP_S", 0],
      ["TIMESTAMPTZ", 123_457],
    ] as const) {
      await connection.run(
        `COPY (SELECT '1949-01-01 00:00:00.123457'::${type} AS t, 1 AS u) TO '${file}' (FORMAT parquet)`,
      );
      const read = await readFile(readFileSync(file), { name: "x.parquet" });
      expect([type, read.timeKind, ...us(read)]).toEqual([type, "date", utc(1949, 0, 1) * 1000 + expected]);
    }
    await connection.run(`COPY (SELECT TIME '00:10:00' AS t, 1 AS u) TO '${file}' (FORMAT parquet)`);
    expect((await readFile(readFileSync(file), { name: "x.parquet" })).frame.time![0]).toBe(600);
    connection.closeSync();
  });
});

test("the overview detects time columns of every kind", async () => {
  const file = join(emptyFolder(), "data.csv");
  const header = "day,clock,digits,epoch,short,plain,serial,word";
  const rows = Array.from(
    { length: 20 },
    (_, i) => `2024-03-05,00:${10 + i}:00,2024030500${10 + i},${1709596800 + i},3/5/24 0:${10 + i},${i * 7},${i},abc`,
  );
  writeFileSync(file, [header, ...rows, ""].join("\n"));
  const source = await Source.open([file], texts.en);
  const { columns } = await overview(source);
  source.close();
  expect(columns.map(({ name, kind, part }) => [name, kind, part])).toEqual([
    ["day", "time", "day"],
    ["clock", "time", "clock"],
    ["digits", "time", undefined],
    ["epoch", "time", undefined],
    ["short", "time", undefined],
    ["plain", "number", undefined],
    ["serial", "number", undefined],
    ["word", "text", undefined],
  ]);
});

test("ISO times that SQL converts and those that it does not are the same", async () => {
  const texts = [
    ...["2024-02-28", "2024-02-28 23:59", "2024-02-28T23:59:59", "2024-02-28 23:59:59.5", "2024-02-28 23:59:59.500001"],
    ...[
      "2024-02-28T23:59:59.9999999Z",
      "2024-02-28 24:00:00",
      "2024-02-29 0:00:01",
      "2024-02-29T00:00:02Z",
      " 2024-02-29 00:00:03 ",
    ],
    ...["2024-02-29T01:00:04+01:00", "2024-2-29 00:00:05", "2024-02-29 00:00:05,25", "2024-02-29 00:59:60"],
  ];
  const { frame } = await readTimes(texts);
  const midnight = Date.UTC(2024, 1, 29);
  const ms = [-86_400_000, -60_000, -1000, -500, -499.999, 0, 0, 1000, 2000, 3000, 4000, 5000, 5250, 3_600_000];
  expect([...frame.time!].map((time) => time - midnight)).toEqual(ms.map((own) => expect.closeTo(own, 3)));
  await expect(readTimes([...texts, "2024-02-30 00:00:00"])).rejects.toThrow("2024-02-30");
});
