// Outputs never overwrite inputs, unrelated files or devices; an output that cannot be written is rejected before the work.
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { longTest } from "../../../ci/long-test.ts";
import { writeOne } from "../src/files/output-files.ts";
import { filesInQuery } from "../src/files/output-places.ts";
import { texts } from "../src/texts/languages.ts";
import { bin, eddy, emptyFolder } from "./command.ts";
import { writeTank } from "./tank.ts";

const columns = ["--input", "pump [V],valve", "--target", "level [cm]", "--time", "time"];
const quick = ["--epochs", "2", "--hidden", "4", "--networks", "1", "--budget", "none"];
const train = ["train", "tank.csv", ...columns, ...quick];

let trained: string;
beforeAll(async () => {
  trained = mkdtempSync(join(tmpdir(), "eddy-cli-"));
  writeTank(trained, 200);
  expect((await eddy([...train, "--no-report", "--out", "m.safetensors"], trained)).code).toBe(0);
});
afterAll(() => rmSync(trained, { recursive: true, force: true }));

/** Every file with its kind, mode, inode and content: what must not change. */
function everything(folder: string): Record<string, unknown> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  return Object.fromEntries(
    names.map((name) => {
      const path = join(folder, name);
      const { mode, ino } = lstatSync(path);
      const link = lstatSync(path).isSymbolicLink() ? readlinkSync(path) : undefined;
      return [name, [mode, ino, link ?? (lstatSync(path).isFile() ? readFileSync(path, "latin1") : "")]];
    }),
  );
}

let cwd: string;
beforeEach(() => {
  cwd = emptyFolder();
  cpSync(trained, cwd, { recursive: true });
});

/** Refused, with a message, and nothing touched. */
async function refused(words: string[], message: string | RegExp, codes = [1, 2]) {
  const before = everything(cwd);
  const { code, stdout, stderr } = await eddy(words, cwd);
  expect(stderr).toMatch(message);
  expect(stderr).toMatch(
    /^(as in training: --time time\n)?(tank\.csv: 200 rows\n)?eddy: .+\n((Run|运行) `eddy .*\n)?$/,
  ); // one sentence, and no training before it
  expect([codes.includes(code!), stdout]).toEqual([true, ""]);
  expect(everything(cwd)).toEqual(before);
}

describe("an output that is an input", () => {
  const predict = ["predict", "m.safetensors", "tank.csv", "--out"];
  const exports = ["export", "m.safetensors"];
  test.each([
    [[...predict, "tank.csv"], '"tank.csv", which is an input'],
    [[...predict, "./tank.csv"], '"./tank.csv", the same file as the input "tank.csv"'],
    [[...predict, "sub/../tank.csv"], "the same file"],
    [[...predict, "hard.csv"], "the same file"],
    [[...predict, "soft.csv"], "the same file"],
    [["predict", "m.safetensors", "soft.csv", "--out", "hard.csv"], "the same file"],
    [[...predict, "m.safetensors"], '"m.safetensors", which is an input'],
    [["predict", "m.safetensors", "--sql", "select * from 'tank.csv'", "--out", "tank.csv"], "which is an input"],
    [["predict", "m.safetensors", "tank.csv", "--sql", "select * from tank", "--out", "tank.csv"], "which is an input"],
    [[...train, "--out", "tank.csv"], '"tank.csv", which is an input'],
    [[...train, "--out", "hard.csv"], "the same file"],
    [["train", "t.csv", ...train.slice(2), "--test", "tank.csv", "--out", "tank.csv"], "which is an input"],
    [[...train, "--test", "r.resume.safetensors", "--out", "r.safetensors"], "which is an input"],
    [[...train, "--test", "r.safetensors.lock", "--out", "r.safetensors"], "the same file"],
    [[...train, "--test", "r-report/report.html", "--out", "r.safetensors"], "which is an input"],
    [["evaluate", "m.safetensors", "r-report/learned.png", "--out", "r-report"], "which is an input"],
    [["evaluate", "r-report/checks.png", "tank.csv", "--out", "./r-report/"], "which is an input"],
    [[...exports, "--onnx", "m.safetensors"], "which is an input"],
    [[...exports, "--state-dict", "./m.safetensors"], "the same file"],
    [[...exports, "--state-dict", "soft.safetensors"], "the same file"],
    [[...exports, "--onnx", "a", "--state-dict", "a"], 'received "a" for --onnx as well'],
    [[...exports, "--onnx", "a", "--state-dict", "./sub/../A"], "for --onnx as well"],
    [[...exports, "--onnx", "hard1", "--state-dict", "hard2"], "for --onnx as well"],
  ])("%j", async (words, message) => {
    mkdirSync(join(cwd, "sub"));
    linkSync(join(cwd, "tank.csv"), join(cwd, "hard.csv"));
    symlinkSync("tank.csv", join(cwd, "soft.csv"));
    symlinkSync("m.safetensors", join(cwd, "soft.safetensors"));
    writeFileSync(join(cwd, "hard1"), "");
    linkSync(join(cwd, "hard1"), join(cwd, "hard2"));
    mkdirSync(join(cwd, "r-report"));
    cpSync(join(cwd, "tank.csv"), join(cwd, "t.csv"));
    for (const name of ["r.resume.safetensors", "r.safetensors.lock", "r-report/report.html", "r-report/learned.png"]) {
      cpSync(join(cwd, "tank.csv"), join(cwd, name));
    }
    cpSync(join(cwd, "m.safetensors"), join(cwd, "r-report/checks.png"));
    await refused(words, message, [2]);
  });

  test("files that a query names in either quotes are inputs", () => {
    writeFileSync(join(cwd, "it's.csv"), "");
    const here = (name: string) => join(cwd, name);
    const quoted = here("it's.csv").replaceAll("'", "''");
    const sql = `select 'x' from '${quoted}' join "${here("tank.csv")}" using (t) -- 'none.csv'`;
    expect(filesInQuery(sql)).toEqual([here("it's.csv"), here("tank.csv")]);
    expect(filesInQuery(undefined)).toEqual([]);
  });
});

describe("an output path with an unrelated file", () => {
  test.each([
    [[...train, "--out", "notes"], '"notes", which is not a model'],
    [[...train, "--out", "weights.safetensors"], "which is not a model"],
    [[...train, "--out", "m.resume.safetensors"], "which is reserved for --resume checkpoints"],
    [[...train, "--out", "new.csv"], "expected a file name ending in .safetensors"],
    [[...train, "--out", "new.xlsx"], "expected a file name ending in .safetensors"],
    [["export", "m.safetensors", "--state-dict", "other.safetensors"], "which is a trained model"],
    [["export", "m.safetensors", "--onnx", "other.safetensors"], "expected a file name ending in .onnx"],
    [["export", "m.safetensors", "--state-dict", "m.resume.safetensors"], "which is reserved for --resume checkpoints"],
    [["export", "m.safetensors", "--state-dict", "w.onnx"], "expected a file name ending in .safetensors"],
    [["predict", "m.safetensors", "tank.csv", "--out", "p.xlsx"], "ending in .csv, .parquet or .json, received"],
    [["predict", "m.safetensors", "tank.csv", "--out", "p"], "ending in .csv, .parquet or .json, received"],
    [["predict", "m.safetensors", "tank.csv", "--out", "other.safetensors"], "ending in .csv, .parquet or .json"],
  ])("%j", async (words, message) => {
    writeFileSync(join(cwd, "notes"), "my notes\n");
    cpSync(join(cwd, "m.safetensors"), join(cwd, "other.safetensors"));
    expect((await eddy(["export", "m.safetensors", "--state-dict", "weights.safetensors"], cwd)).code).toBe(0);
    await refused(words, message, [2]);
  });
});

describe("an output path that cannot be written is rejected before the work", () => {
  const places: [path: string, message: RegExp, folderOnly?: boolean][] = [
    ["", /expected a name, received an empty string/],
    ["new/", /"new\/", which is a folder; add the file name/],
    ["folder", /\(EISDIR\): it is a folder/],
    [".", /\(EISDIR\)/],
    ["-", /only predictions can go to standard output/],
    [`${"x".repeat(256)}.csv`, /\(ENAMETOOLONG\): its name is too long/],
    ["tank.csv/x.csv", /\(ENOTDIR\): part of its path is a file/],
    ["tank.csv/a/b/x.csv", /\(ENOTDIR\)/],
    ["/proc/x.csv", /\(EACCES\)/],
    ["/proc/a/b/x.csv", /\(EACCES\)/],
    ["locked/x.csv", /\(EACCES\)/],
    ["readonly.csv", /\(read-only\)/],
    ["to-readonly.csv", /\(read-only\)/],
    ["pipe.csv", /which is a device, pipe or socket/],
    ["circle.csv", /\(ELOOP\)/],
    ["nowhere/x.csv", /\(ENOENT\)/],
  ];
  const prepare = () => {
    mkdirSync(join(cwd, "folder"));
    mkdirSync(join(cwd, "locked"));
    chmodSync(join(cwd, "locked"), 0o555);
    writeFileSync(join(cwd, "readonly.csv"), "kept");
    chmodSync(join(cwd, "readonly.csv"), 0o444);
    symlinkSync("readonly.csv", join(cwd, "to-readonly.csv"));
    execFileSync("mkfifo", [join(cwd, "pipe.csv")]);
    symlinkSync("circle.csv", join(cwd, "circle.csv"));
    symlinkSync("none", join(cwd, "nowhere"));
  };
  const commands: [name: string, ending: string, words: (path: string) => string[]][] = [
    ["predict", ".csv", (path) => ["predict", "m.safetensors", "none.csv", "--out", path]],
    ["train", ".safetensors", (path) => ["train", "none.csv", ...columns, "--out", path]],
    ["export --onnx", ".onnx", (path) => ["export", "m.safetensors", "--onnx", path]],
    ["export --state-dict", ".safetensors", (path) => ["export", "m.safetensors", "--state-dict", path]],
  ];
  describe.skipIf(process.platform !== "linux").each(commands)("%s", (_, ending, words) => {
    test.each(places)("%j", async (path, message) => {
      if (words(path)[0] === "predict" && path === "-") return; // that one is standard output
      prepare();
      const named = path.replace(/(?<!tank)\.csv$/, ending);
      for (const name of readdirSync(cwd)) {
        if (!/^(readonly|to-readonly|pipe|circle)\.csv$/.test(name) || ending === ".csv") continue;
        const renamed = name.replace(".csv", ending);
        if (lstatSync(join(cwd, name)).isSymbolicLink()) {
          symlinkSync(readlinkSync(join(cwd, name)).replace(".csv", ending), join(cwd, renamed));
          rmSync(join(cwd, name));
        } else execFileSync("mv", [join(cwd, name), join(cwd, renamed)]);
      }
      // No file of data is there: a message about the place shows that it was looked at first.
      await refused(words(named), message);
    });
  });

  test.skipIf(process.platform !== "linux").each([
    ["demo", "", /expected a name/],
    ["demo", "tank.csv", /\(ENOTDIR\)/],
    ["demo", "tank.csv/x", /\(ENOTDIR\)/],
    ["demo", "/proc/x", /\(EACCES\)/],
    ["demo", "locked", /\(EACCES\)/],
    ["demo", "locked/new/x", /\(EACCES\)/],
    ["demo", "nowhere", /\(ENOENT\)/],
    ["demo", "y".repeat(256), /\(ENAMETOOLONG\)/],
    ["evaluate", "", /expected a name/],
    ["evaluate", "tank.csv", /\(ENOTDIR\)/],
    ["evaluate", "pipe.csv", /\(ENOTDIR\)/],
    ["evaluate", "locked", /\(EACCES\)/],
    ["evaluate", "nowhere", /\(ENOENT\)/],
  ])("%s --out %j, where a folder is expected", async (command, path, message) => {
    prepare();
    await refused(
      [...(command === "demo" ? ["demo"] : ["evaluate", "m.safetensors", "none.csv"]), "--out", path],
      message,
    );
  });

  test("the files next to a model are checked too", async () => {
    mkdirSync(join(cwd, "a.resume.safetensors"));
    await refused([...train, "--out", "a.safetensors"], /"a\.resume\.safetensors" \(EISDIR\)/);
    mkdirSync(join(cwd, "b-report/report.html"), { recursive: true });
    await refused([...train, "--out", "b.safetensors"], /"b-report\/report\.html" \(EISDIR\)/);
    writeFileSync(join(cwd, "c-report"), "");
    await refused([...train, "--out", "c.safetensors"], /"c-report" \(ENOTDIR\)/);
    await refused([...train, "--out", "/dev/null"], /which is a device/);
    const fitsAlone = `${"n".repeat(243)}.safetensors`; // 255 bytes, with its companions too many
    await refused([...train, "--out", fitsAlone], /\(ENAMETOOLONG\)/);
  });

  test("a rejected column leaves no new folder", async () => {
    await refused(["train", "tank.csv", "--input", "none", "--target", "valve", "--out", "new/m.safetensors"], /none/);
    await refused(["predict", "m.safetensors", "none.csv", "--out", "new/p.csv"], /none\.csv/);
    await refused(["evaluate", "m.safetensors", "none.csv", "--out", "new/e"], /none\.csv/);
  });

  test("in Chinese", async () => {
    await refused(["predict", "m.safetensors", "tank.csv", "--out", "tank.csv", "--lang", "zh"], "是输入文件");
    await refused([...train, "--out", "new/", "--lang", "zh"], "请加上文件名");
  });
});

describe("a file that is replaced", () => {
  const predict = async (out: string) => {
    const { code, stderr } = await eddy(["predict", "m.safetensors", "tank.csv", "--out", out], cwd);
    expect([code, stderr]).toEqual([0, "as in training: --time time\ntank.csv: 200 rows\n"]);
  };

  test("keeps its mode; a new file follows the umask; no temporary file remains", async () => {
    writeFileSync(join(cwd, "secret.csv"), "old");
    chmodSync(join(cwd, "secret.csv"), 0o600);
    const before = process.umask(0o027);
    try {
      await predict("secret.csv");
      await predict("new.csv");
      await predict("new.parquet");
    } finally {
      process.umask(before);
    }
    const mode = (name: string) => (statSync(join(cwd, name)).mode & 0o777).toString(8);
    expect(["secret.csv", "new.csv", "new.parquet"].map(mode)).toEqual(["600", "640", "640"]);
    expect(readFileSync(join(cwd, "secret.csv"), "utf8")).toMatch(/^time,/);
    expect(readdirSync(cwd).filter((name) => name.includes(".part"))).toEqual([]);
  });

  test.skipIf(process.getuid?.() !== 0)("keeps its owner", async () => {
    writeFileSync(join(cwd, "theirs.csv"), "old");
    execFileSync("chown", ["12345:54321", join(cwd, "theirs.csv")]);
    await predict("theirs.csv");
    const { uid, gid } = statSync(join(cwd, "theirs.csv"));
    expect([uid, gid]).toEqual([12345, 54321]);
  });

  test("at a symbolic link: the link remains and its target is replaced, also through several links, or if there is no target yet", async () => {
    mkdirSync(join(cwd, "data"));
    writeFileSync(join(cwd, "data/real.csv"), "old");
    symlinkSync("data/real.csv", join(cwd, "one.csv"));
    symlinkSync("one.csv", join(cwd, "two.csv"));
    symlinkSync("data/new.json", join(cwd, "three.json"));
    symlinkSync("data", join(cwd, "folder"));
    await predict("two.csv");
    await predict("three.json");
    await predict("folder/deep.csv");
    expect(readlinkSync(join(cwd, "one.csv"))).toBe("data/real.csv");
    expect(readlinkSync(join(cwd, "two.csv"))).toBe("one.csv");
    expect(readlinkSync(join(cwd, "three.json"))).toBe("data/new.json");
    expect(readdirSync(join(cwd, "data")).sort()).toEqual(["deep.csv", "new.json", "real.csv"]);
    expect(readFileSync(join(cwd, "data/real.csv"), "utf8")).toMatch(/^time,/);
  });

  test("a model at a link, with the lock next to the target", async () => {
    mkdirSync(join(cwd, "models"));
    symlinkSync("models/real.safetensors", join(cwd, "latest.safetensors"));
    let during: string[] = [];
    const { code } = await eddy([...train, "--out", "latest.safetensors", "--no-report"], cwd, {
      onTold: (told) => {
        if (told.includes("epoch")) during = readdirSync(join(cwd, "models"));
        return undefined;
      },
    });
    expect(code).toBe(0);
    expect(during).toEqual(["real.safetensors.lock"]);
    expect(readdirSync(join(cwd, "models"))).toEqual(["real.safetensors"]);
    expect(lstatSync(join(cwd, "latest.safetensors")).isSymbolicLink()).toBe(true);
  });

  test("a temporary file never takes the name of an existing file", () => {
    const old = `p.csv.${process.pid}.part`;
    writeFileSync(join(cwd, old), "mine");
    writeOne("--out", join(cwd, "p.csv"), "content", texts.en);
    expect([readFileSync(join(cwd, old), "utf8"), readFileSync(join(cwd, "p.csv"), "utf8")]).toEqual([
      "mine",
      "content",
    ]);
  });

  test("a file name of the maximum length", () => {
    for (const name of [`${"長".repeat(83)}.csv`, `${"n".repeat(251)}.csv`]) {
      writeOne("--out", join(cwd, name), "content", texts.en);
      expect(readFileSync(join(cwd, name), "utf8")).toBe("content");
    }
  });
});

test.skipIf(process.platform === "win32")(
  "devices take what is written and stay devices; '-' is standard output",
  async () => {
    for (const words of [
      ["predict", "m.safetensors", "tank.csv", "--out", "/dev/null"],
      ["export", "m.safetensors", "--onnx", "/dev/null", "--state-dict", "/dev/null"],
    ]) {
      expect((await eddy(words, cwd)).code).toBe(0);
      expect(lstatSync("/dev/null").isCharacterDevice()).toBe(true);
    }
    const [plain, dash, device] = await Promise.all(
      [[], ["--out", "-"], ["--out", "/dev/stdout"]].map((more) =>
        eddy(["predict", "m.safetensors", "tank.csv", ...more], cwd),
      ),
    );
    expect(plain!.stdout.split("\n")).toHaveLength(202);
    expect([dash, device]).toEqual([plain, plain]);
  },
);

test.skipIf(process.platform !== "linux")("a full device gives a one-line error", async () => {
  await refused(
    ["predict", "m.safetensors", "tank.csv", "--out", "/dev/full"],
    /found too little \(ENOSPC\); free some space/,
  );
  await refused(
    ["export", "m.safetensors", "--onnx", "/dev/full"],
    /--onnx: expected enough disk space for "\/dev\/full"/,
  );
});

describe("arguments in the wrong order", () => {
  test.each([
    [["predict", "tank.csv", "m.safetensors"], "did you mean eddy predict m.safetensors tank.csv?"],
    [["predict", "none.csv", "m.safetensors"], "did you mean eddy predict m.safetensors none.csv?"],
    [["predict", "my data.csv", "m.safetensors"], "did you mean eddy predict m.safetensors 'my data.csv'?"],
    [["evaluate", "tank.csv", "m.safetensors"], "did you mean eddy evaluate m.safetensors tank.csv?"],
    [["evaluate", "a.csv", "b.csv", "m.safetensors"], "did you mean eddy evaluate m.safetensors a.csv b.csv?"],
    [["export", "m.onnx", "--onnx", "m.safetensors"], "did you mean eddy export m.safetensors --onnx m.onnx?"],
    [
      ["export", "w.safetensors", "--state-dict", "m.safetensors"],
      "eddy export m.safetensors --state-dict w.safetensors?",
    ],
    [["export", "tank.csv", "m.safetensors", "--onnx", "m.onnx"], "did you mean eddy export m.safetensors?"],
    [["predict", "tank.csv", "m.safetensors", "--lang", "zh"], "是不是想写 eddy predict m.safetensors tank.csv？"],
  ])("%j", async (words, message) => {
    await refused(words, message, [2]);
  });

  test("a file that is not a model is reported without interpreting its header", async () => {
    await refused(
      ["predict", "tank.csv", "tank.csv"],
      /^eddy: tank\.csv: expected a model written by eddy train, received a data file/,
    );
    await refused(
      ["predict", "m.resume.safetensors", "tank.csv"],
      /received a checkpoint for --resume; use the model next to it/,
    );
  });
});

longTest.skipIf(process.platform === "win32")(
  "predictions that the disk has no room for are told in one sentence, and the old ones stay",
  () => {
    const big = Array.from({ length: 5000 }, (_, i) => `${i % 9},${(i % 7) / 7}\n`);
    writeFileSync(join(cwd, "big.csv"), `pump [V],valve\n${big.join("")}`);
    for (const ending of ["csv", "json", "parquet"]) {
      const out = `p.${ending}`;
      writeFileSync(join(cwd, out), "old");
      // A file may take 8 blocks of 512 bytes: the write stops in its middle, as on a full disk.
      const words = ["predict", "m.safetensors", "big.csv", "--no-time", "--out", out];
      const { status, stdout, stderr } = spawnSync(
        "sh",
        ["-c", 'ulimit -f 8; exec "$0" "$@"', process.execPath, bin, ...words],
        {
          cwd,
          encoding: "utf8",
        },
      );
      expect([status, stdout]).toEqual([1, ""]);
      expect(stderr).toMatch(/^big\.csv: 5,000 rows\neddy: --out: expected .*\(EFBIG\).*\n$/);
      expect(readFileSync(join(cwd, out), "utf8")).toBe("old");
      expect(readdirSync(cwd).filter((name) => name.includes(".part"))).toEqual([]);
    }
  },
);

test.skipIf(process.platform !== "linux")("a model may be read from a pipe, but not from a device", async () => {
  const words = `'${process.execPath}' '${bin}' predict`;
  const piped = spawnSync("bash", ["-c", `${words} <(cat m.safetensors) tank.csv`], { cwd, encoding: "utf8" });
  expect(piped.stdout).toBe((await eddy(["predict", "m.safetensors", "tank.csv"], cwd)).stdout);
  await refused(["predict", "/dev/zero", "tank.csv"], /expected a model written by eddy train, found no file/);
});
