// Tables as people have them, from the raw file to the prediction: gaps, codes, irregular times, categories, shutdowns, clock changes.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Model, summaryOf } from "eddy/series";
import { describe, expect, test } from "vitest";
import { eddy, emptyFolder } from "./command.ts";
import { tankRows } from "./tank.ts";

const quick = ["--epochs", "3", "--hidden", "4", "--networks", "1", "--variants", "1", "--budget", "none"];
const columns = ["--input", "pump,valve", "--target", "level"];

type Row = Record<string, string | number>;

/** Writes rows as CSV. */
function write(folder: string, name: string, rows: readonly Row[]): void {
  const names = Object.keys(rows[0]!);
  const lines = rows.map((row) => names.map((column) => row[column]).join(","));
  writeFileSync(join(folder, name), `${[names.join(","), ...lines].join("\n")}\n`);
}

const tank = (rows: number): Row[] => tankRows(rows).map((row) => ({ ...row }));
const modelIn = (folder: string) => Model.fromBytes(readFileSync(join(folder, "model.safetensors")));

async function ok(words: string[], folder: string): Promise<{ stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await eddy(words, folder);
  expect([code, code === 0 ? "" : stderr]).toEqual([0, ""]);
  return { stdout, stderr };
}

/** Trains on data.csv with a report, and returns what the command said, in one line. */
async function train(folder: string, more: string[], report = true): Promise<string> {
  const words = ["train", "data.csv", ...columns, ...quick, ...more, ...(report ? [] : ["--no-report"])];
  const { stdout, stderr } = await ok(words, folder);
  return `${stderr} ${stdout}`.replace(/\s+/g, " ");
}

/** The cells of a prediction, and what the command said. */
async function predict(folder: string, file: string, more: string[] = []) {
  const { stdout, stderr } = await ok(["predict", "model.safetensors", file, "--level", "none", ...more], folder);
  const [head = "", ...lines] = stdout.trimEnd().split("\n");
  return { names: head.split(","), cells: lines.map((line) => line.split(",")), said: stderr.replace(/\s+/g, " ") };
}

const empty = (cells: string[][]) => cells.filter((row) => row.at(-1) === "").length;

describe("missing inputs", () => {
  const withGaps = (rows: number) =>
    tank(rows).map((row, i) => ({ ...row, pump: i % 20 === 7 ? "NA" : i % 20 === 13 ? -200 : row.pump! }));

  test("are held by default, counted in training, prediction and report, and marked where they are common", async () => {
    const folder = emptyFolder();
    write(folder, "data.csv", withGaps(400));
    const said = await train(folder, ["--missing", "-200"]);
    expect(said).toMatch(
      /· 40 rows of 400 had missing values of "pump", which were filled with the last value, in gaps of up to \d+ rows?; the model is told where "pump" was missing\./,
    );
    const model = modelIn(folder);
    expect(model.options).toMatchObject({ missing: [-200], gaps: expect.stringMatching(/^hold:\d+$/) });
    expect(model.options.features.map(({ name }) => name)).toEqual(["pump", "pump missing", "valve"]);
    expect(summaryOf(model)!.skipped).toMatchObject({ filledInputs: 40, missingInputs: 0 });
    const report = readFileSync(join(folder, "model-report/report.html"), "utf8");
    expect(report).toContain("rows with filled inputs");
    expect(report).toContain("40 rows of 400 had missing values of");
    const { cells, said: note } = await predict(folder, "data.csv");
    expect([cells.length, empty(cells)]).toEqual([400, 0]);
    expect(note).toContain('40 rows of 400 had missing values of "pump"');
  });

  test("restart the state on request, and beyond the longest gap", async () => {
    const folder = emptyFolder();
    const rows = withGaps(400).map((row, i) => (i >= 100 && i < 110 ? { ...row, valve: "" } : row));
    write(folder, "data.csv", rows);
    const said = await train(folder, ["--missing", "-200", "--gaps", "hold:4"], false);
    expect(said).toContain("6 rows of 400 had missing inputs beyond that: there is no prediction");
    expect(empty((await predict(folder, "data.csv")).cells)).toBe(6);
    await train(folder, ["--missing", "-200", "--gaps", "restart"], false);
    expect(empty((await predict(folder, "data.csv")).cells)).toBe(49);
    await train(folder, ["--missing", "-200", "--gaps", "interpolate:4"], false);
    expect(empty((await predict(folder, "data.csv")).cells)).toBe(10);
  });
});

test("irregular rows are resampled, in training and prediction alike", async () => {
  const folder = emptyFolder();
  const rows = tank(900).flatMap((row, i) => {
    if (i % 11 === 3) return [];
    const late = new Date(Date.parse(String(row.time)) + ((i * 37) % 90) * 100);
    return [{ ...row, time: late.toISOString() }];
  });
  write(folder, "data.csv", rows);
  const failed = await eddy(["train", "data.csv", ...columns, ...quick, "--time", "time"], folder);
  expect(failed.stderr).toContain("expected evenly spaced rows");
  const said = await train(folder, ["--time", "time", "--every", "20s", "--every-by", "valve=last"], false);
  expect(said).toMatch(
    /818 rows were resampled to 4\d\d, one every 20s; each row has the time of the end of its interval/,
  );
  const model = modelIn(folder);
  expect([model.stepMs, model.source]).toMatchObject([20_000, { every: "20s", everyBy: "valve=last" }]);
  const { cells, said: note } = await predict(folder, "data.csv");
  expect(note).toContain("--every 20s --every-by valve=last");
  expect(cells.slice(0, 3).map(([time]) => time)).toEqual([
    "2024-03-01T00:00:00Z",
    "2024-03-01T00:00:20Z",
    "2024-03-01T00:00:40Z",
  ]);
});

describe("text columns with few values", () => {
  const withMode = (rows: number, other = "run"): Row[] =>
    tank(rows).map((row, i) => ({
      ...row,
      mode: i % 40 < 20 ? "run" : i % 40 < 22 ? "" : i % 40 === 39 ? other : "idle",
    }));

  test("become inputs that the model keeps; an unseen value is reported", async () => {
    const folder = emptyFolder();
    write(folder, "data.csv", withMode(400));
    write(folder, "new.csv", withMode(200, "clean"));
    const { stdout, stderr } = await ok(
      ["train", "data.csv", "--input", "pump,valve,mode", "--target", "level", ...quick, "--gaps", "hold:2"],
      folder,
    );
    expect(stderr).toContain("mode was read as categories: run, idle.");
    expect(stdout).toContain("model-report/report.html");
    const labels = modelIn(folder).options.features.flatMap(({ label }) => label ?? []);
    expect(labels).toEqual(["run", "idle"]);
    const { cells, said } = await predict(folder, "new.csv");
    expect(said).toContain('Column "mode" has the value "clean" in 5 rows, which the training rows do not have');
    expect(empty(cells)).toBe(0);
    const evaluated = await ok(["evaluate", "model.safetensors", "new.csv"], folder);
    expect(evaluated.stdout.replace(/\s+/g, " ")).toContain('has the value "clean" in 5 rows');
    const exported = await ok(["export", "model.safetensors", "--onnx", "model.onnx"], folder);
    expect(exported.stderr).toContain(
      "x has a number for each of: pump, valve, mode = run, mode = idle, mode missing;",
    );
    const chinese = await eddy(["predict", "model.safetensors", "new.csv", "--lang", "zh"], folder);
    expect(chinese.stderr).toContain("列“mode”有 5 行的值为“clean”，训练数据中没有这个值：按缺失处理。");
  });
});

describe("shutdowns", () => {
  const withShutdowns = (rows: number): Row[] =>
    tank(rows).map((row, i) => {
      const isOff = i % 100 >= 80;
      return { ...row, mode: isOff ? "off" : "run", ...(isOff && { pump: -50, level: 999 }) };
    });

  test("are left out by a condition, which the model keeps, and are shaded in the report", async () => {
    const folder = emptyFolder();
    write(folder, "data.csv", withShutdowns(400));
    const said = await train(folder, ["--time", "time", "--when", "mode = 'run' AND pump >= 0"]);
    expect(said).toContain("80 rows of 400 were excluded; the state starts again after them.");
    expect(summaryOf(modelIn(folder))!.targetsRange.level!.max).toBeLessThan(100);
    const report = readFileSync(join(folder, "model-report/report.html"), "utf8");
    expect(report).toContain("Rows shaded in brown are excluded.");
    const { excluded } = JSON.parse(/<script[^>]*id="data"[^>]*>(.*?)<\/script>/s.exec(report)![1]!).signals[0];
    expect(excluded.length).toBe(4);
    const { cells, said: note } = await predict(folder, "data.csv");
    expect([cells.length, empty(cells)]).toEqual([400, 80]);
    expect(note).toContain(`--when "mode = 'run' AND pump >= 0"`);
    expect(empty((await predict(folder, "data.csv", ["--no-when"])).cells)).toBe(0);
  });

  test("are left out by ranges of times or of row numbers", async () => {
    const folder = emptyFolder();
    write(folder, "data.csv", withShutdowns(200));
    const times = [
      "--exclude",
      "2024-03-01 00:13:20..2024-03-01 00:16:30",
      "--exclude",
      "2024-03-01T00:30..",
      "--time",
      "time",
    ];
    expect(await train(folder, times, false)).toContain("40 rows of 200 were excluded");
    const rows = ["--exclude", "81..100", "--exclude", "181.."];
    expect(await train(folder, rows, false)).toContain("40 rows of 200 were excluded");
    expect(empty((await predict(folder, "data.csv")).cells)).toBe(0);
    expect(empty((await predict(folder, "data.csv", ["--exclude", "..5"])).cells)).toBe(5);
  });
});

describe("changes of the clock", () => {
  /** Hours of local time in Berlin, as a logger without a zone writes them. */
  function local(from: string, hours: number): Row[] {
    const berlin = new Intl.DateTimeFormat("sv-SE", {
      timeZone: "Europe/Berlin",
      dateStyle: "short",
      timeStyle: "medium",
    });
    const rows = tank(hours);
    return rows.map((row, i) => ({ ...row, time: berlin.format(Date.parse(from) + 3_600_000 * i) }));
  }

  test.each([
    [
      "a missing hour",
      "2024-03-25T00:00:00Z",
      300,
      "1 change of the clock was recognised (the first at 2024-03-31 03:00) and is no gap",
    ],
    [
      "a doubled hour",
      "2024-10-20T00:00:00Z",
      300,
      "1 change of the clock was recognised (the first at 2024-10-27 02:00) and is no gap",
    ],
    ["both", "2024-03-25T00:00:00Z", 5500, "2 changes of the clock were recognised"],
  ])("%s is no gap and no duplicate, and predictions have the times of the file", async (_, from, hours, note) => {
    const folder = emptyFolder();
    const rows = local(from, hours);
    write(folder, "data.csv", rows);
    const said = await train(folder, ["--time", "time"], false);
    expect(said).toContain(`The times are local: ${note}`);
    expect(said).not.toContain("gap in time");
    expect(summaryOf(modelIn(folder))!.skipped.timeGaps).toBe(0);
    const { cells } = await predict(folder, "data.csv");
    expect(cells.map(([time]) => time!.slice(0, 19).replace("T", " "))).toEqual(rows.map(({ time }) => time));
  });

  test("an hour that is missing at another time is a gap", async () => {
    const folder = emptyFolder();
    write(
      folder,
      "data.csv",
      local("2024-05-01T00:00:00Z", 200).filter((_, i) => i !== 100),
    );
    expect(await train(folder, ["--time", "time"], false)).toContain("1 gap in time (1 row missing)");
  });
});

test("bounds limit predictions and intervals, in the file and in the report", async () => {
  const folder = emptyFolder();
  write(folder, "data.csv", tank(400));
  const said = await train(folder, ["--bounds", "level=5..9"]);
  expect(said).toMatch(/\d+ measured values of "level" lie outside its bounds, 5 to 9/);
  expect(modelIn(folder).options.bounds).toEqual({ level: [5, 9] });
  const { stdout } = await ok(["predict", "model.safetensors", "data.csv"], folder);
  const numbers = stdout
    .trimEnd()
    .split("\n")
    .slice(1)
    .flatMap((line) => line.split(",").slice(1).map(Number));
  expect([Math.min(...numbers), Math.max(...numbers)]).toEqual([5, 9]);
});

test("targets that are measured only now and then are learned, scored, drawn and given intervals", async () => {
  const folder = emptyFolder();
  write(
    folder,
    "data.csv",
    tank(1500).map((row, i) => (i % 15 === 0 ? row : { ...row, level: "" })),
  );
  const said = await train(folder, ["--time", "time", "--test", "30%"]);
  expect(said).toContain("30 rows");
  const summary = summaryOf(modelIn(folder))!;
  expect(summary.skipped.missingTargets).toBe(1400);
  expect(summary.test!.model.rows).toBe(30);
  expect(summary.coverage!.level).toMatchObject({ rows: 30, coverage: expect.any(Number) });
  expect(empty((await predict(folder, "data.csv")).cells)).toBe(0);
});

describe("what cannot be understood is a usage error, in both languages", () => {
  test.each([
    [["--gaps", "hold"], "--gaps: expected hold:N or interpolate:N", "--gaps：应为 hold:N"],
    [["--missing", "a"], "--missing: expected numbers separated by commas", "--missing：应为用逗号分隔的数"],
    [["--bounds", "level=9..1"], "--bounds: expected ranges of targets", "--bounds：应为 level=0..100"],
    [["--every", "10 parsecs"], "--every: expected an interval such as 10s", "--every：应为 10s、5m"],
    [["--every", "10s"], "--every: expected a time column", "--every 需要时间戳列"],
    [["--every-by", "valve=max"], "--every-by: expected columns with mean, last or sum", "--every-by：应为各列的 mean"],
    [
      ["--time", "time", "--every", "20s", "--every-by", "flow=sum"],
      '--every-by: expected inputs or targets, received "flow"',
      "--every-by：“flow”不是输入或目标",
    ],
    [["--exclude", "yesterday"], "--exclude: expected a range FROM..TO", "--exclude：应为范围 FROM..TO"],
    [["--exclude", "a..b"], "--exclude: expected a range of row numbers", "--exclude：应为行号范围"],
    [["--time", "time", "--exclude", "1999-01-01..1999-01-02"], "which contains none", "内没有任何行"],
    [["--when", "mode ="], "--when: expected a condition on the columns", "--when：应为关于各列的条件"],
    [
      ["--when", "1) from data; select (1"],
      "--when: expected a condition on the columns",
      "--when：应为关于各列的条件",
    ],
  ])("%j", async (words, english, chinese) => {
    const folder = emptyFolder();
    write(folder, "data.csv", tank(60));
    for (const [language, text] of [
      ["en", english],
      ["zh", chinese],
    ] as const) {
      const { code, stderr } = await eddy(
        ["train", "data.csv", ...columns, ...quick, ...words, "--lang", language],
        folder,
      );
      expect([code, stderr]).toEqual([2, expect.stringContaining(text)]);
    }
  });

  test("bounds of a column that is no target", async () => {
    const folder = emptyFolder();
    write(folder, "data.csv", tank(60));
    const { code, stderr } = await eddy(["train", "data.csv", ...columns, ...quick, "--bounds", "pump=0.."], folder);
    expect([code, stderr]).toEqual([1, expect.stringContaining('--bounds: expected targets (level), received "pump"')]);
  });
});
