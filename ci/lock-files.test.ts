// Every lock file in the repository pins each package by its hash, and contains no registry URL.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

interface LockedPackage {
  integrity?: string;
  resolved?: string;
  link?: boolean;
}

const root = fileURLToPath(new URL("..", import.meta.url));
const listed = execFileSync("git", ["ls-files", "*package-lock.json"], { cwd: root, encoding: "utf8" });
const lockFiles = listed.trim().split("\n");

test.each(lockFiles)("%s", (file) => {
  const { packages } = JSON.parse(readFileSync(join(root, file), "utf8")) as {
    packages: Record<string, LockedPackage>;
  };
  // Only workspaces and the links to them have no hash: they are folders of this repository.
  const installed = Object.entries(packages).filter(([path, { link }]) => path.includes("node_modules/") && !link);
  expect(installed.length).toBeGreaterThan(0);
  expect(installed.filter(([, { integrity }]) => !integrity).map(([path]) => path)).toEqual([]);
  expect(installed.filter(([, { resolved }]) => resolved).map(([path]) => path)).toEqual([]);
});
