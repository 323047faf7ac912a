// Random programs against a live PyTorch run: values, gradients, and which backwards fail.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { randomCases } from "../../../ci/in-ci.ts";
import { pythonWithTorch } from "./oracle.ts";
import { type Outcome, randomProgram, type Step } from "./random-program.ts";

const script = fileURLToPath(new URL("../../../golden/programs.py", import.meta.url));
const count = randomCases(1000);
const firstSeed = Number(process.env.EDDY_FUZZ_SEED ?? 1);

/** The first difference of two lists of numbers that exceeds rounding, relative to the largest number. */
function difference(actual: readonly number[] | null, expected: readonly number[] | null): string | undefined {
  if (actual === null || expected === null) {
    return actual === expected ? undefined : `expected ${expected ?? "none"}, received ${actual ?? "none"}`;
  }
  if (actual.length !== expected.length) return `expected ${expected.length} elements, received ${actual.length}`;
  const scale = expected.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
  const at = expected.findIndex((value, i) => !(Math.abs(value - actual[i]) <= 1e-4 * scale));
  return at < 0 ? undefined : `expected ${expected[at]}, received ${actual[at]} at ${at}`;
}

function firstDifference(actual: Outcome, expected: Outcome & { error?: string }): string | undefined {
  if (expected.error !== undefined) return expected.error;
  for (const [i, values] of expected.values.entries()) {
    const found = difference(actual.values[i], values);
    if (found !== undefined) return `tensor ${i}: ${found}`;
  }
  for (const [i, { accepted, gradients }] of expected.backwards.entries()) {
    const own = actual.backwards[i];
    if (own?.accepted !== accepted) return `backward ${i}: expected ${accepted ? "accepted" : "rejected"}`;
    for (const [leaf, gradient] of gradients.entries()) {
      const found = difference(own.gradients[leaf], gradient);
      if (found !== undefined) return `gradient of leaf ${leaf} after backward ${i}: ${found}`;
    }
  }
  for (const [i, values] of expected.leaves.entries()) {
    const found = difference(actual.leaves[i], values);
    if (found !== undefined) return `leaf ${i} at the end: ${found}`;
  }
  return undefined;
}

/** A program as text, with numbered tensors. */
function text(steps: readonly Step[]): string {
  let next = 0;
  return steps
    .map(({ op, from, ...rest }) => {
      const makes = !["write", "writeRow", "freeze", "step", "backward"].includes(op);
      return `${makes ? `t${next++} = ` : ""}${op}(${from.map((i) => `t${i}`).join(", ")}) ${JSON.stringify(rest)}`;
    })
    .join("\n");
}

test(`${count} random programs have PyTorch's values and gradients`, ({ skip }) => {
  const python = pythonWithTorch() ?? skip("found no python3 that imports torch; Debian's package is python3-torch");
  const programs = Array.from({ length: count }, (_, i) => ({ seed: firstSeed + i, ...randomProgram(firstSeed + i) }));
  const { stdout, stderr, status } = spawnSync(python, [script], {
    input: JSON.stringify(programs.map(({ steps }) => steps)),
    encoding: "utf8",
    maxBuffer: 2 ** 30,
  });
  expect(status, stderr).toBe(0);
  const outcomes = JSON.parse(stdout.replaceAll("Infinity", "1e999").replaceAll("NaN", "null")) as Outcome[];
  const wrong = programs.flatMap(({ seed, steps, outcome }, i) => {
    const found = firstDifference(outcome, outcomes[i]);
    return found === undefined ? [] : [`seed ${seed}: ${found}\n${text(steps)}`];
  });
  // The programs must cover what they are meant to test.
  const all = programs.flatMap(({ outcome }) => outcome.backwards);
  expect(all.filter(({ accepted }) => accepted).length).toBeGreaterThan(count / 2);
  if (count >= 1000) expect(all.filter(({ accepted }) => !accepted).length).toBeGreaterThan(0);
  if (wrong.length > 0) expect.fail(`${wrong.length} of ${count} differ:\n${wrong.slice(0, 3).join("\n\n")}`);
}, 300_000);
