// Forecasts on the command line: train, predict and evaluate, in both languages, with the errors of wrong options.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Forecaster } from "eddy/series";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { longTest } from "../../../ci/long-test.ts";
import { eddy, start } from "./command.ts";

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
    expect(trained.stdout).toMatch(/The 90 % bands contain (> )?[\d.]+ % of the values/);
    const { plan } = Forecaster.fromBytes(readFileSync(join(folder, "model.safetensors")));
    expect(plan).toMatchObject({ targets: ["load"], known: ["holiday"], horizon: 4, season: 24 });
    const page = readFileSync(join(folder, "model-report/report.html"), "utf8");
    for (const told of [trained.stdout, page.replace(/<[^>]+>/g, " ")]) {
      expect(told).toMatch(/group +RMSE +in band +width/);
      expect(told).toMatch(/north +[\d.]+ +(> )?\d+ % +[\d.]+/);
      expect(told).toMatch(/south +[\d.]+ +(> )?\d+ % +[\d.]+/);
    }
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

  const backtest = ["evaluate", "model.safetensors", "load.csv", "--backtest", "--test", "25%"];

  test("evaluate backtests, as JSON", async () => {
    const json = await eddy([...backtest, "--json"], folder);
    const { windows, targets } = JSON.parse(json.stdout);
    expect(windows).toBe(2 * (0.25 * (rows + ahead) - ahead + 1));
    expect(targets.load.model.steps).toHaveLength(ahead);
    expect(targets.load.baselines.last.mse).toBeGreaterThan(targets.load.model.mse);
    expect(targets.load.groups.map(({ group }: { group: string }) => group)).toEqual(["north", "south"]);
  }, 120_000);

  longTest(
    "evaluate backtests in Chinese",
    async () => {
      const chinese = await eddy([...backtest, "--lang", "zh"], folder);
      expect(chinese.stdout).toContain("预测 load，提前 4 行");
      expect(chinese.stdout).toContain("上一个季节的同一行");
    },
    120_000,
  );

  test("without the known rows, predict says which are missing", async () => {
    const lines = csv().split("\n");
    writeFileSync(join(folder, "short.csv"), `${lines.slice(0, 1 + rows).join("\n")}\n`);
    const { code, stderr } = await eddy(["predict", "model.safetensors", "short.csv"], folder);
    expect(code).toBe(1);
    expect(stderr).toContain('values of "holiday" for 4 rows after the last measured target');
  });
});

describe("Ctrl-C", () => {
  const words = ["train", "load.csv", "--forecast", "4h", ...columns, "--test", "25%", "--no-report"];
  const settings = ["--networks", "4", "--hidden", "4", "--budget", "none", "--jobs", "1"];
  const once = (pattern: RegExp) => {
    let sent = false;
    return (told: string) => {
      if (sent || !pattern.test(told)) return undefined;
      sent = true;
      return "SIGINT" as const;
    };
  };

  test("before the first validation leaves nothing", async () => {
    const own = mkdtempSync(join(folder, "early-"));
    writeFileSync(join(own, "load.csv"), csv());
    const { code, stderr } = await eddy([...words, ...settings, "--epochs", "2"], own, { onTold: once(/comparing/) });
    expect(stderr).toContain("interrupted before the first validation");
    expect(code).toBe(130);
    expect(readdirSync(own)).toEqual(["load.csv"]);
  }, 120_000);

  longTest(
    "later keeps the best model, and --resume continues",
    async () => {
      const own = mkdtempSync(join(folder, "late-"));
      writeFileSync(join(own, "load.csv"), csv());
      const long = [...words, ...settings, "--epochs", "100000"];
      const saved = join(own, "model.resume.safetensors");
      const savedAt = () => (existsSync(saved) ? statSync(saved).mtimeMs : 0);
      /** Runs the command and interrupts it after its first checkpoint. */
      const untilSaved = async (more: string[]) => {
        const before = savedAt();
        const { child, ended } = start([...long, ...more], own);
        const timer = setInterval(() => {
          if (savedAt() === before) return;
          clearInterval(timer);
          child.kill("SIGINT");
        }, 20);
        return ended;
      };
      const { code, stdout, stderr } = await untilSaved([]);
      expect(stderr).toContain("--resume continues from here");
      expect(code).toBe(130);
      expect(stdout).toMatch(/--target load --forecast 4h --known holiday .* --resume/);
      expect(readdirSync(own).sort()).toEqual(["load.csv", "model.resume.safetensors", "model.safetensors"]);
      const again = await untilSaved(["--resume"]);
      expect(again.code).toBe(130);
      const epochOf = (told: string) => Number(/\(epoch (\d+)\)/.exec(told)![1]);
      expect(epochOf(again.stderr)).toBeGreaterThanOrEqual(epochOf(stderr));
      const other = await eddy([...long, "--resume", "--seed", "7", "--lang", "zh"], own);
      expect(other.code).toBe(1);
      expect(other.stderr).toContain("seed");
    },
    300_000,
  );
});

test.each([
  [["--known", "holiday", "--target", "load"], "--known: expected --forecast or --own-past"],
  [["--forecast", "4h"], "--forecast: expected --target"],
  [["--forecast", "4h", "--own-past", "--target", "load"], "--own-past: expected no --forecast beside it"],
  [["--own-past", "--initial-window", "9", "--target", "load"], "omit --initial-window"],
  [["--forecast", "soon", "--target", "load"], "a number of rows such as 24"],
  [["--forecast", "4", "--target", "load", "--known", "load"], 'received "load" and "load"'],
  [["--forecast", "4h", "--target", "load", "--group", "site"], "pass --time, or the number of rows"],
  [["--forecast", "10m", "--target", "load", "--time", "time", "--group", "site"], "at least one row"],
])("%j is refused", async (words, message) => {
  const { code, stderr } = await eddy(["train", "load.csv", ...words], folder);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});

test("a forecast does not continue from a model, in both languages", async () => {
  const words = ["train", "load.csv", "--forecast", "4", "--target", "load", "--from", "model.safetensors"];
  const english = await eddy(words, folder);
  expect([english.code, english.stderr]).toEqual([
    2,
    expect.stringContaining("a forecast cannot continue from a model"),
  ]);
  const chinese = await eddy([...words, "--lang", "zh"], folder);
  expect(chinese.stderr).toContain("预测模型不能从已有模型继续训练");
  const own = await eddy(["train", "load.csv", "--from", "model.safetensors"], folder);
  expect([own.code, own.stderr]).toEqual([2, expect.stringContaining('received a forecast ("model.safetensors")')]);
});

test("the page of one step draws rare values as a line, without codes of missing values", async () => {
  const lines = ["lab,flow"];
  for (let t = 0; t < 300; t++) {
    const lab = t % 6 === 3 ? (20 + 5 * Math.sin(t / 15)).toFixed(2) : t === 297 ? "-999" : "";
    lines.push(`${lab},${Math.cos(t / 15).toFixed(3)}`);
  }
  writeFileSync(join(folder, "lab.csv"), `${lines.join("\n")}\n`);
  const words = ["train", "lab.csv", "--own-past", "--target", "lab", "--input", "flow", "--missing", "-999"];
  const { code, stdout } = await eddy([...words, "--test", "30%", ...short, "--out", "lab.safetensors"], folder);
  expect(code).toBe(0);
  expect(stdout).toContain("lab: 15 of the 90 values that were forecast were measured; only these count.");
  const page = readFileSync(join(folder, "lab-report/report.html"), "utf8");
  // A line of many points through the measured values; their axis does not reach down to the code.
  expect(page).toMatch(/d="M[\d.,]+(L[\d.,]+){10,}"[^>]*--measured/);
  expect(page).not.toContain(">-500<");
  expect(page).not.toContain("Errors by step ahead");
}, 120_000);

test("bounds, excluded rows, codes of missing values and gaps", async () => {
  const options = [
    "--bounds",
    "load=..86",
    "--missing",
    "-999",
    "--exclude",
    "2025-01-05..2025-01-06",
    "--gaps",
    "hold:2",
  ];
  const words = ["train", "load.csv", "--forecast", "4h", ...columns, ...short, ...options, "--season", "24"];
  const trained = await eddy([...words, "--no-report", "--out", "bounded.safetensors"], folder);
  expect([trained.code, trained.stderr]).toEqual([0, expect.not.stringContaining("eddy:")]);
  const { stdout } = await eddy(["predict", "bounded.safetensors", "load.csv"], folder);
  const highs = stdout
    .trim()
    .split("\n")
    .slice(5)
    .map((line) => Number(line.split(",")[4]));
  expect(Math.max(...highs)).toBe(86);
  const wrong = await eddy([...words, "--bounds", "lode=0..1"], folder);
  expect(wrong.stderr).toContain('--bounds: expected targets (load), received "lode"');
}, 300_000);
