// Options of `eddy train`: parsing, conversion to library options, and formatting as a command.

import { quoted, quotedColumns, quotedFile } from "@eddy/ui/results";
import { type Command, Option } from "commander";
import {
  type Bounds,
  cellNames,
  computingSettings,
  type FlaggedSetting,
  type ModelOptions,
  modelSettings,
  partSettings,
  type Setting,
  type SettingName,
  type TrainingOptions,
  type TrainingSummary,
  trainingSettings,
} from "eddy/series";
import { number } from "../format.ts";
import type { Texts } from "../texts/languages.ts";
import { addForecastOptions, type ForecastOptions, forecastArgs } from "./forecast-options.ts";
import { choice, columnNames, gapsBy, numberBy, share, shareOf, timeSpan } from "./option-values.ts";
import { bounds, boundsWritten, numberList } from "./row-options.ts";
import { addTableOptions, type TableOptions, tableArgs } from "./table.ts";

/** The settings under the library's names, and the options that only the command has. */
export interface TrainOptions
  extends TableOptions,
    ForecastOptions,
    Pick<ModelOptions & TrainingOptions, Exclude<FlaggedSetting, "validation" | "test">> {
  input?: string[];
  target?: string[];
  validation?: number;
  /** A share or a file. */
  test?: string;
  out: string;
  /** The path of a model to continue from. */
  from?: string;
  resume?: boolean;
  report: boolean;
  json?: boolean;
}

const settings = { ...partSettings, ...modelSettings, ...trainingSettings, ...computingSettings };
const flagged = (Object.keys(settings) as SettingName[]).filter(
  (name): name is FlaggedSetting => "flag" in settings[name],
);

/** The command's defaults that differ from the library's. */
const defaults: { [Name in FlaggedSetting]?: TrainOptions[Name] } = { seed: 1, budgetMs: 50_000 };
const defaultOut = "model.safetensors";

export function addTrainOptions(command: Command, texts: Texts): void {
  const train = texts.train.help;
  command
    .option("--input <columns>", train.input, columnNames(texts, "--input"))
    .option("--target <columns>", train.target, columnNames(texts, "--target"));
  addForecastOptions(command, texts);
  addTableOptions(command, texts);
  for (const name of flagged) command.addOption(new SettingOption(name, texts));
  command
    .option("--out <file>", train.out + texts.defaultIs(defaultOut), defaultOut)
    .option("--from <model>", train.from)
    .option("--resume", train.resume)
    .option("--no-report", train.noReport)
    .option("--json", train.json);
}

/** An option that is stored under the name of its setting. */
class SettingOption extends Option {
  readonly #setting: FlaggedSetting;

  constructor(name: FlaggedSetting, texts: Texts) {
    const { expected, read } = notationOf(name, texts);
    const { meaning, default: dependentDefault } = texts.train.settings[name];
    const value = defaults[name] === undefined ? settings[name].default : defaults[name];
    const isEmpty = typeof value === "object" && Object.keys(value).length === 0;
    const inWords = value === undefined || isEmpty || typeof value === "function";
    const byDefault = inWords ? dependentDefault! : written(name, value);
    const help = expected === undefined ? meaning : texts.valueIs(meaning, expected.trim());
    super(settings[name].flag, typeof value === "boolean" ? help : help + texts.defaultIs(byDefault));
    this.#setting = name;
    this.default(defaults[name]);
    if (read !== undefined) this.argParser(read);
  }

  override attributeName(): string {
    return this.#setting;
  }
}

/** The parser of a setting's option, and the expected value if `--help` should show it. */
function notationOf(name: FlaggedSetting, texts: Texts): { read?: (value: string) => unknown; expected?: string } {
  const { rule, example = "" }: Setting<unknown, never> = settings[name];
  const option = optionOf(name);
  if (name === "validation") return { read: share(texts, option, example), expected: texts.share };
  if (name === "test") return { expected: texts.shareOrPath };
  if (name === "budgetMs") return { read: timeSpan(texts, option, example), expected: texts.span };
  if (name === "refit") return {};
  if (name === "gaps") return { read: gapsBy(rule, texts, option, example) };
  if (name === "missing") return { read: numberList(texts, option, example) };
  if (name === "bounds") return { read: bounds(texts, option, example), expected: texts.bounds };
  if (name === "cell") return { read: choice(texts, option, cellNames), expected: texts.oneOf(cellNames.join(", ")) };
  return { read: numberBy(rule, texts, option, example) };
}

/** The name of a setting's option, for example "--hidden". */
function optionOf(name: FlaggedSetting): string {
  return settings[name].flag.split(" ")[0]!;
}

/** The value of a setting as its option reads it. */
function written(name: FlaggedSetting, value: unknown): string {
  if (name === "budgetMs") return Number.isFinite(value) ? `${Number(value) / 1000}s` : "none";
  if (name === "missing") return (value as number[]).join(",");
  if (name === "bounds") return boundsWritten(value as Bounds);
  return (name === "validation" || name === "test") && typeof value === "number" ? shareWritten(value) : String(value);
}

/** As a percentage if it is exact; a rounded share would change the split. */
function shareWritten(share: number): string {
  const percent = `${number(100 * share)}%`;
  return share === 0 || shareOf(percent) === share ? percent : share.toFixed(20).replace(/0+$/, "");
}

export function modelOptions(options: TrainOptions): ModelOptions {
  return { inputs: options.input!, targets: options.target!, ...given(options, modelSettings) };
}

export function fitOptions(options: TrainOptions, more: TrainingOptions): TrainingOptions {
  const { validation, budgetMs, jobs } = options;
  const limited = Number.isFinite(budgetMs) ? budgetMs : undefined;
  return { validation, jobs, ...given(options, trainingSettings), budgetMs: limited, ...more };
}

/** The given options of one table of settings; the library chooses the others. */
function given<Settings extends object>(
  options: TrainOptions,
  table: Settings,
): Pick<TrainOptions, keyof TrainOptions & keyof Settings> {
  return Object.fromEntries(Object.entries(options).filter(([name]) => name in table)) as Pick<
    TrainOptions,
    keyof TrainOptions & keyof Settings
  >;
}

/** The command that reproduces the model, regardless of the time limit. */
export function commandToRepeat(files: readonly string[], options: TrainOptions, summary: TrainingSummary): string[] {
  const { settings, stopped } = summary;
  // A budget fixes epochs and networks in advance, and the learning rate decays over the planned epochs.
  const trained = Math.max(...summary.networks.map(({ epochs }) => epochs));
  const epochs = Math.max(1, Math.round(stopped === "budget" ? trained : settings.epochs));
  const { networks, variants } = settings;
  const budgetMs = Number.POSITIVE_INFINITY;
  return commandAsGiven(files, { ...options, epochs, networks, variants, budgetMs, report: true });
}

/** The command as it was given, as a list of arguments. */
export function commandAsGiven(files: readonly string[], options: TrainOptions): string[] {
  const { input, target, out, from } = options;
  const args = [["eddy train", ...files.map(quotedFile)].join(" ")];
  if (from === undefined) {
    if (input) args.push(`--input ${quotedColumns(input)}`);
    args.push(`--target ${quotedColumns(target!)}`, ...forecastArgs(options));
  } else args.push(`--from ${quoted(from)}`);
  args.push(...tableArgs(options));
  for (const name of flagged) {
    const value = options[name];
    if (value === undefined || value === false) continue;
    if (name === "budgetMs" && value === defaults.budgetMs) continue;
    args.push(value === true ? optionOf(name) : `${optionOf(name)} ${quoted(written(name, value))}`);
  }
  if (out !== defaultOut) args.push(`--out ${quoted(out)}`);
  if (!options.report) args.push("--no-report");
  return args;
}
