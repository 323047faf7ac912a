// Random tables in any dialect: Eddy must read them like an independent parser (csv-parse, TextDecoder).
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { randomCases } from "../../../ci/in-ci.ts";
import { readText, values } from "./read-files.ts";

const runs = randomCases(200);

const plainName = fc.stringMatching(/^[a-zµé压][a-zA-Z0-9 _.°é压力[\]-]{0,9}$/).map((name) => name.trim());
const oddName = fc.constantFrom(
  'a "quoted" name',
  "with; semicolon",
  "with, comma",
  "with\ttab",
  "a|b",
  "it's",
  "__proto__",
  "x 2024",
);
const number = fc.oneof(
  fc.integer({ min: -1e6, max: 1e6 }),
  fc.integer({ min: -1e7, max: 1e7 }).map((n) => n / 100),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);

const dialect = fc.record({
  separator: fc.constantFrom(",", ";", "\t", "|"),
  end: fc.constantFrom("\n", "\r\n", "\r"),
  encoding: fc.constantFrom("utf-8", "utf-8 bom", "utf-16le", "utf-16be", "windows-1252"),
  comma: fc.boolean(),
  gap: fc.constantFrom("", "NA", "n/a", "NaN", "-"),
  quoteAll: fc.boolean(),
  preamble: fc.constantFrom("", "Logger 5", "Made by: X"),
  lastEnd: fc.boolean(),
});

const table = fc
  .tuple(
    fc.uniqueArray(fc.oneof({ weight: 4, arbitrary: plainName }, oddName), {
      minLength: 2,
      maxLength: 6,
      selector: (name) => name.toLowerCase(),
    }),
    dialect,
  )
  .chain(([names, how]) =>
    fc.record({
      names: fc.constant(names),
      how: fc.constant(how),
      rows: fc.array(fc.array(fc.option(number, { freq: 6 }), { minLength: names.length, maxLength: names.length }), {
        minLength: 4,
        maxLength: 30,
      }),
    }),
  );

interface Written {
  names: string[];
  rows: (number | null)[][];
  how: typeof dialect extends fc.Arbitrary<infer T> ? T : never;
}

/** The table as text; the comma can be the decimal sign if it is not the separator. */
function write({ names, rows, how }: Written): string {
  const { separator, end, comma, gap, quoteAll, preamble, lastEnd } = how;
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const field = (text: string) => (quoteAll || /["'\r\n,;\t|]/.test(text) ? quoted(text) : text);
  const sign = comma && separator !== "," ? "," : ".";
  const cell = (value: number | null) => field(value === null ? gap : String(value).replace(".", sign));
  const lines = [names.map(field), ...rows.map((row) => row.map(cell))].map((fields) => fields.join(separator));
  return [...(preamble === "" ? [] : [preamble]), ...lines].join(end) + (lastEnd ? end : "");
}

function encode(text: string, encoding: string): Buffer {
  if (encoding === "utf-8 bom") return Buffer.from(`\ufeff${text}`);
  if (encoding === "utf-16le") return Buffer.from(`\ufeff${text}`, "utf16le");
  if (encoding === "utf-16be") return Buffer.from(`\ufeff${text}`, "utf16le").swap16();
  // Two adjacent letters above ASCII may be one of GB 18030: bytes that nobody can tell apart.
  if (encoding === "windows-1252" && !/[^\x20-\xff\s]|[\x80-\xff]{2}/.test(text)) return Buffer.from(text, "latin1");
  return Buffer.from(text);
}

/** The bytes as read by csv-parse and JavaScript's Number. */
function independent(bytes: Buffer, { names, how }: Written): { names: string[]; columns: number[][] } {
  const label = bytes[0] === 0xff ? "utf-16le" : bytes[0] === 0xfe ? "utf-16be" : "utf-8";
  let text: string;
  try {
    text = new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    text = new TextDecoder("windows-1252").decode(bytes, { stream: true });
  }
  const records: string[][] = parse(text, {
    delimiter: how.separator,
    record_delimiter: how.end,
    from_line: how.preamble === "" ? 1 : 2,
    trim: true,
    skip_empty_lines: true,
  });
  const [header, ...rows] = records;
  const value = (cell: string) => {
    if (cell === how.gap) return Number.NaN;
    return Number(how.comma && how.separator !== "," ? cell.replace(",", ".") : cell);
  };
  return { names: header!, columns: names.map((_, j) => rows.map((row) => value(row[j]!))) };
}

test(
  `${runs} random tables are read like an independent parser reads them`,
  async () => {
    await fc.assert(
      fc.asyncProperty(table, async (one) => {
        const sign = one.how.comma && one.how.separator !== ",";
        // Without an unambiguous value, a comma before three digits raises a question; other tests check that.
        const telling = one.rows
          .flat()
          .some((value) => value !== null && /^-?(0|\d{4,})?\.|\.(\d{1,2}|\d{4,})$/.test(String(value)));
        fc.pre(!sign || telling);
        fc.pre(one.rows.every((row) => row.some((value) => value !== null)));
        const bytes = encode(write(one), one.how.encoding);
        const expected = independent(bytes, one);
        const frame = await readText(bytes, { numbers: expected.names });
        for (const [j, name] of expected.names.entries()) expect(values(frame, name)).toEqual(expected.columns[j]);
      }),
      { numRuns: runs },
    );
  },
  60_000 + runs * 200,
);
