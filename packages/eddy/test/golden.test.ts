// The golden files equal PyTorch's results; CI recomputes them.
import { spawnSync } from "node:child_process";
import { expect } from "vitest";
import { longTest } from "../../../ci/long-test.ts";
import { makeGolden, pythonWithTorch } from "./oracle.ts";

longTest(
  "golden files equal a live PyTorch run",
  ({ skip }) => {
    const python = pythonWithTorch() ?? skip("found no python3 that imports torch; Debian's package is python3-torch");
    const check = spawnSync(python, [makeGolden, "--check"], { encoding: "utf8" });
    expect(check.status, check.stdout + check.stderr).toBe(0);
  },
  300_000,
);
