// What to do next: each rule on rows made for it, in both languages, the order of importance, and the place of errors.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Judgement, toneOf } from "@eddy/ui/results";
import { Frame, type Model, type TargetScores, type TrainingSummary } from "eddy/series";
import { describe, expect, test } from "vitest";
import { type Advice, adviceOf } from "../src/report/advice/advice.ts";
import { correlationAtLag } from "../src/report/advice/correlation.ts";
import type { Evidence, TargetEvidence } from "../src/report/advice/evidence.ts";
import { errorsOf } from "../src/report/errors.ts";
import { languages, texts } from "../src/texts/languages.ts";
import { eddy, emptyFolder } from "./command.ts";

const rows = 400;
const u = noise(rows, 3);
const white = noise(rows, 8);

/** White noise from −0.5 to 0.5. */
function noise(length: number, seed: number): Float64Array {
  return Float64Array.from({ length }, () => {
    seed = (seed * 16807) % 2147483647;
    return seed / 2147483647 - 0.5;
  });
}

/** A target with these judgement and scores; R² follows from the RMSE, as the standard deviation is 1. */
function judged(judgement: Judgement, [model, linear, mean] = [0.2, 0.6, 1], scored = rows): TargetEvidence {
  const scores = (rmse: number): TargetScores => {
    return { rmse, mae: rmse, r2: 1 - rmse ** 2, fit: 0, rows: scored, skipped: 0 };
  };
  return {
    target: "y [V]",
    judgement,
    winner: toneOf[judgement] === "good" || judgement === "weak" || judgement === "barely" ? "model" : "linear",
    model: scores(model!),
    linear: { ...scores(linear!), taps: 8 },
    mean: scores(mean!),
  };
}

/** A model that leaves these residuals, about which there is nothing else to say. */
function evidence(more: Partial<Evidence> = {}, residuals: Float64Array = white, inputs: Float64Array = u): Evidence {
  const frame = new Frame({ "u [A]": inputs, w: noise(rows, 5), "y [V]": residuals });
  const summary = {
    inputsRange: { "u [A]": { min: -0.5, max: 0.5, mean: 0 }, w: { min: -0.5, max: 0.5, mean: 0 } },
    targetsRange: { "y [V]": { min: -0.5, max: 0.5, mean: 0 } },
    settings: {
      washout: 0,
      initialWindow: 0,
      features: ["u [A]", "w"].map((name) => ({ name, input: name })),
    },
    share: { "y [V]": 0.12 },
    networks: Array(8),
    rows: { train: 1600 },
  };
  return {
    model: { options: { inputs: ["u [A]", "w"], targets: ["y [V]"], hiddenSize: 16 } } as unknown as Model,
    summary: summary as unknown as TrainingSummary,
    part: "test",
    targets: [judged("beats")],
    scored: [{ frame, predicted: new Frame({ "y [V]": new Float64Array(rows) }), fromStart: true }],
    frame,
    unpredicted: 0,
    ...more,
  };
}

/** The same with other results of the training. */
const trained = (found: Evidence, more: Partial<TrainingSummary>): Evidence => ({
  ...found,
  summary: { ...found.summary, ...more },
});

const advise = (found: Evidence, language: (typeof languages)[number] = "en") => adviceOf(found, texts[language]);

const cases: [code: Advice["code"], Evidence, text: RegExp][] = [
  [
    "leak",
    evidence({ targets: [judged("leak", [0.01, 0.001, 1])] }, u),
    /^u \[A\] determines the target almost exactly \(correlation 1\.0000 in the same row\)\. Remove it from --input\./,
  ],
  [
    "leak",
    evidence({ targets: [judged("leak", [0.01, 0.001, 1])] }),
    /^Together, the inputs of one row determine .* \(R² 1\.0000\)\. Remove the one/,
  ],
  [
    "drift",
    evidence({ targets: [judged("weak", [0.9, 0.95, Math.sqrt(5)])] }),
    /the mean of y \[V\] on test is 2 V \(2 standard deviations\) away from the training mean/,
  ],
  [
    "inputsOutside",
    evidence(
      {},
      white,
      u.map((value, t) => (t < 40 ? 0.5 + t / 100 : value)),
    ),
    /^On test, u \[A\] is outside its training range \(-0\.5 – 0\.5 A\) in 10 % of the rows, by up to 0\.39 A\./,
  ],
  [
    "fewRows",
    evidence({ targets: [judged("beats", [0.2, 0.6, 1], 38)] }),
    /^Only 38 rows were scored: the score is uncertain \(RMSE ± 11 % or more\)\. Hold out more rows with --test/,
  ],
  [
    "fewRows",
    evidence({ targets: [judged("beats", [0.2, 0.6, 1], 1)] }),
    /^Only 1 row was scored: the score is uncertain \(RMSE ± 71 % or more\)/,
  ],
  [
    "missingInputs",
    evidence(
      { unpredicted: 40 },
      white,
      u.map((value, t) => (t % 10 === 0 ? Number.NaN : value)),
    ),
    /^In 10 % of the rows an input is missing for too long to be filled, most often u \[A\] \(40\)\. .* remove u \[A\] from --input\.$/,
  ],
  [
    "startTransient",
    evidence(
      {},
      white.map((value, t) => value + (t < 10 ? 5 : 0)),
    ),
    /^In the first 10 rows of a series the errors are larger \(RMSE [45]\.\d+ V, then 0\.\d+ V\).* --washout 10\.$/,
  ],
  [
    "uninformative",
    evidence({ targets: [judged("weak", [0.9, 0.99, 1])] }),
    /^The inputs explain 19 % of the variance of y \[V\]\. Add inputs/,
  ],
  [
    "uninformative",
    evidence({ targets: [judged("meanWins", [1.1, 1.2, 1])] }),
    /^The inputs explain none of the variance/,
  ],
  [
    "belowFilter",
    evidence({ targets: [judged("linearWins", [0.5, 0.4, 1])] }),
    /^The linear filter's error is 20 % smaller .*--budget/,
  ],
  [
    "likeFilter",
    evidence({ targets: [judged("barely", [0.39, 0.4, 1])] }),
    /^The networks contribute little: their share of the prediction is 12 %, .* error by only 3 %\. .* nearly linear/,
  ],
  [
    "likeFilter",
    evidence({ targets: [judged("linearSlightly", [0.4, 0.39, 1])] }),
    /^The networks contribute little: .* is 12 %, and they improve nothing on the linear filter\. /,
  ],
  [
    "likeFilter",
    trained(evidence({ targets: [judged("isFilter", [0.4, 0.4, 1])] }), { share: { "y [V]": 0 } }),
    /^On validation, the networks did not improve .*, so the model uses the filter alone: /,
  ],
  [
    "moreData",
    trained(evidence(), { gainFromTwiceTheData: 0.1 }),
    /with twice the 1,600 rows of training data, the error would be about 10 % lower\.$/,
  ],
  [
    "unevenBlocks",
    evidence({ overBlocks: { lowest: 0.1, highest: 0.3 } }),
    /on blocks of the training rows that a network had not seen, its RMSE was between 0\.1 V and 0\.3 V/,
  ],
  [
    "networksDisagree",
    evidence({ spread: { "y [V]": 0.25 } }),
    /^The networks disagree: their predictions differ by 0\.25 V \(standard deviation\), .* is 0\.2 V\. .*--networks 16\)/,
  ],
  [
    "pastInput",
    evidence(
      {},
      white.map((value, t) => value + (t >= 7 ? u[t - 7]! : 0)),
    ),
    /^The errors follow u \[A\] 7 rows earlier \(correlation 0\.\d\d\): .* \(--hidden 32\)/,
  ],
  [
    "autocorrelated",
    evidence(
      { targets: [judged("beats", [0.5, 0.7, 1])] },
      white.map((_, t) => white[t]! + (white[t - 1] ?? 0)),
    ),
    /^Each error resembles the one before \(correlation 0\.[45]\d\), without following an input/,
  ],
  [
    "autocorrelated",
    evidence(
      { targets: [judged("beats", [0.1, 0.6, 1])] },
      white.map((_, t) => white[t]! + (white[t - 1] ?? 0)),
    ),
    /^The remaining errors are small, but not random: .* \(correlation 0\.[45]\d\)\. A longer training \(--budget\)/,
  ],
];

describe("the advice", () => {
  test.each(cases)("%s", (code, found, text) => {
    expect(advise(found)[0]).toEqual({ code, text: expect.stringMatching(text) });
    for (const language of languages) {
      const [first] = advise(found, language);
      expect(first!.code).toBe(code);
      expect(first!.text).not.toMatch(/NaN|undefined|Infinity|null|false|\[object| {2}/);
      if (language === "zh") expect(first!.text).not.toMatch(/[a-z]{4,} [a-z]{3,} [a-z]{3,}/);
    }
  });

  test("outliers are reported with their row, and instead of a drift", () => {
    const spike = white.map((value, t) => (t === 41 ? 1e6 : value));
    const of = (judgement: Judgement, rowsAsInFile: boolean) => {
      const found = evidence({ training: { rowsAsInFile }, targets: [judged(judgement, [2, 1.8, 3])] }, spike);
      found.summary.targetsRange["y [V]"]!.max = 1e6;
      return advise(found);
    };
    const [first, ...others] = of("worseThanMean", true);
    expect(first).toMatchObject({ code: "outliers", text: expect.stringContaining("y [V] is 1e+6 V in row 42, far") });
    expect(others.map(({ code }) => code)).not.toContain("drift");
    expect(of("worseThanMean", false)[0]!.text).toContain("y [V] is 1e+6 V, far");
    expect(of("beats", true).map(({ code }) => code)).not.toContain("outliers");
  });

  test("is empty if nothing was found, has at most three entries, and names the target if there are several", () => {
    expect(advise(evidence())).toEqual([]);
    expect(
      advise(
        trained(evidence({ overBlocks: { lowest: 1, highest: 1.5 }, spread: { "y [V]": 0.19 } }), {
          gainFromTwiceTheData: 0.02,
        }),
      ),
    ).toEqual([]);
    const much = evidence(
      { targets: [judged("linearWins", [0.5, 0.4, 1], 20)] },
      white.map((value, t) => value + (t < 10 ? 5 : 0)),
      u.map((value) => 3 * value),
    );
    expect(advise(much).map(({ code }) => code)).toEqual(["inputsOutside", "fewRows", "startTransient"]);
    const two = evidence({ targets: [judged("linearWins", [0.5, 0.4, 1]), { ...judged("beats"), target: "z" }] });
    two.scored = [];
    expect(advise(two)[0]).toMatchObject({ target: "y [V]", text: expect.stringMatching(/^y \[V\]: The linear/) });
  });

  test("two slow signals that correlate by chance are not taken for cause and effect", () => {
    const slow = (signal: Float64Array) => {
      let state = 0;
      return signal.map((value) => (state = 0.95 * state + value));
    };
    const [input, residuals] = [slow(u), slow(white)];
    const lags = Array.from({ length: 100 }, (_, lag) => Math.abs(correlationAtLag([input], [residuals], lag)));
    expect(Math.max(...lags)).toBeGreaterThan(0.3);
    const found = evidence({}, residuals, input);
    found.summary.inputsRange["u [A]"] = { min: -9, max: 9, mean: 0 };
    expect(advise(found).map(({ code }) => code)).toContain("autocorrelated");
    expect(advise(found).map(({ code }) => code)).not.toContain("pastInput");
  });

  test("start transients are reported only where the state starts, and beyond the washout", () => {
    const late = white.map((value, t) => value + (t < 10 ? 5 : 0));
    const found = evidence({}, late);
    found.scored[0]!.fromStart = false;
    expect(advise(found).map(({ code }) => code)).not.toContain("startTransient");
    const excluded = evidence({}, late);
    excluded.summary.settings.washout = 50;
    expect(advise(excluded)[0]!.text).toContain("--washout 60");
  });
});

test("the correlation at a lag equals Pearson's r of the shifted rows, also far from 0 and with missing values", () => {
  const [a, b] = [u.map((value) => 1e6 + value), white.map((value, t) => value + 2 * (u[t - 3] ?? 0))];
  const pairs = Array.from({ length: rows - 3 }, (_, i) => [u[i]!, b[i + 3]!] as const).filter((_, i) => i !== 50);
  const mean = (at: 0 | 1) => pairs.reduce((sum, pair) => sum + pair[at], 0) / pairs.length;
  const moment = (i: 0 | 1, j: 0 | 1) => pairs.reduce((sum, p) => sum + (p[i] - mean(i)) * (p[j] - mean(j)), 0);
  const expected = moment(0, 1) / Math.sqrt(moment(0, 0) * moment(1, 1));
  a[50] = Number.NaN;
  expect(correlationAtLag([a], [b], 3)).toBeCloseTo(expected, 5);
  // Stretches are not joined, and constants have no correlation.
  const halves = (values: Float64Array) => [values.slice(0, 200), values.slice(200)];
  expect(correlationAtLag(halves(a), halves(b), 3)).toBeCloseTo(expected, 1);
  expect(correlationAtLag([new Float64Array(9).fill(2)], [white.slice(0, 9)], 0)).toBe(0);
});

describe("the sizes of errors", () => {
  const sizes = { typical: 0.12, within95: 0.31, largest: 0.9, largestRow: 3 };
  const scores: TargetScores = { rmse: 1, mae: 1, r2: 0, fit: 0, rows: 4, skipped: 0, errors: sizes };
  const y = { y: [1, 2, 3, 4] };
  const time = [0, 1, 2, 3].map((i) => Date.UTC(2024, 2, 5, 14, i));
  const sentence = (frame: Frame, timeKind: "date" | "number" | undefined, language: "en" | "zh" = "en") => {
    const { groups } = frame;
    const byGroup = groups?.labels.map((group, i) => ({
      ...sizes,
      group,
      rows: 2,
      within95: i,
      largestRow: 2 * i + 1,
    }));
    const own = { ...scores, ...(byGroup && { groups: byGroup }) };
    return texts[language].report.errors(errorsOf("y [V]", own, { frame, timeKind }, texts[language])!.all.words);
  };

  test("have units, and a time, a date or a row, with its group", () => {
    const group = ["ann", "ann", "bo", "bo"];
    const prefix = "Typical error 0.12 V; 95 % of the rows are within 0.31 V; largest 0.9 V ";
    expect(sentence(new Frame(y, { time }), "date")).toBe(`${prefix}at 2024-03-05 14:03.`);
    expect(sentence(new Frame(y, { time, group }), "date")).toBe(`${prefix}at 2024-03-05 14:03 (bo).`);
    expect(sentence(new Frame(y, { time: [0, 0.5, 1, 1.5] }), "number")).toBe(`${prefix}at time 1.5.`);
    expect(sentence(new Frame(y), undefined)).toBe(`${prefix}in row 4.`);
    expect(sentence(new Frame(y, { group }), undefined)).toBe(`${prefix}in row 2 of bo.`);
    expect(sentence(new Frame(y, { group }), undefined, "zh")).toBe(
      "典型误差 0.12 V；95% 的行误差不超过 0.31 V；最大误差 0.9 V，出现在 bo 的第 2 行。",
    );
    expect(sentence(new Frame(y, { time }), "date", "zh")).toContain("最大误差 0.9 V，出现在 2024-03-05 14:03。");
  });

  test("of groups begin with the worst one; files of earlier versions have none", () => {
    const frame = new Frame(y, { group: ["ann", "ann", "bo", "bo"] });
    const groups = [
      { ...sizes, group: "ann", rows: 2 },
      { ...sizes, group: "bo", rows: 2, within95: 0.5 },
    ];
    const found = errorsOf("y", { ...scores, groups }, { frame, timeKind: undefined }, texts.en)!;
    expect(found.groups.map(({ group, words }) => [group, words.within95])).toEqual([
      ["bo", "0.5"],
      ["ann", "0.31"],
    ]);
    const { errors: _, ...older } = scores;
    expect(errorsOf("y", older, { frame, timeKind: undefined }, texts.en)).toBeUndefined();
  });
});

describe("in the output of train and evaluate", () => {
  const quick = ["--budget", "none", "--epochs", "2", "--hidden", "2", "--networks", "1", "--no-report"];
  const lines = Array.from({ length: 8 }, (_, g) =>
    Array.from({ length: 60 }, (_, i) => `line ${g},${Math.sin(i * (g + 2))},${(g + 1) * Math.sin(i * (g + 2) - 1)}`),
  ).flat();

  test("groups are aligned columns, with the worst and the best if there are many; --json has them all", async () => {
    const cwd = emptyFolder();
    writeFileSync(join(cwd, "d.csv"), ["unit,u,y [V]", ...lines].join("\n"));
    const words = ["train", "d.csv", "--input", "u", "--target", "y [V]", "--group", "unit", ...quick];
    const [plain, json] = [await eddy(words, cwd), await eddy([...words, "--json"], cwd)];
    const table = /\n {10}typical error +95 % of rows within +largest error\n((?: {2}\S.*\n)+)/.exec(plain.stdout)![1]!;
    const shown = table.trimEnd().split("\n");
    expect(shown).toHaveLength(7);
    expect(shown[3]).toBe("  … and 2 more");
    expect(shown[0]).toMatch(/^ {2}line \d +[\d.]+ V +[\d.]+ V {2}[\d.]+ V in row \d+$/);
    const [{ errors, groups }] = JSON.parse(json.stdout).verdicts;
    expect(plain.stdout.replace(/\s+/g, " ")).toContain(`Typical error ${errors.words.typical};`);
    expect(groups).toHaveLength(8);
    expect(shown[0]).toContain(groups[0].group);
    expect(shown[6]).toContain(groups[7].group);
    expect(groups.map(({ within95 }: { within95: number }) => within95)).toEqual(
      groups.map(({ within95 }: { within95: number }) => within95).toSorted((a: number, b: number) => b - a),
    );
  });

  test("the winner agrees with the verdict on tiny files, too", async () => {
    const cwd = emptyFolder();
    const winners = new Map([
      ["beats", ["model"]],
      ["weak", ["model"]],
      ["barely", ["model"]],
      ["linearWins", ["linear"]],
      ["linearSlightly", ["linear"]],
      ["isFilter", ["linear"]],
      ["meanWins", ["mean"]],
      ["worseThanMean", ["none"]],
      ["constant", ["none"]],
      ["unscored", ["none"]],
      ["nothing", ["model", "linear"]],
    ]);
    const seen = new Set<string>();
    for (let size = 12; size < 40; size += 3) {
      const y = (i: number) => (size % 2 ? Math.sin(i * i) : Math.round(Math.sin(i / 3)));
      const cells = Array.from({ length: size }, (_, i) => `${Math.sin(1 + i * size)},${y(i)}`);
      writeFileSync(join(cwd, "d.csv"), ["u,y", ...cells].join("\n"));
      const { stdout, stderr } = await eddy(
        ["train", "d.csv", "--input", "u", "--target", "y", "--test", "25%", ...quick, "--json"],
        cwd,
      );
      expect(stderr).not.toContain("eddy:");
      const { winner, verdicts } = JSON.parse(stdout);
      seen.add(verdicts[0].judgement);
      expect(winners.get(verdicts[0].judgement), verdicts[0].judgement).toContain(winner);
    }
    expect(seen.size).toBeGreaterThan(1);
  });
});
