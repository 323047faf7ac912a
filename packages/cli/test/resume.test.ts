// --resume: checkpoints that are missing, damaged, complete or unrelated; and interrupted commands.
import {
  cpSync,
  existsSync,
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
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { longTest } from "../../../ci/long-test.ts";
import { eddy, emptyFolder, start } from "./command.ts";
import { writeTank } from "./tank.ts";

const train = ["train", "tank.csv", "--input", "pump [V],valve", "--target", "level [cm]", "--no-report"];
const settings = ["--hidden", "4", "--networks", "1"];
const resume = "model.resume.safetensors";

let complete: string; // a training that came to its end
let stopped: string; // one that was interrupted
beforeAll(async () => {
  complete = mkdtempSync(join(tmpdir(), "eddy-cli-"));
  stopped = mkdtempSync(join(tmpdir(), "eddy-cli-"));
  for (const folder of [complete, stopped]) writeTank(folder, 300);
  expect((await eddy([...train, ...settings, "--epochs", "4", "--budget", "none"], complete)).code).toBe(0);
  const { code } = await interruptedAt(
    /^epoch/m,
    "SIGTERM",
    [...train, ...settings, "--epochs", "100000", "--budget", "none"],
    stopped,
  );
  expect(code).toBe(143);
});
afterAll(() => {
  for (const folder of [complete, stopped]) rmSync(folder, { recursive: true, force: true });
});

let cwd: string;
beforeEach(() => {
  cwd = emptyFolder();
});
const from = (folder: string) => cpSync(folder, cwd, { recursive: true });

/** A run that receives a signal when it has told something. */
function interruptedAt(told: RegExp, signal: NodeJS.Signals, words: string[], folder: string) {
  let sent = false;
  return eddy(words, folder, {
    onTold: (text) => {
      if (sent || !told.test(text)) return undefined;
      sent = true;
      return signal;
    },
  });
}

describe("a checkpoint", () => {
  test.each([
    ["cut short in its header", (path: string) => truncateSync(path, 100)],
    ["cut short in its weights", (path: string) => truncateSync(path, readFileSync(path).length - 9)],
    ["empty", (path: string) => truncateSync(path, 0)],
    ["another file", (path: string) => writeFileSync(path, "a,b\n1,2\n")],
    ["a model", (path: string) => cpSync(join(complete, "model.safetensors"), path)],
  ])("that is %s gives a one-line error, and no file changes", async (_, damage) => {
    from(complete);
    damage(join(cwd, resume));
    const before = readdirSync(cwd).map((name) => [name, readFileSync(join(cwd, name), "latin1")]);
    const { code, stdout, stderr } = await eddy([...train, ...settings, "--resume"], cwd);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(/^(tank\.csv: 300 rows\n)?eddy: --resume: .*model\.resume\.safetensors.*\n$/);
    expect(stderr).not.toContain("--debug");
    expect(readdirSync(cwd).map((name) => [name, readFileSync(join(cwd, name), "latin1")])).toEqual(before);
  });

  test("of a complete training run gives a note, and the model is unchanged", async () => {
    from(complete);
    const { code, stderr, stdout } = await eddy([...train, "--resume"], cwd);
    expect([code, stdout]).toEqual([0, expect.stringContaining("model  model.safetensors")]);
    expect(stderr).toContain(
      `--resume: the training run of ${resume} is already complete, so its result is written again`,
    );
    const weights = (folder: string) => eddy(["predict", "model.safetensors", "tank.csv"], folder);
    expect(await weights(cwd)).toEqual(await weights(complete));
    const zh = await eddy([...train, "--resume", "--lang", "zh"], cwd);
    expect(zh.stderr).toContain("训练已经完成");
  });

  test("keeps its plan; options that would change it are ignored with a note, or rejected", async () => {
    from(complete);
    const told = await eddy([...train, "--resume", "--epochs", "50", "--networks", "3"], cwd);
    expect(told.code).toBe(0);
    expect(told.stderr).toContain("--resume: --epochs 50 is ignored; the resumed run keeps its planned value, 4.");
    expect(told.stderr).toContain("--resume: --networks 3 is ignored; the resumed run keeps its planned value, 1.");
    const same = await eddy([...train, "--resume", "--epochs", "4", "--networks", "1"], cwd);
    expect(same.stderr).not.toContain("is ignored");
    for (const words of [
      ["--hidden", "8"],
      ["--cell", "rnn"],
      ["--lr", "0.1"],
      ["--seed", "2"],
      ["--val", "10%"],
      ["--washout", "9"],
      ["--refit"],
      ["--test", "20%"],
    ]) {
      const { code, stderr } = await eddy([...train, "--resume", ...words], cwd);
      expect([words, code, stderr]).toEqual([
        words,
        1,
        expect.stringContaining(`--resume: ${resume} does not match: `),
      ]);
    }
  });

  test("of an interrupted training run supplies the omitted options", async () => {
    from(stopped);
    const epochs = (stderr: string) => [...stderr.matchAll(/^epoch (\d+)\/100000/gm)].map(([, epoch]) => Number(epoch));
    const again = await interruptedAt(/^epoch/m, "SIGHUP", [...train, "--resume", "--budget", "none"], cwd);
    expect(again.code).toBe(129);
    expect(epochs(again.stderr)[0]).toBeGreaterThan(1);
    expect(readdirSync(cwd).sort()).toEqual([resume, "model.safetensors", "tank.csv"]);
  });
});

longTest(
  "several networks that were interrupted continue to the same bits, with any number of jobs",
  async () => {
    writeTank(cwd, 1000);
    // Long enough for threads: `eddy` runs from the sources, which start none.
    const words = [
      ...train,
      "--epochs",
      "120",
      "--networks",
      "6",
      "--variants",
      "1",
      "--hidden",
      "24",
      "--budget",
      "none",
    ];
    const built = (...more: string[]) => start([...words, ...more], cwd);
    expect((await built("--jobs", "1", "--out", "whole.safetensors").ended).code).toBe(0);
    const { child, ended } = built("--jobs", "3");
    while (child.exitCode === null && !existsSync(join(cwd, resume))) await setTimeout(10);
    child.kill("SIGINT");
    expect((await ended).code).toBe(130);
    const again = await built("--jobs", "2", "--resume").ended;
    expect([again.code, again.stderr]).toEqual([0, expect.stringContaining("6 of 6 networks")]);
    const predictions = async (model: string) => (await eddy(["predict", model, "tank.csv"], cwd)).stdout;
    expect(await predictions("model.safetensors")).toBe(await predictions("whole.safetensors"));
  },
  300_000,
);

test("a kill leaves a checkpoint to resume from, soon after the first validation", async () => {
  writeTank(cwd, 1000);
  const words = [...train, ...["--epochs", "2000", "--networks", "2", "--variants", "1", "--budget", "none"]];
  const { child, ended } = start(words, cwd);
  while (child.exitCode === null && !existsSync(join(cwd, resume))) await setTimeout(10);
  child.kill("SIGKILL");
  await ended;
  const again = await interruptedAt(/^\d of 2 networks/m, "SIGINT", [...words, "--resume"], cwd);
  expect(again.code).toBe(130);
  expect(readdirSync(cwd).sort()).toEqual([resume, "model.safetensors", "tank.csv"]);
});

describe("interrupted", () => {
  const predict = ["predict", "model.safetensors", "tank.csv"];
  const evaluate = ["evaluate", "model.safetensors", "tank.csv"];
  test.each([
    ["SIGINT", 130, predict, /300 rows/],
    ["SIGINT", 130, [...predict, "--out", "new/p.csv"], /300 rows/],
    ["SIGTERM", 143, [...predict, "--out", "p.json"], /300 rows/],
    ["SIGHUP", 129, [...predict, "--out", "p.parquet"], /300 rows/],
    ["SIGTERM", 143, evaluate, /300 rows/],
    ["SIGHUP", 129, evaluate, /writing the report/],
  ] as [NodeJS.Signals, number, string[], RegExp][])("%s ends with %i: %j", async (signal, expected, words, told) => {
    from(complete);
    const before = readdirSync(cwd).sort();
    const { code, stdout, stderr } = await interruptedAt(told, signal, words, cwd);
    expect([code, stdout]).toEqual([expected, ""]);
    expect(stderr).toMatch(/eddy: interrupted[^\n]*nothing was written\.\n$/);
    expect(
      readdirSync(cwd)
        .filter((name) => name !== "new")
        .sort(),
    ).toEqual(before);
  });

  test("training keeps the model so far, or nothing, and no lock", async () => {
    from(complete);
    const { code } = await interruptedAt(
      /300 rows/,
      "SIGHUP",
      [...train, ...settings, "--out", "new/t.safetensors"],
      cwd,
    );
    expect(code).toBe(129);
    expect([[], ["t.resume.safetensors", "t.safetensors"]]).toContainEqual(readdirSync(join(cwd, "new")).sort());
  });
});
