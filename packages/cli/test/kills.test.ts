// Commands killed at random times leave complete files, old or new, or none. EDDY_KILLS sets the number of kills: 60 or more.
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { Model } from "eddy/series";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { inCi } from "../../../ci/in-ci.ts";
import { type Ended, eddy, emptyFolder, start } from "./command.ts";
import { writeTank } from "./tank.ts";

const kills = Number(process.env.EDDY_KILLS ?? (inCi ? 12 : 0));
const columns = ["--input", "pump [V],valve", "--target", "level [cm]"];
const quick = ["--epochs", "3", "--hidden", "4", "--networks", "1", "--budget", "none"];

/** Whether a file is complete: new and not cut. */
type Check = (path: string) => void;
const isModel: Check = (path) => {
  Model.fromBytes(readFileSync(path));
};
const isPage: Check = (path) => expect(readFileSync(path, "utf8").trimEnd().endsWith("</html>")).toBe(true);
const isPng: Check = (path) => expect(readFileSync(path).subarray(-8, -4).toString()).toBe("IEND");
const isTensors: Check = (path) => {
  const bytes = readFileSync(path);
  const header = JSON.parse(bytes.toString("utf8", 8, 8 + Number(bytes.readBigUInt64LE())));
  const ends = Object.entries<{ data_offsets?: number[] }>(header).map(
    ([, { data_offsets }]) => data_offsets?.[1] ?? 0,
  );
  expect(bytes.length).toBe(8 + Number(bytes.readBigUInt64LE()) + Math.max(...ends));
};
const isParquet: Check = (path) => expect(readFileSync(path).subarray(-4).toString()).toBe("PAR1");
const hasRows: Check = (path) => expect(readFileSync(path, "utf8").trimEnd().split("\n")).toHaveLength(30_001);
const isJson: Check = (path) => expect(JSON.parse(readFileSync(path, "utf8"))).toHaveLength(30_000);

const report: Record<string, Check> = {
  "report.html": isPage,
  "checks.png": isPng,
  "learned.png": isPng,
  "prediction.png": isPng,
};
const inFolder = (folder: string, files: Record<string, Check>) =>
  Object.fromEntries(Object.entries(files).map(([name, check]) => [join(folder, name), check]));

const commands: [name: string, words: string[], files: Record<string, Check>][] = [
  [
    "train",
    ["train", "tank.csv", ...columns, ...quick, "--out", "new.safetensors"],
    { "new.safetensors": isModel, "new.resume.safetensors": isTensors, ...inFolder("new-report", report) },
  ],
  ["predict as CSV", ["predict", "m.safetensors", "big.csv", "--out", "p.csv"], { "p.csv": hasRows }],
  ["predict as JSON", ["predict", "m.safetensors", "big.csv", "--out", "p.json"], { "p.json": isJson }],
  ["predict as Parquet", ["predict", "m.safetensors", "big.csv", "--out", "p.parquet"], { "p.parquet": isParquet }],
  ["evaluate", ["evaluate", "m.safetensors", "tank.csv", "--out", "ev"], inFolder("ev", report)],
  [
    "export",
    ["export", "m.safetensors", "--onnx", "m.onnx", "--state-dict", "w.safetensors"],
    { "m.onnx": (path) => expect(readFileSync(path).length).toBeGreaterThan(500), "w.safetensors": isTensors },
  ],
  ["demo", ["demo", "--steps", "20"], inFolder("out", { "sin2cos.png": isPng, "sin2cos.html": isPage })],
];
const signals = ["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"] as const;
const exitCodes = { SIGKILL: undefined, SIGTERM: 143, SIGINT: 130, SIGHUP: 129 };

describe.skipIf(process.platform === "win32")("killed at random times", () => {
  let ready: string;
  const durations = new Map<string, number>();
  beforeAll(async () => {
    ready = mkdtempSync(join(tmpdir(), "eddy-cli-"));
    writeTank(ready, 400);
    const rows = Array.from({ length: 30_000 }, (_, i) => `${(i % 80) / 10},${(i % 7) / 7}\n`);
    writeFileSync(join(ready, "big.csv"), `pump [V],valve\n${rows.join("")}`);
    const { code } = await eddy(
      ["train", "tank.csv", ...columns, ...quick, "--no-report", "--out", "m.safetensors"],
      ready,
    );
    expect(code).toBe(0);
  });
  afterAll(() => rmSync(ready, { recursive: true, force: true }));

  const folderWith = (old: boolean, files: Record<string, Check>) => {
    const cwd = emptyFolder();
    cpSync(ready, cwd, { recursive: true });
    const before = readdirSync(cwd);
    if (old) {
      for (const path of Object.keys(files)) {
        if (!path.includes("/") && path !== "new.safetensors" && path !== "new.resume.safetensors") {
          writeFileSync(join(cwd, path), "old");
        }
      }
    }
    return { cwd, before };
  };

  const look = (
    cwd: string,
    before: string[],
    files: Record<string, Check>,
    signal: string,
    { code, stderr }: Ended,
  ) => {
    const expected = exitCodes[signal as keyof typeof exitCodes];
    // Without a code the signal ended Node itself, before Eddy listened to it; 0: it came too late.
    if (expected !== undefined) expect([null, 0, expected], stderr).toContain(code);
    for (const [name, check] of Object.entries(files)) {
      const path = join(cwd, name);
      if (existsSync(path) && readFileSync(path, "latin1") !== "old") check(path);
      if (code === 0) expect(existsSync(path), name).toBe(true);
    }
    const names = readdirSync(cwd, { recursive: true, encoding: "utf8" });
    const known = [...before, ...Object.keys(files), "new-report", "ev", "out"];
    const others = names.filter((name) => !known.includes(name));
    // Nothing but drafts and a lock stays behind kill -9, and nothing at all behind other signals.
    expect(others.filter((name) => signal !== "SIGKILL" || !/\.(part|lock)$/.test(name))).toEqual([]);
  };

  const runs = Array.from({ length: kills }, (_, i) => [commands[i % commands.length]!, i] as const);
  test.skipIf(kills === 0)(
    `${kills} times`,
    async () => {
      // How long each takes here and now, so that the moments lie within.
      for (const [name, words, files] of commands.slice(0, kills)) {
        const { cwd, before } = folderWith(false, files);
        const from = performance.now();
        const ended = await start(words, cwd).ended;
        durations.set(name, performance.now() - from);
        look(cwd, before, files, "none", ended);
        expect(ended.code, ended.stderr).toBe(0);
      }
      const kill = async ([[name, words, files], i]: (typeof runs)[number]) => {
        const signal = signals[(i + Math.floor(i / commands.length)) % signals.length]!;
        const { cwd, before } = folderWith(i % 2 === 0, files);
        const { child, ended } = start(words, cwd);
        // Most of what is written is written in the second half.
        await setTimeout(durations.get(name)! * (0.4 + 0.8 * Math.random()));
        child.kill(signal);
        look(cwd, before, files, signal, await ended);
      };
      for (let i = 0; i < runs.length; i += 2) await Promise.all(runs.slice(i, i + 2).map(kill));
    },
    20_000 + 5000 * kills,
  );

  test("a second signal removes temporary files", async () => {
    const { cwd, before } = folderWith(false, {});
    const rows = Array.from({ length: 300_000 }, (_, i) => `${(i % 80) / 10},${(i % 7) / 7}\n`);
    writeFileSync(join(cwd, "big.csv"), `pump [V],valve\n${rows.join("")}`);
    const { child, ended } = start(["predict", "m.safetensors", "big.csv", "--out", "p.csv"], cwd);
    while (child.exitCode === null && !readdirSync(cwd).some((name) => name.endsWith(".part"))) await setTimeout(2);
    child.kill("SIGINT");
    child.kill("SIGTERM");
    const { code, stdout } = await ended;
    expect([[130, 143].includes(code!), stdout]).toEqual([true, ""]);
    expect(readdirSync(cwd).sort()).toEqual(before.sort());
  });
});

test.skipIf(process.platform === "win32")(
  "of predictions that write one file at once the last complete one stays",
  async () => {
    const cwd = emptyFolder();
    writeTank(cwd, 300);
    await eddy(["train", "tank.csv", ...columns, ...quick, "--no-report"], cwd);
    for (const rows of [20_000, 30_000]) {
      writeFileSync(join(cwd, `${rows}.csv`), `pump [V],valve\n${"3,0.5\n".repeat(rows)}`);
    }
    const all = [20_000, 30_000, 20_000].map(
      (rows) => start(["predict", "model.safetensors", `${rows}.csv`, "--out", "p.csv"], cwd).ended,
    );
    expect((await Promise.all(all)).map(({ code }) => code)).toEqual([0, 0, 0]);
    expect([20_001, 30_001]).toContain(readFileSync(join(cwd, "p.csv"), "utf8").trimEnd().split("\n").length);
    expect(readdirSync(cwd).filter((name) => name.endsWith(".part"))).toEqual([]);
  },
);
