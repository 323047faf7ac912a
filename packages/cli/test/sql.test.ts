// `--sql`: allowed and rejected queries, and the names of its views.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readFrame } from "../src/reading/read-frame.ts";
import { Source } from "../src/reading/source.ts";
import { texts } from "../src/texts/languages.ts";
import { emptyFolder } from "./command.ts";

const folder = mkdtempSync(join(tmpdir(), "eddy-cli-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, "data.csv");
const secret = join(folder, "secret.csv");
const database = join(folder, "other.db");
writeFileSync(file, "t,u\n1,2\n2,3\n");
writeFileSync(secret, "password\nsesame\n");
writeFileSync(join(folder, "secret.json"), '[{"password": "sesame"}]');

async function values(files: string[], sql: string, column = "u"): Promise<number[]> {
  const source = await Source.open(files, texts.en, { sql });
  try {
    const { frame } = await readFrame(source, { numbers: [{ name: column, option: "--input" }] });
    return Array.from(frame.column(column));
  } finally {
    source.close();
  }
}

test("reports an error in a row that is reached long after the first rows were delivered", async () => {
  const late = (row: number) => `CASE WHEN range = ${row} THEN ('x' || range)::INTEGER ELSE range END`;
  const query = (row: number) => `SELECT ${late(row)} AS u FROM range(600000)`;
  await expect(values([file], query(500_000))).rejects.toThrow("'x500000'");
  expect(await values([file], query(600_000))).toHaveLength(600_000);
});

describe("one SELECT", () => {
  test.each([
    "select * from data",
    "SELECT * FROM data;",
    "select * from data; ; ",
    "select * from data -- a note",
    "select * from data; -- a note",
    "-- a note\nselect * from data",
    "/* a note */ select * from data /* and another */",
    "with few as (select * from data) select * from few",
    "from data",
    "(select * from data)",
    "select * from DATA where t > 0 order by t",
    "select a.u from data a join data b using (t)",
    "select u from data union all select u from data where false",
    `from read_csv('${file}')`,
  ])("%s", async (sql) => {
    expect(await values([file], sql)).toEqual([2, 3]);
  });

  test("values without a file", async () => {
    expect(await values([], "values (1), (2)", "col0")).toEqual([1, 2]);
  });
});

describe("nothing else", () => {
  const out = join(folder, "out.csv");
  test.each([
    `copy data to '${out}'`,
    `copy (select 1) to '${file}'`,
    `copy data to '${file}' (format csv)`,
    `export database '${join(folder, "export")}'`,
    `attach '${database}'`,
    `attach '${database}' as other (read_only)`,
    "install httpfs",
    "load httpfs",
    "force install spatial",
    "load '/tmp/evil.duckdb_extension'",
    `select * from '${secret}'`,
    `select * from read_csv('${secret}')`,
    `select * from read_text('${secret}')`,
    `select * from read_blob('${secret}')`,
    `select * from read_json('${join(folder, "secret.json")}')`,
    `select * from read_parquet('${secret}')`,
    "select * from read_text('/etc/passwd')",
    "select * from read_text('/proc/self/environ')",
    "select * from glob('/etc/*')",
    `select * from glob('${folder}/*')`,
    `select * from read_csv('${folder}/*.csv')`,
    `select * from read_csv(['${file}', '${secret}'])`,
    `select * from read_csv('${folder}/../${folder.split("/").at(-1)}/secret.csv')`,
    `select * from read_csv('${file}/../secret.csv')`,
    "select * from read_csv('https://example.com/x.csv')",
    "select * from read_csv('s3://bucket/x.csv')",
    "set enable_external_access = true",
    "set lock_configuration = false",
    "reset all",
    "pragma database_list",
    "pragma enable_profiling",
    "call pragma_version()",
    "create table x as select 1",
    "create or replace view data as select 1",
    "create macro f(a) as a",
    "create secret s (type s3)",
    "insert into data values (1, 2)",
    "delete from data",
    "update data set u = 1",
    "drop view data",
    "begin transaction",
    "checkpoint",
    "vacuum",
    "prepare q as select 1",
    "explain select 1",
    "select 1; select 2",
    `select 1; copy data to '${out}'`,
    `select 1) x; copy data to '${out}'; --`,
    "select 1) as a cross join (select 2",
    `select * from query('copy data to ''${out}''')`,
    `select * from query('from ''${secret}''')`,
    `select * from query_table('${secret}')`,
    "select getenv('HOME')",
    "select $1",
    "select * from nothing_there",
    "selct * from data",
    "",
    "   ",
    ";",
    "-- only a note",
  ])("%s", async (sql) => {
    const before = readdirSync(folder).sort();
    const error: Error & { exitCode?: number } = await values([file], sql, "u").then(
      () => new Error("it ran"),
      (cause: Error) => cause,
    );
    expect(error.message).toMatch(
      /^--sql: (expected|invalid query:) [^\n]+\.$|^expected a file of data|^--input: expected a column/,
    );
    expect(error.message).not.toMatch(/sesame|root:/);
    expect(error.exitCode).toBeGreaterThan(0);
    expect(readdirSync(folder).sort()).toEqual(before);
    expect(existsSync(out)).toBe(false);
    expect(readFileSync(file, "utf8")).toBe("t,u\n1,2\n2,3\n");
  });
});

describe("views", () => {
  test("unusual names, the same name twice, and names that differ in case", async () => {
    const place = emptyFolder();
    const written = (name: string, value: number) => {
      mkdirSync(join(place, name, ".."), { recursive: true });
      writeFileSync(join(place, name), `u\n${value}\n`);
      return join(place, name);
    };
    const files = [
      written("a/pump.csv", 1),
      written("b/Pump.csv", 2),
      written('it\'s [1] "x" ü.csv', 3),
      written("order.csv", 4),
      written(".hidden.csv", 5),
      written("2024.03.csv", 6),
    ];
    const sql = `select u from pump union all from "Pump_2" union all from "it's [1] ""x"" ü" union all from "order" union all from ".hidden" union all from "2024"`;
    expect(await values(files, sql)).toEqual([1, 2, 3, 4, 5, 6]);
    const source = await Source.open(files, texts.en, { sql });
    expect(source.notes.join()).toContain('Pump.csv is the view "Pump_2", because another file has the same name.');
    source.close();
    await expect(values(files.slice(0, 2), "from level")).rejects.toThrow('the views are "pump", "Pump_2".');
  });

  test("through a symbolic link, by a relative path, compressed, and as Parquet or JSON", async () => {
    const place = emptyFolder();
    symlinkSync(file, join(place, "link.csv"));
    expect(await values([join(place, "link.csv")], "from link")).toEqual([2, 3]);
    writeFileSync(join(place, "x.json"), '[{"u": 1}]');
    expect(await values([join(place, "x.json")], "from x")).toEqual([1]);
    const here = process.cwd();
    process.chdir(folder);
    try {
      expect(await values(["data.csv"], "from data")).toEqual([2, 3]);
      expect(await values(["./data.csv"], "from data")).toEqual([2, 3]);
    } finally {
      process.chdir(here);
    }
  });

  test("values follow the rules of the plain file: words for missing values, decimal commas, ambiguous dates as text", async () => {
    const place = emptyFolder();
    const mixed = join(place, "mixed.csv");
    writeFileSync(
      mixed,
      "id;u;when;iso;zoned;empty\n007;0,5;3/5/24;2024-03-05 00:10;2024-03-05T00:10:00Z;\n008;NA;3/6/24;2024-03-05 00:20;2024-03-05T00:20:00Z;\n",
    );
    expect(await values([mixed], "from mixed")).toEqual([0.5, Number.NaN]);
    const source = await Source.open([mixed], texts.en, { sql: "from mixed" });
    expect(source.columns.map(({ type }) => type)).toEqual([
      "VARCHAR",
      "DOUBLE",
      "VARCHAR",
      "TIMESTAMP",
      "TIMESTAMP WITH TIME ZONE",
      "VARCHAR",
    ]);
    source.close();
    expect(await values([mixed], "select u from mixed where u < 1 and iso < '2024-03-05 00:15'")).toEqual([0.5]);
  });
});

test("the first interrupt stops a running query", async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort("SIGINT"), 300);
  const sql = "select sum(a.range * b.range % 7) as u from range(1000000) a, range(1000000) b";
  const source = await Source.open([file], texts.en, { sql, signal: controller.signal });
  const started = Date.now();
  await expect(readFrame(source, { numbers: [{ name: "u", option: "--input" }] })).rejects.toMatchObject({
    exitCode: 130,
  });
  expect(Date.now() - started).toBeLessThan(5000);
  source.close();
});

test("an interrupt before a query, or between two, is not lost", async () => {
  const slow = "select sum(a.range * b.range % 7) as u from range(1000000) a, range(1000000) b";
  const aborted = AbortSignal.abort("SIGINT");
  await expect(Source.open([file], texts.en, { sql: slow, signal: aborted })).rejects.toMatchObject({ exitCode: 130 });
  const controller = new AbortController();
  const source = await Source.open([file], texts.en, { sql: slow, signal: controller.signal });
  controller.abort("SIGINT");
  const started = Date.now();
  await expect(source.rows(`select * from ${source.relation}`)).rejects.toMatchObject({ exitCode: 130 });
  expect(Date.now() - started).toBeLessThan(1000);
  source.close();
});
