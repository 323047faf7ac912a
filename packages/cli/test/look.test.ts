// `eddy look`: every column drawn, what is suspicious about it, and a suggestion that works when it is pasted.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { missingCodeOf } from "@eddy/ui/reading";
import { describe, expect, test } from "vitest";
import { frozenRun, isCounter, relationOf } from "../src/overview/relations.ts";
import { sparkline } from "../src/terminal/braille.ts";
import { eddy, emptyFolder } from "./command.ts";
import { shellWords } from "./shell-words.ts";

const quick = ["--budget", "none", "--epochs", "1", "--hidden", "2", "--networks", "1", "--no-report"];
const minute = (i: number) => new Date(Date.UTC(2024, 0, 1) + 60_000 * i).toISOString().slice(0, 19).replace("T", " ");

/** Numbers from 0 to 1 that look random and are the same everywhere. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  };
}

/** A drive that jumps now and then, and its response after some rows. */
function system(rows: number, delay: number): { u: number[]; y: number[] } {
  const random = uniform(7);
  const [u, y]: [number[], number[]] = [[], []];
  for (let i = 0; i < rows; i++) {
    u.push(i === 0 || random() < 0.1 ? 5 * random() : u[i - 1]!);
    y.push(0.6 * (y[i - 1] ?? 0) + 0.4 * u[Math.max(0, i - delay)]! ** 2);
  }
  return { u, y };
}

const values = (numbers: readonly number[]) => ({ values: Float64Array.from(numbers), stretch: numbers.length });

describe("relations of columns", () => {
  test("the delay of an input, and a target that is shifted", () => {
    const { u, y } = system(2000, 9);
    const { lag, copy } = relationOf(values(u), values(y));
    expect([Math.abs(lag - 10) <= 1, copy]).toEqual([true, false]);
    const shifted = (rows: number) => values(y.map((_, i) => 1.8 * (y[i + rows] ?? 0) + 32));
    expect(relationOf(shifted(3), values(y))).toMatchObject({ lag: 3, copy: true });
    expect(relationOf(shifted(-3), values(y))).toMatchObject({ lag: -3, copy: true });
    expect(relationOf(shifted(0), values(y))).toMatchObject({ lag: 0, copy: true });
    // One smooth signal predicts its neighbouring rows well, but is no copy of another one.
    const smooth = values(y.map((_, i) => Math.sin(i / 50)));
    expect(relationOf(smooth, values(y.map((_, i) => Math.sin(i / 50 + 0.3) ** 3))).copy).toBe(false);
  });

  test("stretches are not compared across their borders", () => {
    const { y } = system(1024, 0);
    const target = { values: Float64Array.from(y), stretch: 512 };
    const earlier = target.values.map((_, i) => (i % 512 === 511 ? Number.NaN : y[i + 1]!));
    expect(relationOf({ values: earlier, stretch: 512 }, target)).toMatchObject({ lag: 1, copy: true });
  });

  test.each<[what: string, numbers: number[], code: number | undefined]>([
    ["-200 among concentrations", [-200, -200, ...Array.from({ length: 60 }, (_, i) => 1 + (i % 13))], -200],
    ["-999 in sensor values", [-999, -999, -999, ...Array.from({ length: 60 }, (_, i) => 300 + 7 * i)], -999],
    ["9999 at the top", [9999, 9999, ...Array.from({ length: 60 }, (_, i) => 20 * i)], 9999],
    ["a single outlier", [-200, ...Array.from({ length: 60 }, (_, i) => 1 + (i % 13))], undefined],
    ["an actuator at its limit", [100, 100, 100, ...Array.from({ length: 60 }, (_, i) => 40 + i)], undefined],
    ["a switch", Array.from({ length: 60 }, (_, i) => 100 * (i % 2)), undefined],
    ["zero", [0, 0, 0, ...Array.from({ length: 60 }, (_, i) => 500 + i)], undefined],
  ])("the code of missing values: %s", (_, numbers, code) => {
    expect(missingCodeOf(Float64Array.from(numbers))).toBe(code);
  });

  test("counters, and runs of equal values", () => {
    expect(isCounter(values(Array.from({ length: 50 }, (_, i) => 3 * i)))).toBe(true);
    expect(isCounter(values(system(50, 0).y))).toBe(false);
    const random = uniform(3);
    const noisy = Array.from({ length: 500 }, (_, i) => (i >= 100 && i < 180 ? 4 : random()));
    expect(frozenRun(values(noisy))).toEqual({ row: 100, rows: 80 });
    expect(frozenRun(values(system(500, 0).u))).toBeUndefined(); // steps are usual there
    const rain = Array.from({ length: 600 }, (_, i) => (i % 9 === 0 || (i >= 100 && i < 150) ? 0 : random()));
    expect(frozenRun(values(rain))).toBeUndefined();
    expect(frozenRun(values(rain.map((value, i) => (i >= 300 && i < 380 ? 0.5 : value))))).toEqual({
      row: 300,
      rows: 80,
    });
    expect(frozenRun(values(rain.map((value) => value - 0.5)))).toEqual({ row: 99, rows: 51 });
  });
});

test("a sparkline is as wide as asked, and empty where values are missing", () => {
  expect(
    sparkline(
      Float64Array.from({ length: 100 }, (_, i) => i),
      4,
    ),
  ).toBe("⣠⠤⠒⠋");
  expect(sparkline(new Float64Array(10).fill(Number.NaN), 3)).toBe("   ");
  expect(sparkline(new Float64Array(10).fill(5), 3)).toBe("⠤⠤⠤");
});

describe("eddy look", () => {
  /** What is printed about a table, and the words of the suggested command after it ran. */
  async function looked(content: string, more: string[] = []): Promise<{ stdout: string; words: string[] }> {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "d.csv"), content);
    const { code, stdout, stderr } = await eddy(["look", "d.csv", ...more], cwd);
    expect(code, stderr).toBe(0);
    const command = /\n {2}(eddy train .*)\n$/.exec(stdout)?.[1];
    const words = command === undefined ? [] : shellWords(command);
    if (words.length > 0) {
      const ended = await eddy([...words.slice(1), ...quick], cwd);
      expect([ended.code, ended.stderr]).toEqual([0, expect.not.stringContaining("eddy: ")]);
    }
    return { stdout: stdout.replaceAll(/\n {2}(?! )/g, " "), words: words.slice(3) };
  }

  const lines = (head: string, rows: (string | number)[][]) =>
    `${head}\n${rows.map((row) => row.join(",")).join("\n")}\n`;

  test("draws every column and explains constants, counters, copies, shifted targets and delays", async () => {
    const { u, y } = system(1500, 9);
    const rows = y.map((value, i) => [minute(i), i, u[i]!, 7, 32 + 1.8 * u[i]!, y[i + 4] ?? 0, value]);
    const { stdout, words } = await looked(lines("time,id,u,c,u_F,later,y", rows));
    expect(stdout).toMatch(/\nu {2,}[⠁-⣿]{20} {2,}number/);
    expect(stdout).toContain("c is always 7");
    expect(stdout).toContain("id counts rows or time");
    expect(stdout).toContain("u_F is the same as u");
    expect(stdout).toContain("later is y of 4 rows later");
    expect(stdout).toMatch(/y follows its inputs, by the largest correlation: u \d+ rows \(\d+ min\)/);
    expect(words).toEqual(["--input", "u", "--target", "y", "--time", "time"]);
  });

  test("suggests codes of missing values, categories, and the rows of a shutdown", async () => {
    const random = uniform(5);
    const { u } = system(2000, 0);
    const rows = u.map((value, i) => {
      const stopped = i % 500 > 420;
      const site = i < 1000 ? "north" : "south";
      const level = stopped ? 0 : value + (site === "north" ? 0 : 9) + random();
      return [minute(i), stopped ? "stop" : "run", site, random() < 0.03 ? -999 : value.toFixed(3), level.toFixed(4)];
    });
    const { stdout, words } = await looked(lines("time,mode,site,pump,level", rows));
    expect(stdout).toContain("-999 is far from all other values of pump");
    expect(stdout).toContain("site contains texts with 2 values: a category");
    expect(stdout).toContain(`exclude it with --when "mode <> 'stop'"`);
    expect(stdout).toContain("level keeps one value for 79 rows");
    const columns = ["--input", "mode,site,pump", "--target", "level", "--time", "time"];
    expect(words).toEqual([...columns, "--missing", "-999"]);
    const option = /--when "(.*?)"/.exec(stdout)![1]!;
    const running = await looked(lines("time,mode,site,pump,level", rows), ["--when", option]);
    expect(running.words).toEqual(expect.arrayContaining(["--when", option]));
  });

  test("resamples uneven times, finds series by a number, and columns that add up to the target", async () => {
    const random = uniform(9);
    const { u, y } = system(800, 2);
    const uneven = lines(
      "time,u,y",
      y.map((value, i) => [minute(i + 0.6 * random()), u[i]!, value]),
    );
    const { stdout, words } = await looked(uneven);
    expect(stdout).toMatch(/unevenly spaced, typically by .*--every 1min/);
    expect(words).toEqual(["--input", "u", "--target", "y", "--time", "time", "--every", "1min"]);
    const sums = Array.from({ length: 1200 }, (_, i) => {
      const [a, b] = [Math.round(1000 * random()) / 100, Math.round(1000 * random()) / 100];
      return [minute(Math.floor(i / 3)), 1 + (i % 3), a, b, (a + 2 * b).toFixed(2)];
    });
    const grouped = await looked(lines("stamp,unit,a,b,total", sums));
    expect(grouped.stdout).toContain("total is a linear function of a and b");
    expect(grouped.words).toEqual(["--input", "a,b", "--target", "total", "--time", "stamp", "--group", "unit"]);
  });

  test("a column that identifies series is no mode, although the target hardly varies in one of them", async () => {
    const random = uniform(4);
    const rows = ["a", "b", "c"].flatMap((site, k) =>
      Array.from({ length: 100 }, (_, i) => [site, minute(i), random().toFixed(3), (random() * 1000 ** k).toFixed(3)]),
    );
    const { stdout, words } = await looked(lines("site,time,u,y", rows));
    expect(words).toEqual(["--input", "u", "--target", "y", "--time", "time", "--group", "site"]);
    expect(stdout).not.toContain("--when");
  });

  test("suggests the inputs of another target, as JSON too; in Chinese", async () => {
    const { u, y } = system(300, 0);
    const table = lines(
      "u,y,z",
      y.map((value, i) => [u[i]!, value, Math.sqrt(value) + u[i]!]),
    );
    const { words } = await looked(table, ["--target", "y"]);
    expect(words).toEqual(["--input", "u,z", "--target", "y"]);
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "d.csv"), table);
    const { suggestion, relations, suspicions } = JSON.parse((await eddy(["look", "d.csv", "--json"], cwd)).stdout);
    expect(suggestion).toBe("eddy train d.csv --input u,y --target z");
    expect(Object.keys(relations).sort()).toEqual(["u", "y"]);
    expect(suspicions).toEqual([]);
    expect((await eddy(["look", "d.csv", "--target", "q"], cwd)).stderr).toContain('received "q"');
    expect((await eddy(["look", "d.csv", "--lang", "zh"], cwd)).stdout).toContain("走势");
  });

  test("a date and a time of day in two columns, with decimal commas and -200 for missing values, as in UCI's air quality", async () => {
    const random = uniform(2);
    const rows = Array.from({ length: 400 }, (_, i) => {
      const clock = `${String(i % 24).padStart(2, "0")}.00.00`;
      const drive = 2 + Math.sin(i / 5) + random();
      const number = (value: number) => (random() < 0.04 ? "-200" : value.toFixed(1).replace(".", ","));
      return `${String(10 + Math.floor(i / 24)).padStart(2, "0")}/03/2004;${clock};${number(drive)};${number(300 * drive + 150 * random())};${number(8 + drive + 0.5 * random())};;`;
    });
    const text = ["Date;Time;CO(GT);PT08.S1(CO);T;;", ...rows, ";;;;;;"].join("\r\n");
    const { stdout, words } = await looked(`${text}\r\n`);
    expect(stdout).toContain("one row every 1 h");
    expect(stdout).toContain("-200 is far from all other values of CO(GT), PT08.S1(CO), T");
    const inputs = ["--input", "CO(GT),PT08.S1(CO)", "--target", "T"];
    expect(words).toEqual([...inputs, "--time", "Date,Time", "--missing", "-200"]);
  });
});
