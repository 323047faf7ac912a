// The options of `eddy train`: the help shows meaning and default of each setting; values are accepted as in the library.
import { computingSettings, meanings, modelSettings, partSettings, trainingSettings } from "eddy/series";
import { expect, test } from "vitest";
import { type Language, languages, texts } from "../src/texts/languages.ts";
import { eddy } from "./command.ts";

const settings = { ...partSettings, ...modelSettings, ...trainingSettings, ...computingSettings };
const flagged = (Object.keys(settings) as (keyof typeof settings)[]).filter(
  (name) => settings[name].flag !== undefined,
);

const helpIn = async (language: Language) => {
  const terminal = { columns: 1000, rows: 40 };
  return (await eddy(["train", "--help", "--lang", language], undefined, { terminal })).stdout;
};

test("the English help shows the library's meaning and default of each setting", async () => {
  const help = await helpIn("en");
  expect(flagged.length).toBeGreaterThan(10);
  for (const name of flagged) {
    const { flag, default: usual } = settings[name];
    const line = help.split("\n").find((one) => one.trim().startsWith(`${flag} `))!;
    expect(line, name).toContain(meanings[name].meaning);
    if (typeof usual === "function" || name === "validation" || name === "jobs")
      expect(line).toContain(`(default: ${meanings[name].default})`);
    else if (typeof usual !== "boolean") expect(line).toMatch(/\(default: [^)]+\)$/);
  }
});

test("the Chinese help has a separate text for each setting, and for defaults that depend on the data", async () => {
  const help = await helpIn("zh");
  const zh: Readonly<Record<string, { meaning: string; default?: string }>> = texts.zh.train.settings;
  for (const name of flagged) {
    const line = help.split("\n").find((one) => one.trim().startsWith(`${settings[name].flag} `))!;
    expect(line, name).toContain(zh[name]!.meaning);
    if (typeof settings[name].default === "function") expect(line).toContain(`（默认值：${zh[name]!.default}）`);
  }
});

test.each([
  ["--hidden", "0", "an integer ≥ 1", "不小于 1 的整数"],
  ["--layers", "1.5", "an integer ≥ 1", "不小于 1 的整数"],
  ["--washout", "-1", "an integer ≥ 0", "不小于 0 的整数"],
  ["--seed", "one", "an integer", "整数"],
  ["--epochs", "", "an integer ≥ 1", "不小于 1 的整数"],
  ["--lr", "0", "a number > 0", "大于 0 的数"],
  ["--networks", "Infinity", "an integer ≥ 1", "不小于 1 的整数"],
  ["--jobs", "0", "an integer ≥ 1", "不小于 1 的整数"],
])("%s %s is a usage error", async (flag, word, english, chinese) => {
  for (const language of languages) {
    const { code, stderr } = await eddy(["train", "data.csv", flag, word, "--lang", language]);
    expect(code).toBe(2);
    const expected = { en: `${flag}: expected ${english}, received "${word}"`, zh: `${flag}：应为${chinese}，` };
    expect(stderr).toContain(expected[language]);
  }
});
