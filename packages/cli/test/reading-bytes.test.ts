// The bytes of a file: encodings, line endings, compression, formats by content, pipes, and content that is not a table.
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, readdirSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { connect, Source } from "../src/reading/source.ts";
import { texts } from "../src/texts/languages.ts";
import { eddy, emptyFolder } from "./command.ts";
import { read, readText, table, values, written } from "./read-files.ts";

const text = "t;T [°C]\n0;1,5\n1;2,5\n";
const wanted = [
  ["t", [0, 1]],
  ["T [°C]", [1.5, 2.5]],
];
const utf16 = (content: string, order: "le" | "be") => {
  const bytes = Buffer.from(content, "utf16le");
  return order === "le" ? bytes : bytes.swap16();
};

describe("encodings", () => {
  test.each([
    ["UTF-8", Buffer.from(text)],
    ["UTF-8 with a byte order mark", Buffer.from(`\ufeff${text}`)],
    ["UTF-16 LE with a byte order mark", utf16(`\ufeff${text}`, "le")],
    ["UTF-16 BE with a byte order mark", utf16(`\ufeff${text}`, "be")],
    ["UTF-16 LE", utf16(text, "le")],
    ["UTF-16 BE", utf16(text, "be")],
    ["Windows-1252", Buffer.from(text, "latin1")],
  ])("%s", async (_, bytes) => {
    expect((await table(bytes)).columns).toEqual(wanted);
  });

  test("a byte order mark before numbers without a header", async () => {
    expect((await table("\ufeff7,1\n8,2\n")).columns[0]).toEqual(["column1", [7, 8]]);
  });

  test("Windows-1252 letters where Latin-1 has control characters; Chinese in GB 18030", async () => {
    const head = (...bytes: number[]) =>
      Buffer.concat([Buffer.from("t,"), Buffer.from(bytes), Buffer.from("\n1,2\n3,4\n")]);
    expect((await table(head(0x80, 0x93, 0xb0))).columns[1]).toEqual(["€“°", [2, 4]]);
    expect((await table(head(0xd1, 0xb9, 0xc1, 0xa6))).columns[1]).toEqual(["压力", [2, 4]]);
  });

  test("invalid UTF-8 late in the file", async () => {
    const many = "1,2,x\n".repeat(60_000);
    const bytes = Buffer.concat([Buffer.from(`t,u,n\n${many}`), Buffer.from([0x33, 0x2c, 0x34, 0x2c, 0xe9, 0x0a])]);
    const frame = await readText(bytes, { numbers: ["u"], group: "n" });
    expect([frame.length, frame.column("u")[60_000], frame.series()[1]!.label]).toEqual([60_001, 4, "é"]);
  });

  test("zero bytes after a crash do not form rows or join numbers", async () => {
    expect((await table("t,u\n0,1\n1,2\n\0\0\0\0\n2,3\n\0\0")).columns).toEqual([
      ["t", [0, 1, 2]],
      ["u", [1, 2, 3]],
    ]);
    await expect(readText("t,u\n0,1\n1,2\x003\n", { numbers: ["u"] })).rejects.toThrow(
      "row 2, column u: expected a number",
    );
  });
});

test.each([["\n"], ["\r\n"], ["\r"]])("line endings %j, alone and mixed with others", async (end) => {
  const lines = ["t,u", "0,1", "1,2", "2,3"];
  const expected = [
    ["t", [0, 1, 2]],
    ["u", [1, 2, 3]],
  ];
  expect((await table(lines.join(end) + end)).columns).toEqual(expected);
  expect((await table(lines.join(end))).columns).toEqual(expected);
  for (const other of ["\n", "\r\n", "\r"]) {
    expect((await table(`t,u${end}0,1${other}1,2${end}2,3${other}`)).columns).toEqual(expected);
  }
});

describe("compressed files are checked to the last byte", () => {
  const content = `t,u\n${Array.from({ length: 20_000 }, (_, i) => `${i},${(i * 7919) % 1000}`).join("\n")}\n`;
  const packed = async (kind: "gz" | "zst") => {
    if (kind === "gz") return gzipSync(content);
    const folder = emptyFolder();
    writeFileSync(join(folder, "a.csv"), content);
    const connection = await connect();
    const from = `read_csv('${join(folder, "a.csv")}', all_varchar = true)`;
    await connection.run(`COPY (FROM ${from}) TO '${join(folder, "a.csv.zst")}' (FORMAT csv, COMPRESSION zstd)`);
    connection.closeSync();
    const { readFileSync } = await import("node:fs");
    return readFileSync(join(folder, "a.csv.zst"));
  };

  test.each(["gz", "zst"] as const)("%s", async (kind) => {
    const bytes = await packed(kind);
    const name = `a.csv.${kind}`;
    expect((await readText(bytes, { numbers: ["u"] }, name)).column("u")[19_999]).toBe((19_999 * 7919) % 1000);
    expect((await readText(bytes, { numbers: ["u"] }, "a.log")).length).toBe(20_000);
    for (const cut of [1, 4, 9, bytes.length >> 1]) {
      const part = bytes.subarray(0, bytes.length - cut);
      await expect(readText(part, { numbers: ["u"] }, name)).rejects.toThrow("received a damaged or truncated one");
    }
  });

  test("a wrong checksum or length", async () => {
    for (const at of [8, 4]) {
      const bytes = Buffer.from(gzipSync(content));
      bytes[bytes.length - at]! ^= 1;
      await expect(readText(bytes, { numbers: ["u"] }, "a.csv.gz")).rejects.toThrow(
        "received a damaged or truncated one",
      );
    }
  });
});

describe("JSON", () => {
  const rows = '[{"a": 1, "b": 4}, {"a": 2, "b": 5}]';
  test.each([
    ["a byte order mark", Buffer.from(`\ufeff${rows}`)],
    ["UTF-16", utf16(`\ufeff${rows}`, "le")],
    ["UTF-16 BE without a byte order mark", utf16(rows, "be")],
    ["lines with a byte order mark", Buffer.from('\ufeff{"a": 1, "b": 4}\n{"a": 2, "b": 5}\n')],
    ["one array for each column", Buffer.from('{"a": [1, 2], "b": [4, 5]}')],
    ["rows within an object, next to their description", Buffer.from(`{"unit": {"a": "V"}, "data": ${rows}}`)],
    ["arrays below their names", Buffer.from('[["a", "b"], [1, 4], [2, 5]]')],
    ["pandas, by columns", Buffer.from('{"a": {"0": 1, "1": 2}, "b": {"0": 4, "1": 5}}')],
    ["pandas, by rows", Buffer.from('{"0": {"a": 1, "b": 4}, "1": {"a": 2, "b": 5}}')],
    ["pandas, split", Buffer.from('{"columns": ["a", "b"], "index": [0, 1], "data": [[1, 4], [2, 5]]}')],
    ["text", Buffer.from('[{"a": "1", "b": "4"}, {"a": "2", "b": "5"}]')],
  ])("%s", async (_, bytes) => {
    for (const name of ["x.json", "x.log"]) {
      expect((await table(bytes, {}, name)).columns).toEqual([
        ["a", [1, 2]],
        ["b", [4, 5]],
      ]);
    }
  });

  test("arrays of different lengths", async () => {
    await expect(readText('{"a": [1, 2], "b": [4]}', { numbers: ["a"] }, "x.json")).rejects.toThrow(
      "one array per column, all of the same length",
    );
  });
});

describe("a wrong or missing file extension", () => {
  test.each(["data.log", "data.asc", "data", "data.CSV", "-data.csv", "data.parquet", "a[1]*.csv"])(
    "%s",
    async (name) => {
      expect((await table(text, {}, name)).columns).toEqual(wanted);
    },
  );

  test("a leading tilde is not the home folder", async () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, "~x.csv"), text);
    const { stdout } = await eddy(["train", "~x.csv"], folder);
    expect(stdout).toMatch(/^~x\.csv: 2 rows/);
  });

  test("a Parquet file called .csv", async () => {
    const file = join(emptyFolder(), "x.csv");
    const connection = await connect();
    await connection.run(`COPY (SELECT 7 AS i) TO '${file}' (FORMAT parquet)`);
    connection.closeSync();
    expect(values((await read([file], { numbers: ["i"] })).frame, "i")).toEqual([7]);
  });

  test.each([
    [".xls", "d0cf11e0a1b11ae1", "save it as CSV or .xlsx"],
    [".zip", "504b030414000000", "decompress it first"],
    [".bz2", "425a6839", "decompress it first"],
    [".xz", "fd377a585a0000", "decompress it first"],
    ["UTF-32", Buffer.from("\ufeffa,b", "utf16le").toString("hex").replace(/..../g, "$&0000"), "a UTF-32 file"],
    [".pdf", "255044462d", "export it as CSV"],
    ["binary data", "0102030405060708010203040506070801", "received binary data"],
  ])("%s", async (what, hex, remedy) => {
    const found = readText(Buffer.from(hex, "hex"), { numbers: ["a"] });
    await expect(found).rejects.toThrow(remedy);
    await expect(found).rejects.toThrow(what);
  });

  test("an OpenDocument spreadsheet", async () => {
    const bytes = Buffer.concat([
      Buffer.from("504b0304", "hex"),
      Buffer.from("mimetypeapplication/vnd.oasis.opendocument.spreadsheet"),
    ]);
    await expect(readText(bytes, { numbers: ["a"] }, "x.ods")).rejects.toThrow("save it as CSV or .xlsx");
  });
});

describe("pipes, permissions, and files that change", () => {
  test.each([
    ["CSV", Buffer.from(text)],
    ["UTF-16", utf16(text, "le")],
    ["gzip", gzipSync(text)],
    ["JSON", Buffer.from('[{"t": 0, "T [°C]": 1.5}, {"t": 1, "T [°C]": 2.5}]')],
  ])("standard input: %s", async (_, bytes) => {
    const half = bytes.length >> 1;
    const stdin = Readable.from([bytes.subarray(0, half), bytes.subarray(half)]);
    const { frame } = await read(["-"], { numbers: ["T [°C]"], stdin });
    expect(values(frame, "T [°C]")).toEqual([1.5, 2.5]);
  });

  test("a named pipe", async () => {
    const pipe = join(emptyFolder(), "pipe.csv");
    execFileSync("sh", ["-c", `mkfifo "$1"`, "sh", pipe]);
    const writer = spawn("sh", ["-c", 'printf "t,u\\n0,1\\n1,2\\n" > "$1"', "sh", pipe]);
    expect(values((await read([pipe], { numbers: ["u"] })).frame, "u")).toEqual([1, 2]);
    writer.kill();
  });

  test.skipIf(process.platform === "win32")("a file without read permission", async () => {
    const file = written(text);
    chmodSync(file, 0);
    chmodSync(dirname(file), 0o755);
    const isRoot = process.getuid!() === 0;
    if (isRoot) process.seteuid!(65_534); // root can read every file
    try {
      await expect(read([file], { numbers: ["t"] })).rejects.toThrow("expected a readable file");
    } finally {
      if (isRoot) process.seteuid!(0);
    }
  });

  test("a folder, a name without a file, and a path too long for one", async () => {
    const folder = join(emptyFolder(), "x.csv");
    mkdirSync(folder);
    await expect(read([folder], { numbers: ["t"] })).rejects.toThrow("received a folder");
    for (const name of [join(folder, "none.csv"), `/${"x".repeat(5000)}`]) {
      await expect(read([name], { numbers: ["t"] })).rejects.toThrow("expected a file, found none");
    }
  });

  test("a file that shrinks while it is read", async () => {
    const file = written(`t,u\n${"1,2\n".repeat(100_000)}`);
    const source = await Source.open([file], texts.en);
    truncateSync(file, 200_000);
    const { readFrame } = await import("../src/reading/read-frame.ts");
    await expect(readFrame(source, { numbers: [{ name: "u", option: "--input" }] })).rejects.toThrow(
      "does not change while it is read",
    );
    source.close();
  });

  test("deletes intermediate files when the source is closed", async () => {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith("eddy-read-"));
    const source = await Source.open([written(gzipSync(utf16(text, "be")))], texts.en);
    const during = readdirSync(tmpdir()).filter((name) => name.startsWith("eddy-read-"));
    expect(during.length).toBeGreaterThan(0);
    source.close();
    const mine = during.filter((name) => !before.includes(name));
    const after = readdirSync(tmpdir());
    expect(mine.some((name) => !after.includes(name))).toBe(true);
  });
});
