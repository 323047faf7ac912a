// `eddy train`: a model of some columns from others, its honest scores, and its report.
import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import type { Command } from "commander";
import { type FitOptions, type FitSummary, type Frame, Regressor, type RegressorOptions } from "eddy/series";
import pc from "picocolors";
import { Failure, Interrupted, UsageError } from "../failure.ts";
import { interruptible } from "../interruption.ts";
import { type Language, type Texts, texts as textsOf } from "../language.ts";
import { reportFolder, resumePath } from "../model-file.ts";
import { choice, columnNames, positiveNumber, share, shareOf, timeSpan, wholeNumber } from "../option-values.ts";
import { prepareFolder, preparePlace, writeOne } from "../output-files.ts";
import { Progress } from "../progress.ts";
import type { Seen } from "../report/assemble.ts";
import { type ScoredPart, verdictOf } from "../report/verdict.ts";
import { number, unitOf } from "../report/written.ts";
import { showColumns } from "./columns.ts";
import { outcomeLines } from "./outcome.ts";
import { quoted } from "./shell.ts";
import { addLanguage, addTableOptions, readTable, type Table, type TableOptions } from "./table.ts";

interface Options extends TableOptions {
  input?: string[];
  target?: string[];
  test?: string;
  val: number;
  budget?: number;
  seed: number;
  out: string;
  cell?: "rnn" | "gru" | "lstm";
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

const checkpointEveryMs = 30_000;

/** Adds `train` to the program. */
export function addTrain(program: Command, language: Language): void {
  const texts = textsOf[language];
  const { train } = texts.training;
  const chosen = texts.defaultIs(train.chosen);
  const whole = (flag: string, text: string, minimum: number, example: number) =>
    command.option(`${flag} <n>`, text + chosen, wholeNumber(texts, flag, minimum, example));
  const command = program.command("train").description(train.about).argument("[file...]", train.file);
  command
    .option("--input <columns>", train.input, columnNames(texts, "--input"))
    .option("--target <columns>", train.target, columnNames(texts, "--target"));
  addTableOptions(command, texts);
  command
    .option("--test <share or file>", train.test)
    .option("--val <share>", train.val + texts.defaultIs("25%"), share(texts, "--val", "25%"), 0.25)
    .option("--budget <time>", train.budget + texts.defaultIs("50s"), timeSpan(texts, "--budget", "60s"), 50_000)
    .option("--seed <n>", train.seed + texts.defaultIs("1"), wholeNumber(texts, "--seed", 0, 1), 1)
    .option("--out <file>", train.out + texts.defaultIs("model.safetensors"), "model.safetensors")
    .option("--cell <kind>", train.cell + chosen, choice(texts, "--cell", ["rnn", "gru", "lstm"]));
  whole("--hidden", train.hidden, 1, 32);
  whole("--layers", train.layers, 1, 1);
  whole("--epochs", train.epochs, 1, 100);
  command.option("--lr <x>", train.lr + chosen, positiveNumber(texts, "--lr", 0.005));
  whole("--washout", train.washout, 0, 50);
  whole("--restarts", train.restarts, 0, 2);
  command
    .option("--refit", train.refit)
    .option("--resume", train.resume)
    .option("--no-report", train.noReport)
    .option("--json", train.json);
  addLanguage(command, texts, language).action((files: string[], options: Options) =>
    interruptible(
      (signal) => runTrain(files, options, language, signal),
      () => console.error(`\n${texts.training.stopping}`),
    ),
  );
}

async function runTrain(files: string[], options: Options, language: Language, signal: AbortSignal): Promise<void> {
  const texts = textsOf[language];
  const words = texts.training;
  const colors = pc.createColors(pc.isColorSupported && !process.env.NO_COLOR);
  const { input, target, out } = options;
  if (!input && !target) return showColumns(files, options, language, colors, signal);
  if (!input) throw new UsageError(words.missingOption("--target", "--input"));
  if (!target) throw new UsageError(words.missingOption("--input", "--target"));
  const both = input.find((name) => target.includes(name));
  if (both !== undefined) throw new UsageError(words.bothInputAndTarget(both));
  const testShare = options.test === undefined ? 0 : shareOf(options.test);
  if (testShare === undefined && !existsSync(options.test!)) throw new UsageError(words.shareOrFile(options.test!));
  preparePlace(out, texts);
  if (options.report) prepareFolder(reportFolder(out), texts);
  const resume = options.resume ? readResume(resumePath(out), texts) : undefined;

  const numbers = [
    ...input.map((name) => ({ name, option: "--input" })),
    ...target.map((name) => ({ name, option: "--target" })),
  ];
  const table = await readTable(files, numbers, options, texts, signal);
  const testTable =
    testShare === undefined ? await readTable([options.test!], numbers, options, texts, signal) : undefined;

  const model = new Regressor(modelOptions(options));
  const fitOptions: FitOptions = {
    ...{ validation: options.val, test: testTable?.frame ?? testShare, budgetMs: options.budget },
    ...{ epochs: options.epochs, learningRate: options.lr, restarts: options.restarts, refit: options.refit },
    ...{ signal, resume },
  };
  const summary = await fit(model, table.frame, defined(fitOptions), { out, texts, language, colors, signal });
  writeOne(out, model.toBytes(), texts);
  writeOne(resumePath(out), model.checkpoint(), texts);

  const scored: ScoredPart[] = [{ part: "validation", comparison: summary.validation }];
  if (summary.test) scored.unshift({ part: "test", comparison: summary.test });
  const command = commandOf(files, options, summary);
  const report = options.report
    ? await writeReportOf(model, scored, table, testTable, command, out, language)
    : undefined;
  const verdict = verdictOf(scored[0]!, model.options.targets, texts);
  if (options.json) {
    const paths = { model: out, resume: resumePath(out), report: report?.page, figures: report?.figures };
    const { tone, text } = verdict;
    console.log(
      JSON.stringify({
        winner: scored[0]!.comparison.winner,
        verdict: { tone, text },
        ...paths,
        parameters: model.parameterCount,
        summary,
      }),
    );
  } else {
    const paths: [string, string][] = [[words.wrote.model, out]];
    if (report)
      paths.push(
        [words.wrote.report, report.page],
        [words.wrote.figures, report.figures.map((path) => basename(path)).join(", ")],
      );
    const next = [
      `eddy predict ${quoted(out)} ${quoted(options.test && testTable ? options.test : (files[0] ?? "data.csv"))} --out predictions.csv`,
    ];
    if (summary.stopped === "budget") next.push(`${[...command, "--resume"].join(" ")}`);
    console.log(outcomeLines({ model, scored, paths, next }, texts, colors, process.stdout.columns ?? 100).join("\n"));
  }
  if (signal.aborted) throw new Interrupted(words.interrupted(summary.bestEpoch), signal.reason);
}

/** Trains, tells how far it is, and keeps what resuming needs on disk. */
async function fit(
  model: Regressor,
  frame: Frame,
  options: FitOptions,
  {
    out,
    texts,
    language,
    colors,
    signal,
  }: { out: string; texts: Texts; language: Language; colors: ReturnType<typeof pc.createColors>; signal: AbortSignal },
): Promise<FitSummary> {
  const { targets } = model.options;
  const unit = targets.length === 1 ? unitOf(targets[0]!) : undefined;
  const progress = new Progress(process.stderr, texts, language, colors, unit);
  let savedAt = performance.now();
  let epochs = 0;
  try {
    const reports = model.fit(frame, options);
    for (;;) {
      const { value, done } = await reports.next();
      if (done) return value;
      if (value.kind === "epoch") epochs++;
      progress.show(value);
      if (value.kind === "epoch" && performance.now() - savedAt > checkpointEveryMs) {
        writeOne(resumePath(out), model.checkpoint(), texts);
        savedAt = performance.now();
      }
    }
  } catch (error) {
    if (signal.aborted && epochs === 0) throw new Interrupted(texts.training.interruptedEarly, signal.reason);
    if (options.resume && !(error instanceof Failure)) {
      throw new Failure(texts.training.otherResume(resumePath(out), (error as Error).message), { cause: error });
    }
    throw error;
  } finally {
    progress.close();
  }
}

function modelOptions({ input, target, cell, hidden, layers, washout, seed }: Options): RegressorOptions {
  return defined({ inputs: input!, targets: target!, cell, hiddenSize: hidden, numLayers: layers, washout, seed });
}

/** Without the keys whose value is undefined: what is left out is chosen by the library. */
function defined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

function readResume(path: string, texts: Texts): Uint8Array {
  if (!existsSync(path)) throw new Failure(texts.training.noResume(path));
  return readFileSync(path);
}

async function writeReportOf(
  model: Regressor,
  scored: ScoredPart[],
  table: Table,
  testTable: Table | undefined,
  command: string[],
  out: string,
  language: Language,
) {
  const texts = textsOf[language];
  console.error(texts.training.writingReport);
  const { writeReport } = await import("../report/write.ts");
  const seen = ({ name, frame }: Table): Seen => ({ file: basename(name), frame, predicted: model.predict(frame) });
  const material = {
    kind: "train" as const,
    model,
    scored,
    seen: seen(table),
    testFile: testTable && seen(testTable),
    command,
  };
  try {
    return await writeReport(material, reportFolder(out), language);
  } catch (error) {
    if (error instanceof Failure) throw new Failure(texts.training.reportFailed(out, error.message), { cause: error });
    throw error;
  }
}

/** The command that makes the same model again, whatever the clock says. */
function commandOf(files: string[], options: Options, { settings, stopped, epochs }: FitSummary): string[] {
  const { input, target, test, val, seed, out } = options;
  const listed = (names: string[]) => quoted(names.map((name) => (name.includes(",") ? `"${name}"` : name)).join(","));
  const words = [
    `eddy train ${files.map(quoted).join(" ")}`.trim(),
    `--input ${listed(input!)}`,
    `--target ${listed(target!)}`,
  ];
  const add = (flag: string, value: string | number | undefined) => {
    if (value !== undefined) words.push(`${flag} ${quoted(String(value))}`);
  };
  add("--time", options.time);
  add("--time-format", options.timeFormat);
  add("--group", options.group);
  add("--sql", options.sql);
  add("--repair-time", options.repairTime);
  add("--test", test);
  if (val !== 0.25) add("--val", `${number(100 * val)}%`);
  add("--cell", options.cell);
  add("--hidden", options.hidden);
  add("--layers", options.layers);
  add("--lr", options.lr);
  add("--washout", options.washout);
  add("--restarts", options.restarts);
  if (options.refit) words.push("--refit");
  add("--seed", seed);
  // A budget may have shortened the plan, and the learning rate falls with the plan.
  add(
    "--epochs",
    stopped === "epochs" || stopped === "budget" ? epochs : stopped === "signal" ? options.epochs : settings.epochs,
  );
  add("--budget", "none");
  if (out !== "model.safetensors") add("--out", out);
  return words;
}
