// All printed output: every command, both languages, narrow and wide terminals, including errors.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inCi } from "../../../ci/in-ci.ts";
import { widthOf } from "../src/terminal/width.ts";
import { languages } from "../src/texts/languages.ts";
import { eddy } from "./command.ts";
import { writeTank } from "./tank.ts";

const columns = ["--input", "pump [V],valve", "--target", "level [cm]", "--time", "time"];
const quick = ["--budget", "none", "--epochs", "1", "--hidden", "1", "--networks", "1", "--no-report"];

/** Commands, with the exit code that each ends with. */
const commands: [words: string[], code: number][] = [
  [["--help"], 0],
  [["train", "--help"], 0],
  [["look", "--help"], 0],
  [["look", "tank.csv"], 0],
  [["studio", "--help"], 0],
  [["train", "tank.csv"], 0],
  [["train", "one-gap.csv"], 0],
  [["train", "two-rows.csv"], 0],
  [["train", "wide.csv"], 0],
  [["train", "tank.csv", ...columns, ...quick, "--test", "20%"], 0],
  [["train", "one-gap.csv", "--input", "u", "--target", "y", "--time", "time", ...quick], 0],
  [["train", "wide.csv", "--input", "u", "--target", `${"long ".repeat(20)}y,水位 高度 [cm]`, ...quick], 0],
  [["predict", "m.safetensors", "tank.csv", "--time", "time", "--out", "p.csv"], 0],
  [["evaluate", "m.safetensors", "m.safetensors", "tank.csv"], 0],
  [["export", "m.safetensors", "--onnx", "m.onnx"], 0],
  [["predict", "tank.csv", "m.safetensors"], 2],
  [["predict", "m.safetensors", "two-rows.csv"], 1],
  [["evaluate", "tank.csv"], 1],
  [["train", "tank.csv", "--time-step", "5"], 2],
  [["train", "tank.csv", ...columns, "--hidden", "100000"], 1],
  [["train", "nothing.csv"], 1],
  [["export", "m.safetensors"], 2],
];

describe.each(languages)("in %s", (language) => {
  let cwd: string;
  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), "eddy-texts-"));
    writeTank(cwd, 300);
    const time = (i: number) => new Date(Date.UTC(2024, 0, 1) + 60_000 * (i + (i > 30 ? 1 : 0))).toISOString();
    const wave = (i: number) => Math.sin(i * i).toFixed(3);
    const lines = Array.from({ length: 80 }, (_, i) => `${time(i)},${wave(i)},${wave(i + 1)}`);
    writeFileSync(join(cwd, "one-gap.csv"), `time,u,y\n${lines.join("\n")}\n`);
    writeFileSync(join(cwd, "two-rows.csv"), "a,b\n1,2\n2,3\n");
    const many = Array.from({ length: 60 }, (_, i) => `${wave(i)},${wave(i + 2)},${wave(i + 3)}`);
    writeFileSync(join(cwd, "wide.csv"), `u,${"long ".repeat(20)}y,水位 高度 [cm]\n${many.join("\n")}\n`);
    const { code } = await eddy(["train", "tank.csv", ...columns, ...quick, "--out", "m.safetensors"], cwd);
    expect(code).toBe(0);
  });
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

  test.each(commands)("%j", async (words, code) => {
    for (const width of inCi ? [40, 100, 200] : [40]) {
      const terminal = { columns: width, rows: 40 };
      const env = { NO_COLOR: "1", TERM: "dumb" };
      const ended = await eddy([...words, "--lang", language], cwd, { terminal, env });
      expect(ended.code, ended.stderr).toBe(code);
      const all = ended.stdout + ended.stderr;
      expect(all).not.toMatch(/NaN|undefined|Infinity|\[object|null/);
      expect(all).not.toMatch(/(?<![\d.,])1 (rows|gaps|epochs|taps|units|lines|inputs|times|values)\b/);
      expect(all).not.toMatch(/[ \t]\n/);
      expect(all).not.toMatch(/(?<![\d.e])-0(?![.\d])/);
      expect(all).not.toMatch(/\d{17}/);
      // Errors are one line each, and commands are for pasting.
      const lines = ended.stdout.split("\n").filter((line) => !/^ {2}eddy /.test(line) && !words.includes("--help"));
      for (const line of lines) expect(widthOf(line), line).toBeLessThanOrEqual(width);
      if (language === "zh" && !words.includes("--help")) {
        const prose = all.replaceAll(/long |"[^"]*"|`[^`]*`|eddy .*/g, "");
        expect(prose.match(/([a-z]{2,},? ){4,}/)?.[0]).toBeUndefined();
      }
    }
  });
});

test("advice names the options of the command that failed", async () => {
  const cwd = mkdtempSync(join(tmpdir(), "eddy-texts-"));
  try {
    writeTank(cwd, 300);
    const train = await eddy(["train", "tank.csv", ...columns, "--hidden", "100000"], cwd);
    expect(train).toMatchObject({ code: 1, stderr: expect.stringContaining("choose a smaller --hidden or --layers") });
    expect(train.stderr).not.toMatch(/--time-step|typed array/);
    const demo = await eddy(["demo", "--hidden", "100000", "--steps", "1"], cwd);
    expect(demo).toMatchObject({ code: 1, stderr: expect.stringContaining("smaller --hidden or --time-step") });
    const swapped = await eddy(["predict", "tank.csv", "model.safetensors"], cwd);
    expect(swapped.stderr).toBe(
      "eddy: tank.csv: expected a model written by eddy train, received a data file; put the model first, as in eddy predict model.safetensors data.csv.\n",
    );
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
});
