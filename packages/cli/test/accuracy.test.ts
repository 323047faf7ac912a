// A small check of accuracy on real data: Seattle's hourly normals, temperature from pressure, wind and time of day.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect } from "vitest";
import { longTest } from "../../../ci/long-test.ts";
import { eddy, emptyFolder } from "./command.ts";

// One year has each season once, so weeks are held out, every fourth; each week is a series of its own.
longTest(
  "on weeks not used for training, the model beats the linear filter by more than a seventh of its error",
  async () => {
    const built = createRequire(import.meta.url).resolve("vega-datasets"); // its build folder; the data lies beside
    const csv = readFileSync(join(built, "../../data/seattle-weather-hourly-normals.csv"), "utf8");
    const [header, ...rows] = csv.trim().split("\n");
    expect([header, rows.length]).toEqual(["date,pressure,temperature,wind", 8759]);
    const cwd = emptyFolder();
    const files: Record<string, string[]> = { train: [], test: [] };
    for (const [i, row] of rows.entries()) {
      const [date, pressure, temperature, wind] = row.split(",") as [string, string, string, string];
      const week = Math.floor(i / (7 * 24));
      const angle = (2 * Math.PI * Number(date.slice(11, 13))) / 24;
      const cells = [week, date, pressure, wind, Math.sin(angle), Math.cos(angle), temperature];
      files[week % 4 === 3 ? "test" : "train"]!.push(cells.join(","));
    }
    for (const [name, lines] of Object.entries(files)) {
      const columns = "week,date,pressure,wind,hour_sin,hour_cos,temperature";
      writeFileSync(join(cwd, `${name}.csv`), `${[columns, ...lines].join("\n")}\n`);
    }
    const words = ["--input", "pressure,wind,hour_sin,hour_cos", "--target", "temperature", "--time", "date"];
    words.push(
      "--group",
      "week",
      "--test",
      "test.csv",
      "--epochs",
      "10",
      "--networks",
      "1",
      "--budget",
      "none",
      "--no-report",
      "--json",
    );
    const { code, stdout } = await eddy(["train", "train.csv", ...words], cwd);
    expect(code).toBe(0);
    const { winner, scoredOn, summary } = JSON.parse(stdout);
    expect([winner, scoredOn, summary.rows.test]).toEqual(["model", "test", 13 * 7 * 24]);
    const { model, baselines } = summary.test;
    expect(baselines.linear.rmse).toBeLessThan(0.6 * baselines.mean.rmse); // a floor worth beating: 2.6 K of 5.4 K
    expect(model.rmse).toBeLessThan(0.85 * baselines.linear.rmse);
  },
);
