// `eddy evaluate`: a model's scores on a file with inputs and targets, beside its baselines.
import { basename } from "node:path";
import type { Command } from "commander";
import { colorsOf } from "../colors.ts";
import { interruptible } from "../interruption.ts";
import { type Language, texts as textsOf } from "../language.ts";
import { evaluationFolder, readModel } from "../model-file.ts";
import { prepareFolder } from "../output-files.ts";
import { verdictOf } from "../report/verdict.ts";
import { outcomeLines, reportPaths } from "./outcome.ts";
import { quoted } from "./shell.ts";
import { addLanguage, addTableOptions, readTable, type TableOptions, tableWords } from "./table.ts";

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
  const colors = colorsOf(process.stdout);
  const model = readModel(path, texts);
  const folder = options.out ?? evaluationFolder(path);
  const { inputs, targets } = model.options;
  const numbers = [
    ...inputs.map((name) => ({ name, option: words.inputOfModel(path) })),
    ...targets.map((name) => ({ name, option: words.targetOfModel(path) })),
  ];
  const table = await readTable(files, numbers, options, texts, signal);

  prepareFolder(folder, texts); // before the work, not after it
  const { predicted, ...comparison } = model.evaluate(table.frame);
  const scored = [{ part: "data" as const, comparison }];
  console.error(words.writingReport);
  const { writeReport } = await import("../report/write.ts");
  const command = [["eddy evaluate", ...[path, ...files].map(quoted)].join(" "), ...tableWords(options)];
  const seen = { file: basename(table.name), frame: table.frame, timeKind: table.timeKind, predicted };
  const report = await writeReport({ kind: "evaluate", model, scored, seen, command }, folder, language);
  if (options.json) {
    const verdict = verdictOf(scored[0]!, targets, texts);
    console.log(JSON.stringify({ winner: comparison.winner, verdict, scores: comparison, ...report }));
    return;
  }
  const paths = reportPaths(report, texts);
  console.log(
    outcomeLines({ model, scored, paths, next: [] }, texts, colors, process.stdout.columns ?? 100).join("\n"),
  );
}
