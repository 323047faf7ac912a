// The verdict on a model: from its scores alone, for each target, with its errors and what to do next, in both languages.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { byTarget, type Judgement, judge, judgementOf, overall, toneOf } from "@eddy/ui/results";
import type { Comparison, TargetScores, Winner } from "eddy/series";
import { describe, expect, test } from "vitest";
import { languages, texts } from "../src/texts/languages.ts";
import { eddy, emptyFolder } from "./command.ts";

/** Scores of a target whose standard deviation is 1, so that R² = 1 − RMSE². */
const scores = (rmse: number, more: Partial<TargetScores> = {}): TargetScores => ({
  ...{ rmse, mae: rmse, r2: 1 - rmse ** 2, fit: 100 * (1 - rmse), rows: 1234, skipped: 0 },
  ...more,
});

const skill = { linear: 0, mean: 0 };

/** The winners are stated here, since the library determines them. */
const comparison = (
  winners: Record<string, Winner>,
  model: TargetScores,
  linear: TargetScores,
  mean: TargetScores,
  taps = 8,
): Comparison => ({
  model,
  baselines: { linear: { ...linear, taps, ridge: 1 }, mean },
  skill,
  winner: Object.values(winners)[0]!,
  perTarget: Object.fromEntries(Object.entries(winners).map(([target, winner]) => [target, { winner, skill }])),
});

type Row = [
  what: string,
  model: number,
  linear: number,
  mean: number,
  winner: Winner,
  expected: Judgement,
  taps?: number,
];
const rows: Row[] = [
  ["clearly better", 0.2, 0.6, 1, "model", "beats"],
  ["R² of −5656, although both baselines are worse", Math.sqrt(5657), 240, 245, "none", "worseThanMean"],
  ["R² of −2.9, although both baselines are worse", Math.sqrt(3.9), 2.1, 2.2, "none", "worseThanMean"],
  ["R² just below 0", 1.001, 1.01, 1.02, "none", "worseThanMean"],
  ["worse than both baselines, the filter worse than the mean", 2, 1.5, 1, "mean", "meanWins"],
  ["worse than a filter that explains something", 2, 0.5, 1, "linear", "linearWins"],
  ["worse than a filter that explains nothing either", 2, 1.5, 1.8, "none", "worseThanMean"],
  ["worse than the filter, which is worse than a mean", 2, 1.5, 2.5, "none", "worseThanMean"],
  ["R² of 0.999, the filter's error 13 % smaller", 0.0316, 0.0275, 1, "linear", "linearSlightly"],
  ["R² of 0.92, the filter explains 1 % more", Math.sqrt(0.08), Math.sqrt(0.0701), 1, "linear", "linearSlightly"],
  ["R² of 0.92, the filter explains 4 % more", Math.sqrt(0.08), Math.sqrt(0.04), 1, "linear", "linearWins"],
  ["R² of 0.5, the filter's error 4 % smaller", 0.7, 0.672, 1, "linear", "linearSlightly"],
  ["R² of 0.5, the filter's error 6 % smaller", 0.7, 0.658, 1, "linear", "linearWins"],
  ["a little better than the filter", 0.39, 0.395, 1, "model", "barely"],
  ["better than both, but R² of 0.19", 0.9, 0.99, 1, "model", "weak"],
  ["as good as the mean, and barely better than both baselines", 0.9999, 1.01, 1.0001, "model", "nothing"],
  ["R² of 0.01, the filter's 0.02", Math.sqrt(0.99), Math.sqrt(0.98), 1, "linear", "nothing"],
  ["R² of 0.02, the filter's 0.3", Math.sqrt(0.98), Math.sqrt(0.7), 1, "linear", "linearWins"],
  ["R² just below 0, the filter's 0.02", 1.001, 0.99, 1.0005, "linear", "nothing"],
  ["an input that is the target", 0.02, 1e-7, 1, "linear", "leak", 1],
  ["a noise-free linear system with a memory", 0.02, 1e-7, 1, "linear", "linearSlightly", 30],
  ["an input that is the target, and a perfect model", 0, 0, 1, "linear", "leak", 1],
];

describe("the judgement", () => {
  test.each(rows)("%s", (_, model, linear, mean, winner, expected, taps) => {
    const [only] = byTarget(comparison({ y: winner }, scores(model), scores(linear), scores(mean), taps), ["y"]);
    expect(judge(only!)).toBe(expected);
  });

  test("of a constant, of no rows, of errors that are not finite", () => {
    const constant = scores(0.1, { r2: Number.NaN, fit: Number.NaN });
    const of = (model: TargetScores) =>
      judge(byTarget(comparison({ y: "none" }, model, scores(1), scores(1)), ["y"])[0]!);
    expect(of(constant)).toBe("constant");
    expect(of(scores(Number.NaN, { rows: 0 }))).toBe("unscored");
    expect(of(scores(Number.POSITIVE_INFINITY))).toBe("unscored");
  });

  test("with R² below 0 is never good", () => {
    const worse = rows.filter(([, model]) => model > 1);
    expect(worse.length).toBeGreaterThan(5);
    for (const [, , , , , judgement] of worse) expect(toneOf[judgement]).toBe("bad");
  });
});

describe("the verdict", () => {
  const of = (
    [model, linear, mean]: [number, number, number],
    winner: Winner,
    language: (typeof languages)[number] = "en",
    taps = 8,
  ) => {
    const scored = comparison({ "level [V]": winner }, scores(model), scores(linear), scores(mean), taps);
    return judgementOf(byTarget(scored, ["level [V]"])[0]!, texts[language].report.parts.test, texts[language].report);
  };

  test("states the winner first, with units", () => {
    expect(of([0.3, 1, 2], "model")).toMatchObject({
      tone: "good",
      text: "The model beats both baselines. On test (1,234 rows) its RMSE is 3.3 times smaller than the linear filter's and 6.7 times smaller than the mean's.",
    });
    expect(of([0.0316, 0.0275, 1], "linear").text).toBe(
      "A linear filter is slightly better than the model. On test (1,234 rows) its RMSE is 0.0275 V, the model's 0.0316 V. Use the linear filter or the model; the difference is small: the filter's error is 13 % smaller, R² is 0.9992 compared with 0.9990.",
    );
    expect(of([Math.sqrt(3.9), 2.1, 2.2], "none").text).toBe(
      "The model is worse than the mean of the scored rows (R² -2.90): do not use it. On test (1,234 rows) its RMSE is 1.97 V; neither baseline is useful.",
    );
  });

  test.each(rows)(
    "has no gap and no invalid number in either language: %s",
    (_, model, linear, mean, winner, __, taps) => {
      for (const language of languages) {
        const { text, judgement } = of([model, linear, mean], winner, language, taps);
        expect(text).not.toMatch(/NaN|undefined|Infinity|null|\[object| {2}/);
        if (judgement !== "beats") expect(text).toMatch(/ V/);
        if (language === "zh") expect(text).not.toMatch(/[a-z]{4,} [a-z]{3,}/);
      }
    },
  );

  test("of several targets has one for each, with its unit and rows; the first line summarises", () => {
    const each = (cm: TargetScores, flow: TargetScores) => ({
      ...scores(1),
      perTarget: { "y [cm]": cm, "q [l/s]": flow },
    });
    const verdict = (scored: Comparison, language: (typeof languages)[number] = "en") => {
      const { parts } = texts[language].report;
      const each = byTarget(scored, ["y [cm]", "q [l/s]"]).map((one) =>
        judgementOf(one, parts.test, texts[language].report),
      );
      return { ...overall(each, texts[language].report), each };
    };
    const {
      tone,
      text,
      each: targets,
    } = verdict(
      comparison(
        { "y [cm]": "model", "q [l/s]": "mean" },
        each(scores(0.2), scores(1.2, { rows: 1 })),
        each(scores(0.6), scores(1.3)),
        each(scores(1), scores(1.1)),
      ),
    );
    expect([tone, text]).toEqual([
      "bad",
      "Of 2 targets, the model beats both baselines on y [cm]; do not trust the model on q [l/s].",
    ]);
    expect(targets).toMatchObject([
      { target: "y [cm]", judgement: "beats", tone: "good", text: expect.stringContaining("(1,234 rows)") },
      { target: "q [l/s]", judgement: "meanWins", tone: "bad", text: expect.stringContaining("(1 row)") },
    ]);
    expect(targets[1]!.text).toContain("1.2 l/s");
    const good = comparison(
      { "y [cm]": "model", "q [l/s]": "model" },
      each(scores(0.2), scores(0.2)),
      each(scores(0.6), scores(0.6)),
      each(scores(1), scores(1)),
    );
    expect([verdict(good).text, verdict(good, "zh").text]).toEqual([
      "The model beats both baselines on all 2 targets.",
      "在全部 2 个目标上，模型都优于两个基线。",
    ]);
  });
});

/** A first-order system with noise, driven by steps. */
function system(rows: number, seed = 1) {
  const random = () => {
    seed = (seed * 16807) % 2147483647;
    return seed / 2147483647;
  };
  let [u, y] = [0, 0];
  return Array.from({ length: rows }, () => {
    if (random() < 0.05) u = 2 * random() - 1;
    y = 0.9 * y + 0.3 * Math.tanh(2 * u) + 0.02 * (random() - 0.5);
    return [u, y] as [number, number];
  });
}

describe("training on misleading data", () => {
  const quick = [
    "--budget",
    "none",
    "--epochs",
    "4",
    "--hidden",
    "4",
    "--networks",
    "1",
    "--test",
    "20%",
    "--no-report",
  ];
  const train = async (lines: string[], words: string[], language = "en") => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "d.csv"), lines.join("\n"));
    const all = ["train", "d.csv", ...words, ...quick, "--lang", language];
    const [json, plain] = [await eddy([...all, "--json"], cwd), await eddy(all, cwd)];
    expect([json.code, plain.code]).toEqual([0, 0]);
    return { told: JSON.parse(json.stdout), text: plain.stdout.replace(/\s+/g, " ") };
  };
  const one = ["--input", "u", "--target", "y [cm]"];

  test("reports a spike of 1e6 in the training data, with its row", async () => {
    const lines = system(1000).map(([u, y], i) => `${u},${i === 411 ? 1e6 : y}`);
    const { told, text } = await train(["u,y [cm]", ...lines], one);
    expect(told.summary.test.model.r2).toBeLessThan(0);
    expect(told.verdict.tone).toBe("bad");
    expect(text).toContain("y [cm] is 1e+6 cm in row 412, far from all other values");
    const zh = await train(["u,y [cm]", ...lines], one, "zh");
    expect(zh.text).toContain("第 412 行的 y [cm] 为 1e+6 cm");
  });

  test("reports drift between the parts", async () => {
    const lines = system(1000).map(([u, y], i) => `${u},${y + (i < 600 ? 0 : (i - 600) / 10)}`);
    const { told, text } = await train(["u,y [cm]", ...lines], one);
    expect(told.verdicts).toMatchObject([{ target: "y [cm]", tone: "bad" }]);
    expect(told.advice).toMatchObject([{ code: "drift" }, ...told.advice.slice(1)]);
    expect(text).toContain("The target has drifted: the mean of y [cm] on test is");
  });

  test("suspects an input that is the target", async () => {
    const { told, text } = await train(
      ["u,x,y [cm]", ...system(600).map(([u, y]) => `${u},${3 * y + 1},${y}`)],
      [...["--input", "u,x"], ...["--target", "y [cm]"]],
    );
    expect(told.verdicts[0]).toMatchObject({ judgement: "leak", tone: "even" });
    expect(text).toContain("an input may be the target itself");
    expect(told.advice[0].code).toBe("leak");
    expect(text).toContain("x determines the target almost exactly (correlation 1.0000 in the same row).");
  });

  test("cannot judge a target that is constant in the test part", async () => {
    const lines = system(600).map(([u, y], i) => `${u},${i < 470 ? y : 0.25}`);
    const { told, text } = await train(["u,y [cm]", ...lines], one);
    expect(told.verdicts[0]).toMatchObject({ judgement: "constant" });
    expect(text).toContain("all measured values are equal, so R² is undefined");
    expect(text).not.toMatch(/NaN|Infinity/);
  });

  test("two targets with different units get one sentence each", async () => {
    const lines = system(600).map(([u, y], i) => `${u},${100 * y},${(i * 7919) % 13}`);
    const { told, text } = await train(["u,y [cm],q [l/s]", ...lines], ["--input", "u", "--target", "y [cm],q [l/s]"]);
    expect(told.verdicts.map(({ target }: { target: string }) => target)).toEqual(["y [cm]", "q [l/s]"]);
    expect(text).toMatch(/^ Of 2 targets, .* y \[cm\]: .* cm.* q \[l\/s\]: .* l\/s/);
  });
});
