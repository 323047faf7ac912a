// A model stores how its training file was read: predict and evaluate read other files in the same way, or give an error.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eddy } from "./command.ts";

const quick = ["--epochs", "2", "--hidden", "4", "--networks", "1", "--budget", "none", "--no-report"];
let cwd: string;

/** Two runs of a first-order lag, the rows of both mixed; days first, and the second run begins anew. */
function record(rows: number, stepMinutes: number, from = Date.UTC(2024, 2, 25)): string {
  const levels = new Map([
    ["a", 0],
    ["NA", 5],
  ]);
  const lines = Array.from({ length: rows }, (_, i) => {
    const run = i % 2 === 0 ? "a" : "NA";
    const u = Math.sin(i / 7) + Math.cos(i / 3) * (run === "a" ? 1 : -1);
    levels.set(run, 0.8 * levels.get(run)! + 0.2 * u);
    const time = new Date(from + Math.floor(i / 2) * stepMinutes * 60_000).toISOString();
    const [date, clock] = [time.slice(0, 10).split("-").reverse().join("/"), time.slice(11, 16)];
    return `${date} ${clock},${run},${u.toFixed(4)},${levels.get(run)!.toFixed(4)}`;
  });
  return `when,run,u,y\n${lines.join("\n")}\n`;
}

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), "eddy-as-trained-"));
  const write = (name: string, text: string) => writeFileSync(join(cwd, name), text);
  write("train.csv", record(600, 10));
  write("new.csv", record(80, 10, Date.UTC(2024, 3, 20)));
  write("hourly.csv", record(80, 60, Date.UTC(2024, 3, 20)));
  write("bare.csv", record(80, 10).replaceAll(/^[^,]*,[^,]*,/gm, ""));
  const base = ["--target", "y", ...quick];
  const read = ["--input", "u", "--time", "when", "--group", "run"];
  const query = "select u * 2 as double_u, y, \"when\" from train where run = 'a'";
  for (const words of [
    ["train.csv", ...read, ...base, "--out", "m.safetensors"],
    ["train.csv", "--input", "double_u", "--time", "when", "--sql", query, ...base, "--out", "q.safetensors"],
    ["train.csv", "--input", "u", ...base, "--out", "plain.safetensors"],
  ]) {
    const { code, stderr } = await eddy(["train", ...words], cwd);
    expect(code, stderr).toBe(0);
  }
}, 60_000);

afterAll(() => rmSync(cwd, { recursive: true, force: true }));

describe("predict and evaluate", () => {
  test("apply the times and groups of the training data, and print them", async () => {
    const [alone, given] = [
      await eddy(["predict", "m.safetensors", "new.csv"], cwd),
      await eddy(["predict", "m.safetensors", "new.csv", "--time", "when", "--group", "run"], cwd),
    ];
    expect(alone.stderr).toMatch(/^as in training: --time when --group run\nnew\.csv: 80 rows\n/);
    expect(given.stderr).not.toContain("as in training");
    expect(alone.stdout).toBe(given.stdout);
    expect(alone.stdout.split("\n").slice(0, 2)).toEqual([
      "when,run,y predicted,y lower,y upper",
      expect.stringMatching(/^2024-04-20T00:00:00Z,a(,-?[\d.]+){3}$/),
    ]);
    const json = async (...more: string[]) =>
      JSON.parse((await eddy(["evaluate", "m.safetensors", "new.csv", "--json", "--out", "ev", ...more], cwd)).stdout);
    const remembered = await json();
    expect(remembered.scores.model).toEqual((await json("--time", "when", "--group", "run")).scores.model);
    expect(remembered.scores.model.rmse).not.toBe((await json("--no-group", "--no-time")).scores.model.rmse);
  });

  test("ignore them with --no-time and --no-group", async () => {
    const { code, stdout, stderr } = await eddy(
      ["predict", "m.safetensors", "bare.csv", "--no-time", "--no-group"],
      cwd,
    );
    expect([code, stderr]).toEqual([0, "bare.csv: 80 rows\n"]);
    expect(stdout.split("\n")[0]).toBe("row,y predicted,y lower,y upper");
  });

  test.each([
    [
      ["bare.csv"],
      'm.safetensors was trained with times (use --no-time to ignore time): expected a column of bare.csv, received "when"',
    ],
    [
      ["bare.csv", "--no-time"],
      "m.safetensors was trained with groups (use --no-group to treat all rows as one series)",
    ],
    [["bare.csv", "--lang", "zh"], "训练时使用了时间戳列"],
    [["hourly.csv"], "expected a row every 600 s as in training, received one every 3600 s; resample"],
    [["hourly.csv", "--lang", "zh"], "训练数据的采样间隔是 600 秒，这里是 3600 秒"],
  ])("name what is missing in %j", async (words, message) => {
    for (const command of ["predict", "evaluate"]) {
      const { code, stdout, stderr } = await eddy([command, "m.safetensors", ...words], cwd);
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr).toContain(message);
    }
  });

  test("run the training query on a file with another name", async () => {
    const { code, stdout, stderr } = await eddy(["predict", "q.safetensors", "new.csv"], cwd);
    expect([code, stderr]).toEqual([0, expect.stringContaining("as in training: --time when --sql 'select u * 2")]);
    expect(stderr).not.toContain("is the view");
    expect(stdout.trim().split("\n")).toHaveLength(41); // of run a alone
    const two = await eddy(["predict", "q.safetensors", "new.csv", "train.csv"], cwd);
    expect([two.code, two.stderr]).toEqual([
      2,
      expect.stringContaining("expected the files of its query (train), received 2"),
    ]);
    const own = await eddy(
      ["predict", "q.safetensors", "new.csv", "--sql", "select u as double_u, \"when\" from new where run = 'NA'"],
      cwd,
    );
    expect([own.code, own.stdout.trim().split("\n").length]).toEqual([0, 41]);
    const none = await eddy(["predict", "q.safetensors", "new.csv", "--no-sql"], cwd);
    expect(none.stderr).toContain('expected a column of new.csv, received "double_u"');
  });

  test("a test file is read with the training query too", async () => {
    const words = ["--input", "double_u", "--target", "y", "--sql", "select u * 2 as double_u, y from train"];
    const { code, stderr } = await eddy(
      ["train", "train.csv", ...words, "--test", "new.csv", ...quick, "--out", "t.safetensors"],
      cwd,
    );
    expect(code, stderr).toBe(0);
  });

  test("a model trained without times and groups requires no options", async () => {
    const { code, stderr } = await eddy(["predict", "plain.safetensors", "hourly.csv"], cwd);
    expect([code, stderr]).toEqual([0, "hourly.csv: 80 rows\n"]);
  });

  test("the model file contains names and codes, no sentences", () => {
    const bytes = readFileSync(join(cwd, "m.safetensors"));
    const header = JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE())).toString());
    const record = JSON.parse(header.__metadata__.eddy);
    expect(record.origin).toEqual({ stepMs: 600_000, source: { time: "when", group: "run" } });
    expect(JSON.stringify(record)).not.toMatch(/[a-z]+ [a-z]+ [a-z]+ /);
  });
});
