// What `eddy train` can be told, what that means to the library, and how to write it as a command again.
import type { Command } from "commander";
import { type CellName, cellNames, type FitOptions, type FitSummary, type RegressorOptions } from "eddy/series";
import { number } from "../format.ts";
import { quoted, quotedColumns, quotedFile } from "../terminal/shell.ts";
import type { Texts } from "../texts/languages.ts";
import { choice, columnNames, positiveNumber, share, shareOf, timeSpan, wholeNumber } from "./option-values.ts";
import { addTableOptions, type TableOptions, tableWords } from "./table.ts";

export interface TrainOptions extends TableOptions {
  input?: string[];
  target?: string[];
  /** A share or a file. */
  test?: string;
  val: number;
  /** Milliseconds; Infinity for none. */
  budget: number;
  seed: number;
  out: string;
  cell?: CellName;
  hidden?: number;
  layers?: number;
  epochs?: number;
  lr?: number;
  washout?: number;
  restarts?: number;
  refit?: boolean;
  resume?: boolean;
  report: boolean;
  json?: boolean;
}

const usual = { val: 0.25, budget: 50_000, out: "model.safetensors" };

export function addTrainOptions(command: Command, texts: Texts): void {
  const train = texts.train.help;
  const { defaultIs } = texts;
  const whole = (flag: string, text: string, minimum: number, example: number) =>
    command.option(`${flag} <n>`, text, wholeNumber(texts, flag, minimum, example));
  command
    .option("--input <columns>", train.input, columnNames(texts, "--input"))
    .option("--target <columns>", train.target, columnNames(texts, "--target"));
  addTableOptions(command, texts);
  command
    .option("--test <share or file>", train.test)
    .option("--val <share>", train.val + defaultIs("25%"), share(texts, "--val", "25%"), usual.val)
    .option("--budget <time>", train.budget + defaultIs("50s"), timeSpan(texts, "--budget", "60s"), usual.budget)
    .option("--seed <n>", train.seed + defaultIs("1"), wholeNumber(texts, "--seed", 0, 1), 1)
    .option("--out <file>", train.out + defaultIs(usual.out), usual.out)
    .option("--cell <kind>", cellNames.join(", "), choice(texts, "--cell", cellNames));
  whole("--hidden", train.hidden, 1, 32);
  whole("--layers", train.layers, 1, 1);
  whole("--epochs", train.epochs, 1, 100);
  command.option("--lr <x>", train.lr, positiveNumber(texts, "--lr", 0.005));
  whole("--washout", train.washout, 0, 50);
  whole("--restarts", train.restarts, 0, 2);
  command
    .option("--refit", train.refit)
    .option("--resume", train.resume)
    .option("--no-report", train.noReport)
    .option("--json", train.json);
}

export function modelOptions({ input, target, cell, hidden, layers, washout, seed }: TrainOptions): RegressorOptions {
  return defined({ inputs: input!, targets: target!, cell, hiddenSize: hidden, numLayers: layers, washout, seed });
}

export function fitOptions({ val, budget, epochs, lr, restarts, refit }: TrainOptions, more: FitOptions): FitOptions {
  const budgetMs = Number.isFinite(budget) ? budget : undefined;
  return defined({ validation: val, budgetMs, epochs, learningRate: lr, restarts, refit, ...more });
}

/** Without the keys whose value is undefined: what is left out is chosen by the library. */
function defined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

/** The command as it was given, in pieces that belong together. */
export function commandAsGiven(files: readonly string[], options: TrainOptions): string[] {
  const { budget, epochs } = options;
  const words = commandWords(files, options);
  if (epochs !== undefined) words.push(`--epochs ${epochs}`);
  if (!options.report) words.push("--no-report");
  if (budget !== usual.budget) words.push(`--budget ${Number.isFinite(budget) ? `${budget / 1000}s` : "none"}`);
  return words;
}

/** The command that makes the same model again, whatever the clock says. */
export function commandToRepeat(files: readonly string[], options: TrainOptions, summary: FitSummary): string[] {
  const { settings, stopped, epochs } = summary;
  // A budget decides on epochs and restarts beforehand, and the learning rate falls with the planned epochs.
  const planned = Math.max(1, Math.round(stopped === "budget" ? epochs : settings.epochs));
  const restarts = settings.restarts > 0 ? settings.restarts : options.restarts;
  return [...commandWords(files, { ...options, restarts }), `--epochs ${planned}`, "--budget none"];
}

/** In percent where that is exact: another share would be another split. */
function shareWritten(share: number): string {
  const percent = `${number(100 * share)}%`;
  return shareOf(percent) === share ? percent : share.toFixed(20).replace(/0+$/, "");
}

function commandWords(files: readonly string[], options: TrainOptions): string[] {
  const { input, target, test, val, cell, hidden, layers, lr, washout, restarts, refit, seed, out } = options;
  const words = [["eddy train", ...files.map(quotedFile)].join(" ")];
  words.push(`--input ${quotedColumns(input!)}`, `--target ${quotedColumns(target!)}`, ...tableWords(options));
  const valued = { test, cell, hidden, layers, lr, washout, restarts, seed };
  for (const [name, value] of Object.entries(valued)) {
    if (value !== undefined) words.push(`--${name} ${quoted(String(value))}`);
  }
  if (val !== usual.val) words.push(`--val ${shareWritten(val)}`);
  if (refit) words.push("--refit");
  if (out !== usual.out) words.push(`--out ${quoted(out)}`);
  return words;
}
