// Suggested commands run unchanged: quoted for a POSIX shell, with inputs, target and times that training accepts.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { quoted, quotedColumns, quotedFile } from "@eddy/ui/results";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { columnNames } from "../src/commands/option-values.ts";
import { texts } from "../src/texts/languages.ts";
import { eddy, emptyFolder } from "./command.ts";
import { shellWords } from "./shell-words.ts";

const posix = test.skipIf(process.platform === "win32");

describe("shell arguments", () => {
  const hard = [
    "",
    " ",
    "a b",
    "it's",
    '"',
    "$HOME `id` \\",
    "-x",
    "=ls",
    "~",
    "*?[a]",
    "#no",
    "!x",
    "a\nb",
    "\t",
    "é 中文",
    "\x1b[31m",
    "\u202eabc",
    "\u2028",
    "{a,b}",
    "a;b&c|d",
    "(",
    "\u00a0",
    "\u3000",
    "%s\\n",
  ];

  posix("come back as they were", () => {
    expect(shellWords(hard.map(quoted).join(" "))).toEqual(hard);
    const any = fc.array(
      fc.string({ unit: "grapheme" }).map((word) => word.replaceAll("\0", "")),
      { minLength: 1, maxLength: 40 },
    );
    fc.assert(
      fc.property(any, (words) => {
        expect(shellWords(words.map(quoted).join(" "))).toEqual(words);
      }),
      { numRuns: 30 },
    );
  });

  test("contain no control characters, and plain ones stay unquoted", () => {
    for (const word of hard) expect(quoted(word)).not.toMatch(/[^\P{Cc}\t\n]|[\p{Cf}\p{Zl}\p{Zp}]/u);
    for (const word of ["tank.csv", "a,b", "20%", "水位.csv", "a=b"]) expect(quoted(word)).toBe(word);
    expect([quotedFile("-x.csv"), quotedFile("-")]).toEqual(["./-x.csv", "-"]);
  });

  posix("that name columns are read back as those columns", () => {
    const name = fc.string({ unit: "grapheme", minLength: 1 }).map((text) => text.replaceAll("\0", ""));
    fc.assert(
      fc.property(
        fc.uniqueArray(
          name.filter((text) => text !== ""),
          { minLength: 1, maxLength: 5 },
        ),
        (names) => {
          const [word] = shellWords(quotedColumns(names)) as [string];
          expect(columnNames(texts.en, "--input")(word)).toEqual(names);
        },
      ),
      { numRuns: 60 },
    );
    for (const names of [["a,b"], ['"q"'], ['a"b', "c"], [" lead"], ["trail "], ["l\nb"]]) {
      expect(columnNames(texts.en, "--input")(shellWords(quotedColumns(names))[0]!)).toEqual(names);
    }
  });
});

/** A drive, its response, and whatever else a row has. */
function table(rows: number, header: string, row: (i: number, u: number, y: number) => string): string {
  let [seed, u, y] = [1, 0, 0];
  const random = () => {
    seed = (seed * 16807) % 2147483647;
    return seed / 2147483647;
  };
  const lines = Array.from({ length: rows }, (_, i) => {
    if (random() < 0.1) u = random();
    y = 0.8 * y + 0.2 * u * u + 0.01 * random();
    return row(i, Number(u.toFixed(4)), Number(y.toFixed(4)));
  });
  return `${header}\n${lines.join("\n")}\n`;
}

const day = (i: number) => new Date(Date.UTC(2024, 2, 5) + 600_000 * i).toISOString();
const plainRow = (_: number, u: number, y: number) => `${u},${y}`;
const quick = ["--budget", "none", "--epochs", "1", "--hidden", "2", "--networks", "1", "--no-report"];

describe("the suggested training command", () => {
  /** The proposed command's words, after it ran. */
  async function proposed(file: string, content: string, more: string[] = []): Promise<string[]> {
    const cwd = emptyFolder();
    mkdirSync(dirname(join(cwd, file)), { recursive: true });
    writeFileSync(join(cwd, file), content);
    const given = file.startsWith("-") ? `./${file}` : file;
    const { code, stdout } = await eddy(["train", given, ...more], cwd);
    expect(code).toBe(0);
    const command = /\n {2}(eddy train [\s\S]*)\n$/.exec(stdout)?.[1];
    expect(command, stdout).toBeDefined();
    const words = shellWords(command!);
    const ended = await eddy([...words.slice(1), ...quick], cwd);
    expect([ended.code, ended.stderr]).toEqual([0, expect.not.stringContaining("eddy: ")]);
    return words.slice(2);
  }

  posix.each([
    'with blank, it\'s "$HOME" [1].csv',
    "-dash.csv",
    "水位 记录.csv",
    "a;b&c.csv",
    "back\\slash\nnew line.csv",
    "sub folder/x.csv",
    "#x.csv",
  ])("runs with a file named %j", async (file) => {
    const [given] = await proposed(file, table(60, "u,y", plainRow));
    expect(given).toBe(file.startsWith("-") ? `./${file}` : file);
  });

  posix.each([
    ['"a,b",y', ["--input", '"a,b"', "--target", "y"]],
    ['"say ""hi""",y', ["--input", '"say ""hi"""', "--target", "y"]],
    ["it's,水位 [cm]", ["--input", "it's", "--target", "水位 [cm]"]],
    ["-u,$y", ["--input", "-u", "--target", "$y"]],
  ])("runs with columns named %s", async (header, words) => {
    expect((await proposed("d.csv", table(60, header, plainRow))).slice(1)).toEqual(words);
  });

  posix.each<[what: string, content: string, words: string[]]>([
    [
      "a row number and an identifier that counts up",
      table(60, "row,id,u,y", (i, u, y) => `${i + 1},${1000 + i},${u},${y}`),
      ["--input", "u", "--target", "y"],
    ],
    [
      "a row number that stands last",
      table(60, "u,y,n", (i, u, y) => `${u},${y},${i}`),
      ["--input", "u", "--target", "y"],
    ],
    [
      "a constant, a copy, and a column that is all missing",
      table(60, "c,u,copy,none,y", (_, u, y) => `5,${u},${u},,${y}`),
      ["--input", "u", "--target", "y"],
    ],
    [
      "a copy of the target in another unit",
      table(60, "u,mm,y", (_, u, y) => `${u},${(10 * y).toFixed(3)},${y}`),
      ["--input", "u", "--target", "y"],
    ],
    [
      "an input that is mostly missing, and a sparse target",
      table(300, "u,rare,y", (i, u, y) => `${u},${i % 20 === 0 ? u : ""},${i % 6 === 0 ? y : ""}`),
      ["--input", "u", "--target", "y"],
    ],
    [
      "times in ISO 8601",
      table(60, "time,u,y", (i, u, y) => `${day(i)},${u},${y}`),
      ["--input", "u", "--target", "y", "--time", "time"],
    ],
    [
      "epoch seconds, which are no input",
      table(60, "timestamp,u,y", (i, u, y) => `${1_709_600_000 + 60 * i},${u},${y}`),
      ["--input", "u", "--target", "y", "--time", "timestamp"],
    ],
    [
      "relative seconds, which are no input",
      table(60, "t,u,y", (i, u, y) => `${(i / 10).toFixed(1)},${u},${y}`),
      ["--input", "u", "--target", "y", "--time", "t"],
    ],
    [
      "a text of times and the same as epoch seconds",
      table(60, "Date Time,epoch,u,y", (i, u, y) => `${day(i)},${Date.parse(day(i)) / 1000},${u},${y}`),
      ["--input", "u", "--target", "y", "--time", "Date Time"],
    ],
    [
      "times of which some are repeated and out of order",
      table(60, "time,u,y", (i, u, y) => `${day(i === 7 ? 6 : i === 20 ? 21 : i === 21 ? 20 : i)},${u},${y}`),
      ["--input", "u", "--target", "y", "--time", "time", "--repair-time", "last"],
    ],
    [
      "times of several series between one another, one of them called NA",
      table(90, "time,run,u,y", (i, u, y) => `${day(Math.floor(i / 3))},${["a", "NA", "b"][i % 3]},${u},${y}`),
      ["--input", "u", "--target", "y", "--time", "time", "--group", "run"],
    ],
    [
      "days alone",
      table(60, "Date,u,y", (i, u, y) => `${day(i).slice(0, 10)},${u},${y}`),
      ["--input", "u", "--target", "y"],
    ],
    [
      "unevenly spaced times",
      table(60, "time,u,y", (i, u, y) => `${day(i + (i % 3) * 0.3)},${u},${y}`),
      ["--input", "u", "--target", "y", "--time", "time", "--every", "15min"],
    ],
  ])("skips or uses %s", async (_, content, words) => {
    expect((await proposed("d.csv", content)).slice(1)).toEqual(words);
  });

  posix("where day and month cannot be told apart, one command for each", async () => {
    const cwd = emptyFolder();
    const clock = (i: number) => `0${1 + Math.floor(i / 24)}/04/2024 ${String(i % 24).padStart(2, "0")}:00`;
    writeFileSync(
      join(cwd, "d.csv"),
      table(60, "time,u,y", (i, u, y) => `${clock(i)},${u},${y}`),
    );
    const { stdout } = await eddy(["train", "d.csv"], cwd);
    expect(stdout).toContain("day and month cannot be told apart");
    const commands = [...stdout.matchAll(/\n {2}(eddy train .*)/g)].map(([, command]) => shellWords(command!));
    expect(commands.map((words) => words.at(-1))).toEqual(["%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M"]);
    expect((await eddy([...commands[0]!.slice(1), ...quick], cwd)).code).toBe(0); // by months the steps are uneven
    expect(JSON.parse((await eddy(["train", "d.csv", "--json"], cwd)).stdout).suggestion).toBeUndefined();
  });

  posix("joins a date and a time of day", async () => {
    const content = table(
      300,
      "Date,Time,u,y",
      (i, u, y) => `${day(i).slice(0, 10)},${day(i).slice(11, 19)},${u},${y}`,
    );
    const words = await proposed("log 1.csv", content);
    expect(words).toEqual(["log 1.csv", "--input", "u", "--target", "y", "--time", "Date,Time"]);
  });

  posix("keeps the query, the group and the format that were given", async () => {
    const content = table(120, "when,unit,u,y", (i, u, y) => {
      const [date, clock] = [day(i % 60).slice(8, 10), day(i % 60).slice(11, 16)];
      return `${date}/03/2024 ${clock},${i < 60 ? "it's a" : "b"},${u},${y}`;
    });
    const format = ["--time", "when", "--time-format", "%d/%m/%Y %H:%M"];
    const without = await proposed("d.csv", content, ["--group", "unit", ...format]);
    expect(without.slice(1)).toEqual([
      "--input",
      "u",
      "--target",
      "y",
      "--time",
      "when",
      "--time-format",
      "%d/%m/%Y %H:%M",
      "--group",
      "unit",
    ]);
    const query = await proposed("d.csv", table(60, "u,y", plainRow), [
      "--sql",
      "select u, y from d where u > -1 and 'it''s' <> ''",
    ]);
    expect(query.slice(1)).toEqual([
      "--sql",
      "select u, y from d where u > -1 and 'it''s' <> ''",
      "--input",
      "u",
      "--target",
      "y",
    ]);
  });

  posix("uses only the most correlated of very many columns", async () => {
    const header = [...Array.from({ length: 40 }, (_, i) => `c${i}`), "y"].join(",");
    const content = table(60, header, (i, u, y) =>
      [...Array.from({ length: 40 }, (_, j) => (j === 21 ? u : (i * (j + 7) * 7919) % 101)), y].join(","),
    );
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "wide.csv"), content);
    const { stdout } = await eddy(["train", "wide.csv"], cwd);
    const command = stdout.trimEnd().split("\n").at(-1)!;
    expect(command.length).toBeLessThan(200);
    expect(shellWords(command.trim())[4]!.split(",")).toHaveLength(8);
    expect(command).toContain("c21");
    expect(stdout).toMatch(/To predict y from 8 of the \d+ other usable columns:/);
  });

  test("is missing, with a message, if fewer than two columns vary", async () => {
    const cwd = emptyFolder();
    writeFileSync(
      join(cwd, "one.csv"),
      table(60, "n,c,y", (i, _, y) => `${i},7,${y}`),
    );
    const { stdout } = await eddy(["train", "one.csv"], cwd);
    expect(stdout).toContain("No suggestion: training needs at least two numeric columns");
    expect(JSON.parse((await eddy(["train", "one.csv", "--json"], cwd)).stdout).suggestion).toBeUndefined();
  });
});

describe("the next commands after training", () => {
  posix("the next command and the same again run as they are, whatever the names", async () => {
    const cwd = emptyFolder();
    const content = table(
      200,
      `when,"unit, it's",'u "V",y`,
      (i, u, y) => `${day(i % 100)},${i < 100 ? "a" : "b c"},${u},${y}`,
    );
    writeFileSync(join(cwd, "it's $x.csv"), content);
    const columns = ["--input", `'u "V"`, "--target", "y", "--time", "when", "--group", "unit, it's"];
    const shares = ["--test", "20%", "--val", "0.3333333"];
    const options = quick.filter((word) => word !== "--no-report");
    const trained = await eddy(
      ["train", "it's $x.csv", ...columns, ...shares, ...options, "--out", "-m.safetensors"],
      cwd,
    );
    expect(trained.code).toBe(0);
    const next = /Commands:\n {2}(.*)\n$/.exec(trained.stdout)![1]!;
    const words = shellWords(next);
    expect(words.slice(1)).toEqual([
      "predict",
      "./-m.safetensors",
      "it's $x.csv",
      "--time",
      "when",
      "--group",
      "unit, it's",
      "--out",
      "predictions.csv",
    ]);
    expect(await eddy(words.slice(1), cwd)).toMatchObject({ code: 0 });
    const page = readFileSync(join(cwd, "-m-report/report.html"), "utf8");
    const html = /<pre>(<code>eddy train.*?)<\/pre>/s.exec(page)![1]!.replace(/<.*?>/g, "");
    const command = html
      .replaceAll("&quot;", '"')
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&amp;", "&");
    const predict = async () => (await eddy(words.slice(1, -2), cwd)).stdout;
    const before = await predict();
    expect(await eddy(shellWords(command).slice(1), cwd)).toMatchObject({ code: 0 });
    expect(await predict()).toBe(before);
  });

  posix("does not propose to write predictions over the file that was read", async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "predictions.csv"), table(60, "u,y", plainRow));
    const { stdout } = await eddy(["train", "predictions.csv", "--input", "u", "--target", "y", ...quick], cwd);
    expect(stdout).toContain("eddy predict model.safetensors predictions.csv --out new-predictions.csv");
  });
});

test("UCI's air quality as published: times of day with points, decimal commas, empty columns and rows at the end", async () => {
  const folder = emptyFolder();
  const rows = Array.from({ length: 48 }, (_, i) => {
    const day = `${12 + Math.floor(i / 24)}/03/2004;${String(i % 24).padStart(2, "0")}.00.00`;
    return `${day};${(Math.sin(i) + 2).toFixed(1).replace(".", ",")};${1360 + (i % 7)};;`;
  });
  const text = ["Date;Time;CO(GT);PT08.S1(CO);;", ...rows, ";;;;;", ";;;;;"].join("\r\n");
  writeFileSync(join(folder, "AirQualityUCI.csv"), `${text}\r\n`);
  const { stdout } = await eddy(["train", "AirQualityUCI.csv"], folder);
  expect(stdout).toContain("AirQualityUCI.csv: 48 rows");
  expect(stdout).toContain("one row every 1 h");
  expect(stdout).toContain("--input 'CO(GT)' --target 'PT08.S1(CO)' --time Date,Time");
});

test("a column with an ambiguous decimal separator is a question, not text", async () => {
  const folder = emptyFolder();
  writeFileSync(join(folder, "x.csv"), `u,y\n${'"1,000",1\n"2,500",2\n'.repeat(20)}`);
  const { stdout } = await eddy(["train", "x.csv"], folder);
  expect(stdout).toMatch(/\* row 1, column u: is the separator in "1,000" a decimal or/);
});
