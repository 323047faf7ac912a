// `eddy evaluate`: a model's scores on a file with inputs and targets, beside its baselines.
import { basename } from "node:path";
import type { Command } from "commander";
import pc from "picocolors";
import { interruptible } from "../interruption.ts";
import { type Language, texts as textsOf } from "../language.ts";
import { evaluationFolder, readModel } from "../model-file.ts";
import { prepareFolder } from "../output-files.ts";
import { verdictOf } from "../report/verdict.ts";
import { outcomeLines } from "./outcome.ts";
import { quoted } from "./shell.ts";
import { addLanguage, addTableOptions, readTable, type TableOptions } from "./table.ts";

interface Options extends TableOptions {
  out?: string;
  json?: boolean;
}

/** Adds `evaluate` to the program. */
export function addEvaluate(program: Command, language: Language): void {
  const texts = textsOf[language];
  const { evaluate, predict } = texts.training;
  const command = program
    .command("evaluate")
    .description(evaluate.about)
    .argument("<model>", predict.model)
    .argument("[file...]", predict.file)
    .option("--out <folder>", evaluate.out + texts.defaultIs("MODEL-evaluation"));
  addTableOptions(command, texts).option("--json", evaluate.json);
  addLanguage(command, texts, language).action((model: string, files: string[], options: Options) =>
    interruptible(
      (signal) => runEvaluate(model, files, options, language, signal),
      () => {},
    ),
  );
}

async function runEvaluate(path: string, files: string[], options: Options, language: Language, signal: AbortSignal) {
  const texts = textsOf[language];
  const words = texts.training;
  const colors = pc.createColors(pc.isColorSupported && !process.env.NO_COLOR);
  const model = readModel(path, texts);
  const folder = options.out ?? evaluationFolder(path);
  prepareFolder(folder, texts);
  const { inputs, targets } = model.options;
  const numbers = [
    ...inputs.map((name) => ({ name, option: words.inputOfModel(path) })),
    ...targets.map((name) => ({ name, option: words.targetOfModel(path) })),
  ];
  const table = await readTable(files, numbers, options, texts, signal);

  const { predicted, ...comparison } = model.evaluate(table.frame);
  const scored = [{ part: "data" as const, comparison }];
  console.error(words.writingReport);
  const { writeReport } = await import("../report/write.ts");
  const command = ["eddy evaluate", ...[path, ...files].map(quoted)];
  if (options.time !== undefined) command.push(`--time ${quoted(options.time)}`);
  if (options.group !== undefined) command.push(`--group ${quoted(options.group)}`);
  if (options.sql !== undefined) command.push(`--sql ${quoted(options.sql)}`);
  const seen = { file: basename(table.name), frame: table.frame, predicted };
  const report = await writeReport({ kind: "evaluate", model, scored, seen, command }, folder, language);
  if (options.json) {
    const { tone, text } = verdictOf(scored[0]!, targets, texts);
    const { winner } = comparison;
    console.log(
      JSON.stringify({
        winner,
        verdict: { tone, text },
        scores: comparison,
        report: report.page,
        figures: report.figures,
      }),
    );
    return;
  }
  const paths: [string, string][] = [
    [words.wrote.report, report.page],
    [words.wrote.figures, report.figures.map((figure) => basename(figure)).join(", ")],
  ];
  console.log(
    outcomeLines({ model, scored, paths, next: [] }, texts, colors, process.stdout.columns ?? 100).join("\n"),
  );
}
