// Two training runs with the same --out exclude each other; stale locks are taken over.
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { lockModel } from "../src/files/training-lock.ts";
import { texts } from "../src/texts/languages.ts";
import { eddy, emptyFolder, start } from "./command.ts";
import { writeTank } from "./tank.ts";

const columns = ["--input", "pump [V],valve", "--target", "level [cm]"];
const small = ["--hidden", "4", "--networks", "1", "--budget", "none", "--no-report"];
const train = ["train", "tank.csv", ...columns, ...small];
const lock = "model.safetensors.lock";

/** A training that is under way. */
async function underWay(cwd: string, words: string[] = []) {
  const { child, ended } = start([...train, "--epochs", "1000000", ...words], cwd);
  await new Promise<void>((resolve, reject) => {
    child.stderr!.on("data", (text: string) => /^epoch/m.test(text) && resolve());
    ended.then(({ stderr }) => reject(new Error(stderr)));
  });
  return { child, ended };
}

describe("during a training run", () => {
  test("another with the same --out, however it is spelled, is rejected, and the first one completes", async () => {
    const cwd = emptyFolder();
    writeTank(cwd, 200);
    mkdirSync(join(cwd, "d"));
    symlinkSync("model.safetensors", join(cwd, "link.safetensors"));
    symlinkSync(".", join(cwd, "here"));
    const { child, ended } = await underWay(cwd);
    expect(JSON.parse(readFileSync(join(cwd, lock), "utf8"))).toMatchObject({ pid: child.pid, host: hostname() });
    for (const out of ["model.safetensors", "./d/../model.safetensors", "link.safetensors", "here/model.safetensors"]) {
      const { code, stderr } = await eddy([...train, "--epochs", "1", "--out", out], cwd);
      expect(code).toBe(1);
      expect(stderr).toMatch(
        new RegExp(
          `received "${out}", which process ${child.pid} has been training since 20\\S+Z; wait for it, stop it, or choose another --out\\.\n$`,
        ),
      );
    }
    const zh = await eddy([...train, "--epochs", "1", "--lang", "zh"], cwd);
    expect(zh.stderr).toContain(`进程 ${child.pid} 自`);
    expect((await eddy([...train, "--epochs", "1", "--out", "other.safetensors"], cwd)).code).toBe(0);
    child.kill("SIGTERM");
    const { code, stdout } = await ended;
    expect([code, stdout]).toEqual([143, expect.stringContaining("model  model.safetensors")]);
    expect(readdirSync(cwd).filter((name) => /lock|part/.test(name))).toEqual([]);
    expect((await eddy([...train, "--epochs", "1"], cwd)).code).toBe(0);
  });

  test("a second signal ends it immediately and removes the lock", async () => {
    const cwd = emptyFolder();
    writeTank(cwd, 20_000);
    const { child, ended } = await underWay(cwd, ["--hidden", "128"]);
    child.kill("SIGINT");
    child.kill("SIGHUP");
    const { code } = await ended;
    expect([129, 130]).toContain(code);
    expect(readdirSync(cwd).filter((name) => /lock|part/.test(name))).toEqual([]);
  });

  test.skipIf(process.platform === "win32")(
    "kill -9 leaves a lock and temporary files that the next training run removes",
    async () => {
      const cwd = emptyFolder();
      writeTank(cwd, 200);
      const { child, ended } = await underWay(cwd);
      const half = `model.safetensors.${child.pid}-0a1b2c3d.part`;
      writeFileSync(join(cwd, half), "half");
      writeFileSync(join(cwd, "model.safetensors.1-0a1b2c3d.part"), "of another process");
      child.kill("SIGKILL");
      await ended;
      expect(existsSync(join(cwd, lock))).toBe(true);
      expect((await eddy([...train, "--epochs", "1"], cwd)).code).toBe(0);
      expect(readdirSync(cwd).sort()).toEqual([
        "model.resume.safetensors",
        "model.safetensors",
        "model.safetensors.1-0a1b2c3d.part",
        "tank.csv",
      ]);
    },
  );

  test("a training run that fails removes its lock", async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "tank.csv"), `pump [V],valve,level [cm]\n${"1,2,3\n".repeat(99)}`);
    const { code, stderr } = await eddy([...train, "--epochs", "1"], cwd);
    expect([code, stderr]).toEqual([1, expect.stringContaining("a target that varies")]);
    expect(readdirSync(cwd)).toEqual(["tank.csv"]);
  });
});

describe("an existing lock", () => {
  const mine = async (cwd: string) => {
    const release = await lockModel(join(cwd, "model.safetensors"), new Date(), texts.en);
    const holder = JSON.parse(readFileSync(join(cwd, lock), "utf8"));
    release();
    expect(existsSync(join(cwd, lock))).toBe(false);
    return holder;
  };
  const outcome = async (content: string | ((own: object) => object)) => {
    const cwd = emptyFolder();
    const own = await mine(cwd);
    writeFileSync(join(cwd, lock), typeof content === "string" ? content : JSON.stringify(content(own)));
    try {
      const release = await lockModel(join(cwd, "model.safetensors"), new Date(), texts.en);
      release();
      expect(readdirSync(cwd)).toEqual([]);
      return "taken";
    } catch (error) {
      return (error as Error).message;
    }
  };

  test("is valid while its process exists", async () => {
    expect(await outcome((own) => own)).toContain(`which process ${process.pid} has been training since`);
    // If the system does not provide start times, any process with that id counts.
    expect(await outcome((own) => ({ ...own, process: null }))).toContain(`process ${process.pid}`);
  });

  test("is stale if its process has ended, or if another process has its id", async () => {
    expect(await outcome((own) => ({ ...own, pid: 2 ** 22 + 1 }))).toBe("taken");
    if (process.platform === "win32") return;
    expect(await outcome((own) => ({ ...own, process: "an earlier boot 1" }))).toBe("taken");
    expect(await outcome((own) => ({ ...own, pid: process.ppid }))).toBe("taken"); // runs, but began at another time
  });

  test("of another host is considered valid, and the error says how to remove it", async () => {
    const message = await outcome((own) => ({ ...own, host: "elsewhere", pid: 7 }));
    expect(message).toContain("process 7 on elsewhere");
    expect(message).toMatch(/If that process no longer exists, delete .*model\.safetensors\.lock\.$/);
  });

  test.each(["", "{", "null", '{"pid":-1}', "\0\0"])("is stale if it is damaged: %j", async (content) => {
    expect(await outcome(content)).toBe("taken");
  });
});

test("of many that start at once over a stale lock, one trains and the others name it", async () => {
  const cwd = emptyFolder();
  writeTank(cwd, 200);
  writeFileSync(join(cwd, lock), JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), process: null, since: "" }));
  const runs = Array.from({ length: 4 }, () => start([...train, "--epochs", "1000000"], cwd));
  const waiting = new Set(runs);
  const training = new Set<unknown>();
  // The one that trains is stopped when it is the last and has trained for an epoch.
  const stopLast = () => {
    if (waiting.size === 1 && training.size > 0) for (const { child } of waiting) child.kill("SIGINT");
  };
  const told = runs.map(async (run) => {
    run.child.stderr!.on("data", (text: string) => {
      if (!/^epoch/m.test(text) || training.has(run)) return;
      training.add(run);
      stopLast();
    });
    const { code, stderr } = await run.ended;
    waiting.delete(run);
    stopLast();
    return code === 1 ? /which process (\d+) /.exec(stderr)?.[1] : code;
  });
  const outcomes = await Promise.all(told);
  const winner = runs.findIndex((run) => training.has(run));
  const pid = String(runs[winner]?.child.pid);
  expect(outcomes).toEqual(runs.map((_, i) => (i === winner ? 130 : pid)));
  expect(readdirSync(cwd).sort()).toEqual(["model.resume.safetensors", "model.safetensors", "tank.csv"]);
  expect((await eddy(["predict", "model.safetensors", "tank.csv"], cwd)).code).toBe(0);
});
