// `eddy train`, `predict`, `evaluate` and `export` as processes: what they print, what they write, how they fail.
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eddy, bin as eddyBin, emptyFolder, start } from "./command.ts";
import { writeTank } from "./tank.ts";

const columns = ["--input", "pump [V],valve", "--target", "level [cm]", "--time", "time"];
const small = ["--hidden", "4", "--networks", "1", "--budget", "none"];
const quick = ["--epochs", "3", ...small];
const report = ["checks.png", "learned.png", "prediction.png", "report.html"];

describe("the list of columns", () => {
  test("shows ranges and gaps, and suggests a command", async () => {
    const cwd = emptyFolder();
    writeTank(cwd);
    const { code, stdout, stderr } = await eddy(["train", "tank.csv"], cwd);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^tank\.csv: 600 rows\n\ncolumn +course +type +range +missing\n/);
    expect(stdout).toMatch(/time +time +2024-03-01 … 2024-03-01 01:39:50 +none/);
    expect(stdout).toMatch(/level \[cm\] +[⠁-⣿]{20} +number +[\d.]+ … [\d.]+ +7 \(1 %\)/);
    expect(stdout).toMatch(/operator +text +2 distinct +none/);
    expect(stdout).toContain("one row every 10 s");
    expect(stdout).toMatch(
      / {2}eddy train tank\.csv --input 'pump \[V\],valve' --target 'level \[cm\]' --time time\n$/,
    );
    expect(readdirSync(cwd)).toEqual(["tank.csv"]);
  });

  test("is coloured only on request, not in a pipe or a CI log", async () => {
    const cwd = emptyFolder();
    writeTank(cwd);
    const shown = async (env: NodeJS.ProcessEnv) => (await eddy(["train", "tank.csv"], cwd, { env })).stdout;
    const [ci, forced, none] = await Promise.all([
      shown({ CI: "true" }),
      shown({ FORCE_COLOR: "1" }),
      shown({ FORCE_COLOR: "1", NO_COLOR: "1" }),
    ]);
    expect(forced.startsWith("\x1b[1mtank.csv: 600 rows")).toBe(true);
    expect([ci, none]).toEqual([stripVTControlCharacters(forced), ci]);
  });

  test("as JSON and in Chinese, with non-numeric values", async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "data.csv"), "a,b\n1,2\n2,oops\n3,4\n");
    const [json, zh] = await Promise.all([
      eddy(["train", "data.csv", "--json"], cwd),
      eddy(["train", "data.csv", "--lang", "zh"], cwd),
    ]);
    const told = JSON.parse(json.stdout);
    expect(told).toMatchObject({
      file: "data.csv",
      rows: 3,
      columns: [{ name: "a", kind: "number" }, { kind: "mixed" }],
    });
    expect(zh.stdout).toContain("* 列“b”有 1 个值不是数值，第一个是第 2 行的“oops”。");
    expect(zh.stdout).toContain("至少需要两个数值列");
  });
});

describe("training, and the commands after it", () => {
  let cwd: string;
  let trained: Awaited<ReturnType<typeof eddy>>;
  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), "eddy-cli-"));
    writeTank(cwd);
    trained = await eddy(["train", "tank.csv", ...columns, "--test", "20%", ...quick], cwd);
  }, 60_000);

  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

  test("prints the verdict, scores with units, paths and the next command", () => {
    const { code, stdout, stderr } = trained;
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\n(The model|A linear filter|The mean) .* On test \(\d+ rows\)[\s\S]* cm/);
    expect(stdout).toMatch(
      /test: 1\d\d rows, \d excluded +RMSE +MAE +R² +FIT % +skill\n {2}model .*\n {2}linear filter \(\d+ taps\)/,
    );
    expect(stdout).toMatch(/validation: 1\d\d rows/);
    expect(stdout).toContain(`report   ${join("model-report", "report.html")}`);
    expect(stdout).toMatch(
      /Commands:\n {2}eddy predict model\.safetensors tank\.csv --time time --out predictions\.csv\n$/,
    );
    expect(stderr).toMatch(
      /^tank\.csv: 600 rows\nepoch 1\/3 {2}validation [\d.]+ cm \(best [\d.]+ cm\).* loss [\d.]+ {2}[\d.]+ steps\/s\n/,
    );
    expect(stdout + stderr).not.toContain("\x1b");
    expect(
      readdirSync(cwd)
        .filter((name) => name.startsWith("model"))
        .sort(),
    ).toEqual(["model-report", "model.resume.safetensors", "model.safetensors"]);
    expect(readdirSync(join(cwd, "model-report")).sort()).toEqual(report);
  });

  test("the command in the report reproduces the model bit for bit", async () => {
    const page = readFileSync(join(cwd, "model-report/report.html"), "utf8");
    const command = /<pre>(<code>eddy train.*?)<\/pre>/s.exec(page)![1]!.replace(/<.*?>/g, "");
    expect(command).toBe(
      "eddy train tank.csv --input 'pump [V],valve' --target 'level [cm]' --time time --test 20% --hidden 4 --seed 1 --epochs 3 --budget none --networks 1 --variants 1",
    );
    const again = emptyFolder();
    writeTank(again);
    const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!).slice(1);
    await eddy([...words, "--no-report"], again);
    const weights = (folder: string) => eddy(["predict", join(folder, "model.safetensors"), "tank.csv"], cwd);
    const [first, second] = await Promise.all([weights(cwd), weights(again)]);
    expect(first.stdout.length).toBeGreaterThan(5000);
    expect(second.stdout).toBe(first.stdout);
  });

  test("predictions go to stdout or to a CSV, Parquet or JSON file, one per row", async () => {
    const words = ["predict", "model.safetensors", "tank.csv", "--time", "time", "--group", "operator"];
    const { code, stdout, stderr } = await eddy(words, cwd);
    expect([code, stderr]).toEqual([0, expect.stringContaining("tank.csv: 600 rows")]);
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toHaveLength(601);
    expect(lines.slice(0, 2)).toEqual([
      "time,operator,level [cm] predicted,level [cm] lower,level [cm] upper",
      expect.stringMatching(/^2024-03-01T00:00:00Z,ann,-?\d/),
    ]);
    for (const format of ["csv", "parquet", "json"]) {
      const written = await eddy([...words, "--out", `p.${format}`], cwd);
      expect([written.code, written.stdout]).toEqual([0, `predictions  p.${format}\n`]);
      const shown = await eddy(["train", `p.${format}`, "--json"], cwd);
      expect(JSON.parse(shown.stdout)).toMatchObject({
        rows: 600,
        columns: [{ kind: "time" }, { kind: "text" }, ...Array(3).fill({ kind: "number" })],
      });
    }
    expect(readFileSync(join(cwd, "p.csv"), "utf8")).toBe(stdout);
  });

  test("an evaluation scores another file and writes its report", async () => {
    const { code, stdout } = await eddy(
      ["evaluate", "model.safetensors", "tank.csv", "--time", "time", "--out", "ev", "--json"],
      cwd,
    );
    expect(code).toBe(0);
    const { winner, verdict, scores, importance, report: page } = JSON.parse(stdout);
    expect(["model", "linear", "mean"]).toContain(winner);
    expect(verdict.text).toContain("this file (593 rows)");
    expect(scores).toMatchObject({ rows: 600, model: { rows: 593, skipped: 7 }, baselines: { linear: {}, mean: {} } });
    expect(importance).toMatchObject({ part: "data", perTarget: { "level [cm]": { inputs: [{}, {}] } } });
    expect(page).toBe(join("ev", "report.html"));
    expect(readdirSync(join(cwd, "ev")).sort()).toEqual(report);
  });

  test("export writes ONNX, or only the weights", async () => {
    // y = u², which no filter can learn, so that the model has a network.
    const squares = Array.from({ length: 200 }, (_, i) => Math.sin(i * i)).map((u) => `${u},${u * u}`);
    writeFileSync(join(cwd, "squares.csv"), ["u,y", ...squares].join("\n"));
    const words = ["train", "squares.csv", "--input", "u", "--target", "y", "--epochs", "60", ...small, "--no-report"];
    expect((await eddy([...words, "--out", "network.safetensors"], cwd)).code).toBe(0);
    const { code, stdout } = await eddy(
      ["export", "network.safetensors", "--onnx", "m.onnx", "--state-dict", "w.safetensors"],
      cwd,
    );
    expect([code, stdout]).toEqual([0, "ONNX  m.onnx\nweights  w.safetensors\n"]);
    expect(readFileSync(join(cwd, "m.onnx")).length).toBeGreaterThan(500);
    expect(readFileSync(join(cwd, "w.safetensors"), "latin1")).toContain("rnn.weight_ih_l0");
  });

  test.each([
    ["cut short", (path: string) => truncateSync(path, 500), "received a damaged file or another kind of file"],
    ["empty", (path: string) => truncateSync(path, 0), "received an empty file; train it again."],
    [
      "no model",
      (path: string) => writeFileSync(path, "a,b\n1,2\n"),
      "received a damaged file or another kind of file",
    ],
  ])("a model that is %s is reported", async (name, damage, message) => {
    const path = join(cwd, `${name}.safetensors`);
    writeFileSync(path, readFileSync(join(cwd, "model.safetensors")));
    damage(path);
    for (const command of ["predict", "evaluate"]) {
      const { code, stdout, stderr } = await eddy([command, path, "tank.csv"], cwd);
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr).toMatch(/^eddy: .+\n$/);
      expect(stderr).toContain(message);
    }
  });

  test("a file without the model's inputs", async () => {
    writeFileSync(join(cwd, "other.csv"), "pump,valve\n1,2\n");
    const { code, stderr } = await eddy(["predict", "model.safetensors", "other.csv"], cwd);
    expect(code).toBe(1);
    expect(stderr).toContain(
      'inputs of model.safetensors: expected a column of other.csv, received "pump [V]"; did you mean "pump"?',
    );
  });
});

describe("an interrupted training run", () => {
  const long = ["--epochs", "100000", ...small, "--no-report"];
  const untilEpochs = async (words: string[], cwd: string) => {
    const { child, ended } = start(["train", "tank.csv", ...columns, ...long, ...words], cwd);
    let sent = false; // a second one would end it at once
    child.stderr!.on("data", (text: string) => {
      if (sent || !/^epoch/m.test(text)) return;
      sent = true;
      child.kill("SIGINT");
    });
    return ended;
  };

  test("keeps the best model so far, exits with 130, and --resume continues", async () => {
    const cwd = emptyFolder();
    writeTank(cwd);
    const { code, stdout, stderr } = await untilEpochs([], cwd);
    expect(code).toBe(130);
    expect(stderr).toMatch(
      /eddy: interrupted: the best model so far \(epoch \d+\) was saved; --resume continues from here\.\n$/,
    );
    expect(stdout).toMatch(/--epochs 100000 --budget none --networks 1 --no-report --resume\n$/);
    expect((await eddy(["predict", "model.safetensors", "tank.csv"], cwd)).code).toBe(0);

    const again = await untilEpochs(["--resume"], cwd);
    expect(again.code).toBe(130);
    expect(again.stderr).not.toMatch(/^epoch 1\//m);

    const other = await eddy(["train", "tank.csv", ...columns, ...long, "--resume", "--cell", "rnn"], cwd);
    expect(other.code).toBe(1);
    expect(other.stderr).toContain("--resume: model.resume.safetensors does not match");
    expect(readdirSync(cwd).sort()).toEqual(["model.resume.safetensors", "model.safetensors", "tank.csv"]);
  });

  test("leaves complete files or none at any time, with the right exit code", async () => {
    await Promise.all(
      [300, 900, 1500, 2100, 2700].map(async (afterMs) => {
        const cwd = emptyFolder();
        writeTank(cwd, 20_000);
        const { child, ended } = start(["train", "tank.csv", ...columns, ...long], cwd);
        await setTimeout(afterMs);
        child.kill("SIGINT");
        const { code } = await ended;
        expect([null, 130]).toContain(code); // null: Node itself had not started yet, so that the signal ended it
        const files = readdirSync(cwd).sort();
        expect([["tank.csv"], ["model.resume.safetensors", "model.safetensors", "tank.csv"]]).toContainEqual(files);
        if (files.length > 1) expect((await eddy(["predict", "model.safetensors", "tank.csv"], cwd)).code).toBe(0);
      }),
    );
  });
});

describe("errors", () => {
  test.each([
    [["--input", "pump [V]"], 2, "expected --target together with --input"],
    [["--input", "pmp", "--target", "valve"], 2, '--input: expected a column of tank.csv, received "pmp"'],
    [["--input", "valve", "--target", "valve"], 2, 'expected targets that are not inputs, received "valve" as both'],
    [[...columns, "--val", "120%"], 2, '--val: expected a share such as 25% or 0.25, received "120%"'],
    [[...columns, "--budget", "soon"], 2, "--budget: expected a duration such as 60s, 5m or 1h, or none"],
    [[...columns, "--test", "none.csv"], 2, "--test: expected a share such as 20% or a file"],
    [[...columns, "--test", "./tank.csv"], 2, "--test: expected rows that are not used for training"],
    [[...columns, "--cell", "cnn"], 2, "--cell: expected one of rnn, gru, lstm"],
    [["--input", "valve", "--target", "operator"], 1, 'row 1, column operator: expected a number, received "ann"'],
    [
      [...columns, "--resume"],
      1,
      "--resume: expected the checkpoint model.resume.safetensors of an earlier run, found none",
    ],
    [[...columns, "--out", "tank.csv/m.safetensors"], 1, 'received "tank.csv/m.safetensors" (ENOTDIR)'],
    [[...columns, "--out", "/proc/eddy/m.safetensors"], 1, 'received "/proc/eddy/m.safetensors" (EACCES)'],
    [["--sql", "select nope from tank", ...columns], 1, 'Referenced column "nope" not found'],
  ])("%j", async (words, expected, message) => {
    const cwd = emptyFolder();
    writeTank(cwd, 100);
    const { code, stdout, stderr } = await eddy(["train", "tank.csv", ...words], cwd);
    expect([code, stdout]).toEqual([expected, ""]);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n +at /);
    expect(readdirSync(cwd)).toEqual(["tank.csv"]);
  });

  test.each([
    ["no target", "time,u,y\n0,1,\n1,2,\n2,3,\n", "received 0 of 3 rows; provide more rows, or choose columns"],
    ["one row", "time,u,y\n0,1,2\n", "received 1 of 1 row; provide more rows, or choose columns"],
  ])("a test file with %s is named in the error", async (_, text, message) => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "test.csv"), text);
    writeFileSync(
      join(cwd, "data.csv"),
      `time,u,y\n${Array.from({ length: 99 }, (_, i) => `${i},${i % 7},${i % 5}\n`).join("")}`,
    );
    const words = ["--input", "u", "--target", "y", "--time", "time", "--test", "test.csv"];
    const { code, stderr } = await eddy(["train", "data.csv", ...words], cwd);
    expect(code).toBe(1);
    expect(stderr).toContain(
      `eddy: expected at least 2 rows with all inputs and a target in the test part, ${message}`,
    );
    expect(readdirSync(cwd).sort()).toEqual(["data.csv", "test.csv"]);
  });

  test.each([
    ["one row", "u,y\n1,2\n", "expected at least 10 training rows with all inputs and a target, received 1 of 1 row"],
    [
      "a constant target",
      `u,y\n${Array.from({ length: 99 }, (_, i) => `${i % 7},3\n`).join("")}`,
      "expected a target that varies",
    ],
    [
      "no target",
      `u,y\n${Array.from({ length: 99 }, (_, i) => `${i % 7},NA\n`).join("")}`,
      "expected at least 10 training rows",
    ],
  ])("%s", async (_, text, message) => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "data.csv"), text);
    const { code, stderr } = await eddy(["train", "data.csv", "--input", "u", "--target", "y"], cwd);
    expect(code).toBe(1);
    expect(stderr).toContain(`eddy: ${message}`);
    expect(readdirSync(cwd)).toEqual(["data.csv"]);
  });

  test("the model is saved elsewhere if its folder was deleted during training", async () => {
    const cwd = emptyFolder();
    writeTank(cwd);
    mkdirSync(join(cwd, "tmp"));
    const words = ["train", "tank.csv", ...columns, ...small, "--epochs", "400", "--out", "runs/m.safetensors"];
    const { child, ended } = start(words, cwd, { TMPDIR: join(cwd, "tmp") });
    child.stderr!.on("data", (text: string) => {
      if (text.includes("epoch")) rmSync(join(cwd, "runs"), { recursive: true, force: true });
    });
    const { code, stdout, stderr } = await ended;
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain('received "runs/m.safetensors" (ENOENT)');
    const [, path] = /The trained model was saved to (\S+\.safetensors) instead;/.exec(stderr)!;
    expect(path!.startsWith(join(cwd, "tmp"))).toBe(true);
    expect((await eddy(["predict", path!, "tank.csv"], cwd)).code).toBe(0);
  });

  test.skipIf(process.platform === "win32")("a full disk leaves no incomplete file", async () => {
    const cwd = emptyFolder();
    writeTank(cwd, 100);
    const words = [eddyBin, "train", "tank.csv", ...columns, ...small, "--epochs", "2", "--hidden", "64"];
    // A file may take 2 blocks of 512 bytes: the write of the model stops in its middle, as on a full disk.
    const run = spawnSync("sh", ["-c", 'ulimit -f 2; exec "$0" "$@"', process.execPath, ...words], {
      cwd,
      encoding: "utf8",
      env: { ...process.env, TMPDIR: cwd },
    });
    expect([run.status, run.stdout]).toEqual([1, ""]);
    expect(run.stderr).toContain("(EFBIG)");
    expect(run.stderr).not.toMatch(/\n +at /);
    expect(readdirSync(cwd)).toEqual(["tank.csv"]);
  });

  test("times out of order are rejected, or repaired on request", async () => {
    const cwd = emptyFolder();
    const rows = Array.from(
      { length: 200 },
      (_, i) => `${i === 49 ? 50 : i === 50 ? 49 : i},${Math.sin(i)},${Math.cos(i)}\n`,
    );
    writeFileSync(join(cwd, "data.csv"), `t,u,y\n${rows.join("")}`);
    const words = ["train", "data.csv", "--input", "u", "--target", "y", "--time", "t", ...quick, "--no-report"];
    const refused = await eddy(words, cwd);
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringContaining("received 1 row out of order and 0 duplicate timestamps, first in row 51"),
    ]);
    const repaired = await eddy([...words, "--repair-time", "last"], cwd);
    expect([repaired.code, repaired.stderr]).toEqual([0, expect.stringContaining("rows were reordered by time")]);
  });

  test("a model at the path of a folder, and temporary files", async () => {
    const cwd = emptyFolder();
    writeTank(cwd, 200);
    mkdirSync(join(cwd, "m.safetensors"));
    const { code, stderr } = await eddy(["train", "tank.csv", ...columns, ...quick, "--out", "m.safetensors"], cwd);
    expect([code, stderr]).toEqual([1, expect.stringContaining('received "m.safetensors" (EISDIR)')]);
    // A file in the way of the report is refused before the training; one that comes later leaves the model.
    writeFileSync(join(cwd, "x-report"), "");
    const words = ["train", "tank.csv", ...columns, ...quick, "--out", "x.safetensors"];
    const early = await eddy(words, cwd);
    expect([early.code, early.stderr]).toEqual([
      1,
      'eddy: --out: expected a writable path, received "x-report" (ENOTDIR): part of its path is a file; choose another.\n',
    ]);
    expect(existsSync(join(cwd, "x.safetensors"))).toBe(false);
    rmSync(join(cwd, "x-report"));
    const late = await eddy(words, cwd, {
      onTold: (told) => {
        if (told.includes("writing the report")) writeFileSync(join(cwd, "x-report"), "");
        return undefined;
      },
    });
    expect([late.code, late.stderr]).toEqual([
      1,
      expect.stringContaining("(the model itself was saved to x.safetensors)"),
    ]);
    expect(existsSync(join(cwd, "x.safetensors"))).toBe(true);
    expect(readdirSync(cwd).filter((name) => name.includes(".part"))).toEqual([]);
  });
});

test("a separate test file, groups, several targets, and Chinese", async () => {
  const cwd = emptyFolder();
  writeTank(cwd);
  copyFileSync(join(cwd, "tank.csv"), join(cwd, "other.csv"));
  const words = ["--input", "pump [V]", "--target", "valve", "--target", "level [cm]", "--group", "operator"];
  const { code, stdout } = await eddy(
    ["train", "tank.csv", ...words, "--test", "other.csv", ...quick, "--lang", "zh"],
    cwd,
  );
  expect(code).toBe(0);
  expect(stdout).toMatch(/测试集：600 行，valve/);
  expect(stdout).toMatch(/验证集：\d+ 行.*，level \[cm\]/);
  const page = readFileSync(join(cwd, "model-report/report.html"), "utf8");
  expect(page).toContain('<html lang="zh-CN">');
  expect(page).toContain('<select id="target"');
  expect(page).toContain('<select id="series"');
  expect(page).not.toMatch(/%[a-z]+%|(src|href)="(?!data:)/i);
});
