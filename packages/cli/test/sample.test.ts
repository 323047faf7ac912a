// The sample file: its script writes the same bytes again, and a short training on it beats the linear filter.
import { execFileSync } from "node:child_process";
import { copyFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { eddy, emptyFolder } from "./command.ts";

const examples = fileURLToPath(new URL("../../../examples/", import.meta.url));
const sample = join(examples, "tank.csv");

test("make-tank.ts prints tank.csv byte for byte", () => {
  const printed = execFileSync(process.execPath, ["--import", "tsx", join(examples, "make-tank.ts")]);
  expect(printed.equals(readFileSync(sample))).toBe(true);
  expect(printed.length).toBeLessThan(150_000);
});

// The defaults take 50 s and reach a seventh of the linear filter's error; this part of them halves it.
test("a short training on tank.csv halves the error of the linear filter", async () => {
  const cwd = emptyFolder();
  copyFileSync(sample, join(cwd, "tank.csv"));
  const columns = ["--input", "pump [V],valve [%]", "--target", "level [cm]", "--time", "time", "--test", "20%"];
  const short = ["--epochs", "1000", "--networks", "1", "--budget", "none", "--no-report", "--json"];
  const { code, stdout } = await eddy(["train", "tank.csv", ...columns, ...short], cwd);
  expect(code).toBe(0);
  const { winner, scoredOn, summary, importance } = JSON.parse(stdout);
  expect([winner, scoredOn, summary.rows.test]).toEqual(["model", "test", 400]);
  const { model, baselines } = summary.test;
  expect(baselines.linear.rmse).toBeLessThan(0.3 * baselines.mean.rmse);
  expect(importance.part).toBe("test");
  for (const { ratio } of importance.perTarget["level [cm]"].inputs) expect(ratio.mean).toBeGreaterThan(2);
  expect(model.rmse).toBeLessThan(0.55 * baselines.linear.rmse);
});
