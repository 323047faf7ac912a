// `eddy demo` as a process: what it prints, what it writes, how it fails.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { eddy, emptyFolder, start } from "./command.ts";

const json = async (...words: string[]) => JSON.parse((await eddy(["demo", "--json", ...words])).stdout);

describe("a run without a terminal", () => {
  test("prints the model and the result, reports progress on stderr, and writes both files", async () => {
    const cwd = emptyFolder();
    const { code, stdout, stderr } = await eddy(["demo"], cwd);
    expect(code).toBe(0);
    expect(stdout.split("\n")).toEqual([
      "RNN(",
      "  (rnn): RNN(1, 32, batch_first=True)",
      "  (out): Linear(in_features=32, out_features=1, bias=True)",
      ")",
      expect.stringMatching(/^final loss 0\.00\d+ after 100 steps$/),
      join("out", "sin2cos.png"),
      join("out", "sin2cos.html"),
      "",
    ]);
    expect(stderr.trim().split("\n")).toHaveLength(11); // step 1, then every tenth
    expect(stderr).toMatch(/^step 1\/100 {2}loss 0\.578\d+\n/);
    expect(stderr + stdout).not.toContain("\x1b");
    expect(readdirSync(join(cwd, "out")).sort()).toEqual(["sin2cos.html", "sin2cos.png"]);

    const png = readFileSync(join(cwd, "out", "sin2cos.png"));
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([2400, 1520]);
    const page = readFileSync(join(cwd, "out", "sin2cos.html"), "utf8");
    expect(page).toContain('<html lang="en">');
    expect(page).not.toMatch(/%[a-z]+%|(src|href)="(?!data:)/i);
  });

  test("creates the folders of --out, and prints Chinese", async () => {
    const cwd = emptyFolder();
    const { code, stdout, stderr } = await eddy(["demo", "--lang", "zh", "--steps", "3", "--out", "a/b"], cwd);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^第 1\/3 步 {2}损失 /);
    expect(stdout).toContain("训练 3 步后的损失：");
    const page = readFileSync(join(cwd, "a/b/sin2cos.html"), "utf8");
    expect(page).toContain('<html lang="zh-CN">');
    expect(page).toContain("播放");
  });

  test("exits with 130 when interrupted, and writes nothing", async () => {
    const cwd = emptyFolder();
    const { child, ended } = start(["demo", "--steps", "1000000"], cwd);
    child.stderr!.once("data", () => child.kill("SIGINT"));
    const { code, stderr } = await ended;
    expect(code).toBe(130);
    expect(stderr).toMatch(/eddy: interrupted at step \d+ of 1000000; no figure was written\.\n$/);
    expect(readdirSync(join(cwd, "out"))).toEqual([]);
  });

  test("continues if stdout has been closed", async () => {
    const cwd = emptyFolder();
    const { child, ended } = start(["demo", "--steps", "20"], cwd);
    child.stdout!.destroy();
    const { code, stderr } = await ended;
    expect([code, stderr]).toEqual([0, expect.not.stringContaining("EPIPE")]);
    expect(readdirSync(join(cwd, "out"))).toHaveLength(2);
  });
});

describe("--json", () => {
  test("prints one object with settings, initial weights and every loss, and nothing else", async () => {
    const cwd = emptyFolder();
    const { code, stdout, stderr } = await eddy(["demo", "--json", "--steps", "5", "--hidden", "4"], cwd);
    expect([code, stderr, readdirSync(cwd)]).toEqual([0, "", []]);
    const { initial, losses, finalLoss, ...settings } = JSON.parse(stdout);
    expect(settings).toEqual({
      ...{ seed: 1, steps: 5, timeStep: 10, lr: 0.02, hidden: 4, forward: "loop", dynamic: false, carry: true },
    });
    expect(Object.entries<number[]>(initial).map(([name, weights]) => [name, weights.length])).toEqual([
      ["rnn.weight_ih_l0", 4],
      ["rnn.weight_hh_l0", 16],
      ["rnn.bias_ih_l0", 4],
      ["rnn.bias_hh_l0", 4],
      ["out.weight", 4],
      ["out.bias", 1],
    ]);
    expect(losses).toHaveLength(5);
    expect(finalLoss).toBe(losses[4]);
    for (const loss of losses) expect(loss).toBe(Math.fround(loss));
  });

  test("the same seed gives the same run, another seed a different one", async () => {
    const [one, again, other] = await Promise.all([json(), json(), json("--seed", "2")]);
    expect(again).toEqual(one);
    expect(other.losses[0]).not.toBe(one.losses[0]);
  });

  test("only a carried state lets the network predict cos: without it, the loss stays near 0.1", async () => {
    const [carried, forgotten] = await Promise.all([json(), json("--no-carry")]);
    expect(forgotten.carry).toBe(false);
    const mean = (losses: number[]) => losses.slice(-10).reduce((sum, loss) => sum + loss / 10, 0);
    expect(mean(carried.losses)).toBeLessThan(0.01);
    expect(mean(forgotten.losses)).toBeGreaterThan(0.05);
  });

  test("the batched output layer learns like the loop", async () => {
    const [loop, batched] = await Promise.all([json("--steps", "10"), json("--steps", "10", "--forward", "batched")]);
    expect(batched.initial).toEqual(loop.initial);
    for (const [i, loss] of loop.losses.entries()) expect(batched.losses[i]).toBeCloseTo(loss, 4);
  });
});

describe("errors", () => {
  test.each([
    [["demo", "--steps", "0"], '--steps: expected an integer ≥ 1, received "0"; for example, --steps 1'],
    [["demo", "--steps", "1.5"], 'received "1.5"'],
    [["demo", "--steps", "-3"], 'received "-3"'],
    [["demo", "--hidden", "many"], '--hidden: expected an integer ≥ 1, received "many"'],
    [["demo", "--time-step", ""], '--time-step: expected an integer ≥ 1, received ""'],
    [["demo", "--seed", "-1"], "--seed: expected an integer ≥ 0"],
    [["demo", "--lr", "NaN"], '--lr: expected a number > 0, received "NaN"; for example, --lr 0.02'],
    [["demo", "--lr", "0"], 'received "0"'],
    [["demo", "--lr", "Infinity"], 'received "Infinity"'],
    [["demo", "--forward", "back"], '--forward: expected one of loop, batched, received "back"'],
    [["demo", "--lang", "fr"], '--lang: expected one of en, zh, received "fr"'],
    [["demo", "--lang", "zh", "--steps", "十"], "--steps：应为不小于 1 的整数，实际为“十”"],
    [["demo", "--steps"], "--steps: expected a value, received none"],
    [["demo", "--step", "3"], "expected a known option, received --step; did you mean --steps?"],
    [["demo", "more"], 'expected options only, received "more"'],
    [["dmeo"], 'expected a known command, received "dmeo"; did you mean demo?'],
  ])("%j is a usage error", async (words, message) => {
    const { code, stdout, stderr } = await eddy(words);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^eddy: .+\n.*--help.*\n$/); // one line and a pointer to --help; no stack trace
  });

  test("a folder that cannot be created", async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "file"), "");
    const { code, stdout, stderr } = await eddy(["demo", "--out", "file/out"], cwd);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toBe(
      'eddy: --out: expected a writable path, received "file/out" (ENOTDIR): part of its path is a file; choose another.\n',
    );
  });

  test("a file that cannot be replaced leaves no temporary files", async () => {
    const cwd = emptyFolder();
    mkdirSync(join(cwd, "out/sin2cos.png"), { recursive: true });
    const { code, stderr } = await eddy(["demo", "--steps", "2"], cwd);
    expect(code).toBe(1);
    expect(stderr).toContain('received "out/sin2cos.png" (EISDIR): it is a folder');
    expect(readdirSync(join(cwd, "out"))).toEqual(["sin2cos.png"]);
  });

  test("a loss that is not finite is reported, with and without figures", async () => {
    for (const more of [[], ["--json"]]) {
      const { code, stdout, stderr } = await eddy(["demo", "--lr", "1e30", ...more], emptyFolder());
      expect(code).toBe(1);
      expect(stderr).toMatch(
        /eddy: step \d+: expected a finite loss, received (NaN|Infinity) .*; choose a smaller --lr\.\n$/,
      );
      expect(stdout).not.toMatch(/NaN|Infinity|final/);
    }
  });

  test("sizes that do not fit in memory; the stack trace only with --debug", async () => {
    const plain = await eddy(["demo", "--json", "--hidden", "10000000"]);
    expect(plain.code).toBe(1);
    expect(plain.stderr).toMatch(/^eddy: expected a network that fits in memory.*\n$/);
    const debug = await eddy(["demo", "--json", "--hidden", "10000000", "--debug"]);
    expect(debug.stderr).toMatch(/\n +at /);
  });
});

test("help and version", async () => {
  const [alone, help, demo, version] = await Promise.all(
    [[], ["--help"], ["demo", "--help", "--lang=zh"], ["--version"]].map((words) => eddy(words)),
  );
  expect(alone).toEqual(help);
  expect(help!.code).toBe(0);
  expect(help!.stdout).toContain("demo [options]");
  expect(demo!.stdout).toContain("随机数种子（默认值：1）");
  expect(version).toEqual({ code: 0, stdout: "0.1.0\n", stderr: "" });
});
