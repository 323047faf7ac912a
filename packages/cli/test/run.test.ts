// The program: exit codes, broken streams, signals, and escaping of untrusted text.
import { spawnSync } from "node:child_process";
import { openSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { printable } from "../src/terminal/printable.ts";
import { bin, eddy, emptyFolder, start } from "./command.ts";

test("without arguments, the help is shown", async () => {
  const { code, stdout, stderr } = await eddy([]);
  expect([code, stderr]).toEqual([0, ""]);
  for (const command of ["demo", "look", "train", "predict", "evaluate", "export", "studio"])
    expect(stdout).toContain(`\n  ${command}`);
});

test.skipIf(process.platform !== "linux").each([[["--help"]], [["demo", "--json", "--steps", "2"]]])(
  "a standard output that is full ends %j with one sentence and 1",
  (words) => {
    const full = openSync("/dev/full", "w");
    const { status, stderr } = spawnSync(process.execPath, [bin, ...words], {
      stdio: ["ignore", full, "pipe"],
      encoding: "utf8",
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^eddy: expected to write the results to standard output, received an error \(ENOSPC\); .*\n$/,
    );
  },
);

test("an option without its value does not consume the next option", async () => {
  const folder = emptyFolder();
  for (const [words, option] of [
    [["predict", "m", "x.csv", "--out", "--time", "t"], "--out"],
    [["export", "m", "--onnx", "--lang", "zh"], "--onnx"],
    [["evaluate", "m", "x.csv", "--out", "--json"], "--out"],
    [["train", "x.csv", "--input", "--target", "y"], "--input"],
    [["train", "x.csv", "--input", "u", "--target", "y", "--sql", "-h"], "--sql"],
    [["demo", "--out", "--json"], "--out"],
  ] as const) {
    const { code, stdout, stderr } = await eddy([...words], folder);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(
      words.includes("--lang" as never) ? `${option}：` : `${option}: expected a value, received none`,
    );
  }
  expect(readdirSync(folder)).toEqual([]);
});

test.skipIf(process.platform === "win32").each([
  ["SIGHUP", 129],
  ["SIGTERM", 143],
] as const)("%s is handled like Ctrl-C", async (signal, exitCode) => {
  const { child, ended } = start(["demo", "--steps", "1000000"], emptyFolder());
  child.stderr!.once("data", () => child.kill(signal));
  const { code, stderr } = await ended;
  expect(code).toBe(exitCode);
  expect(stderr).toMatch(/eddy: interrupted at step \d+ of 1000000; no figure was written\.\n$/);
});

test("a run in this process draws on the given terminal, handles signals, and restores the cursor", async () => {
  let sent = false;
  const { code, stderr } = await eddy(["demo", "--steps", "1000000"], emptyFolder(), {
    terminal: { columns: 80, rows: 30 },
    onTold: (told) => {
      if (sent || !told.includes("step")) return undefined;
      sent = true;
      return "SIGINT";
    },
  });
  expect(code).toBe(130);
  expect(stderr.startsWith("\x1b[?25l")).toBe(true); // hides the cursor
  expect(stderr).toContain("\x1b[?25heddy: interrupted at step ");
});

describe("untrusted text", () => {
  test("contains no control characters after escaping", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(printable(text)).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
    );
    expect(printable("a\x1b[31mb\tc\r\nd\u202ee\u{e0001}")).toBe("a\\x1b[31mb\\tc\\r\\nd\\u202ee\\u{e0001}");
    expect(printable("温度 [°C] – naïve")).toBe("温度 [°C] – naïve");
  });

  test.each([
    [["tr\x1b[2Jain"]],
    [["train", "no\x1b]0;title\x07such.csv"]],
    [["demo", "--seed", "\x1b[31m1"]],
    [["--debug", "train", "\x9b31m.csv"]],
    [["train", "data.csv", "--input", "\x1b[1mu", "--target", "y"]],
  ])("in the arguments %j is printed without escape sequences", async (words) => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "data.csv"), "u,y\n1,2\n");
    const { code, stdout, stderr } = await eddy(words, cwd);
    expect(code).toBeGreaterThan(0);
    expect(stdout + stderr).not.toMatch(/[^\P{Cc}\n]/u);
  });
});
