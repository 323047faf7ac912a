// Results are durable: each temporary file is synced before its rename, and the folder after it.
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, test, vi } from "vitest";
import { writeFiles } from "../src/files/output-files.ts";
import { texts } from "../src/texts/languages.ts";
import { emptyFolder } from "./command.ts";

const calls: string[] = [];
vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  return {
    ...fs,
    fsyncSync(file: number) {
      calls.push(
        `sync ${basename(fs.readlinkSync(`/proc/self/fd/${file}`)).replace(/\.\d+-[0-9a-f]{8}\.part$/, " draft")}`,
      );
      fs.fsyncSync(file);
    },
    renameSync(from: string, to: string) {
      calls.push(`rename to ${basename(to)}`);
      fs.renameSync(from, to);
    },
  };
});

test.skipIf(process.platform !== "linux")("files are synced, then renamed, then their folder is synced", () => {
  const folder = emptyFolder();
  expect(readlinkSync("/proc/self/exe")).not.toBe(""); // the paths of open files can be asked
  writeFiles("--out", folder, { "a.txt": "first", "b.txt": new Uint8Array([1, 2]) }, texts.en);
  const place = `sync ${basename(folder)}`;
  expect(calls).toEqual(["sync a.txt draft", "sync b.txt draft", "rename to a.txt", place, "rename to b.txt", place]);
  expect(readdirSync(folder).sort()).toEqual(["a.txt", "b.txt"]);
  expect(readFileSync(join(folder, "a.txt"), "utf8")).toBe("first");
});

test("a file that cannot be completed leaves the others unchanged, and no temporary file", () => {
  const folder = emptyFolder();
  writeFiles("--out", folder, { "a.txt": "old" }, texts.en);
  expect(() => writeFiles("--out", folder, { "a.txt": "new", "none/b.txt": "new" }, texts.en)).toThrow(/\(ENOENT\)/);
  expect(readdirSync(folder)).toEqual(["a.txt"]);
  expect(readFileSync(join(folder, "a.txt"), "utf8")).toBe("old");
});
