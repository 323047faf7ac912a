// Forecasts on the command line: train, predict and evaluate, in both languages, with the errors of wrong options.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Forecaster } from "eddy/series";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eddy } from "./command.ts";

const folder = mkdtempSync(join(tmpdir(), "eddy-forecast-"));
afterAll(() => rmSync(folder, { recursive: true }));

const rows = 320;
const ahead = 4;

/** Two sites with a daily cycle, and a holiday that lowers the load; the last rows of each have no load yet. */
function csv(): string {
  const lines = ["time,site,load,holiday"];
  for (const [site, base] of [
    ["north", 50],
    ["south", 80],
  ] as const) {
    for (let t = 0; t < rows + ahead; t++) {
      const time = new Date(Date.UTC(2025, 0, 1, t)).toISOString().slice(0, 16);
      const holiday = Math.floor(t / 24) % 5 === 4 ? 1 : 0;
      const load = base + 9 * Math.sin((2 * Math.PI * t) / 24) - 6 * holiday + 0.4 * Math.sin(t * t + base * t);
      lines.push(`${time},${site},${t < rows ? load.toFixed(3) : ""},${holiday}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

const short = ["--epochs", "2", "--networks", "4", "--hidden", "4", "--budget", "none", "--jobs", "1"];
const columns = ["--time", "time", "--group", "site", "--target", "load", "--known", "holiday"];

beforeAll(() => writeFileSync(join(folder, "load.csv"), csv()));

describe("a forecast of 4 h", () => {
  let trained: Awaited<ReturnType<typeof eddy>>;
  beforeAll(async () => {
    trained = await eddy(["train", "load.csv", "--forecast", "4h", ...columns, "--test", "25%", ...short], folder);
  }, 300_000);

  test("training prints the backtest and writes model and page", () => {
    expect(trained.stderr).not.toContain("eddy:");
    expect(trained.code).toBe(0);
    expect(trained.stdout).toContain("Forecast of load, 4 rows ahead");
    expect(trained.stdout).toMatch(/same row of the last season +\d/);
    expect(trained.stdout).toMatch(/The 90 % bands contain \d+ % of the values/);
    const { plan } = Forecaster.fromBytes(readFileSync(join(folder, "model.safetensors")));
    expect(plan).toMatchObject({ targets: ["load"], known: ["holiday"], horizon: 4, season: 24 });
    const page = readFileSync(join(folder, "model-report/report.html"), "utf8");
    expect(page).toContain("What the linear filter looks at");
    expect(page).not.toContain("NaN");
    expect(page).not.toContain("<script");
  });

  test("predict gives the next rows of each group, with bands", async () => {
    const { code, stdout } = await eddy(["predict", "model.safetensors", "load.csv"], folder);
    expect(code).toBe(0);
    const lines = stdout.trim().split("\n");
    expect(lines[0]).toBe("time,site,load,load_low,load_high");
    expect(lines).toHaveLength(1 + 2 * ahead);
    expect(lines[1]).toMatch(/^2025-01-14T08:00:00Z,north,/);
    expect(lines[8]).toMatch(/^2025-01-14T11:00:00Z,south,/);
    const [, , load, low, high] = lines[8]!.split(",").map(Number);
    expect(low! < load! && load! < high!).toBe(true);
  });

  test("evaluate backtests, also as JSON and in Chinese", async () => {
    const words = ["evaluate", "model.safetensors", "load.csv", "--backtest", "--test", "25%"];
    const json = await eddy([...words, "--json"], folder);
    const { windows, targets } = JSON.parse(json.stdout);
    expect(windows).toBe(2 * (0.25 * (rows + ahead) - ahead + 1));
    expect(targets.load.model.steps).toHaveLength(ahead);
    expect(targets.load.baselines.last.mse).toBeGreaterThan(targets.load.model.mse);
    expect(targets.load.groups.map(({ group }: { group: string }) => group)).toEqual(["north", "south"]);
    const chinese = await eddy([...words, "--lang", "zh"], folder);
    expect(chinese.stdout).toContain("预测 load，提前 4 行");
    expect(chinese.stdout).toContain("上一个季节的同一行");
  }, 120_000);

  test("without the known rows, predict says which are missing", async () => {
    const lines = csv().split("\n");
    writeFileSync(join(folder, "short.csv"), `${lines.slice(0, 1 + rows).join("\n")}\n`);
    const { code, stderr } = await eddy(["predict", "model.safetensors", "short.csv"], folder);
    expect(code).toBe(1);
    expect(stderr).toContain('values of "holiday" for 4 rows after the last measured target');
  });
});

test.each([
  [["--known", "holiday", "--target", "load"], "--known: expected --forecast or --own-past"],
  [["--forecast", "4h"], "--forecast: expected --target"],
  [["--forecast", "soon", "--target", "load"], "a number of rows such as 24"],
  [["--forecast", "4", "--target", "load", "--known", "load"], 'received "load" and "load"'],
  [["--forecast", "4h", "--target", "load", "--group", "site"], "pass --time, or the number of rows"],
  [["--forecast", "10m", "--target", "load", "--time", "time", "--group", "site"], "at least one row"],
])("%j is refused", async (words, message) => {
  const { code, stderr } = await eddy(["train", "load.csv", ...words], folder);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});
