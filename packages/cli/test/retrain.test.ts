// Retraining: a model continues on new rows, and is compared with the deployed one.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { eddy, emptyFolder } from "./command.ts";

/** A response to a drive that jumps now and then; `gain` is what changes with time. */
function table(rows: number, gain: number, seed: number): string {
  let [state, u, y] = [seed, 0, 0];
  const random = () => {
    state = (state * 16807) % 2147483647;
    return state / 2147483647;
  };
  const lines = Array.from({ length: rows }, () => {
    if (random() < 0.1) u = 3 * random();
    y = 0.7 * y + 0.3 * gain * u;
    return `${u.toFixed(4)},${(y + 0.02 * (random() - 0.5)).toFixed(4)}`;
  });
  return `u,y\n${lines.join("\n")}\n`;
}

const quick = [
  "--budget",
  "none",
  "--epochs",
  "3",
  "--hidden",
  "3",
  "--networks",
  "2",
  "--variants",
  "1",
  "--no-report",
];

test("the deployed model is continued on new rows, compared and kept; the better one is named in both languages", async () => {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, "old.csv"), table(500, 1, 3));
  writeFileSync(join(cwd, "new.csv"), table(400, 1.5, 5));
  writeFileSync(join(cwd, "later.csv"), table(400, 1.5, 9));
  const columns = ["--input", "u", "--target", "y"];
  expect((await eddy(["train", "old.csv", ...columns, ...quick, "--out", "m.safetensors"], cwd)).code).toBe(0);
  const deployed = readFileSync(join(cwd, "m.safetensors"));

  const again = ["train", "new.csv", "--from", "m.safetensors", "--budget", "none", "--epochs", "3"];
  const { code, stdout, stderr } = await eddy([...again, "--test", "40%"], cwd);
  expect(code, stderr).toBe(0);
  expect(stdout).toContain("on the test rows:");
  expect(stdout.replaceAll("\n", " ")).toContain("m-retrained.safetensors is better than m.safetensors: RMSE ");
  expect(stdout).toContain("m-retrained.safetensors can replace m.safetensors.");
  expect(readFileSync(join(cwd, "m.safetensors")).equals(deployed)).toBe(true);
  const page = readFileSync(join(cwd, "m-retrained-report/report.html"), "utf8");
  expect(page).toContain("the new model is better than the previous model");
  expect(page).toContain("<code>--from m.safetensors</code>");
  expect(page).toMatch(/<table class="columns">.*<svg class="course"/s);

  const compared = async (...words: string[]) => (await eddy(["evaluate", ...words], cwd)).stdout.replaceAll("\n", " ");
  expect(await compared("m.safetensors", "m-retrained.safetensors", "later.csv")).toMatch(
    /^m-retrained\.safetensors is better than m\.safetensors: RMSE .* can replace m\.safetensors\. $/,
  );
  expect(await compared("m.safetensors", "m-retrained.safetensors", "old.csv")).toContain("Keep m.safetensors.");
  expect(await compared("m.safetensors", "m.safetensors", "old.csv")).toContain("do not differ by more than chance");
  expect(await compared("m.safetensors", "m-retrained.safetensors", "later.csv", "--lang", "zh")).toContain(
    "m-retrained.safetensors 可以取代 m.safetensors。",
  );
  const json = JSON.parse(await compared("m.safetensors", "m-retrained.safetensors", "later.csv", "--json"));
  expect(json).toMatchObject({ deployed: "m.safetensors", better: "candidate", perTarget: { y: { rows: 400 } } });
  expect(existsSync(join(cwd, "m-evaluation"))).toBe(false);
});

test("options that contradict the model are rejected", async () => {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, "old.csv"), table(200, 1, 3));
  const columns = ["--input", "u", "--target", "y"];
  await eddy(["train", "old.csv", ...columns, ...quick, "--out", "m.safetensors"], cwd);
  const from = (...words: string[]) => eddy(["train", "old.csv", "--from", "m.safetensors", ...words], cwd);
  const hidden = await from("--hidden", "7");
  expect(hidden).toMatchObject({ code: 1, stderr: expect.stringContaining("received hiddenSize = 7 instead of 3") });
  expect((await from("--out", "m.safetensors")).code).toBe(2);
  expect((await eddy(["train", "old.csv", "--from", "none.safetensors"], cwd)).code).toBe(1);
  const report = await eddy(["evaluate", "m.safetensors", "m.safetensors", "old.csv", "--out", "x"], cwd);
  expect(report).toMatchObject({ code: 2, stderr: expect.stringContaining("expected a single model for a report") });
});
